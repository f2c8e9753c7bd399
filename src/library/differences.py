"""What has become of the samples of one dataset in another, or in a later version: added, dropped, changed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson

from src.core.types import EDITED, Sample, SplitName
from src.utils.similarity.exact_join import near_duplicate_pairs

SHOWN: Final = 10_000
"""Samples of each kind that are kept to be shown and matched; more are counted."""
ALIKE: Final = 0.4
"""Share of common pairs of words from which two samples are one that was changed."""
_PAIR_OF_WORDS: Final = 2


class Row(NamedTuple):
    """A sample and its side."""

    sample: Sample
    split: SplitName | None = None


Rows = Callable[[], Iterable[Row]]
"""Gives all rows of a dataset, each time it is called."""


class Change(NamedTuple):
    """A sample before and after; ``what`` has changed: text, side, keywords, source, scores or other notes."""

    before: Row
    after: Row
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Samples of two datasets. ``counts`` has added, dropped, changed and unchanged; what is listed is cut at SHOWN
    each, and beyond that a changed sample may count as one dropped and one added."""

    counts: dict[str, int]
    added: tuple[Row, ...]
    dropped: tuple[Row, ...]
    changed: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """True where both hold the same."""
        return not (self.counts["added"] or self.counts["dropped"] or self.counts["changed"])


def find_differences(before: Rows, after: Rows) -> Differences:
    """Compare two datasets by sample. Each is read twice, and a few hundred bytes of each sample are kept.

    The same text is the same sample. Of the others, two belong together that an edit says so of, whose question is the
    same, that stand at the same place of the same source, or that have at least ALIKE of their words in common.
    """
    known = {_key(row): _notes(row) for row in before()}
    seen: set[bytes] = set()
    added, noted = _Some(), _Some()
    unchanged = 0
    for row in after():
        key = _key(row)
        seen.add(key)
        if key not in known:
            added.take(row)
        elif known[key] != _notes(row):
            noted.take(row)
        else:
            unchanged += 1
    changed_notes = {_key(row): row for row in noted.rows}
    dropped = _Some()
    changes: list[Change] = []
    for row in before():
        key = _key(row)
        if key not in seen:
            dropped.take(row)
        elif key in changed_notes:
            changes.append(_change(row, changed_notes[key]))
    pairs = list(_pair_up(dropped.rows, added.rows))
    gone, new = {id(was) for was, _ in pairs}, {id(now) for _, now in pairs}
    changes = [*(_change(was, now) for was, now in pairs), *changes]
    counts = {
        "added": added.count - len(pairs),
        "dropped": dropped.count - len(pairs),
        "changed": len(pairs) + noted.count,
        "unchanged": unchanged,
    }
    return Differences(
        counts,
        tuple(row for row in added.rows if id(row) not in new),
        tuple(row for row in dropped.rows if id(row) not in gone),
        tuple(changes[:SHOWN]),
    )


class _Some:
    """The first rows of many, and how many there are."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.count = 0

    def take(self, row: Row) -> None:
        self.count += 1
        if len(self.rows) < SHOWN:
            self.rows.append(row)


def _key(row: Row) -> bytes:
    return bytes.fromhex(row.sample.id[:32])


def _notes(row: Row) -> bytes:
    """Everything about a sample but its text, as a hash."""
    sample = row.sample
    notes = [row.split, sample.topic_keywords, sample.source_file, sample.span, sample.locator, sample.metadata]
    return hashlib.sha256(orjson.dumps(notes, option=orjson.OPT_SORT_KEYS, default=list)).digest()[:8]


def _change(before: Row, after: Row) -> Change:
    was, now = before.sample, after.sample
    parts = {
        "text": was.messages != now.messages and was.id != now.id,
        "side": before.split != after.split,
        "keywords": was.topic_keywords != now.topic_keywords,
        "source": (was.source_file, was.span, was.locator) != (now.source_file, now.span, now.locator),
        "notes": was.metadata != now.metadata,
    }
    return Change(before, after, tuple(name for name, differs in parts.items() if differs))


def _pair_up(dropped: Sequence[Row], added: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    old, new = list(dropped), list(added)
    for key in (_first_id, _question, _place):
        pairs = list(_match(old, new, key))
        yield from pairs
        old, new = _without(old, [was for was, _ in pairs]), _without(new, [now for _, now in pairs])
    yield from _match_alike(old, new)


def _match(
    old: Sequence[Row], new: Sequence[Row], key_of: Callable[[Row], Hashable | None]
) -> Iterator[tuple[Row, Row]]:
    """Rows that alone have the same key on both sides."""
    known: defaultdict[Hashable, list[Row]] = defaultdict(list)
    for row in old:
        known[key_of(row)].append(row)
    often = Counter(map(key_of, new))
    for row in new:
        key = key_of(row)
        if key is not None and often[key] == 1 and len(known.get(key, ())) == 1:
            yield known[key][0], row


def _first_id(row: Row) -> str:
    """The id that a sample had before it was first edited."""
    return str(row.sample.metadata.get(EDITED, {}).get("of", row.sample.id))


def _question(row: Row) -> Hashable | None:
    asked = [turn.content for turn in row.sample.messages[:-1] if turn.role != "system"]
    return tuple(asked) or None


def _place(row: Row) -> Hashable | None:
    sample = row.sample
    return (sample.source_file, sample.span, sample.group) if sample.span else None


def _match_alike(old: Sequence[Row], new: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    texts = ("\n".join(turn.content for turn in row.sample.messages if turn.role != "system") for row in (*old, *new))
    taken: set[int] = set()
    border = len(old)
    for first, second in sorted(near_duplicate_pairs(texts, ALIKE, _PAIR_OF_WORDS)) if old and new else ():
        if first < border <= second and not taken & {first, second}:
            taken |= {first, second}
            yield old[first], new[second - border]


def _without(rows: Sequence[Row], taken: Iterable[Row]) -> list[Row]:
    gone = {id(row) for row in taken}
    return [row for row in rows if id(row) not in gone]
