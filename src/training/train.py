"""Fine-tuning on this machine, read from top to bottom: load, mask, LoRA, TRL's SFTTrainer, save."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from src.core.errors import UsageError
from src.core.jsonl import atomic_writer
from src.training.base_model import device, has_bfloat16, load_base, require_stack
from src.training.checkpoints import begin_run, end_run, run_facts, step_of
from src.training.datasets import TrainingSet
from src.training.failures import explained, told_where
from src.training.loss_curve import draw_curve
from src.training.machine import free_threads, peak_memory_mb
from src.training.outcome import ADAPTER, CHECKPOINTS, CURVE_FILE, Remark, Tell, TrainPlan, TrainReport, write_report
from src.training.overlap import count_shared
from src.training.progress import Recorder, make_callback
from src.training.saving import saving_to
from src.training.settings import TrainSettings
from src.training.trainer import trainer_class
from src.training.training_rows import IGNORED, EncodedRows, encode_rows

_LARGE: Final = 1_000_000_000
"""Parameters above which memory is scarcer than time."""
_CHECKPOINTS_PER_RUN: Final = 10
_SHARE_OF_LEARNT: Final = 0.05
_FORWARD_ONLY: Final = 1 / 3
"""What measuring a batch costs beside learning from it."""


class _Job(NamedTuple):
    data: TrainingSet
    settings: TrainSettings
    out: Path
    checkpoint: Path | None = None
    dry_run: bool = False

    @property
    def resumed_at(self) -> int:
        return step_of(self.checkpoint) if self.checkpoint else 0


def train(
    data: TrainingSet,
    settings: TrainSettings,
    out: Path,
    *,
    resume: bool = False,
    dry_run: bool = False,
    on_event: Tell = lambda _event: None,
) -> TrainReport:
    """Train a LoRA adapter on ``data`` and leave it in ``out``/adapter, with metrics.jsonl, loss.svg and the report.

    Its held-out rows are measured before the first and after every epoch, and never trained on. ``resume`` goes on from
    the last checkpoint in ``out``, if there is one. ``dry_run`` does one step and writes nothing.

    Raises DatasetError for rows that cannot be trained on or a loss that is no number, UsageError for settings that do
    not fit the model or the machine, ConfigError and MissingPackageError for the base model, StorageError where nothing
    can be written, and RunStoppedError after Ctrl-C.
    """
    require_stack()
    if settings.patience and not data.held_out:
        raise UsageError("Stopping early needs held-out rows to measure.", fix="Add --held-out, or drop --patience.")
    if dry_run:
        with TemporaryDirectory() as scratch:
            return _train(_Job(data, settings, Path(scratch), dry_run=True), on_event)
    checkpoint = begin_run(out, run_facts(settings, data.train, data.held_out), resume=resume)
    job = _Job(data, settings, out, checkpoint)
    report = _train(job, on_event)
    write_report(report, out)
    end_run(out)
    return report


def _train(job: _Job, on_event: Tell) -> TrainReport:
    import torch
    from transformers import EarlyStoppingCallback, PrinterCallback

    data, settings, said = job.data, job.settings, list[str]()

    def warn(text: str) -> None:
        said.append(text)
        on_event(Remark(text))

    threads = settings.threads or free_threads()
    torch.set_num_threads(threads)
    model, tokenizer = load_base(settings.base, quantize=settings.quantize)
    learnt = encode_rows(tokenizer, data.train, settings.max_length)
    measured = EncodedRows(())
    if data.held_out:
        measured = encode_rows(tokenizer, data.held_out, settings.max_length, held_out=True)
    for remark in _remarks(learnt, measured, settings, count_shared(data.train, data.held_out)):
        warn(remark)
    recorder = Recorder(None if job.dry_run else job.out, learnt.tokens, on_event, job.resumed_at)
    stopped = nullcontext() if job.dry_run else told_where(job.out, recorder)
    with explained(model, settings), saving_to(job.out), stopped:
        trainer = trainer_class()(
            model=model,
            processing_class=tokenizer,
            args=_arguments(job, len(learnt.rows), model.num_parameters()),
            train_dataset=_to_dataset(learnt, settings),
            eval_dataset=_to_dataset(measured, settings) if measured.rows else None,
            peft_config=_lora(settings),
            callbacks=[make_callback(recorder)],
        )
        trainer.remove_callback(PrinterCallback)
        if settings.patience:
            trainer.add_callback(EarlyStoppingCallback(early_stopping_patience=settings.patience))
        plan = _plan(trainer, learnt, measured, job, threads)
        on_event(plan)
        torch.manual_seed(settings.seed)
        started, computed = time.monotonic(), time.process_time()
        trainer.train(resume_from_checkpoint=str(job.checkpoint) if job.checkpoint else None)
        seconds, cpu_seconds = time.monotonic() - started, time.process_time() - computed
    report = TrainReport(
        settings=settings,
        plan=plan,
        losses=tuple(recorder.losses),
        held_out=tuple(recorder.held_out),
        seconds=round(recorder.seconds, 1),
        tokens_per_second=round(recorder.new_tokens / seconds, 1),
        peak_memory_mb=peak_memory_mb(),
        warnings=(*said, *_complaints(recorder, on_event)),
        adapter=None if job.dry_run else job.out / ADAPTER,
        stopped_early=trainer.state.global_step < plan.steps and not job.dry_run,
        dataset=data.source,
        held_out_from=data.held_out_from,
        cpu_seconds=round(cpu_seconds, 1),
    )
    if report.adapter is not None:
        _save(trainer, tokenizer, report, report.adapter)
    return report


def _arguments(job: _Job, rows: int, parameters: int) -> Any:
    from trl import SFTConfig

    settings = job.settings
    steps = _steps_per_epoch(rows, settings) * settings.epochs
    measures = "epoch" if job.data.held_out and not job.dry_run else "no"
    # the best state can only be kept where it was both measured and saved
    saves = "no" if job.dry_run else "epoch" if settings.patience else "steps"
    return SFTConfig(
        output_dir=str(job.out / CHECKPOINTS),
        learning_rate=settings.learning_rate,
        lr_scheduler_type=settings.schedule,
        warmup_steps=math.ceil(settings.warmup * steps),
        weight_decay=settings.weight_decay,
        num_train_epochs=settings.epochs,
        max_steps=1 if job.dry_run else -1,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.accumulate,
        gradient_checkpointing=_saves_memory(settings, parameters),
        max_length=None,  # cut already
        packing=False,
        bf16=has_bfloat16(),
        use_cpu=device() == "cpu",
        seed=settings.seed,
        eval_strategy=measures,
        eval_on_start=measures != "no" and job.checkpoint is None,
        prediction_loss_only=True,
        save_strategy=saves,
        save_steps=max(1, steps // _CHECKPOINTS_PER_RUN),
        save_total_limit=2,
        load_best_model_at_end=settings.patience > 0 and not job.dry_run,
        metric_for_best_model="eval_loss" if settings.patience else None,
        greater_is_better=False if settings.patience else None,
        logging_steps=1,
        logging_nan_inf_filter=False,  # a loss that is no number ends the run, it is not hidden
        dataloader_pin_memory=device() == "cuda",
        disable_tqdm=True,
        report_to="none",
    )


def _lora(settings: TrainSettings) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=list(settings.targets),
        task_type="CAUSAL_LM",
    )


def _to_dataset(encoded: EncodedRows, settings: TrainSettings) -> Any:
    """The rows as TRL takes them: ``labels`` repeat the tokens that count in the loss."""
    from datasets import Dataset

    everything = settings.loss_on == "all"
    labels = [
        [token if counts or everything else IGNORED for token, counts in zip(row.ids, row.mask, strict=True)]
        for row in encoded.rows
    ]
    return Dataset.from_dict({"input_ids": [row.ids for row in encoded.rows], "labels": labels})


def _plan(trainer: Any, learnt: EncodedRows, measured: EncodedRows, job: _Job, threads: int) -> TrainPlan:
    settings = job.settings
    trainable, parameters = trainer.model.get_nb_trainable_parameters()
    per_epoch = _steps_per_epoch(len(learnt.rows), settings)
    steps = per_epoch * settings.epochs
    per_batch = _time_batch(trainer)
    measurings = math.ceil(len(measured.rows) / settings.batch_size) * (settings.epochs + 1)
    batches = settings.accumulate * (steps - job.resumed_at) + _FORWARD_ONLY * measurings
    return TrainPlan(
        rows=len(learnt.rows),
        held_out=len(measured.rows),
        tokens=learnt.tokens,
        learnt=learnt.learnt,
        steps=steps,
        parameters=parameters,
        trainable=trainable,
        device=device(),
        dtype="4 bits" if settings.quantize else str(next(trainer.model.parameters()).dtype).removeprefix("torch."),
        threads=threads,
        seconds=round(per_batch * batches, 3),
        resumed_at=job.resumed_at,
    )


def _time_batch(trainer: Any) -> float:
    """Seconds that this machine needs to learn from one batch of rows of middling length, measured."""
    rows = trainer.train_dataset
    by_length = sorted(range(len(rows)), key=lambda place: len(rows[place]["input_ids"]))
    middle = max(0, (len(rows) - trainer.args.per_device_train_batch_size) // 2)
    batch = by_length[middle : middle + trainer.args.per_device_train_batch_size]
    inputs = trainer.data_collator([rows[place] for place in batch])
    model = trainer.model.train()
    started = time.monotonic()
    with trainer.compute_loss_context_manager():
        loss = trainer.compute_loss(model, {name: value.to(model.device) for name, value in inputs.items()})
    loss.backward()
    loss.item()  # waits for a GPU
    seconds = time.monotonic() - started
    model.zero_grad()
    return seconds


def _save(trainer: Any, tokenizer: Any, report: TrainReport, adapter: Path) -> None:
    """The adapter as a whole folder, and the loss curve beside it."""
    part = adapter.with_name(f"{adapter.name}.part")
    for leftover in (part, adapter):  # of a run that was killed while it saved
        shutil.rmtree(leftover, ignore_errors=True)
    with saving_to(adapter):
        trainer.model.save_pretrained(str(part))
        tokenizer.save_pretrained(part)
        part.replace(adapter)
    with atomic_writer(adapter.parent / CURVE_FILE) as file:
        file.write(draw_curve(report.losses, report.held_out).encode())


def _steps_per_epoch(rows: int, settings: TrainSettings) -> int:
    return math.ceil(math.ceil(rows / settings.batch_size) / settings.accumulate)


def _saves_memory(settings: TrainSettings, parameters: int) -> bool:
    if settings.checkpointing is not None:
        return settings.checkpointing
    return settings.quantize or parameters > _LARGE


def _remarks(learnt: EncodedRows, measured: EncodedRows, settings: TrainSettings, shared: int = 0) -> Iterator[str]:
    """What is odd about rows and machine before anything is trained."""
    if learnt.cut:
        yield f"{learnt.cut:,} rows are longer than {settings.max_length:,} tokens: what lies beyond is cut off."
    if learnt.without_answer:
        yield f"{learnt.without_answer:,} rows hold no answer within the limit and are left out."
    if learnt.learnt < _SHARE_OF_LEARNT * learnt.tokens:
        yield f"Only {learnt.learnt:,} of {learnt.tokens:,} tokens are answers: most of the time goes into prompts."
    if not measured.rows:
        yield "No held-out rows: whether the model learns, or only repeats the rows, cannot be told from the loss."
    if measured.without_answer:
        yield f"{measured.without_answer:,} held-out rows hold no answer within the limit and are left out."
    if shared:
        of = len(measured.rows) + measured.without_answer
        yield (
            f"{shared:,} of {of:,} held-out rows stand among the training rows, or ask what one of those asks: the "
            "held-out loss flatters."
        )
    if device() == "cuda" and not has_bfloat16():
        yield "This GPU does not compute in bfloat16: the weights take 32 bits each."


def _complaints(recorder: Recorder, tell: Tell) -> Iterator[str]:
    """What is odd about the losses afterwards."""
    for text in recorder.complaints():
        tell(Remark(text))
        yield text
