"""The mix of tasks: what the user names, or what variety and the training format allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.generation.planning.axes import AXES, read_axes
from src.generation.planning.tasks import TASKS, resolve_mix
from src.generation.task_prompts import all_prompt_text, task_prompt_name
from tests.generation.planning.passages import PROMPTS


def test_without_a_mix_high_variety_asks_for_everything_that_the_format_holds() -> None:
    assert set(resolve_mix({}, "high", has_preferences=True)) == set(TASKS)
    assert set(resolve_mix({}, "high", has_preferences=False)) == set(TASKS) - {"preference"}
    assert set(resolve_mix({}, "low", has_preferences=True)) == {"question_answer"}


def test_the_mix_of_the_user_is_taken_as_it_is_but_for_weights_of_nothing() -> None:
    assert resolve_mix({"how_to": 2, "summary": 0}, "low", has_preferences=False) == {"how_to": 2}


def test_preference_pairs_for_a_format_without_them_are_refused_with_a_way_out() -> None:
    with pytest.raises(ConfigError) as caught:
        resolve_mix({"preference": 1}, "high", has_preferences=False)
    assert "task_mix" in caught.value.fix


@pytest.mark.parametrize("task", TASKS)
def test_every_task_says_what_it_is_and_shows_its_form(task: str) -> None:
    text = (PROMPTS / task_prompt_name(task)).read_text(encoding="utf-8")  # type: ignore[arg-type]
    assert text.startswith(f"Task: {task}\n")
    assert "Form of your answer: one JSON object and nothing else." in text
    assert text.count("Example of the form, about another passage\n{") == 1
    assert "$" not in text


def test_all_the_text_of_the_prompts_is_known_to_whoever_looks_for_leaks() -> None:
    text = all_prompt_text(PROMPTS, "system/create_mode.txt")
    assert all(f"Task: {task}\n" in text for task in TASKS)
    assert text.startswith("You write one training example")


def test_the_axes_of_the_shipped_file_have_names_and_meanings() -> None:
    axes = read_axes(PROMPTS, "high")
    assert tuple(axes.names) == AXES
    manner = axes.manners(0)[0]
    assert axes.explain(manner)["persona"].startswith(f"{manner.persona}: ")


@pytest.mark.parametrize(
    "text",
    [
        "persona: [",
        "- newcomer",
        "persona: {newcomer: new}",
        "persona: {a: b}\nstyle: {}\ndifficulty: {a: b}\nlength: {a: b}",
        "persona: {a: ''}\nstyle: {a: b}\ndifficulty: {a: b}\nlength: {a: b}",
    ],
)
def test_a_broken_file_of_axes_is_an_error_with_a_fix(tmp_path: Path, text: str) -> None:
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "axes.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_axes(tmp_path, "high")
    assert "axes.yaml" in caught.value.fix
