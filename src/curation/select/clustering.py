"""Topics of a set: rows grouped by their words (spherical k-means over TF-IDF), each group named by its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from src.core.errors import DatasetError
from src.core.jsonl import atomic_writer, dump_line
from src.core.types import ProgressEvent
from src.curation.dedupe_files import plain_file, work_folder, write_rejected
from src.curation.records import as_pair, read_rows
from src.curation.row_table import RejectedLine
from src.curation.stages.frame import side_files
from src.curation.stages.manifest import Counts
from src.utils.wordlists import LANGUAGES, load_words

Report = Callable[[ProgressEvent], None]
Matrix = NDArray[np.float32]

_WORDS: Final = re.compile(r"[^\W\d_]{3,30}|[\u4e00-\u9fff]{2}")
_QUESTION_CHARS: Final = 1_500
_ANSWER_CHARS: Final = 500
"""What a row is about stands in its question and at the beginning of its answer."""
_VOCABULARY: Final = 4_096
_FITTED_ROWS: Final = 12_000
_BATCH: Final = 1_000
_ROUNDS: Final = 12
_NAME_WORDS: Final = 3
_MOST_COMMON: Final = 0.6
"""Share of the rows from which a word says nothing of a topic."""


def cluster(source: Path, out: Path, wished: int, report: Report) -> Counts:
    """Write every row with its ``cluster`` and ``cluster_name``; the facts of the counts hold the ``topics``, each with
    its ``number``, ``name`` and ``rows``, the largest first. Topics are found on at most 12,000 rows, evenly drawn;
    the same file gives the same topics. Raises InputFileError, DatasetError where no row has a word, StorageError."""
    with work_folder(out) as folder:
        plain = plain_file(source, folder)
        texts, rows = _sample(plain, str(source))
        vocabulary = _choose_words(texts)
        if not vocabulary:
            raise DatasetError(f"{source} holds too few words that several rows share.", fix="Clusters need more rows.")
        frequencies = _document_frequencies(texts, vocabulary)
        rarity = np.log((1 + len(texts)) / (1 + frequencies)).astype(np.float32) + 1
        centres = _fit(_vectors(texts, vocabulary, rarity), min(wished, len(texts)), report)
        names = _names(centres, list(vocabulary))
        rejected: list[RejectedLine] = []
        sizes: Counter[int] = Counter()
        with atomic_writer(out) as file:
            for batch in _batches(read_rows(plain, str(source), rejected), _BATCH):
                vectors = _vectors([_text(row.value) for row in batch], vocabulary, rarity)
                for row, number in zip(batch, (vectors @ centres.T).argmax(axis=1).tolist(), strict=True):
                    sizes[number] += 1
                    file.write(dump_line({**row.value, "cluster": number, "cluster_name": names[number]}))
                report(ProgressEvent("save", sum(sizes.values()), rows))
    write_rejected(side_files(out)[2], rejected)
    topics = [{"number": number, "name": names[number], "rows": count} for number, count in sizes.most_common()]
    total = sum(sizes.values())
    return Counts(total, total, {}, dict(Counter(one.kind for one in rejected)), facts={"topics": topics})


def _sample(path: Path, name: str) -> tuple[list[list[str]], int]:
    """The words of evenly drawn rows, and how many rows there are."""
    total = sum(1 for _ in read_rows(path, name, []))
    step = max(1, -(-total // _FITTED_ROWS))
    rows = islice(read_rows(path, name, []), 0, None, step)
    return [_text(row.value) for row in rows], total


def _text(row: dict[str, Any]) -> list[str]:
    pair = as_pair(row)
    common = _common_words()
    text = f"{pair.question[:_QUESTION_CHARS]} {pair.answer[:_ANSWER_CHARS]}".lower()
    return [word for word in _WORDS.findall(text) if word not in common]


@cache
def _common_words() -> frozenset[str]:
    return frozenset().union(*(load_words(language) for language in (*LANGUAGES, "web")))


def _choose_words(texts: Sequence[Sequence[str]]) -> dict[str, int]:
    """The words of the most rows, but for those that nearly all or hardly any have; ties by alphabet."""
    counts = Counter(word for text in texts for word in {*text})
    least, most = (2 if len(texts) < 1_000 else 5), max(2.0, _MOST_COMMON * len(texts))
    useful = [word for word, count in counts.items() if least <= count <= most]
    useful.sort(key=lambda word: (-counts[word], word))
    return {word: place for place, word in enumerate(sorted(useful[:_VOCABULARY]))}


def _document_frequencies(texts: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> NDArray[np.float64]:
    found = np.zeros(len(vocabulary))
    for text in texts:
        found[[vocabulary[word] for word in {*text} if word in vocabulary]] += 1
    return found


def _vectors(texts: Sequence[Sequence[str]], vocabulary: dict[str, int], rarity: Matrix) -> Matrix:
    """Rows of unit length, 0 for a text without a known word."""
    matrix = np.zeros((len(texts), len(vocabulary)), np.float32)
    for row, text in enumerate(texts):
        for word, count in Counter(text).items():
            place = vocabulary.get(word)
            if place is not None:
                matrix[row, place] = 1 + np.log(count)
    matrix *= rarity
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(lengths > 0, lengths, 1)
    return matrix


def _fit(vectors: Matrix, count: int, report: Report) -> Matrix:
    """Centres of unit length. They begin at rows that are far from each other (k-means++ with a fixed seed), and a few
    rounds of k-means move them to the middle of their rows."""
    useful = vectors[np.linalg.norm(vectors, axis=1) > 0]
    centres = _first_centres(useful, count)
    for number in range(_ROUNDS):
        nearest = (useful @ centres.T).argmax(axis=1)
        moved = np.zeros_like(centres)
        np.add.at(moved, nearest, useful)
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        moved = np.where(lengths > 0, moved / np.maximum(lengths, 1e-9), centres)
        report(ProgressEvent("compare", number + 1, _ROUNDS))
        if np.allclose(moved, centres, atol=1e-4):
            break
        centres = moved
    return centres


def _first_centres(vectors: Matrix, count: int) -> Matrix:
    source = np.random.default_rng(0)
    chosen = [int(source.integers(len(vectors)))]
    distance = 1 - vectors @ vectors[chosen[0]]
    while len(chosen) < min(count, len(vectors)):
        weights = np.maximum(distance, 0) ** 2
        if not weights.sum():
            break
        chosen.append(int(source.choice(len(vectors), p=weights / weights.sum())))
        distance = np.minimum(distance, 1 - vectors @ vectors[chosen[-1]])
    return vectors[chosen].copy()


def _names(centres: Matrix, words: Sequence[str]) -> list[str]:
    """The words that weigh most in each centre."""
    best = np.argsort(-centres, axis=1, kind="stable")[:, :_NAME_WORDS]
    return [
        ", ".join(words[place] for place in row if centre[place] > 0) for row, centre in zip(best, centres, strict=True)
    ]


def _batches(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(islice(items, size)):
        yield batch
