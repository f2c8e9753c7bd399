"""File names and paths that come from users: what is safe on every system, and what stays inside its folder."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from src.core.errors import ConfigError

MAX_NAME_BYTES = 100
"""Bytes of UTF-8 in an output name: leaves room for ``-999_validation.jsonl.part`` within the common limit of 255."""

_WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
_FORBIDDEN = set('/\\:*?"<>|')
_LIKE_A_VERSION = re.compile(r".*@\d+", re.DOTALL)


def check_output_name(name: str) -> str:
    """Return ``name`` when it can be the stem of a file on Linux, macOS and Windows; else raise ValueError."""
    if not name or name != name.strip():
        raise ValueError("the name is empty or begins or ends with a space")
    bad = sorted({character for character in name if character in _FORBIDDEN or _is_unprintable(character)})
    if bad:
        raise ValueError(
            f"the name holds {', '.join(repr(character) for character in bad)}, "
            "which not every system takes in the name of a file: leave it out"
        )
    if name.startswith((".", "-")) or name.endswith(".") or ".." in name:
        raise ValueError("the name begins with '.' or '-', ends with '.', or holds '..'")
    if name.partition(".")[0].lower() in _WINDOWS_DEVICES:
        raise ValueError("the name is reserved on Windows")
    if _LIKE_A_VERSION.fullmatch(name):
        raise ValueError("the name ends like the number of a version, as in NAME@2")
    if len(name.encode("utf-8")) > MAX_NAME_BYTES:
        raise ValueError(f"the name is longer than {MAX_NAME_BYTES} bytes")
    return name


def well_formed(text: str) -> str:
    r"""``text`` with unpaired surrogates as ``\udc..``: file names and model answers may hold them, UTF-8 cannot."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def path_inside(folder: Path, relative: str, setting: str = "") -> Path:
    """The path of ``relative`` below ``folder``. Raises ConfigError, which names ``setting``, when it, or a link on its
    way, leads outside."""
    named = f"{setting} {relative!r}".lstrip()
    if "\0" in relative:
        raise ConfigError(f"{named} is not a usable path.", fix="Remove the NUL character.")
    root = folder.resolve()
    candidate = (folder / relative).resolve()
    if candidate != root and not candidate.is_relative_to(root):
        raise ConfigError(
            f"{named} leads outside of {root.name}/.",
            fix=f"Only what lies below {root.name}/ is read from there: copy it into that folder, and name the copy.",
        )
    return candidate


def _is_unprintable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Zl", "Zp"}
