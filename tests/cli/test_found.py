"""What identify mode sees in documents, as lines for a person."""

from __future__ import annotations

import pytest

from src.agents.identify_files import Preview
from src.cli.views.found import explanation, preview_table
from src.reports.tables import display_width


@pytest.mark.parametrize("width", [60, 80, 120])
def test_table_fits_the_width_and_keeps_its_numbers(width: int) -> None:
    previews = [
        Preview(
            f"{'a_very_long_folder/' * 8}log.txt", "labelled dialogue + table of questions", 123_456, 7_890_123, ()
        ),
        Preview("观测站指南.txt", "none", 0, 0, ()),
    ]
    lines = preview_table(previews, width=width)
    assert max(map(display_width, lines)) <= width
    assert len({display_width(line) for line in lines}) == 1
    assert lines[0].split() == ["source", "style", "found", "conversations", "turns"]
    assert lines[2].split()[-2:] == ["123,456", "7,890,123"]


def test_explanation_of_what_was_taken_counts_in_plain_english() -> None:
    assert explanation(Preview("a.txt", "captions", 1, 2, ("2 captions with named speakers",))) == [
        "a.txt: taken as captions (1 conversation, 2 turns).",
        "  Why: 2 captions with named speakers.",
    ]


def test_a_line_break_in_the_name_of_a_file_breaks_no_line() -> None:
    assert explanation(Preview("a\nb.txt", "none", 0, 0, ("no speakers",)))[0] == "a?b.txt: not taken."


def test_explanation_of_what_was_left_says_what_could_still_be_done() -> None:
    assert explanation(Preview("a.txt", "none", 0, 0, ("no speakers",))) == ["a.txt: not taken.", "  Why: no speakers."]
    first, why, advice = explanation(Preview("a.txt", "undecided", 0, 0, ("no speakers",)))
    assert first == "a.txt: undecided."
    assert why == "  Why: no speakers, but its paragraphs read like a dialogue."
    assert "a configured model is asked" in advice


def test_explanation_names_a_few_of_many_reasons() -> None:
    reasons = tuple(f"sheet {number}" for number in range(1, 101))
    _, why = explanation(Preview("a.xlsx", "table of questions", 100, 200, reasons))
    assert why == "  Why: sheet 1; sheet 2; sheet 3; sheet 4; sheet 5; and 95 further reasons."
