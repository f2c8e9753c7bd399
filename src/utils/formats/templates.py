"""Rows of one ``text`` with the markers of a chat template around the turns: Llama 3, ChatML, and plain labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from src.providers.conversation import Conversation, Turn, TurnRole
from src.providers.row_rules import STRICT_RULES
from src.providers.training_rows import prepare
from src.utils.formats.form import Format
from src.utils.formats.shape import FormatError, read_object, read_text


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A chat template: ``start``, then for every turn what opens it, its text, and ``close``; ``between`` two turns,
    and ``end`` at last."""

    opening: Mapping[TurnRole, str]
    start: str = ""
    close: str = ""
    between: str = ""
    end: str = ""

    def as_format(self, name: str, title: str, source: str) -> Format:
        """The format of rows of ``{"text"}`` in this template."""
        return Format(
            name=name,
            title=title,
            keys=("text",),
            fits=self._fits,
            from_row=self.read,
            to_row=self.write,
            places=lambda row: ["text"] * len(self.read(row).turns),
            source=source,
        )

    def write(self, conversation: Conversation) -> dict[str, Any]:
        """``{"text"}``. Raises ValueError with the reason when no row can be made, as of a text that holds a marker of
        the template."""
        turns = prepare(conversation._replace(rejected=None), STRICT_RULES).turns
        text = self.between.join(f"{self.opening[turn.role]}{turn.content}{self.close}" for turn in turns)
        row = {"text": f"{self.start}{text}{self.end}"}
        if [turn.content for turn in self.read(row).turns] != [turn.content for turn in turns]:
            raise ValueError("a turn holds a marker of the template")
        return row

    def read(self, row: dict[str, Any]) -> Conversation:
        """The turns between the markers. Raises FormatError where the text is not made of them."""
        text = read_text(read_object(row, "", required=("text",))["text"], "text")
        if not self._fits(row) or not text.endswith(self.close + self.end):
            allowed = f"{self.start}{self.opening['user']}...{self.close}{self.end}"
            raise FormatError("text", "the markers of the template are missing", found=repr(text[:40]), allowed=allowed)
        body = text[len(self.start) : len(text) - len(self.close + self.end)]
        openings = "|".join(re.escape(opening) for opening in self.opening.values())
        pieces = re.split(f"{re.escape(self.close + self.between)}(?={openings})", body)
        return Conversation(tuple(self._read_turn(piece) for piece in pieces))

    def _read_turn(self, piece: str) -> Turn:
        for role, opening in self.opening.items():
            if piece.startswith(opening):
                return Turn(role, piece[len(opening) :])
        allowed = ", ".join(repr(opening) for opening in self.opening.values())
        raise FormatError("text", "a turn begins with no marker of a role", found=repr(piece[:40]), allowed=allowed)

    def _fits(self, row: dict[str, Any]) -> bool:
        text = row.get("text")
        starts = tuple(f"{self.start}{opening}" for opening in self.opening.values())
        return isinstance(text, str) and text.startswith(starts)


def _llama3_header(role: str) -> str:
    return f"<|start_header_id|>{role}<|end_header_id|>\n\n"


_ROLES: tuple[TurnRole, ...] = ("system", "user", "assistant")
LLAMA3_TEXT = TextTemplate(
    opening={role: _llama3_header(role) for role in _ROLES}, start="<|begin_of_text|>", close="<|eot_id|>"
).as_format("llama3-text", "Llama 3 chat template", "TT1")
CHATML = TextTemplate(
    opening={role: f"<|im_start|>{role}\n" for role in _ROLES}, close="<|im_end|>", between="\n", end="\n"
).as_format("chatml", "ChatML (Qwen)", "TT1")
