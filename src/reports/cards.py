"""Parts that every dataset card is made of: front matter as the Hugging Face Hub reads it, tables, safe cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)
_LARGEST: Final = "100M<n<1B"
_SHOWN: Final = 20
_MARKUP: Final = re.compile(r"([\\`\[\]|])")


def front_matter(matter: Mapping[str, Any]) -> str:
    """The YAML block that a card begins with."""
    return f"---\n{yaml.safe_dump(dict(matter), sort_keys=False, allow_unicode=True)}---\n"


def size_category(rows: int) -> str:
    """The Hub's word for a number of rows."""
    return next((name for most, name in _SIZES if rows < most), _LARGEST)


def licence_matter(licences: Collection[str]) -> dict[str, str]:
    """``license`` as the Hub takes it: its own word for a licence that it knows, else ``other`` with the name; for
    several, ``other``; for none, ``unknown``."""
    if len(licences) != 1:
        return {"license": "other" if licences else "unknown"}
    name = next(iter(licences)).strip()
    word = re.sub(r"[^a-z0-9.+]+", "-", name.casefold()).strip("-").removesuffix("-only").removesuffix("-or-later")
    return {"license": word} if word in _hub_licences() else {"license": "other", "license_name": word}


def count_table(title: str, counts: Mapping[str, int], whole: int) -> list[str]:
    """A heading and a Markdown table of the largest ``counts`` with their shares of ``whole``."""
    shown = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"## {title}", "", "| name | rows | share |", "|---|---:|---:|"]
    lines += [f"| {card_cell(name or '(none)')} | {count:,} | {count / whole:.1%} |" for name, count in shown[:_SHOWN]]
    rest = sum(count for _, count in shown[_SHOWN:])
    if rest:
        lines.append(f"| {len(shown) - _SHOWN} others | {rest:,} | {rest / whole:.1%} |")
    return [*lines, ""]


def card_cell(text: str) -> str:
    """A text that cannot leave its cell, nor become a link or HTML: it comes from file names and documents."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split())).replace("<", "&lt;")


@cache
def _hub_licences() -> frozenset[str]:
    lines = (Path(__file__).parent / "hub_licences.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
