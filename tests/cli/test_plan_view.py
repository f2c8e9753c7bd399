"""The plan of a run is shown before it begins: in the menu, and by generate --plan, which stops there."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest

from src.cli.actions.runs import generate
from src.cli.views.plan import NO_PLAN, plan_facts, plan_lines
from src.core.errors import ConfigError
from src.core.workspace import Workspace
from src.generation.planning.plan import Plan, PlanRules
from src.generation.planning.summary import summarise
from tests.cli.driver import add_documents, make_session, screen_of, type_into_menu
from tests.generation.planning.passages import make_passages, make_rules

ASKED = Namespace(plan=True, yes=False, fresh=False, allow_short=False)
KEY = "OPENAI_API_KEY=sk-0123456789\n"


def show(workspace: Workspace, *overrides: str) -> str:
    session = make_session(workspace, overrides=overrides)
    outcome = generate(ASKED, session)
    assert outcome.ok
    assert json.dumps(outcome.facts)
    return screen_of(session)


def test_the_plan_of_create_mode_shows_sources_tasks_coverage_and_calls(workspace: Workspace) -> None:
    add_documents(workspace)
    workspace.env_file.write_text(KEY, encoding="utf-8")
    screen = show(workspace, "mode=create", "dataset_size=4", "agent.create.task_mix={question_answer: 3, refusal: 1}")
    assert "lighthouse_chat.txt" in screen
    assert "museum_faq.csv" in screen
    assert "question_answer       3        3" in screen
    assert "refusal               1        1" in screen
    assert "passages (100%)" in screen
    assert "Calls       about 4, at most 24" in screen
    assert not workspace.database.exists()


def test_the_plan_for_the_embedded_model_shares_out_the_sources_alone(workspace: Workspace) -> None:
    add_documents(workspace)
    screen = show(workspace, "mode=create", "dataset_size=4", "system.agentic_llm=local")
    assert "lighthouse_chat.txt" in screen
    assert "not planned" in screen


def test_the_plan_of_hybrid_mode_leaves_out_what_is_taken_as_conversations(workspace: Workspace) -> None:
    add_documents(workspace)
    folder = workspace.root / "input_files"
    (folder / "tower.md").write_text("# The tower\n\nThe tower is painted white and red every other spring.\n")
    workspace.env_file.write_text(KEY, encoding="utf-8")
    screen = show(workspace, "mode=hybrid", "dataset_size=4")
    assert "tower.md" in screen
    assert "museum_faq.csv" not in screen


def test_a_run_that_generates_nothing_says_so(workspace: Workspace) -> None:
    add_documents(workspace)
    assert NO_PLAN in show(workspace, "mode=identify")
    assert plan_facts(None, None) == {"plan": None, "calls": None}


def test_a_mix_that_the_training_format_cannot_hold_is_refused_before_anything_is_asked(workspace: Workspace) -> None:
    add_documents(workspace)
    workspace.env_file.write_text(KEY, encoding="utf-8")
    with pytest.raises(ConfigError, match="preference"):
        show(workspace, "mode=create", "agent.create.task_mix={preference: 1}")


def test_the_menu_shows_the_plan_before_it_asks(workspace: Workspace) -> None:
    add_documents(workspace)
    workspace.env_file.write_text(KEY, encoding="utf-8")
    screen = type_into_menu(workspace, "2", "n", "6", overrides=("mode=create", "dataset_size=4"))
    assert screen.index("suited passages") < screen.index("Go ahead")


def test_slots_that_nothing_suits_are_told_and_many_sources_are_cut_short() -> None:
    plan = summarise(Plan(make_passages(*[1] * 25), 50, make_rules({"how_to": 1})))
    text = "\n".join(plan_lines(plan, None, width=80))
    assert "50 samples become question_answer" in text
    assert "(5 others)" in text
    bare = "\n".join(plan_lines(summarise(Plan(make_passages(2), 2, PlanRules(1))), None, width=80))
    assert "suited" not in bare
