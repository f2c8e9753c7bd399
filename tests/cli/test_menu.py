"""The menu: drawn as it should be, every item reachable, every exit polite, no error its end."""

from __future__ import annotations

import io
from importlib import import_module
from inspect import isfunction

import pytest

from src.cli.menu import BUILDER, MENU, numbers_of, parse_pick, run_menu
from src.cli.menu_item import Item
from src.cli.prompts import AnswerError, Prompter
from src.cli.session import Session
from src.core.workspace import Workspace
from tests.cli.driver import ROOT, add_documents, dataset_with, make_session, screen_of, type_into_menu

DRAWN = """=== Fine-Tuning Dataset Builder ===

1. Configure Dataset
   - Select LLM Provider
   - Select Model
   - Select Generation Mode
   - Set Dataset Size
   - Configure Train/Val Split

2. Generate Dataset
   - Process Input Files
   - Run Selected Agent
   - Validate Output
   - Save Dataset

3. View Dataset Statistics
   - Token counts
   - Sample distribution
   - Source breakdown

4. Export Dataset
   - Export JSONL
   - Export CSV metadata

5. Settings
   - Edit config.yaml
   - View current configuration

6. Exit
"""
MODELS_AND_JOBS = """
11. Models and Jobs
   - Models to train, with limits and prices
   - Compare training costs
   - Convert a training file
   - Launch a fine-tuning job
   - Show jobs
   - Follow a job
   - Cancel a job
"""
IDENTIFY = ("mode=identify",)


def test_menu_is_drawn_as_designed(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "6")
    assert screen.startswith(DRAWN)
    assert MODELS_AND_JOBS in screen


@pytest.mark.parametrize("answer", ["6", "q", "exit", "6."])
def test_exit_says_goodbye(workspace: Workspace, answer: str) -> None:
    assert type_into_menu(workspace, answer, "never read").endswith("Goodbye.\n")


def test_end_of_input_leaves_politely_also_in_the_middle_of_a_question(workspace: Workspace) -> None:
    assert type_into_menu(workspace).endswith("End of input: goodbye.\n")
    assert type_into_menu(workspace, "1", "", "").endswith("End of input: goodbye.\n")


def test_ctrl_c_goes_through_to_the_caller(workspace: Workspace) -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_menu(make_session(workspace), Interrupted())


def test_wrong_picks_are_named_and_asked_again(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "99", "x", "2.9", "6.1", "-1", "1.2.3", "z" * 90, "6")
    for reason in (
        f"There is no 99: type {numbers_of(MENU)}.",
        "'x' is not in the menu",
        "There is no 2.9: Generate Dataset has the parts 2.1 to 2.4.",
        "There is no 6.1: Exit has no parts.",
        "'-1' is not in the menu",
        "'1.2.3' is not in the menu",
        "z...' is not in the menu",
    ):
        assert reason in screen
    assert screen.endswith("Goodbye.\n")


@pytest.mark.parametrize("answer", ["", "m", "b"])
def test_menu_can_be_shown_again(workspace: Workspace, answer: str) -> None:
    assert type_into_menu(workspace, answer, "6").count("=== Fine-Tuning") == 2


def test_submenu_lists_the_parts_and_all_of_them(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "2.", "b", "2.", "3", "6")
    assert "  4. Save Dataset\n  5. All of them, in this order\n" in screen
    assert "There are no samples to validate yet." in screen


def test_items_without_a_whole_ask_for_the_part(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "5", "2", "4", "b", "6")
    assert "Current configuration" in screen
    assert "  2. Export CSV metadata" in screen


def test_further_entries_come_from_the_table(workspace: Workspace) -> None:
    done: list[str] = []
    session = make_session(workspace)
    menu = (*BUILDER, Item(7, "Remember", (("A thing", "tests.cli.test_menu:remember"),)))
    session.overrides = ("output_name=kept",)
    run_menu(session, io.StringIO("7.1\n6\n"), menu)
    done.append(screen_of(session))
    assert "remembered ('output_name=kept',)" in done[0]
    assert "7. Remember\n   - A thing" in done[0]
    assert "Pick 1-7, or a part" in done[0]


