"""Reads the parts of a long text as its beginning was read: by the heads of its turns, which were learned there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from src.utils.detection.lines.labels import find_label
from src.utils.detection.lines.lines import Line, index_part
from src.utils.detection.lines.turn_ends import Mark, manner_of
from src.utils.detection.long_texts.heads import learn_heads
from src.utils.detection.long_texts.regular_chat import RegularChat
from src.utils.detection.long_texts.regular_labels import RegularLabels
from src.utils.detection.plausibility import implausible
from src.utils.detection.types import Draft, Finding, Utterance

_TIMES = "messages with times"
_PAIRS = "labelled pairs"
_LABELS = ("labelled dialogue", _PAIRS, "speaker names")
_MIN_TURNS = 20
_AT_LEAST = 4
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Regular:
    """How a text was read whose turns all begin alike."""

    reader: RegularChat | RegularLabels
    rule: str
    confidence: float
    reason: str
    share: float
    """How much of the beginning the turns said; the rest are heads."""

    def read(self, text: str) -> Finding | None:
        """What the same rule finds in another part, without asking the others; None where it explains far less."""
        drafts = tuple(self.reader.read(text))
        found = Finding(self.rule, drafts, self.confidence, self.reason)
        return found if found.weight > _MOST * self.share * len(text) else None

    def goes_on_in(self, text: str) -> bool:
        """Whether some turns begin in ``text``, so that it is worth reading."""
        return self.reader.heads.begin_in(text, _AT_LEAST)


def learn(text: str, found: Sequence[Finding]) -> Regular | None:
    """How ``text``, the beginning of a longer one, is read, if one rule ``found`` all there is, its turns begin alike,
    and reading it again by their heads gives the same; else None."""
    if len(found) != 1 or found[0].turns < _MIN_TURNS or found[0].rule not in (_TIMES, *_LABELS):
        return None
    finding = found[0]
    if implausible(text, finding):
        return None
    turns = [turn for draft in finding.drafts for turn in draft.utterances if turn.pieces]
    heads = learn_heads(text, turns, with_times=finding.rule == _TIMES)
    if heads is None:
        return None
    reader: RegularChat | RegularLabels = RegularChat(heads)
    if finding.rule != _TIMES:
        lines = index_part(text, 0, len(text))
        manner = manner_of(text, lines, list(_marks(text, lines, turns)), closed_pairs=finding.rule == _PAIRS)
        joined = finding.rule == _PAIRS and len(finding.drafts) == 1
        others = frozenset(head.name for head in heads.find(text) if head.name and not head.word)
        reader = RegularLabels(heads, others, finding.rule, manner, joined)
    same = _but_the_last(reader.read(text)) == _but_the_last(finding.drafts)
    if not same:
        return None
    return Regular(reader, finding.rule, finding.confidence, finding.reason, finding.weight / len(text))


def _marks(text: str, lines: Sequence[Line], turns: Sequence[Utterance]) -> Iterator[Mark]:
    """The labels of ``turns``: each in the line where its text begins, or the last filled one above."""
    starts = [line.start for line in lines]
    for turn in turns:
        index = bisect_right(starts, turn.pieces[0].start) - 1
        if turn.pieces[0].start <= lines[index].first:
            index = next((above for above in range(index - 1, -1, -1) if not lines[above].blank), 0)
        label = find_label(text, lines, index)
        if label:
            yield Mark(index, label)


def _but_the_last(drafts: Sequence[Draft]) -> list[list[Utterance]]:
    """The turns of ``drafts`` without the very last, whose end the beginning of a text does not show."""
    turns = [[turn for turn in draft.utterances if turn.pieces] for draft in drafts]
    return [*turns[:-1], turns[-1][:-1]] if turns else []
