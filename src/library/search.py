"""Samples found by their words: what a person typed as an expression of the index, and matches with an excerpt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from src.core.errors import DatasetError, UsageError
from src.core.types import DatasetRecord, Sample, SplitName
from src.persistence.index_words import quoted, space_out
from src.persistence.models import StoredSample, dataset_from_row, sample_from_row
from src.persistence.search_index import SearchIndex
from src.persistence.sqlite_client import Store

_PART: Final = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_AT: Final = "SELECT * FROM samples WHERE dataset_id = ? AND position = ?"
_AROUND: Final = 70
"""Characters shown on each side of the first match."""
_LONGEST_EXCERPT: Final = 3 * _AROUND


class Wish(NamedTuple):
    """What is looked for: ``words`` as they were typed, in one ``dataset`` or all, on one side or both; ``source`` are
    words of the name of the source file."""

    words: str
    dataset: str = ""
    side: SplitName | None = None
    source: str = ""
    limit: int = 20


class Excerpt(NamedTuple):
    """The place of a match: ``text`` of a turn with the matching words between brackets."""

    role: str
    text: str


class Match(NamedTuple):
    """A sample that matches, the dataset it is of, and where it matches."""

    record: DatasetRecord
    stored: StoredSample
    score: float
    excerpt: Excerpt


class Found(NamedTuple):
    """The best matches, or the newest; ``total`` and ``is_ranked`` as in ``search_index.Hits``."""

    matches: tuple[Match, ...]
    total: int
    is_ranked: bool


def search_samples(store: Store, index: SearchIndex, wish: Wish) -> Found:
    """The best matches among the latest versions of all datasets. ``index`` is up to date. Raises UsageError for words
    that say nothing, DatasetError for a dataset that is not there."""
    query = to_query(wish.words)
    if wish.source and not _has_word(wish.source):
        raise UsageError(f"--source {wish.source!r} holds no word.", fix="As in --source handbook.pdf.")
    datasets = (store.find(wish.dataset).id,) if wish.dataset else ()
    found = index.search(query, datasets=datasets, side=wish.side, source=wish.source, limit=wish.limit)
    words = tuple(_wanted_words(wish.words))
    matches = []
    for dataset_id, position, score in found.hits:
        rows = store.database.read(_AT, (dataset_id, position))
        records = store.database.read("SELECT * FROM datasets WHERE id = ?", (dataset_id,))
        if not (rows and records):
            raise DatasetError(
                "The search index does not fit the database: another program may have removed a dataset just now.",
                fix="Search again; if that does not help, delete memory/search_index.db: it is made anew.",
            )
        stored = sample_from_row(rows[0])
        matches.append(Match(dataset_from_row(records[0]), stored, score, find_excerpt(stored.sample, words)))
    return Found(tuple(matches), found.total, found.is_ranked)


def to_query(typed: str) -> str:
    """What a person typed as an expression of the index: all words must be there, "words between quotes" side by side,
    ``OR`` between two means either, ``-word`` must not be there, ``begin*`` is the beginning of a word.

    Raises UsageError where nothing is looked for.
    """
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    joins = False
    for minus, phrase, word in _PART.findall(typed):
        if word == "OR" and not minus and wanted:
            joins = True
            continue
        text = phrase or word
        if not _has_word(text):
            continue
        term = quoted(space_out(text.rstrip("*"))) + ("*" if word.endswith("*") else "")
        if minus:
            unwanted.append(term)
        elif joins:
            wanted[-1].append(term)
        else:
            wanted.append([term])
        joins = False
    if not wanted:
        raise UsageError(f"{typed!r} holds no word to look for.", fix='As in: kiln "first firing" -raku glaz*')
    query = " AND ".join(f"({' OR '.join(either)})" for either in wanted)
    return f"({query}) NOT ({' OR '.join(unwanted)})" if unwanted else query


def find_excerpt(sample: Sample, words: tuple[str, ...]) -> Excerpt:
    """The surroundings of the first of ``words`` (folded) in a sample, every match between brackets; the beginning of
    the first turn where they match in keywords or source only."""
    pattern = re.compile("|".join(_loosely(word) for word in sorted(words, key=len, reverse=True))) if words else None
    turns = [turn for turn in sample.messages if turn.role != "system"] or list(sample.messages)
    for turn in turns:
        folded, places = _folded(turn.content)
        first = pattern.search(folded) if pattern else None
        if pattern and first:
            return Excerpt(turn.role, _cut(turn.content, [places[first.start()], *_marks(pattern, folded, places)]))
    return Excerpt(turns[0].role, _cut(turns[0].content, [0]))


def _marks(pattern: re.Pattern[str], folded: str, places: list[int]) -> Iterator[int]:
    for match in pattern.finditer(folded):
        yield places[match.start()]
        yield places[match.end()]


def _cut(text: str, marks: list[int]) -> str:
    """``text`` around the first of ``marks``; the further ones are beginnings and ends of matches by turns."""
    middle, edges = marks[0], marks[1:]
    start = max(0, middle - _AROUND)
    end = min(len(text), start + _LONGEST_EXCERPT)
    parts, last = [], start
    for begin, stop in zip(edges[::2], edges[1::2], strict=True):
        if begin >= start and stop <= end:
            parts += [text[last:begin], "[", text[begin:stop], "]"]
            last = stop
    parts.append(text[last:end])
    flat = " ".join("".join(parts).split())
    return f"{'... ' if start else ''}{flat}{' ...' if end < len(text) else ''}"


def _wanted_words(typed: str) -> Iterator[str]:
    for minus, phrase, word in _PART.findall(typed):
        text = (phrase or word).rstrip("*")
        if not minus and word != "OR" and _has_word(text):
            yield _folded(text)[0].strip()


def _loosely(words: str) -> str:
    """A pattern of words as the index compares them: from the beginning of a word, whatever stands between them."""
    parts = [re.escape(part) for part in re.findall(r"\w+", words)]
    begins = r"(?<!\w)" if parts and parts[0].isascii() else ""
    return begins + r"\W+".join(parts)


def _folded(text: str) -> tuple[str, list[int]]:
    """``text`` in small letters without accents, and where each of its characters, and its end, stood in ``text``."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(part):
                characters.append(part)
                places.append(place)
    return "".join(characters), [*places, len(text)]


def _has_word(text: str) -> bool:
    return any(unicodedata.category(character)[0] in "LNM" for character in text)
