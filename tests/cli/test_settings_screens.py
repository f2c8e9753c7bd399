"""Menu 5: one key after another, checked before it is saved; and where every value comes from."""

from __future__ import annotations

import io
import re

import pytest

from src.cli.menu import run_menu
from src.core.config import config_keys, load_config
from src.core.workspace import Workspace
from tests.cli.driver import make_session, screen_of, type_into_menu


def test_key_is_picked_by_number_or_name_and_saved_after_a_preview(workspace: Workspace) -> None:
    number = [key.name for key in config_keys()].index("system.seed") + 1
    screen = type_into_menu(workspace, "5.1", str(number), "7", "y", "output_name", "tower", "", "", "6")
    assert "system.seed: 42 -> 7" in screen
    assert "output_name: my_dataset -> tower" in screen
    config = load_config(workspace.config_file)
    assert (config.system.seed, config.output_name) == (7, "tower")


def test_list_shows_every_key_with_its_value(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "5.1", "b", "6")
    for number, key in enumerate(config_keys(), start=1):
        assert f"{number:>3}. {key.name.rpartition('.')[2]} " in screen
    assert all(len(line) <= 80 for line in screen.splitlines())


@pytest.mark.parametrize(
    ("key", "typed", "reason"),
    [
        ("dataset_size", "0", "greater than or equal to 1"),
        ("dataset_size", "many", "valid integer"),
        ("split.ratio", "1.5", "less than 1"),
        ("mode", "magic", "create"),
        ("output_name", "../escape", "holds"),
        ("output_name", "con", "reserved on Windows"),
        ("split.enabled", "perhaps", "boolean"),
    ],
)
def test_wrong_value_is_refused_with_what_is_allowed(workspace: Workspace, key: str, typed: str, reason: str) -> None:
    before = workspace.config_file.read_bytes()
    screen = type_into_menu(workspace, "5.1", key, typed, "b", "", "6")
    assert reason in screen
    assert "fix: " in screen
    assert screen.count(f"New value for {key} ") == 2  # the value is asked again, not the key
    assert workspace.config_file.read_bytes() == before


def test_keys_stand_on_one_line_each_in_a_narrow_terminal(workspace: Workspace) -> None:
    session = make_session(workspace, width=40)
    run_menu(session, io.StringIO("5.1\nb\n6\n"))
    lines = screen_of(session).splitlines()
    start = lines.index("Settings in config.yaml")
    keys = [line for line in lines[start:] if re.match(r" {0,2}[0-9]+[.] ", line)]
    assert len(keys) == len(config_keys())
    assert keys[2].split() == ["3.", "mode", "hybrid"]
    assert all(len(line) <= 40 for line in keys)


def test_no_keeps_the_file_and_the_same_value_needs_no_saving(workspace: Workspace) -> None:
    before = workspace.config_file.read_bytes()
    screen = type_into_menu(workspace, "5.1", "mode", "free", "n", "mode", "", "nonsense", "99", "", "6")
    assert "Not saved." in screen
    assert "mode is hybrid already." in screen
    assert "'nonsense' is not a number" in screen
    assert "There is no 99" in screen
    assert workspace.config_file.read_bytes() == before


def test_b_goes_back_to_the_keys_and_from_there_to_the_menu(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "5.1", "mode", "b", "mode", "free", "b", "b", "6")
    assert screen.count("Which key (") == 3
    assert screen.count("Back to the menu.") == 1
    assert load_config(workspace.config_file).mode == "hybrid"


def test_what_another_editor_wrote_meanwhile_is_kept(workspace: Workspace) -> None:
    class Meanwhile(io.StringIO):
        """Another program writes the file while the person is asked whether to save."""

        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
            line = super().readline(size)
            if line == "y\n":
                text = workspace.config_file.read_text(encoding="utf-8")
                edited = text.replace("dataset_size: 24", "dataset_size: 31")
                workspace.config_file.write_text(edited, encoding="utf-8")
            return line

    run_menu(make_session(workspace), Meanwhile("5.1\nmode\nfree\ny\nb\n6\n"))
    config = load_config(workspace.config_file)
    assert (config.mode, config.dataset_size) == ("free", 31)


