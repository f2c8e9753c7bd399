"""What is wrong with one sample: its turns, its characters, its length, or that it stood there before."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from src.core.specs import ModelLimits
from src.core.types import Message, Sample, TokenCount
from src.providers.limits import ESTIMATE_MARGIN

# NUL ends strings in C programs and is refused by databases; a half of a surrogate pair is not valid Unicode.
_FORBIDDEN: Final = re.compile("[\0\ud800-\udfff]")
_OPENING_MARKS: Final = "\"'“”„‘’‚«»‹›¿¡「『"
_CLOSING_MARKS: Final = "\"'“”„‘’‚«»‹›.,;:!?…。、，！？：；」』"


class Problem(NamedTuple):
    """Why a sample is refused: a code for counting and a sentence for a person."""

    reason: str
    detail: str


def find_problem(sample: Sample, counted: TokenCount, limits: ModelLimits) -> Problem | None:
    """The first thing that is wrong with a sample, or None: roles, empty turns, and length in that order.

    Characters come first of all (``find_bad_character``): a text with half a surrogate pair cannot even be hashed.
    """
    return _find_role_problem(sample) or _find_empty_turn(sample) or _find_length_problem(counted, limits)


def find_bad_character(sample: Sample) -> Problem | None:
    """A NUL or half a surrogate pair in a turn: no JSON file or database takes these."""
    texts = [*(message.content for message in sample.messages), sample.rejected]
    for number, text in enumerate(texts, start=1):
        found = _FORBIDDEN.search(text)
        if found:
            kind = "a NUL character" if found.group() == "\0" else f"half a character (U+{ord(found.group()):04X})"
            return Problem("invalid_characters", f"Turn {number} holds {kind} at position {found.start()}.")
    return None


def worse_twin(sample: Sample) -> Sample | None:
    """The sample with the worse answer of a preference pair in the place of the better one, to be checked like it; None
    for every other sample."""
    if not sample.rejected:
        return None
    return replace(sample, messages=(*sample.messages[:-1], Message("assistant", sample.rejected)))


def content_key(sample: Sample) -> int:
    """A 64-bit number that is the same for samples that differ in case, spaces and sentence marks only."""
    digest = hashlib.blake2b(digest_size=8)
    for message in sample.messages:
        digest.update(f"{message.role}\0{_normalise(message.content)}\0".encode("utf-8", "surrogatepass"))
    return int.from_bytes(digest.digest())


def _normalise(text: str) -> str:
    words = text.lower().split()
    bare = [stripped for word in words if (stripped := word.lstrip(_OPENING_MARKS).rstrip(_CLOSING_MARKS))]
    return " ".join(bare or words)


def _find_role_problem(sample: Sample) -> Problem | None:
    roles = [message.role for message in sample.messages]
    spoken = roles[1:] if roles[:1] == ["system"] else roles
    if not spoken:
        return Problem("no_turns", "The sample has no user and no assistant turn.")
    if "system" in spoken:
        return Problem("system_not_first", "A system message may only stand at the beginning.")
    if spoken[0] != "user":
        return Problem("user_not_first", "The first turn is the assistant's: nothing was asked.")
    for number, (before, role) in enumerate(pairwise(spoken), start=2):
        if before == role:
            return Problem("not_alternating", f"Turns {number - 1} and {number} are both the {role}'s.")
    if spoken[-1] != "assistant":
        return Problem("no_answer", "The last turn is the user's: there is nothing to learn.")
    return None


def _find_empty_turn(sample: Sample) -> Problem | None:
    for number, message in enumerate(sample.messages, start=1):
        if not message.content.strip():
            return Problem("empty_turn", f"Turn {number} ({message.role}) is empty.")
    return None


def _find_length_problem(counted: TokenCount, limits: ModelLimits) -> Problem | None:
    limit = limits.max_example_tokens
    if limit is None:
        return None
    if counted.tokens > limit:
        about = "" if counted.exact else "About "
        return Problem("too_long", f"{about}{counted.tokens:,} tokens; {limits.title} takes {limit:,}.")
    if not counted.exact and counted.tokens > limit * ESTIMATE_MARGIN:
        detail = (
            f"About {counted.tokens:,} tokens; an estimate must stay below {limit * ESTIMATE_MARGIN:,.0f} of {limit:,}."
        )
        return Problem("too_long", detail)
    return None
