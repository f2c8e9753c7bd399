"""The gates of create mode against planted faults: share of each kind caught, share of good samples lost.

    python -m benchmarks.quality [FILE ...] [--show]

FILE is a data file as benchmarks/quality_data/first.txt (default: every one there). ``--show`` prints what went wrong.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import show
from benchmarks.quality_samples import DATA, KINDS, PROMPTS, Bad, Good, passages_of, plant, read_samples, with_tables
from src.core.types import GenerationResult, Verdict
from src.generation.answer_parser import Draft, parse_answer
from src.generation.gates.admission import Gates
from src.generation.gates.leakage import PromptTraces
from src.generation.task_prompts import all_prompt_text
from src.utils.chunker import Passage

SETS = ("first.txt", "second.txt", "third.txt")


class Score(NamedTuple):
    """What one set of samples gave."""

    goods: int
    lost: list[tuple[Good, Verdict]]
    planted: Counter[str]
    caught: Counter[str]
    missed: list[Bad]
    reasons: dict[str, Counter[str]]


def judge(goods: Sequence[Good], seed: int = 7) -> Score:
    """Every good sample through one set of gates in order; every bad one beside those that were kept before it."""
    traces = PromptTraces.of(all_prompt_text(PROMPTS, "system/create_mode.txt"))
    passages = passages_of(goods)
    gates = Gates(traces, passages)
    lost = []
    for good in goods:
        outcome = _admit(gates, good.passage, good.question, good.answer)
        if not outcome.keep:
            lost.append((good, outcome))
    score = Score(len(goods), lost, Counter(), Counter(), [], defaultdict(Counter))
    for bad in plant(goods, seed):
        fresh = Gates(traces, passages, origin=gates.origin)
        if bad.after is not None and not _admit(fresh, bad.passage, bad.after.question, bad.after.answer).keep:
            continue
        outcome = _admit(fresh, bad.passage, bad.question, bad.answer)
        score.planted[bad.kind] += 1
        score.reasons[bad.kind][outcome.reason or "(kept)"] += 1
        if outcome.keep:
            score.missed.append(bad)
        else:
            score.caught[bad.kind] += 1
    return score


def _admit(gates: Gates, passage: Passage, question: str, answer: str) -> Verdict:
    text = json.dumps({"question": question, "answer": answer}, ensure_ascii=False)
    parsed = parse_answer(GenerationResult(text, "scripted"), "pair")
    return gates.admit(parsed, passage) if isinstance(parsed, Draft) else Verdict(False, parsed.reason, parsed.detail)


def report(name: str, score: Score, seconds: float, *, details: bool) -> None:
    """Print the table of one set."""
    rows = [
        (
            kind,
            f"{score.caught[kind]} of {score.planted[kind]}",
            f"{100 * score.caught[kind] / max(1, score.planted[kind]):.1f} %",
        )
        for kind in KINDS
    ]
    rows.append(
        ("good samples lost", f"{len(score.lost)} of {score.goods}", f"{100 * len(score.lost) / score.goods:.1f} %")
    )
    rows.append(("time for all", f"{seconds:.1f} s", ""))
    show(f"Gates on {name}", rows)
    if details:
        for good, outcome in score.lost:
            print(f"LOST {outcome.reason}: {outcome.detail[:90]} | {good.question} | {good.answer[:120]!r}")
        for bad in score.missed:
            print(f"MISSED {bad.kind} | {bad.question} | {bad.answer[:140]!r}")
        for kind, reasons in score.reasons.items():
            print(kind, dict(reasons.most_common()))


def load(paths: Iterable[Path]) -> list[tuple[str, list[Good]]]:
    """The sets to be judged; the tables go with the first one."""
    return [
        (path.name, with_tables(read_samples(path)) if path.name == SETS[0] else read_samples(path)) for path in paths
    ]


def main() -> None:
    """Judge the sets that the command line names."""
    named = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")]
    for name, goods in load(named or [path for path in (DATA / one for one in SETS) if path.exists()]):
        started = time.process_time()
        score = judge(goods)
        report(name, score, time.process_time() - started, details="--show" in sys.argv)


if __name__ == "__main__":
    main()
