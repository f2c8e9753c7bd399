"""Numbers as a person reads them; a figure that is not known is a dash."""

from __future__ import annotations

from src.core import wording
from src.reports.metrics.catalogue import Unit

UNKNOWN = "–"
counted = wording.counted
_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


def share(value: float | None) -> str:
    """A share as a percentage with one decimal."""
    return UNKNOWN if value is None else f"{100 * value:.1f}{_NARROW_SPACE}%"


def number(value: float | None) -> str:
    """Two decimals; thousands are grouped."""
    return UNKNOWN if value is None else f"{value:,.2f}"


def whole(value: int | None) -> str:
    """A count."""
    return UNKNOWN if value is None else f"{value:,}"


def dollars(value: float | None) -> str:
    """USD, as everywhere."""
    return "not known" if value is None else wording.dollars(value)


def in_unit(value: float | None, unit: Unit) -> str:
    """A measure in its unit."""
    if unit == "usd":
        return UNKNOWN if value is None else dollars(value)
    return share(value) if unit == "share" else number(value)
