"""Feeds damaged documents to the readers: `make fuzz`. None may break a worker, hang, or come out as raw bytes.

The documents are our own samples, and those of ../shared/corpora where that folder is there. Every mutant is a text
or a refusal with its cause; one that is neither is kept in build/fuzz/, and the exit code is 1. The same seed makes
the same mutants.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from src.core.errors import InputFileError
from src.utils.extractors.package import DAMAGE
from src.utils.reading.process import WorkerFailedError
from src.utils.reading.reader import Reader, ReadingLimits
from src.utils.reading.spool import Spool

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (
    ROOT / "input_files",
    ROOT / "tests" / "utils" / "detection" / "documents",
    ROOT.parent / "shared" / "corpora" / "documents" / "formats" / "files",
)
KEPT = ROOT / "build" / "fuzz"
LIMITS = ReadingLimits(seconds=20, memory_mb=1000)
BATCH = 50
MAX_BYTES = 2_000_000
RAW = ("PK\x03\x04", "%PDF-1.", "\xd0\xcf\x11\xe0")
TOKENS = (
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"4294967295",
    b"-1",
    b"1e999",
    b"<",
    b"]]>",
    b"&x;",
    b'"',
    b"\r",
    b"[" * 500,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read ``--count`` mutants and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    failures: list[str] = []
    for batch in _batches(options.count, options.seed):
        with tempfile.TemporaryDirectory() as folder:
            paths = [_write(Path(folder), number, name, data) for number, name, data in batch]
            for path, cause in _read(paths):
                counts["failed" if cause else "fine"] += 1
                if cause:
                    KEPT.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, KEPT)
                    failures.append(f"{path.name}: {cause}")
        print(f"\r{counts['fine']} fine, {counts['failed']} failed", end="", flush=True)
    print()
    print("\n".join(failures))
    return 1 if failures else 0


def _read(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Every mutant with what went wrong, "" for a text or an honest refusal."""
    with Reader(LIMITS) as reader:
        for path, result in zip(paths, reader.read_all(paths, lambda _done, _total: None), strict=True):
            yield path, _fault(result)


def _fault(result: Spool | InputFileError) -> str:
    if isinstance(result, WorkerFailedError):
        return f"{result} {result.details[-2000:]}".strip()
    if isinstance(result, InputFileError):
        return "" if result.fix and "\n" not in str(result) else f"no fix, or no single line: {result}"
    start = next(result.sections()).text[:200]
    return next((f"raw bytes as text: {raw!r}" for raw in RAW if raw in start), "")


def _batches(count: int, seed: int) -> Iterator[list[tuple[int, str, bytes]]]:
    generator = random.Random(seed)
    originals = sorted(path for folder in FOLDERS for path in folder.rglob("*") if path.is_file())
    originals = [path for path in originals if 0 < path.stat().st_size <= MAX_BYTES]
    for start in range(0, count, BATCH):
        batch = []
        for number in range(start, min(start + BATCH, count)):
            original = originals[number % len(originals)]
            batch.append((number, original.name, mutate(original.read_bytes(), generator)))
        yield batch


def _write(folder: Path, number: int, name: str, data: bytes) -> Path:
    path = folder / f"{number:05}_{name}"
    path.write_bytes(data)
    return path


def mutate(data: bytes, generator: random.Random) -> bytes:
    """A damaged copy: of a zip, half of the time, with one damaged part in a whole archive."""
    if data.startswith(b"PK\x03\x04") and generator.random() < 0.7:
        try:
            return _mutate_part(data, generator)
        except DAMAGE:
            pass  # it was damaged already
    return _mutate_bytes(data, generator)


def _mutate_part(data: bytes, generator: random.Random) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(set(source.namelist()))
        victim = generator.choice(names)
        for name in names:
            content = source.read(name)
            # a fixed time, not that of now: the same seed gives the same bytes
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name != victim:
                target.writestr(entry, content)
            elif generator.random() < 0.9:
                target.writestr(entry, _mutate_bytes(content, generator))
    return result.getvalue()


def _mutate_bytes(data: bytes, generator: random.Random) -> bytes:
    mutant = bytearray(data)
    for _ in range(generator.choice((1, 1, 2, 5, 20))):
        start = generator.randrange(len(mutant) + 1)
        end = min(len(mutant), start + generator.choice((1, 4, 50, 2000)))
        piece = mutant[start:end]
        generator.choice((_flip, _cut, _repeat, _shuffle, _token, _truncate))(
            mutant, start, end, bytes(piece), generator
        )
    return bytes(mutant)


def _flip(mutant: bytearray, start: int, end: int, piece: bytes, generator: random.Random) -> None:
    mutant[start:end] = bytes(byte ^ (1 << generator.randrange(8)) for byte in piece)


def _cut(mutant: bytearray, start: int, end: int, _piece: bytes, _generator: random.Random) -> None:
    del mutant[start:end]


def _repeat(mutant: bytearray, start: int, _end: int, piece: bytes, generator: random.Random) -> None:
    mutant[start:start] = piece * generator.choice((1, 2, 100))


def _shuffle(mutant: bytearray, start: int, end: int, piece: bytes, generator: random.Random) -> None:
    mutant[start:end] = bytes(generator.sample(piece, len(piece)))


def _token(mutant: bytearray, start: int, end: int, _piece: bytes, generator: random.Random) -> None:
    mutant[start:end] = generator.choice(TOKENS)


def _truncate(mutant: bytearray, start: int, _end: int, _piece: bytes, generator: random.Random) -> None:
    if generator.random() < 0.2:
        del mutant[start:]


if __name__ == "__main__":
    sys.exit(main())
