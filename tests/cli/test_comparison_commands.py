"""compare: stored datasets and files side by side, on the screen, as JSON, and as a page."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from src.cli.actions.comparison import compare
from src.cli.arguments import parse_arguments
from src.core.errors import BuilderError, DatasetError, InputFileError, UsageError
from src.core.workspace import Workspace
from tests.cli.driver import dataset_with, make_session, run_program, screen_of, type_into_menu

QUESTIONS = ("How hot is kiln {}?", "Who painted vessel {}?", "What does glaze {} cost?", "When was wheel {} built?")


def write_rows(path: Path, *templates: str, count: int = 24) -> str:
    rows = [
        {"prompt": templates[number % len(templates)].format(number), "completion": f"Answer {number} about it."}
        for number in range(count)
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return str(path)


def arguments(*names: str, html: str | None = None) -> Namespace:
    first, second, third = (*names, None)[:3]
    return Namespace(a=first, b=second, c=third, html=html)


def test_dataset_and_files_stand_side_by_side(workspace: Workspace, tmp_path: Path) -> None:
    name = dataset_with(workspace)
    flat = write_rows(tmp_path / "flat.jsonl", "What is number {}?")
    varied = write_rows(tmp_path / "varied.jsonl", *QUESTIONS)
    session = make_session(workspace, width=120)
    outcome = compare(arguments(name, flat, varied), session)
    screen = screen_of(session)
    assert "A  my_dataset, 7 rows" in screen
    assert "With fewer than 20 rows" in screen
    assert outcome.facts["rows_compared"] == 7
    assert outcome.facts["metrics"]["passages_used"]["values"][name] == 1
    assert outcome.facts["metrics"]["passages_used"]["values"][flat] is None


def test_more_varied_file_is_named_and_written_as_a_page(workspace: Workspace, tmp_path: Path) -> None:
    flat = write_rows(tmp_path / "flat.jsonl", "What is number {}?")
    varied = write_rows(tmp_path / "varied.jsonl", *QUESTIONS)
    page = tmp_path / "page.html"
    session = make_session(workspace, width=120)
    outcome = compare(arguments(flat, varied, html=str(page)), session)
    assert outcome.facts["metrics"]["opening_entropy_bits"]["best"] == varied
    assert "B is better" in screen_of(session)
    assert f"Written: {page}" in screen_of(session)
    assert "B is better" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [100, 80, 60, 48])
def test_measures_keep_their_names_on_a_narrow_screen(workspace: Workspace, tmp_path: Path, width: int) -> None:
    names = [write_rows(tmp_path / f"{letter}.jsonl", "What is number {}?", count=24) for letter in "abc"]
    session = make_session(workspace, width=width)
    compare(arguments(*names), session)
    shown = screen_of(session)
    tables = shown[shown.index("Diversity") : shown.index("Measured on")]
    assert "..." not in tables
    assert max(map(len, tables.splitlines())) <= width
    assert "Near-" in tables


def test_what_differs_in_the_making_stands_above_the_measures(workspace: Workspace) -> None:
    first = dataset_with(workspace)
    second = dataset_with(workspace, output_name="other", split__ratio=0.5)
    session = make_session(workspace)
    outcome = compare(arguments(first, second), session)
    assert "made with    A    B" in screen_of(session)
    assert "split.ratio  0.8  0.5" in screen_of(session)
    assert outcome.facts["differences"] == {"split.ratio": {first: "0.8", second: "0.5"}}
    same = make_session(workspace)
    compare(arguments(first, dataset_with(workspace, output_name="third")), same)
    assert "the same settings and prompts" in screen_of(same)


def test_sources_that_are_gone_are_said_and_the_rest_is_compared(workspace: Workspace, tmp_path: Path) -> None:
    name = dataset_with(workspace)
    for path in (workspace.root / "input_files").iterdir():
        path.unlink()
    session = make_session(workspace)
    outcome = compare(arguments(name, write_rows(tmp_path / "flat.jsonl", "What is number {}?")), session)
    assert "2 sources could not be looked at" in screen_of(session)
    assert outcome.facts["missing_sources"][name]["museum_faq.csv"] == "it is not in the input folder any more"


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ("", InputFileError, "holds no rows"),
        ("{\n", InputFileError, "row 1: not valid JSON"),
        ('{"text": "a"}\n', InputFileError, "row 1: no key of a training row"),
    ],
)
def test_file_that_cannot_be_measured_is_an_error_with_its_row(
    workspace: Workspace, tmp_path: Path, content: str, error: type[BuilderError], said: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(error, match=said) as caught:
        compare(arguments(str(path), "b.jsonl"), make_session(workspace))
    assert caught.value.fix


def test_unknown_dataset_and_wrong_pages_are_refused_before_anything_is_measured(
    workspace: Workspace, tmp_path: Path
) -> None:
    flat = write_rows(tmp_path / "flat.jsonl", "What is number {}?")
    session = make_session(workspace)
    with pytest.raises(DatasetError):
        compare(arguments("nothing", flat), session)
    for names, html in (
        ((flat, flat), None),
        ((flat, "b"), flat),
        ((flat, "b"), str(tmp_path)),
        ((flat, "b"), "no/such/x"),
    ):
        with pytest.raises(UsageError):
            compare(arguments(*names, html=html), session)


def test_command_line_knows_compare(workspace: Workspace, tmp_path: Path) -> None:
    parsed = parse_arguments(["compare", "a", "b", "--html", "x.html"])
    assert (parsed.a, parsed.b, parsed.c, parsed.html) == ("a", "b", None, "x.html")
    flat = write_rows(tmp_path / "flat.jsonl", "What is number {}?", count=3)
    varied = write_rows(tmp_path / "varied.jsonl", *QUESTIONS, count=3)
    result = run_program(workspace.root, "compare", flat, varied, "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["rows_compared"] == 3


def test_menu_points_to_the_report_where_there_is_one(workspace: Workspace) -> None:
    dataset_with(workspace)
    assert "Quality, plots and ten rows: output_datasets/my_dataset_report.html" in type_into_menu(
        workspace, "3.1", "6"
    )
    (workspace.output_datasets / "my_dataset_report.html").unlink()
    assert "ten rows" not in type_into_menu(workspace, "3.1", "6")
