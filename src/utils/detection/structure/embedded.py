"""Dialogues written out inside the texts of records, or of cells: prompts with labels or role tokens, notebooks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from src.core.types import Section, Span
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import compact_key, json_keys

ReadText = Callable[[str], Sequence[Finding]]
"""Reads a text by its lines, as a document of its own."""

_INDEX = re.compile(r"\[\d+\]")
_TRIED = 20
_MIN_SHARE = 0.5
_MIN_LENGTH = 20
_CONFIDENCE = 0.85
_GAP = "\n\n"
_OF = " of "

_Values = dict[str, list[Span]]


def find_in_values(text: str, sections: Sequence[Section], read: ReadText) -> Finding | None:
    """The dialogues inside the values of one key, in most of the records; None where no key holds any."""
    if any(section.kind not in ("record", "turn", "row") for section in sections):
        return None
    records = _records(text, sections)
    tried = list(islice(records, _TRIED))
    hits: Counter[str] = Counter()
    for values in tried:
        for key, spans in values.items():
            drafts = _read(text, spans, read)
            hits[key] += sum(bool(turn.pieces) for draft in drafts for turn in draft.utterances)
    holding = sum(any(values) for values in tried)
    best = max(hits, key=lambda key: (hits[key], _OF in key), default="")
    if not hits[best] or hits[best] < 2 * _MIN_SHARE * holding:
        return None
    drafts = [draft for values in chain(tried, records) if best in values for draft in _read(text, values[best], read)]
    reason = f"{len(drafts)} conversations written out in the values of {best!r}"
    return Finding("text inside records", tuple(drafts), _CONFIDENCE, reason)


def _records(text: str, sections: Sequence[Section]) -> Iterator[_Values]:
    """The texts of each record by key: those of one kind of object, all of a list, a prompt with its answer."""
    position = 0
    for section in sections:
        kinds: dict[str, str] = {}
        for field in section.fields:
            parent, _, key = field.name.rpartition(".")
            if compact_key(key).endswith(("type", "kind")):
                kinds[parent] = text[position + field.span.start : position + field.span.end]
        values: _Values = defaultdict(list)
        for field in section.fields:
            span = Span(position + field.span.start, position + field.span.end)
            if _is_turned_down(field.name):
                continue
            key = _INDEX.sub("", field.name)
            values[key].append(span)
            kind = kinds.get(field.name.rpartition(".")[0])
            if kind:
                values[f"{key}{_OF}{kind}"].append(span)
        values.update(_continued(values))
        yield {key: spans for key, spans in values.items() if sum(one.end - one.start for one in spans) >= _MIN_LENGTH}
        position += len(section.text)


def _is_turned_down(name: str) -> bool:
    """Whether a value belongs to the answer that was not chosen of two."""
    return any(compact_key(step) in json_keys("rejected") for step in _INDEX.sub("", name).split("."))


def _continued(values: _Values) -> _Values:
    """A prompt that ends where its answer, another value, goes on."""
    names = {compact_key(name): name for name in values}
    asked = next((key for key in json_keys("question") if key in names), "")
    told = next((key for key in json_keys("answer") if key in names), "")
    if not asked or not told or asked == told:
        return {}
    return {f"{names[asked]} + {names[told]}": [*values[names[asked]], *values[names[told]]]}


def _read(text: str, spans: Sequence[Span], read: ReadText) -> list[Draft]:
    """The conversations of values that are read one after the other, their spans in ``text``."""
    joined = _GAP.join(text[span.start : span.end] for span in spans)
    starts: list[int] = []
    place = 0
    for span in spans:
        starts.append(place)
        place += span.end - span.start + len(_GAP)
    return [
        _moved(draft, spans, starts)
        for finding in read(joined)
        if finding.confidence >= 0.8
        for draft in finding.drafts
    ]


def _moved(draft: Draft, spans: Sequence[Span], starts: Sequence[int]) -> Draft:
    turns = tuple(
        Utterance(
            turn.speaker, turn.family, tuple(part for piece in turn.pieces for part in _original(piece, spans, starts))
        )
        for turn in draft.utterances
    )
    begin = bisect_right(starts, draft.start) - 1
    return Draft(turns, spans[begin].start + draft.start - starts[begin])


def _original(piece: Span, spans: Sequence[Span], starts: Sequence[int]) -> Iterator[Span]:
    """The parts of a piece of the joined values that lie in each of them."""
    index = bisect_right(starts, piece.start) - 1
    while index < len(spans) and starts[index] < max(piece.end, piece.start + 1):
        shift = spans[index].start - starts[index]
        low = max(piece.start + shift, spans[index].start)
        high = min(piece.end + shift, spans[index].end)
        if high > low or piece.start == piece.end:
            yield Span(min(low, high), high)
        index += 1
