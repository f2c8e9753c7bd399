"""Pages that list what somebody asked an assistant and when, with the answers; and other lists of dated entries."""

import pytest

ASKED = ["How much pasta for eight?", "Write a card for Nives", "Lake or lagoon?"]
TOLD = [["About 700 grams."], ["Dear Nives,", "enjoy your rest!"], ["A lagoon meets the sea."]]
DATES = ["9 Mar 2025, 10:20:11 CET", "8 Mar 2025, 11:21:11 CET", "7 Mar 2025, 12:22:11 CET"]
INNER = '<div class="head"><p>{}</p></div><div class="cell">{}</div><div class="cell note">{}</div>'
CELL = f'<div class="outer">{INNER}</div>'


def page(prefix, told=TOLD, note="<b>Products:</b><br>Apps", title="Apps"):
    cells = []
    for asked, date, answer in zip(ASKED, DATES, told, strict=True):
        below = "".join(f"<p>{line}</p>" for line in answer)
        cells.append(CELL.format(title, f"{prefix}{asked}<br>{date}<br>{below}", note))
    return f"<html><body>{''.join(cells)}</body></html>"


@pytest.mark.parametrize(
    "prefix",
    [
        "Prompted ",
        "Hai chiesto: ",
        "Vous avez demandé : ",
        "Eingegebener Prompt: ",
        "You asked: ",
        "Вы спросили: ",
        "Has preguntado: ",
    ],
)
def test_what_was_asked_stands_with_its_answer(read, prefix):
    pairs = [[asked, "\n\n".join(told)] for asked, told in zip(ASKED, TOLD, strict=True)]
    assert read(page(prefix), "MyActivity.html") == pairs
    assert read(page(prefix, note=""), "MyActivity.html") == pairs


@pytest.mark.parametrize(
    "prefix",
    [
        *("Press release: ", "by ", "Watched ", "Searched for ", "Posted: ", "Visited ", "Said "),
        *("Customer called about ", "User opened ", "Client: ", "Prompt payment for ", "Prompt "),
    ],
)
def test_other_dated_entries_are_no_talk(read, prefix):
    assert read(page(prefix), "MyActivity.html") == []
    assert read(page(prefix, told=[[]] * 3), "MyActivity.html") == []


def test_prompts_without_answers_are_no_talk(read):
    assert read(page("Prompted ", told=[[]] * 3), "MyActivity.html") == []
