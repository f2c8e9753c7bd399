"""Whole histories: what is kept, what is not and why, and what the rows hold."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from src.core.errors import InputFileError
from src.core.types import ProgressEvent
from src.data_prep.git_history.history import (
    HistoryReport,
    HistorySettings,
    Places,
    convert_history,
    find_licence,
)
from src.data_prep.git_history.rows import RowSettings
from src.data_prep.git_reading import GitRepository
from tests.data_prep.git_history.repositories import MIT, Made, commit_ids, make_repository, run_git

PROMPTS = Path(__file__).resolve().parents[3] / "prompts"
TILL = """def total(prices):
    \"\"\"The sum of all prices.\"\"\"
    result = 0
    for price in prices:
        result += price
    return result


def mean(prices):
    return total(prices) / len(prices)
"""
EMPTY_SAFE = TILL.replace(
    "    return total(prices) / len(prices)\n",
    "    if not prices:\n        return 0\n    return total(prices) / len(prices)\n",
)
FIX = (
    "Fix mean() of an empty list (#12)\n\nmean([]) raised ZeroDivisionError for customers who bought nothing. "
    "It now answers 0, as total() does.\n\nThanks to @somebody for the report.\n\n"
    "Signed-off-by: Ada Writer <ada@example.org>\nCo-authored-by: Bob <bob@example.org>\n"
)
KEY = "ghp_" + "Zk3vQ9xLr7TbN2mWc8YdF5hJs1GpA6eK4uRo"


def convert(folder: Path, out: Path, report: Any = None, **changes: Any) -> tuple[list[dict[str, Any]], HistoryReport]:
    own = {name: changes.pop(name) for name in ("row_format", "limit", "revision") if name in changes}
    rows = RowSettings(**{"repository": "till", "licence": "MIT", "system": "Answer.", "model": "qwen2.5",
                          "prompts": PROMPTS, **changes})  # fmt: skip
    places = Places(folder, out, out.with_suffix(".decisions"))
    done = convert_history(GitRepository(folder), places, HistorySettings(rows, **own), report or (lambda _event: None))
    return [orjson.loads(line) for line in out.read_bytes().splitlines()], done


def reasons(out: Path) -> list[str | None]:
    """Why each commit was dropped, the oldest first."""
    return [orjson.loads(line)["reason"] for line in out.with_suffix(".decisions").read_bytes().splitlines()][::-1]


def test_every_commit_gets_a_decision_with_its_reason(tmp_path: Path) -> None:
    folder = make_repository(
        tmp_path / "till",
        [
            Made("Add totals and means of prices", {"till.py": TILL, "LICENSE": MIT}),
            Made(FIX, {"till.py": EMPTY_SAFE, "test_till.py": "from till import mean\n"}),
            Made("Explain how to install", {"README.md": "# Till\n"}),
            Made("Bump version to 1.2.0", {"till.py": EMPTY_SAFE + '\n__version__ = "1.2.0"\n'}),
            Made("Bump pytest from 8.0 to 8.1", {"requirements.txt": "pytest==8.1\n"}),
            Made("Count prices in bins", {"bins.py": "def bins(): ...\n"}, author="dependabot[bot] <x@example.org>"),
            Made("Merge branch 'other'", merges=2),
            Made("Reword the sum's docstring", {"till.py": EMPTY_SAFE.replace("The sum of all", "The total of the")}),
            Made("wip", {"till.py": EMPTY_SAFE.replace("result = 0", "result = 0.0")}),
        ],
    )
    out = tmp_path / "rows.jsonl"
    rows, done = convert(folder, out)
    assert reasons(out) == [None, None, "docs_only", "version_bump", "deps", "bot", "merge", "docs_only", "vague"]
    assert (done.commits, done.kept, done.rows) == (9, 2, 2)
    assert done.commits == done.kept + done.dropped.total()
    assert [row["meta"]["commit"] for row in rows] == commit_ids(folder)[1::-1]


def test_a_bug_fix_tells_symptom_explanation_and_patch_without_people(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "till", [Made("Add totals and means", {"till.py": TILL}),
                                                 Made(FIX, {"till.py": EMPTY_SAFE})])  # fmt: skip
    rows, _ = convert(folder, tmp_path / "rows.jsonl", shape="bug")
    system, user, assistant = rows[0]["messages"]
    assert system == {"role": "system", "content": "Answer."}
    assert user["content"].startswith("mean([]) raised ZeroDivisionError")
    assert "`till.py`, lines 9-10" in user["content"]
    assert "It now answers 0, as total() does." in assistant["content"]
    assert "+    if not prices:\n+        return 0\n" in assistant["content"]
    told = user["content"] + assistant["content"]
    assert not any(word in told for word in ("#12", "Signed-off", "Thanks", "somebody", "Ada", "Bob", "example.org"))


def test_the_diff_of_a_change_applies_to_the_old_version(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "till", [Made("Add totals and means", {"till.py": TILL}),
                                                 Made(FIX, {"till.py": EMPTY_SAFE})])  # fmt: skip
    rows, _ = convert(folder, tmp_path / "rows.jsonl", shape="change")
    diff = rows[0]["messages"][2]["content"].removeprefix("```diff\n").removesuffix("```")
    (tmp_path / "old").mkdir()
    (tmp_path / "old/till.py").write_text(TILL)
    subprocess.run(["git", "apply", "-"], input=diff.encode(), cwd=tmp_path / "old", check=True)
    assert (tmp_path / "old/till.py").read_text() == EMPTY_SAFE


def test_a_message_is_written_as_a_conventional_commit(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "till", [Made("Add totals and means", {"till.py": TILL}),
                                                 Made(FIX, {"till.py": EMPTY_SAFE})])  # fmt: skip
    rows, done = convert(folder, tmp_path / "rows.jsonl", shape="message")
    answers = [row["messages"][2]["content"] for row in rows]
    assert answers[0].startswith("fix: mean() of an empty list\n\nmean([]) raised")
    assert answers[1] == "feat: add totals and means"
    assert done.shapes == {"message": 2}


def test_all_shapes_of_a_commit_share_their_group(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "till", [Made("Add totals and means", {"till.py": TILL}),
                                                 Made(FIX, {"till.py": EMPTY_SAFE})])  # fmt: skip
    rows, done = convert(folder, tmp_path / "rows.jsonl", shape="all")
    assert done.shapes == {"change": 2, "message": 2, "bug": 1}
    assert len({row["meta"]["group"] for row in rows}) == 2


def test_a_commit_shares_its_group_with_its_copies_and_with_what_brings_it_back(tmp_path: Path) -> None:
    first = make_repository(tmp_path / "first", [Made("Add totals and means", {"till.py": TILL}),
                                                 Made(FIX, {"till.py": EMPTY_SAFE})])  # fmt: skip
    fixed = commit_ids(first)[1]
    folder = make_repository(
        tmp_path / "till",
        [
            Made("Add totals and means", {"till.py": TILL}),
            Made(FIX, {"till.py": EMPTY_SAFE}),
            Made(f'Revert "Fix mean()"\n\nThis reverts commit {fixed}.\n', {"till.py": TILL}),
            Made("Return zero for the mean of nothing", {"till.py": EMPTY_SAFE}),
            Made(
                f"Return zero for the mean of nothing bought\n\n(cherry picked from commit {fixed})\n",
                {"shop.py": TILL.replace("mean", "average")},
            ),
        ],
    )
    rows, _ = convert(folder, tmp_path / "rows.jsonl")
    groups = {row["meta"]["commit"]: row["meta"]["group"] for row in rows}
    ids = commit_ids(folder)
    assert ids[2] not in groups
    assert groups[ids[1]] == groups[ids[3]] == groups[ids[4]]
    assert groups[ids[0]] != groups[ids[1]]


def test_commits_with_secrets_are_dropped_and_private_details_replaced(tmp_path: Path) -> None:
    mail = '    """The sum; ask karla.weber@mail-of-hers.de about it."""\n'
    folder = make_repository(
        tmp_path / "till",
        [
            Made("Add totals of prices", {"till.py": TILL.replace('    """The sum of all prices."""\n', mail)}),
            Made("Fix the upload of totals", {"upload.py": f'TOKEN = "{KEY}"\n\n\ndef upload():\n    return TOKEN\n'}),
        ],
    )
    out = tmp_path / "rows.jsonl"
    rows, done = convert(folder, out)
    assert reasons(out) == [None, "secret"]
    assert b"karla" not in out.read_bytes()
    assert rows[0]["meta"]["altered"] == {"EMAIL": 1}
    assert done.private == {"EMAIL": 1}
    for choice, expected in (("report", None), ("off", None), ("drop", "private")):
        out.unlink()
        rows, _ = convert(folder, out, privacy=choice)
        assert reasons(out) == [expected, "secret"]
        assert (b"karla" in out.read_bytes()) == (choice != "drop")


def test_files_under_another_licence_are_left_out(tmp_path: Path) -> None:
    header = "# SPDX-License-Identifier: GPL-3.0-only\n"
    folder = make_repository(
        tmp_path / "till",
        [Made("Add totals of prices", {"till.py": TILL}), Made("Add means of prices", {"gpl.py": header + TILL})],
    )
    out = tmp_path / "rows.jsonl"
    rows, _ = convert(folder, out)
    assert reasons(out) == [None, "licence"]
    rows, _ = convert(folder, out, copyleft=True)
    assert [row["meta"]["licence"] for row in rows] == ["GPL-3.0-only", "MIT"]


def test_a_row_stays_below_the_cap_and_says_when_it_shows_a_part(tmp_path: Path) -> None:
    lines = [f"value_{number} = compute({number})\n" for number in range(400)]
    changed = [f"value_{n} = compute({n}, rounded=True)\n" if n % 40 < 12 else line for n, line in enumerate(lines)]
    folder = make_repository(
        tmp_path / "till",
        [
            Made("Add values", {"values.py": "".join(lines)}),
            Made("Fix rounding of values", {"values.py": "".join(changed)}),
        ],
    )
    out = tmp_path / "rows.jsonl"
    rows, _ = convert(folder, out, shape="change")
    assert reasons(out) == ["too_long", None]
    assert rows[0]["meta"]["is_part"]
    assert rows[0]["meta"]["tokens"] <= 1_600
    assert "Only the part of it" in rows[0]["messages"][1]["content"]


def test_files_that_are_no_text_do_not_hide_the_others(tmp_path: Path) -> None:
    folder = make_repository(
        tmp_path / "till",
        [
            Made("Add totals of prices", {"till.py": TILL, "old.py": "# caf\xe9\n".encode("latin-1")}),
            Made("Add a table of prices", {"table.py": b"x = '\0'\n"}),
            Made("Add the prices of all shops", {"shops.py": "a = 1\n" * 100_000}),
        ],
    )
    out = tmp_path / "rows.jsonl"
    rows, _ = convert(folder, out)
    assert reasons(out) == [None, "binary", "file_too_large"]
    assert rows[0]["meta"]["paths"] == ["till.py"]


def test_what_the_repository_says_of_its_files_counts(tmp_path: Path) -> None:
    said = "parser/** linguist-generated\nvendor/ours.py -linguist-vendored\nblob.py binary\n"
    said += "*_pb2.py linguist-vendored=false\ndocs/tool.py linguist-documentation=false\n"
    folder = make_repository(
        tmp_path / "till",
        [
            Made("Add totals and means of prices", {"till.py": TILL, ".gitattributes": said}),
            Made("Count the prices of every bin", {"parser/bins.py": TILL}),
            Made("Count the prices of every shelf", {"vendor/ours.py": TILL}),
            Made("Count the prices of every hall", {"blob.py": TILL}),
            Made("Count the prices of every street", {"street_pb2.py": TILL}),
            Made("Count the prices of every town", {"docs/tool.py": TILL}),
        ],
    )
    out = tmp_path / "rows.jsonl"
    convert(folder, out)
    assert reasons(out) == [None, "generated", None, "no_code", "generated", None]


def test_a_file_that_moved_is_shown_by_its_changes_alone(tmp_path: Path) -> None:
    folder = make_repository(
        tmp_path / "till",
        [
            Made("Add totals of prices", {"till.py": TILL}),
            Made("Fix the mean and give it a better place", {"till.py": None, "shop/till.py": EMPTY_SAFE}),
            Made("Give the till another place", {"shop/till.py": None, "shop/register.py": EMPTY_SAFE}),
        ],
    )
    out = tmp_path / "rows.jsonl"
    rows, _ = convert(folder, out, shape="change")
    assert reasons(out) == [None, None, "files_moved_or_removed"]
    answer = rows[0]["messages"][2]["content"]
    assert "--- a/till.py\n+++ b/shop/till.py\n" in answer
    assert "+    if not prices:" in answer
    assert "-def total" not in answer


def test_messages_can_be_written_without_anything_else(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "till", [Made("Add totals of prices", {"till.py": TILL})])
    rows, _ = convert(folder, tmp_path / "rows.jsonl", row_format="messages")
    assert [list(row) for row in rows] == [["messages"]]


def test_the_same_history_gives_the_same_file(tmp_path: Path) -> None:
    folder = make_repository(
        tmp_path / "till", [Made("Add totals", {"till.py": TILL}), Made(FIX, {"till.py": EMPTY_SAFE})]
    )
    for name in ("one.jsonl", "two.jsonl"):
        convert(folder, tmp_path / name)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_progress_ends_at_the_number_of_commits(tmp_path: Path) -> None:
    commits = [
        Made(f"Add the price of thing {n}", {f"thing_{n}.py": f"def price():\n    return {n}\n"}) for n in range(205)
    ]
    folder = make_repository(tmp_path / "till", commits)
    events: list[ProgressEvent] = []
    _, done = convert(folder, tmp_path / "rows.jsonl", events.append, limit=202)
    assert [(event.done, event.total) for event in events] == [(200, 202), (202, 202)]
    assert done.commits == 202


def test_where_a_shallow_clone_ends_nothing_is_made_of_it(tmp_path: Path) -> None:
    named = EMPTY_SAFE + "\naverage = mean\nsum_of = total\n"
    commits = [
        Made("Add totals", {"till.py": TILL}),
        Made(FIX, {"till.py": EMPTY_SAFE}),
        Made("Fix the names of the functions", {"till.py": named}),
    ]
    make_repository(tmp_path / "till", commits)
    for depth in ("1", "2"):
        run_git(tmp_path, "clone", "-q", "--depth", depth, f"file://{tmp_path}/till", f"depth_{depth}")
    convert(tmp_path / "depth_2", tmp_path / "rows.jsonl")
    assert reasons(tmp_path / "rows.jsonl") == ["history_cut", None]
    with pytest.raises(InputFileError, match="shallow") as raised:
        convert(tmp_path / "depth_1", tmp_path / "none.jsonl")
    assert "fetch --unshallow" in raised.value.fix
    assert not (tmp_path / "none.jsonl").exists()


def test_a_licence_that_forbids_training_is_an_error_unless_it_is_allowed(tmp_path: Path) -> None:
    gpl = "GNU General Public License, version 3"
    folder = make_repository(tmp_path / "till", [Made("Add totals", {"till.py": TILL, "COPYING": gpl})])
    repository = GitRepository(folder)
    start = repository.resolve()
    with pytest.raises(InputFileError, match="under the licence GPL-3.0") as raised:
        find_licence(repository, start, "", copyleft=False)
    assert "--copyleft" in raised.value.fix
    assert find_licence(repository, start, "", copyleft=True) == "GPL-3.0"
    assert find_licence(repository, start, "MIT", copyleft=False) == "MIT"


def test_a_name_of_an_account_shown_late_is_replaced_before_it_too(tmp_path: Path) -> None:
    body = "The import crashed for korbinian97 only.\n\nIt read /home/korbinian97/till/prices.csv as a folder."
    changed = TILL.replace("result", "amount")
    folder = make_repository(
        tmp_path / "till",
        [
            Made("Add totals of prices", {"till.py": TILL}),
            Made(f"Fix a crash of the totals\n\n{body}", {"till.py": changed}),
        ],
    )
    out = tmp_path / "rows.jsonl"
    convert(folder, out, shape="all")
    assert b"korbinian97" not in out.read_bytes()
