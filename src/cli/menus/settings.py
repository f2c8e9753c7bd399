"""Menu 5: change one key of config.yaml after another, and see which value comes from where."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from src.cli.default_config import yaml_value
from src.cli.prompts import BackRequestedError, Prompter, parse_choice
from src.cli.screens import show_path, table
from src.cli.session import Session
from src.cli.settings_editor import ConfigDocument, open_document, save_values, start_afresh
from src.core.config import ConfigKey, check_value, config_keys, read_key
from src.core.errors import ConfigError
from src.core.key_shapes import hide_keys
from src.reports.tables import clip, display_width, pad

_DONE = "done"
_VALUE_WIDTH = 24
_LEAST_MEANING = 10


def edit_config(session: Session, prompter: Prompter) -> None:
    """5.1: pick a key, type a value, see old and new, save; until ``b``. A file that is not YAML can be replaced."""
    path = session.workspace.config_file
    try:
        document = open_document(path)
    except ConfigError as error:
        session.show_error(error)
        if not prompter.yes_no(
            f"Start afresh from the defaults? {path.name} is kept under another name", default=False
        ):
            return
        kept = start_afresh(path)
        session.console.success(f"{path.name} is new." + (f" The former one: {kept.name}" if kept else ""))
        document = open_document(path)
    if not path.exists():
        session.console.warning(f"There is no {path.name} yet: it is made from the defaults when you save a change.")
    _mend_unknown(session, prompter, document)
    _show_keys(session, document, config_keys())
    _edit_keys(session, prompter)


def view_config(session: Session, _prompter: Prompter) -> None:
    """5.2: every key with its value and where the value comes from."""
    config = session.config()
    console = session.console
    console.heading("Current configuration")
    sources = value_sources(session)
    rows = [(key.name, shown_value(read_key(config, key.name)), sources[key.name]) for key in config_keys()]
    console.lines(table(("key", "value", "from"), rows, width=console.width))
    present = session.secrets().configured_providers()
    console.say()
    console.say(f"Keys found for: {', '.join(present) or 'no provider (the local model writes)'}")
    console.say(f"Settings: {show_path(session.workspace.config_file, session.workspace.root)}; keys: .env")


def value_sources(session: Session) -> dict[str, str]:
    """Where each key's value comes from: ``--set``, ``environment``, ``.env``, the name of the configuration file, or
    ``default``. The strongest wins. Raises ConfigError when a file cannot be read."""
    from src.core.secrets import load_secrets

    path = session.workspace.config_file
    document = open_document(path) if path.exists() else None
    sources = {key.name: path.name if document and document.has(key.name) else "default" for key in config_keys()}
    sources |= dict.fromkeys(session.secrets().config_environment(), ".env")
    sources |= dict.fromkeys(load_secrets(Path(os.devnull)).config_environment(), "environment")
    return sources | {override.partition("=")[0].strip(): "--set" for override in session.overrides}


def shown_value(value: Any) -> str:
    """A value for a table: as in YAML, without quotes where they say nothing."""
    if isinstance(value, str):
        return hide_keys(value) or "(empty)"
    if isinstance(value, float):
        return f"{value:g}"
    return yaml_value(value)


def _mend_unknown(session: Session, prompter: Prompter, document: ConfigDocument) -> None:
    """Offer to take out keys that stop the program from reading the file."""
    for key in document.unknown_keys():
        session.console.warning(f"{document.path.name}: {key!r} is no setting of this program.")
        if prompter.yes_no("Take it out", default=True):
            document.delete(key)
            document.save()
            session.console.success(f"{key} is gone.")


def _edit_keys(session: Session, prompter: Prompter) -> None:
    keys = config_keys()
    while True:
        index = prompter.ask(
            f"Which key (1-{len(keys)} or its name, b = back)", lambda text: _parse_key(text, keys), default=_DONE
        )
        if index is None:
            return
        key = keys[index]
        with suppress(BackRequestedError):  # back to the list of keys
            _change(session, prompter, key)


def _change(session: Session, prompter: Prompter, key: ConfigKey) -> None:
    """Ask for a value until it can stand under ``key``, show old and new, and save after a yes.

    The file is read anew before each step: another editor may have it open as well.
    """
    path = session.workspace.config_file
    document = open_document(path)
    console = session.console
    console.say(f"{key.name}: {key.description} ({key.type})")
    hint = ', "" = empty' if key.type == "text" else ""
    value = prompter.ask(
        f"New value for {key.name} (b = back{hint})",
        lambda text: _checked(key, text),
        default=_editable(_written(document, key)),
    )
    old = _written(document, key)
    if old == value and type(old) is type(value) and document.has(key.name):
        console.say(f"{key.name} is {shown_value(value)} already.")
        return
    console.say(f"  {key.name}: {shown_value(old)} -> {shown_value(value)}")
    if not prompter.yes_no("Save", default=True):
        console.say("Not saved.")
        return
    save_values(path, {key.name: value})
    console.success(f"Saved in {path.name}.")
    source = value_sources(session)[key.name]
    if source in {"--set", "environment", ".env"}:
        console.warning(f"{key.name} is also set by {source}, which wins over {path.name}.")


def _checked(key: ConfigKey, typed: str) -> Any:
    """The value that was typed. Raises ConfigError, with what is allowed."""
    try:
        return check_value(key.name, _without_quotes(typed))
    except ConfigError as error:
        raise ConfigError(str(error).removeprefix("input: "), fix=error.fix) from error


def _show_keys(session: Session, document: ConfigDocument, keys: tuple[ConfigKey, ...]) -> None:
    """One line per key under the name of its section: number, name, value, meaning."""
    console = session.console
    console.heading(f"Settings in {document.path.name}")
    name_width = max(len(key.name.rpartition(".")[2]) for key in keys)
    most = min(_VALUE_WIDTH, console.width - name_width - len("999.   "))
    values = [clip(shown_value(_written(document, key)), most) for key in keys]
    value_width = max(display_width(value) for value in values)
    section = ""
    for number, (key, value) in enumerate(zip(keys, values, strict=True), start=1):
        parent, _, leaf = key.name.rpartition(".")
        if parent != section:
            section = parent
            console.say(f"     {section}:", "heading")
        line = f"{number:>3}. {leaf:<{name_width}}  {pad(value, value_width)}"
        room = console.width - display_width(line) - 2
        console.say(f"{line}  {clip(key.description, room)}" if room >= _LEAST_MEANING else line.rstrip())


def _written(document: ConfigDocument, key: ConfigKey) -> Any:
    """What the file says, right or wrong; the default where it says nothing."""
    try:
        return plain_value(document.find(key.name))
    except KeyError:
        return key.default


def plain_value(value: Any) -> Any:
    """A value of the editor, which remembers how it was written, as Python's own; a section in the place of a value
    as text."""
    if isinstance(value, list):
        return tuple(plain_value(entry) for entry in value)
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value if value is None else str(value)


def _editable(value: Any) -> str:
    return value if isinstance(value, str) else yaml_value(value)


def _without_quotes(text: str) -> str:
    """``""`` typed for an empty text is an empty text; quotes around a word are not part of it."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _parse_key(text: str, keys: tuple[ConfigKey, ...]) -> int | None:
    """The index of a key from its number or its name; None when done."""
    return None if text == _DONE else parse_choice(text, len(keys), [key.name for key in keys])
