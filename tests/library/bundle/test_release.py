"""Release bundles: what is in them, the same bytes every time, and a check that names whatever was changed."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from src.core.errors import DatasetError, InputFileError, StorageError
from src.library.bundle.archive import UnsafeArchiveError
from src.library.bundle.card import Terms
from src.library.bundle.check import Checked
from src.library.bundle.check import verify_bundle as verify
from src.library.bundle.release import Bundle, write_bundle
from tests.library.bundle.making import make_rows, stored

PROMPTS = Path(__file__).resolve().parents[3] / "prompts"


def ignore(_event: object) -> None:
    """Nobody looks at the progress."""


def bundle(tmp_path: Path, name: str = "bells", rows=None, **options) -> Bundle:
    with stored(tmp_path, rows) as (store, record):
        return write_bundle(store, record, tmp_path / name, Terms("MIT"), PROMPTS, **options)


def check(path: Path) -> Checked:
    return verify(path, ignore)


def problems(path: Path) -> list[tuple[str, str]]:
    return [tuple(one) for one in check(path).differences]


def edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    for name in ("bells", "bells.zip", "bells.tar.gz"):
        (folder / "bells.db").unlink(missing_ok=True)
        bundle(folder, name)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "bells", tmp_path / "bells"))


def test_a_bundle_holds_data_training_files_card_config_prompts_and_manifest(made: Path) -> None:
    names = {path.relative_to(made / "bells").as_posix() for path in (made / "bells").rglob("*") if path.is_file()}
    sides = {f"{part}/{side}.jsonl" for part in ("data", "training") for side in ("train", "validation")}
    assert sides | {"README.md", "config.json", "ids.txt", "manifest.json"} <= names
    assert {"prompts/system/create_mode.txt", "prompts/system/tasks/summary.txt"} <= names
    manifest = json.loads((made / "bells" / "manifest.json").read_bytes())
    assert manifest["dataset"]["version"] == 2
    assert [one["version"] for one in manifest["versions_before"]] == [1]
    assert manifest["provenance"]["rejected"] == {"too_short": 1}
    assert sum(manifest["provenance"]["sources"].values()) == manifest["dataset"]["samples"] == 12
    assert {"program", "python", "orjson", "pydantic"} <= manifest["made_by"].keys()
    assert {one["path"] for one in manifest["files"]} == names - {"manifest.json"}
    first = orjson.loads((made / "bells" / "data" / "train.jsonl").read_bytes().split(b"\n")[0])
    assert (first["locator"], first["group"], first["metadata"]) == ("line 0", "g0", {"task": "question_answer"})


def test_what_was_rejected_goes_out_only_when_that_is_wanted(made: Path, tmp_path: Path) -> None:
    assert not (made / "bells" / "rejected.jsonl").exists()
    bundle(tmp_path, with_rejected=True)
    row = orjson.loads((tmp_path / "bells" / "rejected.jsonl").read_bytes())
    assert (row["reason"], row["detail"]) == ("too_short", "two words")
    assert check(tmp_path / "bells").ok
    (tmp_path / "bells.db").unlink()
    bundle(tmp_path)
    assert not (tmp_path / "bells" / "rejected.jsonl").exists()


@pytest.mark.parametrize("name", ["bells", "bells.zip", "bells.tar.gz"])
def test_a_bundle_is_good_as_it_was_made_and_its_bytes_are_the_same_every_time(
    made: Path, tmp_path: Path, name: str
) -> None:
    found = check(made / name)
    assert (found.ok, found.rows) == (True, 12)
    again = bundle(tmp_path, name)
    assert again.sha256 == found.sha256
    if name != "bells":
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["bells.db", name]


def test_a_changed_text_is_named_with_its_line(folder: Path) -> None:
    edit(folder / "data" / "train.jsonl", lambda data: data.replace(b"Bell number 1 is rung", b"Bell number 1 is hung"))
    found = dict(problems(folder))
    said = [problem for path, problem in problems(folder) if path == "data/train.jsonl"]
    assert any("line 2: its id is" in problem for problem in said)
    assert any("SHA-256" in problem for problem in said)
    assert "names the row" in found["ids.txt"]
    assert "holds the row" in found["data/"]


def test_a_row_too_few_is_named_by_its_id(folder: Path) -> None:
    edit(folder / "data" / "validation.jsonl", lambda data: data[: data.rindex(b"\n", 0, -1) + 1])
    found = dict(problems(folder))
    assert "has 2 rows, the manifest says 3" in found["data/validation.jsonl"]
    assert "names the row " in found["ids.txt"]
    assert "says 12 samples, data/ holds 11" in found["manifest.json"]


def test_rows_in_another_order_are_told(folder: Path) -> None:
    edit(folder / "ids.txt", lambda data: b"".join(reversed(data.splitlines(keepends=True))))
    assert ("ids.txt", "names the rows in another order than data/ has") in problems(folder)


def test_missing_and_further_files_are_named(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "extra.txt").write_text("x", encoding="utf-8")
    assert problems(folder) == [("extra.txt", "is not in the manifest"), ("config.json", "is missing")]


def test_one_changed_byte_of_any_file_is_found(folder: Path) -> None:
    for path in [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]:
        before = path.read_bytes()
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        assert path.relative_to(folder).as_posix() in dict(problems(folder)), path
        path.write_bytes(before)
    assert not problems(folder)


def test_a_line_that_is_no_row_is_named(folder: Path) -> None:
    edit(folder / "data" / "train.jsonl", lambda data: b'{"id": 7}\n' + data[data.index(b"\n") + 1 :])
    assert ("data/train.jsonl", "line 1 is no row of a dataset") in problems(folder)


def test_a_link_in_a_folder_is_named_and_not_followed(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to("/etc/hostname")
    assert problems(folder) == [("config.json", "is a link: it was not read")]


def test_a_manifest_that_is_none_is_an_error(folder: Path, tmp_path: Path) -> None:
    edit(folder / "manifest.json", lambda data: data.replace(b"release bundle", b"something"))
    with pytest.raises(DatasetError, match="kind"):
        check(folder)
    edit(folder / "manifest.json", lambda data: data[:50])
    with pytest.raises(DatasetError, match="no JSON"):
        check(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(DatasetError, match=r"does not begin with manifest\.json"):
        check(folder)
    with pytest.raises(InputFileError):
        check(tmp_path / "nowhere.zip")


def tar_with(made: Path, path: Path, change: Callable[[tarfile.TarFile], None]) -> Path:
    """A copy of the archive with something more at its end."""
    with tarfile.open(made / "bells.tar.gz") as old, tarfile.open(path, "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        change(new)
    return path


def member(name: str, size: int = 0, **changes) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size = size
    for key, value in changes.items():
        setattr(found, key, value)
    return found


@pytest.mark.parametrize(
    ("name", "changes", "problem"),
    [
        ("bells/../../etc/cron.d/x", {}, "leads out of the folder"),
        ("/etc/passwd", {}, "has an absolute path"),
        ("C:/windows/x", {}, "has an absolute path"),
        ("bells/a\\b", {}, "has a name that"),
        ("bells/./config.json", {}, "has a name that"),
        ("other/x", {}, "lies outside of bells/"),
        ("bells/link", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, "is a link to /etc/passwd"),
        ("bells/hard", {"type": tarfile.LNKTYPE, "linkname": "bells/README.md"}, "is a link"),
        ("bells/pipe", {"type": tarfile.FIFOTYPE}, "is no plain file"),
        ("bells/README.md", {}, "is there twice"),
    ],
)
def test_members_that_are_not_safe_to_unpack_are_named(
    made: Path, tmp_path: Path, name: str, changes: dict, problem: str
) -> None:
    found = problems(tar_with(made, tmp_path / "x.tar.gz", lambda new: new.addfile(member(name, **changes))))
    assert len(found) == 1
    assert found[0][1].startswith(problem)


def test_members_of_a_zip_are_held_to_the_same_rules(made: Path, tmp_path: Path) -> None:
    shutil.copy(made / "bells.zip", tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip", "a") as archive:
        archive.writestr("bells/../../x", "x")
        link = zipfile.ZipInfo("bells/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert problems(tmp_path / "x.zip") == [
        ("bells/../../x", "leads out of the folder: it was not read"),
        ("link", "is a link: it was not read"),
    ]


def test_a_bomb_is_refused_before_it_has_unpacked(made: Path, tmp_path: Path) -> None:
    zeros = io.BytesIO(bytes(50_000_000))
    packed = tar_with(made, tmp_path / "bomb.tar.gz", lambda new: new.addfile(member("bells/zeros", 50_000_000), zeros))
    with pytest.raises(UnsafeArchiveError, match="200 times its size"):
        check(packed)


def test_a_zip_whose_manifest_promises_a_bomb_is_refused(tmp_path: Path) -> None:
    size = 50_000_000
    promised = {"path": "zeros", "bytes": size, "sha256": "0" * 64}
    manifest = {
        "kind": "dataset-builder release bundle",
        "format": 1,
        "dataset": {"name": "x", "version": 1, "samples": 0},
        "files": [promised],
    }
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/manifest.json", json.dumps(manifest))
        archive.writestr("x/zeros", bytes(size))
    with pytest.raises(UnsafeArchiveError):
        check(tmp_path / "bomb.zip")


@pytest.mark.parametrize("name", ["bells.zip", "bells.tar.gz"])
def test_a_cut_or_damaged_archive_is_an_error_or_a_difference(made: Path, tmp_path: Path, name: str) -> None:
    whole = (made / name).read_bytes()
    for number, broken in enumerate(
        [whole[: len(whole) // 2], whole[:100], b"no archive at all", whole[:4_000] + b"\0" * 50 + whole[4_050:]]
    ):
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(broken)
        try:
            assert not check(path).ok
        except (InputFileError, DatasetError) as error:
            assert error.fix


def test_a_dataset_without_samples_gives_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no samples"):
        bundle(tmp_path, rows=[])
    assert [path.name for path in tmp_path.iterdir()] == ["bells.db"]


def test_an_earlier_bundle_gives_way_and_a_folder_of_the_user_does_not(tmp_path: Path) -> None:
    bundle(tmp_path)
    (tmp_path / "bells.db").unlink()
    bundle(tmp_path, rows=make_rows(3))
    assert check(tmp_path / "bells").rows == 3
    (tmp_path / "bells" / "thesis.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "bells.db").unlink()
    with pytest.raises(StorageError, match=r"thesis\.txt"):
        bundle(tmp_path)
    (tmp_path / "taken.zip").mkdir()
    (tmp_path / "bells.db").unlink()
    with pytest.raises(StorageError, match="is a folder"):
        bundle(tmp_path, "taken.zip")
