"""Keys with their values, and values with their counts: what settings, schemas and surveys hold, and nobody says."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KEY = re.compile(r"[-\s]{0,40}[\"']?(?P<key>[a-z_$][\w.$-]{0,39})[\"']?:(?:\s|\Z)")
"""A key as programs write it: small, of one word."""
_COUNTED = re.compile(
    r"(?=[^\n]{0,200}[^\W\d_])"
    r"(?:[-*•\s]{0,8}\d{1,3}(?:[.,]\d{1,2})?[ ]?%[^\n]{1,80}|[^\n]{1,160}[\s:|(=]\d{1,7}(?:[.,]\d{1,2})?[ ]?%?\)?)\s*"
)
"""A value and how many chose it: ``every week	31``, ``31 % every week``."""
_SHARE = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?[ ]?%")
_WORDS_OF_SHARE = 4
_MIN_LINES = 2
_MIN_COUNTED = 0.6


def hold_fields(contents: Sequence[str]) -> bool:
    """Whether most texts are keys with their values alone: two or more in most of them, or one that is always the
    same. A name before what is said to somebody is no such key: it changes, and leads one line."""
    keys = [_keys(content) for content in contents]
    several = sum(len(set(found)) >= _MIN_LINES for found in keys)
    return 2 * several >= len(keys) or (all(keys) and len({found[0] for found in keys if found}) == 1)


def _keys(content: str) -> list[str]:
    """The keys of a text whose lines all have one; none where a line has not."""
    found = [_KEY.match(line) for line in content.split("\n") if line.strip()]
    keys = [match["key"] for match in found if match]
    return keys if len(keys) == len(found) else []


def hold_counts(contents: Sequence[str]) -> bool:
    """Whether most texts are lists of values with how many chose each."""
    return 2 * sum(map(_is_counted, contents)) > len(contents)


def _is_counted(content: str) -> bool:
    """Whether the lines are values with their counts, or a single one is a row of shares: ``40 % yes, 50 % no``."""
    shares = len(_SHARE.findall(content)) if "\n" not in content.strip() else 0
    if shares >= _MIN_LINES:
        return len(content.split()) <= _WORDS_OF_SHARE * shares
    lines = [line for line in content.split("\n") if line.strip()]
    counted = sum(_COUNTED.fullmatch(line) is not None for line in lines)
    return counted >= _MIN_LINES and counted >= _MIN_COUNTED * len(lines)