def remember(session: Session, _prompter: Prompter) -> None:
    session.console.say(f"remembered {session.overrides}")


def test_numbers_of_the_entries_are_told_in_runs() -> None:
    items = {number: Item(number, "x") for number in range(1, 12)}
    assert numbers_of([items[1]]) == "1"
    assert numbers_of([items[1], items[2], items[7]]) == "1-2 or 7"
    assert numbers_of([items[1], items[2], items[4], items[9], items[10]]) == "1-2, 4 or 9-10"


def test_every_part_of_every_entry_can_be_loaded() -> None:
    for item in MENU:
        for target in (*(target for _, target in item.parts), item.whole):
            module, _, name = target.partition(":")
            assert not target or callable(getattr(import_module(module), name))


def test_every_screen_is_in_the_menu() -> None:
    targets = {target for item in MENU for target in (*(target for _, target in item.parts), item.whole) if target}
    screens = {
        f"{module.__name__}:{name}"
        for module in map(import_module, {target.partition(":")[0] for target in targets} | _screen_modules())
        for name, screen in vars(module).items()
        if isfunction(screen)
        and screen.__module__ == module.__name__
        and not name.startswith("_")
        and list(screen.__annotations__.values()) == ["Session", "Prompter", "None"]
    }
    assert screens == targets


def _screen_modules() -> set[str]:
    return {f"src.cli.menus.{path.stem}" for path in (ROOT / "src" / "cli" / "menus").glob("[a-z]*.py")}


def test_models_and_costs_are_shown(workspace: Workspace) -> None:
    dataset_with(workspace)
    screen = type_into_menu(workspace, "11.1", "anthropic", "11.1", "", "11.2", "none", "200", "1", "6")
    assert screen.count("Anthropic: models to train") == 2
    assert "Mistral: models to train" in screen
    assert "200 is not possible: type 1 to 100." in screen
    assert "6 training rows, 1 more for validation; 1 epoch\n" in screen
    assert "fix: Make one with menu 2." in type_into_menu(Workspace(workspace.root / "empty"), "11.2", "6")


def test_a_training_file_is_converted_and_losses_are_asked_about(workspace: Workspace) -> None:
    name = dataset_with(workspace)
    screen = type_into_menu(workspace, "11.3", "", f"output_datasets/{name}_train.jsonl", "sharegpt", "b", "6")
    source = str(workspace.output_datasets / f"{name}_train.jsonl")
    screen = type_into_menu(workspace, "11.3", source, "sharegpt", "", "6")
    written = workspace.output_datasets / f"{name}_train_sharegpt.jsonl"
    assert f"Written: {written}" in screen
    assert written.read_text(encoding="utf-8").count('"conversations"') == 6
    lossy = type_into_menu(workspace, "11.3", source, "together-prompt-completion", "", "n", "6")
    assert ("Nothing was written." in lossy) == ("Write it all the same" in lossy)


def test_pick_is_a_number_a_part_or_a_list() -> None:
    assert parse_pick(" 2 ", MENU) == (2, 0)
    assert parse_pick("2.3", MENU) == (2, 3)
    assert parse_pick("2.", MENU) == (2, -1)
    with pytest.raises(AnswerError):
        parse_pick("2.0", MENU)


def test_steps_out_of_order_say_what_is_missing(workspace: Workspace) -> None:
    add_documents(workspace)
    screen = type_into_menu(
        workspace, "2.4", "2.3", "2.2", "2.1", "2.3", "2.4", "3", "4.1", "4.2", "6", overrides=IDENTIFY
    )
    assert "fix: Pick 2.2 and then 2.3 first" in screen
    assert screen.count("There are no samples to validate yet.") == 2
    assert "No input files have been read yet." in screen
    assert screen.count("There is no dataset yet.") == 3


