"""Answers that decline are told from answers that only sound like it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from src.utils.refusals import is_refusal

SENTENCES = yaml.safe_load(Path(__file__).with_name("refusal_sentences.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("answer", SENTENCES["refusals"])
def test_what_declines_is_a_refusal(answer: str) -> None:
    assert is_refusal(answer)


@pytest.mark.parametrize("answer", SENTENCES["answers"])
def test_what_only_sounds_like_it_is_none(answer: str) -> None:
    assert not is_refusal(answer)


def test_an_answer_that_helps_first_and_says_later_what_it_cannot_do_is_no_refusal() -> None:
    help_first = "Rest a lot. Drink tea. Sleep early. " * 3
    assert not is_refusal(help_first + "I cannot help with more than that.")
    assert is_refusal("I cannot help with that. " + help_first)


def test_what_is_said_on_a_condition_is_no_refusal() -> None:
    assert not is_refusal("If I cannot help you, ask a teacher.")
    assert not is_refusal("When I won't answer, call again.")


def test_the_openings_of_other_languages_are_known() -> None:
    assert is_refusal("Es tut mir leid, aber ich kann dabei nicht helfen.")
    assert is_refusal("很抱歉，我无法帮助你。")
    assert not is_refusal("Gern! Nimm zwei Eier.")


def test_nothing_is_no_refusal() -> None:
    assert not is_refusal("")
