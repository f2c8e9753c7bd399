"""Deduplication: CPU seconds, wall seconds and memory of `dedupe` beside two MinHash libraries on the same rows.

    python -m benchmarks.dedup                 on rows of our own making
    python -m benchmarks.dedup rows.jsonl      on yours: id, instruction, response, quality_score

The libraries (rensa, datasketch) run where they are installed. The compiled code is on disk before the clock starts.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import ROOT, Peak, answer_help, python, run_to_end, show
from src.curation.stages.manifest import manifest_path

SMALL, LARGE = 20_000, 80_000
PEERS = ("rensa", "datasketch")


def main() -> None:
    """Print what each way needs, per command, and how the time per row grows."""
    answer_help(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else write_rows(folder / "large.jsonl", LARGE)
        small = _head(rows, folder / "small.jsonl", SMALL)
        _dedupe(small, folder)
        ours = _dedupe(rows, folder)
        two = _dedupe(rows, folder, "--workers", "2")
        minhash = _dedupe(rows, folder, "--method", "minhash")
        spilled = _dedupe(rows, folder, "--spill")
        less = _dedupe(small, folder)
        count, few = _count(rows), _count(small)
        table = [
            ("dedupe", *_shown(ours, ours)),
            ("dedupe --workers 2", f"{two.total:.1f} s wall", f"{two.total / ours.total:.2f} of one process"),
            ("dedupe --method minhash", *_shown(minhash, ours)),
            ("dedupe --spill", *_shown(spilled, ours)),
            (
                f"time per row, {few:,} to {count:,} rows",
                f"{ours.cpu / count / (less.cpu / few):.2f} x",
                "start-up included",
            ),
        ]
        for peer in PEERS:
            if find_spec(peer):
                peak = run_to_end(python("-m", "benchmarks.dedup_peers", peer, str(rows)), ROOT)
                table.append((peer, *_shown(peak, ours)))
            else:
                table.append((peer, "-", f"pip install {peer}"))
        show(f"Deduplication of {count:,} rows, load {os.getloadavg()[0]:.1f} before the end", table)


def write_rows(path: Path, count: int) -> Path:
    """``count`` rows of nonsense: texts of every length, shared openings, one in five an exact or near copy."""
    source = random.Random(7)
    words = [_word(source) for _ in range(30_000)]
    openings = [[source.choice(words) for _ in range(40)] for _ in range(200)]
    earlier: list[dict[str, object]] = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            draw = source.random()
            if earlier and draw < 0.2:
                row = dict(source.choice(earlier))
                if draw < 0.13:
                    row["response"] = " ".join(_edited(str(row["response"]).split(), words, source))
            else:
                opening = source.choice(openings) if draw < 0.5 else []
                response = source.choices(words, k=min(900, int(source.lognormvariate(4.3, 0.9)) + 3))
                row = {
                    "instruction": " ".join([*opening, *source.choices(words, k=25)]),
                    "response": " ".join(response),
                }
            row = {"id": number, **row, "quality_score": round(source.uniform(4, 10), 1)}
            row["id"] = number
            if number % 4 == 0:
                earlier.append(row)
            file.write(json.dumps(row) + "\n")
    return path


def _word(source: random.Random) -> str:
    return "".join(source.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(source.randint(2, 8)))


def _edited(text: list[str], words: list[str], source: random.Random) -> Iterator[str]:
    share = source.choice((0.005, 0.01, 0.02, 0.04))
    for word in text:
        yield source.choice(words) if source.random() < share else word


def _head(rows: Path, target: Path, count: int) -> Path:
    with rows.open("rb") as file, target.open("wb") as out:
        out.writelines(line for _, line in zip(range(count), file, strict=False))
    return target


def _count(rows: Path) -> int:
    with rows.open("rb") as file:
        return sum(1 for _ in file)


def _dedupe(rows: Path, folder: Path, *options: str) -> Peak:
    manifest_path(folder / "kept.jsonl").unlink(missing_ok=True)  # else it would say that all is done
    return run_to_end(python("-m", "src.main", "dedupe", str(rows), str(folder / "kept.jsonl"), *options), folder)


def _shown(peak: Peak, ours: Peak) -> tuple[str, str]:
    return f"{peak.cpu:.1f} CPU s", f"{peak.total:.1f} s wall, {peak.megabytes:.0f} MB, {peak.cpu / ours.cpu:.1f} x"


if __name__ == "__main__":
    main()
