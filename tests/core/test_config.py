"""config.yaml: one default per key, strict, every mistake named with its line."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.config import RunConfig, check_value, config_keys, load_config, read_key, with_values
from src.core.errors import ConfigError

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def load(path: Path, text: str, *overrides: str) -> RunConfig:
    path.write_text(text, encoding="utf-8")
    return load_config(path, overrides)


def test_shipped_config_says_exactly_the_defaults() -> None:
    assert load_config(REPOSITORY / "config.yaml", required=True) == RunConfig()


def test_shipped_config_shows_every_key() -> None:
    text = (REPOSITORY / "config.yaml").read_text(encoding="utf-8")
    for key in config_keys():
        assert f"{key.name.rpartition('.')[2]}:" in text


def test_seed_configuration_is_accepted_as_it_stands(config_file: Path) -> None:
    config = load(
        config_file,
        """
provider: "google"
model: "gemini-2.5-flash"
mode: "create"
dataset_size: 100
output_name: "my_dataset"
split:
  enabled: true
  ratio: 0.8
  strategy: "weighted"
  weight_by: "source"
agent:
  create:
    temperature: 0.7
    variety: "high"
  identify:
    min_turns: 2
    include_context: true
  hybrid:
    generation_ratio: 0.5
  free:
    use_prompt_file: true
output:
  format: "jsonl"
  include_csv: true
  include_stats: true
system:
  agentic_llm: "google"
  agentic_model: "gemini-2.0-flash-exp"
  max_retries: 3
  timeout: 60
