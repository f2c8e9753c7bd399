"""Keys with their values, and values with their counts: what settings, schemas and surveys hold, and nobody says."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from src.utils.detection.words.asking import asks

_KEY = re.compile(r"[-\s]{0,40}[\"']?(?P<key>[a-z_$][\w.$-]{0,39})[\"']?:(?:\s|\Z)")
"""A key as programs write it: small, of one word."""
_COUNTED = re.compile(
    r"(?=[^\n]{0,200}[^\W\d_])"
    r"(?:[-*•\s]{0,8}(?P<before>\d{1,3}(?:[.,]\d{1,2})?[ ]?%)[^\n]{1,80}"
    r"|[^\n]{1,160}[\s:|(](?P<behind>\d{1,5}(?:[.,]\d{1,2})?[ ]?%?)\)?)\s*"
)
"""A value and how many chose it: ``every week	31``, ``31 % every week``."""
_SHARE = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?[ ]?%")
_WORDS_OF_SHARE = 4
_MIN_LINES = 2
_MIN_LISTS = 2
_MIN_COUNTED = 0.6
_MOST_OF_ALL = 80
"""Per cent: what is less than most of those who were asked are rates of something else."""


def hold_fields(sides: Collection[Sequence[str]]) -> bool:
    """Whether most texts of each side are keys with their values alone: two or more in them, or one that is always the
    same, and asks nothing. A name before what is said to somebody is no such key: it changes, and leads one line; and
    who asks in words may well be answered so."""
    keys = [[_keys(content) for content in contents] for contents in sides]
    found = [own for side in keys for own in side]
    several = all(2 * sum(len(set(own)) >= _MIN_LINES for own in side) >= len(side) for side in keys)
    same = all(found) and len({own[0] for own in found if own}) == 1
    return several or (same and not any(asks(content) for contents in sides for content in contents))


def hold_settings(asked: Sequence[str], *, labelled: bool) -> bool:
    """Whether most of what would be asked are arguments, with a comma at the end (``input: process.stdin,``), or, where
    no label leads them, keys with their values."""
    if labelled:
        return 2 * sum(content.rstrip().endswith(",") for content in asked) > len(asked)
    return 2 * sum(len(set(_keys(content))) >= _MIN_LINES for content in asked) > len(asked)


def _keys(content: str) -> list[str]:
    """The keys of a text whose lines all have one, but for a word in front, the value of the label itself; none where
    another line has not."""
    lines = [line for line in content.split("\n") if line.strip()]
    found = [match["key"] for line in lines if (match := _KEY.match(line))]
    valued = len(found) >= _MIN_LINES and len(found) + 1 == len(lines) and len(lines[0].split()) == 1
    return found if len(found) == len(lines) or (valued and not _KEY.match(lines[0])) else []


def hold_counts(contents: Sequence[str]) -> bool:
    """Whether most texts are lists of values with how many chose each: shares, or counts that add up to the same, as
    everybody was asked everything. Prices, ages, years and numbers to call do not."""
    counted = [total for content in contents if (total := _counted(content)) is not None]
    whole = [total for total in counted if total]
    return 2 * len(counted) > len(contents) and len(counted) >= _MIN_LISTS and len(set(whole)) <= 1


def _counted(content: str) -> int | None:
    """What the counts of a list add up to, 0 where they are shares of all: ``40 % yes, 50 % no``; None where nothing
    is counted."""
    lines = [line for line in content.split("\n") if line.strip()]
    if len(lines) == 1:
        counts = _SHARE.findall(content)
        told = len(content.split()) <= _WORDS_OF_SHARE * len(counts)
    else:
        counts = [match["before"] or match["behind"] for line in lines if (match := _COUNTED.fullmatch(line))]
        told = len(counts) >= _MIN_COUNTED * len(lines)
    if len(counts) < _MIN_LINES or not told:
        return None
    total = sum(int(re.split(r"\D", count)[0]) for count in counts)
    if all("%" in count for count in counts):
        return 0 if total >= _MOST_OF_ALL else None
    return total
