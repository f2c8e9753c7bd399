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
_ENOUGH_TO_EXPLAIN: Final = 3
_MARKED: Final = re.compile(r"(?<!`)`[^`\n]+`(?!`)|^ *```", re.MULTILINE)
_CODE_IN_SENTENCE: Final = re.compile(
    r"(?<!`)`(?=[^`\n]*(?:[a-z][A-Z]|[A-Za-z]{2}(?: \w+)? ?= ?[^=`\n]|[A-Za-z_]{2}(?:[(\[{$]|::)|"
    r"\$[A-Za-z]|[a-z]: ?[\w\"']|[a-z]{2} -{1,2}[A-Za-z0-9]|"
    r"(?<![\w.@-])(?!www\.)[A-Za-z_]\w+\.[A-Za-z_]\w(?![\w.-]*@)))(?!=)[^`\n]+`(?!`)"
)
"""Marked as code, with the punctuation of code inside it, or a capital: keys, formulas, sentences and addresses have
none."""
_BLOCK: Final = re.compile(
    r"^ *```(?!json\b|te?xt\b|plain|markdown\b|md\b|csv\b|(?:la|bib)?tex\b|math\b|mermaid\b|e?mail\b|lyrics\b|poem\b)"
    r"\w",
    re.MULTILINE | re.IGNORECASE,
)
"""A block of code, and not one of text, data or formulas."""
_BLOCKS: Final = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_LETTERS: Final = re.compile(r"[^\W\d_]")
_ASKS: Final = re.compile(r"[?？؟]")
_SUFFIXES: Final = "py|js|ts|tsx|jsx|java|kt|go|rs|rb|php|cs|cpp|cc|hpp|c|h|sql|sh|yml|yaml|toml|json|html|css|xml|ini"
_FORMULAS: Final = "a?(?:sin|cos|tan)h?|arc(?:sin|cos|tan)|sec|csc|cot|log|ln|exp|lim|det|gcd|lcm"
"""Functions that formulas call by these names, as they do those of one letter; so do names of elements."""
_SITES: Final = "[a-z]{2}|com|org|net|edu|gov|info"
"""What names of sites end with: somebody may forget the blank before a remark in brackets."""
_ARGUMENTS: Final = r"(?=[)'\"\[{\d-]|\w+ ?[,.()\[=:+*/<>%&|])"
"""How what is given to a call begins, as no remark does."""
_SURE: Final = tuple(
    (sign, re.compile(expression, re.MULTILINE))
    for sign, expression in (
        ("_", r"\b(?:[a-z]{2,}_[a-z0-9]|[a-z]_[a-z]{2})[a-z0-9_]*\b|\b[A-Z]{2,}_[A-Z0-9_]+\b"),
        ("(", rf"\b(?!(?:{_FORMULAS}|(?:[A-Z][a-z]?\d*)+)\()[A-Za-z_]\w+\.*\((?!e?s\))\w*\)"),
        ("(", r"\b(?:if|for|while|switch|catch) ?\([^()\n]*[=<>!;]"),
        ("({", r"\w\(\{"),
        ("(", rf"(?<![\w.])[a-z_]\w+(?:\.[A-Za-z_]\w+)*\.(?!(?:{_FORMULAS}|{_SITES})\()[A-Za-z_]\w+\({_ARGUMENTS}"),
        ("[", r"\berror\[\w+\]"),
        ("++", r"\b[a-z]\w*\+\+"),
        ("--", r"(?<!\S)--[a-z][\w-]+"),
        ("::", r"\w::\w"),
        ("/", r"(?<![\w.:/<])/(?:etc|usr|var|home|opt|tmp|dev|proc|sys|bin|lib|srv|mnt|root|Users|Library)/\w"),
        ("=", r"\b(?:const|var) [\[{\w][^\n=]*="),
        ("=>", r"=>"),
        ("{", r"\{\s*$"),
        ("}", r"^[ \t]*\}[;,)\]]*\s*$"),
        ("}", r"[;{] ?\}"),
        (";", r"\w ?= ?[^\s=;\\][^=;\n]*;"),
        (");", r"\);\s*$"),
        (".", rf"\.(?<=\w\.)(?:{_SUFFIXES})\b"),
        ("SELECT", r"\bSELECT\b(?:(?!\bSELECT\b).)+?\bFROM\b"),
        ("[", r"\[\w[^\[\]\n]* for \w+ in \w"),
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
    question. Where no cue is known, as in most languages, a talk whose questions show code, and nowhere wish that
    something be made, is there to explain code if it asks, else to debug it."""
    questions = [exchange.question for exchange in exchanges]
    question = "\n".join(questions)
    answer = "\n".join(exchange.answer for exchange in exchanges)
    topic = _asked_for(question)
    if topic:
        if _is_to_be_made(questions[0]) and not ("`" in answer or _is_plain_code(answer)):
            return ""  # prose about programs
        return topic if _is_of_code(question, answer, topic == "code_explanation") else ""
    if not _is_surely_of_code(question, answer) or any(map(_is_to_be_made, questions)):
        return ""
    return "code_explanation" if _ASKS.search(question) else "debugging"


def _asked_for(question: str) -> Topic:
    """The first topic that has a cue in ``question``."""
    small, is_ascii = question.lower(), question.isascii()
    found = (topic for topic, name in _CUES.items() if _cues(name, is_ascii).are_in(question, small))
    return next(found, "")


def _is_of_code(question: str, answer: str, is_to_explain: bool) -> bool:
    """Whether one of both is code beyond a doubt, or each has a sign of it: to be marked is a sign beside another.
    Everything can be explained: there a question without a sign needs more of them in the answer."""
    asked, answered = _signs_of_code(question), _signs_of_code(answer)
    enough = _ENOUGH_TO_EXPLAIN if is_to_explain and not asked else _ENOUGH
    if answered >= enough or _is_plain_code(question) or _is_plain_code(answer):
        return True
    return bool(asked or answered) and bool(asked or _is_marked(question)) and bool(answered or _is_marked(answer))


def _is_surely_of_code(question: str, answer: str) -> bool:
    """Whether the question shows code or names it, and the answer speaks of it, and not by a block alone: that was
    made."""
    if not _LETTERS.search(_BLOCKS.sub("", answer)):
        return False
    asked, answered = _signs_of_code(question), _signs_of_code(answer)
    if _is_marked(question):
        return asked + answered >= _ENOUGH
    return asked >= _ENOUGH and (answered > 0 or _is_marked(answer))


def _is_to_be_made(question: str) -> bool:
    """Whether a sentence wishes that something be written, made or changed."""
    return _making().search(question.lower()) is not None


def _is_marked(text: str) -> bool:
    """Whether anything is marked as people mark code, and other words too."""
    return "`" in text and _MARKED.search(text) is not None


def _is_plain_code(text: str) -> bool:
    if "`" in text and (_CODE_IN_SENTENCE.search(text) or _BLOCK.search(text)):
        return True
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
    return re.compile(rf"(?:\A|[.!?:,]\s|\n)[ \t]{{0,8}}[¿¡]?(?:(?:{polite})\b,?[ \t]*){{0,4}}(?:{begins})|{anywhere}")


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(f"data/{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
