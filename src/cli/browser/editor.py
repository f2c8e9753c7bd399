"""A text in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Final

from src.cli.console import editor_command
from src.core.errors import UsageError
from src.core.jsonl import make_folder, storage_error

_COMMON: Final = ("nano", "vim", "vi", "notepad")


def edit_text(path: Path, text: str) -> str:
    """Put ``text`` into a file at ``path``, wait until the person has closed the editor, and give back what stands
    there. The file stays: whoever uses the text removes it. Raises UsageError when there is no editor or it fails,
    StorageError."""
    command = _find_editor()
    make_folder(path.parent)
    try:
        # not for others to read: a text may be private
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(text.encode("utf-8"))
    except OSError as error:
        raise storage_error(path, error) from error
    try:
        code = subprocess.run([*command, str(path)], check=False).returncode  # noqa: S603 the person's own editor
    except OSError as error:
        raise UsageError(
            f"The editor {command[0]!r} cannot be started: {error.strerror}.", fix="Set EDITOR to another one."
        ) from error
    if code:
        raise UsageError(
            f"The editor {command[0]!r} ended with code {code}: nothing was taken.", fix=f"The text is kept in {path}."
        )
    return read_edited(path)


def read_edited(path: Path) -> str:
    """The text of a file that a person wrote. Raises UsageError for one that is not there or is no UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", fix="Check the path.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not UTF-8: byte {error.start + 1:,} cannot be read.", fix="Save it as UTF-8."
        ) from error


def _find_editor() -> list[str]:
    wanted = editor_command()
    if wanted:
        try:
            # a path of Windows has backslashes, which are no escapes
            return shlex.split(wanted, posix=sys.platform != "win32")
        except ValueError as error:
            raise UsageError(
                f"The editor {wanted!r} is no command: {str(error).lower()}.",
                fix="Set EDITOR again, as in: export EDITOR=nano",
            ) from error
    found = next(filter(which, _COMMON), None)
    if found is None:
        raise UsageError("There is no editor.", fix="Set EDITOR to the one you use, as in: export EDITOR=nano")
    return [found]
