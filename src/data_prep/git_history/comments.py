"""Code without its comments and docstrings: what is the same without them has not changed what a program does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from src.data_prep.languages import Language

_TRIPLE: Final = ('"""', "'''")
_STRINGS: Final = r"\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"
_DOCSTRING: Final = r"^[ \t]*[rRuU]?(?P<quotes>\"\"\"|''')[\s\S]*?(?:(?P=quotes)|\Z)"


def bare_code(lines: Sequence[str], start: int, end: int, language: Language) -> str:
    """Lines ``[start, end)`` without comments; whether they begin within one is told by the lines before them."""
    text = "\n".join(lines[start:end])
    return _comments(language).sub(_keep_code, _opening(lines, start, language) + text)


def is_comment(line: str, language: Language) -> bool:
    """Whether a single line, as far as it can be told alone, holds no code."""
    text = line.strip()
    return not text or text.startswith(
        (*language.line, *(pair[0].strip() for pair in language.block), *_middles(language))
    )


def _middles(language: Language) -> tuple[str, ...]:
    """How the inner lines of a block comment look."""
    return ("* ", "*/", "**") if ("/*", "*/") in language.block else ()


def _opening(lines: Sequence[str], start: int, language: Language) -> str:
    """What opens the comment that line ``start`` stands in; "" where it stands in none."""
    before = "\n".join(["", *lines[:start], ""])
    if language.docstrings:
        for quotes in _TRIPLE:
            opened = before.rfind(quotes)
            if before.count(quotes) % 2 and not before[before.rfind("\n", 0, opened) : opened].strip(" \t\nrRuU"):
                return f"{quotes}\n"
    for opens, closes in language.block:
        # at the beginning of a line: within a string it is a pattern for files
        found = [match.start() for match in re.finditer(rf"\n[ \t]*{re.escape(opens.strip())}", before)]
        if found and closes not in before[found[-1] + len(opens) :]:
            return f"{opens}\n"
    return ""


def _keep_code(match: re.Match[str]) -> str:
    return match[0] if match["text"] is not None else ""


@cache
def _comments(language: Language) -> re.Pattern[str]:
    """Comments, and under ``text`` the strings in which the signs of comments mean nothing."""
    blocks = [rf"{re.escape(opens)}[\s\S]*?(?:{re.escape(closes)}|\Z)" for opens, closes in language.block]
    lines = [rf"{re.escape(marker)}[^\n]*" for marker in sorted(language.line, key=len, reverse=True)]
    docstrings = [_DOCSTRING] if language.docstrings else []
    return re.compile("|".join([*docstrings, *blocks, *lines, f"(?P<text>{_STRINGS})"]), re.MULTILINE)
