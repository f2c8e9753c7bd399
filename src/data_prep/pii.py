"""Where secrets and personal data stand in a text, for tools that measure or replace them themselves."""

from __future__ import annotations

from collections.abc import Sequence

from src.utils.privacy.extras import Extra
from src.utils.privacy.scan import find_in_conversation
from src.utils.privacy.spans import Label


def find_spans(text: str, extras: Sequence[Extra] = ()) -> list[tuple[int, int, Label]]:
    """``(start, end, label)`` of every secret and personal detail of ``text``, in order, none overlapping another.

    ``extras`` are the detectors of optional packages to ask too, "betterleaks" and "presidio". Raises
    MissingPackageError for one that is not installed.
    """
    (spans,) = find_in_conversation([text], extras)
    return [(span.start, span.end, span.label) for span in spans]
