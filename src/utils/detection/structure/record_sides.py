"""Lists of objects that name no speaker but are made in turn in two ways: what a system says comes with its state."""

from __future__ import annotations

from collections import defaultdict

from src.utils.detection.lines.speech import is_personal
from src.utils.detection.structure.columns import Table, is_prose, last_key, length_in
from src.utils.detection.structure.speaker_columns import DialogueColumns
from src.utils.detection.words.asking import asks
from src.utils.detection.words.vocabulary import json_keys

_MIN_ROWS = 4
_MIN_ASKING = 0.12


def find_by_make_up(table: Table) -> DialogueColumns | None:
    """Two speakers, of whom the first asks, where a key holds an object with something in it at every second place of
    all lists, and nothing at any other. A plain value (the picture beside a hint) tells no side."""
    names = [name for name in table.names() if last_key(name) in json_keys("text") and is_prose(table.values(name))]
    said = max(names, key=length_in(table), default=None)
    if said is None or len(table.rows) < _MIN_ROWS:
        return None
    texts = table.values(said)
    places: dict[str, int] = defaultdict(int)
    at_odd_place = []
    holders = []
    for row in table.rows:
        at_odd_place.append(places[row.thread] % 2 == 1)
        places[row.thread] += 1
        holders.append({_top(name) for name in row.cells if _is_state(name) and _top(name) != _top(said)})
    asking = sum(map(asks, texts))
    if not all(texts) or asking < _MIN_ASKING * len(texts) or not is_personal(texts):
        return None
    for key in sorted(set[str]().union(*holders)):
        marked = [key in keys for keys in holders]
        if marked in (at_odd_place, [not odd for odd in at_odd_place]) and any(at_odd_place):
            speakers = ["assistant" if odd else "user" for odd in at_odd_place]
            return DialogueColumns(said, speakers, [row.thread for row in table.rows])
    return None


def _is_state(name: str) -> bool:
    return "/" in name.strip("/")


def _top(name: str) -> str:
    """The key of the object itself below which a value stands: ``/metadata/hotel/area`` -> ``metadata``."""
    return name.strip("/").partition("/")[0]
