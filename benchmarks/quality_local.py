"""The embedded model on real documents: share of proposals kept, samples per CPU-minute, 100 samples to be read.

    python -m benchmarks.quality_local [--size N] [--review FILE] [DOCUMENT ...]

Without documents: Python's own topics (pydoc_data) and those of two Debian packages, as installed on this machine.
The review file holds questions and answers without any score, so that a reader judges them alone.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import fresh_workspace, python, run_to_end, show

DEBIAN = tuple(
    Path("/usr/share/doc", name)
    for name in (
        "lsof/00FAQ.gz",
        "libslang2/slang.txt.gz",
        "ninja-build/manual.html",
        "libpng16-16/libpng-manual.txt.gz",
    )
)
DOCUMENTS, REVIEWED = 3, 100


def place_documents(folder: Path, named: Sequence[Path]) -> list[str]:
    """Copy the documents into ``folder``, unpacked; their names. Raises SystemExit when there are none."""
    chosen = list(named) or [path for path in DEBIAN if path.exists()][: DOCUMENTS - 1]
    for path in chosen:
        if path.suffix == ".gz":
            (folder / path.stem).with_suffix(".txt").write_bytes(gzip.decompress(path.read_bytes()))
        else:
            shutil.copy(path, folder)
    if not named:
        topics: dict[str, str] = importlib.import_module("pydoc_data.topics").topics
        (folder / "python_topics.txt").write_text("\n\n".join(text for _, text in sorted(topics.items())), "utf-8")
    if len(list(folder.iterdir())) < len(chosen) or not any(folder.iterdir()):
        raise SystemExit("no documents: name some on the command line")
    return sorted(path.name for path in folder.iterdir())


def read_rows(workspace: Path) -> list[tuple[str, str]]:
    """Question and answer of every kept sample."""
    rows: list[dict[str, Any]] = []
    for path in sorted((workspace / "output_datasets").glob("local_*.jsonl")):
        if not path.name.endswith("_rejected.jsonl"):
            rows.extend(json.loads(line) for line in path.read_text("utf-8").splitlines())
    turns = ([message["content"] for message in row["messages"] if message["role"] != "system"] for row in rows)
    return [(turn[0], turn[1]) for turn in turns]


def write_review(rows: Sequence[tuple[str, str]], path: Path) -> None:
    """Up to 100 samples in a seeded order, numbered, with a line for the reader's verdict."""
    chosen = random.Random(7).sample(list(rows), min(REVIEWED, len(rows)))
    blocks = (f"{number}. Q: {one[0]}\n   A: {one[1]}\n   verdict:" for number, one in enumerate(chosen, start=1))
    path.write_text("\n\n".join(blocks) + "\n", "utf-8")


def main() -> None:
    """Run once in a fresh workspace and print."""
    parser = argparse.ArgumentParser(description="The embedded model on real documents.")
    parser.add_argument("--size", type=int, default=120, help="samples asked for")
    parser.add_argument("--review", type=Path, default=Path("review.txt"), help="where the samples to be read go")
    parser.add_argument("documents", nargs="*", type=Path)
    asked = parser.parse_args()
    with fresh_workspace() as workspace:
        inputs = workspace / "input_files"
        shutil.rmtree(inputs)
        inputs.mkdir()
        names = place_documents(inputs, asked.documents)
        settings = {"mode": "create", "dataset_size": asked.size, "system.agentic_llm": "local", "output_name": "local"}
        settings |= {"provider": "openai", "model": "gpt-4.1-mini"}
        options = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
        peak = run_to_end(python("-m", "src.main", "generate", "--yes", "--allow-short", *options), workspace)
        rows = read_rows(workspace)
        rejected = (workspace / "output_datasets" / "local_rejected.jsonl").read_text("utf-8").splitlines()
    reasons = [json.loads(line)["reason"] for line in rejected]
    tried = len(rows) + sum(reason != "no_usable_fact" for reason in reasons)
    write_review(rows, asked.review)
    show(
        f"Embedded model on {', '.join(names)}",
        [
            ("kept of asked for", f"{len(rows)} of {asked.size}", f"{len(rows) / asked.size:.0%}"),
            ("kept of facts tried", f"{len(rows)} of {tried}", f"{len(rows) / max(1, tried):.0%}"),
            ("passages without a usable fact", str(len(reasons) - tried + len(rows)), ""),
            ("samples per CPU-minute", f"{60 * len(rows) / peak.cpu:.1f}", f"{peak.cpu:.0f} s of CPU"),
            ("to be read", str(asked.review), ""),
        ],
    )


if __name__ == "__main__":
    main()
