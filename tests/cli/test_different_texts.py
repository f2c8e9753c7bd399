"""Two texts cut to where they differ."""

from __future__ import annotations

from src.cli.views.different_texts import different_texts
from src.core.types import Message, Sample
from tests.library.stored import say

LONG = "Clay shrinks while it dries. " * 40


def test_a_change_at_the_end_of_a_long_text_is_shown():
    (found,) = different_texts(say("Why?", f"{LONG}Slowly."), say("Why?", f"{LONG}Quickly."))
    assert found.role == "assistant"
    assert found.was.startswith("...")
    assert found.was.endswith("dries. Slowly.")
    assert found.is_now.endswith("dries. Quickly.")
    assert len(found.was) < 60


def test_a_turn_that_was_added_leaves_the_others_out():
    turns = say("Why?", "Because.").messages
    more = Sample((Message("system", "Be kind."), *turns), origin="generated")
    assert list(different_texts(say("Why?", "Because."), more)) == [("system", "", "Be kind.")]


def test_the_worse_answer_counts_too():
    (found,) = different_texts(
        say("Why?", "So.", metadata={"rejected": "No\nidea."}), say("Why?", "So.", metadata={"rejected": "No\nclue."})
    )
    assert found == ("rejected", "No\\nidea.", "No\\nclue.")
