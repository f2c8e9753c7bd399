"""The library at its size: 100 datasets with 1,000,000 samples are listed, searched and exported.

    python -m benchmarks.library [--samples 1000000] [--datasets 100] [--versions 30] [--keep FOLDER]

Texts are made up: words of a vocabulary with the frequencies of a language, 30 to 110 of them a sample. Seconds are
those of the wall; beside them stand those of the processor, which a machine with other work does not spoil. Storing is
measured through the writer of a run for one dataset of the set; the others are written in large transactions.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from src.core.types import DatasetRecord, Message, Sample, Span
from src.library.search import Wish, search_samples
from src.persistence.dataset_writer import _INSERT_SAMPLE, save_record
from src.persistence.models import StoredSample, make_dataset_id, sample_to_row
from src.persistence.search_index import SearchIndex
from src.persistence.sqlite_client import Store
from src.publish.row_files import publish_jsonl

_WORDS = 60_000
_NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Texts:
    """Samples of made-up words; the same for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        letters = "abcdefghijklmnopqrstuvwxyz"
        self.words = ["".join(self._random.choices(letters, k=self._random.randint(3, 9))) for _ in range(_WORDS)]
        weights = list(accumulate(1 / (rank + 1) for rank in range(_WORDS)))
        self._flow = self._random.choices(self.words, cum_weights=weights, k=1_000_000)

    def samples(self, count: int, first: int) -> Iterator[StoredSample]:
        for number in range(first, first + count):
            start, length = self._random.randrange(999_000), self._random.randint(20, 90)
            question = " ".join(self._flow[start : start + 15])
            answer = " ".join(self._flow[start + 15 : start + 15 + length])
            span = Span(number * 900, number * 900 + 880)
            sample = Sample(
                (Message("user", f"{question} {number}?"), Message("assistant", answer, (span,))),
                origin="extracted",
                source_file=f"file{number % 300}.txt",
                span=span,
                topic_keywords=(self.words[number % 500],),
                group=f"g{number // 3}",
                locator=f"line {number}",
            )
            yield StoredSample(sample, 15 + length, "validation" if number % 5 == 0 else "train")


def measure(what: str, work: Callable[[], Any], rows: int = 0, *, best_of: int = 1) -> Any:
    """Do ``work`` and print what it took; of several times, the best."""
    times = []
    for _ in range(best_of):
        wall, own = time.perf_counter(), time.process_time()
        result = work()
        times.append((time.perf_counter() - wall, time.process_time() - own))
    wall, own = min(times)
    rate = f"  {rows / wall:>10,.0f} rows/s  {rows / own:>10,.0f} rows/s of processor" if rows else ""
    print(f"{what:<52} {wall:8.3f} s  {own:8.3f} s of processor{rate}", flush=True)
    return result


def record_named(number: int) -> DatasetRecord:
    name = f"set-{number:03}"
    return DatasetRecord(
        make_dataset_id(name, "bench"), name, "openai", "gpt-4.1-mini-2025-04-14", "create", _NOW, config_hash="bench"
    )


def fill(store: Store, texts: Texts, datasets: int, each: int) -> None:
    """All datasets but the first, straight into the tables, in the order of files that a split would give them."""
    positions = [0] * each
    for place, member in enumerate(number for side in shuffled_sides(each) for number in side):
        positions[member] = place
    for number in range(1, datasets):
        record = store.begin(record_named(number)).record
        with store.database.transaction() as db:
            rows = zip(texts.samples(each, number * each), positions, strict=True)
            db.executemany(_INSERT_SAMPLE, (sample_to_row(stored, record.id, place, _NOW) for stored, place in rows))
            save_record(db, _finished(record, each))


def _finished(record: DatasetRecord, each: int) -> DatasetRecord:
    from dataclasses import replace

    return replace(record, status="finished", finished_at=_NOW, total_samples=each, proposed=each)


def shuffled_sides(each: int) -> tuple[list[int], list[int]]:
    """Training and validation samples of a dataset by number, in the order of their files: shuffled, as by the split,
    which makes it dear to read them."""
    sides = [number for number in range(each) if number % 5], list(range(0, each, 5))
    for side in sides:
        random.Random(1).shuffle(side)
    return sides


