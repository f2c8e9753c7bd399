"""Records of any schema: their lists of like objects are tables, read by content where no key tells what they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from src.core.types import Section, Span
from src.utils.detection.structure.columns import (
    Row,
    Table,
    asks,
    best_named,
    find_pairs,
    headings_of,
    is_prose,
    last_key,
)
from src.utils.detection.structure.linked_rows import find_linked
from src.utils.detection.structure.other_records import are_no_turns
from src.utils.detection.structure.record_keys import tells_event
from src.utils.detection.structure.record_order import along_replies
from src.utils.detection.structure.record_sides import find_by_make_up
from src.utils.detection.structure.record_trees import (
    Node,
    are_wrapped,
    cells_of,
    cells_of_pair,
    rows_of_lists,
    texts_of,
    tree_of,
)
from src.utils.detection.structure.speaker_columns import find_dialogue, sessions_of
from src.utils.detection.structure.speakers import to_drafts
from src.utils.detection.structure.tables import read_dialogue
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.vocabulary import compact_key, json_keys, read_label

_CONFIDENCE = 0.85
_MAX_PEOPLE = 500
_MAX_PATTERN = 12
_MIN_LISTED = 4
_LISTED_ASKING = 0.2
_MIN_KEYED = 3
_MIN_IDENTIFIED = 2


@dataclass(slots=True)
class _Pools:
    """What stands in lists of one place of the schema, gathered over all records: rows, and lists of bare texts."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    lists: dict[str, list[tuple[Span, ...]]] = field(default_factory=lambda: defaultdict(list))


def find_in_pools(text: str, sections: Sequence[Section]) -> Finding | None:
    """The conversations of the list that says most, its columns classed by their content; None where none fits."""
    if any(section.kind not in ("record", "turn") for section in sections):
        return None
    pools = _Pools()
    wrapped = are_wrapped(sections)
    position = 0
    for number, section in enumerate(sections):
        if section.kind in ("record", "turn") and section.fields:
            root = tree_of(section, position)
            pools.rows["()"].append(Row(position, cells_of(root)))
            _gather(root, "()", "" if wrapped else str(number), position, pools)
        position += len(section.text)
    found = [
        *(_read_rows(text, rows, pools, zipped=place.endswith("/|")) for place, rows in pools.rows.items()),
        *(_read_lists(text, lists) for lists in pools.lists.values()),
    ]
    return max((one for one in found if one), key=lambda finding: (finding.weight, finding.turns), default=None)


def _gather(node: Node, pattern: str, place: str, start: int, pools: _Pools) -> None:
    """Rows of every list of objects (or object of like objects) below ``node``, deepest lists included."""
    if pattern.count("/") > _MAX_PATTERN:
        return
    pools.lists[pattern].extend(texts_of(node))
    for row in rows_of_lists(node, place):
        pools.rows[f"{pattern}/|"].append(row)
    holders = [child for child in node.children.values() if child.children]
    like = node.is_list() or _are_like(node, holders)
    for step, child in node.children.items():
        if not child.children:
            continue
        if like:
            cells = cells_of_pair(child) or cells_of(child)
            first = min((pieces[0].start for pieces in cells.values()), default=start)
            pools.rows[pattern].append(Row(first, cells, place))
        inner = f"{pattern}/*" if like else f"{pattern}/{step}"
        _gather(child, inner, f"{place}/{step}", start, pools)


def _are_like(node: Node, holders: Sequence[Node]) -> bool:
    """Whether the values of an object are of one make-up: several, or two under identifiers that hold lists."""
    if len(holders) < _MIN_IDENTIFIED or len({frozenset(child.children) for child in holders}) > 1:
        return False
    identified = all(any(map(str.isdigit, step)) for step in node.children)
    return len(holders) >= _MIN_KEYED or (identified and all(map(_holds_list, holders)))


def _holds_list(node: Node) -> bool:
    waiting = [node]
    while waiting:
        below = waiting.pop()
        if below.is_list():
            return True
        waiting.extend(below.children.values())
    return False


