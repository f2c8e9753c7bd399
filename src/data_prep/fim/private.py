"""What of a file leads to a person: counted, and left where it is, for a row says what its file says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from src.utils.privacy.accounts import find_users
from src.utils.privacy.addresses import find_addresses
from src.utils.privacy.numbers import find_numbers
from src.utils.privacy.spans import Label, PrivateSpan, without_overlaps


class _Sought(NamedTuple):
    """``sign`` is what a line shows that may hold one; it begins with letters or marks that are looked for fast."""

    label: Label
    sign: re.Pattern[str]
    find: Callable[[str], Iterable[PrivateSpan]]


_SOUGHT: Final = (
    _Sought("EMAIL", re.compile(r"@(?<=\w@)\w"), find_addresses),
    _Sought("PHONE", re.compile(r"\+(?<!\w\+)\d[\d ().-]{6}"), find_numbers),
    _Sought("USER", re.compile(r"/(?<![\w.]/)home/[\w.-]+/"), find_users),  # routes of web pages have no folder below
    _Sought("USER", re.compile(r"Users[\\/]"), find_users),
)


def count_private(text: str) -> Counter[str]:
    """How many addresses of e-mail, phones with the code of their country, and names of accounts in paths of home
    folders stand in ``text``. Only lines with a sign of one are looked at: all of the text would take longer than its
    rows may."""
    found: Counter[str] = Counter()
    for label, sign, find in _SOUGHT:
        for line in _lines_with(sign, text):
            found[label] += sum(span.label == label for span in without_overlaps(find(line)))
    return +found


def _lines_with(sign: re.Pattern[str], text: str) -> Iterator[str]:
    match = sign.search(text)
    while match:
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        yield text[text.rfind("\n", 0, match.start()) + 1 : end]
        match = sign.search(text, end)
