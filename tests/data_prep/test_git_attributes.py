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
vendor/** linguist-vendored=false
odd/[z-a].c linguist-generated
[attr]mine linguist-generated
*.txt text eol=lf
"""


@pytest.mark.parametrize(
    ("path", "mark", "is_own"),
    [
        ("a/b.min.js", "vendored", False),
        ("made/x/y.py", "generated", False),
        ("remade/y.py", None, False),
        ("made/by_hand.py", None, True),
        ("notes/a.py", "docs", False),
        ("notes/deeper/a.py", None, False),
        ("k/q.dat", "binary", False),
        ("src/x_a.c", "binary", False),
        ("src/p/q/x_b.c", "binary", False),
        ("src/x_c.c", None, False),
        ("vendor/a.py", None, True),
        ("lib/z.py", "generated", False),
        ("lib/sub/a1.py", None, True),
        ("z.py", None, False),
        ("a.txt", None, False),
    ],
)
def test_later_lines_and_deeper_folders_say_what_a_file_is(path: str, mark: str | None, is_own: bool) -> None:
    deeper = b"*.py linguist-generated\nsub/a?.py linguist-generated=false\n"
    attributes = Attributes({"lib/.gitattributes": deeper, ".gitattributes": ROOT})
    assert (attributes.mark_of(path), attributes.is_own_code(path)) == (mark, is_own)


def test_a_repository_that_says_nothing_of_kinds_has_no_attributes() -> None:
    assert not Attributes({".gitattributes": b"*.py text\n*.sh eol=lf\n*\n\n"})


def test_no_pattern_takes_long() -> None:
    attributes = Attributes(
        {".gitattributes": b"*a*a*a*a*a*a*a*b linguist-generated\n*a*a*a*a*a*b linguist-generated\n"}
    )
    assert attributes.mark_of("a" * 200) is None


def test_attributes_are_read_from_every_folder_of_a_commit(tmp_path: Path) -> None:
    same = "*.py linguist-generated\n"
    files = {"one/.gitattributes": same, "two/.gitattributes": same, "one/a.py": "a\n", "b.py": "b\n"}
    repository = GitRepository(make_repository(tmp_path / "repo", [Made("Add all", files)]))
    attributes = read_attributes(repository, repository.resolve())
    assert [attributes.mark_of(path) for path in ("one/a.py", "two/c.py", "b.py")] == ["generated", "generated", None]
