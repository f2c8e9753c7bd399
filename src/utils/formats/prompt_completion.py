"""Rows of ``{"prompt", "completion"}``: one question and one answer, as Together and Bedrock take them for Llama."""

from __future__ import annotations

from typing import Any

from src.core.types import Message, Sample
from src.utils.formats.shape import read_object, read_text


def read_prompt_completion_row(row: dict[str, Any]) -> Sample:
    """The sample of a row: a user's and an assistant's turn. Raises FormatError."""
    content = read_object(row, "", required=("prompt", "completion"))
    turns = (
        Message("user", read_text(content["prompt"], "prompt")),
        Message("assistant", read_text(content["completion"], "completion")),
    )
    return Sample(messages=turns, origin="extracted")
