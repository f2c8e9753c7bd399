"""What a conversation is about: an error to resolve, a program to debug, code to explain, or nothing of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

from src.data_prep.chat_logs.expressions import Cues
from src.data_prep.chat_logs.types import Exchange

Topic = Literal["error_resolution", "debugging", "code_explanation", ""]

_CUES: Final[dict[Topic, str]] = {
    "error_resolution": "error_signs",
    "debugging": "debugging_cues",
    "code_explanation": "explaining_cues",
}
"""The list of cues of each topic. An error that is shown counts before the question what is wrong, and that before a
wish to understand."""
TOPICS: Final = tuple(_CUES)

_ENOUGH: Final = 2
_MARKED: Final = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
_CODE_IN_SENTENCE: Final = re.compile(
    r"(?<!`)`(?=[^`\n]*(?:[A-Za-z]{2}\s?[(\[{=:./_$-]|[-$/.:_<@][A-Za-z]{2}|[a-z][A-Z]))[^`\n]+`(?!`)"
)
"""Marked as code, with the punctuation of code beside a word, or a capital inside it: keys and formulas have none."""
_BLOCK: Final = re.compile(
    r"^ *```(?!json\b|te?xt\b|plain|markdown\b|md\b|csv\b|(?:la)?tex\b|math\b|mermaid\b)\w",
    re.MULTILINE | re.IGNORECASE,
)
"""A block of code, and not one of text, data or formulas."""
_ASKS: Final = re.compile(r"[?？؟]")
_OPENING: Final = 300
"""Characters in which a question says what is wanted."""
_SUFFIXES: Final = "py|js|ts|tsx|jsx|java|kt|go|rs|rb|php|cs|cpp|cc|hpp|c|h|sql|sh|yml|yaml|toml|json|html|css|xml|ini"
_FORMULAS: Final = "a?(?:sin|cos|tan)h?|arc(?:sin|cos|tan)|sec|csc|cot|log|ln|exp|lim|det|gcd|lcm"
"""Functions that formulas call by these names, as they do those of one letter."""
_SURE: Final = tuple(
    (sign, re.compile(expression, re.MULTILINE))
    for sign, expression in (
        ("`", r"```|`[^`\n]+`"),
        ("_", r"\b(?:[a-z]{2,}_[a-z0-9]|[a-z]_[a-z]{2})[a-z0-9_]*\b|\b[A-Z]{2,}_[A-Z0-9_]+\b"),
        ("(", rf"\b(?!(?:{_FORMULAS})\()[A-Za-z_]\w+\.*\((?!e?s\))\w*\)"),
        ("--", r"(?<!\S)--[a-z][\w-]+"),
        ("::", r"\w::\w"),
        ("=>", r"=>"),
        ("{", r"\{\s*$"),
        ("}", r"^[ \t]*\}[;,)\]]*\s*$"),
        (");", r"\);\s*$"),
        (".", rf"\.(?<=\w\.)(?:{_SUFFIXES})\b"),
        ("SELECT", r"\bSELECT\b(?:(?!\bSELECT\b).)+?\bFROM\b"),
        ("[", r"(?<!\\sqrt)\[[^\[\]\n]*\][*+?{$]"),
        ("\\", r"\\[dwsb][*+?{]"),
        ("(?", r"\(\?[:=!<]"),
    )
)
"""What is nothing but code, each behind a sign that it cannot do without: marked as such, names with underscores,
calls, options, paths, regular expressions. Prose has few of the signs, and is done with at once."""
_HUMPS: Final = re.compile(r"\b[a-z][a-z0-9]*[A-Z][a-z]\w*\b|\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\b")
_TAG: Final = re.compile(r"</?[a-z][\w-]*(?:\s[^<>\n]*)?/?>|\w<[A-Z]\w*>")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9.+#-]*[A-Za-z0-9+#]")


def topic_of(exchanges: Sequence[Exchange]) -> Topic:
    """The topic of a conversation: a cue in what is asked, and signs of code in what is answered, or plain code in the
    question. Where no cue is known, as in most languages, a talk that is about code without a doubt, and does not begin
    with the wish that something be made, is there to explain code if it asks, else to debug it."""
    question = "\n".join(exchange.question for exchange in exchanges)
    answers = [exchange.answer for exchange in exchanges]
    topic = _asked_for(question)
    if topic:
        return topic if _is_of_code(question, answers) else ""
    if not _is_surely_of_code(question, answers) or _is_to_be_made(exchanges[0].question):
        return ""
    return "code_explanation" if _ASKS.search(question) else "debugging"


def _asked_for(question: str) -> Topic:
    """The first topic that has a cue in ``question``."""
    small, is_ascii = question.lower(), question.isascii()
    found = (topic for topic, name in _CUES.items() if _cues(name, is_ascii).are_in(question, small))
    return next(found, "")


def _is_of_code(question: str, answers: Sequence[str]) -> bool:
    if any("```" in answer for answer in answers) or _is_plain_code(question):
        return True
    answered = _signs_of_code("\n".join(answers))
    return answered >= _ENOUGH or (answered > 0 and _signs_of_code(question) > 0)


def _is_surely_of_code(question: str, answers: Sequence[str]) -> bool:
    """Whether an answer shows code or names it in a sentence, or the question shows code of which the answer speaks."""
    answer = "\n".join(answers)
    if "`" in answer:
        if _CODE_IN_SENTENCE.search(answer) or _BLOCK.search(answer):
            return True
        return _MARKED.search(answer) is not None and _signs_of_code(question) > 0
    return _is_plain_code(question) and _signs_of_code(answer) > 0


def _is_to_be_made(question: str) -> bool:
    """Whether the first sentences wish that something be written, made or changed."""
    return _making().search(question[:_OPENING].lower()) is not None


def _is_plain_code(text: str) -> bool:
    return any(sign in text and expression.search(text) for sign, expression in _SURE)


def _signs_of_code(text: str) -> int:
    """2 for what is nothing but code or its tools, 1 for each different word that is a tool's name among others."""
    if _is_plain_code(text):
        return _ENOUGH
    words = set(_WORD.findall(text))
    tools = _tools()
    if not tools.sure.isdisjoint(map(str.casefold, words)):
        return _ENOUGH
    names = set(_HUMPS.findall(text)) - tools.brands
    likely = {word.removesuffix("s") for word in words & tools.likely}
    return len(likely) + len(names) + (_TAG.search(text) is not None)


class _Tools(NamedTuple):
    """Names of tools and notions: those that mean nothing else, folded; those that are words of other talk too, as they
    are written; and names that only look like code."""

    sure: frozenset[str]
    likely: frozenset[str]
    brands: frozenset[str]


@cache
def _cues(name: str, is_ascii: bool) -> Cues:
    """A list of cues; for a text of ASCII without those that begin with another letter."""
    return Cues.of([line for line in _lines(name) if not (is_ascii and line[0] > "\x7f")])


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


@cache
def _making() -> re.Pattern[str]:
    lines = [line.split(" ", 1) for line in _lines("making_requests")]
    begins, polite, anywhere = (
        "|".join(expression for kind, expression in lines if kind == one) for one in ("begins", "polite", "anywhere")
    )
    return re.compile(rf"(?:\A|[.!?:\n]\s+)(?:(?:{polite})\b,?[ \t]*){{0,4}}(?:{begins})|{anywhere}")


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(f"data/{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
