"""Who makes a version of a dataset, as its history names them."""

from __future__ import annotations

import getpass


def author_of(given: str = "") -> str:
    """``given``; where that is empty, the name of the login, "" where there is none."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no entry for this user, as in some containers
        return ""
