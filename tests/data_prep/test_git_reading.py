"""Git processes that start nothing of the repository, and what they read."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import InputFileError, MissingPackageError
from src.data_prep.git_reading import GitError, GitRepository
from src.data_prep.repository_licence import licence_of_repository
from tests.data_prep.git_history.repositories import MIT, Made, commit_ids, make_repository, run_git

FILES = {"a.py": "x = 1\n", "lib/b.py": "y = 2\n", "LICENSE": MIT}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project", [Made("First files", FILES, links={"link.py": "/etc/passwd"})])


def test_a_tree_lists_files_with_their_sizes_and_tells_links_apart(folder: Path) -> None:
    repository = GitRepository(folder)
    entries = {entry.path: entry for entry in repository.tree(repository.resolve())}
    assert set(entries) == {"LICENSE", "a.py", "lib/b.py", "link.py"}
    assert entries["a.py"].size == 6
    assert entries["a.py"].is_file
    assert not entries["link.py"].is_file
    top = [entry.path for entry in repository.tree(repository.resolve(), recursive=False)]
    assert "lib" in top


def test_blobs_come_in_order_and_none_stands_for_what_cannot_be_read(folder: Path) -> None:
    repository = GitRepository(folder)
    ids = {entry.path: entry.id for entry in repository.tree(repository.resolve())}
    asked = [ids["lib/b.py"], "0" * 39 + "1", ids["a.py"], repository.resolve(), ids["LICENSE"]]
    contents = list(repository.blobs(asked, max_bytes=20))
    assert contents == [
        (asked[0], b"y = 2\n"),
        (asked[1], None),
        (asked[2], b"x = 1\n"),
        (asked[3], None),  # a commit
        (asked[4], None),  # too long
    ]


def test_reading_goes_on_behind_a_damaged_object(folder: Path) -> None:
    repository = GitRepository(folder)
    ids = {entry.path: entry.id for entry in repository.tree(repository.resolve())}
    damaged = folder / ".git/objects" / ids["a.py"][:2] / ids["a.py"][2:]
    damaged.chmod(0o644)
    damaged.write_bytes(b"no object at all")
    contents = list(GitRepository(folder).contents([ids["lib/b.py"], ids["a.py"], ids["LICENSE"]]))
    assert contents == [b"y = 2\n", None, MIT.encode()]


def test_a_bare_repository_and_a_linked_work_tree_are_read_as_well(folder: Path, tmp_path: Path) -> None:
    bare = make_repository(tmp_path / "bare.git", [Made("First files", FILES)], bare=True)
    repository = GitRepository(bare)
    assert len(list(repository.tree(repository.resolve()))) == 3
    run_git(folder, "worktree", "add", "-q", "--detach", str(tmp_path / "second"))
    assert GitRepository(tmp_path / "second").resolve() == commit_ids(folder)[-1]


def test_a_folder_without_a_repository_is_told_from_one_inside_of_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(InputFileError, match="not a git repository") as outside:
        GitRepository(tmp_path / "plain")
    assert "holds .git" in outside.value.fix
    (folder / "lib").mkdir(exist_ok=True)
    with pytest.raises(InputFileError) as inside:
        GitRepository(folder / "lib")
    assert str(folder) in inside.value.fix
    with pytest.raises(InputFileError, match="not a folder"):
        GitRepository(tmp_path / "nowhere")


def test_names_that_are_none_are_refused(folder: Path, tmp_path: Path) -> None:
    repository = GitRepository(folder)
    with pytest.raises(InputFileError, match="no commit 'elsewhere'"):
        repository.resolve("elsewhere")
    with pytest.raises(InputFileError, match="no name of a commit"):
        repository.resolve("--upload-pack=touch")
    empty = make_repository(tmp_path / "empty", [])
    with pytest.raises(InputFileError, match="has no commits"):
        GitRepository(empty).resolve()


def test_a_command_that_fails_says_what_git_said(folder: Path) -> None:
    with pytest.raises(GitError, match="cat-file"):
        GitRepository(folder).run("cat-file", "blob", "0" * 40)


def test_without_git_the_error_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPackageError, match="git is not installed"):
        GitRepository(folder)


def test_variables_of_a_git_hook_do_not_lead_elsewhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_repository(tmp_path / "other", [Made("Other", {"z.py": "z = 1\n"})])
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git/objects"))
    repository = GitRepository(folder)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_OBJECT_DIRECTORY")
    assert repository.resolve() == commit_ids(folder)[-1]
    assert list(repository.tree(repository.resolve()))


@pytest.mark.parametrize(
    ("files", "licence"),
    [
        ({"LICENSE": MIT}, "MIT"),
        ({"LICENSE-MIT": MIT, "LICENSE-APACHE": "Apache License, Version 2.0"}, "Apache-2.0 AND MIT"),
        ({"LICENSE": "See LICENSE-MIT.", "LICENSE-MIT": MIT}, "MIT"),
        ({"COPYING": "GNU General Public License, version 3"}, "GPL-3.0"),
        ({"LICENSE": "You may not do anything. " * 100}, "unknown"),
        ({"package.json": '{"name": "x", "license": "ISC"}'}, "ISC"),
        ({"Cargo.toml": '[package]\nlicense = "MIT OR Apache-2.0"\n'}, "MIT OR Apache-2.0"),
        ({"setup.py": "setup(license='BSD License')"}, "BSD-3-Clause"),
        ({"README.md": "# A tool\n\n## License\n\nMIT, by its authors.\n"}, "MIT"),
        ({"README.md": "# A tool\n\n## License\n\nGPL like everything.\n"}, "unknown"),
        ({"README.md": "# A tool\n"}, ""),
        ({"src/LICENSE": MIT}, ""),
    ],
)
def test_the_licence_of_a_repository_stands_in_its_root(tmp_path: Path, files: dict[str, str], licence: str) -> None:
    repository = GitRepository(make_repository(tmp_path / "r", [Made("Files", {"a.py": "x = 1\n", **files})]))
    assert licence_of_repository(repository, repository.resolve()) == licence
