"""Tables that give every speaker, or every turn, a column of its own instead of one column for who speaks."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from src.utils.detection.lines.speech import count_words, is_personal
from src.utils.detection.structure.columns import Table, differ, is_prose, last_key
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Family, Finding, Utterance
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import json_keys, read_label, words

_NUMBERED = re.compile(r"(?P<stem>.{0,40}?)[ _.#-]{0,3}(?P<number>\d{1,3})")
_MIN_TURNS = 3
"""Columns that number the turns of a row: two may be any two values."""
_MIN_ROWS = 4
_MAX_SPEAKERS = 3
_ONE_EACH = 0.8
_ALTERNATING = 0.5
_MIN_WORDS = 2
_MIN_ASKED = 2
_ASKING_SHARE = 0.12


def find_in_wide_table(table: Table) -> Finding | None:
    """The dialogues of a table with a column per turn (a row is one dialogue) or per speaker (a row is one turn)."""
    return _column_per_turn(table) or _column_per_speaker(table)


def _column_per_turn(table: Table) -> Finding | None:
    """``turn 1``, ``turn 2``, ``turn 3``, or ``user1``, ``bot1``, ``user2``, ``bot2``."""
    columns = _numbered_columns(table.names())
    if len(columns) < _MIN_TURNS or not all(is_prose(table.values(name)) for name, _ in columns[:2]):
        return None
    speakers = list(dict.fromkeys(stem for _, stem in columns))
    families: list[Family | None] = [read_label(stem).family for stem in speakers]
    if len(speakers) == 2 and not _both_sides(families):
        return None
    drafts = []
    for row in table.rows:
        turns = []
        for place, (name, stem) in enumerate(columns):
            if name in row.cells:
                family = families[speakers.index(stem)] if len(speakers) == 2 else None
                speaker = stem if len(speakers) == 2 else f"speaker {place % 2 + 1}"
                turns.append(Utterance(speaker, family, row.cells[name]))
        if len(turns) > 1:
            drafts.append(Draft(tuple(turns), row.start))
    if not drafts or not any(asks(value) for name, _ in columns for value in table.values(name)):
        return None
    reason = f"a table of {len(drafts)} rows with a turn in each of {len(columns)} columns"
    return Finding("table of speakers", tuple(drafts), 0.9, reason)


def _numbered_columns(names: Sequence[str]) -> list[tuple[str, str]]:
    """The columns whose names count up from 0 or 1, with the word before the number; of one word or of two."""
    found = [(name, match) for name in names if (match := _NUMBERED.fullmatch(name.strip()))]
    numbers = [int(match["number"]) for _, match in found]
    stems = {match["stem"].casefold() for _, match in found}
    if not found or numbers[0] > 1 or len(stems) > 2 or "" in stems:
        return []
    steps = [other - one for one, other in itertools.pairwise(numbers)]
    one_word = len(stems) == 1 and all(step == 1 for step in steps)
    two_words = len(stems) == 2 and all(step == place % 2 for place, step in enumerate(steps))
    return [(name, match["stem"].casefold()) for name, match in found] if one_word or two_words else []


def _column_per_speaker(table: Table) -> Finding | None:
    """Columns headed by speakers, of which nearly every row fills one: who speaks."""
    names = _columns_of_speakers(table)
    if not 2 <= len(names) <= _MAX_SPEAKERS or len(table.rows) < _MIN_ROWS:
        return None
    filled = [(row, [name for name in row.cells if name in names]) for row in table.rows]
    alone = [(row, cells[0]) for row, cells in filled if len(cells) == 1]
    if len(alone) < _ONE_EACH * len(filled):
        return None
    speakers = [name for _, name in alone]
    changes = sum(one != other for one, other in itertools.pairwise(speakers))
    contents = [table.text[slice(*row.cells[name][0])] for row, name in alone]
    if changes < _ALTERNATING * (len(speakers) - 1) or not differ(contents):
        return None
    families: dict[str, Family | None] = {name: read_label(name).family for name in names}
    told = sum(map(count_words, contents)) >= _MIN_WORDS * len(contents)
    sides_named = _both_sides(families.values())
    only_sides = sides_named and len(names) == len(table.names())
    if not told or not (only_sides or _say_something(contents, sides_named=sides_named)):
        return None
    turns = [
        Utterance(read_label(name).key, families[name], row.cells[name])
        for row, names_of_row in filled
        for name in names_of_row
    ]
    reason = f"a table of {len(turns)} rows with a column for each of {len(names)} speakers"
    return Finding("table of speakers", (Draft(tuple(turns), filled[0][0].start),), 0.9, reason)


def _say_something(contents: Sequence[str], *, sides_named: bool) -> bool:
    """Whether people talk to each other: beside days and states, what each did stands in such columns, too. Columns
    that are named for both sides need one question for that, and none where there is nothing else."""
    asking = sum(map(asks, contents))
    return is_personal(contents) or asking >= (1 if sides_named else max(_MIN_ASKED, _ASKING_SHARE * len(contents)))


def _columns_of_speakers(table: Table) -> list[str]:
    """The columns that may hold what one speaker says: no time or number, and no note, which only stands beside what
    others say. Where two are called by both sides of a talk, all that every row has is told of the turns."""
    names = [name for name in table.names() if not _tells_when_or_where(table, name)]
    if sum(name.strip().casefold() in words("contrasts") for name in names) > 1:
        return []  # reasons for and against
    sides = [name for name in names if not all(table.values(name))]
    if len(sides) < len(names) and _both_sides(read_label(name).family for name in sides):
        names = sides
    note = _note_of(table, names)
    while note:
        names = [name for name in names if name != note]
        note = _note_of(table, names)
    return names


def _note_of(table: Table, names: Sequence[str]) -> str:
    """Of ``names`` the column that stands least often alone in a row, if others mostly stand beside it."""
    filled = [[name for name in row.cells if name in names] for row in table.rows]
    alone = Counter(cells[0] for cells in filled if len(cells) == 1)
    beside = Counter(name for cells in filled if len(cells) > 1 for name in cells)
    least = min(names, key=lambda name: alone[name], default="")
    return least if alone[least] <= beside[least] else ""


def _tells_when_or_where(table: Table, name: str) -> bool:
    """Whether a column is called the time, the number or the conversation of its row, and every row has one."""
    known = any(last_key(name) in json_keys(group) for group in ("moment", "own_id", "conversation"))
    return known and all(table.values(name))


def _both_sides(families: Iterable[Family | None]) -> bool:
    known = set(families)
    return not known.isdisjoint(ASKERS) and not known.isdisjoint(ANSWERERS)
