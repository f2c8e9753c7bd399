"""What an entry of the menu is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu. ``whole`` does all of its steps, ``parts`` one each: ``module:function``, loaded when
    picked. ``whole`` "" asks which part is meant."""

    number: int
    title: str
    parts: tuple[tuple[str, str], ...] = ()
    whole: str = ""
