"""Base and tuned model side by side: the same prompts, the same decoding, the same held-out rows."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from src.core.errors import UsageError
from src.training.base_model import MODELS, Loaded, Model, Tokenizer, load_base, load_tuned, prepare_base
from src.training.evaluation.perplexity import RowLoss, perplexity_of
from src.training.evaluation.prompts import EvalPrompt, EvalPrompts
from src.training.findings import Evaluation, Findings, known_findings, write_evaluation
from src.training.machine import free_threads
from src.training.outcome import TrainReport, read_report
from src.training.replies import MAX_NEW_TOKENS, reply_to
from src.training.run_source import read_source
from src.training.runs import find_run
from src.training.settings import Row
from src.training.training_rows import RowEncoder

MAX_LENGTH: Final = 1024
"""Tokens of a held-out row that are measured, unless the training run had another limit."""
Tell = Callable[[str], None]


class _Task(NamedTuple):
    prompts: Sequence[EvalPrompt]
    held_out: Sequence[Row]
    max_new_tokens: int
    max_length: int


def evaluate(
    runs: Sequence[Path],
    prompts: EvalPrompts,
    held_out: Sequence[Row] = (),
    *,
    held_out_from: str = "",
    max_new_tokens: int = MAX_NEW_TOKENS,
    models: Path = MODELS,
    tell: Tell = lambda _text: None,
) -> tuple[Evaluation, ...]:
    """Measure the adapters that training left in the folders ``runs``, all of one base, which answers once.

    ``held_out_from`` says in the report where those rows are from. What both models said stays in evaluation.json in
    each folder, and is not asked again. Raises ConfigError for a folder without a finished run, UsageError for runs
    over different bases, DatasetError for a damaged file, and what loading a model raises.
    """
    reports = [_report_of(run) for run in runs]
    bases = {report.settings.base for report in reports}
    if len(bases) != 1:
        raise UsageError(
            f"One evaluation has one base model, not {len(bases)}: {', '.join(sorted(bases)) or 'none is named'}.",
            fix="Evaluate the runs over each base by themselves.",
        )
    import torch

    torch.set_num_threads(free_threads())
    base_name = bases.pop()
    task = _Task(prompts.all, held_out, max_new_tokens, max(report.settings.max_length for report in reports))
    known = known_findings(runs)

    def examine(name: str, weights: Path, load: Callable[[], Loaded]) -> Findings:
        key = _key(weights, base_name, task)
        if key in known:
            tell(f"{name}: has answered before")
            return known[key]
        tell(f"{name}: answering {len(task.prompts)} prompts")
        return _examine(load(), task, key)

    base = examine(base_name, prepare_base(base_name, models), lambda: load_base(base_name, models=models))
    found = []
    for run, report in zip(runs, reports, strict=True):
        tuned = examine(run.name, find_run(run).adapter, partial(load_tuned, *find_run(run), models=models))
        evaluation = Evaluation(
            name=run.name,
            report=report,
            prompts=prompts,
            base=base,
            tuned=tuned,
            max_new_tokens=max_new_tokens,
            held_out_from=held_out_from if held_out else "",
            rows_digest=read_source(run).rows,
        )
        write_evaluation(evaluation, run)
        found.append(evaluation)
    return tuple(found)


def perplexity(model: Model, tokenizer: Tokenizer, rows: Sequence[Row], *, max_length: int = MAX_LENGTH) -> float:
    """Of the tokens that the assistant writes in ``rows``, the end of each turn included. NaN without rows."""
    return perplexity_of(row_losses(model, tokenizer, rows, max_length=max_length))


def row_losses(
    model: Model, tokenizer: Tokenizer, rows: Sequence[Row], *, max_length: int = MAX_LENGTH
) -> tuple[RowLoss, ...]:
    """What ``model`` makes of each row, up to ``max_length`` tokens of it: over the same tokens that training learns
    from (``RowEncoder``)."""
    import torch

    encoder = RowEncoder(tokenizer)
    losses = []
    model.eval()
    with torch.inference_mode():
        for row in rows:
            ids, mask = (part[:max_length] for part in encoder.encode(row))
            tokens = torch.tensor([ids], device=model.device)
            logits = model(input_ids=tokens).logits[0, :-1].float()
            loss = torch.nn.functional.cross_entropy(logits, tokens[0, 1:], reduction="none")
            learnt = torch.tensor(mask[1:], device=model.device, dtype=torch.bool)
            losses.append(RowLoss(float(loss[learnt].double().sum()), int(learnt.sum())))
    return tuple(losses)


def _report_of(run: Path) -> TrainReport:
    find_run(run)
    return read_report(run)


def _key(weights: Path, base: str, task: _Task) -> str:
    """Names the model by the size and time of its files: reading all weights would take longer than loading them."""
    files = sorted(path for path in weights.iterdir() if path.is_file())
    model = [base, [[path.name, path.stat().st_size, path.stat().st_mtime_ns] for path in files]]
    asked = [[prompt.id, prompt.prompt] for prompt in task.prompts]
    facts = [model, asked, list(task.held_out), task.max_new_tokens, task.max_length]
    return hashlib.sha256(orjson.dumps(facts)).hexdigest()


def _examine(loaded: Loaded, task: _Task, key: str) -> Findings:
    started, computed = time.monotonic(), time.process_time()
    model, tokenizer = loaded
    asked = [prompt.prompt for prompt in task.prompts]
    replies = reply_to(model, tokenizer, asked, max_new_tokens=task.max_new_tokens)
    return Findings(
        replies={prompt.id: reply for prompt, reply in zip(task.prompts, replies, strict=True)},
        losses=row_losses(model, tokenizer, task.held_out, max_length=task.max_length),
        seconds=time.monotonic() - started,
        key=key,
        cpu_seconds=time.process_time() - computed,
    )
