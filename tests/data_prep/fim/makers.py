"""Folders and repositories with code of our own, and what the rows of a run are asked."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from src.core.types import ProgressEvent
from src.data_prep.fim.extract import extract
from src.data_prep.fim.types import FimReport, FimSettings

MIT = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated "
    "documentation files. The above copyright notice and this permission notice shall be included in all copies or "
    "substantial portions of the Software."
)
GPL = "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n"
_GIT = (
    "git",
    "-c",
    "user.name=Ada",
    "-c",
    "user.email=ada@bells.invalid",
    "-c",
    "protocol.file.allow=always",
    "-c",
    "commit.gpgsign=false",
)


def python_code(name: str = "bell", functions: int = 6) -> str:
    """Functions that do something, none like another."""
    return f'"""The {name} of the tower."""\n\nimport math\n\n' + "\n\n".join(
        f"def {name}_{number}(weight: float, height: float = {number}.5) -> float:\n"
        f'    """What {name} number {number} sounds like."""\n'
        f"    if weight > {number * 10} and height < math.sqrt(weight + {number}):\n"
        f"        tone = math.log(weight) * {number + 2}\n"
        f"        return round(tone / height, {number})\n"
        f"    total = sum(step * {number} for step in range(int(height)))\n"
        f'    print("{name}", {number}, total)\n'
        f"    return total / max(weight, {number + 1})\n"
        for number in range(functions)
    )


def go_code() -> str:
    """A little Go with tabs."""
    return "package tower\n\nimport \"fmt\"\n\n" + "\n".join(
        f"func Ring{number}(times int) (int, error) {{\n\tsum := {number}\n\tfor i := 0; i < times; i++ {{\n"
        f'\t\tsum += i * {number + 3}\n\t\tfmt.Println("bong", sum)\n\t}}\n\tif sum > {number * 100} {{\n'
        f'\t\treturn 0, fmt.Errorf("too loud: %d", sum)\n\t}}\n\treturn sum, nil\n}}\n'
        for number in range(5)
    )  # fmt: skip


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write ``files`` below ``folder``."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return folder


def commit_all(folder: Path) -> Path:
    """Make ``folder`` a repository with one commit of all that lies there."""
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All", "--date", "2024-01-01T00:00:00Z"]):
        subprocess.run([*_GIT, *arguments], cwd=folder, check=True, capture_output=True)
    return folder


def git(folder: Path, *arguments: str) -> None:
    """Run git in ``folder``."""
    subprocess.run([*_GIT, *arguments], cwd=folder, check=True, capture_output=True)


def run(folder: Path, **settings: Any) -> tuple[FimReport, list[dict[str, Any]]]:
    """What `extract` says and writes for ``folder``."""
    out = folder.parent / "rows.jsonl"
    report = extract(folder, out, FimSettings(**settings), ignore)
    return report, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def ignore(_event: ProgressEvent) -> None:
    """Nobody looks at the progress."""


def whole(row: dict[str, Any]) -> str:
    """The window of a row."""
    parts: dict[str, str] = row["fim"]
    return parts["prefix"] + parts["middle"] + parts["suffix"]
