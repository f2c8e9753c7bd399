"""Turns behind labels that are known: plain ones as they stand, others cut by their lines in the manner of the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from src.core.types import Span
from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import index_part
from src.utils.detection.lines.turn_ends import Between, Manner, Mark
from src.utils.detection.lines.turns import Cut, cut_turn
from src.utils.detection.long_texts.heads import Head, Heads
from src.utils.detection.long_texts.plain_turns import one_lines, one_paragraph
from src.utils.detection.rules.closed_labels import dialogue_drafts, pair_drafts
from src.utils.detection.rules.named_dialogues import named_drafts
from src.utils.detection.types import Draft, Utterance, make_all
from src.utils.detection.words.names import is_speaker_name
from src.utils.detection.words.vocabulary import LabelWord, read_label

_MAX_STRANGERS = 2
_NOTHING = Between()
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RegularLabels:
    """Labelled text whose labels are known, and what stands like one but is none (``Note:``). ``joined``: its pairs
    are one interview."""

    heads: Heads
    others: frozenset[str]
    rule: str
    manner: Manner
    joined: bool

    def read(self, text: str) -> Sequence[Draft]:
        """The turns of ``text``; none where others speak, or where something stands between the turns."""
        heads = _outside_fences(text, self.heads.find(text))
        known = [(head, word) for head in heads if (word := head.word)]
        if len(known) < len(heads) and self._are_speakers([head for head in heads if not head.word]):
            return []
        turns, betweens = [], [_NOTHING]
        stops = [*(head.start for head, _ in known[1:]), len(text)][: len(known)]
        lines = one_lines(text, [head.text_start for head, _ in known], stops)
        for (head, word), stop, line in zip(known, stops, lines, strict=True):
            said, between = line or one_paragraph(text, head.text_start, stop), _NOTHING
            if not said:
                said, between = self._by_lines(text, head, word, stop)
            turns.append((word.key, word.family, said))
            betweens.append(between)
        starts = [head.start for head, _ in known]
        return self._drafts(text, list(make_all(Cut, zip(make_all(Utterance, turns), starts, betweens, strict=False))))

    def _are_speakers(self, strangers: Sequence[Head]) -> bool:
        names = Counter(head.name for head in strangers if head.name and head.name not in self.others)
        return any(
            read_label(name).family or (count > _MAX_STRANGERS and is_speaker_name(name))
            for name, count in names.items()
        )

    def _by_lines(self, text: str, head: Head, word: LabelWord, stop: int) -> tuple[tuple[Span, ...], Between]:
        last = stop == len(text)
        lines = index_part(text, head.start, stop if last else text.find("\n", stop) + 1 or len(text))
        start = lines[0].end if head.text_start >= lines[0].end else head.text_start
        label = Label(head.name or "", word, "colon", head.start, start, lines[0].end, indent=lines[0].indent)
        return cut_turn(text, lines, Mark(0, label), len(lines) - (not last), self.manner)

    def _drafts(self, text: str, cuts: Sequence[Cut]) -> Sequence[Draft]:
        if self.rule == "speaker names":
            return named_drafts([cut for cut in cuts if cut.turn.pieces])
        if self.rule == "labelled dialogue":
            return dialogue_drafts(text, cuts)
        drafts = pair_drafts(text, cuts)
        if not self.joined or not drafts:
            return drafts
        return [Draft(tuple(turn for draft in drafts for turn in draft.utterances), drafts[0].start)]


def _outside_fences(text: str, heads: list[Head]) -> list[Head]:
    """The heads that no fenced code holds; a fence that never closes opens nothing."""
    if "```" not in text and "~~~" not in text:
        return heads
    starts = [head.start for head in heads]
    kept: list[Head] = []
    place = 0
    for opened, closed in _fenced(text):
        kept += heads[place : bisect_left(starts, opened)]
        place = bisect_left(starts, closed)
    return kept + heads[place:]


def _fenced(text: str) -> Iterator[Span]:
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not fence[2].strip():
            yield Span(opened.start(), fence.end())
            opened = None
