"""Signs, words and lines of ordinary texts that something rarer looks like: they are left as they are."""

import json

import pytest

from src.utils.detection.words.vocabulary import read_label
from tests.utils.detection.test_message_lines import ASKED, chat, said

SAID = ASKED[:6]
ENDS = ["in C++", "by «river»", "with Mill+", "as 2 ×"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["jsonl", "txt"])
def test_a_sign_at_the_end_of_questions_is_asked(read, end, kind):
    pairs = [[f"What is a {word} {end}", f"A thing called {word}."] for word in ("wheel", "weir", "sluice", "hopper")]
    rows = [json.dumps({"question": one, "answer": other}, ensure_ascii=False) for one, other in pairs]
    text = "\n".join(rows) if kind == "jsonl" else "\n\n".join(f"Q: {one}\nA: {other}" for one, other in pairs)
    assert read(text, f"pairs.{kind}") == pairs


@pytest.mark.parametrize("sign", [" ▾", "▾", " ▼"])
def test_a_chevron_behind_a_question_unfolds_an_answer(read, sign):
    pairs = [[f"What is a {word}?", f"A thing called {word}."] for word in ("wheel", "weir", "sluice", "hopper")]
    assert read("\n\n".join(f"Q: {one}{sign}\nA: {other}" for one, other in pairs)) == pairs


@pytest.mark.parametrize(
    "line", ["≥ 18", "√ 1764", "🍎 12\n🍌 7", "→18", "Session start takes too long", "Chat ended at 10 was late"]
)
def test_formulas_lists_and_sentences_below_a_message_are_said(line):
    assert said(chat([ASKED[0], f"{ASKED[1]}\n{line}", *ASKED[2:]]))[1] == f"{ASKED[1]}\n{line}"


@pytest.mark.parametrize(
    "line", ["Session Start: Mon Apr 03 10:00:01 2023", "Chat ended", "Chat ended at 18:40", "🔥 2"]
)
def test_notices_and_reactions_are_said_by_nobody(line):
    assert said(chat([ASKED[0], f"{ASKED[1]}\n{line}", *ASKED[2:]])) == ASKED


@pytest.mark.parametrize(
    "closing",
    [
        "Everyone can make mistakes, even millers.",
        "Text: kind regards from all of us",
        "Phone: 030 123456",
        "My First Interview",
        "Mein Mühlen Interview",
    ],
)
def test_a_last_paragraph_that_somebody_says_is_kept(read, closing):
    text = "\n\n".join(f"{('Ann', 'Ben')[n % 2]}: {part}" for n, part in enumerate(SAID))
    assert closing.rpartition(":")[2].strip() in read(f"{text}\n\n{closing}")[0][-1]


def test_a_name_with_the_word_for_an_interview_in_brackets_is_a_credit(read):
    text = "\n\n".join(f"{('Ann', 'Ben')[n % 2]}: {part}" for n, part in enumerate(SAID))
    assert read(f"{text}\n\nIda Brand (interview)") == [SAID]


def test_a_verb_of_a_credit_needs_a_name(read):
    text = "\n\n".join(f"{('Вера', 'Пётр')[n % 2]}: {part}" for n, part in enumerate(SAID))
    assert read(f"{text}\n\nЗаписала на обороте календаря") == [
        [*SAID[:-1], f"{SAID[-1]}\n\nЗаписала на обороте календаря"]
    ]
    assert read(f"{text}\n\nЗаписала Вера Ким") == [SAID]


@pytest.mark.parametrize(
    "label", ["Gast", "Гость", "Gość", "ゲスト", "Gemma", "Kimi", "Ernie", "Correction", "Задача", "Решения"]
)
def test_names_and_words_of_many_uses_tell_no_role(label):
    assert read_label(label).family is None


@pytest.mark.parametrize(
    ("names", "entries"),
    [
        (("田中", "鈴木"), ["温度がかなり高い", "水位がかなり低い", "寒いですから閉めた", "風がかなり強い"]),
        (("สมชาย", "สมหญิง"), ["ตรวจสอบคุณภาพน้ำ", "ตรวจคุณสมบัติของเครื่อง", "บันทึกคุณภาพอากาศ", "วัดคุณภาพเสียง"]),
    ],
)
def test_a_log_of_work_in_scripts_without_spaces_is_no_talk(read, names, entries):
    lines = [f"2024-05-{n + 1:02} 8:15 {names[n % 2]}: {entries[n % 4]}" for n in range(20)]
    assert read("\n".join(lines)) == []


@pytest.mark.parametrize("days", ["Monday Tuesday", "lundi mardi", "Montag Dienstag", "понедельник вторник"])
def test_a_timetable_is_no_talk(read, days):
    halves = [f"{day.title()} ({half})" for half in ("morning", "noon", "evening") for day in days.split()]
    assert read("\n".join(f"{half}\t{part}" for half, part in zip(halves, SAID, strict=True))) == []
    names = [("Ann", "Ben")[n % 2] for n in range(6)]
    assert read("\n".join(f"{name}\t{part}" for name, part in zip(names, SAID, strict=True))) == [SAID]


def test_a_line_struck_through_keeps_its_end(read):
    text = "\n".join(f"{('Ann', 'Ben')[n % 2]}: {part} <s>{n}</s>" for n, part in enumerate(SAID))
    assert read(text) == [[f"{part} <s>{n}</s>" for n, part in enumerate(SAID)]]


def test_questions_below_only_are_asked(read):
    pairs = [[f"How does step {n} go?", f"It takes {n} minutes."] for n in range(3)]
    body = "\n\n".join(f"   Q: {one}\n\n   A: {other}" for one, other in pairs)
    assert read(f"Steps\n=====\n\n.. only:: html\n\n{body}\n", "faq.rst") == pairs


def test_parts_of_an_exercise_are_asked_one_by_one(read):
    solved = "\\begin{{solution}}\n{}\n\\end{{solution}}\n".format
    both = f"\\part On a map?\n{solved('Top left.')}\\part By bus?\n{solved('Line four.')}"
    parts = f"\\begin{{parts}}\n{both}\\end{{parts}}\n"
    asked = f"\\question\\label{{a}} Is it open?\n{solved('Yes.')}\\question Where is it?\n"
    text = f"\\begin{{questions}}\n{asked}{parts}\\end{{questions}}\n"
    assert read(text, "exam.tex") == [
        ["Is it open?", "Yes."],
        ["Where is it?\nOn a map?", "Top left."],
        ["By bus?", "Line four."],
    ]
    book = f"\\part{{One}}\n\\question Is it open?\n{solved('Yes.')}\\part{{Two}}\n\\question Where?\n{solved('Here.')}"
    assert read(book, "book.tex") == [["Is it open?", "Yes."], ["Where?", "Here."]]
