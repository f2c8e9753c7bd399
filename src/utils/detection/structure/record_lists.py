"""The lists that the turns of a record stand in: which belong together, and in which order they were said."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from src.utils.detection.structure.record_keys import Element
from src.utils.detection.structure.record_order import along_replies, in_time
from src.utils.detection.structure.record_people import Leaf, Path
from src.utils.detection.words.vocabulary import compact_key, json_keys

_IDENTIFIER = re.compile(r"(?=[^\d]*\d)[0-9A-Za-z_-]{8,}")
_MIN_KEYED = 2
_ANY_PLACE = "[]"
"""The step of the only turn in a list of its own, behind whatever else stands there (a thought before an answer)."""


def along_nesting(elements: Sequence[Element]) -> list[Element]:
    """Where every turn holds its replies: the first turn, its first reply, the first reply to that, and so on."""
    if len(elements) < 2:
        return []
    posts = _posts_of_nodes(elements)
    if posts:
        return along_nesting(posts)
    if not elements[0].base and not _is_tree(elements):
        return []
    first = elements[0].base
    if not all(element.base[: len(first)] == first for element in elements):
        return []
    chain = [elements[0]]
    for element in elements[1:]:
        last = chain[-1].base
        if len(element.base) > len(last) and element.base[: len(last)] == last:
            chain.append(element)
    beside = sum(container_of(element.base) == container_of(chain[-1].base) for element in elements)
    return chain if len(chain) > 2 or (len(chain) == 2 and beside == 1) else []


def _posts_of_nodes(elements: Sequence[Element]) -> list[Element]:
    """The elements at the nodes of a tree, where all stand under one key of a node that holds its replies beside it:
    ``{"post": ..., "replies": [{"post": ..., "replies": []}]}``; [] where they do not."""
    bases = [element.base for element in elements]
    wrapped = all(len(base) > 1 and base[-1] == bases[0][-1] and not base[-1].startswith("[") for base in bases)
    if not wrapped or not all(base[: len(bases[0]) - 1] == bases[0][:-1] for base in bases[1:]):
        return []
    return [element._replace(base=element.base[:-1]) for element in elements]


def _is_tree(elements: Sequence[Element]) -> bool:
    """Whether the replies to the whole record and to each of its replies stand under one key, not merely below it."""
    keys = [tuple(step for step in element.base if not step.startswith("[")) for element in elements]
    return max(map(len, keys)) > 1 and all(len(set(key)) <= 1 for key in keys)


def join_opening(groups: dict[Path, list[Element]]) -> None:
    """What opens a thread is the first turn of the list of answers that stands inside it (a post and its comments)."""
    openers = {element.base: element for members in groups.values() for element in members}
    opened: dict[Path, Element] = {}
    for container, members in groups.items():
        above = [container[:depth] for depth in range(len(container)) if container[:depth] in openers]
        if above and members[0].base not in above:
            opened[container] = openers[max(above, key=len)]
    used = {element.base for element in opened.values()}
    if len(used) < len(opened):
        return  # several lists inside one turn: tool calls, reactions
    for container, opener in opened.items():
        groups[container].insert(0, opener)
    for container, members in list(groups.items()):
        if container not in opened and any(element.base in used for element in members):
            del groups[container]


def join_beside(groups: dict[Path, list[Element]]) -> None:
    """What opens a thread may also stand beside the list of answers (``source`` and ``conversation_parts``)."""
    lists = [container for container, members in groups.items() if _is_place(members[0])]
    for container, members in list(groups.items()):
        kept = []
        for element in members:
            below = [] if not element.base or _is_place(element) else _lists_beside(element, lists, groups)
            if len(below) == 1 and groups[below[0]][0].said.start > element.said.start:
                groups[below[0]].insert(0, element)
            else:
                kept.append(element)
        if kept:
            groups[container] = kept
        else:
            del groups[container]


def _lists_beside(element: Element, lists: Sequence[Path], groups: dict[Path, list[Element]]) -> list[Path]:
    """The lists of turns below what holds ``element``; further out, where a profile or a setting may stand beside them,
    only those whose turns have their texts under the same key."""
    parent = element.base[:-1]
    below = [one for one in lists if parent and one[: len(parent)] == parent]
    return below or [one for one in lists if groups[one][0].key == element.key]


def _is_place(element: Element) -> bool:
    return element.base[-1:] != () and element.base[-1].startswith("[")


def join_keyed(groups: dict[Path, list[Element]]) -> None:
    """Turns that are the values of one object, whatever its keys are: their paths differ in one step."""
    alone = [members[0] for members in groups.values() if len(members) == 1 and members[0].base]
    shapes: dict[Path, list[Element]] = defaultdict(list)
    for element in alone:
        base = element.base
        end = (*base[1:-1], _ANY_PLACE) if _is_place(element) and len(base) > 1 else base[1:]
        base = (*base[:1], *end)
        for depth in range(len(base)):
            shapes[(*base[:depth], "*", *base[depth + 1 :])].append(element)
    joined = max(shapes.items(), key=lambda item: len(item[1]), default=((), []))
    if len(joined[1]) < _MIN_KEYED:
        return
    bases = {element.base for element in joined[1]}
    for container in [container for container, members in groups.items() if members[0].base in bases]:
        del groups[container]
    groups[joined[0]] = joined[1]


def join_answer(groups: dict[Path, list[Element]]) -> None:
    """An answer that stands alone beside the turns that it answers is their last turn (logs of requests)."""
    lists = [container for container, members in groups.items() if members[-1].said.asks]
    alone = [container for container, members in groups.items() if len(members) == 1 and members[0].said.answers]
    if len(lists) == 1 and len(alone) == 1 and lists[0] != alone[0]:
        groups[lists[0]].extend(groups.pop(alone[0]))


def ordered(text: str, leaves: Sequence[Leaf], container: Path, members: list[Element], current: str) -> list[Element]:
    """The ``members`` of a list or an object in the order in which they were said; ``current`` is the last one that was
    on the screen, "" where that is not known."""
    listed = not _is_mapping(container, members)
    nodes = {element.own_id: element.parent for element in members if element.own_id}
    if not listed:
        nodes = _mapping_nodes(text, leaves, container)
        depth = container.index("*") if "*" in container else len(container)
        members = [element._replace(own_id=element.base[depth]) for element in members]
    path = along_replies(nodes, [element.own_id for element in members if element.own_id], current)
    if path and len({element.own_id for element in members}) == len(members):
        by_id = {element.own_id: element for element in members}
        return [by_id[node] for node in path]
    return in_time(members, [element.moment for element in members], listed=listed)


def current_of(text: str, leaves: Sequence[Leaf]) -> str:
    """What the record calls the message that was on the screen last; "" where it does not say."""
    known = json_keys("current")
    return next((text[slice(*span)] for path, span in leaves if compact_key(path[-1]) in known), "")


def _is_mapping(container: Path, members: Sequence[Element]) -> bool:
    depth = container.index("*") if "*" in container else len(container)
    return all(len(element.base) > depth and not element.base[depth].startswith("[") for element in members)


def _mapping_nodes(text: str, leaves: Sequence[Leaf], container: Path) -> dict[str, str]:
    """Every object below ``container`` by its key, with its parent's key."""
    head = container[: container.index("*")] if "*" in container else container
    nodes: dict[str, str] = {}
    for path, span in leaves:
        if path[: len(head)] == head and len(path) > len(head) + 1:
            nodes.setdefault(path[len(head)], "")
            if len(path) == len(head) + 2 and compact_key(path[-1]) in json_keys("parent"):
                nodes[path[len(head)]] = text[slice(*span)]
    return nodes


def container_of(base: Path) -> Path:
    """The list (or the object keyed by identifiers) that an element stands in."""
    for depth in range(len(base) - 1, -1, -1):
        step = base[depth]
        if step.startswith("[") or _IDENTIFIER.fullmatch(step):
            return (*base[:depth], "*", *base[depth + 1 :]) if depth + 1 < len(base) else base[:depth]
    return base[:-1]
