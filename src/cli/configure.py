"""Menu 1: provider, model, mode, size and split, each with what is needed to decide; saved at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from src.cli.configure_split import ask_split
from src.cli.model_screens import model_rows, provider_rows, show_models
from src.cli.prompts import BackRequestedError, Prompter, parse_size
from src.cli.screens import pairs, table
from src.cli.session import Session
from src.cli.settings_editor import save_values
from src.cli.settings_screens import shown_value
from src.core.config import RunConfig, read_key, with_values
from src.core.errors import ConfigError
from src.providers.limits import cap_size, find_model, provider_spec

Step = Callable[[Session, Prompter, RunConfig], dict[str, Any]]

MODES = (
    ("create", "write new examples, grounded in your documents"),
    ("identify", "take the conversations of your documents, word for word (no key)"),
    ("hybrid", "take what is there, write the rest; nothing twice"),
    ("free", "follow your own instructions (prompts/free_mode/prompt.txt)"),
)
_MANY = 100_000
"""Samples above which a size is more likely a slip than a wish: fine-tuning sets rarely have more."""


def configure_all(session: Session, prompter: Prompter) -> None:
    """1: every step in order; ``b`` goes one step back. Nothing is saved before the end."""
    steps: tuple[Step, ...] = (_provider, _model, _mode, _size, ask_split)
    start = _present(session)
    changes: list[dict[str, Any]] = []
    while len(changes) < len(steps):
        config = _apply(start, changes)
        try:
            changes.append(steps[len(changes)](session, prompter, config))
        except BackRequestedError:
            if not changes:
                raise
            changes.pop()
    _save(session, prompter, start, changes)


def select_provider(session: Session, prompter: Prompter) -> None:
    """1.1: the provider, and with it one of its models."""
    start = _present(session)
    changes = [_provider(session, prompter, start)]
    if changes[0]["provider"] != start.provider:
        changes.append(_model(session, prompter, _apply(start, changes)))
    _save(session, prompter, start, changes)


def select_model(session: Session, prompter: Prompter) -> None:
    """1.2: a model of the present provider."""
    _one_step(session, prompter, _model)


def select_mode(session: Session, prompter: Prompter) -> None:
    """1.3: the mode."""
    _one_step(session, prompter, _mode)


def set_size(session: Session, prompter: Prompter) -> None:
    """1.4: the number of samples."""
    _one_step(session, prompter, _size)


def configure_split(session: Session, prompter: Prompter) -> None:
    """1.5: whether and how to divide."""
    _one_step(session, prompter, ask_split)


def _one_step(session: Session, prompter: Prompter, step: Step) -> None:
    start = _present(session)
    _save(session, prompter, start, [step(session, prompter, start)])


def _present(session: Session) -> RunConfig:
    """The present configuration. One that cannot be read must be mended first: saving would hide what is wrong."""
    try:
        return session.config()
    except ConfigError as error:
        raise ConfigError(str(error), fix=f"{error.fix} Menu 5.1 edits the file.".strip()) from error


def _apply(start: RunConfig, changes: list[dict[str, Any]]) -> RunConfig:
    merged = {key: value for change in changes for key, value in change.items()}
    return with_values(start, merged)


def _provider(session: Session, prompter: Prompter, config: RunConfig) -> dict[str, Any]:
    session.console.heading("Provider that will train on the dataset (decides format and limits)")
    names, rows = provider_rows(session.secrets())
    session.console.lines(table(("#", "provider", "key", "models"), rows, width=session.console.width))
    session.console.say("A key is needed only when the provider also writes the samples.", "quiet")
    index = prompter.pick_number("Provider", len(names), default=names.index(config.provider))
    picked = names[index]
    if picked == config.provider:
        return {"provider": picked}
    return {"provider": picked, "model": provider_spec(picked).models[0].id}


def _model(session: Session, prompter: Prompter, config: RunConfig) -> dict[str, Any]:
    spec = provider_spec(config.provider)
    session.console.heading(f"Model of {spec.title}")
    show_models(session.console, model_rows(spec.models))
    try:
        present = spec.models.index(find_model(config.provider, config.model))
    except ConfigError:
        present = 0
    return {"model": spec.models[prompter.pick_number("Model", len(spec.models), default=present)].id}


def _mode(session: Session, prompter: Prompter, config: RunConfig) -> dict[str, Any]:
    session.console.heading("Generation mode")
    names = [name for name, _ in MODES]
    options = [f"{name:<9} {meaning}" for name, meaning in MODES]
    return {"mode": names[prompter.choose("Mode", options, default=names.index(config.mode))]}


def _size(session: Session, prompter: Prompter, config: RunConfig) -> dict[str, Any]:
    console = session.console
    console.heading("Dataset size")
    model = find_model(config.provider, config.model)
    if model.recommended_examples:
        console.say(f"{model.title}: {model.recommended_examples:,} or more samples are recommended.")
    if model.min_examples:
        console.say(f"{model.title}: {model.min_examples:,} samples are the least it takes.")
    while True:
        size = prompter.ask("Number of samples", parse_size, default=str(config.dataset_size))
        cap = cap_size(size, model)
        if cap.lines:
            console.warning(cap.lines[0])
            console.lines(cap.lines[1:])
            size = cap.used
        if size <= _MANY or prompter.yes_no(
            f"{size:,} samples take at least as many model calls. Really", default=False
        ):
            return {"dataset_size": size}


def _save(session: Session, prompter: Prompter, start: RunConfig, changes: list[dict[str, Any]]) -> None:
    merged = {key: value for change in changes for key, value in change.items()}
    with_values(start, merged)
    console = session.console
    console.heading("Your choices")
    rows = []
    for key, value in merged.items():
        old = read_key(start, key)
        rows.append((key, shown_value(value) + (f"   (was {shown_value(old)})" if old != value else "")))
    console.lines(pairs(rows, width=console.width))
    path = session.workspace.config_file
    if not prompter.yes_no(f"Save to {path.name}", default=True):
        console.warning("Not saved.")
        return
    save_values(path, merged)
    console.success(f"Saved in {path.name}.")
    _warn_of_stronger(session, merged)


def _warn_of_stronger(session: Session, saved: dict[str, Any]) -> None:
    now = session.config()
    for key, value in saved.items():
        if read_key(now, key) != value:
            session.console.warning(f"{key} is also given with --set, which wins until you leave the program.")
