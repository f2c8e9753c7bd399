"""The validator: every sample is kept or rejected with its reason, and a file gets the report a provider would give."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.errors import ConfigError, InputFileError
from src.core.types import Message, Rejection, Sample, Verdict
from src.providers import load_provider
from src.providers.lookup import find_model
from src.utils.sample_checks import content_key
from src.utils.token_counter import TokenCounter
from src.utils.training_file import MAX_ISSUES
from src.utils.validator import Kept, Validator, check_sample, validate_file
from tests.fakes import make_sample

LIMITS = replace(find_model("openai", "gpt-4o-mini-2024-07-18"), max_example_tokens=100)
EXACT = TokenCounter("o200k_base")
ESTIMATE = TokenCounter("claude")


def talk(*turns):
    return Sample(tuple(Message(role, content) for role, content in turns), origin="extracted", source_file="talk.txt")


U, A, S = ("user", "Why?"), ("assistant", "Because."), ("system", "Be brief.")


def validate(samples):
    validator = Validator(LIMITS, EXACT)
    found = [validator.check(sample) for sample in samples]
    rejections = [item for item in found if isinstance(item, Rejection)]
    return [item.sample for item in found if isinstance(item, Kept)], rejections


REFUSED = [
    ("no_turns", talk()),
    ("no_turns", talk(S)),
    ("system_not_first", talk(U, S, A)),
    ("system_not_first", talk(S, S, U, A)),
    ("user_not_first", talk(A)),
    ("user_not_first", talk(S, A, U, A)),
    ("not_alternating", talk(U, U, A)),
    ("not_alternating", talk(U, A, A)),
    ("no_answer", talk(U)),
    ("no_answer", talk(S, U, A, U)),
    ("empty_turn", talk(("user", ""), A)),
    ("empty_turn", talk(U, ("assistant", " \n\t\u3000"))),
    ("empty_turn", talk(("system", ""), U, A)),
    ("invalid_characters", talk(U, ("assistant", "a\0b"))),
    ("invalid_characters", talk(("user", "\ud800"), A)),
    ("too_long", talk(U, ("assistant", "word " * 101))),
]


@pytest.mark.parametrize(("reason", "sample"), REFUSED)
def test_a_bad_sample_is_refused_with_its_reason(reason, sample):
    assert check_sample(sample, LIMITS, EXACT) == Verdict(False, reason)
    rejection = Validator(LIMITS, EXACT).check(sample)
    assert isinstance(rejection, Rejection)
    assert rejection.reason == reason
    assert rejection.detail.endswith(".")
    assert rejection.source_file == "talk.txt"


@pytest.mark.parametrize("sample", [talk(U, A), talk(S, U, A), talk(U, A, U, A), make_sample()])
def test_a_good_sample_is_kept(sample):
    assert check_sample(sample, LIMITS, EXACT) == Verdict(True)


def test_a_sample_may_fill_the_limit_when_counts_are_exact_and_four_fifths_of_it_when_they_are_estimates():
    for counter, share in ((EXACT, 1.0), (ESTIMATE, 0.8)):
        sample = make_sample("Tell me a story.", "once upon a time " * 10)
        tokens = counter.count_sample(sample).tokens
        fits = replace(LIMITS, max_example_tokens=round(tokens / share) + 1)
        assert check_sample(sample, fits, counter).keep
        assert check_sample(sample, replace(fits, max_example_tokens=round(tokens / share) - 1), counter) == Verdict(
            False, "too_long"
        )


def test_a_model_without_a_published_limit_takes_any_length():
    assert check_sample(talk(U, ("assistant", "word " * 9000)), replace(LIMITS, max_example_tokens=None), EXACT).keep


def test_tokens_are_counted_once_per_sample():
    class Counting(TokenCounter):
        calls = 0

        def count_sample(self, sample):
            Counting.calls += 1
            return super().count_sample(sample)

    samples = [make_sample(f"Question {number}?") for number in range(12)]
    validator = Validator(LIMITS, Counting("o200k_base"))
    assert [validator.check(sample) for sample in samples] == [
        Kept(sample, EXACT.count_sample(sample), content_key(sample)) for sample in samples
    ]
    assert Counting.calls == 12


def test_of_duplicates_the_first_is_kept():
    first = make_sample("What is a kiln?", "An oven that fires clay.", source="one.txt")
    again = make_sample("What is a kiln?", "An oven that fires clay.", source="two.txt")
    louder = make_sample("WHAT is  a kiln", "“An oven, that fires clay”!", source="three.txt")
    kept, rejections = validate([first, again, louder, make_sample("What else?")])
    assert [sample.source_file for sample in kept] == ["one.txt", "pottery.txt"]
    assert [(rejection.reason, rejection.source_file) for rejection in rejections] == [
        ("duplicate", "two.txt"),
        ("duplicate", "three.txt"),
    ]
    assert "kept sample 1" in rejections[0].detail


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (talk(U, A), talk(S, U, A)),
        (talk(("user", "a"), ("assistant", "b c")), talk(("user", "a b"), ("assistant", "c"))),
        (talk(U, ("assistant", "2 + 2")), talk(U, ("assistant", "2 - 2"))),
        (talk(U, ("assistant", "1.5")), talk(U, ("assistant", "15"))),
        (talk(U, ("assistant", "[1]")), talk(U, ("assistant", "(1)"))),
        (talk(U, ("assistant", "?")), talk(U, ("assistant", "!"))),
        (talk(U, ("assistant", ".5")), talk(U, ("assistant", "5"))),
    ],
)
def test_what_differs_in_meaning_is_no_duplicate(first, second):
    assert content_key(first) != content_key(second)


TURNS = st.lists(
    st.builds(
        Message,
        st.sampled_from(["system", "user", "assistant"]),
        st.sampled_from(["", "Why?", "why", "Because.", "\0", "\udfff", "word " * 120]),
    ),
    max_size=4,
)


@given(samples=st.lists(TURNS.map(lambda turns: Sample(tuple(turns), origin="generated")), max_size=12))
@settings(max_examples=200, deadline=None)
def test_every_sample_is_kept_or_rejected(samples):
    kept, rejections = validate(samples)
    assert len(kept) + len(rejections) == len(samples)
    assert all(check_sample(sample, LIMITS, EXACT).keep for sample in kept)
    assert len({content_key(sample) for sample in kept}) == len(kept)
    for rejection in rejections:
        assert rejection.reason
        assert rejection.sample is None or rejection.sample.id
        assert rejection.raw.isascii()


# --- files ---------------------------------------------------------------------------------------------------------

MODELS = {
    "openai": "gpt-4o-mini-2024-07-18",
    "anthropic": "anthropic.claude-3-haiku-20240307-v1:0:200k",
    "google": "gemini-3.5-flash-lite",
    "mistral": "open-mistral-nemo",
    "llama": "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference",
}


def write(path, rows):
    path.write_bytes(b"".join(row if isinstance(row, bytes) else orjson.dumps(row) + b"\n" for row in rows))
    return path


def errors(report):
    return [(issue.row, issue.code) for issue in report.issues if issue.severity == "error"]


@pytest.mark.parametrize("provider", MODELS)
def test_what_we_write_passes_its_own_check(provider, tmp_path):
    adapter = load_provider(provider)()
    samples = [make_sample(f"What is word {number}?", f"It is number {number}.") for number in range(120)]
    path = write(tmp_path / "train.jsonl", map(adapter.format_example, samples))
    report = validate_file(path, provider, MODELS[provider])
    counter = TokenCounter(find_model(provider, MODELS[provider]).tokenizer)
    assert errors(report) == []
    assert report.ok
    assert report.rows == 120
    assert (report.total_tokens, report.exact) == (
        sum(counter.count_sample(sample).tokens for sample in samples),
        counter.exact,
    )


def chat(*turns):
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


def test_every_bad_line_is_reported_with_its_row(tmp_path):
    good = [chat(("user", f"Question {number}?"), ("assistant", "Yes.")) for number in range(10)]
    path = write(
        tmp_path / "train.jsonl",
        [
            *good,
            b'{"messages": [\n',
            b"\n",
            b"[1]\n",
            {"texts": []},
            chat(U),
            chat(("user", ""), A),
            chat(("user", "NUL \0"), A),
            chat(("user", "long"), ("assistant", "word " * 70_000)),
            chat(("user", "Question 3?"), ("assistant", "Yes.")),
            {"messages": [], "tools": []},
        ],
    )
    report = validate_file(path, "openai", MODELS["openai"])
    assert report.rows == 20
    assert errors(report) == [
        (11, "invalid_json"),
        (12, "invalid_json"),
        (13, "invalid_json"),
        (14, "format"),
        (15, "no_answer"),
        (16, "empty_turn"),
        (17, "invalid_characters"),
        (18, "too_long"),
        (20, "format"),
    ]
    warnings = {issue.row: issue for issue in report.issues if issue.severity == "warning" and issue.row}
    assert warnings[19].message == "The same as row 4."
    assert not report.ok


@pytest.mark.parametrize(("provider", "severity"), [("llama", "error"), ("mistral", "warning"), ("openai", None)])
def test_turns_that_do_not_alternate_are_judged_as_the_provider_does(provider, severity, tmp_path):
    rows = [chat(("user", f"Well {number}"), U, A) for number in range(10)]
    report = validate_file(write(tmp_path / "t.jsonl", rows), provider, MODELS[provider])
    found = {issue.severity for issue in report.issues if issue.code == "not_alternating"}
    assert found == ({severity} if severity else set())


def test_a_model_that_takes_pairs_only_is_checked_for_pairs(tmp_path):
    path = write(tmp_path / "t.jsonl", [chat(U, A), {"prompt": "p", "completion": "c"}])
    report = validate_file(path, "llama", "meta.llama3-1-8b-instruct-v1:0:128k")
    assert (1, "format") in errors(report)
    assert (2, "format") not in errors(report)


def test_a_file_with_too_few_rows_fails(tmp_path):
    for rows in ([], [chat(U, A)]):
        report = validate_file(write(tmp_path / "t.jsonl", rows), "openai", MODELS["openai"])
        assert (0, "too_few_examples") in errors(report)
        assert not report.ok


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    for path in (tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(InputFileError):
            validate_file(path, "openai", MODELS["openai"])


def test_a_model_that_the_provider_does_not_have_is_an_error(tmp_path):
    with pytest.raises(ConfigError):
        validate_file(write(tmp_path / "t.jsonl", []), "openai", "gemini-2.5-pro")


@pytest.mark.parametrize("late", [b"{\n", None])
def test_a_file_full_of_findings_lists_a_thousand_of_each_kind_and_counts_the_rest(late, tmp_path):
    same = chat(U, A)
    path = write(tmp_path / "t.jsonl", [same] * (MAX_ISSUES + 21) + [late or same])
    report = validate_file(path, "openai", MODELS["openai"])
    listed = [issue.severity for issue in report.issues if issue.row > 0]
    assert (listed.count("warning"), listed.count("error")) == (MAX_ISSUES, int(late is not None))
    last = report.issues[-1]
    assert (last.code, last.severity) == ("more_findings", "warning")
    assert last.message.startswith(f"{20 if late else 21} further warnings")
    assert report.ok == (late is None)


def test_a_file_full_of_errors_stays_bad_and_counts_those_that_are_not_listed(tmp_path):
    report = validate_file(write(tmp_path / "t.jsonl", [b"{\n"] * (MAX_ISSUES + 3)), "openai", MODELS["openai"])
    assert [issue.message for issue in report.issues if issue.code == "more_findings"] == [
        "3 further errors are not listed."
    ]
    assert not report.ok


def test_a_byte_order_mark_is_an_error_of_the_first_row(tmp_path):
    rows = b"".join(orjson.dumps(chat(("user", f"Why {number}?"), A)) + b"\n" for number in range(12))
    (tmp_path / "t.jsonl").write_bytes(b"\xef\xbb\xbf" + rows)
    report = validate_file(tmp_path / "t.jsonl", "openai", MODELS["openai"])
    assert [(issue.code, issue.row) for issue in report.issues if issue.severity == "error"] == [("bom", 1)]


def test_together_trains_on_any_text(tmp_path):
    rows = [{"text": f"Clay number {number} is fired twice."} for number in range(30)]
    report = validate_file(write(tmp_path / "t.jsonl", rows), "llama", "llama-3.1-8b")
    assert not [issue for issue in report.issues if issue.row]
    assert report.total_tokens > 30 * 6
    found = validate_file(write(tmp_path / "t.jsonl", [*rows, {"text": " "}]), "llama", "llama-3.1-8b").issues
    assert [(issue.code, issue.row, issue.field) for issue in found if issue.row] == [("empty_turn", 31, "text")]


def test_pairs_with_other_worse_answers_are_no_duplicates(tmp_path):
    def pair(worse):
        return {
            "input": {"messages": [{"role": "user", "content": "Why?"}]},
            "preferred_output": [{"role": "assistant", "content": "Because."}],
            "non_preferred_output": [{"role": "assistant", "content": worse}],
        }

    path = write(tmp_path / "t.jsonl", [pair("One."), pair("Two."), pair("One.")])
    found = validate_file(path, "openai", "gpt-4.1-mini").issues
    assert [issue.row for issue in found if issue.code == "duplicate"] == [3]


def test_memory_does_not_grow_with_the_size_of_the_file(tmp_path):
    TokenCounter("o200k_base").count_text("load the vocabulary first")
    path = tmp_path / "t.jsonl"
    with path.open("wb") as handle:
        for number in range(4000):
            handle.write(orjson.dumps(chat(("user", f"{number}?"), ("assistant", "word " * 500))) + b"\n")
    assert path.stat().st_size > 10_000_000
    tracemalloc.start()
    validate_file(path, "openai", MODELS["openai"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


def test_file_for_another_provider_is_one_error_that_names_it(tmp_path):
    rows = [load_provider("google")().format_example(make_sample(f"Question {n}?")) for n in range(12)]
    report = validate_file(write(tmp_path / "a.jsonl", rows), "openai", "gpt-4.1-2025-04-14")
    (error,) = (issue for issue in report.issues if issue.severity == "error")
    assert (error.code, error.row) == ("other_format", 0)
    assert "format of Google" in error.message
    assert "--provider google" in error.fix
    assert report.total_tokens > 0


def test_rows_for_another_provider_among_others_are_reported_one_by_one(tmp_path):
    rows = [load_provider(name)().format_example(make_sample(f"For {name}?")) for name in ("google", "openai")]
    report = validate_file(write(tmp_path / "a.jsonl", rows), "openai", "gpt-4.1-2025-04-14")
    assert [issue.row for issue in report.issues if issue.code == "format"] == [1]


def test_format_that_several_providers_train_on_names_them_all(tmp_path):
    rows = [load_provider("openai")().format_example(make_sample("Question?"))]
    report = validate_file(write(tmp_path / "a.jsonl", rows), "google", "gemini-3.5-flash-lite")
    (error,) = (issue for issue in report.issues if issue.severity == "error")
    assert "--provider openai, mistral or llama" in error.fix
