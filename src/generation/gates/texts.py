"""Texts made comparable: one spelling of marks and spaces, keys of questions, sentences, what a text weighs."""

from __future__ import annotations

import re
import unicodedata

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
_CUT_WORD = re.compile(r"(?<=\w)[\u00ad\u2010]\n\s*(?=\w)")


def normalise(text: str) -> str:
    """``text`` in NFKC, casefolded, one kind of quote and dash, single spaces: equal for a reader, equal here."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_SAME_MARKS).split())


def join_lines(text: str) -> str:
    """``text`` with the words in one piece that a hyphen for the end of a line has cut in two."""
    return _CUT_WORD.sub("", text)


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


def split_sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order, stripped: cut at end marks and line breaks, not after an abbreviation."""
    sentences: list[str] = []
    open_part = ""
    start = 0
    for end in [*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]:
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
