"""Who asked or answered, and when, at the edges of questions and answers; what only looks so is kept."""

import pytest

PAIRS = [
    ("My bees left. May I follow them?", "You may, over any fence.\nPay for the flowers."),
    ("Can I feed them honey?", "No. Sugar is safe."),
    (
        "What does a hive cost?\nI have a small garden.",
        "Count on fifteen:\n- a hat\n- two hives\nThe club has the rest.",
    ),
    ("Dead bees lie at the door. Why?", "Somebody sprayed. Call the office."),
]
CLEAN = [list(pair) for pair in PAIRS]
NAMES = ["Ann Reed", "Ben Weir", "Cat Lock", "Dan Mill"]
EXPERTS = ["Dr. Ida Brand", "Tom Ford, Bee Club", "Dr. Ida Brand", "Tom Ford, Bee Club"]


def board(opening="", asker=(), expert=()):
    parts = []
    for n, (one, other) in enumerate(PAIRS):
        asked = "\n".join(filter(None, [opening.format(NAMES[n], n + 1), one, *asker[n : n + 1]]))
        parts.append(f"Question no. {n}\n{asked}\n\nAnswer:\n" + "\n".join([other, *expert[n : n + 1]]))
    return "Bee board\n\n" + "\n\n".join(parts) + "\n"


@pytest.mark.parametrize(
    "opening", ["Posted: {} | {}. 5. 2021, 20:14 | Bees", "From: {} on 2021-05-0{}", "Sent: {}, {}/5/2021"]
)
def test_who_asked_and_when_is_no_part_of_the_question(read, opening):
    assert read(board(opening)) == CLEAN


def test_names_below_questions_and_answers_are_no_part_of_them(read):
    assert read(board(asker=NAMES, expert=EXPERTS)) == CLEAN


def test_the_foot_of_the_page_below_the_last_name_goes_with_it(read):
    assert read(board(expert=EXPERTS) + "\nNew questions may be asked by members.\n") == CLEAN


@pytest.mark.parametrize("opening", ["Case: {} found {} hives", "Situation: {} sells {} hives."])
def test_a_first_line_that_tells_the_case_is_kept(read, opening):
    assert all(pair[0].startswith(opening[:5]) for pair in read(board(opening)))


@pytest.mark.parametrize(
    "lasts",
    [
        ["- Red Clover", "- White Clover", "- Old Lime", "- Sweet Pea"],
        ["Yes and no", "No and yes", "Red and blue", "Up and down"],
        ["Ask the Club.", "Ask Tom Ford.", "See Dr. Brand.", "Ring Ida Brand."],
        ["Ann Reed", "the office", "two coins", "a hive"],
    ],
)
def test_last_lines_that_name_nobody_or_few_are_kept(read, lasts):
    assert [pair[1].rsplit("\n", 1)[-1] for pair in read(board(expert=lasts))] == lasts


def test_the_last_of_the_names_to_choose_from_is_kept(read):
    quiz = "\n\n".join(
        f"Q{n}: Who kept bees?\nAnn Reed\nBen Weir\nCat Lock\nA{n}: Ben Weir, of course." for n in range(1, 5)
    )
    assert all("Cat Lock" in pair[0] for pair in read(quiz))
