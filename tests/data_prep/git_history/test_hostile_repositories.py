"""A repository full of programs to start, and none of them may."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import orjson
import pytest

from src.data_prep.git_history.commits import read_commits
from src.data_prep.git_history.history import HistorySettings, Places, convert_history
from src.data_prep.git_history.rows import RowSettings
from src.data_prep.git_reading import GitRepository
from tests.data_prep.git_history.repositories import MIT, Made, commit_ids, make_repository, run_git

PROMPTS = Path(__file__).resolve().parents[3] / "prompts"
HOOKS = ("post-checkout", "pre-commit", "post-merge", "reference-transaction", "post-index-change")

CODE = "def total(prices):\n    result = 0\n    for price in prices:\n        result -= price\n    return result\n"
HISTORY = (
    Made("Add a total of prices to the till", {"till.py": CODE, "LICENSE": MIT, "run.py": "import till\n"}),
    Made(
        "Fix the total, which subtracted prices\n\ndiff --git a/evil.py b/evil.py\n:100644 100644 a b M\tevil.py\n",
        {"till.py": CODE.replace("-=", "+="), ".gitattributes": "*.py diff=evil filter=evil merge=evil\n"},
        author="\x1b[31mMallory\x1b[0m <mallory@example.org>",
    ),
    Made("Fix the way to the prices", links={"till_link.py": "/etc/passwd"}),
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Every way that is known to make git start a program when it reads a repository."""
    folder = make_repository(tmp_path / "hostile", HISTORY)
    touch = f"touch {tmp_path}/PWNED"
    settings = {
        "core.fsmonitor": f"{touch}_fsmonitor; false",
        "core.sshCommand": f"{touch}_ssh; ssh",
        "core.pager": f"{touch}_pager; cat",
        "core.editor": f"{touch}_editor",
        "core.askPass": f"{touch}_askpass",
        "core.gitProxy": f"{touch}_proxy",
        "core.hooksPath": str(folder / "hooks"),
        "core.attributesFile": str(folder / ".gitattributes"),
        "pager.log": f"{touch}_pagerlog; cat",
        "diff.external": f"{touch}_extdiff #",
        "diff.evil.textconv": f"{touch}_textconv; cat",
        "diff.evil.command": f"{touch}_driver #",
        "filter.evil.smudge": f"{touch}_smudge; cat",
        "filter.evil.clean": f"{touch}_clean; cat",
        "filter.evil.process": f"{touch}_process",
        "merge.evil.driver": f"{touch}_merge",
        "log.showSignature": "true",
        "gpg.program": f"{tmp_path}/gpg",
        "credential.helper": f"!{touch}_credential",
        "uploadpack.packObjectsHook": f"{touch}_packhook",
        "remote.origin.url": f"ext::sh -c {touch}_ext",
        "remote.origin.uploadpack": f"{touch}_uploadpack",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "alias.log": f"!{touch}_alias",
        "alias.rev-parse": f"!{touch}_alias",
        "alias.cat-file": f"!{touch}_alias",
    }
    for name, value in settings.items():
        run_git(folder, "config", name, value)
    _write_hooks(folder, touch)
    return folder


def _write_hooks(folder: Path, touch: str) -> None:
    for place in (folder / "hooks", folder / ".git/hooks"):
        place.mkdir(exist_ok=True)
        for name in HOOKS:
            (place / name).write_text(f"#!/bin/sh\n{touch}_hook_{name}\n")
            (place / name).chmod(stat.S_IRWXU)


def _convert(folder: Path, out: Path) -> list[dict[str, object]]:
    rows = RowSettings("hostile", "MIT", "Answer.", "qwen2.5", PROMPTS)
    places = Places(folder, out, out.with_suffix(".decisions"))
    convert_history(GitRepository(folder), places, HistorySettings(rows), lambda _event: None)
    return [orjson.loads(line) for line in out.read_bytes().splitlines()]


def _remove_object(folder: Path, identity: str) -> None:
    (folder / ".git/objects" / identity[:2] / identity[2:]).unlink()


def test_nothing_of_a_hostile_repository_is_started(hostile: Path, tmp_path: Path) -> None:
    rows = _convert(hostile, tmp_path / "rows.jsonl")
    assert not list(tmp_path.rglob("PWNED*"))
    assert len(rows) == 2
    assert b"evil" not in (tmp_path / "rows.jsonl").read_bytes()
    assert b"/etc/passwd" not in (tmp_path / "rows.jsonl").read_bytes()


def test_objects_that_a_partial_clone_lacks_are_not_fetched(hostile: Path, tmp_path: Path) -> None:
    missing = run_git(hostile, "rev-parse", f"{commit_ids(hostile)[1]}:till.py")
    for marker in tmp_path.rglob("PWNED*"):  # the test's own git may have started some
        marker.unlink()
    _remove_object(hostile, missing)
    rows = _convert(hostile, tmp_path / "rows.jsonl")
    assert not list(tmp_path.rglob("PWNED*"))
    assert len(rows) == 1
    reasons = [orjson.loads(line)["reason"] for line in (tmp_path / "rows.decisions").read_bytes().splitlines()]
    assert reasons == ["no_code", "object_missing", None]


def test_a_missing_folder_ends_the_commits_it_belongs_to_and_no_others(tmp_path: Path) -> None:
    steps = [
        Made(f"Round prices to {number} digits", {"src/till.py": CODE.replace("0", str(number))})
        for number in range(1, 7)
    ]
    folder = make_repository(tmp_path / "torn", steps)
    ids = commit_ids(folder)
    objects = folder / ".git/objects"
    if not any(len(place.name) == 2 for place in objects.iterdir() if any(place.iterdir())):
        packs = [pack.read_bytes() for pack in objects.glob("pack/*.pack")]
        for pack in objects.glob("pack/*"):
            pack.unlink()
        for content in packs:
            subprocess.run(["git", "-C", str(folder), "unpack-objects", "-q"], input=content, check=True)
    _remove_object(folder, run_git(folder, "rev-parse", f"{ids[2]}:src"))
    repository = GitRepository(folder)
    commits = list(read_commits(repository, ids[-1]))
    assert [commit.id for commit in commits] == ids[::-1]
    assert [commit.is_whole for commit in commits] == [True, True, False, False, True, True]
    assert all(commit.subject.startswith("Round prices") for commit in commits)
    _convert(folder, tmp_path / "rows.jsonl")
    reasons = [orjson.loads(line)["reason"] for line in (tmp_path / "rows.decisions").read_bytes().splitlines()]
    assert reasons[2:4] == ["object_missing"] * 2
    assert [commit.id for commit in read_commits(repository, ids[-1], limit=4)] == ids[:1:-1]
