"""Sequences of (speaker, text) from tables, records and captions: are they a dialogue, and where is it cut."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from src.core.types import Span
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Utterance
from src.utils.detection.vocabulary import read_label

_MAX_SPEAKER = 60


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
    drafts: list[Draft] = []
    for members in threads.values():
        drafts.extend(_pairs(members) if _are_pairs(members) else [_draft(members)])
    return tuple(drafts)


def behaves_like_dialogue(text: str, entries: Sequence[Said], *, trusted: bool) -> bool:
    """Whether the speakers repeat and alternate and the texts say something. ``trusted``: the schema says so."""
    speakers = Counter(entry.speaker.casefold() for entry in entries)
    if len(speakers) < 2 or any(len(speaker) > _MAX_SPEAKER or "\n" in speaker for speaker in speakers):
        return False
    families = {read_label(speaker.rstrip(":")).family for speaker in speakers}
    if families & {"question", "user"} and families & {"answer", "assistant"}:
        return True
    if trusted:
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


def _are_pairs(entries: Sequence[Said]) -> bool:
    families = Counter(read_label(entry.speaker.rstrip(":. ")).family for entry in entries)
    return (
        families["question"] > 0
        and families["answer"] > 0
        and families["question"] + families["answer"] == len(entries)
    )


def _utterance(entry: Said) -> Utterance:
    word = read_label(entry.speaker.strip().rstrip(":."))
    return Utterance(word.key, word.family, entry.pieces)


def _draft(entries: Sequence[Said]) -> Draft:
    return Draft(tuple(_utterance(entry) for entry in entries), entries[0].start)


def _pairs(entries: Sequence[Said]) -> list[Draft]:
    groups: list[list[Said]] = []
    for entry in entries:
        if not groups or read_label(entry.speaker.rstrip(":. ")).family == "question":
            groups.append([])
        groups[-1].append(entry)
    return [_draft(group) for group in groups]
