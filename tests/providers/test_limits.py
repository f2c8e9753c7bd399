"""Models, writers and the rules of a dataset."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.errors import ConfigError
from src.core.specs import ModelLimits, WriterModel
from src.core.types import PROVIDER_NAMES, Message, ProviderName, Sample, TokenCount, Usage
from src.providers.describe_model import describe, status_label
from src.providers.limits import (
    cap_size,
    check_dataset,
    check_row,
    check_size,
    check_split,
    check_status,
    check_tokens,
    check_volume,
    cost_usd,
)
from src.providers.lookup import default_writer, find_model, find_writer, provider_spec
from tests.fakes import make_sample

TOY = ModelLimits(
    id="toy",
    provider="mistral",
    title="Toy",
    status="available",
    tunable=True,
    tokenizer="o200k_base",
    max_example_tokens=100,
    min_examples=3,
    recommended_examples=5,
    max_examples=8,
)

SEED_NAMES: list[tuple[ProviderName, str, str]] = [
    ("openai", "gpt-4o", "gpt-4o-2024-08-06"),
    ("openai", "gpt-4o-mini", "gpt-4o-mini-2024-07-18"),
    ("openai", "gpt-4.1", "gpt-4.1-2025-04-14"),
    ("openai", "gpt-3.5-turbo", "gpt-3.5-turbo-0125"),
    ("anthropic", "claude-3-haiku", "anthropic.claude-3-haiku-20240307-v1:0:200k"),
    ("google", "gemini-2.5-pro", "gemini-2.5-pro"),
    ("google", "gemini-2.5-flash", "gemini-2.5-flash"),
    ("google", "gemini-2.5-flash-lite", "gemini-2.5-flash-lite"),
    ("mistral", "mistral-7b", "open-mistral-7b"),
    ("mistral", "mistral-large-v2", "mistral-large-2407"),
    ("mistral", "mistral-nemo", "open-mistral-nemo"),
    ("mistral", "mixtral-8x7b", "open-mixtral-8x7b"),
    ("llama", "llama-3.1-8b", "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference"),
    ("llama", "llama-3.1-70b", "meta-llama/Meta-Llama-3.1-70B-Instruct-Reference"),
    ("llama", "llama-3.1-405b", "llama-3.1-405b"),
]


def counted(tokens: int, *, exact: bool = True) -> TokenCount:
    return TokenCount(tokens, exact)


def severities(issues: tuple[object, ...]) -> list[tuple[str, str]]:
    return [(issue.severity, issue.code) for issue in issues]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("provider", "name", "expected"), SEED_NAMES)
def test_common_names_find_their_model_in_any_case(provider: ProviderName, name: str, expected: str) -> None:
    assert find_model(provider, name).id == expected
    assert find_model(provider, f" {name.upper()} ").id == expected


def test_the_name_of_a_tuned_model_finds_its_base() -> None:
    assert find_model("openai", "ft:gpt-4o-mini-2024-07-18:my-org::abc123").title == "GPT-4o mini"


def test_an_unknown_model_is_told_with_the_closest_names() -> None:
    with pytest.raises(ConfigError, match="'gemini-3.5-flsh'") as caught:
        find_model("google", "gemini-3.5-flsh")
    assert "gemini-3.5-flash" in caught.value.fix


def test_a_model_of_another_vendor_is_told_with_the_whole_list() -> None:
    with pytest.raises(ConfigError) as caught:
        find_model("anthropic", "zzz")
    assert "anthropic.claude-3-haiku-20240307-v1:0:200k" in caught.value.fix


def test_a_provider_without_models_to_train_has_an_error_too() -> None:
    with pytest.raises(ConfigError):
        find_model("local", "smollm2")


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_every_provider_lists_tunable_models_first_and_a_writer(name: ProviderName) -> None:
    spec = provider_spec(name)
    tunable = [model.tunable for model in spec.models]
    assert tunable == sorted(tunable, reverse=True)
    assert spec.writers
    assert spec.demo_quality == (name == "local")
    assert bool(spec.key_name) == (name != "local")
    assert all(model.source and model.checked == "2026-11-21" for model in spec.models)
    assert default_writer(name) == spec.writers[0]


def test_a_retired_model_names_its_replacement_or_says_that_there_is_none() -> None:
    retired = [model for name in PROVIDER_NAMES for model in provider_spec(name).models if model.status == "retired"]
    assert len(retired) >= 9
    assert all(model.replacement and not model.tunable for model in retired)


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("", "meta-llama/llama-3.1-8b-instruct"),
        ("openrouter", "meta-llama/llama-3.1-8b-instruct"),
        ("ollama", "llama3.1"),
        (" Ollama ", "llama3.1"),
        ("http://127.0.0.1:9/v1", "meta-llama/llama-3.1-8b-instruct"),
    ],
)
def test_the_default_writer_is_one_that_the_endpoint_serves(endpoint: str, expected: str) -> None:
    assert default_writer("llama", endpoint).id == expected


def test_a_writer_is_found_by_name_and_endpoint() -> None:
    assert find_writer("openai", "GPT-6-luna").input_price == 0.1
    assert find_writer("llama", "meta-llama/Llama-3.1-8B-Instruct", "vllm").preset == "vllm"
    assert find_writer("llama", "meta-llama/Llama-3.1-8B-Instruct").preset == "openrouter"


def test_a_server_of_ones_own_may_serve_any_model_but_a_vendor_may_not() -> None:
    assert find_writer("llama", "my-own-model").id == "my-own-model"
    with pytest.raises(ConfigError, match="writes samples") as caught:
        find_writer("openai", "gpt-6-lunar")
    assert "gpt-6-luna" in caught.value.fix
    with pytest.raises(ConfigError):
        find_writer("llama", "  ")


def test_a_size_within_the_limit_stays_as_it_is() -> None:
    assert cap_size(8, TOY) == (8, 8, ())
    assert cap_size(10**9, replace(TOY, max_examples=None)) == (10**9, None, ())


def test_a_size_over_the_limit_is_cut_with_two_lines() -> None:
    cap = cap_size(1_000_000_000, find_model("google", "gemini-3.5-flash-lite"))
    assert cap.used == cap.limit == 10_000_000
    assert cap.lines == (
        "Desired size (1,000,000,000) exceeds the limit of google gemini-3.5-flash-lite (10,000,000 samples).",
        "Using maximum: 10,000,000 samples.",
    )


def test_a_limit_on_all_tokens_bounds_the_size_by_the_longest_example() -> None:
    assert cap_size(9, replace(TOY, max_training_tokens=750)).used == 7
    assert cap_size(9, replace(TOY, max_training_tokens=750, max_examples=None)).limit == 7


@given(desired=st.integers(1, 10**12), most=st.one_of(st.none(), st.integers(1, 10**9)))
def test_the_size_used_is_never_more_than_wished_or_allowed(desired: int, most: int | None) -> None:
    cap = cap_size(desired, replace(TOY, max_examples=most))
    assert cap.used == (desired if most is None else min(desired, most))
    assert len(cap.lines) == (2 if cap.used < desired else 0)


def test_cost_follows_the_prices_and_is_unknown_without_them() -> None:
    writer = WriterModel("w", 1000, 100, input_price=2.0, output_price=10.0)
    assert cost_usd(writer, Usage(500_000, 100_000)) == pytest.approx(2.0)
    assert cost_usd(replace(writer, output_price=None), Usage(1, 1)) is None


@pytest.mark.parametrize(
    ("tokens", "exact", "expected"),
    [
        (90, True, []),
        (91, True, [("warning", "may_be_cut")]),
        (100, True, [("warning", "may_be_cut")]),
        (101, True, [("error", "too_long")]),
        (80, False, []),
        (81, False, [("warning", "may_be_cut")]),
        (101, False, [("error", "too_long")]),
    ],
)
def test_length_is_checked_with_a_margin_for_estimates(
    tokens: int, exact: bool, expected: list[tuple[str, str]]
) -> None:
    issues = check_tokens(counted(tokens, exact=exact), TOY, row=4)
    assert severities(issues) == expected
    assert all(issue.row == 4 and ("about" in issue.message) != exact for issue in issues)


def test_a_model_without_a_published_length_takes_any() -> None:
    assert check_tokens(counted(10**9), replace(TOY, max_example_tokens=None)) == ()


def test_openai_s_silent_cut_is_said() -> None:
    (issue,) = check_tokens(counted(70_000), find_model("openai", "gpt-4o"))
    assert "without saying so" in issue.message


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (0, [("error", "too_few_examples")]),
        (2, [("error", "too_few_examples")]),
        (3, [("warning", "few_examples")]),
        (5, []),
        (8, []),
        (9, [("error", "too_many_examples")]),
    ],
)
def test_the_number_of_examples_is_checked(rows: int, expected: list[tuple[str, str]]) -> None:
    assert severities(check_size(rows, TOY)) == expected


def test_a_vendor_may_count_training_and_validation_examples_together() -> None:
    both = replace(TOY, examples_count_both=True)
    assert [severities(check_size(rows, TOY, 2)) for rows in (2, 8)] == [[("error", "too_few_examples")], []]
    assert [code for _, code in severities(check_size(2, both, 2))] == ["few_examples"]
    (issue,) = check_size(8, both, 2)
    assert (issue.code, issue.found) == ("too_many_examples", "10 training and validation examples")


def test_an_empty_set_is_an_error_even_without_a_published_minimum() -> None:
    assert severities(check_size(0, replace(TOY, min_examples=None))) == [("error", "too_few_examples")]


@pytest.mark.parametrize(
    ("tokens", "exact", "expected"),
    [
        (900, True, []),
        (901, True, [("warning", "too_many_tokens")]),
        (801, False, [("warning", "too_many_tokens")]),
        (1001, True, [("error", "too_many_tokens")]),
    ],
)
def test_the_tokens_of_the_whole_set_are_checked(tokens: int, exact: bool, expected: list[tuple[str, str]]) -> None:
    assert severities(check_volume(counted(tokens, exact=exact), 0, replace(TOY, max_training_tokens=1000))) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(900_000, []), (900_001, [("warning", "file_too_large")]), (1_000_001, [("error", "file_too_large")])],
)
def test_the_size_of_the_file_is_checked(size: int, expected: list[tuple[str, str]]) -> None:
    assert severities(check_volume(counted(1), size, replace(TOY, max_file_mb=1))) == expected


@pytest.mark.parametrize(
    ("train", "validation", "ok"),
    [
        (100, 1000, True),
        (100, 1001, False),
        (5000, 1500, True),
        (5000, 1501, False),
        (100_000, 5000, True),
        (100_000, 5001, False),
    ],
)
def test_gemini_bounds_the_validation_set_by_number_and_by_share(train: int, validation: int, ok: bool) -> None:
    issues = check_split(train, validation, find_model("google", "gemini-3.5-flash"))
    assert (issues == ()) == ok
    assert all("split.ratio" in issue.fix for issue in issues)


def test_a_vendor_without_a_bound_takes_any_validation_set() -> None:
    assert check_split(1, 10**6, find_model("openai", "gpt-4o")) == ()
    assert check_split(10**6, 1001, find_model("anthropic", "claude-3-haiku"))


@pytest.mark.parametrize(
    ("provider", "model", "code", "label"),
    [
        ("google", "gemini-3.5-flash-lite", None, "available"),
        ("llama", "llama-3.1-8b-local", None, "on your own hardware"),
        ("openai", "gpt-4o", "deprecated", "closing (new jobs only"),
        ("openai", "gpt-3.5-turbo", "retired", "retired: format only, since 2026-10-23"),
        ("mistral", "mistral-small", "inference_only", "inference only: format only"),
    ],
)
def test_the_status_is_said_and_warned_of(provider: ProviderName, model: str, code: str | None, label: str) -> None:
    found = find_model(provider, model)
    assert status_label(found).startswith(label)
    assert severities(check_status(found)) == ([("warning", code)] if code else [])


def test_a_retired_model_is_a_warning_that_names_the_replacement() -> None:
    (issue,) = check_status(find_model("google", "gemini-2.5-flash"))
    assert "retired: format only" in issue.message
    assert "gemini-3.5-flash-lite" in issue.fix


def test_a_good_set_passes_with_its_sums() -> None:
    samples = [make_sample(f"Question {n}?") for n in range(5)]
    report = check_dataset(samples, TOY, lambda sample: counted(10))
    assert (report.ok, report.rows, report.total_tokens, report.exact, report.issues) == (True, 5, 50, True, ())


def test_one_estimate_makes_the_sum_an_estimate() -> None:
    counts = iter([counted(1), counted(2, exact=False), counted(3)])
    report = check_dataset([make_sample(str(n)) for n in range(3)], TOY, lambda sample: next(counts))
    assert (report.total_tokens, report.exact) == (6, False)


def test_findings_name_their_row_and_errors_make_the_report_not_ok() -> None:
    samples = [make_sample("a"), make_sample("b"), Sample((Message("user", "no answer"),), "extracted")]
    report = check_dataset(iter(samples), TOY, lambda sample: counted(500 if sample.messages[0].content == "b" else 1))
    assert not report.ok
    assert [(issue.row, issue.code) for issue in report.issues] == [(0, "few_examples"), (2, "too_long"), (3, "format")]


def test_a_set_larger_than_the_file_allows_is_found() -> None:
    samples = [make_sample("x" * 700_000), make_sample("y" * 700_000), make_sample("z")]
    report = check_dataset(samples, replace(TOY, max_file_mb=1), lambda sample: counted(1))
    assert "file_too_large" in {issue.code for issue in report.issues}


def test_a_row_reports_its_shape_and_its_length() -> None:
    issues = check_row(Sample((), "generated"), counted(101), TOY, row=2)
    assert [issue.code for issue in issues] == ["format", "too_long"]


@pytest.mark.parametrize("name", [name for name in PROVIDER_NAMES if name != "local"])
def test_every_model_can_be_described_in_words(name: ProviderName) -> None:
    for model in provider_spec(name).models:
        pairs = describe(model)
        assert pairs[0] == ("Status", status_label(model))
        assert all(label and text for label, text in pairs)
    assert dict(describe(TOY))["Examples"] == "3 to 8"
    assert dict(describe(replace(TOY, min_examples=None)))["Examples"] == "up to 8"


def test_the_limits_are_read_once() -> None:
    assert provider_spec("google") is provider_spec("google")


def test_whole_set_limits_are_asked_of_the_training_file_without_what_is_held_out() -> None:
    samples = [make_sample(f"Question {n}?") for n in range(5)]
    held_out = samples[:3]
    report = check_dataset(
        samples, replace(TOY, max_training_tokens=25), lambda sample: counted(10), lambda sample: sample in held_out
    )
    assert (report.rows, report.total_tokens) == (5, 50)
    assert [issue.code for issue in report.issues] == ["too_few_examples"]
    assert "2 training examples" in report.issues[0].message
    assert "split.ratio" in report.issues[0].fix


def test_validation_file_that_is_too_long_makes_the_report_not_ok() -> None:
    samples = [make_sample(f"Question {n}?") for n in range(8)]
    held_out = samples[5:]
    report = check_dataset(
        samples, replace(TOY, max_validation_examples=2), lambda sample: counted(1), lambda sample: sample in held_out
    )
    assert [issue.code for issue in report.issues] == ["too_many_validation_examples"]


@pytest.mark.parametrize(
    ("provider", "model", "said"),
    [
        ("openai", "gpt-4o", "Its successor gpt-6-luna cannot be tuned either: see 'python -m src.main models'"),
        ("anthropic", "claude-3-haiku", "Replacement: none from Anthropic"),
        ("google", "gemini-2.5-flash", "Tune instead: gemini-3.5-flash"),
    ],
)
def test_what_is_named_to_be_tuned_instead_can_be_tuned(provider: ProviderName, model: str, said: str) -> None:
    (issue,) = check_status(find_model(provider, model))
    assert issue.fix.startswith(said)
