"""Records of JSON and JSON Lines: lists of turns, and pairs of question and answer, by the keys of their paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import itemgetter

from src.core.types import Section, Span
from src.utils.detection.lines.speech import count_words
from src.utils.detection.structure.asked_keys import read_asked_keys
from src.utils.detection.structure.embedded import ReadText, find_in_values
from src.utils.detection.structure.other_records import are_no_turns
from src.utils.detection.structure.record_keys import Element, leaves_below, read_elements, read_leaf
from src.utils.detection.structure.record_lists import (
    along_nesting,
    container_of,
    current_of,
    join_answer,
    join_beside,
    join_keyed,
    join_opening,
    ordered,
)
from src.utils.detection.structure.record_order import in_time
from src.utils.detection.structure.record_pairs import SAID_TO, TARGET, read_pairs
from src.utils.detection.structure.record_people import Leaf, Path
from src.utils.detection.structure.record_pools import find_in_pools
from src.utils.detection.structure.record_trees import are_wrapped
from src.utils.detection.structure.speakers import (
    Said,
    behaves_like_dialogue,
    parts_sessions,
    to_drafts,
)
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.vocabulary import compact_key, json_keys, words

_MIN_PAIR_WORDS = 2.5
_MIN_ASKED = 2
_MIN_TOLD = 2
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
    flat: list[Element] = []
    flat_keys: set[str] = set()
    headings: list[str] = []
    rounds: list[tuple[str, Draft]] = []
    session_key = ""
    position = 0
    alone = len(sections) == 1
    wrapped = are_wrapped(sections)
    opener = _opener(text, sections)
    for section in sections:
        if section.kind in ("record", "turn") and section.fields:
            leaves = [leaf for field in section.fields if (leaf := read_leaf(field.name, field.span, position))]
            place = leaves[0].path[:2] if wrapped and leaves else ()
            inner, own = _dialogues(text, leaves, position, place)
            drafts[_TURNS].extend(_opened(opener, inner))
            flat.extend(own)
            if own:
                flat_keys.update(_keys_of(leaves, {place}))
                headings.extend(_headings(text, leaves, {place}))
            elif not inner:
                session_key, session = _session(text, leaves)
                pairs = chain(read_pairs(text, leaves), read_asked_keys(text, leaves) if alone else ())
                rounds.extend((session or f"at {draft.start}", draft) for draft in pairs)
        position += len(section.text)
    drafts[_PAIRS].extend(_in_sessions(rounds, session_key))
    entries = [element.said for element in in_time(flat, [element.moment for element in flat], listed=True)]
    if behaves_like_dialogue(text, entries, trusted=False) and not are_no_turns(text, flat_keys, entries, headings):
        drafts[_TURNS].extend(to_drafts(entries))
    if not _say_something(text, drafts[_PAIRS]):
        del drafts[_PAIRS]
    for rule, found in drafts.items():
        if found:
            yield Finding(rule, tuple(found), 0.97, f"{len(found)} conversations by the keys of the records")


def _opener(text: str, sections: Sequence[Section]) -> Said | None:
    """The only thing said in the first of two records of one make-up: a post, and in the next its answers."""
    if len(sections) != 2 or not all(section.fields for section in sections):
        return None
    if sections[0].fields[0].name != sections[1].fields[0].name:
        return None
    leaves = [leaf for field in sections[0].fields if (leaf := read_leaf(field.name, field.span, 0))]
    elements = list(read_elements(text, leaves, leaves_below(leaves), 0))
    return elements[0].said if len(elements) == 1 and elements[0].base else None


def _opened(opener: Said | None, drafts: list[Draft]) -> list[Draft]:
    """The only talk of a record with what opens it in front."""
    if opener is None or len(drafts) != 1:
        return drafts
    first = to_drafts([opener])[0]
    return [drafts[0]._replace(utterances=(*first.utterances, *drafts[0].utterances), start=first.start)]


def _say_something(text: str, pairs: Sequence[Draft]) -> bool:
    """Whether pairs ask or speak in sentences; the labels of a form or a translation do not."""
    contents = [text[slice(*turn.pieces[0])] for draft in pairs for turn in draft.utterances if turn.family != "system"]
    asking = sum(map(ends_as_question, contents))
    trained = sum(draft.utterances[-1].speaker == TARGET for draft in pairs)
    if trained and 2 * asking < trained:
        return False  # classes of texts, translations, what a program should return
    messages = [turn for draft in pairs for turn in draft.utterances if turn.speaker == SAID_TO]
    if messages and all(draft.utterances[-2].speaker == SAID_TO for draft in pairs):
        # Programs answer messages, and examples have titles, too.
        asked = sum(ends_as_question(text[slice(*turn.pieces[0])]) for turn in messages)
        return asked >= _MIN_ASKED and 2 * asked >= len(messages)
    return asking * 6 >= len(contents) or sum(map(count_words, contents)) >= _MIN_PAIR_WORDS * len(contents)


def _dialogues(text: str, leaves: Sequence[Leaf], start: int, place: Path) -> tuple[list[Draft], list[Element]]:
    """Dialogues that lie inside the record, and the record itself, the object at ``place``, where it is a turn of a
    longer one."""
    groups: dict[Path, list[Element]] = defaultdict(list)
    below = leaves_below(leaves)
    elements = _told_once(text, read_elements(text, leaves, below, start))
    nested = along_nesting(elements)
    for element in nested or elements:
        groups[() if nested else container_of(element.base)].append(element)
    if not nested:
        join_opening(groups)
        join_beside(groups)
        join_keyed(groups)
        join_answer(groups)
        current = current_of(text, leaves)
        groups = {
            container: ordered(text, leaves, container, members, current) if members[0].base else members
            for container, members in groups.items()
        }
    drafts: list[Draft] = []
    own: list[Element] = []
    taken: set[Path] = set()
    systems = _systems(leaves)
    for container, elements in sorted(groups.items(), key=lambda item: len(item[0])):
        if any(container[:depth] in taken for depth in range(1, len(container) + 1)):
            continue
        entries = [element.said for element in elements]
        if not nested and all(element.base == place for element in elements):
            own.extend(elements)
        elif behaves_like_dialogue(text, entries, trusted=bool(nested) or _is_chat(container)) and not _are_no_turns(
            text, below, elements, trusted=_is_chat(container)
        ):
            taken.update(element.base for element in elements)
            drafts.extend(_with_system(to_drafts(entries), systems.get(container[:-1])))
    return drafts, own


def _told_once(text: str, elements: Iterable[Element]) -> list[Element]:
    """Each list of messages once: some programs write a talk as a tree and as a list, under the same ids."""
    told: dict[Path, list[tuple[str, ...]]] = defaultdict(list)
    found = list(elements)
    for element in found:
        said = (element.own_id, element.said.speaker, *(text[slice(*piece)] for piece in element.said.pieces))
        told[element.base[:-1]].append(said)
    lists_with: dict[tuple[str, ...], list[set[tuple[str, ...]]]] = defaultdict(list)
    again: set[Path] = set()
    for place, members in sorted(told.items(), key=lambda item: -len(item[1])):
        own = set(members)
        identified = len(members) >= _MIN_TOLD and all(own_id for own_id, *_ in members)
        if identified and any(own <= other for other in lists_with[members[0]]):
            again.add(place)
            continue
        for member in own:
            lists_with[member].append(own)
    return [element for element in found if element.base[:-1] not in again]


def _session(text: str, leaves: Sequence[Leaf]) -> tuple[str, str]:
    """The key and the value that say to which conversation the exchange in a record belongs; "" where none do."""
    ranks = json_keys("session")
    known = [leaf for leaf in leaves if compact_key(leaf.path[-1]) in ranks]
    if not known:
        return "", ""
    best = min(known, key=lambda leaf: ranks[compact_key(leaf.path[-1])])
    return best.path[-1], text[slice(*best.span)]


def _in_sessions(rounds: Sequence[tuple[str, Draft]], key: str) -> Iterator[Draft]:
    """One conversation for each session, where there are several and some have more than one round."""
    if not parts_sessions([session for session, _ in rounds], key):
        yield from (draft for _, draft in rounds)
        return
    for _, members in groupby(rounds, key=itemgetter(0)):
        drafts = [draft for _, draft in members]
        yield Draft(tuple(turn for draft in drafts for turn in draft.utterances), drafts[0].start)


def _keys_of(leaves: Sequence[Leaf], bases: set[Path]) -> set[str]:
    """The keys of the objects that hold the turns."""
    return {leaf.path[depth] for leaf in leaves for depth in range(len(leaf.path)) if leaf.path[:depth] in bases}


def _headings(text: str, leaves: Sequence[Leaf], bases: set[Path]) -> Iterator[str]:
    """What the objects that hold the turns are called."""
    for path, span in leaves:
        if path[:-1] in bases and compact_key(path[-1]) in json_keys("heading"):
            yield text[slice(*span)]


def _are_no_turns(text: str, below: Mapping[Path, list[Leaf]], elements: Sequence[Element], *, trusted: bool) -> bool:
    bases = {element.base for element in elements}
    # a turn may stand inside another one
    leaves = list(dict.fromkeys(leaf for element in elements for leaf in below[element.base]))
    entries = [element.said for element in elements]
    return are_no_turns(text, _keys_of(leaves, bases), entries, list(_headings(text, leaves, bases)), trusted=trusted)


def _is_chat(container: Path) -> bool:
    """Whether the list is called a dialogue, itself or what wraps it (``comments.data``)."""
    keys = [step for step in container if not step.startswith("[")]
    return any(compact_key(key) in words("chat_keys") for key in keys[-2:])


def _systems(leaves: Sequence[Leaf]) -> dict[Path, Span]:
    """The system prompts of a record, by the objects they stand in."""
    found: dict[Path, Span] = {}
    for path, span in leaves:
        if compact_key(path[-1]) in json_keys("system"):
            found.setdefault(path[:-1], span)
    return found


def _with_system(drafts: tuple[Draft, ...], system: Span | None) -> list[Draft]:
    """A system prompt may stand beside the list of turns."""
    if system is None:
        return list(drafts)
    first = Utterance("system", "system", (system,))
    return [Draft((first, *draft.utterances), draft.start) for draft in drafts]
