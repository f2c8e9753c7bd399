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
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import show
from benchmarks.quality_samples import DATA, KINDS, PROMPTS, Bad, Good, passages_of, plant, read_samples, with_tables
from src.core.types import GenerationResult, Message, Role, Task, Verdict
from src.generation.answer_parser import Draft, parse_answer
from src.generation.gates.admission import Gates
from src.generation.gates.leakage import PromptTraces
from src.generation.task_prompts import all_prompt_text
from src.generation.task_rules import check_task
from src.utils.chunker import Passage

SETS = (
    "first.txt",
    "second.txt",
    "third.txt",
    "fourth.txt",
    "fifth.txt",
    "sixth.txt",
    "seventh.txt",
    "eighth.txt",
    "ninth.txt",
    "tenth.txt",
    "eleventh.txt",
    "twelfth.txt",
    "thirteenth.txt",
    "fourteenth.txt",
    "fifteenth.txt",
    "sixteenth.txt",
)


LEAST_CAUGHT = 0.95


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
        outcome = _admit_good(gates, good)
        if not outcome.keep:
            lost.append((good, outcome))
    score = Score(len(goods), lost, Counter(), Counter(), [], defaultdict(Counter))
    for bad in plant(goods, seed):
        fresh = Gates(traces, passages, origin=gates.origin)
        if bad.after is not None and not _admit_good(fresh, bad.after).keep:
            continue
        outcome = _admit(fresh, bad.passage, bad.question, bad.answer, bad.task)
        score.planted[bad.kind] += 1
        score.reasons[bad.kind][outcome.reason or "(kept)"] += 1
        if outcome.keep:
            score.missed.append(bad)
        else:
            score.caught[bad.kind] += 1
    return score


def _admit_good(gates: Gates, good: Good) -> Verdict:
    return _admit(gates, good.passage, good.question, good.answer, good.task, good.further.splitlines())


def _admit(
    gates: Gates, passage: Passage, question: str, answer: str, task: Task, further: Sequence[str] = ()
) -> Verdict:
    text = json.dumps({"question": question, "answer": answer}, ensure_ascii=False)
    parsed = parse_answer(GenerationResult(text, "scripted"), "pair")
    if not isinstance(parsed, Draft):
        return Verdict(False, parsed.reason, parsed.detail)
    roles: tuple[Role, ...] = ("user", "assistant")
    turns = (Message(roles[number % 2], turn) for number, turn in enumerate(further))
    draft = replace(parsed, messages=(*parsed.messages, *turns), claims=_claims(answer) if task == "extraction" else ())
    refused = check_task(draft, passage.text)
    return Verdict(False, refused.reason, refused.detail) if refused else gates.admit(draft, passage, task)


def _claims(answer: str) -> tuple[str, ...]:
    """The values of extracted fields."""
    try:
        records = json.loads(answer)
    except ValueError:
        return ()
    return tuple(value for record in (records if isinstance(records, list) else [records]) for value in record.values())


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
    good_kinds = sum(score.caught[kind] >= LEAST_CAUGHT * score.planted[kind] > 0 for kind in KINDS)
    rows.append((f"kinds caught at {LEAST_CAUGHT:.0%} or more", f"{good_kinds} of {len(KINDS)}", ""))
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
    scores, all_seconds = [], 0.0
    for name, goods in load(named or [path for path in (DATA / one for one in SETS) if path.exists()]):
        started = time.process_time()
        scores.append(judge(goods))
        seconds = time.process_time() - started
        all_seconds += seconds
        report(name, scores[-1], seconds, details="--show" in sys.argv)
    report("all sets", add_up(scores), all_seconds, details=False)


def add_up(scores: Sequence[Score]) -> Score:
    """One score of several sets, each with gates of its own."""
    total = Score(sum(score.goods for score in scores), [], Counter(), Counter(), [], defaultdict(Counter))
    for score in scores:
        total.lost.extend(score.lost)
        total.planted.update(score.planted)
        total.caught.update(score.caught)
        total.missed.extend(score.missed)
    return total


if __name__ == "__main__":
    main()
