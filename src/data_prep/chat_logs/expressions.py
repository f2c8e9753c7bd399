"""Many regular expressions as one that is searched for fast."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_BORDER: Final = r"\b"


def any_of(expressions: Sequence[str], flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """A pattern that is found where one of ``expressions`` is; of those that match at one place any may be the one.

    Those that begin with the border of a word share the look for it: most places have none, and are passed at once. A
    letter or digit must follow it, and "|" stand in brackets only.
    """
    at_words = "|".join(one.removeprefix(_BORDER) for one in expressions if one.startswith(_BORDER))
    others = [f"(?:{one})" for one in expressions if not one.startswith(_BORDER)]
    return re.compile("|".join([*([rf"{_BORDER}(?=\w)(?:{at_words})"] if at_words else []), *others]), flags)
