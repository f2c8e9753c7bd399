"""Counting tokens beside tiktoken alone, with and without toktok-rs, and in two processes beside one."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.measure import ROOT, show
from src.core.types import Message, Sample
from src.utils.encodings import load_encoding
from src.utils.token_counter import TokenCounter
from src.utils.tokens.accelerator import is_installed, load_accelerator, read_probes
from src.utils.tokens.vocabularies import VOCABULARY_NAMES, has_vocabulary

ENCODING = "o200k_base"
PIECE = 300
"""Characters of one turn: with its answer an example of the size of those in large sets."""
LEAST_SHARE = 0.9
LEAST_GAIN = 1.7
REPEATS = 5


def examples() -> list[Sample]:
    """Two-turn examples cut out of the files of this project: code, prose, and probes of many scripts."""
    paths = [path for name in ("src", "tests", "docs") for path in sorted((ROOT / name).rglob("*"))]
    texts = [path.read_text(encoding="utf-8") for path in [*paths, Path(ROOT / "README.md")] if path.suffix in _TEXTS]
    text = "\n".join([*texts, *(text for text, _ in read_probes(ENCODING))])
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    return [
        Sample((Message("user", asked), Message("assistant", said)), "generated")
        for asked, said in zip(pieces[::2], pieces[1::2], strict=False)
    ]


_TEXTS = {".py", ".md", ".txt", ".yaml", ".jsonl"}


def best(*works: Callable[[], object]) -> list[float]:
    """Seconds of CPU of each work, the least of REPEATS; done in turn, so that a slow while falls on all of them."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(REPEATS):
        for work, taken in zip(works, seconds, strict=True):
            started = time.process_time()
            work()
            taken.append(time.process_time() - started)
    return [min(taken) for taken in seconds]


def main() -> None:
    """Print the ratios; each is of runs of one process, taken in turn."""
    samples = examples()
    texts = [message.content for sample in samples for message in sample.messages]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    fast = load_accelerator(ENCODING) if is_installed() else None
    load_accelerator.cache_clear()
    sys.modules["toktok"] = None  # type: ignore[assignment]  # from here on it is not there
    encode = load_encoding(ENCODING).encode_ordinary
    counter = TokenCounter(ENCODING)
    bare, of_texts, of_samples = best(
        lambda: [len(encode(text)) for text in texts],
        lambda: [counter.count_text(text) for text in texts],
        lambda: [counter.count_sample(sample) for sample in samples],
    )
    rows = [
        (
            "tiktoken alone, encode_ordinary",
            f"{megabytes / bare:.1f} MB/s",
            f"{len(texts):,} texts, {megabytes:.1f} MB",
        ),
        ("count_text", f"{bare / of_texts:.2f} of it", f"floor {LEAST_SHARE}"),
        ("count_sample, chat overhead too", f"{bare / of_samples:.2f} of it", f"floor {LEAST_SHARE}"),
    ]
    if fast:
        (quick,) = best(lambda: [fast(text) for text in texts])
        same = all(fast(text) == len(encode(text)) for text in texts)
        rows.append(("with toktok-rs", f"{bare / quick:.1f} x", "counts equal" if same else "COUNTS DIFFER"))
    rows += [_exact(name, texts, megabytes) for name in VOCABULARY_NAMES if has_vocabulary(name)]
    show(f"Tokens of {ENCODING} (CPU time, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)", rows)
    gain = two_beside_one()
    beside = f"floor {LEAST_GAIN} on two free cores; load before: {os.getloadavg()[0]:.1f}"
    show("Processes (wall time)", [("two beside one", f"{gain:.2f} x", beside)])


def _exact(name: str, texts: list[str], megabytes: float) -> tuple[str, str, str]:
    counter = TokenCounter(name)
    counter.count_text("load it")
    (seconds,) = best(lambda: [counter.count_text(text) for text in texts])
    return (f"exact for {name}", f"{megabytes / seconds:.1f} MB/s", "")


def two_beside_one() -> float:
    """How much more two processes count in a second than one, once both have loaded the vocabulary."""
    one = min(_wall(1) for _ in range(3))
    return 2 * one / min(_wall(2) for _ in range(3))


def _wall(processes: int) -> float:
    """Seconds until every one of ``processes`` has counted all examples."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes + 1)
    workers = [context.Process(target=_count_all, args=(ready,)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    ready.wait()
    started = time.perf_counter()
    for worker in workers:
        worker.join()
    return time.perf_counter() - started


def _count_all(ready: Barrier) -> None:
    sys.modules["toktok"] = None  # type: ignore[assignment]
    samples = examples()
    counter = TokenCounter(ENCODING)
    counter.count_text("load it")
    ready.wait()
    for sample in samples:
        counter.count_sample(sample)


if __name__ == "__main__":
    main()
