"""What base and tuned model answered, kept beside the adapter: reports are made from it, nothing is asked twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from src.core.errors import DatasetError
from src.core.jsonl import atomic_writer
from src.training.evaluation.measures import Replies, Reply
from src.training.evaluation.perplexity import RowLoss
from src.training.evaluation.prompts import EvalPrompts
from src.training.evaluation.remarks import Compared
from src.training.outcome import TrainReport, read_report
from src.training.run_source import read_source
from src.training.runs import find_run

EVALUATION_FILE: Final = "evaluation.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one model made of the prompts and of the held-out rows; ``seconds`` for both. ``key`` is the same for the
    same model, prompts, rows and limits: then nothing needs to be answered again."""

    replies: Replies
    losses: tuple[RowLoss, ...]
    seconds: float
    key: str = ""
    cpu_seconds: float = 0.0
    """What the process computed, all threads together; 0 where it was not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One training run beside its base."""

    name: str
    report: TrainReport
    prompts: EvalPrompts
    base: Findings
    tuned: Findings
    max_new_tokens: int
    held_out_from: str = ""
    """Where the rows that perplexity is measured on are from."""
    rows_digest: str = ""
    """Of the rows that were trained on."""

    def compared(self) -> Iterator[Compared]:
        """Every prompt that the figures rest on, with what both models made of it."""
        for prompt in self.prompts.measured:
            yield Compared(prompt, self.base.replies[prompt.id], self.tuned.replies[prompt.id])


def write_evaluation(evaluation: Evaluation, run: Path) -> None:
    """``evaluation.json`` in ``run``, whole or not at all."""
    facts = {
        "name": evaluation.name,
        "prompts": evaluation.prompts.model_dump(mode="json", exclude_defaults=True),
        "max_new_tokens": evaluation.max_new_tokens,
        "held_out_from": evaluation.held_out_from,
        "base": _to_facts(evaluation.base),
        "tuned": _to_facts(evaluation.tuned),
    }
    with atomic_writer(run / EVALUATION_FILE) as file:
        file.write(orjson.dumps(facts, option=orjson.OPT_INDENT_2))


def read_evaluation(run: Path) -> Evaluation:
    """What ``evaluate`` left in ``run``. Raises DatasetError where there is nothing that can be read."""
    path = run / EVALUATION_FILE
    find_run(run)
    try:
        facts = orjson.loads(path.read_bytes())
        return Evaluation(
            name=facts["name"],
            report=read_report(run),
            prompts=EvalPrompts.model_validate(facts["prompts"]),
            base=_from_facts(facts["base"]),
            tuned=_from_facts(facts["tuned"]),
            max_new_tokens=facts["max_new_tokens"],
            held_out_from=facts.get("held_out_from", ""),
            rows_digest=read_source(run).rows,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{path} is no evaluation.", fix=f"Remove it, then: python -m src.main evaluate {run}"
        ) from error


def known_findings(runs: Sequence[Path]) -> Mapping[str, Findings]:
    """By its key, what earlier evaluations left in the folders of ``runs``. Raises DatasetError for a damaged file."""
    evaluations = [read_evaluation(run) for run in runs if (run / EVALUATION_FILE).is_file()]
    return {found.key: found for one in evaluations for found in (one.base, one.tuned)}


def _to_facts(findings: Findings) -> dict[str, Any]:
    return {
        "replies": {name: reply._asdict() for name, reply in findings.replies.items()},
        "losses": [list(loss) for loss in findings.losses],
        "seconds": findings.seconds,
        "key": findings.key,
        "cpu_seconds": findings.cpu_seconds,
    }


def _from_facts(facts: dict[str, Any]) -> Findings:
    return Findings(
        replies={name: Reply(**reply) for name, reply in facts["replies"].items()},
        losses=tuple(RowLoss(*loss) for loss in facts["losses"]),
        seconds=facts["seconds"],
        key=facts["key"],
        cpu_seconds=facts.get("cpu_seconds", 0.0),
    )
