"""Menu 1: every step shows what is needed to decide, and only the end saves."""

from __future__ import annotations

import pytest

from src.core.config import load_config
from src.core.workspace import Workspace
from src.providers.lookup import provider_spec
from tests.cli.driver import add_documents, dataset_with, type_into_menu


def test_walk_through_all_steps_is_saved(workspace: Workspace) -> None:
    add_documents(workspace)
    before = workspace.config_file.read_text(encoding="utf-8")
    screen = type_into_menu(workspace, "1", "1", "2", "1", "50", "y", "4", "85-15", "2", "2", "y", "6")
    config = load_config(workspace.config_file)
    assert (config.provider, config.model) == ("openai", provider_spec("openai").models[1].id)
    assert (config.mode, config.dataset_size) == ("create", 50)
    assert config.split.model_dump() == {
        "enabled": True,
        "ratio": 0.85,
        "strategy": "weighted",
        "weight_by": "keywords",
        "leakage_safe": True,
        "leak_threshold": 0.5,
    }
    assert "(was google)" in screen
    assert "Saved in config.yaml." in screen
    after = workspace.config_file.read_text(encoding="utf-8")
    changed = [line for line, other in zip(before.splitlines(), after.splitlines(), strict=True) if line != other]
    assert len(changed) == 6  # ratio, provider, model, mode, size, weight_by: comments and the rest are untouched


def test_nothing_is_saved_without_the_last_yes(workspace: Workspace) -> None:
    before = workspace.config_file.read_bytes()
    screen = type_into_menu(workspace, "1", "1", "1", "1", "50", "n", "n", "6")
    assert workspace.config_file.read_bytes() == before
    assert "Not saved." in screen


