"""What .gitattributes say of files, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.data_prep.git_attributes import Attributes, read_attributes
from src.data_prep.git_reading import GitRepository
from tests.data_prep.git_history.repositories import Made, make_repository

ROOT = b"""# what is not ours
*.min.js linguist-vendored
/made/** linguist-generated=true
made/by_hand.py -linguist-generated
notes/*.py linguist-documentation
*.dat binary
src/**/x_[ab].c -diff
src/x_[^ab].h linguist-documentation
vendor/** linguist-vendored=false
vendor/made.py linguist-generated
vendor/unsaid.py !linguist-vendored
odd/[z-a].c linguist-generated
[attr]mine linguist-generated
*.txt text eol=lf
"""


@pytest.mark.parametrize(
    ("path", "mark", "denied"),
    [
        ("a/b.min.js", "vendored", set()),
        ("made/x/y.py", "generated", set()),
        ("remade/y.py", None, set()),
        ("made/by_hand.py", None, {"generated"}),
        ("notes/a.py", "docs", set()),
        ("notes/deeper/a.py", None, set()),
        ("k/q.dat", "binary", set()),
        ("src/x_a.c", "binary", set()),
        ("src/p/q/x_b.c", "binary", set()),
        ("src/x_c.c", None, set()),
        ("src/x_a.h", None, set()),
        ("src/x_c.h", "docs", set()),
        ("vendor/a.py", None, {"vendored"}),
        ("vendor/made.py", "generated", {"vendored"}),
        ("vendor/unsaid.py", None, set()),
        ("lib/z.py", "generated", set()),
        ("lib/sub/a1.py", None, {"generated"}),
        ("z.py", None, set()),
        ("a.txt", None, set()),
    ],
)
def test_later_lines_and_deeper_folders_say_what_a_file_is(path: str, mark: str | None, denied: set[str]) -> None:
    deeper = b"*.py linguist-generated\nsub/a?.py linguist-generated=false\n"
    attributes = Attributes({"lib/.gitattributes": deeper, ".gitattributes": ROOT})
    said = attributes.said_of(path)
    assert said.marked == mark
    assert {*said.denied} == denied


def test_a_mark_at_the_beginning_of_the_file_is_no_part_of_the_first_pattern() -> None:
    attributes = Attributes({".gitattributes": b"\xef\xbb\xbf*.py linguist-generated\n"})
    assert attributes.said_of("a.py").marked == "generated"


def test_a_repository_that_says_nothing_of_kinds_has_no_attributes() -> None:
    assert not Attributes({".gitattributes": b"*.py text\n*.sh eol=lf\n*\n\n"})


def test_no_pattern_takes_long() -> None:
    attributes = Attributes(
        {".gitattributes": b"*a*a*a*a*a*a*a*b linguist-generated\n*a*a*a*a*a*b linguist-generated\n"}
    )
    assert attributes.said_of("a" * 200).marked is None


def test_attributes_are_read_from_every_folder_of_a_commit(tmp_path: Path) -> None:
    same = "*.py linguist-generated\n"
    files = {"one/.gitattributes": same, "two/.gitattributes": same, "one/a.py": "a\n", "b.py": "b\n"}
    repository = GitRepository(make_repository(tmp_path / "repo", [Made("Add all", files)]))
    attributes = read_attributes(repository, repository.resolve())
    assert [attributes.said_of(path).marked for path in ("one/a.py", "two/c.py", "b.py")] == [
        "generated",
        "generated",
        None,
    ]
