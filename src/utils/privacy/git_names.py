"""Names of people in what git prints: logs of one line, lists of authors, who wrote which line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.utils.privacy.people import FULL_NAME, has_known_name, is_of_person
from src.utils.privacy.spans import PrivateSpan

_COMMIT = r"\n[*|\\/_^ ]{0,12}[0-9a-f]{7,40} "
_SIGN = re.compile(_COMMIT)
_WHEN = r"(?:\d{1,3} \w{1,7} ago|\d{4}-\d\d-\d\d)"
_AGO = re.compile(rf"\({_WHEN}\)")
_IN_LOGS = (
    re.compile(rf"{_COMMIT}[^\n]{{0,200}}? - (?P<likely>{FULL_NAME})(?: \([^\n]{{1,80}}\))?(?=\n|\Z)"),
    re.compile(rf"{_COMMIT}[^\n]{{0,200}}?<(?P<name>{FULL_NAME})>(?=\n|\Z)"),
    re.compile(rf"{_COMMIT}[^\n]{{0,200}}?\((?P<name>{FULL_NAME}),?\s{{1,20}}{_WHEN}"),
)
_IN_LISTS = (
    re.compile(rf"\n {{1,6}}\d{{1,6}}\t(?P<name>{FULL_NAME})(?=\n|\Z| <)"),
    re.compile(rf"\n(?P<likely>{FULL_NAME}) \(\d{{1,5}}\):\n"),
)
"""A name that is ``likely`` one stands where titles of changes do too: without a date it must be known."""


def find_names_of_git(text: str) -> Iterator[PrivateSpan]:
    """Names of people in output of ``git log``, ``git blame`` and ``git shortlog``; findings may overlap."""
    text = "\n" + text
    patterns = (_IN_LOGS if _SIGN.search(text) else ()) + (_IN_LISTS if "\t" in text or "):\n" in text else ())
    for pattern in patterns:
        for match in pattern.finditer(text):
            group, name = next(iter(match.groupdict().items()))
            if is_of_person(name) and (group == "name" or has_known_name(name) or _AGO.search(match[0])):
                yield PrivateSpan(match.start(group) - 1, match.end(group) - 1, "NAME")
