"""Menu 1: provider, model, mode, size and split, each with what is needed to decide; saved at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from src.cli.menus.configure_split import SPLIT_QUESTIONS
from src.cli.menus.questions import Asked, Question
from src.cli.menus.settings import shown_value, value_sources
from src.cli.prompts import BackRequestedError, Prompter, parse_size
from src.cli.screens import pairs, table
from src.cli.session import Session
from src.cli.settings_editor import save_values
from src.cli.views.models import PROVIDER_HEADS, PROVIDER_NUMBERS, model_rows, provider_rows, show_models
from src.core.config import RunConfig, read_key
from src.core.errors import ConfigError
from src.providers.limits import cap_size
from src.providers.lookup import find_model, provider_spec

MODES = (
    ("create", "write new examples, grounded in your documents"),
    ("identify", "take the conversations of your documents, word for word (no key)"),
    ("hybrid", "take what is there, write the rest; nothing twice"),
    ("free", "follow your own instructions (prompts/free_mode/prompt.txt)"),
)
_MANY = 100_000
"""Samples above which a size is more likely a slip than a wish: fine-tuning sets rarely have more."""


def configure_all(session: Session, prompter: Prompter) -> None:
    """1: every question in order."""
    _walk(session, prompter, (_provider, _model, _mode, _size, *SPLIT_QUESTIONS))


def select_provider(session: Session, prompter: Prompter) -> None:
    """1.1: the provider, and with another one, one of its models."""
    _walk(session, prompter, (_provider, _model_if_new_provider))


def select_model(session: Session, prompter: Prompter) -> None:
    """1.2: a model of the present provider."""
    _walk(session, prompter, (_model,))


def select_mode(session: Session, prompter: Prompter) -> None:
    """1.3: the mode."""
    _walk(session, prompter, (_mode,))


def set_size(session: Session, prompter: Prompter) -> None:
    """1.4: the number of samples."""
    _walk(session, prompter, (_size,))


def configure_split(session: Session, prompter: Prompter) -> None:
    """1.5: whether and how to divide."""
    _walk(session, prompter, SPLIT_QUESTIONS)


def _walk(session: Session, prompter: Prompter, questions: Sequence[Question]) -> None:
    """Ask ``questions`` in order, the last one whether to save; ``b`` goes one question back, from the first one to
    the menu. Nothing is saved before the end."""
    start = _present(session)
    to_ask = (*questions, _save)
    answered: list[tuple[int, dict[str, Any]]] = []
    number = 0
    while number < len(to_ask):
        changes = {key: value for _, answer in answered for key, value in answer.items()}
        try:
            answer = to_ask[number](Asked(session, prompter, start, changes))
        except BackRequestedError:
            if not answered:
                raise
            number, _ = answered.pop()
            continue
        if answer is not None:
            answered.append((number, answer))
        number += 1


def _present(session: Session) -> RunConfig:
    """The present configuration. One that cannot be read must be mended first: saving would hide what is wrong."""
    session.secrets()
    try:
        return session.config()
    except ConfigError as error:
        raise ConfigError(str(error), fix=f"{error.fix} Menu 5.1 edits the file.".strip()) from error


def _provider(asked: Asked) -> dict[str, Any]:
    session, config = asked.session, asked.config
    session.console.heading("Provider that will train on the dataset (decides format and limits)")
    names, rows = provider_rows(session.secrets())
    session.console.lines(table(PROVIDER_HEADS, rows, width=session.console.width, right=PROVIDER_NUMBERS))
    session.console.say("A key is needed only when the provider also writes the samples.", "quiet")
    index = asked.prompter.pick_number("Provider", len(names), names, default=names.index(config.provider))
    picked = names[index]
    if picked == config.provider:
        return {"provider": picked}
    return {"provider": picked, "model": provider_spec(picked).models[0].id}


def _model_if_new_provider(asked: Asked) -> dict[str, Any] | None:
    return _model(asked) if asked.config.provider != asked.start.provider else None


def _model(asked: Asked) -> dict[str, Any]:
    session, config = asked.session, asked.config
    spec = provider_spec(config.provider)
    session.console.heading(f"Model of {spec.title}")
    show_models(session.console, model_rows(spec.models))
    try:
        present = spec.models.index(find_model(config.provider, config.model))
    except ConfigError:
        present = 0
    ids = [model.id for model in spec.models]
    return {"model": ids[asked.prompter.pick_number("Model", len(ids), ids, default=present)]}


def _mode(asked: Asked) -> dict[str, Any]:
    asked.session.console.heading("Generation mode")
    names = [name for name, _ in MODES]
    options = [f"{name:<9} {meaning}" for name, meaning in MODES]
    return {"mode": names[asked.prompter.choose("Mode", options, default=names.index(asked.config.mode))]}


def _size(asked: Asked) -> dict[str, Any]:
    console, prompter, config = asked.session.console, asked.prompter, asked.config
    console.heading("Dataset size")
    model = find_model(config.provider, config.model)
    if model.recommended_examples:
        console.say(f"{model.title}: {model.recommended_examples:,} or more samples are recommended.")
    if model.min_examples:
        console.say(f"{model.title}: {model.min_examples:,} samples are the least it takes.")
    while True:
        size = prompter.text("Number of samples", parse_size, default=str(config.dataset_size))
        cap = cap_size(size, model)
        if cap.lines:
            console.warning(cap.lines[0])
            console.lines(cap.lines[1:])
            size = cap.used
        if size < (model.min_examples or 1):
            console.warning(f"{model.title} does not train on fewer than {model.min_examples:,} samples.")
            if not prompter.yes_no("Take fewer all the same", default=False):
                continue
        if size <= _MANY or prompter.yes_no(
            f"{size:,} samples are very many: each one that is written takes a model call or more. Go on", default=False
        ):
            return {"dataset_size": size}


def _save(asked: Asked) -> None:
    session, changes = asked.session, asked.changes
    console = session.console
    console.heading("Your choices")
    rows = []
    for key, value in changes.items():
        old = read_key(asked.start, key)
        rows.append((key, shown_value(value) + (f"   (was {shown_value(old)})" if old != value else "")))
    console.lines(pairs(rows, width=console.width))
    path = session.workspace.config_file
    if not asked.prompter.yes_no(f"Save to {path.name}", default=True):
        console.warning("Not saved.")
        return
    save_values(path, changes)
    console.success(f"Saved in {path.name}.")
    _warn_of_stronger(session, changes)


def _warn_of_stronger(session: Session, saved: dict[str, Any]) -> None:
    """Say which of the ``saved`` values will not count, and what wins over them."""
    now = session.config()
    sources = value_sources(session)
    for key, value in saved.items():
        if read_key(now, key) != value:
            session.console.warning(f"{key} is also set by {sources[key]}, which wins over config.yaml.")