def test_each_step_of_menu_2_alone_keeps_what_the_former_made(workspace: Workspace) -> None:
    add_documents(workspace)
    screen = type_into_menu(workspace, "2.1", "2.2", "2.3", "2.4", "2.4", "6", overrides=IDENTIFY)
    assert "lighthouse_chat.txt" in screen
    assert "2 files read." in screen
    assert "samples proposed" in screen
    assert "samples ready to be saved." in screen
    assert "Saved: " in screen
    assert "By source" in screen
    assert "By keyword" in screen
    assert "Three samples" in screen
    assert (workspace.output_datasets / "my_dataset_train.jsonl").exists()
    assert screen.rindex("There are no validated samples to save.") > screen.index("Saved: ")


def test_menu_2_runs_all_four_steps(workspace: Workspace) -> None:
    add_documents(workspace)
    screen = type_into_menu(workspace, "2", "2", "6", overrides=IDENTIFY)
    places = [screen.index(title) for title in ("2.1 Process", "2.2 Run", "2.3 Validate", "2.4 Save", "Saved: ")]
    assert places == sorted(places)
    assert (workspace.output_datasets / "my_dataset_train.jsonl").exists()
    assert (workspace.output_datasets / "my_dataset-2_train.jsonl").exists()


@pytest.mark.parametrize("mode", ["identify", "hybrid"])
def test_what_was_found_in_each_document_is_shown_before_saving(workspace: Workspace, mode: str) -> None:
    add_documents(workspace)
    (workspace.root / "input_files" / "notes.txt").write_text("The tower was painted in May.\n", encoding="utf-8")
    screen = type_into_menu(workspace, "2.1", "2.2", "6", overrides=(f"mode={mode}", "dataset_size=2"))
    shown = screen[screen.index("Conversations in the documents") :]
    rows = {line.split()[0]: line.split()[1:] for line in shown.splitlines() if line.count("  ") > 1}
    assert rows["source"] == ["style", "found", "conversations", "turns"]
    assert rows["lighthouse_chat.txt"] == ["labelled", "dialogue", "1", "4"]
    assert rows["museum_faq.csv"] == ["table", "of", "questions", "6", "12"]
    assert rows["notes.txt"] == ["none", "0", "0"]
    assert shown.index("museum_faq.csv") < shown.index("proposed, ")


def test_no_conversations_are_shown_where_none_are_taken_over(workspace: Workspace) -> None:
    add_documents(workspace)
    screen = type_into_menu(workspace, "2.1", "2.2", "6", overrides=("mode=create", "dataset_size=2"))
    assert "proposed, " in screen
    assert "Conversations in the documents" not in screen


def test_one_of_a_thing_is_named_as_one(workspace: Workspace) -> None:
    (workspace.root / "input_files" / "short.txt").write_text("User: Is it far?\nAssistant: No.\n", encoding="utf-8")
    screen = type_into_menu(workspace, "2", "6", overrides=IDENTIFY)
    for said in ("1 file read.", "1 sample proposed", "1 sample ready to be saved.", "Saved: 1 sample in "):
        assert said in screen


def test_changed_settings_make_a_draft_stale_but_not_the_split(workspace: Workspace) -> None:
    add_documents(workspace)
    size = ("5.1", "dataset_size", "3", "y", "")
    ratio = ("5.1", "split.ratio", "0.7", "y", "")
    mode = ("1.3", "2", "y")
    screen = type_into_menu(workspace, *mode, "2.1", "2.2", *size, "2.3", "2.2", "2.3", *ratio, "2.4", "6")
    assert screen.count("The settings have changed since the agent ran.") == 1
    assert "Saved: 3 samples" in screen


def test_changed_input_settings_ask_for_another_reading(workspace: Workspace) -> None:
    add_documents(workspace)
    change = ("5.1", "input.files", "[museum_faq.csv]", "y", "")
    screen = type_into_menu(workspace, "1.3", "2", "y", "2.1", *change, "2.2", "6")
    assert "The input settings have changed since the files were read." in screen


