"""What goes wrong while a model is trained, as errors that a person can do something about."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from src.core.errors import BuilderError, ConfigError, RunStoppedError, UsageError
from src.training.base_model import Model
from src.training.checkpoints import find_unfinished, step_of
from src.training.progress import Recorder
from src.training.settings import TrainSettings


@contextmanager
def told_where(out: Path, recorder: Recorder) -> Iterator[None]:
    """Ctrl-C becomes an error that says from where the same command will go on."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        kept = find_unfinished(out)
        done = recorder.losses[-1] if recorder.losses else None
        where = f"step {step_of(kept) + 1:,}" if kept else "its first step"
        of = f" of {done.steps:,}" if done and kept else ""
        at = f" at step {done.step:,} of {done.steps:,}" if done else " before its first step"
        error = RunStoppedError(f"Training was interrupted{at}.", fix=f"The same command goes on from {where}{of}.")
        error.interrupted = True
        raise error from interrupt


@contextmanager
def explained(model: Model, settings: TrainSettings) -> Iterator[None]:
    """Errors of the libraries that a person can do something about, with what."""
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # the libraries speak to each other here
            yield
    except torch.OutOfMemoryError as error:
        raise _out_of_memory(settings) from error
    except RuntimeError as error:
        if "allocate memory" not in str(error):
            raise
        raise _out_of_memory(settings) from error
    except ValueError as error:
        if "target modules" not in str(error).lower():
            raise
        linear = sorted(
            {name.rpartition(".")[2] for name, part in model.named_modules() if hasattr(part, "in_features")}
        )
        raise UsageError(
            f"{settings.base} has no modules {', '.join(settings.targets)}.",
            fix=f"Name some of its own: --targets {','.join(linear)}",
        ) from error


def _out_of_memory(settings: TrainSettings) -> BuilderError:
    return ConfigError(
        f"The memory does not suffice for batches of {settings.batch_size} rows of up to {settings.max_length:,} "
        "tokens.",
        fix="In this order: --batch-size 1 --accumulate 2, --checkpointing, --max-length 512, a smaller base; on a GPU "
        "--quantize.",
    )
