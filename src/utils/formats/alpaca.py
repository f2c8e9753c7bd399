"""Alpaca: ``{"instruction", "input", "output"}``, and curated sets: ``{"instruction", "response"}``; one question and
one answer."""

from __future__ import annotations

from typing import Any

from src.providers.conversation import Conversation, Turn
from src.providers.training_rows import fold
from src.utils.formats.form import Format, Holds
from src.utils.formats.shape import FormatError, read_items, read_object, read_text


def read_alpaca_row(row: dict[str, Any]) -> Conversation:
    """Instruction and input make the question, a line break between them as in LLaMA-Factory; ``system`` and
    ``history`` (pairs of a question and an answer) stand before it. Raises FormatError."""
    content = read_object(row, "", required=("instruction", "output"), optional=("input", "system", "history"))
    system = read_text(content.get("system") or "", "system")
    turns = [Turn("system", system)] if system else []
    for pair, where in read_items(content["history"], "history") if content.get("history") else ():
        if not isinstance(pair, list) or len(pair) != 2:
            raise FormatError(where, "a question and an answer are expected", allowed="[question, answer]")
        turns += [Turn("user", read_text(pair[0], f"{where}[0]")), Turn("assistant", read_text(pair[1], f"{where}[1]"))]
    question = [read_text(content.get(key) or "", key) for key in ("instruction", "input")]
    user = Turn("user", "\n".join(text for text in question if text))
    return Conversation((*turns, user, Turn("assistant", read_text(content["output"], "output"))))


def alpaca_row(conversation: Conversation) -> dict[str, Any]:
    """``{"instruction", "input", "output"}``, the input empty. Raises ValueError with the reason when it cannot be."""
    prompt, completion = fold(conversation)
    return {"instruction": prompt, "input": "", "output": completion}


def read_curated_row(row: dict[str, Any]) -> Conversation:
    """``{"instruction", "response"}``: a user's and an assistant's turn. Raises FormatError."""
    content = read_object(row, "", required=("instruction", "response"))
    user = Turn("user", read_text(content["instruction"], "instruction"))
    return Conversation((user, Turn("assistant", read_text(content["response"], "response"))))


def curated_row(conversation: Conversation) -> dict[str, Any]:
    """``{"instruction", "response"}``. Raises ValueError with the reason when it cannot be."""
    prompt, completion = fold(conversation)
    return {"instruction": prompt, "response": completion}


def _places(row: dict[str, Any]) -> list[str]:
    history = [f"history[{pair}][{side}]" for pair in range(len(row.get("history") or ())) for side in (0, 1)]
    return [*(["system"] if row.get("system") else []), *history, "instruction", "output"]


ALPACA = Format(
    name="alpaca",
    title="Alpaca",
    keys=("instruction", "input", "output", "system", "history"),
    fits=lambda row: "instruction" in row,
    from_row=read_alpaca_row,
    to_row=alpaca_row,
    places=_places,
    holds=Holds(system=False, many_turns=False),
    source="TT1",
)
CURATED = Format(
    name="curated",
    title="Curated sets (instruction, response)",
    keys=("instruction", "response"),
    fits=lambda row: "instruction" in row and "response" in row,
    from_row=read_curated_row,
    to_row=curated_row,
    places=lambda _row: ["instruction", "response"],
    holds=Holds(system=False, many_turns=False),
)
