"""Pairs of question and answer that a record holds under known keys."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from src.core.types import Span
from src.utils.detection.structure.record_keys import is_text_leaf, tells_event
from src.utils.detection.structure.record_numbers import read_numbered
from src.utils.detection.structure.record_people import Leaf, Path
from src.utils.detection.types import Draft, Family, Utterance
from src.utils.detection.words.vocabulary import compact_key, json_keys, read_label, words

SAID_TO = "message"
"""Who speaks where the key of a question only says that it is a message, or a title."""
TARGET = "target"
"""Who answers where the key only says what a model is trained to give: it may be the class of a text."""
_ROUND_STEPS = 3
"""The end of the path of a text in a list of rounds: ``history[0][1]``."""
_SIDE_GROUPS = ("question", "answer", "said_to", "system", "extra_input", "target")
_MAX_KIND = 60
_SERVED = frozenset({"method", "url", "uri", "path", "headers", "status", "statuscode", "httpversion", "protocol"})
_OPTION = re.compile(r"\d{1,2}|[A-Za-z]")
"""The number or letter of one of the options beside it."""
_REQUEST_LINE = re.compile(r"(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS) \S{1,2000} HTTP/\d")
_PART_KINDS = frozenset({"type", "kind"})
_PART_STEPS = 2
"""The path of a part of a text from its key: ``[0].value``."""
_SIDES: dict[str, Family] = {"[0]": "question", "[1]": "answer"}


def read_pairs(text: str, leaves: Sequence[Leaf]) -> Iterator[Draft]:
    """The pairs of a record, those of one list of rounds as one conversation."""
    yield from read_numbered(text, leaves)
    thoughts = _thoughts(text, leaves)
    objects = {base: _texts(keys) for base, keys in _keyed(leaves, thoughts).items()}
    yield from _after_lists(leaves, objects)
    rounds: dict[Path, list[Draft]] = defaultdict(list)
    before = _rounds_before(leaves)
    in_talk = {path[:-1] for path, _ in leaves if _tells_of_talk(path[-1])}
    chosen = {path[:-2] for path, _ in leaves if _is_option(path)}
    served = {path[:-2] for path, _ in leaves if len(path) > 1 and _is_of_server(path)}
    for base, keys in objects.items():
        draft = _pair(keys, in_talk=base in in_talk) if base not in served else None
        if draft and _is_said(text, draft, with_options=base in chosen):
            draft = _with_rounds_before(draft, before.get(base, ()))
            holder = base[:-1] if len(base) > 1 and compact_key(base[-2]) in words("rounds") else base
            rounds[holder].append(draft)
    for drafts in rounds.values():
        yield Draft(tuple(turn for draft in drafts for turn in draft.utterances), drafts[0].start)


def _thoughts(text: str, leaves: Sequence[Leaf]) -> set[Path]:
    """The parts of an answer that are marked as what somebody thought, or what a program did, on the way to it."""
    return {path[:-1] for path, span in leaves if _is_thought(compact_key(path[-1]), text[slice(*span)][:_MAX_KIND])}


def _is_thought(key: str, value: str) -> bool:
    return tells_event(key, value) or (key in json_keys("event") and compact_key(value) in words("thoughts"))


def _is_of_server(path: Path) -> bool:
    """Whether a value below a request or a response is what only a server gets or sends."""
    return compact_key(path[-2]) in ("request", "response") and compact_key(path[-1]) in _SERVED


def _is_option(path: Path) -> bool:
    """Whether a text stands in a list of what there is to choose from."""
    return len(path) > 1 and path[-1].startswith("[") and compact_key(path[-2]) in json_keys("option")


def _tells_of_talk(step: str) -> bool:
    """Whether a key says who speaks, or in which conversation."""
    return any(compact_key(step) in json_keys(group) for group in ("plain_speaker", "session"))


def _keyed(leaves: Sequence[Leaf], without: Collection[Path]) -> dict[Path, dict[str, list[Leaf]]]:
    """By the path of an object the texts below each of its keys that may hold a side of a pair, as paths from there."""
    objects: dict[Path, dict[str, list[Leaf]]] = defaultdict(lambda: defaultdict(list))
    parts = {path[:-1] for path, _ in leaves if compact_key(path[-1]) in _PART_KINDS}
    for path, span in leaves:
        for depth, step in enumerate(path):
            if step.startswith("[") or not is_text_leaf(path, depth) or path[:-1] in without:
                continue
            key = compact_key(step)
            if any(key in json_keys(group) for group in _SIDE_GROUPS):
                below = Leaf(path[depth + 1 :], span)
                if path[:-1] in parts or not objects[path[:depth]][key] or not _is_listed(below):
                    objects[path[:depth]][key].append(below)
    return objects


def _texts(keys: Mapping[str, Sequence[Leaf]]) -> dict[str, tuple[Span, ...]]:
    return {key: _text_of(key, below) for key, below in keys.items()}


def _text_of(key: str, below: Sequence[Leaf]) -> tuple[Span, ...]:
    """The whole text where there is one, else its parts, each of a ``type``; of several answers the first."""
    whole = [leaf for leaf in below if not _is_listed(leaf)]
    first = (whole or below)[0]
    if whole or len(first.path) < _PART_STEPS or key.endswith("s"):
        return (first.span,)
    return tuple(leaf.span for leaf in below if leaf.path[1:] == first.path[1:])


def _is_listed(leaf: Leaf) -> bool:
    return any(step.startswith("[") for step in leaf.path)


def _pair(keys: Mapping[str, tuple[Span, ...]], *, in_talk: bool) -> Draft | None:
    """The pair of an object; ``in_talk``: a key beside its texts says so."""
    asked = _pick(keys, "question", ())
    told = _pick(keys, "answer", (asked,))
    trained = told is None and asked in json_keys("extra_input")
    if trained:
        told = _pick(keys, "target", ())
    if asked is None and told and read_label(told).family != "assistant":  # "agent" names who wrote the message
        asked = _pick(keys, "said_to", ())
    if asked is None or told is None:
        return None
    is_titled = asked in json_keys("heading") and told in json_keys("vague_answer")
    speaker = SAID_TO if not in_talk and (is_titled or asked in json_keys("said_to")) else "question"
    pieces = [*keys[asked]]
    extra = _pick(keys, "extra_input", (asked, told))
    if extra is not None:
        pieces.extend(keys[extra])
    asking = Utterance(speaker, "question", tuple(sorted(pieces)))
    turns = [asking, Utterance(TARGET if trained else "answer", "answer", keys[told])]
    system = _pick(keys, "system", (asked, told))
    if system is not None:
        turns.insert(0, Utterance("system", "system", keys[system]))
    return Draft(tuple(turns), min(spans[0].start for spans in keys.values()))


def _is_said(text: str, draft: Draft, *, with_options: bool) -> bool:
    """Whether the answer is more than the number of an option, and the question no request to a server."""
    asked, told = draft.utterances[-2:]
    chosen = with_options and _OPTION.fullmatch(text, *told.pieces[0])
    return not (chosen or _REQUEST_LINE.match(text, *asked.pieces[0]))


def _after_lists(leaves: Sequence[Leaf], objects: Mapping[Path, Mapping[str, tuple[Span, ...]]]) -> Iterator[Draft]:
    """Answers beside a list of what was said before, one text a turn: ``{"context": [...], "response": "..."}``."""
    history: dict[Path, list[Span]] = defaultdict(list)
    for path, span in leaves:
        if len(path) > 1 and path[-1].startswith("[") and compact_key(path[-2]) in (*json_keys("history"), "context"):
            history[path[:-2]].append(span)
    for base, before in history.items():
        told = _pick(objects.get(base, {}), "answer", ())
        if told is None or _pick(objects[base], "question", (told,)) is not None:
            continue
        sides: tuple[Family, Family] = ("answer", "question")
        said = [*((span,) for span in before), objects[base][told]]
        families = [sides[place % 2] for place in range(len(said))][::-1]
        turns = tuple(Utterance(family, family, pieces) for family, pieces in zip(families, said, strict=True))
        yield Draft(turns, before[0].start)


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


def _pick(keys: Mapping[str, object], group: str, without: Sequence[str | None]) -> str | None:
    ranks = json_keys(group)
    known = [key for key in keys if key in ranks and key not in without]
    return min(known, key=lambda key: ranks[key]) if known else None
