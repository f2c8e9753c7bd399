"""Rows that name the row that they answer, whatever stands between: posts of many threads, told in one list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from src.utils.detection.lines.speech import is_personal
from src.utils.detection.structure.columns import Table, best_named, is_prose, last_key, length_in
from src.utils.detection.structure.record_order import along_replies
from src.utils.detection.structure.record_people import role_key
from src.utils.detection.structure.speaker_columns import DialogueColumns
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import json_keys

_MIN_LINKS = 3
_MIN_LINKED = 1 / 3
_OTHERS_ANSWER = 0.6
_SPOKEN = 0.25
_MIN_QUESTIONS = 2
_MAX_NAME = 60


def find_linked(table: Table) -> tuple[Table, DialogueColumns] | None:
    """The rows thread by thread, from the first post along its replies, and their speakers; None where no column names
    the row answered, hardly anybody answers another, hardly a text is said to somebody, or at most one asks. Rows
    without any answer are left out."""
    links = _links(table)
    said = max(
        (name for name in table.names() if last_key(name) in json_keys("text") and is_prose(table.values(name))),
        key=length_in(table),
        default=None,
    )
    if not links or said is None:
        return None
    texts = table.values(said)
    speakers = _speakers(table, links)
    spoken = [texts[index] for index in {*links, *links.values()}]
    if not speakers or sum(map(asks, spoken)) < _MIN_QUESTIONS or not is_personal(spoken, _SPOKEN):
        return None
    rows, threads = [], []
    for number, members in enumerate(_threads(links)):
        rows.extend(members)
        threads.extend([str(number)] * len(members))
    if not rows:
        return None
    ordered = Table(table.text, [table.rows[index] for index in rows])
    return ordered, DialogueColumns(said, [speakers[index] for index in rows], threads)


def _links(table: Table) -> dict[int, int]:
    """Row -> the row that it answers, by the column of ids and the one that names the row above; {} without these."""
    parent = best_named(table.names(), "parent")
    if parent is None:
        return {}
    answered = table.values(parent)
    for name in table.names():
        ids = table.values(name)
        if name == parent or not all(ids) or len(set(ids)) < len(ids):
            continue
        place = {value: index for index, value in enumerate(ids)}
        links = {index: place[value] for index, value in enumerate(answered) if place.get(value, index) != index}
        if len(links) >= max(_MIN_LINKS, _MIN_LINKED * len(ids)):
            return links
    return {}


def _speakers(table: Table, links: Mapping[int, int]) -> list[str]:
    """The column named so in which a reply mostly has another value than what it answers; [] where none is."""
    ranks = json_keys("role")
    named = sorted(
        (name for name in table.names() if role_key(last_key(name)) in ranks),
        key=lambda name: ranks[role_key(last_key(name))],
    )
    for name in named:
        values = table.values(name)
        changes = sum(values[index] != values[above] for index, above in links.items())
        filled = all(0 < len(value) <= _MAX_NAME and "\n" not in value for value in values)
        if filled and len(set(values)) * 2 <= len(values) + len(links) and changes >= _OTHERS_ANSWER * len(links):
            return values
    return []


def _threads(links: Mapping[int, int]) -> list[list[int]]:
    """The rows of each thread along its longest branch, by the place of its first post."""
    members: dict[int, list[int]] = defaultdict(list)
    for index in {*links, *links.values()}:
        root, seen = index, {index}
        while root in links and links[root] not in seen:
            root = links[root]
            seen.add(root)
        members[root].append(index)
    found = []
    for _, indexes in sorted(members.items()):
        nodes = {str(index): str(links[index]) if index in links else "" for index in indexes}
        path = along_replies(nodes, [str(index) for index in sorted(indexes)])
        found.append([int(node) for node in path or ()])
    return found
