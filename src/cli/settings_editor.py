"""Changing config.yaml without losing the user's comments, order or broken lines; written whole or not at all."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from src.cli.default_config import default_config_text
from src.cli.yaml_text import replace_value
from src.core.config import config_keys
from src.core.config_keys import SECTIONS
from src.core.errors import ConfigError
from src.core.jsonl import atomic_writer, storage_error


class ConfigDocument:
    """The text of one config.yaml, open for changes. Values that are wrong stand in it as they were written."""

    def __init__(self, path: Path, text: str) -> None:
        """Raises ConfigError when ``text`` is not YAML, so that its lines cannot be told apart."""
        self.path = path
        self._load(text)

    def _load(self, text: str) -> None:
        from ruamel.yaml import YAML
        from ruamel.yaml.comments import CommentedMap
        from ruamel.yaml.error import YAMLError

        self._text = text
        self._yaml = YAML(typ="rt")
        self._yaml.preserve_quotes = True
        self._yaml.width = 10**9
        indent = re.search(r"^( +)\w", text, re.MULTILINE)
        self._yaml.indent(mapping=len(indent[1]) if indent else 2)
        try:
            tree = self._yaml.load(text)
        except (YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f" line {mark.line + 1}" if mark else ""
            raise ConfigError(
                f"{self.path.name}{where}: not valid YAML, so it cannot be changed here.",
                fix="Mend that line in an editor, or start afresh from the defaults (menu 5.1).",
            ) from error
        self._tree: Any = CommentedMap() if tree is None else tree
        if not isinstance(self._tree, CommentedMap):
            raise ConfigError(
                f"{self.path.name} must hold 'key: value' lines.", fix="Start afresh from the defaults (menu 5.1)."
            )

    def find(self, key: str) -> Any:
        """What stands under a dotted key; None with an empty one. Raises KeyError when it is not written there."""
        node = self._tree
        for part in key.split("."):
            if not isinstance(node, Mapping):
                raise KeyError(key)
            node = node[part]
        return node

    def has(self, key: str) -> bool:
        """True when the file itself sets ``key``."""
        try:
            self.find(key)
        except KeyError:
            return False
        return True

    def set(self, key: str, value: Any) -> None:
        """Put ``value`` under a dotted key. A value that stands there is exchanged and nothing else is touched; a new
        key is written at the end of its section."""
        edited = replace_value(self._text, key, value)
        if edited is None:
            self._set_in_tree(key, value)
            edited = self._dump()
        self._load(edited)

    def _set_in_tree(self, key: str, value: Any) -> None:
        from ruamel.yaml.comments import CommentedMap, CommentedSeq
        from ruamel.yaml.scalarstring import DoubleQuotedScalarString

        node = self._tree
        *parents, leaf = key.split(".")
        for part in parents:
            if not isinstance(node.get(part), CommentedMap):
                node[part] = CommentedMap()
            node = node[part]
        if isinstance(value, tuple):
            value = CommentedSeq(value)
            value.fa.set_flow_style()
        node[leaf] = DoubleQuotedScalarString(value) if isinstance(value, str) else value

    def unknown_keys(self) -> tuple[str, ...]:
        """Dotted keys in the file that mean nothing to this program."""
        known = {key.name for key in config_keys()}
        return tuple(key for key in _leaves(self._tree, "", known) if key not in known)

    def delete(self, key: str) -> None:
        """Take a dotted key out of the file."""
        parent, _, leaf = key.rpartition(".")
        node = self.find(parent) if parent else self._tree
        del node[next(name for name in node if str(name) == leaf)]
        self._load(self._dump())

    def text(self) -> str:
        """The whole file as it would be written now."""
        return self._text

    def _dump(self) -> str:
        sink = io.StringIO()
        self._yaml.dump(self._tree, sink)
        line_break = "\r\n" if "\r\n" in self._text else "\n"
        return sink.getvalue().replace("\r\n", "\n").replace("\n", line_break)

    def save(self) -> None:
        """Write the file. Raises StorageError; the former file stays when writing fails."""
        write_config(self.path, self.text())


def open_document(path: Path) -> ConfigDocument:
    """The present file; the shipped defaults when there is none. Raises ConfigError when it cannot be read as YAML."""
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.exists() else default_config_text()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path.name} is not UTF-8 text.", fix="Save it as UTF-8, or start afresh.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.", fix="Check its permissions.") from error
    return ConfigDocument(path, text)


def save_values(path: Path, values: Mapping[str, Any]) -> None:
    """Set dotted keys in config.yaml (made from the defaults when missing) and write it. Raises as the two above do."""
    document = open_document(path)
    for key, value in values.items():
        document.set(key, value)
    document.save()


def write_config(path: Path, text: str) -> None:
    """Replace the file by ``text``, whole or not at all; a link keeps pointing where it did."""
    target = Path(os.path.realpath(path))
    mode = target.stat().st_mode & 0o777 if target.exists() else None
    with atomic_writer(target) as handle:
        handle.write(text.encode("utf-8"))
    if mode is not None:
        target.chmod(mode)


def start_afresh(path: Path) -> Path | None:
    """Write the shipped defaults; returns where the former file was kept, None when there was none."""
    kept = None
    if path.exists():
        kept = _free_name(path)
        try:
            kept.write_bytes(path.read_bytes())
        except OSError as error:
            raise storage_error(kept, error) from error
    write_config(path, default_config_text())
    return kept


def _free_name(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    return kept


def _leaves(node: Mapping[Any, Any], prefix: str, known: set[str]) -> list[str]:
    found: list[str] = []
    for name, value in node.items():
        key = f"{prefix}{name}"
        is_section = key in SECTIONS or any(entry.startswith(f"{key}.") for entry in known)
        if isinstance(value, Mapping) and is_section:
            found.extend(_leaves(value, f"{key}.", known))
        elif not (is_section and value is None):
            found.append(key)
    return found
