"""try: two models side by side on the screen, in a conversation of any length, on a terminal of any width."""

from __future__ import annotations

import io

import pytest

from src.cli.actions.try_tuned import side_by_side, talk, try_tuned
from src.cli.arguments import parse_arguments
from src.cli.prompts import Prompter
from src.core.errors import BuilderError, ConfigError, UsageError
from src.core.workspace import Workspace
from src.reports.tables import display_width
from src.training.chat import Answers
from tests.cli.driver import make_session, screen_of


class Parrots:
    """Two who repeat what they hear: one as it is, one politely; both say how much they remember."""

    def __init__(self) -> None:
        self.heard = 0

    def forget(self) -> None:
        self.heard = 0

    def ask(self, text: str) -> Answers:
        self.heard += 1
        return Answers(f"{self.heard}: {text}", f"{self.heard}: {text}, if you please")


def lines_of(workspace: Workspace, *typed: str) -> list[str]:
    session = make_session(workspace)
    stdin = io.StringIO("".join(f"{line}\n" for line in typed))
    talk(session, Prompter(stdin, session.console), Parrots())
    return screen_of(session).splitlines()


def test_both_answer_until_b_and_new_begins_a_new_conversation(workspace: Workspace) -> None:
    shown = lines_of(workspace, "hello", "", "again", "/new", "hello", "b", "more")
    answers = [line for line in shown if "if you please" in line]
    assert [line[0] for line in answers] == ["1", "2", "1"]
    assert answers[0].startswith("1: hello")
    assert answers[0].endswith("|  1: hello, if you please")
    assert "A new conversation." in shown
    assert shown[-1] == "Goodbye."


def test_the_end_of_input_ends_the_talk(workspace: Workspace) -> None:
    assert lines_of(workspace, "hello")[-1] == "Goodbye."


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("text", ["word " * 60, "窯は熱い。" * 30, "x" * 200, "one\n\ntwo\n- three"])
def test_nothing_is_lost_and_nothing_is_wider_than_the_screen(width: int, text: str) -> None:
    lines = side_by_side(Answers(text, "short"), width)
    assert all(display_width(line) <= width for line in lines)
    assert sum("short" in line for line in lines) == 1
    said = "".join(line.partition("  |  ")[0] for line in lines)
    assert [mark for mark in said if mark in set(text) and not mark.isspace()].count(text[0]) >= text.count(text[0])


def test_an_answer_of_nothing_is_shown_as_such() -> None:
    assert any("(nothing)" in line for line in side_by_side(Answers("", "x"), 80))
    assert any("(nothing)" in line for line in side_by_side(Answers("x", ""), 40))


def test_a_folder_without_an_adapter_and_options_that_mean_nothing_are_errors(workspace: Workspace) -> None:
    for line, kind in (
        (["try", str(workspace.root), "--prompt", "x"], ConfigError),
        (["try", "nowhere"], ConfigError),
        (["try", "nowhere", "--json"], UsageError),
        (["try", "nowhere", "--max-tokens", "0"], UsageError),
    ):
        with pytest.raises(BuilderError) as error:
            try_tuned(parse_arguments(line), make_session(workspace))
        assert isinstance(error.value, kind)
        assert error.value.fix
