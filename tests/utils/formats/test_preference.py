"""Preference pairs: what adapters write is read back, both answers are validated, and rows are never mixed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from src.core.jsonl import write_jsonl
from src.core.types import Message, ProviderName, Sample
from src.providers import load_provider
from src.providers.lookup import find_model
from src.utils.formats.any_row import sample_of
from src.utils.formats.registry import FORMATS
from src.utils.formats.shape import FormatError
from src.utils.sample_checks import worse_twin
from src.utils.token_counter import TokenCounter
from src.utils.training_file import validate_file
from src.utils.validator import Validator, check_sample
from tests.fakes import make_sample

TARGETS: list[tuple[ProviderName, str]] = [("openai", "gpt-4.1-mini"), ("google", "gemini-2.5-flash")]
PAIR = make_sample("When is it fired?", "After a week.", rejected="After a day.")
OPENAI = {
    "input": {"messages": [{"role": "user", "content": "q"}]},
    "preferred_output": [{"role": "assistant", "content": "good"}],
    "non_preferred_output": [{"role": "assistant", "content": "bad"}],
}
FORMAT_OF: dict[ProviderName, Any] = {"openai": FORMATS["openai-dpo"], "google": FORMATS["gemini-preference"]}
GEMINI = {
    "contents": [{"role": "user", "parts": [{"text": "q"}]}],
    "completions": [
        {"score": 0, "completion": {"role": "model", "parts": [{"text": "bad"}]}},
        {"score": 1, "completion": {"role": "model", "parts": [{"text": "good"}]}},
    ],
}


@pytest.mark.parametrize(("provider", "model"), TARGETS)
@pytest.mark.parametrize("system", [(), (Message("system", "You run a pottery."),)])
def test_what_an_adapter_writes_is_read_back(provider: ProviderName, model: str, system: tuple[Message, ...]) -> None:
    sample = Sample((*system, *PAIR.messages), "generated", metadata=PAIR.metadata)
    row = load_provider(provider)(model=model).format_preference(sample)
    found = sample_of(FORMAT_OF[provider].from_row(row))
    assert found.messages == sample.messages
    assert found.rejected == "After a day."


def test_documented_rows_are_read() -> None:
    for provider, row in (("openai", OPENAI), ("google", GEMINI)):
        found = sample_of(FORMAT_OF[provider].from_row(row))  # type: ignore[index]
        assert [turn.content for turn in found.messages] == ["q", "good"]
        assert found.rejected == "bad"


@pytest.mark.parametrize("provider", ["anthropic", "mistral", "llama"])
def test_a_provider_without_the_format_says_so(provider: ProviderName) -> None:
    with pytest.raises(ValueError, match="preference"):
        load_provider(provider)().format_preference(PAIR)


@pytest.mark.parametrize("provider", ["openai", "google"])
def test_a_sample_without_a_worse_answer_is_no_pair(provider: ProviderName) -> None:
    with pytest.raises(ValueError, match="worse answer"):
        load_provider(provider)().format_preference(make_sample())


def changed(row: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {**row, **values}


@pytest.mark.parametrize(
    ("provider", "row"),
    [
        ("openai", changed(OPENAI, non_preferred_output=[])),
        ("openai", changed(OPENAI, preferred_output=OPENAI["preferred_output"] * 2)),
        ("openai", changed(OPENAI, preferred_output=[{"role": "user", "content": "q"}])),
        ("openai", changed(OPENAI, input={"messages": [], "tools": [1]})),
        ("google", changed(GEMINI, completions=GEMINI["completions"][:1])),
        ("google", changed(GEMINI, completions=GEMINI["completions"][:1] * 2)),
        ("google", changed(GEMINI, completions=[{"score": True, "completion": {}}])),
        ("google", changed(GEMINI, extra=1)),
    ],
)
def test_every_other_shape_is_refused(provider: ProviderName, row: dict[str, Any]) -> None:
    with pytest.raises(FormatError):
        FORMAT_OF[provider].from_row(row)


def test_an_empty_worse_answer_is_found() -> None:
    row = changed(OPENAI, non_preferred_output=[{"role": "assistant", "content": " "}])
    (issue,) = FORMATS["openai-dpo"].check(row, 3)
    assert (issue.code, issue.row, issue.field) == ("empty_turn", 3, "rejected")


def test_a_model_that_is_not_tuned_on_preferences_takes_no_pairs(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "pairs.jsonl", [OPENAI])
    found = validate_file(tmp_path / "pairs.jsonl", "openai", "gpt-4o-mini").issues
    assert any("tuned on OpenAI chat" in issue.message for issue in found)


def test_a_file_of_pairs_is_valid_and_a_mixed_one_is_not(tmp_path: Path) -> None:
    provider = load_provider("openai")()
    pairs = [provider.format_preference(make_sample(f"What is {n}?", f"It is {n}.", rejected="No.")) for n in range(12)]
    path = tmp_path / "pairs.jsonl"
    write_jsonl(path, pairs)
    assert validate_file(path, "openai", "gpt-4.1-mini").ok
    write_jsonl(path, [*pairs, provider.format_example(make_sample())])
    report = validate_file(path, "openai", "gpt-4.1-mini")
    assert [issue.code for issue in report.issues if issue.severity == "error"] == ["mixed_rows"]


def test_the_worse_answer_is_held_to_the_limits_too() -> None:
    limits = find_model("openai", "gpt-4.1-mini")
    counter = TokenCounter(limits.tokenizer)
    long = make_sample(rejected="word " * 70_000)
    assert check_sample(long, limits, counter).reason == "too_long"
    assert Validator(limits, counter).check(long).reason == "too_long"  # type: ignore[union-attr]
    assert check_sample(make_sample(rejected="a\0b"), limits, counter).reason == "invalid_characters"
    assert check_sample(PAIR, limits, counter).keep
    assert worse_twin(make_sample()) is None