def _read_rows(text: str, rows: Sequence[Row], pools: _Pools, *, zipped: bool) -> Finding | None:
    table = Table(text, _without_events(text, rows))
    rows = table.rows
    _merge_variants(table)
    dialogue = find_dialogue(table, _people(text, rows, pools)) or find_by_make_up(table)
    linked = find_linked(table) if dialogue is None else None
    if linked:
        table, dialogue = linked
    if dialogue is None:
        return _read_pairs(table, zipped=zipped)
    order = _along_parents(table, dialogue.threads) if not linked else None
    if order is not None:
        table = Table(text, [rows[index] for index in order])
        speakers, threads = ([column[index] for index in order] for column in (dialogue.speakers, dialogue.threads))
        dialogue = dialogue._replace(speakers=speakers, threads=threads)
    entries = read_dialogue(table, dialogue)
    if len({entry.speaker for entry in entries}) < 2:
        return None
    if are_no_turns(text, table.names(), entries, headings_of(table)):
        return None
    reason = f"{len(entries)} records with speakers, their words in {dialogue.said!r}"
    return Finding("records of turns", to_drafts(entries), _CONFIDENCE, reason)


def _without_events(text: str, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows without the few of them that tell of an event (somebody joined); what names speakers tells of none."""
    told = [{name: text[slice(*cell[0])][:60] for name, cell in row.cells.items() if cell} for row in rows]
    naming = {name for values in told for name, value in values.items() if _names_role(last_key(name), value)}
    said = [
        row
        for row, values in zip(rows, told, strict=True)
        if not any(name not in naming and tells_event(last_key(name), value) for name, value in values.items())
    ]
    return said if 2 * len(said) > len(rows) else rows


def _names_role(key: str, value: str) -> bool:
    return key in json_keys("event") and read_label(value).family is not None


def _merge_variants(table: Table) -> None:
    """A text that is a value in one row and stands in parts in another (``content``, ``content/*/text``) is one."""
    names = table.names()
    for short in names:
        longer = [name for name in names if name.startswith(f"{short}/*")]
        for row in table.rows:
            for name in longer:
                if short not in row.cells and name in row.cells and is_prose(table.values(name)[:1] or [""]):
                    row.cells[short] = row.cells[name]


def _people(text: str, rows: Sequence[Row], pools: _Pools) -> dict[str, str]:
    """What ids stand for: another list whose rows begin with ids that differ, each with a short name beside it."""
    known: dict[str, str] = {}
    for other in pools.rows.values():
        if other is rows or not 2 <= len(other) <= _MAX_PEOPLE:
            continue
        table = Table(text, other)
        names = table.names()
        keys = next((name for name in names if _are_ids(table.values(name))), None)
        if keys is None or any(is_prose(table.values(name)) for name in names):
            continue
        told = best_named([name for name in names if name != keys], "role")
        told = told or next((name for name in names if name != keys and _are_names(table.values(name))), None)
        if told:
            known.update(zip(table.values(keys), table.values(told), strict=True))
    return known


def _are_ids(values: Sequence[str]) -> bool:
    return len(set(values)) == len(values) and all(0 < len(value) <= 60 and " " not in value for value in values)


def _are_names(values: Sequence[str]) -> bool:
    return all(0 < len(value) <= 60 and any(map(str.isalpha, value)) for value in values)


def _along_parents(table: Table, threads: Sequence[str]) -> list[int] | None:
    """The rows from the first message to the last reply, where every row names the row that it answers."""
    names = table.names()
    for own in names:
        ids = table.values(own)
        if len(set(ids)) < len(ids) or not all(ids):
            continue
        known = set(ids)
        for parent in names:
            parents = table.values(parent)
            if parent != own and 2 * sum(value in known for value in parents) >= len(parents):
                kept = _branch(ids, parents, threads)
                if kept is not None:
                    return kept
    return None


def _branch(ids: Sequence[str], parents: Sequence[str], threads: Sequence[str]) -> list[int] | None:
    index_of = {own: index for index, own in enumerate(ids)}
    groups: dict[str, list[int]] = defaultdict(list)
    for index, thread in enumerate(threads):
        groups[thread].append(index)
    kept: list[int] = []
    for members in groups.values():
        nodes = {ids[index]: parents[index] for index in members}
        path = along_replies(nodes, [ids[index] for index in members])
        if path is None:
            return None
        kept.extend(index_of[own] for own in path)
    return kept


def _read_pairs(table: Table, *, zipped: bool) -> Finding | None:
    """Rows of a question and its answer. The rows of one list of pairs (``zipped``: of two lists) follow each other."""
    pairs = _sides(table) if zipped else None
    pairs = pairs or find_pairs(table) or (_zipped_pairs(table) if zipped else None)
    if pairs is None:
        return None
    asked, told = pairs
    if "*" in asked and "*" not in told:
        return None  # many questions on one text
    if last_key(told) in json_keys("option") and any(len(row.cells.get(told, ())) > 1 for row in table.rows):
        return None  # what a quiz gives to choose from
    together = zipped or asked.isdecimal()
    sessions = [] if together else sessions_of(table)
    turns: dict[str, list[Utterance]] = defaultdict(list)
    starts: dict[str, int] = {}
    for index, row in enumerate(table.rows):
        if asked in row.cells and told in row.cells:
            key = row.thread if together else sessions[index] if sessions else str(index)
            starts.setdefault(key, row.start)
            turns[key].append(Utterance("question", "question", row.cells[asked]))
            turns[key].append(Utterance("answer", "answer", row.cells[told][:1]))
    if not turns:
        return None
    reason = f"{len(turns)} records with questions in {asked!r} and answers in {told!r}"
    drafts = tuple(Draft(tuple(members), starts[key]) for key, members in turns.items())
    return Finding("records of pairs", drafts, _CONFIDENCE, reason)


def _sides(table: Table) -> tuple[str, str] | None:
    """Of two lists of objects the columns of one key, where the names of the lists say who asks: ``questions``."""
    for asked in table.names():
        outer, _, inner = asked.partition("/")
        if compact_key(outer) in json_keys("question") and inner and asks(table.values(asked)):
            for told in table.names():
                other, _, key = told.partition("/")
                if key == inner and compact_key(other) in json_keys("answer"):
                    return asked, told
    return None


def _zipped_pairs(table: Table) -> tuple[str, str] | None:
    """Of two lists of texts side by side the one that asks more."""
    told = [name for name in table.names() if is_prose(table.values(name))]
    if len(told) != 2:
        return None
    asking = [sum(map(ends_as_question, table.values(name))) for name in told]
    if asking[0] == asking[1]:
        return None
    return (told[0], told[1]) if asking[0] > asking[1] else (told[1], told[0])


def _read_lists(text: str, lists: Sequence[tuple[Span, ...]]) -> Finding | None:
    """Lists of bare texts in which two speakers take turns: those at even places ask more than those at odd ones."""
    lists = [spans for spans in lists if len(spans) >= 2]
    values = [[text[slice(*span)] for span in spans] for spans in lists]
    flat = [value for entry in values for value in entry]
    if len(flat) < _MIN_LISTED or not is_prose(flat) or 2 * sum(map(_is_refrain, values)) > len(values):
        return None
    asking = [ends_as_question(value) for value in flat]
    even = sum(ends_as_question(value) for entry in values for value in entry[::2])
    odd = sum(asking) - even
    if sum(asking) < _LISTED_ASKING * len(flat) or even <= odd or even + odd > 0.7 * len(flat):
        return None
    drafts = []
    for spans in lists:
        turns = [Utterance(f"speaker {number % 2 + 1}", None, (span,)) for number, span in enumerate(spans)]
        drafts.append(Draft(tuple(turns), spans[0].start))
    return Finding("records of turns", tuple(drafts), 0.75, f"{len(drafts)} lists of texts that take turns")


def _is_refrain(values: Sequence[str]) -> bool:
    """Whether a longer question of a list comes again: a song."""
    asked = [value for value in values if ends_as_question(value) and value.count(" ") > 1]
    return len(set(asked)) < len(asked)
