"""The report on a set: figures recomputed, targets compared, code parsed, sums computed again, sheets for people."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import InputFileError, UsageError
from src.core.types import ProgressEvent
from src.curation.records import Pair
from src.curation.verify.arithmetic import check_sums
from src.curation.verify.code_blocks import CodeBlock, check_code, find_code
from src.curation.verify.figures import Figures, read_figures
from src.curation.verify.near import count_near
from src.curation.verify.spot_check import Wish, check_answer, spot_check
from src.curation.verify.spot_verdicts import quoted_verdicts, sheet_stem
from src.curation.verify.teachers import teacher_of
from src.curation.verify.verdict import Targets, figure_facts, judge
from tests.curation.making import make_row, write_lines


def ignore(_event: ProgressEvent) -> None:
    """Nobody watches."""


def figures_of(folder: Path, rows: list[Any], drawn: int = 100) -> Figures:
    return read_figures(write_lines(folder / "set.jsonl", rows), drawn, ignore)


def test_figures_count_what_the_set_holds(tmp_path: Path) -> None:
    rows = [make_row(number) for number in range(9)]
    rows += [{**make_row(0), "id": 100}, {**make_row(1), "id": 101, "quality_score": 9.9, "teacher": "someone"}]
    figures = figures_of(tmp_path, rows)
    assert figures.rows == 11
    assert figures.exact == 2
    assert figures.bands == {"7-8": 4, "8-9": 3, "9-10": 4}
    assert figures.teachers["someone"] == 1
    assert figures.categories == {"general": 4, "code": 4, "creative": 3}
    assert figures.tokens is not None
    assert figures.tokens.rows == 11
    assert figures.tokens.total.most >= figures.tokens.response.most


def test_the_lower_bound_belongs_to_a_band(tmp_path: Path) -> None:
    scores = [9.0, 8.999, 8.0, 7.0, 6.99]
    rows = [make_row(number, quality_score=score) for number, score in enumerate(scores)]
    assert figures_of(tmp_path, rows).bands == {"9-10": 1, "8-9": 2, "7-8": 1, "below 7": 1}


def test_the_same_rows_are_drawn_whatever_stands_around_them(tmp_path: Path) -> None:
    rows = [make_row(number) for number in range(50)]
    first = figures_of(tmp_path, rows, 5).tokens
    assert figures_of(tmp_path, rows[::-1], 5).tokens == first
    assert figures_of(tmp_path, rows, 0).tokens is None


def test_lines_that_are_no_rows_are_counted_with_their_place(tmp_path: Path) -> None:
    rows = [make_row(1), b"{oops", make_row(1), make_row(2, quality_score=None)]
    figures = figures_of(tmp_path, rows)
    assert figures.rejected == {"malformed_json": 1, "duplicate_id": 1}
    assert [(one.line, one.kind) for one in figures.rejected_lines] == [(2, "malformed_json"), (3, "duplicate_id")]
    assert figures.valid_share == 0.5
    assert figures.scored == 1


GOOD = Targets(min_rows=3, min_teachers=3)


def good_rows() -> list[dict[str, Any]]:
    return [make_row(number, quality_score=8.5) for number in range(6)]


def test_a_set_that_meets_every_target_passes_with_nine_lines(tmp_path: Path) -> None:
    verdict = judge(figures_of(tmp_path, good_rows()), GOOD, 0.0)
    assert verdict.passed
    assert len(verdict.lines) == 9
    assert all(good for _, good in verdict.lines)
    assert verdict.lines[0] == ("Total examples: 6", True)
    assert verdict.lines[3][0] == "Duplicates: 0% (exact)"


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        (lambda rows: rows[:2], {"Dataset size", "Teachers"}),
        (lambda rows: [{**row, "quality_score": 7.9} for row in rows], {"Quality score"}),
        (lambda rows: [{**row, "quality_score": None} for row in rows], {"Quality score"}),
        (lambda rows: [*rows, {**rows[0], "id": 99}], {"Duplicate rate"}),
        (lambda rows: [{**row, "teacher": "one"} for row in rows], {"Teachers"}),
        (lambda rows: [{**row, "teacher": None} for row in rows], {"Teachers"}),
        (lambda rows: [*rows, b"{oops"], {"Valid format"}),
    ],
)
def test_a_missed_target_fails_the_set_and_is_named(tmp_path: Path, change: Any, missed: set[str]) -> None:
    verdict = judge(figures_of(tmp_path, change(good_rows())), GOOD, 0.0)
    assert not verdict.passed
    assert {one.name for one in verdict.criteria if not one.met} == missed


@pytest.mark.parametrize("cost", [150.01, None])
def test_a_cost_beyond_the_cap_or_unknown_fails(tmp_path: Path, cost: float | None) -> None:
    verdict = judge(figures_of(tmp_path, good_rows()), GOOD, cost)
    assert [one.name for one in verdict.criteria if not one.met] == ["Cost"]


def test_a_score_that_some_rows_lack_is_no_mean_of_the_set(tmp_path: Path) -> None:
    rows = [*good_rows(), make_row(50, quality_score=None)]
    verdict = judge(figures_of(tmp_path, rows), GOOD, 0.0)
    assert [one.actual for one in verdict.criteria if not one.met] == ["8.50/10 (1 rows without)"]
    assert figure_facts(figures_of(tmp_path, rows))["scored"] == 6


def test_near_duplicates_are_those_beyond_the_exact_ones(tmp_path: Path) -> None:
    base = make_row(1)
    near = {**base, "id": 60, "response": f"{base['response']} Indeed."}
    source = write_lines(tmp_path / "set.jsonl", [base, near, {**base, "id": 61}, make_row(2)])
    figures = read_figures(source, 0, ignore)
    assert (figures.exact, count_near(source, figures.exact, ignore)) == (1, 1)


def test_copies_without_a_word_are_no_near_duplicates_too(tmp_path: Path) -> None:
    rows = [make_row(number, instruction="?", response="!") for number in range(3)]
    source = write_lines(tmp_path / "set.jsonl", rows)
    figures = read_figures(source, 0, ignore)
    assert (figures.exact, count_near(source, figures.exact, ignore)) == (2, 0)


@pytest.mark.parametrize(
    ("row", "teacher"),
    [
        ({"teacher": "openai gpt-4o", "source": "alpaca"}, "openai gpt-4o"),
        ({"source": "gpt-4o"}, "gpt-4o"),
        ({"source": "openai/gpt-4o-mini-2024-07-18"}, "openai/gpt-4o-mini-2024-07-18"),
        ({"source": "Llama-405B"}, "Llama-405B"),
        ({"source": "Qwen3-Coder-480B-A35B-Instruct"}, "Qwen3-Coder-480B-A35B-Instruct"),
        ({"source": "Alpaca"}, "text-davinci-003"),
        ({"source": "openassistant"}, ""),
        ({"source": "claude_part1"}, ""),
        ({"source": "gpt-4-questions"}, ""),
        ({"source": "my rows"}, ""),
        ({"source": None, "teacher": None}, ""),
        ({}, ""),
    ],
)
def test_a_teacher_is_a_model_and_no_file(row: dict[str, Any], teacher: str) -> None:
    assert teacher_of(row) == teacher


def test_rows_that_do_not_tell_their_teacher_are_counted_as_such(tmp_path: Path) -> None:
    rows = [make_row(number, teacher=None, source=f"file-{number}") for number in range(3)]
    figures = figures_of(tmp_path, [*rows, make_row(4)])
    facts = figure_facts(figures)
    assert (facts["teachers"], facts["teacher_count"]) == ({"unknown": 3, "teacher-1": 1}, 1)
    assert judge(figures, GOOD, 0.0).lines[-1] == (
        "Teacher diversity: 1 models (teacher-1); 3 rows do not tell theirs",
        False,
    )


def test_who_scored_a_row_is_a_text(tmp_path: Path) -> None:
    figures = figures_of(tmp_path, [make_row(1), make_row(2, scored_by=["m"])])
    assert (figures.rows, figures.rejected) == (1, {"wrong_type": 1})
    bare = [{name: value for name, value in make_row(1, scored_by=["m"]).items() if name != "teacher"}]
    assert figures_of(tmp_path, bare).rejected == {"wrong_type": 1}


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="is empty"):
        figures_of(tmp_path, [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("so 3 * 4 = 12 apples", [True]),
        ("8 * 7 = 54", [False]),
        ("1,000 × 3 = 3,000", [True]),
        ("10 / 3 = 3.33, and 10 / 3 = 3.34", [True, False]),
        ("$5.50 + $4.50 = $10.00 left", [True]),
        ("2 / 3 = 0.67 or 0.66: 2 / 3 = 0.66", [True, True]),
        ("- 54 ÷ 8 = 6.75", [True]),
        ("(2 + 3) * 4 = 20 = 4 * 5", [True]),
        ("7 + 5 = 13 - 1 = 12", [True]),
        ("3 - 5 = -2.", [True]),
        ("3 + 4 = 8", [False]),
    ],
)
def test_plain_sums_are_computed_again(text: str, found: list[bool]) -> None:
    assert [one.right for one in check_sums(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "2x + 3 * 4 = 12",
        "x = 3 + 4",
        "2^3 + 1 = 9",
        "50% - 3 = 5",
        "f(3) = 3 * 4",
        "the half of 3 + 4 = 2",
        "12 / 4 = 3x",
        "7 = 7",
        "1 / 0 = 3",
        "a == 3 + 4",
        "the ratio 3:4 = 6:8",
        "no sums at all",
        "11 / 4 = 2 remainder 3",
    ],
)
def test_what_is_part_of_a_formula_is_no_plain_sum(text: str) -> None:
    assert not list(check_sums(text))


def test_blocks_of_code_are_found_with_their_language() -> None:
    text = "First\n```python\nx = 1\n```\nthen\n~~~\nplain\n~~~\n"
    assert list(find_code(text)) == [CodeBlock("python", "x = 1\n"), CodeBlock("", "plain\n")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("````md\n```python\nx\n```\n````\n", ["```python\nx\n```\n"]),
        ("   ```py\n  x\n   ```", ["  x\n"]),
        ("```py\r\nx\r\n```\r\n", ["x\r\n"]),
        ("```py\n``` is how it ends\n```", ["``` is how it ends\n"]),
        ("``` not a fence ```\n```\nx\n```", ["x\n"]),
        ("```\n```", [""]),
        ("```py\nx = 1", []),
        ("`` `x` ``", []),
    ],
)
def test_fences_are_those_of_commonmark(text: str, codes: list[str]) -> None:
    assert [block.code for block in find_code(text)] == codes


@pytest.mark.parametrize(
    "text", ["`" * 1_000_000, "```a\n" * 200_000, "`" * 500_000 + "\n" + "~" * 499_999, "~~~ `\n" * 160_000]
)
def test_a_megabyte_of_fences_is_read_at_once(text: str) -> None:
    assert len(list(find_code(text))) <= 1


@pytest.mark.parametrize(
    ("block", "state"),
    [
        (CodeBlock("python", "def f(x):\n    return x\n"), "parses"),
        (CodeBlock("py", "    if True:\n        pass\n"), "parses"),
        (CodeBlock("python", "def f(:\n"), "broken"),
        (CodeBlock("python", ">>> 1 + 1\n2\n"), "parses"),
        (CodeBlock("json", '{"a": 1}'), "parses"),
        (CodeBlock("json", "{a: 1}"), "broken"),
        (CodeBlock("python", "x = " + "(" * 5000), "broken"),
        (CodeBlock("python", "x = '\0'"), "broken"),
        (CodeBlock("rust", "fn main() {}"), "unchecked"),
    ],
)
def test_python_and_json_are_parsed_and_never_run(block: CodeBlock, state: str) -> None:
    assert check_code(block).state == state


def test_an_answer_gets_one_line_on_its_code_and_sums() -> None:
    note, broken = check_answer(Pair("q", "```python\nx = (\n```\n2 + 2 = 5"))
    assert broken
    assert "cannot be parsed" in note
    assert "wrong: 2 + 2 = 5" in note
    assert check_answer(Pair("q", "nothing to check")) == ("", False)


def test_a_sheet_has_rows_of_every_kind_and_its_verdicts_are_quoted(tmp_path: Path) -> None:
    rows = [make_row(number) for number in range(20)]
    rows += [make_row(100 + number, response=f"```python\nx = {number}\n```") for number in range(3)]
    rows += [make_row(200 + number, response=f"It is {number} + 1 = {number + 1}.") for number in range(3)]
    rows += [make_row(300, category="math", response="=cmd() is no sum")]
    source = write_lines(tmp_path / "set.jsonl", rows)
    assert quoted_verdicts(source) == ""
    sheet = spot_check(source, sheet_stem(source), Wish(random=5, code=2, math=2, reasoning=2), ignore)
    kinds = [one.kind for one in sheet.drawn]
    assert {kind: kinds.count(kind) for kind in {*kinds}} == {"code": 2, "math": 2, "reasoning": 1, "random": 5}
    assert len({one.row.line for one in sheet.drawn}) == 10
    assert (sheet.checked, sheet.broken) == (4, 0)
    with sheet.csv.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert len(written) == 10
    assert [row["response"] for row in written if row["kind"] == "reasoning"] == ["'=cmd() is no sum"]
    assert "keep" in sheet.html.read_text(encoding="utf-8")
    for place, verdict in enumerate(("keep", "drop", "")):
        written[place]["verdict"] = verdict
    with sheet.csv.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(written[0]))
        table.writeheader()
        table.writerows(written)
    assert quoted_verdicts(source) == "Spot checks: 1 kept, 1 dropped, 8 of 10 without a verdict"
    with pytest.raises(UsageError, match="holds verdicts"):
        spot_check(source, sheet_stem(source), Wish(random=5), ignore)
    assert quoted_verdicts(source).startswith("Spot checks: 1 kept")
    assert spot_check(source, tmp_path / "second", Wish(random=5), ignore).csv.exists()


def test_a_sheet_without_verdicts_is_drawn_again_and_every_set_has_its_own(tmp_path: Path) -> None:
    first, second = (write_lines(tmp_path / f"rows.v{number}.jsonl", [make_row(number)]) for number in (1, 2))
    assert sheet_stem(first) != sheet_stem(second)
    assert sheet_stem(tmp_path / "rows.v1.jsonl.gz") == sheet_stem(first)
    for _ in range(2):
        spot_check(first, sheet_stem(first), Wish(random=1), ignore)
    assert quoted_verdicts(first) == "Spot checks: 0 kept, 0 dropped, 1 of 1 without a verdict"
    assert quoted_verdicts(second) == ""


def test_a_long_answer_is_cut_to_what_a_cell_holds(tmp_path: Path) -> None:
    source = write_lines(tmp_path / "set.jsonl", [make_row(1, response="long " * 40_000)])
    sheet = spot_check(source, sheet_stem(source), Wish(random=1), ignore)
    with sheet.csv.open(encoding="utf-8-sig", newline="") as file:
        (written,) = csv.DictReader(file)
    assert len(written["response"]) < 32_767
    assert written["response"].endswith("[... 168,000 more]")
    assert quoted_verdicts(source).endswith("1 of 1 without a verdict")
