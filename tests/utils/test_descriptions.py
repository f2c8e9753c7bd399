"""What LLaMA-Factory's dataset_info.json says follows the files beside it; what a person wrote there stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from src.core.config import load_config
from src.core.parts import Parts
from src.core.secrets import load_secrets
from src.core.workspace import Workspace
from src.persistence.removal import deleted_datasets
from src.persistence.sqlite_client import Store
from src.stored.exporting import export_in_format, resplit
from src.stored.keeping import delete, rename, undo_deletion
from src.utils.descriptions import bring_up_to_date, describe_for_llama_factory, read_descriptions
from src.utils.formats.sharegpt import LLAMA_FACTORY
from tests.cli.driver import dataset_with


def _described(workspace: Workspace) -> set[str]:
    return set(read_descriptions(workspace.output_datasets))


def test_descriptions_follow_what_becomes_of_a_dataset(workspace: Workspace) -> None:
    config, parts = load_config(workspace.config_file), Parts(workspace, load_secrets(workspace.env_file, {}))
    dataset_with(workspace)
    export_in_format(parts, "my_dataset", LLAMA_FACTORY)
    named = {f"my_dataset_{side}_llama-factory" for side in ("train", "validation")}
    renamed = {name.replace("my_dataset", "tower") for name in named}
    assert _described(workspace) == named
    rename(config, parts, "my_dataset", "tower")
    assert _described(workspace) == renamed
    delete(parts, "tower")
    assert _described(workspace) == set()
    with Store(workspace.database) as store:
        assert deleted_datasets(store)
    undo_deletion(parts, "tower")
    assert _described(workspace) == renamed
    resplit(config, parts, "tower")  # a new version removes the exports of the former one
    assert _described(workspace) == set()


def test_what_a_person_wrote_stays_whether_its_file_is_there_or_not(tmp_path: Path) -> None:
    gone: dict[str, Any] = {"file_name": "gone.json"}
    hub = {"hf_hub_url": "someone/rows"}
    (tmp_path / "dataset_info.json").write_text(json.dumps({"gone": gone, "hub": hub}), encoding="utf-8")
    for name in ("kiln", "glaze"):
        (tmp_path / f"{name}.jsonl").write_text("{}\n", encoding="utf-8")
        describe_for_llama_factory(tmp_path / f"{name}.jsonl")
    (tmp_path / "kiln.jsonl").unlink()
    bring_up_to_date(tmp_path)
    assert set(read_descriptions(tmp_path)) == {"gone", "hub", "glaze"}


def test_a_file_that_is_no_description_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "dataset_info.json").write_text("{", encoding="utf-8")
    bring_up_to_date(tmp_path)
    assert (tmp_path / "dataset_info.json").read_text(encoding="utf-8") == "{"
    bring_up_to_date(tmp_path / "nowhere")