def store_one(store: Store, rows: list[StoredSample]) -> DatasetRecord:
    writer = store.begin(record_named(0))
    writer.add(rows)
    record = writer.end(writer.record.run)
    train, validation = shuffled_sides(len(rows))
    store.arrange(record, (("train", train), ("validation", validation)))
    return store.mark_finished(record)


def export_all(store: Store, folder: Path) -> int:
    return sum(len(publish_jsonl(store, record, folder)) for record in store.datasets())


def megabytes(*paths: Path) -> str:
    return f"{sum(path.stat().st_size for path in paths if path.exists()) / 1e6:,.0f} MB"


def loop() -> int:
    """What tells one machine, and its load, from another: five million steps of the interpreter."""
    found = 0
    for number in range(5_000_000):
        found += number * number
    return found


def run(folder: Path, samples: int, datasets: int, versions: int) -> None:
    texts = Texts()
    measure("reference: an empty loop of 5,000,000 steps", loop, best_of=3)
    each = samples // datasets
    database, place = folder / "library.db", folder / "search_index.db"
    with Store(database) as store:
        if not store.datasets():
            first = list(texts.samples(each, 0))
            measure(f"store {each:,} samples as a run does", lambda: store_one(store, first), each)
            measure("store the others", lambda: fill(store, texts, datasets, each), samples - each)
    with Store(database) as store:
        print(f"{len(store.datasets())} datasets, {samples:,} samples, database {megabytes(database)}")
        with SearchIndex(place) as index:
            measure("index all of them, once", lambda: index.update(store), samples)
        print(f"index {megabytes(place, place.with_name(place.name + '-wal'))}")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        measure("export all as JSONL", lambda: export_all(store, folder / "out"), samples, best_of=2)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
        print(f"memory that the export took beyond what was there: {grown / 1000:.1f} MB")
    measure(f"open and list {datasets} datasets", lambda: list_all(database), best_of=3)
    with Store(database) as store:
        if all(record.version == 1 for record in store.datasets()):
            add_versions(store, versions)
    measure(f"the same with {versions} versions of each", lambda: list_all(database), best_of=3)
    for words in (
        texts.words[0],
        f"{texts.words[0]} {texts.words[1]} {texts.words[2]}",
        texts.words[50],
        texts.words[5_000],
        f"{texts.words[0]} {texts.words[5_000]}",
        f'"{texts.words[0]} {texts.words[1]}"',
        f'"{texts.words[10]} {texts.words[11]}"',
        f"{texts.words[3][:3]}*",
        f"{texts.words[40]} OR {texts.words[400]}",
    ):
        wish = Wish(words)
        found = measure(f"search {words}", lambda wish=wish: search(database, place, wish), best_of=3)
        print(f"    {found.total:,} found")
    measure("search in one dataset", lambda: search(database, place, Wish(texts.words[0], "set-007")), best_of=3)
    measure("search on one side", lambda: search(database, place, Wish(texts.words[500], side="validation")), best_of=3)


def add_versions(store: Store, versions: int) -> None:
    """Former versions of every dataset, without samples: what a list has to look past."""
    from dataclasses import replace

    with store.database.transaction() as db:
        for record in store.datasets():
            parent = None
            for number in range(1, versions):
                former = replace(
                    record, id=make_dataset_id(record.id, f"former {number}"), version=number, parent=parent
                )
                save_record(db, former)
                parent = former.id
            save_record(db, replace(record, version=versions, parent=parent))


def list_all(database: Path) -> int:
    with Store(database) as store:
        return len(store.datasets())


def search(database: Path, place: Path, wish: Wish) -> Any:
    """As the command does it: both files opened, the index brought up to date."""
    with Store(database) as store, SearchIndex(place) as index:
        index.update(store)
        return search_samples(store, index, wish)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--datasets", type=int, default=100)
    parser.add_argument("--versions", type=int, default=30)
    parser.add_argument("--keep", type=Path, help="a folder to keep the database in; it is used again")
    arguments = parser.parse_args()
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        run(arguments.keep, arguments.samples, arguments.datasets, arguments.versions)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), arguments.samples, arguments.datasets, arguments.versions)


if __name__ == "__main__":
    main()
