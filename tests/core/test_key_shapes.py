"""Keys are known by their shape; names of models never are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from src.core.config import load_config
from src.core.errors import ConfigError
from src.core.key_shapes import hide_keys, looks_like_key
from src.core.secrets import load_secrets

ROOT = Path(__file__).parents[2]
KEYS = [
    "sk-" + "Ab3" * 8,
    "sk-proj-" + "x7_Q-" * 9,
    "AIza" + "Sy0" * 11,
    "hf_" + "aB" * 12,
    "0a1b2c3d" * 4,
]


def texts_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts_of(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts_of(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("key", KEYS)
def test_keys_look_like_keys(key: str) -> None:
    assert looks_like_key(key)
    assert looks_like_key(f"  {key}.")


def test_no_model_that_we_know_looks_like_a_key() -> None:
    known = texts_of(yaml.safe_load((ROOT / "src/providers/models.yaml").read_text(encoding="utf-8")))
    named = ["ft:gpt-4.1-mini-2025-04-14:my-org::AbCd1234", "projects/123456789012/endpoints/1234567890123456789"]
    assert not [text for text in (*known, *named) if looks_like_key(text)]


def test_what_looks_like_a_key_is_hidden_and_the_rest_stays() -> None:
    assert hide_keys(f"401 for {KEYS[0]}, sorry") == "401 for ***, sorry"
    assert hide_keys("http://me:secret@host:8000/v1") == "http://***@host:8000/v1"
    assert hide_keys("sha256 9f86d081884c7d659a2feaa0c55ad015") == "sha256 9f86d081884c7d659a2feaa0c55ad015"
    assert hide_keys("a task-force of disk-drives") == "a task-force of disk-drives"


@pytest.mark.parametrize("key", KEYS)
def test_key_in_the_place_of_a_model_is_refused_and_never_shown(tmp_path: Path, key: str) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"AGENT_MODEL={key}\n", encoding="utf-8")
    config = tmp_path / "config.yaml"
    lines = [f"model: {key!r}", f"system:\n  agentic_model: {key!r}", f"provider: {key!r}", f"mode: [{key!r}]", "{}"]
    for line in lines:
        config.write_text(line, encoding="utf-8")
        environment = load_secrets(env_file, {}).config_environment() if line == "{}" else {}
        with pytest.raises(ConfigError) as raised:
            load_config(config, environment=environment)
        assert key not in str(raised.value) + raised.value.fix
    assert "looks like an API key" in str(raised.value)
