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


def told(*answers):
    return "\n\n".join(f"Q: Where do we meet, group {n}?\nA: {answer}" for n, answer in enumerate(answers, 1)) + "\n"


@pytest.mark.parametrize(
    "answers",
    [
        (
            "Weekdays: 9:00 to 17:00\nClosed on Sunday.",
            "Weekdays: 8:30 to 16:30\nRing twice.",
            "Weekdays: 10:00\nCome.",
        ),
        ("Take the bus: it leaves at 9:15\nWave.", "Take the bus: 9:40\nPay inside.", "Take the bus: 10:05\nRun."),
        ("By the lake.\nOld Mill Street", "In front of it.\nCafe Central", "Where it ends.\nHarbour Gate North"),
        ("A king has a ghost to ask.\nMarcus Aldridge", "A whale wins.\nMoby Dick", "Press both.\nEdit Copy"),
    ],
)
def test_hours_places_and_titles_in_answers_are_said_and_the_pairs_stay_pairs(read, answers):
    assert [pair[1] for pair in read(told(*answers))] == list(answers)


def test_hours_in_a_column_of_days_make_nobody_of_a_day(read):
    answers = (
        "Weekdays: 9:00 to 17:00\nSaturday: 10:00 to 14:00",
        "Weekdays: 8:30 to 16:30\nClosed.",
        "By appointment.",
    )
    assert [pair[1] for pair in read(told(*answers))] == list(answers)


def test_what_follows_a_name_in_the_last_answer_is_said(read):
    expert = "Dr. Ida Brand"
    last = f"Move it at night.\n{expert}\nYou may also wait for a cold day.\nIt takes two.\nTom Ford"
    found = read(told(f"Ring us.\n{expert}", f"Eat up.\n{expert}", f"Sit down.\n{expert}", last))
    assert "It takes two." in found[-1][1]
