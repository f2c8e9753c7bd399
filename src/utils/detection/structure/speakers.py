"""Sequences of (speaker, text) from tables, records and captions: are they a dialogue, and where is it cut."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from src.core.types import Span
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Family, Utterance
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.vocabulary import compact_key, letter_pairs, read_label

_MAX_SPEAKER = 60
_ID = re.compile(r"(?=\D{0,40}\d)(?=.{5}|[^\W\d_])(?!\d{4}-\d\d)[\w:.@-]{1,80}")
"""A mark with a figure in it, longer than a year or with a letter in front, and no day."""
_YES_NO = {"true", "false", "True", "False", "TRUE", "FALSE", "0", "1", "yes", "no", "null"}


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a structured dialogue. ``thread`` tells conversations apart; ``start`` is where the entry begins."""

    speaker: str
    pieces: tuple[Span, ...]
    start: int
    thread: str = ""

    @property
    def asks(self) -> bool:
        """Whether the speaker's name is a word for the asking side."""
        return read_label(self.speaker.rstrip(":")).family in ASKERS

    @property
    def answers(self) -> bool:
        """Whether the speaker's name is a word for the answering side."""
        return read_label(self.speaker.rstrip(":")).family in ANSWERERS


def to_drafts(entries: Sequence[Said]) -> tuple[Draft, ...]:
    """Conversations of the entries: by thread; question and answer labels stand in pairs."""
    threads: dict[str, list[Said]] = {}
    for entry in entries:
        threads.setdefault(entry.thread, []).append(entry)
    families = _families(entries)
    drafts: list[Draft] = []
    for members in threads.values():
        paired = _are_pairs(members, families)
        drafts.extend(_pairs(members, families) if paired else [_draft(members, families)])
    return tuple(drafts)


def behaves_like_dialogue(text: str, entries: Sequence[Said], *, trusted: bool) -> bool:
    """Whether the speakers repeat and alternate and the texts say something. ``trusted``: the schema says so."""
    speakers = Counter(entry.speaker.casefold() for entry in entries)
    if len(speakers) < 2 or any(len(speaker) > _MAX_SPEAKER or "\n" in speaker for speaker in speakers):
        return False
    families = set(_families(entries).values())
    asked = not families.isdisjoint(ASKERS)
    if asked and not families.isdisjoint(ANSWERERS):
        return True
    if trusted or (asked and families <= {*ASKERS, "system"} and len(entries) > len(speakers)):
        return True
    repeated = sum(count > 1 for count in speakers.values())
    if (
        repeated < 2
        or len(speakers) * 2 > len(entries)
        or any(speaker.replace(".", "").isdigit() for speaker in speakers)
    ):
        return False
    keys = [entry.speaker for entry in entries]
    changes = sum(one != other for one, other in itertools.pairwise(keys))
    words = sum(len(text[piece.start : piece.end].split()) for entry in entries for piece in entry.pieces)
    return changes * 2 >= len(keys) - 1 and words >= 2 * len(entries)


def parts_sessions(values: Sequence[str], key: str) -> bool:
    """Whether the values of rows under a key tell one conversation from the next: the rows of each adjoin, some share
    one, and the values are not merely yes or no. All rows may be of one conversation where they share an id."""
    runs = [value for value, _ in itertools.groupby(values)]
    distinct = set(runs)
    if len(runs) == 1 and not (compact_key(key).endswith("id") or _ID.fullmatch(runs[0])):
        return False
    return len(distinct) == len(runs) < len(values) and not distinct <= _YES_NO


def speaks_in_roles(entries: Sequence[Said]) -> bool:
    """Whether a speaker is known to ask or to answer by a word."""
    return any(family in (*ASKERS, *ANSWERERS) for family in _families(entries).values())


def leaves_questions(text: str, entries: Sequence[Said]) -> bool:
    """Whether somebody ends with a question, or a speaker is known to ask or to answer by a word."""
    return speaks_in_roles(entries) or any(
        ends_as_question(text[slice(*entry.pieces[-1])]) for entry in entries if entry.pieces
    )


def _label(entry: Said) -> str:
    return entry.speaker.strip().rstrip(":.： ")


def _families(entries: Sequence[Said]) -> dict[str, Family | None]:
    """What the speakers' names say of their roles; of two letters that are partners, which one asks."""
    labels = {_label(entry) for entry in entries}
    letters = {label.casefold() for label in labels}
    pair = next((pair for pair in letter_pairs() if letters == set(pair)), None)
    if pair:
        return {label: "question" if label.casefold() == pair[0] else "answer" for label in labels}
    return {label: read_label(label).family for label in labels}


def _are_pairs(entries: Sequence[Said], families: Mapping[str, Family | None]) -> bool:
    counts = Counter(families[_label(entry)] for entry in entries)
    return counts["question"] > 0 and counts["answer"] > 0 and counts["question"] + counts["answer"] == len(entries)


def _draft(entries: Sequence[Said], families: Mapping[str, Family | None]) -> Draft:
    turns = (Utterance(read_label(_label(entry)).key, families[_label(entry)], entry.pieces) for entry in entries)
    return Draft(tuple(turns), entries[0].start)


def _pairs(entries: Sequence[Said], families: Mapping[str, Family | None]) -> list[Draft]:
    groups: list[list[Said]] = []
    for entry in entries:
        if not groups or families[_label(entry)] == "question":
            groups.append([])
        groups[-1].append(entry)
    return [_draft(group, families) for group in groups]