""",
    )
    assert config.dataset_size == 100
    assert config.system.agentic_model == "gemini-2.0-flash-exp"


def test_missing_file_means_the_defaults_unless_it_was_asked_for(tmp_path: Path) -> None:
    assert load_config(tmp_path / "none.yaml") == RunConfig()
    with pytest.raises(ConfigError, match="No configuration file"):
        load_config(tmp_path / "none.yaml", required=True)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "system:\n", "split:\n  # nothing set\n"])
def test_empty_files_and_sections_mean_the_defaults(config_file: Path, text: str) -> None:
    assert load(config_file, text) == RunConfig()


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("dataset_sze: 3", "line 1: unknown key 'dataset_sze'", "Did you mean 'dataset_size'?"),
        ("mode: create\nsplit:\n  ratios: 0.8", "line 3: unknown key 'split.ratios'", "Did you mean 'split.ratio'?"),
        (
            "split:\n  zebra: 1",
            "unknown key 'split.zebra'",
            "Allowed here: enabled, leak_threshold, leakage_safe, ratio, strategy, weight_by.",
        ),
        ("ratio: 0.8", "unknown key 'ratio'", "Did you mean 'split.ratio'?"),
        ("dataset_size: many", "line 1: dataset_size: .*found 'many'", "whole number"),
        ("dataset_size: 0", "greater than or equal to 1, found 0", "whole number"),
        ("dataset_size: -1", "greater than or equal to 1, found -1", "whole number"),
        ("dataset_size: 1.5", "found 1.5", "whole number"),
        ("dataset_size: true", "found True", "whole number"),
        ('dataset_size: "100"', "found '100'", "whole number"),
        ("split: {ratio: 0}", "split.ratio: .*greater than 0, found 0", "number"),
        ("split: {ratio: 1}", "split.ratio: .*less than 1, found 1", "number"),
        ("split: {ratio: 1.5}", "split.ratio: .*less than 1, found 1.5", "number"),
        ("split: {ratio: .nan}", "split.ratio", "number"),
        ("split: 3", "split: .*found 3", "README"),
        ("provider: acme", "provider: .*found 'acme'", "openai, anthropic, google, mistral, llama"),
        ("mode: [create]", "mode: ", "create, identify, hybrid, free"),
        ("system: {timeout: 0}", "system.timeout", "seconds"),
        ("system: {max_retries: -1}", "system.max_retries", "whole number"),
        ("agent: {identify: {min_turns: 1}}", "agent.identify.min_turns", "whole number"),
        ("agent: {hybrid: {generation_ratio: 2}}", "agent.hybrid.generation_ratio", "number"),
        ("input: {files: [1]}", "input.files", "list of texts"),
        ("a: [", "line 1, column 5: not valid YAML", "Mend"),
        ("\tprovider: google", "not valid YAML", "Mend"),
        ("mode: create\nmode: free", "line 2: 'mode' is given twice .first in line 1.", "Delete one"),
        ("- a\n- b", "must hold 'key: value' lines", "shipped config.yaml"),
        ("provider: !!python/object:os.system x", "not valid YAML", "Mend"),
    ],
)
def test_mistakes_name_key_line_and_what_is_allowed(config_file: Path, text: str, message: str, fix: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load(config_file, text)
    assert fix in caught.value.fix


def test_file_that_is_not_utf8_is_named(config_file: Path) -> None:
    config_file.write_bytes(b"provider: \xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(config_file)


def test_file_that_is_far_too_large_is_refused(config_file: Path) -> None:
    config_file.write_text("# x\n" * 300_000, encoding="utf-8")
    with pytest.raises(ConfigError, match="larger than 1 MB"):
        load_config(config_file)


def test_folder_in_place_of_the_file_is_an_error(config_file: Path) -> None:
    config_file.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(config_file)


def test_byte_order_mark_is_accepted(config_file: Path) -> None:
    config_file.write_bytes(b"\xef\xbb\xbfdataset_size: 7\n")
    assert load_config(config_file).dataset_size == 7


def test_set_beats_environment_beats_file(config_file: Path) -> None:
    config_file.write_text("system: {agentic_llm: openai, seed: 1}\ndataset_size: 5\n", encoding="utf-8")
    environment = {"system.agentic_llm": "mistral", "endpoints.mistral": "http://127.0.0.1:1"}
    config = load_config(config_file, ["system.agentic_llm=local", "system.seed=9"], environment=environment)
    assert config.system.agentic_llm == "local"
    assert config.system.seed == 9
    assert config.endpoints.mistral == "http://127.0.0.1:1"
    assert config.dataset_size == 5


def test_mistakes_in_overrides_and_environment_name_their_origin(config_file: Path) -> None:
    with pytest.raises(ConfigError, match="--set: dataset_size"):
        load_config(config_file, ["dataset_size=lots"])
    with pytest.raises(ConfigError, match="environment: system.agentic_llm"):
        load_config(config_file, environment={"system.agentic_llm": "skynet"})
    with pytest.raises(ConfigError, match="no '='"):
        load_config(config_file, ["dataset_size"])
    with pytest.raises(ConfigError, match="unknown key 'sizes'"):
        load_config(config_file, ["sizes=1"])
    with pytest.raises(ConfigError, match="must hold further keys"):
        load_config(config_file, ["mode=free", "mode.x=1"])
    with pytest.raises(ConfigError, match="cannot read the value"):
        load_config(config_file, ["dataset_size=["])


def test_text_keys_take_any_text_from_the_command_line(config_file: Path) -> None:
    assert load_config(config_file, ["output_name=2024"]).output_name == "2024"
    assert load_config(config_file, ["model=yes"]).model == "yes"


@pytest.mark.parametrize(
    "name",
    [
        "a/b",
        "..",
        "a..b",
        "a\0b",
        "CON",
        "nul.txt",
        "com1",
        "x" * 300,
        "party🎉",
        "",
        " x",
        ".hidden",
        "-rf",
        "a:b",
        "x.",
        "pots@1",
    ],
)
def test_output_names_that_would_break_somewhere_are_refused(config_file: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="output_name"):
        with_values(RunConfig(), {"output_name": name})


@pytest.mark.parametrize("name", ["my_dataset", "2026-11 run", "données", "数据集", "a.b", "ann@home", "@2 sale"])
def test_ordinary_output_names_are_accepted(name: str) -> None:
    assert with_values(RunConfig(), {"output_name": name}).output_name == name


def test_check_value_gives_the_typed_value_or_says_why_not() -> None:
    assert check_value("split.ratio", "0.9") == 0.9
    assert check_value("split.enabled", "false") is False
    assert check_value("input.files", "[a.txt]") == ("a.txt",)
    with pytest.raises(ConfigError, match="split.ratio"):
        check_value("split.ratio", "two")


def test_every_key_has_a_meaning_and_can_be_read() -> None:
    keys = config_keys()
    assert len({key.name for key in keys}) == len(keys)
    for key in keys:
        assert key.description
        assert read_key(RunConfig(), key.name) == key.default


@given(st.text(max_size=60))
def test_any_text_is_a_configuration_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        load_config(path)
    except ConfigError as error:
        assert error.fix


def test_value_from_the_environment_is_never_shown_for_it_may_be_a_key(config_file: Path) -> None:
    environment = {"system.agentic_llm": "sk-very-secret"}
    with pytest.raises(ConfigError, match=r"^\.env or the environment: system\.agentic_llm") as caught:
        load_config(config_file, environment=environment)
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.fix  # the traceback goes to the log
    assert "sk-very-secret" not in shown


@pytest.mark.parametrize(
    ("text", "said"), [("split: 3\n", "further keys"), ("input:\n  files: a.txt\n", "Input should be a list")]
)
def test_wrong_kinds_are_named_in_plain_words(config_file: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(config_file, text)


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("agent.create.temperature", "9", "Allowed: number, 0 or more and at most 2 ("),
        ("split.ratio", "1", "Allowed: number, above 0 and below 1 ("),
        ("dataset_size", "0", "Allowed: whole number, 1 or more ("),
        ("split.enabled", "maybe", "Allowed: true or false ("),
    ],
)
def test_fix_of_a_wrong_value_names_the_range(key: str, value: str, allowed: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_value(key, value)
    assert caught.value.fix.startswith(allowed)


def test_refusal_of_an_output_name_says_what_to_leave_out_and_no_rule_that_does_not_hold(config_file: Path) -> None:
    with pytest.raises(ConfigError, match="holds ':', which not every system takes") as caught:
        with_values(RunConfig(), {"output_name": "a b:c"})
    assert "letters, digits" not in str(caught.value)
