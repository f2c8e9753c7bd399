"""What a training run says of itself: its plan, its losses, and the report that stays beside the adapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from src.core.errors import DatasetError
from src.core.jsonl import atomic_writer, read_rows
from src.training.settings import TrainSettings

REPORT_FILE: Final = "train_report.json"
METRICS_FILE: Final = "metrics.jsonl"
CURVE_FILE: Final = "loss.svg"
ADAPTER: Final = "adapter"
CHECKPOINTS: Final = "checkpoints"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainPlan:
    """What is about to be done. ``tokens`` is the length of all rows together, ``learnt`` how many of them count in the
    loss; ``seconds`` is what one pass over a batch was measured to take here, times what is still to be done."""

    rows: int
    held_out: int
    tokens: int
    learnt: int
    steps: int
    parameters: int
    trainable: int
    device: str
    dtype: str
    threads: int
    seconds: float
    resumed_at: int = 0
    """Steps that an earlier run has done."""

    @property
    def share(self) -> float:
        """Share of the parameters that is trained."""
        return self.trainable / self.parameters


class StepLoss(NamedTuple):
    """The mean loss per learnt token of one step; ``seconds`` since the start, ``tokens`` seen so far."""

    step: int
    steps: int
    epoch: float
    loss: float
    learning_rate: float
    tokens: int
    seconds: float


class HeldOutLoss(NamedTuple):
    """The mean loss on the rows that are not trained on, after ``step``."""

    step: int
    epoch: float
    loss: float


class Remark(NamedTuple):
    """One line for a person: what is odd about the rows, the machine or the losses."""

    text: str


TrainEvent = TrainPlan | StepLoss | HeldOutLoss | Remark
Tell = Callable[[TrainEvent], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainReport:
    """What came of a run. ``adapter`` is where the trained weights lie; a dry run leaves none (None)."""

    settings: TrainSettings
    plan: TrainPlan
    losses: tuple[StepLoss, ...]
    held_out: tuple[HeldOutLoss, ...]
    seconds: float
    tokens_per_second: float
    peak_memory_mb: float
    warnings: tuple[str, ...]
    adapter: Path | None
    stopped_early: bool = False
    dataset: str = ""
    """The path or name of the rows."""
    held_out_from: str = ""
    cpu_seconds: float = 0.0
    """Of the process that ended the run, all its threads together."""

    @property
    def steps(self) -> int:
        return self.losses[-1].step if self.losses else 0

    @property
    def trainable(self) -> int:
        return self.plan.trainable

    @property
    def parameters(self) -> int:
        return self.plan.parameters

    @property
    def device(self) -> str:
        return self.plan.device

    @property
    def final_loss(self) -> float:
        """The mean over the last tenth of the steps: a single batch says little. NaN without a step."""
        return mean_loss(self.losses[-max(1, len(self.losses) // 10) :])

    @property
    def kept_loss(self) -> float:
        """On the held-out rows, of the state that was kept: the last, with ``patience`` the best; NaN without rows."""
        measured = [one.loss for one in self.held_out]
        if not measured:
            return float("nan")
        return min(measured[1:] or measured) if self.settings.patience else measured[-1]

    @property
    def first_loss(self) -> float:
        """The mean over the first tenth of the steps."""
        return mean_loss(self.losses[: max(1, len(self.losses) // 10)])


def mean_loss(losses: Sequence[StepLoss]) -> float:
    """NaN for none."""
    return sum(one.loss for one in losses) / len(losses) if losses else float("nan")


def report_facts(report: TrainReport) -> dict[str, Any]:
    """The report as JSON holds it."""
    facts = asdict(report)
    facts["adapter"] = str(report.adapter) if report.adapter else None
    facts["losses"] = [one._asdict() for one in report.losses]
    facts["held_out"] = [one._asdict() for one in report.held_out]
    return facts | {"first_loss": report.first_loss, "final_loss": report.final_loss, "steps": report.steps}


def write_report(report: TrainReport, out: Path) -> None:
    """``train_report.json`` in ``out``, whole or not at all."""
    with atomic_writer(out / REPORT_FILE) as file:
        file.write(orjson.dumps(report_facts(report), option=orjson.OPT_INDENT_2))


def read_report(out: Path) -> TrainReport:
    """The report of a run in ``out``. Raises DatasetError where there is none that can be read."""
    path = out / REPORT_FILE
    try:
        facts = orjson.loads(path.read_bytes())
        return TrainReport(
            settings=TrainSettings(**{**facts["settings"], "targets": tuple(facts["settings"]["targets"])}),
            plan=TrainPlan(**facts["plan"]),
            losses=tuple(StepLoss(**one) for one in facts["losses"]),
            held_out=tuple(HeldOutLoss(**one) for one in facts["held_out"]),
            seconds=facts["seconds"],
            tokens_per_second=facts["tokens_per_second"],
            peak_memory_mb=facts["peak_memory_mb"],
            warnings=tuple(facts["warnings"]),
            adapter=Path(facts["adapter"]) if facts["adapter"] else None,
            stopped_early=facts["stopped_early"],
            **{name: facts[name] for name in ("dataset", "held_out_from", "cpu_seconds") if name in facts},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{path} is no report of a training run.", fix="Train first: see 'train --help'.") from error


def read_losses(out: Path, up_to: int) -> tuple[list[StepLoss], list[HeldOutLoss]]:
    """What ``metrics.jsonl`` in ``out`` holds up to a step; a line that was not written to its end is left out."""
    steps: list[StepLoss] = []
    held_out: list[HeldOutLoss] = []
    if not (out / METRICS_FILE).exists():
        return steps, held_out
    for row in read_rows(out / METRICS_FILE):
        facts = row.value
        if facts is None or facts["step"] > up_to:
            continue
        if "held_out_loss" in facts:
            held_out.append(HeldOutLoss(facts["step"], facts["epoch"], facts["held_out_loss"]))
        else:
            steps.append(StepLoss(**facts))
    return steps, held_out


def metrics_line(news: StepLoss | HeldOutLoss) -> dict[str, Any]:
    """One line of ``metrics.jsonl``."""
    if isinstance(news, StepLoss):
        return news._asdict()
    return {"step": news.step, "epoch": news.epoch, "held_out_loss": news.loss}
