"""Texts made comparable: one spelling of marks and spaces, keys of questions, sentences, what a text weighs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

from src.generation.wordlists import month_names

_NO_LETTER = re.compile(r"[\W_]+")
_EAST_ASIAN = re.compile("[\u2e80-\U0010ffff]")
_SAME_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″「」『』", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        "\u00ad": None,
    }
)
_SENTENCE_END = re.compile(r"(?<=[.!?…;])[\"'”’)\]]*\s+(?=\S)|(?<=[。！？；।۔؟])|\n+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|[^\W\d_]{1,3}\.[^\W\d_]|[A-Z][a-z]{1,2}|[a-z]{1,3}|No|Nr|approx|ca)\.$"
)
PLAIN_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
"""A word or a number with what its hyphens and apostrophes join."""
MARKUP = re.compile(r"[*#>|~]+|(?<!\w)_+|_+(?!\w)")
_MIN_WIDTH = 50
_OWN_LINE = re.compile(r"\s*(?:[-*+•–#>|]|\(?\w{1,3}[.)]\s|[^\s:][^:\n]{0,30}:\s|```)")
"""How a line begins that goes on with none: an item of a list, a row of a table, a heading, a field."""
_CUT_WORD = re.compile(r"(?<=\w)[\u00ad\u2010]\n\s*(?=\w)")


def normalise(text: str) -> str:
    """``text`` in NFKC, casefolded, one kind of quote and dash, single spaces: equal for a reader, equal here."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_SAME_MARKS).split())


def join_lines(text: str) -> str:
    """``text`` with its sentences on one line each where lines of one width were filled with them, and the words in one
    piece that a hyphen for the end of a line has cut in two."""
    return "\n\n".join(map(_unfold, _CUT_WORD.sub("", text).split("\n\n")))


def _unfold(paragraph: str) -> str:
    """A paragraph without the breaks that stand only because the next word had no room in the width of the lines."""
    lines = paragraph.split("\n")
    width = max(map(len, lines))
    if width < _MIN_WIDTH:
        return paragraph
    parts = [lines[0]]
    for before, line in pairwise(lines):
        first, *_ = line.split(maxsplit=1) or [""]
        has_room = not first or len(before.rstrip()) + 1 + len(first) <= width
        is_own = has_room or _indent(line) != _indent(before) or _OWN_LINE.match(line)
        parts.append(f"\n{line}" if is_own else f" {line.strip()}")
    return "".join(parts)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def question_key(text: str) -> str:
    """The letters, digits and vowel signs of a question: equal when two differ only in case, spacing and marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return _NO_LETTER.sub("", text)
    # \w leaves out the vowel signs of Indic scripts, which tell words apart
    return "".join(mark for mark in text if mark.isalnum() or unicodedata.category(mark).startswith("M"))


def letter_weight(text: str) -> int:
    """How much a text says: its letters and digits; East Asian ones count twice, for one says as much as two."""
    return sum(map(str.isalnum, text)) + sum(map(str.isalnum, _EAST_ASIAN.findall(text)))


@cache
def _dates() -> re.Pattern[str]:
    """Days of a month as German and its neighbours write them: ``14. Mai``."""
    return re.compile(rf"\b\d{{1,2}}\.\s+(?:{'|'.join(sorted(map(re.escape, month_names())))})\b", re.IGNORECASE)


def split_sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order, stripped: cut at end marks and line breaks, not after an abbreviation."""
    sentences: list[str] = []
    open_part = ""
    start = 0
    inside = {place for date in _dates().finditer(text) for place in range(date.start() + 1, date.end())}
    ends = (found.end() for found in _SENTENCE_END.finditer(text))
    for end in [*(end for end in ends if end not in inside), len(text)]:
        piece = text[start:end]
        start = end
        open_part += piece
        if _ABBREVIATION.search(piece.rstrip(" ")) and not piece.endswith("\n"):
            continue
        if open_part.strip():
            sentences.append(open_part.strip())
        open_part = ""
    if open_part.strip():
        sentences.append(open_part.strip())
    return sentences


def whole_sentences(text: str) -> list[str]:
    """The sentences of ``text``, those that a semicolon cuts in one piece."""
    joined: list[str] = []
    for sentence in split_sentences(text):
        if joined and joined[-1].endswith(";"):
            joined[-1] += f" {sentence}"
        else:
            joined.append(sentence)
    return joined
