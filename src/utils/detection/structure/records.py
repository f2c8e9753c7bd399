"""Records of JSON and JSON Lines: lists of turns, and pairs of question and answer, by the keys of their paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from src.core.types import Section
from src.utils.detection.lines.questions import ends_as_question
from src.utils.detection.lines.speech import count_words
from src.utils.detection.structure.embedded import ReadText, find_in_values
from src.utils.detection.structure.record_keys import Element, Leaf, Path, read_elements, read_leaf
from src.utils.detection.structure.record_lists import (
    along_nesting,
    container_of,
    join_answer,
    join_beside,
    join_keyed,
    join_opening,
    ordered,
)
from src.utils.detection.structure.record_pairs import read_pairs
from src.utils.detection.structure.record_pools import find_in_pools
from src.utils.detection.structure.speakers import (
    Said,
    behaves_like_dialogue,
    is_other_record,
    leaves_questions,
    parts_sessions,
    to_drafts,
)
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import compact_key, json_keys, words

_MIN_PAIR_WORDS = 2.5
_TURNS = "records of turns"
_PAIRS = "records of pairs"


def find_in_records(text: str, sections: Sequence[Section], read: ReadText) -> Iterator[Finding]:
    """Findings of all records: by their keys, else by what stands in them; ``read`` reads a text by its lines.

    Where the keys only tell of pairs, a dialogue that says more, or one written out inside the values, goes before.
    """
    if not any(section.kind in ("record", "turn") and section.fields for section in sections):
        return
    keyed = list(_by_keys(text, sections))
    if any(finding.rule == _TURNS for finding in keyed):
        yield from keyed
        return
    weight = sum(finding.weight for finding in keyed)
    inside = find_in_values(text, sections, read)
    pooled = find_in_pools(text, sections)
    if pooled and pooled.weight > weight and (pooled.rule == _TURNS or not keyed):
        keyed, weight = [pooled], pooled.weight
    if inside and 2 * inside.weight > weight:
        keyed = [inside]
    yield from keyed


def _by_keys(text: str, sections: Sequence[Section]) -> Iterator[Finding]:
    """Dialogues inside a record, dialogues of consecutive records, pairs."""
    drafts: dict[str, list[Draft]] = defaultdict(list)
    flat: list[Said] = []
    flat_keys: set[str] = set()
    rounds: list[tuple[str, Draft]] = []
    position = 0
    for section in sections:
        if section.kind in ("record", "turn") and section.fields:
            leaves = [leaf for field in section.fields if (leaf := read_leaf(field.name, field.span, position))]
            inner, own = _dialogues(text, leaves, position)
            drafts[_TURNS].extend(inner)
            flat.extend(own)
            if own:
                flat_keys.update(leaf.path[0] for leaf in leaves)
            elif not inner:
                session = _session(text, leaves)
                rounds.extend((session or f"at {draft.start}", draft) for draft in read_pairs(leaves))
        position += len(section.text)
    drafts[_PAIRS].extend(_in_sessions(rounds))
    if behaves_like_dialogue(text, flat, trusted=False) and not _is_log(text, flat_keys, flat):
        drafts[_TURNS].extend(to_drafts(flat))
    if not _say_something(text, drafts[_PAIRS]):
        del drafts[_PAIRS]
    for rule, found in drafts.items():
        if found:
            yield Finding(rule, tuple(found), 0.97, f"{len(found)} conversations by the keys of the records")


def _say_something(text: str, pairs: Sequence[Draft]) -> bool:
    """Whether pairs ask or speak in sentences; the labels of a form or a translation do not."""
    contents = [text[slice(*turn.pieces[0])] for draft in pairs for turn in draft.utterances if turn.family != "system"]
    asking = sum(map(ends_as_question, contents))
    return asking * 6 >= len(contents) or sum(map(count_words, contents)) >= _MIN_PAIR_WORDS * len(contents)


def _dialogues(text: str, leaves: Sequence[Leaf], start: int) -> tuple[list[Draft], list[Said]]:
    """Dialogues that lie inside the record, and the record itself where it is a turn of a longer one."""
    groups: dict[Path, list[Element]] = defaultdict(list)
    elements = list(read_elements(text, leaves, start))
    nested = along_nesting(elements)
    for element in nested or elements:
        groups[() if nested else container_of(element.base)].append(element)
    if not nested:
        join_opening(groups)
        join_beside(groups)
        join_keyed(groups)
        join_answer(groups)
        groups = {
            container: ordered(text, leaves, container, members) if members[0].base else members
            for container, members in groups.items()
        }
    drafts: list[Draft] = []
    own: list[Said] = []
    taken: list[Path] = []
    for container, elements in sorted(groups.items(), key=lambda item: len(item[0])):
        if any(container[: len(base)] == base for base in taken if base):
            continue
        entries = [element.said for element in elements]
        if not nested and all(element.base == () for element in elements):
            own.extend(entries)
        elif behaves_like_dialogue(text, entries, trusted=bool(nested) or _is_chat(container)) and (
            _is_chat(container) or not _is_log(text, _keys_of(leaves, elements), entries)
        ):
            taken.extend(element.base for element in elements)
            drafts.extend(_with_system(to_drafts(entries), leaves, container))
    return drafts, own


def _session(text: str, leaves: Sequence[Leaf]) -> str:
    """The value that says to which conversation the exchange in a record belongs; "" where none does."""
    ranks = json_keys("session")
    known = [leaf for leaf in leaves if compact_key(leaf.path[-1]) in ranks]
    return text[slice(*min(known, key=lambda leaf: ranks[compact_key(leaf.path[-1])]).span)] if known else ""


def _in_sessions(rounds: Sequence[tuple[str, Draft]]) -> Iterator[Draft]:
    """One conversation for each session, where there are several and some have more than one round."""
    if not parts_sessions([session for session, _ in rounds]):
        yield from (draft for _, draft in rounds)
        return
    for _, members in groupby(rounds, key=itemgetter(0)):
        drafts = [draft for _, draft in members]
        yield Draft(tuple(turn for draft in drafts for turn in draft.utterances), drafts[0].start)


def _keys_of(leaves: Sequence[Leaf], elements: Sequence[Element]) -> set[str]:
    """The keys of the objects that hold the turns."""
    bases = {element.base for element in elements}
    return {leaf.path[depth] for leaf in leaves for depth in range(len(leaf.path)) if leaf.path[:depth] in bases}


def _is_log(text: str, keys: Iterable[str], entries: Sequence[Said]) -> bool:
    return is_other_record(keys) and not leaves_questions(text, entries)


def _is_chat(container: Path) -> bool:
    """Whether the list is called a dialogue, itself or what wraps it (``comments.data``)."""
    keys = [step for step in container if not step.startswith("[")]
    return any(compact_key(key) in words("chat_keys") for key in keys[-2:])


def _with_system(drafts: tuple[Draft, ...], leaves: Sequence[Leaf], container: Path) -> list[Draft]:
    """A system prompt may stand beside the list of turns."""
    parent = container[:-1]
    for path, span in leaves:
        if path[:-1] == parent and compact_key(path[-1]) in json_keys("system"):
            first = Utterance("system", "system", (span,))
            return [Draft((first, *draft.utterances), draft.start) for draft in drafts]
    return list(drafts)
