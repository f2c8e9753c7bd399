"""Records of JSON and JSON Lines: lists of turns, and pairs of question and answer, by the keys of their paths."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from src.core.types import Section, Span
from src.utils.detection.embedded import ReadText, find_in_values
from src.utils.detection.questions import ends_as_question
from src.utils.detection.record_order import along_replies, in_time
from src.utils.detection.record_pools import find_in_pools
from src.utils.detection.speakers import Said, behaves_like_dialogue, to_drafts
from src.utils.detection.speech import count_words
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.vocabulary import compact_key, json_keys, read_label, words

Path = tuple[str, ...]

_STEP = re.compile(r"\[\d+\]|[^.\[\]]+")
_IDENTIFIER = re.compile(r"(?=[^\d]*\d)[0-9A-Za-z_-]{8,}")
_MIN_KEYED = 2
_MIN_PAIR_WORDS = 2.5
_TURNS = "records of turns"
_PAIRS = "records of pairs"
_LEAVES = frozenset({"text", "value", "content", "parts", "body", "markdown"})
_WEAK_ROLE_KEYS = frozenset({"type", "name", "title", "party", "line"})


class _Leaf(NamedTuple):
    path: Path
    span: Span


class _Element(NamedTuple):
    """A turn: the path of its object, and by its neighbours when it was sent, what it is called, what it answers."""

    base: Path
    said: Said
    moment: str = ""
    own_id: str = ""
    parent: str = ""


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
    position = 0
    for section in sections:
        if section.kind in ("record", "turn") and section.fields:
            leaves = [leaf for field in section.fields if (leaf := _leaf(field.name, field.span, position))]
            inner, own = _dialogues(text, leaves, position)
            drafts[_TURNS].extend(inner)
            flat.extend(own)
            if not inner and not own:
                drafts[_PAIRS].extend(_pairs(leaves))
        position += len(section.text)
    if behaves_like_dialogue(text, flat, trusted=False):
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


def _leaf(name: str, span: Span, position: int) -> _Leaf | None:
    """A value with its path; None where it belongs to the answer that was not chosen of two."""
    path = tuple(_STEP.findall(name))
    if any(compact_key(step) in json_keys("rejected") for step in path):
        return None
    return _Leaf(path, Span(position + span.start, position + span.end))


def _dialogues(text: str, leaves: Sequence[_Leaf], start: int) -> tuple[list[Draft], list[Said]]:
    """Dialogues that lie inside the record, and the record itself where it is a turn of a longer one."""
    groups: dict[Path, list[_Element]] = defaultdict(list)
    elements = list(_elements(text, leaves, start))
    nested = _nested(elements)
    for element in nested or elements:
        groups[() if nested else _container(element.base)].append(element)
    if not nested:
        _join_keyed(groups)
        _join_answer(groups)
        groups = {
            container: _ordered(text, leaves, container, members) if members[0].base else members
            for container, members in groups.items()
        }
    drafts: list[Draft] = []
    own: list[Said] = []
    taken: list[Path] = []
    for container, elements in sorted(groups.items(), key=lambda item: len(item[0])):
        if any(container[: len(base)] == base for base in taken if base):
            continue
        entries = [element.said for element in elements]
        if elements[0].base == () and not nested:
            own.extend(entries)
        elif behaves_like_dialogue(text, entries, trusted=bool(nested) or _is_chat(container)):
            taken.extend(element.base for element in elements)
            drafts.extend(_with_system(to_drafts(entries), leaves, container))
    return drafts, own


def _nested(elements: Sequence[_Element]) -> list[_Element]:
    """Where every turn holds its replies: the first turn, its first reply, the first reply to that, and so on."""
    if len(elements) < 2 or not elements[0].base:
        return []
    first = elements[0].base
    if not all(element.base[: len(first)] == first for element in elements):
        return []
    chain = [elements[0]]
    for element in elements[1:]:
        last = chain[-1].base
        if len(element.base) > len(last) and element.base[: len(last)] == last:
            chain.append(element)
    return chain if len(chain) > 1 else []


def _join_keyed(groups: dict[Path, list[_Element]]) -> None:
    """Turns that are the values of one object, whatever its keys are: their paths differ in one step."""
    alone = [members[0] for members in groups.values() if len(members) == 1 and members[0].base]
    shapes: dict[Path, list[_Element]] = defaultdict(list)
    for element in alone:
        for depth in range(len(element.base)):
            shapes[(*element.base[:depth], "*", *element.base[depth + 1 :])].append(element)
    joined = max(shapes.items(), key=lambda item: len(item[1]), default=((), []))
    if len(joined[1]) < _MIN_KEYED:
        return
    bases = {element.base for element in joined[1]}
    for container in [container for container, members in groups.items() if members[0].base in bases]:
        del groups[container]
    groups[joined[0]] = joined[1]


def _join_answer(groups: dict[Path, list[_Element]]) -> None:
    """An answer that stands alone beside the turns that it answers is their last turn (logs of requests)."""
    lists = [container for container, members in groups.items() if members[-1].said.asks]
    alone = [container for container, members in groups.items() if len(members) == 1 and members[0].said.answers]
    if len(lists) == 1 and len(alone) == 1 and lists[0] != alone[0]:
        groups[lists[0]].extend(groups.pop(alone[0]))


def _ordered(text: str, leaves: Sequence[_Leaf], container: Path, members: list[_Element]) -> list[_Element]:
    listed = not _is_mapping(container, members)
    nodes = {element.own_id: element.parent for element in members if element.own_id}
    if not listed:
        nodes = _mapping_nodes(text, leaves, container)
        depth = container.index("*") if "*" in container else len(container)
        members = [element._replace(own_id=element.base[depth]) for element in members]
    path = along_replies(nodes, [element.own_id for element in members if element.own_id])
    if path is not None and len({element.own_id for element in members}) == len(members):
        by_id = {element.own_id: element for element in members}
        return [by_id[node] for node in path]
    return in_time(members, [element.moment for element in members], listed=listed)


def _is_mapping(container: Path, members: Sequence[_Element]) -> bool:
    depth = container.index("*") if "*" in container else len(container)
    return all(len(element.base) > depth and not element.base[depth].startswith("[") for element in members)


def _mapping_nodes(text: str, leaves: Sequence[_Leaf], container: Path) -> dict[str, str]:
    """Every object below ``container`` by its key, with its parent's key."""
    head = container[: container.index("*")] if "*" in container else container
    nodes: dict[str, str] = {}
    for path, span in leaves:
        if path[: len(head)] == head and len(path) > len(head) + 1:
            nodes.setdefault(path[len(head)], "")
            if len(path) == len(head) + 2 and compact_key(path[-1]) in json_keys("parent"):
                nodes[path[len(head)]] = text[slice(*span)]
    return nodes


