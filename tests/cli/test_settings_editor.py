"""config.yaml is changed without losing comments, and never half."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.cli.default_config import default_config_text
from src.cli.settings_editor import ConfigDocument, open_document, save_values, start_afresh
from src.core.config import config_keys, load_config, read_key
from src.core.errors import ConfigError, StorageError
from tests.cli.driver import ROOT

HAND_WRITTEN = """\
# my own notes
provider: google   # the one we use
model: gemini-3.5-flash-lite

split:
    ratio: 0.8   # as agreed
    # weight_by: keywords
mode: 'identify'
"""


def test_shipped_config_is_the_generated_one_and_holds_the_defaults() -> None:
    assert (ROOT / "config.yaml").read_text(encoding="utf-8") == default_config_text()
    config = load_config(ROOT / "config.yaml")
    for key in config_keys():
        assert read_key(config, key.name) == key.default, key.name
        assert f"{key.name.rpartition('.')[2]}: " in default_config_text()


def test_change_keeps_comments_order_indentation_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(HAND_WRITTEN, encoding="utf-8")
    save_values(path, {"split.ratio": 0.9, "mode": "hybrid"})
    assert path.read_text(encoding="utf-8") == HAND_WRITTEN.replace("0.8", "0.9").replace("'identify'", "'hybrid'")


def test_new_keys_are_added_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(HAND_WRITTEN, encoding="utf-8")
    save_values(
        path, {"system.seed": 7, "input.files": ("a.txt", "b.pdf"), "output_name": "yes", "split.enabled": False}
    )
    config = load_config(path)
    assert config.system.seed == 7
    assert config.input.files == ("a.txt", "b.pdf")
    assert config.output_name == "yes"
    assert not config.split.enabled
    assert "# as agreed" in path.read_text(encoding="utf-8")


def test_missing_file_is_made_from_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    save_values(path, {"dataset_size": 7})
    assert path.read_text(encoding="utf-8") == default_config_text().replace("dataset_size: 24", "dataset_size: 7")


def test_empty_file_and_empty_section_can_be_filled(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("split:\n", encoding="utf-8")
    save_values(path, {"split.ratio": 0.7})
    assert load_config(path).split.ratio == 0.7
    path.write_text("", encoding="utf-8")
    save_values(path, {"mode": "free"})
    assert load_config(path).mode == "free"


def test_windows_line_breaks_and_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xef\xbb\xbfmode: create\r\ndataset_size: 5\r\n")
    path.chmod(0o600)
    save_values(path, {"dataset_size": 6})
    assert path.read_bytes() == b"mode: create\r\ndataset_size: 6\r\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "shared.yaml"
    real.write_text("mode: create\n", encoding="utf-8")
    path = tmp_path / "config.yaml"
    path.symlink_to(real)
    save_values(path, {"mode": "free"})
    assert path.is_symlink()
    assert real.read_text(encoding="utf-8") == "mode: free\n"


@pytest.mark.parametrize("text", ["provider: [google\n", "a: 1\na: 2\n", "- a list\n", "just words\n", "a:\n\t- b\n"])
def test_what_is_not_a_mapping_cannot_be_changed_and_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        save_values(path, {"mode": "free"})
    assert raised.value.fix
    assert path.read_text(encoding="utf-8") == text


def test_unreadable_bytes_are_named(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"mode: \xff\xfe\n")
    with pytest.raises(ConfigError, match="not UTF-8"):
        open_document(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        open_document(tmp_path)


def test_start_afresh_keeps_the_former_file_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    assert start_afresh(path) is None
    path.write_text("first: [", encoding="utf-8")
    kept = start_afresh(path)
    path.write_text("second: [", encoding="utf-8")
    again = start_afresh(path)
    assert kept is not None
    assert again is not None
    assert kept.read_text(encoding="utf-8") == "first: ["
    assert again.read_text(encoding="utf-8") == "second: ["
    assert path.read_text(encoding="utf-8") == default_config_text()


def test_unknown_keys_are_found_at_every_depth_and_can_be_deleted(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "mode: create\nmood: sad\nsplit:\n  ration: 0.8\n  ratio: 0.9\n3: three\nagent:\n", encoding="utf-8"
    )
    document = open_document(path)
    assert document.unknown_keys() == ("mood", "split.ration", "3")
    for key in document.unknown_keys():
        document.delete(key)
    document.save()
    assert load_config(path).split.ratio == 0.9


def test_wrong_values_stand_in_the_document_as_they_were_written() -> None:
    document = ConfigDocument(Path("config.yaml"), "dataset_size: many\nsplit: 5\n")
    assert document.find("dataset_size") == "many"
    assert not document.has("split.ratio")
    document.set("split.ratio", 0.6)
    assert document.find("split.ratio") == 0.6


def test_a_full_disk_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("mode: create\n", encoding="utf-8")
    (tmp_path / "config.yaml.part").mkdir()  # nothing can be written beside it
    with pytest.raises((StorageError, OSError)):
        save_values(path, {"mode": "free"})
    assert path.read_text(encoding="utf-8") == "mode: create\n"


@settings(deadline=None, max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=30))
def test_any_text_value_survives_the_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    save_values(path, {"system.agentic_model": text})
    assert load_config(path).system.agentic_model == text
