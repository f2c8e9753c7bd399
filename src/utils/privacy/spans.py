"""Where something private stands in a text, and what of it counts where findings overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Label = Literal[
    "AWS_ID",
    "AWS_SECRET",
    "AWS_SESSION",
    "AZURE_KEY",
    "GCP_KEY",
    "GITHUB",
    "GITLAB",
    "OPENAI",
    "ANTHROPIC",
    "HF",
    "SLACK",
    "STRIPE",
    "SENDGRID",
    "TELEGRAM",
    "NPM",
    "PYPI",
    "TOKEN",
    "JWT",
    "PRIVKEY",
    "PASSWORD",
    "DBURL_PW",
    "BASIC",
    "EMAIL",
    "PHONE",
    "CARD",
    "IBAN",
    "NATIONAL_ID",
    "IPV4",
    "IPV6",
    "MAC",
    "USER",
    "NAME",
]
"""What a finding is. The first 22 open a door (secrets), the others lead to a person."""

SECRETS: frozenset[Label] = frozenset(
    {
        "AWS_ID",
        "AWS_SECRET",
        "AWS_SESSION",
        "AZURE_KEY",
        "GCP_KEY",
        "GITHUB",
        "GITLAB",
        "OPENAI",
        "ANTHROPIC",
        "HF",
        "SLACK",
        "STRIPE",
        "SENDGRID",
        "TELEGRAM",
        "NPM",
        "PYPI",
        "TOKEN",
        "JWT",
        "PRIVKEY",
        "PASSWORD",
        "DBURL_PW",
        "BASIC",
    }
)


class PrivateSpan(NamedTuple):
    """Characters ``[start, end)`` of a text, and what they are."""

    start: int
    end: int
    label: Label


def without_overlaps(found: Iterable[PrivateSpan]) -> list[PrivateSpan]:
    """The findings in the order of the text. Of two that overlap the secret stays, else the longer, else the first."""
    kept: list[PrivateSpan] = []
    for span in sorted(found):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif _rank(span) > _rank(kept[-1]):
            kept[-1] = span
    return kept


def _rank(span: PrivateSpan) -> tuple[bool, int]:
    return span.label in SECRETS, span.end - span.start
