"""Courtesy of an answer, by its marks: thanks, readiness to help, good wishes, appreciation."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

_LIST: Final = Path(__file__).with_name("courtesy.txt")


def courtesy_marks(text: str) -> list[str]:
    """The marks of courtesy in ``text``, in order, each as often as it is there.

    Marks are words of a list (courtesy.txt), after the strategies of Danescu-Niculescu-Mizil et al. (ACL 2013). They
    show that an answer is courteous in form, not that it is kind or of use.
    """
    return _pattern("courtesy").findall(_pattern("hollow").sub(" ", _plain(text)))


def is_polite(text: str, without: str = "") -> bool:
    """Whether ``text`` bears a mark of courtesy, other than the mark ``without``, and no rude word."""
    return any(mark != without for mark in courtesy_marks(text)) and not _pattern("rude").search(_plain(text))


def begins_with_apology(text: str) -> bool:
    """Whether the first words of ``text`` are an apology, "I'm so sorry" included."""
    return bool(_pattern("apology").match(_plain(text).lstrip().replace("so sorry", "sorry", 1)))


def apologises(text: str) -> bool:
    """Whether ``text`` holds an apology, which is a courtesy only where something went wrong."""
    return bool(_pattern("apology").search(_plain(text)))


def _plain(text: str) -> str:
    return text.replace("’", "'").lower()


@cache
def _pattern(part: str) -> re.Pattern[str]:
    phrases: list[str] = []
    inside = False
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            inside = line == f"[{part}]"
        elif inside and line and not line.startswith("#"):
            phrases.append(line)
    ends = [re.escape(phrase) + (r"\b" if phrase[-1].isalpha() else "") for phrase in sorted(phrases, reverse=True)]
    return re.compile(rf"(?<![\w'])(?:{'|'.join(ends)})")