def _is_chat(container: Path) -> bool:
    keys = [step for step in container if not step.startswith("[")]
    return bool(keys) and compact_key(keys[-1]) in words("chat_keys")


def _with_system(drafts: tuple[Draft, ...], leaves: Sequence[_Leaf], container: Path) -> list[Draft]:
    """A system prompt may stand beside the list of turns."""
    parent = container[:-1]
    for path, span in leaves:
        if path[:-1] == parent and compact_key(path[-1]) in json_keys("system"):
            first = Utterance("system", "system", (span,))
            return [Draft((first, *draft.utterances), draft.start) for draft in drafts]
    return list(drafts)


def _elements(text: str, leaves: Sequence[_Leaf], start: int) -> Iterator[_Element]:
    """Objects with a role key and a text key, in order."""
    below: dict[Path, list[_Leaf]] = defaultdict(list)
    roles: dict[Path, tuple[int, str]] = {}
    threads: dict[Path, str] = {}
    for leaf in leaves:
        for depth in range(len(leaf.path)):
            below[leaf.path[:depth]].append(leaf)
        _note_role(text, leaf, roles)
        if compact_key(leaf.path[-1]) in json_keys("conversation"):
            threads[leaf.path[:-1]] = text[slice(*leaf.span)]
    people = _people(text, leaves)
    events = _events(text, roles, below)
    for base, (_, speaker) in roles.items():
        pieces = _text_pieces(base, below[base]) if base not in events else ()
        if pieces:
            said = Said(
                people.get(speaker, speaker), pieces, start if not base else pieces[0].start, threads.get(base, "")
            )
            beside = {
                compact_key(path[-1]): text[slice(*span)] for path, span in below[base] if len(path) == len(base) + 1
            }
            yield _Element(base, said, _first(beside, "moment"), _first(beside, "own_id"), _first(beside, "parent"))


def _first(beside: Mapping[str, str], group: str) -> str:
    return next((beside[key] for key in json_keys(group) if key in beside), "")


