"""Answers without an end mark: what is whole and what was cut off."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.form import check_whole

PASSAGE = """The stoker sweeps the kiln when the ash is cold. It reaches 600 °C and holds this for 15 minutes. The new
door was built by Ida Holm. Packages come for Slack, Discord and Telegram. Call kiln_open_all to start, KILN_MAX_HEAT is
the limit. The log is kept between May and June; it names the community guide."""


def detail(answer: str, question: str = "What of the kiln?") -> str:
    draft = Draft((Message("user", question), Message("assistant", answer)))
    return check_whole(draft, PASSAGE).detail


@pytest.mark.parametrize(
    "answer",
    [
        "Only when the ash",
        "It is swept unless you",
        "About 600",
        "Between May",
        "Slack, Discord",
        "Use KILN_MAX",
        "Because it doesn'",
        "Ida Holm, in ve",
        "Sweep the kiln with great care before you ever call kiln_open_all",
    ],
)
def test_what_stops_in_the_middle_is_cut_off(answer: str) -> None:
    assert detail(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "No",
        "Ida Holm",
        "About 600 °C",
        "Between May and June",
        "Slack, Discord and Telegram",
        "The community guide",
        "With kiln_open_all",
        "The stoker holds it there for 15 minutes",
        "600",
    ],
)
def test_a_short_phrase_and_the_end_of_a_sentence_of_the_source_are_whole(answer: str) -> None:
    assert detail(answer) == ""


@pytest.mark.parametrize(
    ("answer", "is_whole"),
    [
        ("No, the let", False),
        ("Ja, die", False),
        ("いいえ、書かれ", False),
        ("No, the miller does.", True),
        ("Yes", True),
        ("True, false", True),
    ],
)
def test_what_goes_on_after_a_yes_or_no_has_an_end_mark(answer: str, *, is_whole: bool) -> None:
    source = {"い": "水車は冬に止まります。名前は書かれていません。", "J": "Die Mühle ist alt. Die Leute mahlen dort."}
    around = source.get(answer[0], "The miller reads a letter. It is true that the mill is old, and it stands still.")
    draft = Draft((Message("user", "Who?"), Message("assistant", answer)))
    assert check_whole(draft, around).keep is is_whole


@pytest.mark.parametrize(("answer", "is_whole"), [("re", True), ("They re", False), ("It says that we ve", False)])
def test_what_is_left_of_a_contraction_needs_a_word_before_it(answer: str, *, is_whole: bool) -> None:
    draft = Draft((Message("user", "Which note is the second one?"), Message("assistant", answer)))
    assert check_whole(draft, "The first note is do, the second note is re, as they're sung").keep is is_whole


@pytest.mark.parametrize(
    ("source", "answer", "is_whole"),
    [
        ("图书馆共有3台打印机。每天开放8小时，周日休息。", "图书馆共有3台打印机。", True),
        ("図書館には3台のプリンターがあり、毎日8時間開いています。", "毎日8時間開いています。", True),
        ("日志保存在/var/log/kiln_full.txt文件里，只有管理员可以读。", "日志保存在/var/log/kiln_full.txt", True),
        ("日志保存在/var/log/kiln_full.txt文件里，只有管理员可以读。", "日志保存在/var/log/kiln_fu", False),
    ],
)
def test_sentences_without_spaces_are_no_terms(source: str, answer: str, *, is_whole: bool) -> None:
    draft = Draft((Message("user", "?"), Message("assistant", answer)))
    assert check_whole(draft, source).keep is is_whole


@pytest.mark.parametrize(("source", "is_whole"), [("It is read anew each May.", True), ("You may read it.", False)])
def test_a_name_that_is_a_word_too_may_be_all_that_is_said(source: str, *, is_whole: bool) -> None:
    draft = Draft((Message("user", "In which month is the rule read anew?"), Message("assistant", "May")))
    assert check_whole(draft, source).keep is is_whole
