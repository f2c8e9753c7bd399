"""Data preparation: commits, gaps in code, rules of what is private, chat logs, merging; each part in its own process.

    python -m benchmarks.dataprep                    on 12,000 commits and texts of our own making, and this code
    python -m benchmarks.dataprep /path/to/repo      the parts about git and code on yours

Rates are per second of this machine, "CPU" per second of its processor; limits are those of the project.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import ROOT, answer_help, python, run_to_end, show

COMMITS = 12_000
FILES = 60
LOG_MB = 60
PRIVATE_MB = 6
ROWS = 4_000
_WORDS = [first + second + third for first in "brdtkm" for second in "aeiou" for third in ("ner", "lst", "mpo", "rga")]


def main() -> None:
    """Print every figure beside its limit."""
    answer_help(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = sys.argv[1:2]
        repo = Path(given[0]).resolve() if given else make_repository(folder / "repo", COMMITS)
        rows = [
            *_of_history(repo, folder),
            *_of_code(repo if given else ROOT),
            *_of_private(),
            *_of_logs(folder),
            *_of_merge(folder),
        ]
    show("Data preparation", rows)


def make_repository(folder: Path, commits: int) -> Path:
    """A repository of ``FILES`` files of Python, each commit a change to one of them, three of four worth keeping."""
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    command = ["git", "--git-dir", str(folder), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin
        for part in _stream(commits):
            process.stdin.write(part)
        process.stdin.close()
        if process.wait():
            raise SystemExit("git fast-import failed")
    subprocess.run(["git", "--git-dir", str(folder), "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    return folder


def _stream(commits: int) -> Iterator[bytes]:
    source = random.Random(11)
    files = {f"harbour/{_WORDS[number]}.py": _functions(source, number) for number in range(FILES)}
    mit = (
        b"MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software."
    )
    yield b"blob\nmark :1\n" + _data(mit)
    for number in range(commits):
        path = source.choice(list(files))
        lines = files[path]
        place = source.randrange(len(lines))
        lines[place : place + 2] = [f"    {source.choice(_WORDS)} = weigh({source.randrange(999)}, {number})"] * 2
        thing = source.choice(_WORDS)
        bumped = f"Bump {thing} to 1.{number}"
        message = bumped if number % 4 == 0 else f"Fix the {thing} limit in {path}\n\nIt was {number}."
        who = f"Ada <ada@quay.invalid> {1_600_000_000 + 60 * number} +0000\n".encode()
        head = b"commit refs/heads/main\ncommitter " + who + _data(message.encode())
        first = b"M 100644 :1 LICENSE\n" if number == 0 else b""
        content = "\n".join(lines).encode()
        yield head + first + b"M 100644 inline " + path.encode() + b"\n" + _data(content) + b"\n"


def _functions(source: random.Random, number: int) -> list[str]:
    lines = []
    for place in range(30):
        name = f"{source.choice(_WORDS)}_{number}_{place}"
        lines += [f"def {name}(load, limit={place}):", f'    """Weigh {name}."""', f"    total = load * {place}"]
        lines += [f"    if total > limit + {number}:", f"        return weigh(total, {place})", "    return total", ""]
    return lines


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


def _of_history(repo: Path, folder: Path) -> Iterator[tuple[str, str, str]]:
    facts = _measured("scan", str(repo))
    yield (
        "commits scanned",
        f"{facts['commits'] / facts['s']:,.0f} /s",
        "at least 8,000; commits: " + str(facts["commits"]),
    )
    facts = _measured("patches", str(repo))
    yield (
        "kept commits with their patches",
        f"{facts['kept'] / facts['s']:,.0f} /s",
        f"at least 1,000; {facts['kept']} kept",
    )
    line = ("git-history", "--repo", str(repo), "--out", str(folder / "git.jsonl"), "--licence", "MIT")
    peak = run_to_end(python("-m", "src.main", *line), folder)
    yield "git-history, memory", f"{peak.megabytes:.0f} MB", f"below 150; {peak.total:.1f} s, {peak.cpu:.1f} CPU s"


def _of_code(repo: Path) -> Iterator[tuple[str, str, str]]:
    if not find_spec("tree_sitter_language_pack"):
        yield "fim beside the bare parse", "-", "make setup-code"
        return
    facts = _measured("fim", str(repo))
    of_time = facts["bare"] / facts["s"]
    of_work = facts["bare"] / facts["cpu_s"]
    yield (
        "fim beside the bare parse",
        f"{of_time:.2f}",
        f"at least 0.6; {of_work:.2f} of processor time; {facts['files']} files",
    )


def _of_private() -> Iterator[tuple[str, str, str]]:
    facts = _measured("private")
    yield "own rules of what is private", f"{facts['mb'] / facts['s']:.1f} MB/CPU s", "at least 3"


def _of_logs(folder: Path) -> Iterator[tuple[str, str, str]]:
    facts = _measured("logs", str(folder))
    yield "chat logs, privacy apart", f"{facts['mb'] / facts['s']:.0f} MB/s", f"at least 50; {facts['rows']} rows"


def _of_merge(folder: Path) -> Iterator[tuple[str, str, str]]:
    facts = _measured("merge", str(folder))
    yield (
        "merge-split",
        f"{facts['rows'] / facts['s']:,.0f} rows/s",
        f"leaks {facts['leaks']}, share {facts['share']:.3f}",
    )


def _measured(part: str, *arguments: str) -> dict[str, float]:
    command = python("-m", "benchmarks.dataprep", "--part", part, *arguments)
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def scan(repo: str) -> dict[str, float]:
    """Every commit with its message and changed paths."""
    from src.data_prep.git_history.commits import read_commits
    from src.data_prep.git_reading import GitRepository

    repository = GitRepository(Path(repo))
    started = time.perf_counter()
    commits = sum(1 for _ in read_commits(repository, repository.resolve("HEAD")))
    return {"commits": commits, "s": time.perf_counter() - started}


def patches(repo: str) -> dict[str, float]:
    """The patches of the commits that their messages leave in."""
    from src.data_prep.git_history.commits import read_commits
    from src.data_prep.git_history.message_rules import judge_commit
    from src.data_prep.git_history.patches import read_patches
    from src.data_prep.git_reading import GitRepository

    repository = GitRepository(Path(repo))
    commits = [one for one in read_commits(repository, repository.resolve("HEAD")) if judge_commit(one).keep]
    started = time.perf_counter()
    kept = sum(1 for _ in read_patches(repository, commits))
    return {"kept": kept, "s": time.perf_counter() - started}


def fim(repo: str) -> dict[str, float]:
    """A whole run beside parsing the same files: seconds, and processor seconds with those of its processes."""
    from src.data_prep.fim.extract import extract
    from src.data_prep.fim.languages import language_of
    from src.data_prep.fim.sources import open_source
    from src.data_prep.fim.syntax import parse
    from src.data_prep.fim.types import FimSettings

    with tempfile.TemporaryDirectory() as folder:
        settings = FimSettings(licence="MIT")
        extract(Path(repo), Path(folder) / "warm.jsonl", settings, lambda _event: None)
        source = open_source(Path(repo))
        listed = [file for file in source.files() if not file.reason]
        read = [(file.path, content) for file, content in zip(listed, source.contents(listed), strict=True)]
        coded = [(content, language_of(path, content)) for path, content in read if content]
        started = time.perf_counter()
        for content, language in coded:
            if language and language.grammar:
                parse(language.grammar, content)
        bare = time.perf_counter() - started
        started, worked = time.perf_counter(), _processor_seconds()
        report = extract(Path(repo), Path(folder) / "out.jsonl", settings, lambda _event: None)
        seconds, work = time.perf_counter() - started, _processor_seconds() - worked
        return {"bare": bare, "s": seconds, "cpu_s": work, "files": report.used}


def _processor_seconds() -> float:
    """Of this process and of those that it has started and that have ended."""
    return sum(os.times()[:4])


def private() -> dict[str, float]:
    """The own rules on documents of 8 kB, one in four with something to find."""
    from src.utils.privacy.scan import find_private

    source = random.Random(5)
    documents = []
    for number in range(PRIVATE_MB * 125):
        text = "\n".join(" ".join(source.choices(_WORDS, k=12)) + f" = {number};" for _ in range(118))[:8_000]
        documents.append(text + (f"\nmail keeper{number}@lighthouse-{number}.com\n" if number % 4 == 0 else ""))
    find_private(documents[0])
    started = time.process_time()
    for document in documents:
        find_private(document)
    return {"mb": sum(map(len, documents)) / 1e6, "s": time.process_time() - started}


def logs(folder: str) -> dict[str, float]:
    """Conversations of an export of claude.ai."""
    from src.data_prep.chat_logs.convert import LogSettings, convert

    source = Path(folder) / "logs" / "conversations.json"
    source.parent.mkdir()
    source.write_text(json.dumps(list(_chats())), encoding="utf-8")
    settings = LogSettings(source.parent, Path(folder) / "logs.jsonl", privacy="off")
    started = time.perf_counter()
    report = convert(settings)
    return {"mb": source.stat().st_size / 1e6, "s": time.perf_counter() - started, "rows": report.rows}


def _chats() -> Iterator[dict[str, object]]:
    source = random.Random(9)
    number = size = 0
    while size < LOG_MB * 1_000_000:
        turns = []
        for place in range(6):
            said = " ".join(source.choices(_WORDS, k=160 if place % 2 else 40))
            trace = f'Traceback (most recent call last):\n  File "{said[:5]}.py", line {place}\nKeyError: {number}\n'
            text = f"{said}\n```python\nprint({number})\n```" if place % 2 else f"{trace}{said}. Why does this fail?"
            block = [{"type": "text", "text": text}, {"type": "thinking", "thinking": said * 2}]
            sender = "assistant" if place % 2 else "human"
            turns.append({"uuid": f"{number}-{place}", "sender": sender, "text": text, "content": block})
            size += 3 * len(text)
        yield {"uuid": str(number), "name": "", "chat_messages": turns}
        number += 1


def merge(folder: str) -> dict[str, float]:
    """Rows of three sources, some of them alike."""
    from src.core.jsonl import write_jsonl
    from src.data_prep.merging.merge import MergedFiles, MergeSettings, merge_and_split

    source = Path(folder) / "rows.jsonl"
    write_jsonl(source, _rows())
    started = time.perf_counter()
    done = merge_and_split([source], MergedFiles.of(Path(folder), "all"), MergeSettings(), lambda _event: None)
    return {"rows": ROWS, "s": time.perf_counter() - started, "leaks": done.leaks.total, "share": done.share}


def _rows() -> Iterator[dict[str, object]]:
    source = random.Random(2)
    for number in range(ROWS):
        asked, answer = (" ".join(source.choices(_WORDS, k=count)) for count in (80, 160))
        turns = [{"role": "user", "content": f"{asked}?"}, {"role": "assistant", "content": answer}]
        name = ("claude_logs", "git_history", "actual_code")[number % 3]
        yield {"messages": turns, "meta": {"id": str(number), "source": name, "group": str(number // 3), "lang": "go"}}


_PARTS = {"scan": scan, "patches": patches, "fim": fim, "private": private, "logs": logs, "merge": merge}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        print(json.dumps(_PARTS[sys.argv[2]](*sys.argv[3:])))
    else:
        main()