def _people(text: str, leaves: Sequence[_Leaf]) -> dict[str, str]:
    """What a list of users says of an id: the role if it is one that we know, else the name."""
    people: dict[Path, dict[str, str]] = defaultdict(dict)
    for path, span in leaves:
        if len(path) >= 2 and compact_key(path[-1]) in ("id", "role", "name", "type", "displayname", "userid"):
            people[path[:-1]][compact_key(path[-1])] = text[slice(*span)].strip()
    known: dict[str, str] = {}
    for values in people.values():
        own_id = values.get("id") or values.get("userid")
        names = [values[key] for key in ("role", "type", "name", "displayname") if key in values]
        told = [name for name in names if read_label(name).family] or [
            values.get("name") or values.get("displayname", "")
        ]
        if own_id and told[0] and len(own_id) <= 60:
            known.setdefault(own_id, told[0])
    return known


def _events(text: str, roles: Mapping[Path, tuple[int, str]], below: Mapping[Path, list[_Leaf]]) -> set[Path]:
    """Objects that tell what happened (somebody joined), not what was said: few, and marked so beside the text."""
    marked = set()
    for base in roles:
        for path, span in below[base]:
            if len(path) == len(base) + 1 and compact_key(path[-1]) in json_keys("event"):
                value = compact_key(text[slice(*span)][:60])
                if any(mark in value for mark in words("event_marks")):
                    marked.add(base)
    return marked if len(marked) * 2 < len(roles) or len(roles) == 1 else set()


def _note_role(text: str, leaf: _Leaf, roles: dict[Path, tuple[int, str]]) -> None:
    ranks = json_keys("role")
    path = leaf.path
    key = _role_key(path[-1])
    nested = (
        len(path) > 1 and compact_key(path[-2]) in ranks and key in {"role", "name", "type", "displayname", "username"}
    )
    base = path[:-2] if nested else path[:-1]
    if not nested and key not in ranks:
        return
    value = text[slice(*leaf.span)].strip()
    if not value or len(value) > 60 or "\n" in value:
        return
    if key in _WEAK_ROLE_KEYS and not nested and (len(value) == 1 or read_label(value).family is None):
        return
    rank = ranks.get(key, len(ranks)) if not nested else ranks[compact_key(path[-2])]
    if base not in roles or rank < roles[base][0]:
        roles[base] = (rank, value)


def _role_key(step: str) -> str:
    """``author_id`` and ``speakerName`` say the same as ``author`` and ``speaker``."""
    key = compact_key(step)
    for ending in ("id", "name", "label"):
        if key not in json_keys("role") and key.endswith(ending) and key.removesuffix(ending) in json_keys("role"):
            return key.removesuffix(ending)
    return key


def _text_pieces(base: Path, leaves: Sequence[_Leaf]) -> tuple[Span, ...]:
    ranks = json_keys("text")
    best: tuple[int, str] | None = None
    for path, _ in leaves:
        key = compact_key(path[len(base)])
        if key in ranks and _is_text_leaf(path, len(base)) and (best is None or ranks[key] < best[0]):
            best = (ranks[key], path[len(base)])
    if best is None:
        return ()
    return tuple(span for path, span in leaves if path[len(base)] == best[1] and _is_text_leaf(path, len(base)))


def _is_text_leaf(path: Path, depth: int) -> bool:
    """Whether what follows the text key is nothing, list positions, or again a key for text."""
    return all(step.startswith("[") or compact_key(step) in _LEAVES for step in path[depth + 1 :])


def _container(base: Path) -> Path:
    """The list (or the object keyed by identifiers) that an element stands in."""
    for depth in range(len(base) - 1, -1, -1):
        step = base[depth]
        if step.startswith("[") or _IDENTIFIER.fullmatch(step):
            return (*base[:depth], "*", *base[depth + 1 :]) if depth + 1 < len(base) else base[:depth]
    return base[:-1]


def _pairs(leaves: Sequence[_Leaf]) -> Iterator[Draft]:
    objects: dict[Path, dict[str, Span]] = defaultdict(dict)
    for path, span in leaves:
        for depth, step in enumerate(path):
            if step.startswith("[") or not _is_text_leaf(path, depth):
                continue
            key = compact_key(step)
            if any(key in json_keys(group) for group in ("question", "answer", "system", "extra_input")):
                objects[path[:depth]].setdefault(key, span)
    for keys in objects.values():
        draft = _pair(keys)
        if draft:
            yield draft


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


def _pick(keys: Mapping[str, Span], group: str, without: Sequence[str | None]) -> str | None:
    ranks = json_keys(group)
    known = [key for key in keys if key in ranks and key not in without]
    return min(known, key=lambda key: ranks[key]) if known else None
