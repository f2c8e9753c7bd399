"""A long text whose turns begin alike is read by their heads, and says the same as when every line is looked at."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

from src.core.types import SourceDocument
from src.utils.conversation_detector import detect_in_parts
from src.utils.detection.deciding import find_all
from src.utils.detection.long_texts.regular import Regular, learn
from src.utils.extractors.text import text_sections

_ASKED = "Shall we sail to island number {0}, or does the wind turn before noon?"
_TOLD = "We sail at {0} and are back when the harbour lights are lit."


def _document(text: str) -> SourceDocument:
    return SourceDocument(Path("long.txt"), "long.txt", tuple(text_sections([text], 4000)), "")


def _learned(text: str) -> Regular | None:
    document = _document(text)
    return learn(document.text, find_all(document, document.text)[1])


def _chat(number: int) -> str:
    more = "\nand bring the big sail,\n\nplease" if number % 7 == 0 else ""
    joined = f"[{number % 24:02}:59] *** dora has joined\n" if number % 5 == 0 else ""
    return (
        f"[{number % 24:02}:{number % 60:02}] <ana> {_ASKED.format(number)}\n"
        f"{joined}[{number % 24:02}:{number % 60:02}] <ben|away> {_TOLD.format(number)}{more}\n"
    )


def _named_first(number: int) -> str:
    return (
        f"Ana Ruiz  {number % 60}:{number % 59:02}\n{_ASKED.format(number)}\n\n"
        f"İnci_  {number % 60}:{number % 59:02}\n{_TOLD.format(number)}\nSo it is.\n\n"
    )


def _labelled(number: int) -> str:
    listed = "\n\n- the oars\n- the flag\n\n```\nUser: no turn\n```" if number % 6 == 0 else "\nThat is all."
    return f"User: {_ASKED.format(number)}\nAssistant: {_TOLD.format(number)}{listed}\n\n"


def _numbered(number: int) -> str:
    return f"**Q{number}.** {_ASKED.format(number)}\n**A{number}.** The harbour master owns boat {number}.\n\n"


def _people(number: int) -> str:
    return f"MARTA: {_ASKED.format(number)}\n\nOLE (laughs): {_TOLD.format(number)}\n\n"


def _ruled(number: int) -> str:
    return f"User: {_ASKED.format(number)}\nAssistant: {_TOLD.format(number)}\n\n---\n\n"


_STYLES: list[Callable[[int], str]] = [_chat, _named_first, _labelled, _numbered, _people, _ruled]


@pytest.mark.parametrize("style", _STYLES, ids=lambda style: style.__name__)
def test_reading_by_heads_finds_what_the_rules_find(style: Callable[[int], str]):
    beginning, later = ("".join(map(style, range(*numbers))) for numbers in ((0, 60), (61, 140)))
    regular = _learned(beginning)
    assert regular is not None
    document = _document(later)
    (by_rules,) = find_all(document, document.text)[1]
    by_heads = regular.read(document.text)
    assert by_heads is not None
    assert by_heads.drafts == by_rules.drafts


def test_somebody_new_in_a_chat_is_heard():
    regular = _learned("".join(map(_chat, range(60))))
    assert regular is not None
    found = regular.read("".join(map(_chat, range(20))) + "[11:11] <cyril> I am new here.\n")
    assert found is not None
    assert found.drafts[-1].utterances[-1].speaker == "cyril"


def test_new_speakers_behind_labels_are_left_to_the_rules():
    regular = _learned("".join(map(_people, range(60))))
    assert regular is not None
    assert regular.read("".join(map(_people, range(20))) + "PETRA: And I?\n\n" * 9) is None


def test_a_word_that_stood_like_a_label_before_is_still_none():
    noted = [
        f"{_people(number)}Note: the tide is falling.\n" if number % 9 == 1 else _people(number) for number in range(90)
    ]
    regular = _learned("".join(noted))
    assert regular is None or regular.read("".join(noted)) is not None


def test_prose_is_left_to_the_rules():
    regular = _learned("".join(map(_chat, range(60))))
    assert regular is not None
    assert regular.read("The mill stood at the bend of the river.\n" * 200) is None


def test_a_text_without_heads_that_are_alike_is_not_learned():
    assert _learned("The mill stood at the bend of the river.\n" * 200) is None


def test_a_long_text_goes_on_behind_a_part_in_which_nobody_speaks():
    talk = "".join(map(_labelled, range(3000)))
    prose = "The mill stood at the bend of the river, and nobody had ground corn there.\n" * 7000
    text = talk + prose + talk
    turns = [
        turn
        for part in detect_in_parts(_document(text))
        for conversation in part.conversations
        for turn in conversation.turns
    ]
    asked = [text[slice(*turn.pieces[0])] for turn in turns if turn.role == "user"]
    assert asked == [_ASKED.format(number) for number in (*range(3000), *range(3000))]


@pytest.mark.parametrize("enabled", [True, False])
def test_reading_leaves_the_garbage_collector_as_it_was(enabled: bool):
    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        assert len(list(detect_in_parts(_document("".join(map(_chat, range(6000))))))) > 1
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()
