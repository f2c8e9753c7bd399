"""Where something private stands in a text, and what of it counts where findings overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

_Secret = Literal[
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
]
_Personal = Literal["EMAIL", "PHONE", "CARD", "IBAN", "NATIONAL_ID", "IPV4", "IPV6", "MAC", "USER", "NAME"]
Label = _Secret | _Personal
"""What a finding is: what opens a door, or what leads to a person."""

SECRETS: frozenset[Label] = frozenset(get_args(_Secret))


class PrivateSpan(NamedTuple):
    """Characters ``[start, end)`` of a text, and what they are."""

    start: int
    end: int
    label: Label


def without_overlaps(found: Iterable[PrivateSpan]) -> list[PrivateSpan]:
    """The findings in the order of the text. Those that overlap become one, so that nothing found stays in clear: its
    label is that of the secret among them, else of the longer, else of the first. An address that begins within a
    secret is none, but the host behind the password of a URL: it stays.
    """
    kept: list[PrivateSpan] = []
    for span in sorted(found):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif not _is_behind_password(kept[-1], span):
            first = max(kept[-1], span, key=_rank)
            kept[-1] = PrivateSpan(kept[-1].start, max(kept[-1].end, span.end), first.label)
    return kept


def _is_behind_password(first: PrivateSpan, second: PrivateSpan) -> bool:
    return second.label == "EMAIL" and first.label in SECRETS


def _rank(span: PrivateSpan) -> tuple[bool, int]:
    return span.label in SECRETS, span.end - span.start
