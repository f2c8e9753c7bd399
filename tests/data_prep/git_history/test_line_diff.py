"""Differences of lines: they make the new version of the old one, and leave the rest alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from src.data_prep.git_history.diffs import greatest_changes, old_regions, unified_diff
from src.data_prep.git_history.file_text import NO_NEWLINE, changed_part, data_of, lines_of
from src.data_prep.git_history.line_diff import Block, changed_blocks
from src.data_prep.git_history.patches import FilePatch
from src.data_prep.git_history.paths import language_of

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  d", "e()", "f = 1", "}"]), max_size=60)
PYTHON = language_of("x.py")
assert PYTHON


def patch(old: list[str], new: list[str]) -> FilePatch:
    assert PYTHON
    return FilePatch("x.py", "x.py", data_of(old), data_of(new), PYTHON)


@given(LINES, LINES)
def test_the_changes_make_the_new_version_of_the_old_one(old: list[str], new: list[str]) -> None:
    made: list[str] = []
    done = 0
    for block in changed_blocks(old, new):
        assert block.old_start < block.old_end or block.new_start < block.new_end
        made += old[done : block.old_start]
        assert len(made) == block.new_start
        made += new[block.new_start : block.new_end]
        done = block.old_end
    assert [*made, *old[done:]] == new


@given(LINES, LINES, st.tuples(st.booleans(), st.booleans()))
def test_what_changed_is_the_same_whether_whole_files_or_their_middle_are_compared(
    old: list[str], new: list[str], ends: tuple[bool, bool]
) -> None:
    old_data, new_data = ("\n".join(lines).encode() + b"\n" * end for lines, end in zip((old, new), ends, strict=True))
    old_lines, new_lines = lines_of(old_data), lines_of(new_data)
    assert (data_of(old_lines), data_of(new_lines)) == (old_data, new_data)
    first, old_part, new_part = changed_part(old_data, new_data)
    moved = [Block(*(line + first for line in block)) for block in changed_blocks(old_part, new_part)]
    assert moved == changed_blocks(old_lines, new_lines)


def test_a_line_that_changed_is_all_that_is_told() -> None:
    old = [f"line {number}" for number in range(1_000)]
    new = [*old[:500], "another", *old[501:]]
    assert changed_blocks(old, new) == [Block(500, 501, 500, 501)]
    assert changed_blocks(old, old) == []


def test_lines_that_changed_places_are_told_from_those_that_stayed() -> None:
    old = ["one", "two", "three", "four", "five", "six"]
    new = ["one", "five", "two", "three", "four", "six"]
    assert changed_blocks(old, new) == [Block(1, 1, 1, 2), Block(4, 5, 5, 5)]


def test_a_stretch_without_anything_in_common_is_one_change() -> None:
    old = ["same", *["old"] * 300, "end"]
    new = ["same", *["new"] * 300, "end"]
    assert changed_blocks(old, new) == [Block(1, 301, 1, 301)]


@settings(max_examples=15, deadline=None)
@given(old=LINES.filter(bool), new=LINES.filter(bool), ends=st.tuples(st.booleans(), st.booleans()))
def test_git_applies_what_is_written(
    tmp_path_factory: object, old: list[str], new: list[str], ends: tuple[bool, bool]
) -> None:
    folder = Path(tmp_path_factory.mktemp("apply"))  # type: ignore[attr-defined]
    sides = [
        [*lines[:-1], lines[-1] + "" if end else lines[-1] + NO_NEWLINE]
        for lines, end in zip((old, new), ends, strict=True)
    ]
    if sides[0] == sides[1] or any(not side[-1].replace(NO_NEWLINE, "") and NO_NEWLINE in side[-1] for side in sides):
        return
    texts = ["\n".join(side) + "\n" for side in sides]
    texts = [text.removesuffix("\n").removesuffix(NO_NEWLINE) if NO_NEWLINE in text else text for text in texts]
    (folder / "x.py").write_text(texts[0])
    diff = unified_diff([patch(*sides)]) + "\n"
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], input=diff.encode(), cwd=folder, check=True)
    assert (folder / "x.py").read_text() == texts[1]


def test_the_old_code_is_shown_up_to_the_function_that_it_stands_in() -> None:
    old = ["import os", "", "def first():", "    a = 1", "    return a", "", "def second():", "    return 2"]
    new = [*old[:3], "    a = 3", *old[4:]]
    assert old_regions(patch(old, new), None) == [(2, 5)]
    assert old_regions(patch(old, new), 0) == [(3, 4)]


def test_the_greatest_changes_are_a_patch_of_their_own() -> None:
    old = [f"line {number}" for number in range(60)]
    new = list(old)
    new[5] = "small"
    new[40:44] = ["great"] * 4
    reduced = greatest_changes(patch(old, new), 50)
    assert reduced is not None
    assert reduced.new == [*old[:40], *["great"] * 4, *old[44:]]
    assert greatest_changes(patch(old, new), 10_000) is None
    assert greatest_changes(patch(old, new), 1) is None


def test_no_line_takes_long_to_be_told_from_a_definition() -> None:
    lines = ["a() : " + " " * 290 + ";", "f(x) throws " + "a, " * 90 + ";", "a" + ") : " * 50_000 + ";", "    a = 1"]
    assert old_regions(patch(lines, [*lines[:3], "    a = 2"]), None) == [(0, 4)]
    assert "@@ -1,4 +1,4 @@" in unified_diff([patch(lines, [*lines[:3], "    a = 2"])])
