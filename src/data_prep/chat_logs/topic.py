"""What a conversation is about: an error to resolve, a program to debug, code to explain, or nothing of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

from src.data_prep.chat_logs.expressions import any_of
from src.data_prep.chat_logs.types import Exchange

Topic = Literal["error_resolution", "debugging", "code_explanation", ""]

TOPICS: Final[tuple[Topic, ...]] = ("error_resolution", "debugging", "code_explanation")

_ENOUGH: Final = 2
_SURE: Final = re.compile(
    r"```|`[^`\n]+`"
    r"|\b[a-z]+(?:_[a-z0-9]+)+\b"
    r"|\b[A-Za-z_][\w.]*\((?!e?s\))\w*\)|(?<!\S)--[a-z][\w-]+|\w::\w|=>|[{}]\s*$|\);\s*$"
    r"|\b[\w/-]+\.(?:py|js|ts|tsx|jsx|java|kt|go|rs|rb|php|cs|cpp|cc|hpp|c|h|sql|sh|yml|yaml|toml|json|html|css|xml|ini)\b"
    r"|\bSELECT\b.+\bFROM\b|\[[^\]\n]*\][*+?{$]|\\[dwsb][*+?{]|\(\?[:=!<]",
    re.MULTILINE,
)
"""What is nothing but code: marked as such, names with underscores, calls, options, paths, regular expressions."""
_HUMPS: Final = re.compile(r"\b[a-z]+[a-z0-9]*[A-Z][a-z]\w*\b|\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b")
_TAG: Final = re.compile(r"</?[a-z][\w-]*(?:\s[^<>\n]*)?/?>|\w<[A-Z]\w*>")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9.+#-]*[A-Za-z0-9+#]")


def topic_of(exchanges: Sequence[Exchange]) -> Topic:
    """The topic of a conversation: a cue in what is asked, and signs of code in what is answered, or plain code in the
    question."""
    question = "\n".join(exchange.question for exchange in exchanges)
    has_error = _has("error_signs", question)
    is_debugging = not has_error and _has("debugging_cues", question)
    if not (has_error or is_debugging or _has("explaining_cues", question)):
        return ""
    if not _is_of_code(question, [exchange.answer for exchange in exchanges]):
        return ""
    return "error_resolution" if has_error else "debugging" if is_debugging else "code_explanation"


def _is_of_code(question: str, answers: Sequence[str]) -> bool:
    if any("```" in answer for answer in answers) or _SURE.search(question):
        return True
    answered = _signs_of_code("\n".join(answers))
    return answered >= _ENOUGH or (answered > 0 and _signs_of_code(question) > 0)


def _signs_of_code(text: str) -> int:
    """2 for what is nothing but code or its tools, 1 for each different word that is a tool's name among others."""
    if _SURE.search(text):
        return _ENOUGH
    words = set(_WORD.findall(text))
    tools = _tools()
    if any(word.casefold() in tools.sure for word in words):
        return _ENOUGH
    names = set(_HUMPS.findall(text)) - tools.brands
    return len(words & tools.likely) + len(names) + (_TAG.search(text) is not None)


class _Tools(NamedTuple):
    """Names of tools and notions: those that mean nothing else, folded; those that are words of other talk too, as they
    are written; and names that only look like code."""

    sure: frozenset[str]
    likely: frozenset[str]
    brands: frozenset[str]


def _has(cues: str, text: str) -> bool:
    """Whether one of the expressions of a list is in ``text``."""
    return _pattern(cues, text.isascii()).search(text) is not None


@cache
def _pattern(name: str, is_ascii: bool) -> re.Pattern[str]:
    """The regular expressions of a list, one a line, as one; ``(?-i:...)`` where the case matters. ASCII holds none
    that begins with another letter."""
    lines = [line for line in _lines(name) if not (is_ascii and line[0] > "\x7f")]
    return any_of(lines, re.IGNORECASE | re.MULTILINE)


@cache
def _tools() -> _Tools:
    parts: list[list[str]] = [[]]
    for line in _lines("technologies"):
        if line.startswith("-- "):
            parts.append([])
        else:
            parts[-1].append(line)
    sure, likely, brands = parts
    return _Tools(frozenset(name.casefold() for name in sure), frozenset(likely), frozenset(brands))


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(f"data/{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
