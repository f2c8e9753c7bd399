"""Many regular expressions as one that is searched for fast."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_BORDER: Final = r"\b"
_EXACT: Final = "(?-i:"
_LETTER: Final = re.compile(r"[^\W_](?![?*+{])")
_GROUP: Final = "(?:"
_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
"""What a regular expression is made of, as far as brackets are looked for: an escape, a set, any other character."""
_SHARED_LETTERS: Final = 4


def any_of(expressions: Sequence[str], flags: re.RegexFlag = re.NOFLAG, *, first: str = r"\w") -> re.Pattern[str]:
    """A pattern that is found where one of ``expressions`` is; of those that match at one place any may be the one.

    Those that begin with the border of a word share the look for it: most places have none, and are passed at once. One
    of the characters ``first`` must follow it, and "|" stand in brackets only. Those that begin with a letter of no
    ASCII share the look for it as well: languages without blanks have no such borders.
    """
    at_words = [one.removeprefix(_BORDER) for one in expressions if one.startswith(_BORDER)]
    anywhere = [one for one in expressions if one[0] > "\x7f" and _LETTER.match(one)]
    others = [f"(?:{one})" for one in expressions if not one.startswith(_BORDER) and one not in anywhere]
    return re.compile("|".join([*_shared(at_words, first, _BORDER), *_shared(anywhere, first, ""), *others]), flags)


def _shared(expressions: Sequence[str], first: str, border: str) -> list[str]:
    """One expression for all of ``expressions`` behind ``border``, none for none. They share the look for their first
    letters, and those with the same one share it too, so that few are tried at a place."""
    if not expressions:
        return []
    spread = [part for one in expressions for part in _alternatives(one)]
    letters = [_LETTER.match(one) for one in spread]
    look = f"[{''.join(dict.fromkeys(found[0] for found in letters if found))}]" if all(letters) else first
    return [rf"(?={look}){border}(?:{_by_letter(spread, _SHARED_LETTERS)})"]


def _by_letter(expressions: Sequence[str], depth: int) -> str:
    """``expressions`` as one, of which those with the same first letters share up to ``depth`` of them."""
    by_letter: dict[str, list[str]] = {}
    for one in expressions:
        found = _LETTER.match(one) if depth else None
        letter = found[0] if found else ""
        by_letter.setdefault(letter, []).append(one.removeprefix(letter))
    plain = by_letter.pop("", [])
    branches = [f"{letter}(?:{_by_letter(rests, depth - 1)})" for letter, rests in by_letter.items()]
    return "|".join([*branches, *plain])


def _alternatives(expression: str) -> list[str]:
    """``expression`` as several, without the brackets around alternatives that it begins with."""
    if not expression.startswith(_GROUP):
        return [expression]
    depth, starts, place = 0, [len(_GROUP)], 0
    for piece in _PIECE.finditer(expression):
        depth += (piece[0] == "(") - (piece[0] == ")")
        place = piece.end()
        if piece[0] == "|" and depth == 1:
            starts.append(place)
        if not depth:
            break
    rest = expression[place:]
    if rest[:1] in {"?", "*", "+", "{"}:
        return [expression]
    ends = [*(start - 1 for start in starts[1:]), place - 1]
    return [one for start, end in zip(starts, ends, strict=True) for one in _alternatives(expression[start:end] + rest)]


class Cues(NamedTuple):
    """A list of regular expressions to be looked for line by line: those in small letters whatever the case, which is
    many times faster in a text that was made small; and those that mind it."""

    small: re.Pattern[str]
    exact: re.Pattern[str] | None

    @classmethod
    def of(cls, expressions: Sequence[str]) -> Cues:
        """From expressions of which those in ``(?-i:...)`` mind the case: their words begin with a capital letter."""
        small = [one for one in expressions if _EXACT not in one]
        exact = [one.replace(_EXACT, "(?:") for one in expressions if _EXACT in one]
        return cls(any_of(small, re.MULTILINE), any_of(exact, re.MULTILINE, first="[A-Z]") if exact else None)

    def are_in(self, text: str, in_small_letters: str) -> bool:
        """Whether one of them is in ``text``, which is given in both ways."""
        return bool((self.exact and self.exact.search(text)) or self.small.search(in_small_letters))
