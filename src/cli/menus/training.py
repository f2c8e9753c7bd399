"""Menu 9: train on this machine, look at what it changed, talk to the result, compare settings, write it for others."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from src.cli.arguments import parse_arguments
from src.cli.file_questions import run_line, some_text
from src.cli.prompts import AnswerError, Prompter, parse_whole
from src.cli.screens import show_path
from src.cli.session import Session
from src.core.errors import DatasetError
from src.persistence.sqlite_client import Store

_SHOWN_RUNS: Final = 20
_EMBEDDED: Final = "smollm2"
_FORMS: Final = (
    ("GGUF, 16 bit: for the provider local, Ollama, LM Studio", ("export-gguf", "f16")),
    ("GGUF, 8 bit: half the size, a part of what was learned is rounded off", ("export-gguf", "q8_0")),
    ("Folder of safetensors: for vLLM, or to train on", ("merge-adapter", "")),
)


def train_one(session: Session, prompter: Prompter) -> None:
    """9.1: one step first, which tells how long the rest will take; then, after a yes, all of it."""
    from src.training.base_model import require_stack

    require_stack()
    line = ["--dataset", _dataset(session, prompter), "--base", _base(prompter)]
    epochs = prompter.text("Epochs (0 = as many as suit the model)", _count, default="0")
    line += ["--epochs", str(epochs)] if epochs else []
    run_line(session, "train", *line, "--dry-run")
    if prompter.yes_no("Train", default=True):
        run_line(session, "train", *line)


def evaluate_one(session: Session, prompter: Prompter) -> None:
    """9.2: base and tuned model on the same prompts, and the report."""
    run_line(session, "evaluate", str(_pick_run(session, prompter)))


def talk_to_one(session: Session, prompter: Prompter) -> None:
    """9.3: a conversation with both."""
    from src.cli.actions.try_tuned import talk
    from src.training.chat import open_chat
    from src.training.runs import find_run

    run = find_run(_pick_run(session, prompter))
    session.console.remark(f"Loading {run.base} with {run.adapter} ...")
    talk(session, prompter, open_chat(run))


def sweep_settings(session: Session, prompter: Prompter) -> None:
    """9.4: a grid of settings, its time first."""
    from src.cli.actions.sweep import sweep_with
    from src.training.base_model import require_stack

    require_stack()
    data, base = _dataset(session, prompter), _base(prompter)
    rates = prompter.text("Learning rates, with commas between", some_text, default="1e-4,2e-4,5e-4")
    epochs = prompter.text("Epochs", some_text, default="3")
    ranks = prompter.text("Ranks", some_text, default="16")
    words = ["sweep", "--dataset", data, "--base", base, "--lr", rates, "--epochs", epochs, "--ranks", ranks]
    sweep_with(parse_arguments(words), session, prompter)


def export_one(session: Session, prompter: Prompter) -> None:
    """9.5: a trained model for other programs."""
    run = _pick_run(session, prompter)
    for number, (title, _) in enumerate(_FORMS, start=1):
        session.console.item(f"  {number}. ", title)
    action, kind = _FORMS[prompter.pick_number("Write it as", len(_FORMS))][1]
    run_line(session, "train", action, str(run), *(("--type", kind) if kind else ()))


def _dataset(session: Session, prompter: Prompter) -> str:
    with Store(session.workspace.database) as store:
        latest = store.latest()
    default = latest.name if latest else ""
    return prompter.text("Stored dataset, merged set, or file of rows", some_text, default=default)


def _base(prompter: Prompter) -> str:
    return prompter.text(
        f"Base model ({_EMBEDDED} is embedded; or a folder, a GGUF file, a Hugging Face id)",
        some_text,
        default=_EMBEDDED,
    )


def _pick_run(session: Session, prompter: Prompter) -> Path:
    """A finished run, the newest first; asked only when there are several. Raises DatasetError when there is none."""
    from src.training.outcome import REPORT_FILE

    memory = session.workspace.memory
    reports = [*memory.glob(f"training/*/{REPORT_FILE}"), *memory.glob(f"sweeps/*/*/{REPORT_FILE}")]
    reports.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    runs = [path.parent for path in reports[:_SHOWN_RUNS]]
    if not runs:
        raise DatasetError("Nothing was trained here yet.", fix="Train first: menu 9.1.")
    if len(runs) == 1:
        return runs[0]
    return runs[prompter.choose("Which run", [show_path(run, session.workspace.root) for run in runs])]


def _count(text: str) -> int:
    number = parse_whole(text, "a number of epochs")
    if number < 0:
        raise AnswerError(f"{number} is too small: type 0 or more.")
    return number
