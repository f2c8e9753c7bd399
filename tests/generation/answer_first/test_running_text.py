"""Line breaks of a full line go where a passage becomes an answer; those that mean something stay."""

from __future__ import annotations

import re

import pytest

from src.core.types import Span
from src.generation.answer_first.running_text import unwrap


def unwrapped(text: str) -> str:
    return unwrap(text, [Span(line.start(), line.end()) for line in re.finditer(r"\S[^\n]*\S", text)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The gate of the lock is opened by a chain that runs\nover a wheel of oak, which Peter Hale of Mars\nset.",
            "The gate of the lock is opened by a chain that runs over a wheel of oak, which Peter Hale of Mars set.",
        ),
        ("Hang them upside down\nin a dark room.", "Hang them upside down in a dark room."),
        (
            "Die Schleuse wird mit einer Kette geöffnet, die über ein\nRad aus Eiche läuft.",
            "Die Schleuse wird mit einer Kette geöffnet, die über ein Rad aus Eiche läuft.",
        ),
        ("水门由一条链子打开，链子绕过\n一个橡木轮子。", "水门由一条链子打开，链子绕过一个橡木轮子。"),
        (
            "수문은 사슬로 열리고 사슬은\n참나무 바퀴 위를 지난다.",
            "수문은 사슬로 열리고 사슬은 참나무 바퀴 위를 지난다.",
        ),
        (
            "    The gate is opened by a chain\n    that runs over a wheel.",
            "The gate is opened by a chain that runs over a wheel.",
        ),
    ],
)
def test_a_sentence_stands_on_one_line(text: str, expected: str) -> None:
    assert unwrapped(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Take with you:\n- a lamp\n- a rope\n- bread for two days.",
        "1. Open the gate.\n2. Wait for the water.",
        "The red lamp burns,\nThe wind is low,\nThe river turns,\nThe boats go slow.",
        "the lamp is red,\nthe wind is low,\nand over all the roofs,\nthe boats of evening go.",
        "Run this:\n```\nlock open\nlock shut\n```",
        "gate | chain\nwheel | oak",
        "lamp\t4\nrope\t12",
        "open_gate(\nchain,\n);",
        "lamp = 4\nrope = 12",
        "The gate is open.\nThe lamp is red and hangs above the water of the lock.",
        "a well-\nknown lock in the hills of the north",
    ],
)
def test_lists_tables_code_and_verse_keep_their_lines(text: str) -> None:
    assert unwrapped(text) == text


def test_a_list_below_running_text_keeps_its_items_and_the_text_is_joined() -> None:
    text = "Before the winter the keeper of the lock brings these\nthings into the house:\n- the lamp\n- the rope."
    assert unwrapped(text) == (
        "Before the winter the keeper of the lock brings these things into the house:\n- the lamp\n- the rope."
    )
