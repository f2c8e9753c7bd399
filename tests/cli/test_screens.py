"""Tables and samples stay within the width of the screen and say what they are asked to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from src.cli.screens import (
    cost_text,
    counted,
    fold,
    pairs,
    report_lines,
    sample_lines,
    show_path,
    table,
    token_phrase,
    token_text,
)
from src.core.types import (
    DatasetRecord,
    Message,
    RunFacts,
    RunReport,
    Sample,
    TokenCount,
    Usage,
    ValidationReport,
)
from src.reports.tables import display_width
from tests.fakes import make_sample

RUN = RunFacts("openai gpt", Usage(100, 50), cost_usd=0.0125, calls=9, cached_calls=2, seconds=1.25)
REPORT = RunReport(
    DatasetRecord(
        id="0123456789abcdef",
        name="tower",
        provider="openai",
        model="gpt",
        mode="create",
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
        requested=10,
        proposed=9,
        total_samples=7,
        rejected={"duplicate": 1, "too_long": 1},
        run=RUN,
    ),
    files={"train": Path("/base/output_datasets/tower_train.jsonl"), "csv": Path("/elsewhere/tower.csv")},
    splits={"train": 6, "validation": 1},
    validation=ValidationReport(7, 1234, exact=False),
)


def test_table_aligns_columns_and_keeps_numbers_whole() -> None:
    lines = table(("file", "size"), [("a.txt", "1"), ("b" * 90, "12,345")], width=40, right=frozenset({1}))
    assert lines[0].startswith("file ")
    assert lines[2].endswith("     1")
    assert lines[3].endswith("...  12,345")
    assert all(display_width(line) <= 40 for line in lines)


def test_table_counts_wide_characters_as_two_columns() -> None:
    lines = table(("名", "n"), [("漢字", "1"), ("abcd", "2")], width=40)
    assert display_width(lines[2]) == display_width(lines[3])


def test_table_without_rows_has_its_heads() -> None:
    assert table(("file", "size"), [], width=40) == ["file  size", "----  ----"]


def test_numbers_are_not_cut_even_when_the_screen_is_too_narrow() -> None:
    lines = table(("label", "n"), [("something long", "123,456,789,012")], width=12, right=frozenset({1}))
    assert "123,456,789,012" in lines[2]


def test_pairs_fold_long_values_below_themselves() -> None:
    lines = pairs([("a", "word " * 20), ("longer", "")], width=30)
    assert lines[0].startswith("a       word")
    assert lines[1].startswith("        word")
    assert all(len(line) <= 30 for line in lines)
    assert lines[-1] == "longer"


@given(st.text(max_size=400), st.integers(12, 80), st.integers(1, 5))
def test_folded_text_stays_within_width_and_limit(text: str, width: int, limit: int) -> None:
    lines = fold(text, width, limit=limit)
    assert len(lines) <= limit
    assert all(display_width(line) <= width for line in lines)


def test_folded_text_says_when_more_was_there() -> None:
    assert fold("one two three four five six", 12, limit=1)[-1].endswith("...")
    assert fold("short", 12, limit=1) == ["short"]


def test_sample_shows_origin_place_turns_and_what_is_left_out() -> None:
    turns = [Message("user" if number % 2 == 0 else "assistant", f"turn {number}") for number in range(6)]
    sample = replace(make_sample(source="faq.csv"), messages=tuple(turns), locator="line 3")
    lines = sample_lines(sample, 1, width=80)
    assert lines[0] == "1. generated from faq.csv, line 3  [kiln, clay]"
    assert lines[1] == "   User       turn 0"
    assert lines[-1] == "   ... 2 more turns"


def test_sample_of_the_local_model_is_labelled() -> None:
    assert "generated (demo quality)" in sample_lines(make_sample(quality="demo"), 1, width=80)[0]
    assert "demo" not in sample_lines(make_sample(), 1, width=80)[0]


@given(st.text(), st.integers(40, 100))
def test_no_sample_is_wider_than_the_screen(text: str, width: int) -> None:
    sample = Sample((Message("user", text), Message("assistant", text)), "extracted", source_file=text[:20])
    assert all(display_width(line) <= width for line in sample_lines(sample, 1, width=width))


def test_report_adds_up_on_the_screen() -> None:
    text = "\n".join(report_lines(REPORT, Path("/base"), width=80))
    for line in (
        "Requested    10",
        "Proposed     9",
        "Kept         7 (6 train, 1 validation)",
        "Rejected     2 (duplicate 1, too_long 1)",
        "Tokens       about 1,234 (estimate)",
        "Model calls  9, 2 answers reused from an earlier run",
        "Cost         $0.0125",
        "Training     output_datasets/tower_train.jsonl",
        "Table (CSV)  /elsewhere/tower.csv",
    ):
        assert line in text.replace("  " * 3, "  " * 3)


def test_cost_without_a_price_names_the_tokens() -> None:
    assert cost_text(RunFacts(usage=Usage(1000, 20))) == "no price known (1,000 tokens in, 20 out)"
    assert cost_text(RunFacts(usage=Usage(), cost_usd=0.0)) == "$0 (nothing was paid)"


def test_a_dataset_of_an_older_version_shows_that_its_cost_is_not_known() -> None:
    lines = report_lines(replace(REPORT, record=replace(REPORT.record, run=RunFacts())), Path("/base"), width=80)
    for label in ("Model calls", "Cost", "Time"):
        assert any(line.startswith(label) and line.endswith("not known") for line in lines)


def test_tokens_say_whether_they_are_exact() -> None:
    assert token_text(TokenCount(1000, exact=True)) == "1,000 (exact)"


def test_path_outside_of_the_project_is_shown_whole(tmp_path: Path) -> None:
    assert show_path(tmp_path / "a" / "b.txt", tmp_path) == "a/b.txt"
    assert show_path(Path("/elsewhere/b.txt"), tmp_path) == "/elsewhere/b.txt"


def test_one_thing_is_no_plural() -> None:
    assert [counted(number, "error") for number in (0, 1, 2000)] == ["0 errors", "1 error", "2,000 errors"]


def test_columns_that_can_be_spared_go_before_any_is_cut() -> None:
    rows = [("a" * 20, "b" * 10, "12", "c" * 10)]
    heads = ("name", "mode", "size", "made")
    wide = table(heads, rows, width=60, right=frozenset({2}), spare=(1, 2))
    assert wide[0].split() == ["name", "mode", "size", "made"]
    narrow = table(heads, rows, width=40, right=frozenset({2}), spare=(1, 2))
    assert narrow[0].split() == ["name", "size", "made"]
    assert narrow[2] == f"{'a' * 20}    12  {'c' * 10}"
    assert table(heads, rows, width=33, right=frozenset({2}), spare=(1, 2))[2] == f"{'a' * 20}  {'c' * 10}"


def test_tokens_in_a_sentence_have_their_word() -> None:
    assert token_phrase(TokenCount(1000, exact=True)) == "1,000 tokens (exact)"
    assert token_phrase(TokenCount(7, exact=False)) == "about 7 tokens (estimate)"
    assert token_phrase(TokenCount(0, exact=True)) == "no tokens counted"


def test_wide_characters_fill_their_lines_and_code_keeps_its_indent() -> None:
    assert fold("窯は粘土を高温で焼く炉です。", 10, limit=9) == ["窯は粘土を", "高温で焼く", "炉です。"]
    assert fold("    if hot:\n        wait for it", 14, limit=9) == ["    if hot:", "        wait", "for it"]
    assert fold("a verylongword 窯x", 6, limit=9) == ["a", "verylo", "ngword", "窯x"]
    assert fold("", 10, limit=9) == []
