"""Whether an answer holds the fact that was asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def holds_accepted(answer: str, accepted: Iterable[str]) -> bool:
    """Whether one of the ``accepted`` answers stands in ``answer`` as whole words.

    The measure of open-domain question answering ("has answer", Chen et al., Reading Wikipedia to Answer Open-Domain
    Questions, ACL 2017), over text in NFKC and any case. A symbol of up to two letters counts in its own case only:
    "Au" is not "au". An answer that names the right thing beside a wrong one counts as right: it is a measure of what
    is known, not of what is said well.
    """
    plain = unicodedata.normalize("NFKC", answer)
    return any(_stands_in(unicodedata.normalize("NFKC", one), plain) for one in accepted)


def _stands_in(accepted: str, answer: str) -> bool:
    is_symbol = accepted.isalpha() and len(accepted) <= 2
    # a number is not the one that it is part of: neither 1,366 nor 3.66 holds 366
    pattern = rf"(?<![\w]){re.escape(accepted)}(?![\w])"
    if accepted[0].isdigit():
        pattern = rf"(?<![\w.,-]){re.escape(accepted)}(?!\w|[.,]\d)"
    return re.search(pattern, answer, 0 if is_symbol else re.IGNORECASE) is not None
