"""Pairs of question and answer that a record holds under known keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from src.core.types import Span
from src.utils.detection.structure.record_keys import Leaf, Path, is_text_leaf
from src.utils.detection.types import Draft, Family, Utterance
from src.utils.detection.words.vocabulary import compact_key, json_keys, words

_ROUND_STEPS = 3
"""The end of the path of a text in a list of rounds: ``history[0][1]``."""
_SIDES: dict[str, Family] = {"[0]": "question", "[1]": "answer"}


def read_pairs(leaves: Sequence[Leaf]) -> Iterator[Draft]:
    objects: dict[Path, dict[str, Span]] = defaultdict(dict)
    for path, span in leaves:
        for depth, step in enumerate(path):
            if step.startswith("[") or not is_text_leaf(path, depth):
                continue
            key = compact_key(step)
            if any(key in json_keys(group) for group in ("question", "answer", "system", "extra_input")):
                objects[path[:depth]].setdefault(key, span)
    yield from _after_lists(leaves, objects)
    rounds: dict[Path, list[Draft]] = defaultdict(list)
    before = _rounds_before(leaves)
    for base, keys in objects.items():
        draft = _pair(keys)
        if draft:
            draft = _with_rounds_before(draft, before.get(base, ()))
            holder = base[:-1] if len(base) > 1 and compact_key(base[-2]) in words("rounds") else base
            rounds[holder].append(draft)
    for drafts in rounds.values():
        yield Draft(tuple(turn for draft in drafts for turn in draft.utterances), drafts[0].start)


def _pair(keys: Mapping[str, Span]) -> Draft | None:
    asked = _pick(keys, "question", ())
    told = _pick(keys, "answer", (asked,))
    if asked is None or told is None:
        return None
    pieces = [keys[asked]]
    extra = _pick(keys, "extra_input", (asked, told))
    if extra is not None:
        pieces.append(keys[extra])
    turns = [Utterance("question", "question", tuple(sorted(pieces))), Utterance("answer", "answer", (keys[told],))]
    system = _pick(keys, "system", (asked, told))
    if system is not None:
        turns.insert(0, Utterance("system", "system", (keys[system],)))
    return Draft(tuple(turns), min(span.start for span in keys.values()))


def _after_lists(leaves: Sequence[Leaf], objects: Mapping[Path, Mapping[str, Span]]) -> Iterator[Draft]:
    """Answers beside a list of what was said before, one text a turn: ``{"context": [...], "response": "..."}``."""
    said: dict[Path, list[Span]] = defaultdict(list)
    for path, span in leaves:
        if len(path) > 1 and path[-1].startswith("[") and compact_key(path[-2]) in (*json_keys("history"), "context"):
            said[path[:-2]].append(span)
    for base, before in said.items():
        told = _pick(objects.get(base, {}), "answer", ())
        if told is None or _pick(objects[base], "question", (told,)) is not None:
            continue
        sides: tuple[Family, Family] = ("answer", "question")
        spans = [*before, objects[base][told]]
        families = [sides[place % 2] for place in range(len(spans))][::-1]
        turns = tuple(Utterance(family, family, (span,)) for family, span in zip(families, spans, strict=True))
        yield Draft(turns, spans[0].start)


def _rounds_before(leaves: Sequence[Leaf]) -> dict[Path, list[Utterance]]:
    """By the path of an object the rounds that a list of ``[question, answer]`` beside its own pair holds."""
    found: dict[Path, list[Utterance]] = defaultdict(list)
    for path, span in leaves:
        if len(path) >= _ROUND_STEPS and compact_key(path[-3]) in json_keys("history"):
            family = _SIDES.get(path[-1])
            if family:
                found[path[:-3]].append(Utterance(family, family, (span,)))
    return found


def _with_rounds_before(draft: Draft, rounds: Sequence[Utterance]) -> Draft:
    """``draft`` with the earlier rounds behind its system prompt, in front of its last question."""
    opening = [turn for turn in draft.utterances if turn.family == "system"]
    return draft._replace(utterances=(*opening, *rounds, *draft.utterances[len(opening) :])) if rounds else draft


def _pick(keys: Mapping[str, Span], group: str, without: Sequence[str | None]) -> str | None:
    ranks = json_keys(group)
    known = [key for key in keys if key in ranks and key not in without]
    return min(known, key=lambda key: ranks[key]) if known else None