def test_each_warning_is_told_once(workspace: Workspace) -> None:
    add_documents(workspace)
    screen = type_into_menu(workspace, "2", "6", overrides=IDENTIFY)
    warnings = [line for line in screen.splitlines() if line.startswith("warning: ")]
    assert any("recommended" in warning for warning in warnings)
    assert len(warnings) == len(set(warnings))


def test_samples_whose_files_could_not_be_written_are_not_stored_twice(workspace: Workspace) -> None:
    add_documents(workspace)
    in_the_way = workspace.output_datasets / "my_dataset_train.jsonl.part"
    in_the_way.mkdir(parents=True)
    screen = type_into_menu(workspace, "2", "2.4", "2.4", "6", overrides=IDENTIFY)
    assert "my_dataset_train.jsonl cannot be written" in screen
    assert "Dataset my_dataset is stored already.\nfix: Write its files with menu 4." in screen
    assert "There are no validated samples to save." in screen
    in_the_way.rmdir()
    assert "Written: output_datasets/my_dataset_train.jsonl" in type_into_menu(workspace, "4.1", "6")


def test_missing_config_is_told_once(workspace: Workspace) -> None:
    add_documents(workspace)
    workspace.config_file.unlink()
    screen = type_into_menu(workspace, "2.1", "2.1", "5.2", "6")
    assert screen.count("There is no config.yaml: the defaults count.") == 1


def test_empty_input_folder_is_an_error_and_the_menu_goes_on(workspace: Workspace) -> None:
    screen = type_into_menu(workspace, "2", "6")
    assert "error: " in screen
    assert "fix: " in screen
    assert screen.endswith("Goodbye.\n")


def test_menu_3_shows_all_screens_or_one(workspace: Workspace) -> None:
    dataset_with(workspace)
    screen = type_into_menu(workspace, "3", "6")
    for title in ("Token counts", "Samples by tokens", "By side", "By origin", "By first keyword", "Source breakdown"):
        assert title in screen[len(DRAWN) :]
    assert "By side" not in type_into_menu(workspace, "3.1", "6")
    assert "By side" in type_into_menu(workspace, "3.2", "6")
    assert "Tokens by source" in type_into_menu(workspace, "3.3", "6")


def test_menu_3_and_4_ask_which_dataset_when_there_are_several(workspace: Workspace) -> None:
    dataset_with(workspace)
    dataset_with(workspace, output_name="second", dataset_size=4)
    screen = type_into_menu(workspace, "3.1", "2", "4.1", "1", "6")
    assert "Dataset my_dataset" in screen
    assert "Which dataset (1-2, b = back) [1]: 2" in screen
    assert "finished" not in screen
    assert "Written: output_datasets/second_train.jsonl" in screen


def test_menu_4_writes_jsonl_and_csv_again(workspace: Workspace) -> None:
    dataset_with(workspace)
    before = {path.name: path.read_bytes() for path in workspace.output_datasets.iterdir()}
    for path in workspace.output_datasets.iterdir():
        path.unlink()
    type_into_menu(workspace, "4.1", "6")
    assert (workspace.output_datasets / "my_dataset_train.jsonl").read_bytes() == before["my_dataset_train.jsonl"]
    assert not (workspace.output_datasets / "my_dataset.csv").exists()
    type_into_menu(workspace, "4.2", "6")
    assert (workspace.output_datasets / "my_dataset.csv").read_bytes() == before["my_dataset.csv"]


def test_a_damaged_database_is_reported_and_the_menu_goes_on(workspace: Workspace) -> None:
    workspace.memory.mkdir()
    workspace.database.write_bytes(b"not a database at all" * 100)
    screen = type_into_menu(workspace, "3", "6")
    assert "error: " in screen
    assert "datasets backups" in screen
    assert screen.endswith("Goodbye.\n")
