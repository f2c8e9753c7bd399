"""Repositories made by `git fast-import`: one process for a whole history, the same ids every time."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MIT = "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n"
_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True)
class Made:
    """One commit to make: ``files`` are written (None: removed). ``merges`` counts commits from the first, 1."""

    message: str
    files: Mapping[str, str | bytes | None] = field(default_factory=dict)
    author: str = "Ada Writer <ada@example.org>"
    merges: int | None = None
    links: Mapping[str, str] = field(default_factory=dict)


def run_git(folder: Path, *arguments: str) -> str:
    """Run git for the test itself, with the settings of nobody."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], env=_ENVIRONMENT, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


def make_repository(folder: Path, commits: Sequence[Made], *, bare: bool = False) -> Path:
    """A repository with ``commits`` on its branch main, the first of them the oldest."""
    folder.mkdir(parents=True, exist_ok=True)
    run_git(folder, "init", "-q", "-b", "main", *(["--bare"] if bare else []))
    stream = b"".join(_record(number, commit) for number, commit in enumerate(commits, start=1))
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=stream, env=_ENVIRONMENT, check=True)
    return folder


def commit_ids(folder: Path) -> list[str]:
    """The ids of the commits, the oldest first."""
    return run_git(folder, "log", "--reverse", "--format=%H").split()


def _record(number: int, commit: Made) -> bytes:
    stamp = f"{commit.author} {1_700_000_000 + 60 * number} +0000"
    parts = [f"commit refs/heads/main\nmark :{number}\nauthor {stamp}\ncommitter {stamp}\n".encode()]
    parts.append(_data(commit.message.encode()))
    if number > 1:
        parts.append(f"from :{number - 1}\n".encode())
    if commit.merges:
        parts.append(f"merge :{commit.merges}\n".encode())
    for path, content in commit.files.items():
        if content is None:
            parts.append(f"D {path}\n".encode())
        else:
            parts.append(f"M 100644 inline {path}\n".encode())
            parts.append(_data(content if isinstance(content, bytes) else content.encode()))
    for path, target in commit.links.items():
        parts.append(f"M 120000 inline {path}\n".encode() + _data(target.encode()))
    return b"".join(parts) + b"\n"


def _data(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"
