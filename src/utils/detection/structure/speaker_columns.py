"""The columns of a dialogue: who speaks, what is said, and which rows belong to one conversation."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from src.utils.detection.lines.speech import count_words
from src.utils.detection.structure.columns import (
    MIN_WORDS,
    SAMPLE,
    Table,
    are_languages,
    best_named,
    differ,
    is_prose,
    last_key,
    length_in,
    words_of,
)
from src.utils.detection.structure.record_order import comparable
from src.utils.detection.structure.speakers import parts_sessions
from src.utils.detection.types import ANSWERERS, ASKERS
from src.utils.detection.words.asking import asks
from src.utils.detection.words.moment_order import stand_newest_first
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.signs import QUESTION_MARKS
from src.utils.detection.words.vocabulary import json_keys, read_label

_MIN_ROWS = 4
_MIN_COUNTED = 3
_MIN_DIALOGUE_ASKING = 0.12
_MAX_DIALOGUE_ASKING = 0.8
_FLAGS = frozenset({"true", "false", "yes", "no", "y", "n", "t", "f"})
_MIN_FLAG_SHARE = 0.2


class Longest(NamedTuple):
    """How long a name may be."""

    letters: int
    words: int


_LONGEST_NAME = Longest(40, 5)
_LONGEST_TITLE = Longest(90, 12)
"""Where a column says that it names speakers: ``the Minister of State for Rural and Coastal Transport``."""


class DialogueColumns(NamedTuple):
    """The column of words, and row by row who speaks and to which conversation the row belongs.

    ``named`` is the column of the speakers; "" where no column alone names them.
    """

    said: str
    speakers: list[str]
    threads: list[str]
    named: str = ""


def find_dialogue(table: Table, people: dict[str, str] | None = None) -> DialogueColumns | None:
    """The columns of a dialogue: short names that come back and take turns beside the column that says most.

    ``people``: what ids in the cells stand for.
    """
    if len(table.rows) < _MIN_ROWS:
        return None
    names = table.names()
    said = max((name for name in names if _is_said(name, table.values(name))), key=length_in(table), default=None)
    if said is None:
        return None
    texts = table.values(said)
    # Where all ask, they search or fill in a form, unless the column is called what is said.
    most_asking = 1.0 if last_key(said) in json_keys("text") else _MAX_DIALOGUE_ASKING
    order = _thread_by_thread(table)
    best: tuple[float, str, list[str]] | None = None
    for name in names:
        if name == said or (last_key(said) in json_keys("told_of") and last_key(name) in json_keys("event")):
            continue  # a kind of thing is described, nobody speaks
        speakers = _flag_speakers(name, table.values(name)) or [
            _speaker(value, people or {}) for value in table.values(name)
        ]
        score = _speaker_score(table, name, speakers, texts, order, most_asking)
        if score and (best is None or score > best[0]):
            best = (score, name, speakers)
    if best is None:
        return None
    return DialogueColumns(said, best[2], threads_of(table, [said, best[1]], best[2]), best[1])


def _thread_by_thread(table: Table) -> list[int]:
    """The rows, those of one conversation together where a column names it: several may go on at the same time."""
    name = best_named(table.names(), "conversation")
    values = table.values(name) if name else [""] * len(table.rows)
    return sorted(range(len(values)), key=values.__getitem__) if all(values) else list(range(len(values)))


def _flag_speakers(name: str, values: Sequence[str]) -> list[str]:
    """Speakers told apart by a number or a yes and no (``type`` 1 and 2, ``is_bot``); [] for any other column."""
    counts = Counter(value.casefold() for value in values if value)
    if len(counts) != 2 or not all(flag in _FLAGS or flag.isdecimal() for flag in counts):
        return []
    words = words_of(name)
    if min(counts.values()) < _MIN_FLAG_SHARE * len(values) or json_keys("flag").keys().isdisjoint(words):
        return []
    role = next((word for word in words if read_label(word).family and word not in json_keys("who_speaks")), "")
    if not role:
        key = name.rsplit("/", 1)[-1]
        return [f"{key} {value.casefold()}" if value else "" for value in values]
    other = "user" if read_label(role).family in ANSWERERS else "assistant"
    return [(role if _is_set(value) else other) if value else "" for value in values]


def _is_set(value: str) -> bool:
    return value.casefold() in ("true", "yes", "y", "t", "1")


def _is_said(name: str, values: Sequence[str]) -> bool:
    """Whether a column holds what somebody said: prose, or the hasty messages of a chat where its name says so."""
    key = last_key(name)
    if key in json_keys("heading") or (key in json_keys("question") and key not in json_keys("text")):
        return False  # what somebody seeks or is given to do is no turn
    if is_prose(values):
        return True
    sample = [value for value in values[:SAMPLE] if value]
    hasty = differ(sample) and sum(map(count_words, sample)) >= MIN_WORDS * len(sample)
    return hasty and last_key(name) in json_keys("text") and any(map(asks, sample))


def threads_of(table: Table, used: Sequence[str], speakers: Sequence[str]) -> list[str]:
    """To which conversation each row belongs: the list it stands in, then a column that names or numbers them."""
    outer = [row.thread for row in table.rows]
    for values in _thread_candidates(table, used):
        threads = [f"{one}\n{other}" for one, other in zip(outer, values, strict=True)]
        if _parts_speakers(threads, speakers):
            return threads
    return outer


def sessions_of(table: Table) -> list[str]:
    """To which conversation the exchange of each row belongs, where a column says so and some rows share one; [] where
    every row stands alone."""
    name = best_named(table.names(), "session")
    values = _filled_down(table.values(name)) if name else []
    return values if name and all(values) and parts_sessions(values, name) else []


def in_order(table: Table, indexes: Sequence[int]) -> list[int]:
    """Rows of one conversation, oldest first: turned round where a column of times or numbers falls throughout."""
    if len(indexes) < 2:
        return list(indexes)
    falls = False
    for name in table.names():
        values = table.values(name)
        chosen = [values[index] for index in indexes]
        keys = comparable(chosen)
        if keys is None and all(map(is_moment, chosen)) and stand_newest_first(chosen):
            falls = True
        if keys is None or (last_key(name) not in json_keys("moment") and not _counts(keys)):
            continue
        ordered = sorted(range(len(keys)), key=keys.__getitem__)
        if [keys[index] for index in ordered] == keys and keys[0] != keys[-1]:
            return list(indexes)
        falls |= [keys[index] for index in reversed(ordered)] == keys and keys[0] != keys[-1]
    return list(reversed(indexes)) if falls else list(indexes)


def _counts(keys: Sequence[float] | Sequence[str]) -> bool:
    numbers = [key for key in keys if isinstance(key, float)]
    steps = {round(one - other, 6) for one, other in itertools.pairwise(numbers)}
    return len(numbers) == len(keys) and len(steps) == 1


def _speaker(value: str, people: dict[str, str]) -> str:
    """The name in a cell: what its id stands for, or its first line (forums set ranks and counts below it)."""
    return people.get(value) or value.split("\n", 1)[0].strip().rstrip(":：").strip()


def _speaker_score(
    table: Table, name: str, speakers: Sequence[str], texts: Sequence[str], order: Sequence[int], most_asking: float
) -> float:
    """0 where a column names no speakers; more the better they take turns, row after row of ``order``, of which at
    most the share ``most_asking`` may ask."""
    rows = [(speakers[index], texts[index]) for index in order if texts[index]]
    named = [speaker for speaker, _ in rows if speaker]
    if len(rows) < _MIN_ROWS or len(named) < 0.9 * len(rows):
        return 0.0
    counts = Counter(speaker.casefold() for speaker in named)
    longest = _LONGEST_TITLE if last_key(name).rstrip("0123456789") in json_keys("plain_speaker") else _LONGEST_NAME
    if not all(_may_be_name(name, longest) for name in counts) or len(counts) < 2 or are_languages(counts):
        return 0.0
    repeated = sum(count > 1 for count in counts.values())
    few = len(counts) * 2 <= len(named) and repeated > 1
    if not few and not (repeated and _is_dated(table)):
        return 0.0
    families = [read_label(speaker).family for speaker in counts]
    known = any(family in ASKERS for family in families) and any(family in ANSWERERS for family in families)
    if _is_rated(table) and not known:
        return 0.0
    keys = [(table.rows[index].thread, speakers[index]) for index in order if speakers[index]]
    beside = [(one[1], other[1]) for one, other in itertools.pairwise(keys) if one[0] == other[0]]
    changes = sum(one != other for one, other in beside)
    if changes * 2 < len(beside):
        return 0.0
    asking = [index for index, (_, text) in enumerate(rows) if asks(text)]
    if not known and not max(1.0, _MIN_DIALOGUE_ASKING * len(rows)) <= len(asking) <= most_asking * len(rows):
        return 0.0
    answered = sum(_changes_beside(rows, index) for index in asking)
    if not known and answered * 3 < len(asking) * 2:
        return 0.0
    return 1.0 + changes / max(1, len(beside)) + known + 0.5 * any(families)


def _is_dated(table: Table) -> bool:
    """Whether every row says when it was written, as posts do: a few then stand for a conversation."""
    return any(_hold_moments(table.values(name)) for name in table.names())


def _is_rated(table: Table) -> bool:
    """Whether every row gives marks, as opinions on goods do: their writers do not talk to each other."""
    return any(last_key(name) in json_keys("rating") and all(table.values(name)) for name in table.names())


def _hold_moments(values: Sequence[str]) -> bool:
    return len(set(values)) > 1 and all(any(map(is_moment, _lines(value))) for value in values)


def _lines(value: str) -> list[str]:
    return [line.strip(" []()|·•,-–—") for line in value[:200].split("\n")]


def _changes_beside(rows: Sequence[tuple[str, str]], index: int) -> bool:
    """Whether somebody else speaks before or after: files may run backwards."""
    beside = (*rows[max(0, index - 1) : index], *rows[index + 1 : index + 2])
    return any(speaker != rows[index][0] for speaker, _ in beside)


def _may_be_name(value: str, longest: Longest) -> bool:
    return (
        len(value) <= longest.letters
        and len(value.split()) <= longest.words
        and any(map(str.isalpha, value))
        and value[-1] not in QUESTION_MARKS
        and not is_moment(value)
    )


def _thread_candidates(table: Table, used: Sequence[str]) -> Iterator[list[str]]:
    """Columns that may tell conversations apart: named so, counting turns from the start again, or in runs."""
    names = [name for name in table.names() if name not in used]
    ranks = json_keys("conversation")
    for name in sorted((name for name in names if last_key(name) in ranks), key=lambda name: ranks[last_key(name)]):
        yield _filled_down(table.values(name))
    for name in names:
        restarts = _restarts(table.values(name))
        if restarts:
            yield restarts
    for name in names:
        values = _filled_down(table.values(name))
        if not values[0]:
            continue  # set on some rows only: what an event has, and a message has not
        runs = [value for value, _ in itertools.groupby(values)]
        if 1 < len(runs) == len(set(runs)) <= len(values) / 2 and not any(map(is_moment, runs[:20])):
            yield values


def _filled_down(values: Sequence[str]) -> list[str]:
    """A value stands for the empty cells below it (merged cells)."""
    filled: list[str] = []
    for value in values:
        filled.append(value or (filled[-1] if filled else ""))
    return filled


def _restarts(values: Sequence[str]) -> list[str]:
    """For a column that counts 1, 2, 3, 1, 2: the number of the count that each row is in; [] for any other."""
    if not all(value.isdecimal() for value in values):
        return []
    numbers = [int(value) for value in values]
    if numbers[0] > 1 or any(other not in (one + 1, numbers[0]) for one, other in itertools.pairwise(numbers)):
        return []
    if len(set(numbers)) < _MIN_COUNTED:
        return []  # channels or sides: 0, 1, 0, 1
    found = list(itertools.accumulate(int(number == numbers[0]) for number in numbers))
    return [str(number) for number in found] if 1 < found[-1] <= len(values) / 2 else []


def _parts_speakers(threads: Sequence[str], speakers: Sequence[str]) -> bool:
    """Whether most groups hold two speakers or more, and begin alike: what tells conversations from chapters."""
    groups: dict[str, list[str]] = {}
    for thread, speaker in zip(threads, speakers, strict=True):
        groups.setdefault(thread, []).append(speaker)
    if len(groups) == len({thread.split("\n", 1)[0] for thread in threads}):
        return False
    mixed = sum(len(set(members)) > 1 for members in groups.values())
    return mixed * 3 >= len(groups) * 2
