"""models.yaml is checked strictly: every mistake names its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from src.core.errors import ConfigError
from src.core.types import PROVIDER_NAMES, ProviderName
from src.providers.catalogue import FORMAT_NAMES, MODELS_FILE, is_date, read_catalogue
from src.providers.lookup import find_model, find_model_anywhere
from src.utils.formats.registry import formats_of


def changed(tmp_path: Path, provider: str, change: Any) -> Path:
    content = yaml.safe_load(MODELS_FILE.read_text(encoding="utf-8"))
    change(content[provider] if provider else content)
    path = tmp_path / "models.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_the_shipped_file_is_valid_and_complete() -> None:
    catalogue = read_catalogue(MODELS_FILE)
    assert sum(len(entry.spec.models) for entry in catalogue.values()) == 25
    assert catalogue["llama"].spec.presets["ollama"] == "http://localhost:11434/v1"
    assert [name for name, entry in catalogue.items() if entry.open_writers] == ["llama"]


@pytest.mark.parametrize("name", PROVIDER_NAMES)
def test_every_entry_says_where_it_is_from_and_when_that_was_checked(name: ProviderName) -> None:
    spec = read_catalogue(MODELS_FILE)[name].spec
    for entry in (*spec.models, *(() if name == "local" else spec.writers)):
        assert entry.source
        assert is_date(entry.checked)


SEEDED = """gpt-4o gpt-4o-mini gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-3.5-turbo claude-3-haiku gemini-2.5-pro
gemini-2.5-flash
gemini-2.5-flash-lite mistral-7b mistral-large-v2 mistral-nemo mixtral-8x7b llama-3.1-8b llama-3.1-70b
llama-3.1-405b""".split()


@pytest.mark.parametrize("name", SEEDED)
def test_every_model_that_was_wished_for_is_there(name: str) -> None:
    assert find_model_anywhere(name).checked


@pytest.mark.parametrize(
    ("provider", "change", "words"),
    [
        ("google", lambda p: p["models"][0].update(max_exmples=3), "models.0.max_exmples"),
        ("google", lambda p: p["models"][0].update(max_examples="many"), "models.0.max_examples"),
        ("google", lambda p: p["models"][0].update(tunable="yes"), "models.0.tunable"),
        ("google", lambda p: p["models"][0].pop("title"), "models.0.title"),
        ("google", lambda p: p["models"][0].update(tokenizer="bert"), "tokenizer 'bert'"),
        ("google", lambda p: p["models"][0].update(status="dead"), "status 'dead'"),
        ("google", lambda p: p["models"][0].update(status="retired"), "cannot be tunable"),
        ("google", lambda p: p["models"][0].update(checked="last week"), "no date"),
        ("google", lambda p: p["models"][0].update(aliases=["gemini-2.5-pro"]), "names two models"),
        ("google", lambda p: p["models"][0].update(formats=["gemini_content"]), "format 'gemini_content'"),
        ("google", lambda p: p["writers"][0].update(checked="yesterday"), "checked 'yesterday' is no date"),
        ("google", lambda p: p["batch"].update(checked="yesterday"), "checked 'yesterday' is no date"),
        ("google", lambda p: p.update(writers=[]), "no writers"),
        ("google", lambda p: p["writers"][0].update(preset="moon"), "unknown preset 'moon'"),
        ("google", lambda p: p["writers"][0].update(context_window=None), "writers.0.context_window"),
        ("google", lambda p: p.update(concurrency=1.5), "concurrency"),
        ("", lambda c: c.pop("llama"), "exactly the providers"),
        ("", lambda c: c.update(extra={}), "exactly the providers"),
        ("", lambda c: c.update(llama=[1]), "llama"),
        ("", lambda c: c.update(llama={1: 2}), "llama"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, provider: str, change: Any, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_catalogue(changed(tmp_path, provider, change))
    assert words in str(caught.value)
    assert "models.yaml" in caught.value.fix


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_every_name_of_a_format_stands_for_one(name: str) -> None:
    assert len(formats_of(replace(find_model("openai", "gpt-4.1"), formats=(name,)))) == 1


@pytest.mark.parametrize("text", ["{", "- 1", ""])
def test_a_file_that_is_no_mapping_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="models.yaml"):
        read_catalogue(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_catalogue(tmp_path / "models.yaml")
