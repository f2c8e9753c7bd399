"""The folder for the Hugging Face Hub: its files, its card, the same bytes, and what stands in its way."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import orjson
import pytest
import yaml

from src.core.errors import DatasetError, MissingPackageError, StorageError
from src.library.bundle.card import Terms
from src.library.bundle.hub_folder import HubFolder, write_hub_folder
from src.library.bundle.rows import COLUMNS
from src.library.bundle.shards import Kind, best_kind
from tests.library.bundle.making import make_rows, stored

SMALL = 2_000


def write(tmp_path: Path, kind: Kind = "jsonl", terms: Terms | None = None, rows=None) -> HubFolder:
    with stored(tmp_path, rows) as (store, record):
        return write_hub_folder(store, record, tmp_path / "hub", terms or Terms(), kind, shard_bytes=SMALL)


def matter_of(folder: HubFolder) -> dict:
    return yaml.safe_load(folder.card.split("---\n")[1])


def test_a_dataset_becomes_numbered_shards_and_a_card(tmp_path: Path) -> None:
    found = write(tmp_path)
    assert [*found.files] == [
        "README.md",
        "data/train-00000-of-00002.jsonl",
        "data/train-00001-of-00002.jsonl",
        "data/validation-00000-of-00001.jsonl",
    ]
    assert found.rows == {"train": 9, "validation": 3}
    lines = [
        line for name, path in found.files.items() if "data/train" in name for line in path.read_bytes().splitlines()
    ]
    rows = [orjson.loads(line) for line in lines]
    assert [set(row) for row in rows] == [{name for name, _ in COLUMNS}] * 9
    assert rows[0]["messages"][0] == {"role": "user", "content": make_rows()[0].sample.messages[0].content}
    assert (rows[0]["span_start"], rows[-1]["span_start"]) == (None, 10)


def test_the_card_has_front_matter_that_names_files_licence_language_and_size(tmp_path: Path) -> None:
    matter = matter_of(write(tmp_path, terms=Terms("CC BY-SA 4.0")))
    assert matter["license"] == "cc-by-sa-4.0"
    assert matter["language"] == ["en"]
    assert matter["task_categories"] == ["text-generation"]
    assert matter["size_categories"] == ["n<1K"]
    assert matter["configs"][0]["data_files"] == [
        {"split": "train", "path": "data/train-*-of-00002.jsonl"},
        {"split": "validation", "path": "data/validation-*-of-00001.jsonl"},
    ]
    assert [one["name"] for one in matter["dataset_info"]["features"]] == [name for name, _ in COLUMNS]


def test_the_card_says_what_a_reader_must_know(tmp_path: Path) -> None:
    found = write(tmp_path)
    assert matter_of(found)["license"] == "unknown"
    for said in (
        "No licence was named",
        "written by | openai gpt-6-luna",
        "EMAIL 2",
        "still in the rows",
        "2 (split anew)",
        "proposed, kept, rejected | 13, 12, 1",
    ):
        assert said in found.card
    assert r"tower\|log \[1\].txt" in found.card, "a file name must not leave its cell"


@pytest.mark.parametrize(
    ("named", "matter"),
    [
        ("MIT", {"license": "mit"}),
        ("GPL-3.0-or-later", {"license": "gpl-3.0"}),
        ("House rules: v2", {"license": "other", "license_name": "house-rules-v2"}),
    ],
)
def test_a_licence_is_named_as_the_hub_names_it(tmp_path: Path, named: str, matter: dict[str, str]) -> None:
    found = matter_of(write(tmp_path, terms=Terms(named, ("cs",))))
    assert {key: value for key, value in found.items() if key.startswith("license")} == matter
    assert found["language"] == ["cs"]


def test_the_same_dataset_gives_the_same_bytes_and_an_earlier_folder_gives_way(tmp_path: Path) -> None:
    first = {name: path.read_bytes() for name, path in write(tmp_path).files.items()}
    (tmp_path / "bells.db").unlink()
    assert {name: path.read_bytes() for name, path in write(tmp_path).files.items()} == first
    (tmp_path / "bells.db").unlink()
    assert len(write(tmp_path, rows=make_rows(3)).files) == 2
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_of_the_user_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError, match=r"thesis\.txt"):
        write(tmp_path)
    assert [path.name for path in (tmp_path / "hub").iterdir()] == ["thesis.txt"]


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "hub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="no folder"):
        write(tmp_path)


def test_a_dataset_without_samples_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no samples"):
        write(tmp_path, rows=[])


@pytest.mark.skipif(find_spec("pyarrow") is not None, reason="pyarrow is installed")
def test_parquet_without_its_package_is_an_error_and_json_lines_the_default(tmp_path: Path) -> None:
    assert best_kind() == "jsonl"
    with pytest.raises(MissingPackageError, match="pyarrow"):
        write(tmp_path, "parquet")


def test_parquet_holds_the_same_rows(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    found = write(tmp_path, "parquet")
    tables = [parquet.read_table(path) for name, path in found.files.items() if "data/train" in name]
    rows = [row for table in tables for row in table.to_pylist()]
    (tmp_path / "bells.db").unlink()
    lines = [
        line
        for name, path in write(tmp_path).files.items()
        if "train" in name
        for line in path.read_bytes().splitlines()
    ]
    assert rows == [orjson.loads(line) for line in lines]
    assert best_kind() == "parquet"


def test_the_folder_is_read_by_the_library_of_the_hub(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    write(tmp_path)
    loaded = datasets.load_dataset(str(tmp_path / "hub"), cache_dir=str(tmp_path / "cache"))
    assert {side: len(rows) for side, rows in loaded.items()} == {"train": 9, "validation": 3}
    assert loaded["train"][8]["span_start"] == 10
