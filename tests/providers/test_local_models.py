"""models.local.yaml lays a person's figures over the shipped ones; every mistake in it names its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.core.specs import ModelLimits
from src.providers.catalogue import LOCAL_NAME, MODELS_FILE, load_catalogue, read_catalogue
from src.providers.lookup import find_model, find_writer

NEW = """
openai:
  models:
    - id: house-model
      title: House model
      status: available
      tunable: true
      tokenizer: o200k_base
      train_price: 1
      aliases: [house]
"""


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / LOCAL_NAME


def laid_over(path: Path, text: str) -> dict[str, ModelLimits]:
    path.write_text(text, encoding="utf-8")
    catalogue = read_catalogue(MODELS_FILE, path)
    return {model.id: model for entry in catalogue.values() for model in entry.spec.models}


def test_given_keys_replace_the_shipped_ones_and_the_others_stay(local: Path) -> None:
    text = "openai: {models: [{id: gpt-4.1-2025-04-14, train_price: 20.0, checked: 2027-01-31}]}"
    model = laid_over(local, text)["gpt-4.1-2025-04-14"]
    assert (model.train_price, model.checked, model.max_example_tokens) == (20.0, "2027-01-31", 65536)
    assert model.source.endswith("LL1 models.local.yaml")


def test_a_figure_can_be_taken_away(local: Path) -> None:
    text = "openai: {models: [{id: gpt-4.1-2025-04-14, train_price: null}]}"
    assert laid_over(local, text)["gpt-4.1-2025-04-14"].train_price is None


def test_a_new_model_is_one_like_any_other(local: Path) -> None:
    model = laid_over(local, NEW)["house-model"]
    assert (model.provider, model.train_price, model.source) == ("openai", 1.0, "models.local.yaml")
    assert find_model("openai", "house").id == "house-model"


def test_a_writer_gets_another_price(local: Path) -> None:
    local.write_text("google: {writers: [{id: gemini-3.8-flash, input_price: 1.5, output_price: 7.5}]}")
    writer = find_writer("google", "gemini-3.8-flash")
    assert (writer.input_price, writer.context_window, writer.source) == (1.5, 1048576, "models.local.yaml")


def test_the_example_of_the_readme_is_sound(local: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    example = readme.partition("#### Your own models and prices")[2].split("```")[1]
    models = laid_over(local, example)
    assert models["gpt-4.1-mini-2025-04-14"].checked == "2026-12-01"
    assert models["house/llama-3.3-70b"].tokenizer == "llama3"


def test_an_empty_file_changes_nothing(local: Path) -> None:
    assert laid_over(local, "# nothing yet\n").keys() == laid_over(local, "openai: {}").keys()


def test_the_file_of_the_present_folder_counts_and_is_read_again_when_it_changes(local: Path) -> None:
    before = load_catalogue()
    local.write_text(NEW, encoding="utf-8")
    assert find_model("openai", "house-model").train_price == 1
    assert load_catalogue() is load_catalogue()
    local.write_text(NEW.replace("train_price: 1", "train_price: 22"), encoding="utf-8")
    assert find_model("openai", "house-model").train_price == 22
    local.unlink()
    assert load_catalogue() is before


@pytest.mark.parametrize(
    ("text", "line", "said", "allowed"),
    [
        ("opnai: {}", 1, "unknown provider 'opnai'", "Did you mean 'openai'?"),
        ("openai: 3", 1, "openai: found 3", "further keys"),
        ("openai:\n  presets: {}", 2, "unknown key 'presets'", "models, writers"),
        ("openai:\n  models: {a: 1}", 2, "found {'a': 1}", "a list"),
        ("openai:\n  models:\n    - 3", 3, "found 3", "further keys"),
        ("openai:\n  models:\n    - title: x", 3, "without an id", "id: my-model"),
        ("openai:\n  models:\n    - id: ''", 3, "without an id", "id: my-model"),
        ("openai:\n  models:\n    - id: a\n      train_prise: 3", 4, "unknown key 'train_prise'", "'train_price'"),
        (
            "openai:\n  models:\n    - id: a\n      train_price: cheap",
            4,
            "train_price: found 'cheap'",
            "a number or null",
        ),
        ("openai:\n  models:\n    - id: a\n      tunable: 'yes'", 4, "tunable: found 'yes'", "true or false"),
        ("openai:\n  models:\n    - id: a\n      max_examples: 1.5", 4, "max_examples: found 1.5", "a whole number"),
        ("openai:\n  models:\n    - id: a\n      aliases: b", 4, "aliases: found 'b'", "a list of texts"),
        (
            "openai:\n  models:\n    - id: a\n      train_price: 3",
            3,
            "needs title, status, tunable, tokenizer",
            "missing",
        ),
        (NEW.replace("o200k_base", "bpe9000"), 8, "tokenizer 'bpe9000' is unknown", "Change"),
        (NEW.replace("available", "dead"), 6, "status 'dead' is unknown", "Change"),
        (NEW.replace("available", "retired"), 7, "cannot be tunable", "Change"),
        (NEW + "      checked: soon", 11, "checked 'soon' is no date", "Change"),
        (NEW + "      formats: [openai_chats]", 11, "format 'openai_chats' is unknown", "Change"),
        (NEW.replace("[house]", "[GPT-4o]"), 10, "'GPT-4o' names gpt-4o-2024-08-06 already", "another alias"),
        ("openai:\n  writers:\n    - {id: gpt-6-luna, preset: moon}", 3, "unknown preset 'moon'", "openai"),
        ("openai:\n  models: []\n  models: []", 3, "given twice", "Delete"),
        ("openai: [", 1, "not valid YAML", "Mend"),
    ],
)
def test_a_mistake_names_its_line_what_was_found_and_what_is_allowed(
    local: Path, text: str, line: int, said: str, allowed: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        laid_over(local, text)
    assert f"models.local.yaml line {line}" in str(caught.value)
    assert said in str(caught.value)
    assert allowed in caught.value.fix


def test_a_writer_that_was_checked_at_no_day_is_told_with_the_file_to_mend(local: Path) -> None:
    with pytest.raises(ConfigError, match="gpt-6-luna: checked 'yesterday' is no date") as caught:
        laid_over(local, "openai:\n  writers:\n    - {id: gpt-6-luna, checked: yesterday}")
    assert "models.local.yaml" in caught.value.fix


@pytest.mark.parametrize("text", ["- a", "just text"])
def test_something_else_altogether_is_told(local: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="must hold") as caught:
        laid_over(local, text)
    assert "README.md" in caught.value.fix


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_an_error(local: Path) -> None:
    local.write_text(NEW, encoding="utf-8")
    local.chmod(0)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_catalogue()


def test_a_file_of_another_encoding_or_size_is_an_error(local: Path) -> None:
    local.write_bytes("openai: {} # é".encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_catalogue()
    local.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ConfigError, match="larger than 1 MB"):
        load_catalogue()
