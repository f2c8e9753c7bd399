"""Follows the trainer: metrics.jsonl on disk, events for the screen, a stop where the loss is no number."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from src.core.errors import DatasetError
from src.core.jsonl import dump_line, write_jsonl
from src.training.outcome import METRICS_FILE, HeldOutLoss, StepLoss, Tell, mean_loss, metrics_line, read_losses

_ENOUGH_STEPS: Final = 20
_HARDLY: Final = 0.97
_WORSE: Final = 1.02


class Recorder:
    """Keeps every loss. What a killed run has written beyond its checkpoint is dropped: those steps are done again."""

    def __init__(self, out: Path | None, tokens: int, tell: Tell, resumed_at: int = 0) -> None:
        """``tokens`` are those of one epoch; ``out`` None writes no file."""
        self._out = out
        self._tokens = tokens
        self._tell = tell
        self._begun = time.monotonic()
        self.losses: list[StepLoss] = []
        self.held_out: list[HeldOutLoss] = []
        if out is not None:
            self.losses, self.held_out = read_losses(out, resumed_at) if resumed_at else ([], [])
            write_jsonl(out / METRICS_FILE, map(metrics_line, _by_step(self.losses, self.held_out)))
        self._before = self.losses[-1] if self.losses else None

    @property
    def seconds(self) -> float:
        """From the first step to the last one, the runs before a resume included."""
        return self.losses[-1].seconds if self.losses else 0.0

    @property
    def new_tokens(self) -> int:
        """Tokens that this process has trained on."""
        if not self.losses:
            return 0
        return self.losses[-1].tokens - (self._before.tokens if self._before else 0)

    def complaints(self) -> Iterator[str]:
        """What is odd about the losses of a whole run."""
        tenth = max(1, len(self.losses) // 10)
        first, last = mean_loss(self.losses[:tenth]), mean_loss(self.losses[-tenth:])
        if len(self.losses) >= _ENOUGH_STEPS and last > _HARDLY * first:
            yield (
                f"The loss has hardly fallen ({first:.2f} to {last:.2f}): a learning rate three times as high, or more "
                "epochs, may be needed."
            )
        if len(self.held_out) > 1 and self.held_out[-1].loss > _WORSE * min(one.loss for one in self.held_out):
            best = min(self.held_out, key=lambda one: one.loss)
            yield (
                f"The held-out loss was best after epoch {best.epoch:g} ({best.loss:.2f}) and has risen since "
                f"({self.held_out[-1].loss:.2f}): the model begins to repeat the rows. Fewer epochs, or --patience 1."
            )

    def add(self, step: int, steps: int, epoch: float, logs: dict[str, float]) -> None:
        """Take up what the trainer logs. Raises DatasetError where the loss is not a number any more."""
        news: StepLoss | HeldOutLoss
        if "eval_loss" in logs:
            news = HeldOutLoss(step, round(epoch, 4), logs["eval_loss"])
            self.held_out.append(news)
        elif "loss" in logs:
            seconds = round((self._before.seconds if self._before else 0.0) + time.monotonic() - self._begun, 2)
            tokens = round(epoch * self._tokens)
            news = StepLoss(step, steps, round(epoch, 4), logs["loss"], logs.get("learning_rate", 0.0), tokens, seconds)
            self.losses.append(news)
        else:
            return
        if not math.isfinite(news.loss):
            raise DatasetError(
                f"The loss is not a number after step {step}: the weights have run away.",
                fix="Lower --lr, to a third for instance; the adapter of this run is not kept.",
            )
        if self._out is not None:
            with (self._out / METRICS_FILE).open("ab") as file:
                file.write(dump_line(metrics_line(news)))
        self._tell(news)


def make_callback(recorder: Recorder) -> Any:
    """The recorder as the trainer calls it."""
    from transformers import TrainerCallback

    class Following(TrainerCallback):  # type: ignore[misc]  # the package is not installed where types are checked
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_rest: Any) -> None:  # noqa: ARG002
            recorder.add(state.global_step, state.max_steps, state.epoch or 0.0, logs or {})

    return Following()


def _by_step(losses: Sequence[StepLoss], held_out: Sequence[HeldOutLoss]) -> list[StepLoss | HeldOutLoss]:
    return sorted([*losses, *held_out], key=lambda one: (one.step, isinstance(one, HeldOutLoss)))
