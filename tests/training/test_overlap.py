"""Rows that are both trained on and measured with."""

from __future__ import annotations

from typing import Any

from src.training.overlap import count_shared


def talk(question: str, answer: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def test_a_held_out_row_is_known_by_its_question_or_by_all_of_it() -> None:
    trained = [talk("Where is the red pump?", "Beside the door."), talk("Hi!", "Good morning.")]
    held_out = [
        talk("where is the  RED pump", "In the shed."),  # the same question, written otherwise
        talk("Hi!", "Good morning."),  # the same row
        talk("Hi!", "What can I do?"),  # an opening as short as that says nothing
        talk("Who fixes the old brakes?", "Ada."),
    ]
    assert count_shared(trained, held_out) == 2
    assert count_shared(trained, []) == 0


def test_turns_without_a_text_share_nothing() -> None:
    silent = {"messages": [{"role": "user", "content": "?"}, {"role": "assistant", "tool_calls": []}]}
    assert count_shared([silent], [{"messages": [{"role": "assistant", "content": None}]}]) == 0