def test_text_can_be_emptied_with_quotes(workspace: Workspace) -> None:
    type_into_menu(workspace, "5.1", "endpoints.llama", '""', "y", "", "6")
    assert load_config(workspace.config_file).endpoints.llama == ""


def test_missing_file_is_made_when_the_first_change_is_saved(workspace: Workspace) -> None:
    workspace.config_file.unlink()
    screen = type_into_menu(workspace, "5.1", "b", "6")
    assert "There is no config.yaml yet" in screen
    assert not workspace.config_file.exists()
    type_into_menu(workspace, "5.1", "dataset_size", "9", "y", "", "6")
    assert load_config(workspace.config_file).dataset_size == 9


def test_wrong_value_in_the_file_can_be_mended(workspace: Workspace) -> None:
    workspace.config_file.write_text("dataset_size: many  # oh\nmode: create\nsplit: 5\n", encoding="utf-8")
    screen = type_into_menu(workspace, "5.1", "n", "dataset_size", "12", "y", "split.ratio", "0.7", "y", "", "5.2", "6")
    assert "dataset_size: many -> 12" in screen
    assert load_config(workspace.config_file).split.ratio == 0.7
    assert "dataset_size: 12  # oh\n" in workspace.config_file.read_text(encoding="utf-8")
    assert "Current configuration" in screen


def test_unknown_key_can_be_taken_out(workspace: Workspace) -> None:
    workspace.config_file.write_text("mode: create\nmood: sad\n", encoding="utf-8")
    screen = type_into_menu(workspace, "5.2", "5.1", "y", "b", "6")
    assert "unknown key 'mood'" in screen
    assert "'mood' is no setting of this program." in screen
    assert workspace.config_file.read_text(encoding="utf-8") == "mode: create\n"


def test_unknown_key_may_stay(workspace: Workspace) -> None:
    workspace.config_file.write_text("mode: create\nmood: sad\n", encoding="utf-8")
    type_into_menu(workspace, "5.1", "n", "b", "6")
    assert "mood: sad" in workspace.config_file.read_text(encoding="utf-8")


def test_file_that_is_no_yaml_can_be_replaced_and_is_kept(workspace: Workspace) -> None:
    workspace.config_file.write_text("mode: [create\n", encoding="utf-8")
    screen = type_into_menu(workspace, "5.1", "n", "5.1", "y", "b", "6")
    assert "not valid YAML" in screen
    assert workspace.config_file.with_name("config.yaml.broken-1").read_text(encoding="utf-8") == "mode: [create\n"
    assert load_config(workspace.config_file).mode == "hybrid"


def test_view_names_the_origin_of_every_value(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.config_file.write_text("mode: create\nsystem:\n  seed: 3\n", encoding="utf-8")
    workspace.env_file.write_text("AGENT_PROVIDER=google\nGOOGLE_API_KEY=abcdefgh12345678\n", encoding="utf-8")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    screen = type_into_menu(workspace, "5.2", "6", overrides=("dataset_size=5",))
    found = {
        line.split()[0]: line.split()[-1] for line in screen.splitlines() if line.count("  ") and len(line.split()) >= 3
    }
    assert found["mode"] == "config.yaml"
    assert found["system.seed"] == "config.yaml"
    assert found["system.agentic_llm"] == ".env"
    assert found["endpoints.openai"] == "environment"
    assert found["dataset_size"] == "--set"
    assert found["output_name"] == "default"
    assert "Keys found for: google" in screen
    assert "abcdefgh12345678" not in screen


def test_value_that_something_stronger_sets_is_warned_about(workspace: Workspace) -> None:
    workspace.env_file.write_text("AGENT_PROVIDER=google\n", encoding="utf-8")
    screen = type_into_menu(workspace, "5.1", "system.agentic_llm", "local", "y", "", "6")
    assert "system.agentic_llm is also set by .env, which wins over config.yaml." in screen


def test_broken_env_line_is_reported_by_number_without_its_value(workspace: Workspace) -> None:
    workspace.env_file.write_text("OPENAI_API_KEY=good\nthis is secret-value-123\n", encoding="utf-8")
    screen = type_into_menu(workspace, "5.2", "6")
    assert ".env line 2" in screen
    assert "secret-value-123" not in screen