def test_b_goes_one_step_back_and_at_the_first_step_to_the_menu(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1", "1", "b", "3", "1", "b", "b", "b", "6")
    assert screen.count("Provider that will train") == 3
    assert screen.count("Model of OpenAI") == 1
    assert "Back to the menu." in screen


def test_b_goes_one_question_back_inside_the_split_and_from_the_last_yes(workspace: Workspace) -> None:
    split = ("y", "1", "2", "b", "2", "2", "b", "1")  # back from the weight to the strategy, from saving to the weight
    screen = type_into_menu(workspace, "1.5", *split, "y", "6")
    assert screen.count("Divide into training") == 1
    assert screen.count("Strategy (") == 2
    assert screen.count("Weighted by (") == 3
    assert screen.count("Your choices") == 2
    found = load_config(workspace.config_file).split
    assert (found.ratio, found.strategy, found.weight_by) == (0.9, "weighted", "source")


def test_b_leaves_out_questions_that_were_not_asked(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.5", "n", "b", "y", "1", "random", "y", "6")
    assert screen.count("Divide into training") == 2
    assert load_config(workspace.config_file).split.strategy == "random"


def test_b_at_the_custom_ratio_shows_the_ratios_again(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.5", "y", "custom", "b", "70-30", "1", "y", "6")
    assert screen.count("4. custom") == 2
    assert load_config(workspace.config_file).split.ratio == 0.7


def test_names_can_be_typed_instead_of_numbers(workspace: Workspace) -> None:
    model = provider_spec("mistral").models[1].id
    type_into_menu(
        workspace, "1", "Mistral", model, "identify", "1,000", "y", "90-10", "weighted", "keywords", "y", "6"
    )
    config = load_config(workspace.config_file)
    assert (config.provider, config.model, config.mode, config.dataset_size) == ("mistral", model, "identify", 1000)
    assert (config.split.ratio, config.split.weight_by) == (0.9, "keywords")


def test_provider_list_shows_who_has_a_key(workspace: Workspace) -> None:
    workspace.env_file.write_text("MISTRAL_API_KEY=abcdefgh12345678\n", encoding="utf-8")
    screen = type_into_menu(workspace, "1.1", "b", "6")
    assert "no OPENAI_API_KEY" in screen
    assert next(line for line in screen.splitlines() if "Mistral" in line).count("  found") == 1
    assert "abcdefgh12345678" not in screen


def test_other_provider_asks_for_one_of_its_models(workspace: Workspace) -> None:
    type_into_menu(workspace, "1.1", "4", "3", "y", "6")
    config = load_config(workspace.config_file)
    assert config.provider == "mistral"
    assert config.model == provider_spec("mistral").models[2].id


def test_same_provider_keeps_its_model(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.1", "", "y", "6")
    assert "Model of" not in screen
    assert load_config(workspace.config_file).model == "gemini-3.5-flash-lite"


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google", "mistral", "llama"])
def test_model_table_names_status_and_replacement_within_80_columns(workspace: Workspace, provider: str) -> None:
    model = provider_spec(provider).models[0].id
    screen = type_into_menu(workspace, "1.2", "b", "6", overrides=(f"provider={provider}", f"model={model}"))
    flat = " ".join(screen.split())
    for entry in provider_spec(provider).models:
        assert entry.id in flat
        if entry.status == "retired":
            assert "retired: format only" in screen
        if entry.replacement:
            assert f"instead: {entry.replacement}" in flat
    assert all(len(line) <= 80 for line in screen.splitlines())


def test_model_that_the_provider_does_not_have_can_be_replaced(workspace: Workspace) -> None:
    type_into_menu(workspace, "1.2", "1", "y", "6", overrides=("model=gone",))
    assert load_config(workspace.config_file).model == provider_spec("google").models[0].id


def test_four_modes_are_described(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.3", "4", "y", "6")
    for line in ("1. create ", "2. identify ", "3. hybrid ", "4. free "):
        assert line in screen
    assert load_config(workspace.config_file).mode == "free"


def test_size_is_asked_until_it_can_be_one(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.4", "0", "-1", "many", "1.5", "40", "y", "6")
    for reason in ("0 is too small", "-1 is too small", "'many' is not a number", "'1.5' is not a whole number"):
        assert reason in screen
    assert load_config(workspace.config_file).dataset_size == 40


def test_size_beyond_the_limit_is_cut_with_two_lines(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.4", "1000000000", "n", "500", "y", "6")
    assert (
        "Desired size (1,000,000,000) exceeds the limit of google gemini-3.5-flash-lite (10,000,000 samples)." in screen
    )
    assert "Using maximum: 10,000,000 samples." in screen
    assert "10,000,000 samples are very many" in screen
    assert load_config(workspace.config_file).dataset_size == 500


def test_huge_size_can_be_meant(workspace: Workspace) -> None:
    type_into_menu(workspace, "1.4", "200000", "y", "y", "6")
    assert load_config(workspace.config_file).dataset_size == 200_000


def test_split_can_be_switched_off_first(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.5", "n", "y", "6")
    assert "Ratio" not in screen
    assert not load_config(workspace.config_file).split.enabled


@pytest.mark.parametrize(("answer", "ratio"), [("1", 0.9), ("2", 0.8), ("3", 0.7)])
def test_split_offers_the_usual_ratios(workspace: Workspace, answer: str, ratio: float) -> None:
    type_into_menu(workspace, "1.5", "y", answer, "1", "y", "6")
    split = load_config(workspace.config_file).split
    assert (split.ratio, split.strategy) == (ratio, "random")


def test_other_ratios_are_asked_until_they_can_be_one(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.5", "y", "4", "0", "1", "1.5", "half", "0.75", "2", "1", "y", "6")
    for reason in ("nothing for training", "nothing for validation", "outside of 0 to 1", "is not a ratio"):
        assert reason in screen
    assert load_config(workspace.config_file).split.ratio == 0.75


def test_split_shows_the_distribution_of_the_input_files_while_there_is_no_dataset(workspace: Workspace) -> None:
    add_documents(workspace)
    screen = type_into_menu(workspace, "1.5", "y", "b", "6")
    assert "No dataset yet; the input files hold" in screen
    assert "museum_faq.csv" in screen
    assert "By keyword" in screen


def test_split_shows_the_distribution_of_the_latest_dataset(workspace: Workspace) -> None:
    dataset_with(workspace)
    screen = type_into_menu(workspace, "1.5", "y", "b", "6")
    assert "The latest dataset, my_dataset: 7 samples" in screen
    assert "museum_faq.csv" in screen


def test_split_goes_on_when_there_is_nothing_to_show(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.5", "y", "1", "1", "y", "6")
    assert "No distribution to show yet: " in screen
    assert "Put PDF" in screen
    assert "Saved in config.yaml." in screen


def test_setting_that_is_also_given_on_the_command_line_is_said(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "1.3", "1", "y", "6", overrides=("mode=free",))
    assert "mode is also set by --set, which wins over config.yaml." in screen


def test_broken_keys_are_not_mended_in_config(workspace: Workspace) -> None:
    workspace.env_file.write_text("not a pair\n", encoding="utf-8")
    screen = type_into_menu(workspace, "1", "6")
    assert ".env line 1" in screen
    assert "Menu 5.1" not in screen


def test_broken_config_is_reported_with_the_way_to_mend_it(workspace: Workspace) -> None:
    workspace.config_file.write_text("dataset_size: many\n", encoding="utf-8")
    screen = type_into_menu(workspace, "1", "6")
    assert "config.yaml line 1: dataset_size" in screen
    assert "Menu 5.1" in screen
    assert workspace.config_file.read_text(encoding="utf-8") == "dataset_size: many\n"


def test_size_below_what_the_model_takes_is_asked_about(workspace: Workspace) -> None:
    model = ("provider=openai", "model=gpt-4.1-mini-2025-04-14")
    screen = type_into_menu(workspace, "1.4", "2", "n", "12", "y", "6", overrides=model)
    assert "does not train on fewer than 10 samples" in screen
    assert load_config(workspace.config_file).dataset_size == 12
    type_into_menu(workspace, "1.4", "2", "y", "y", "6", overrides=model)
    assert load_config(workspace.config_file).dataset_size == 2
