"""Checking a large training file beside bare token counting: time as a ratio, memory over the base.

    python -m benchmarks.validate [ROWS] [--tiktoken]

Rows are made here: two turns, some 600 to 1,450 bytes, mostly English; code, German, Japanese. "Bare" counts the same
contents with the same counter, already read. Both are timed in turns, file by file, in CPU seconds: whatever else the
machine does then falls on both. ``--tiktoken`` does without the optional accelerator, as a plain installation does.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson

from benchmarks.measure import answer_help

FILES = 20
LIMIT, MEGABYTES = 1.3, 150
SIZES = {"600 bytes a row": 290, "780 (mean of a curated set)": 380, "1,450 bytes a row": 710}
LANGUAGES = (
    "kiln clay glaze firing bowl wheel potter slip stone ware dries slowly before and in to is it was for on with this",
    "the potter waits until the kiln has cooled and then takes out every bowl that was glazed in the week before",
    "def fire(kiln, heat): return None if heat > 1_200 else 'cold' for bowl in rows: yield bowl.dry(days=7)",
    "Der Brennofen kühlt über Nacht ab und die Töpferin prüft jede Schale mit Glasur für die nächste Woche",
    "釉薬 粘土 窯を 焼く 乾かす 一週間 待って から 器を 取り出します",
)


class Measured(NamedTuple):
    """CPU seconds of both ways, and the memory in MB that checking took over what was there before."""

    bare: float
    check: float
    megabytes: float


def main() -> None:
    """Measure both sizes of rows and print the ratios."""
    answer_help(__doc__)
    if "--tiktoken" in sys.argv:
        sys.modules["toktok"] = None  # type: ignore[assignment]  # as if it were not installed
    rows = int(next((value for value in sys.argv[1:] if value.isdigit()), 600_000))
    print(f"{rows:,} rows, {'tiktoken' if '--tiktoken' in sys.argv else 'the counter of this installation'}")
    for title, size in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            files = write_files(Path(folder), rows, size)
            found = measure(files)
        ratio = found.check / found.bare
        print(
            f"  {title:<28} bare {found.bare:.1f} s, checked {found.check:.1f} s CPU: {ratio:.2f} times (of {LIMIT});"
            f" {found.megabytes:.0f} MB over base (of {MEGABYTES}); {rows / found.check:,.0f} rows a second"
        )


def write_files(folder: Path, rows: int, size: int) -> list[Path]:
    """``rows`` rows in FILES files; every turn has about ``size`` bytes."""
    numbers = random.Random(7)
    paths = [folder / f"{number:02}.jsonl" for number in range(FILES)]
    for start, path in enumerate(paths):
        with path.open("wb") as handle:
            for number in range(start, rows, FILES):
                turns = [{"role": role, "content": text(numbers, number, size)} for role in ("user", "assistant")]
                handle.write(orjson.dumps({"messages": turns}) + b"\n")
    return paths


def text(numbers: random.Random, number: int, size: int) -> str:
    """A text of about ``size`` bytes that no other row has."""
    words = LANGUAGES[number % len(LANGUAGES)].split()
    length = sum(len(word.encode()) + 1 for word in words) / len(words)
    return f"{number} " + " ".join(numbers.choices(words, k=round(size / length)))


def measure(files: list[Path]) -> Measured:
    """Count and check file after file, in turns."""
    from src.providers.lookup import find_model
    from src.utils.token_counter import TokenCounter
    from src.utils.training_file import FileCheck

    limits = find_model("openai", "gpt-4o-mini")
    counter = TokenCounter(limits.tokenizer)
    counter.count_text("load the vocabulary first")
    check = FileCheck(limits)
    base = resident()
    peak, bare, checked = base, 0.0, 0.0
    for path in files:
        started = time.process_time()
        check.read(path)
        checked += time.process_time() - started
        peak = max(peak, resident())
        for contents in blocks(path):
            started = time.process_time()
            for content in contents:
                counter.count_text(content)
            bare += time.process_time() - started
    return Measured(bare, checked, peak - base)


def blocks(path: Path, size: int = 1000) -> Iterator[list[str]]:
    """The contents of the rows of a file, ``size`` rows at a time."""
    contents: list[str] = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            contents += [message["content"] for message in orjson.loads(line)["messages"]]
            if number % size == 0:
                yield contents
                contents = []
    yield contents


def resident() -> float:
    """Memory that this process occupies, in MB."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    main()
