"""Labels around words and numbers, names set off by a gap or a full stop, and turns that end where the talk does."""

import pytest

from tests.utils.detection.test_plausibility import PLACES, detect
from tests.utils.detection.test_shapes_of_chats import said

WANTED = [part for place in PLACES for part in (f"Is {place} open?", f"They closed {place}.")]


def written(asker, teller, between="\n\n"):
    """The turns behind two labels, which may hold a running number."""
    return between.join((asker, teller)[n % 2].format(n=n // 2 + 1) + part for n, part in enumerate(WANTED))


@pytest.mark.parametrize(
    ("asker", "teller"),
    [
        ("Question n° {n} : ", "Réponse : "),
        ("Pytanie nr {n}\n", "Odpowiedź\n"),
        ("Question {n} (2 marks)\n", "Model answer\n"),
        ("[00{n}] I: ", "[01{n}] R: "),
        ("IDA\t", "OLE\t"),
        ("○의원 이다  ", "○의장 올레  "),
        ("BRAND. ", "FISK, master of the yard. "),
        ("BRAND (North). ", "FISK, Master of the Yard. "),
        ("BRAND (North) (rising) – ", "FISK – "),
        ("Ида Петровна. ", "Олег. "),
        (">>> ", ""),
        ("ida> ", "ole> "),
        ("Ida  | ", "Olga | "),
        ("H: ", "V1: "),
    ],
)
def test_a_label_opens_its_turn_whatever_stands_around_it(asker, teller):
    assert said(written(asker, teller)) == WANTED


@pytest.mark.parametrize(
    ("asker", "teller"), [("――", "佐伯\u3000"), ("; ", ": "), ("> ", "")], ids=["dash and name", "marks", "quotes"]
)
def test_a_mark_before_questions_and_another_before_answers_are_not_said(asker, teller):
    pairs = [f"{asker}{WANTED[n]}{chr(10) if teller else chr(10) * 2}{teller}{WANTED[n + 1]}" for n in range(0, 8, 2)]
    between = "\n" if asker == "――" else "\n\n"
    assert said(between.join(pairs)) == WANTED[:8]


def test_letters_that_run_on_inside_a_paragraph_part_its_turns():
    text = "\n\n".join(f"{n + 1}. D. {WANTED[2 * n]} R. {WANTED[2 * n + 1]}" for n in range(len(PLACES)))
    assert said(text) == WANTED
    run_on = " — ".join(f"{'DR'[n % 2]}. {part}" for n, part in enumerate(WANTED))
    assert said(f"The judge goes on.\n\n{run_on}") == WANTED


def test_a_word_with_a_colon_behind_an_answer_is_part_of_it():
    text = "\n\n".join(f"Question {n}. {WANTED[2 * n]}\n\nAnswer. Once: {WANTED[2 * n + 1]}" for n in range(3))
    assert said(text)[1] == f"Once: {WANTED[1]}"


def test_a_heading_between_two_dialogues_without_gaps_belongs_to_neither():
    lines = [f"{'AB'[n % 2]}: {part}" for n, part in enumerate(WANTED[:6])]
    text = "At the yard\n\n" + "\n".join(lines) + "\n\nAt the mill\n\n" + "\n".join(lines) + "\n\nWords\n\nmill  yard"
    assert said(text) == WANTED[:6] * 2
    assert len(detect(text).conversations) == 2


def test_a_quoted_dialogue_ends_with_the_quotation():
    text = "\n>\n".join(f"> **{('Ida', 'Ole')[n % 2]}:** {part}" for n, part in enumerate(WANTED))
    assert said(f"We talked:\n\n{text}\n\nNext week: the sluice.") == WANTED


def test_the_time_a_call_ended_is_a_field_not_a_turn():
    text = "Start: 08:14:09\n\n" + written("IDA:   ", "OLE:   ", "\n") + "\n\nEnd: 08:16:40"
    assert said(text) == WANTED


def test_running_heads_of_a_record_are_not_said():
    parts = [f"{('BRAND', 'FISK')[n % 2]}. {part}" for n, part in enumerate(WANTED)]
    for place in (2, 4, 6):
        parts.insert(place + place // 2 - 1, f"Acts        — {place // 2} —        House\n\nSITTING OF 9 APRIL")
    assert said("\n\n".join(parts)) == WANTED


def test_questions_underlined_with_tildes_are_headings_not_fences():
    text = "\n".join(
        f"{WANTED[n]}\n{'~' * len(WANTED[n])}\n\n{WANTED[n + 1]} Run::\n\n    mill --stop\n" for n in range(0, 8, 2)
    )
    assert said(f"Questions\n=========\n\n{text}")[::2] == WANTED[:8:2]


def test_an_exam_without_its_key_has_no_answers():
    text = "\n\n".join(f"Q{n}. {WANTED[2 * n]}\n   A. yes\n   B. no\n   C. at times" for n in range(len(PLACES)))
    assert detect(text).conversations == ()


def test_a_talk_in_quotation_marks_begins_with_the_mark_and_ends_with_it():
    turns = WANTED[:6]
    text = f"They met.\n\n« {turns[0]}\n" + "\n".join(f"— {turn}" for turn in turns[1:]) + " »\n\nThe train left."
    assert said(text) == turns


def test_answers_between_the_quoted_lines_of_a_mail_are_pairs():
    quoted = "\n\n".join(f"> {WANTED[n]}\n\n{WANTED[n + 1]}" for n in range(0, 6, 2))
    assert said(f"Hello,\n\nsee below.\n\nOn 3 April 2024 at 21:15 Ida Brand wrote:\n\n{quoted}") == WANTED[:6]


def test_a_faq_and_a_talk_in_one_document_are_both_found():
    faq = "\n\n".join(f"## {WANTED[n]}\n\n{WANTED[n + 1]}" for n in range(0, 12, 2))
    talk = "\n\n".join(f"{('Ida', 'Ole')[n % 2]}: {part}" for n, part in enumerate(WANTED))
    assert said(f"# Questions\n\n{faq}\n\n# At the fence\n\n{talk}") == WANTED[:12] + WANTED


@pytest.mark.parametrize(
    ("head", "answer", "wanted"),
    [
        ("Interview with Ole Fisk", "I closed {}.", 1),
        ("Questions of our guests", "They closed {}.", len(PLACES)),
    ],
)
def test_an_interview_is_one_conversation_and_questions_of_readers_are_many(head, answer, wanted):
    pairs = (f"P. Is {place} open?\n\nR. {answer.format(place)}" for place in PLACES)
    assert len(detect(f"{head}\n\n" + "\n\n".join(pairs)).conversations) == wanted


def test_a_field_below_the_title_of_an_exported_chat_is_no_turn():
    turns = "\n\n".join(f"## {('User', 'Assistant')[n % 2]}\n\n{part}" for n, part in enumerate(WANTED))
    assert said(f"# Mills\n\n**Model:** small\n\n{turns}") == WANTED


def test_rules_between_all_turns_part_no_dialogue():
    found = detect(written("**User**\n\n", "**Assistant**\n\n", "\n\n---\n\n"))
    assert len(found.conversations) == 1
