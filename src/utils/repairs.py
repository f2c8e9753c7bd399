"""Safe repairs of a training file: what can be mended without inventing or losing anything that is trained on."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

from src.core.jsonl import Row, atomic_writer, dump_line, open_lines, read_rows
from src.core.specs import ModelLimits
from src.providers.conversation import Conversation, Turn
from src.providers.row_rules import RowRules
from src.providers.training_rows import join_turns, with_tool_ids
from src.utils.formats.form import Format
from src.utils.formats.registry import formats_of, match_format

Repair = Literal["bom", "trimmed", "empty_system", "leading_assistant", "unanswered", "joined", "tool_ids"]
REPAIRS: Final[Mapping[Repair, str]] = {
    "bom": "the byte order mark before the first row was dropped",
    "trimmed": "white space at the ends of a turn was cut off",
    "empty_system": "an empty system message was dropped",
    "leading_assistant": "the assistant's turns before the first question were dropped",
    "unanswered": "the turns behind the last answer were dropped",
    "joined": "turns of one role that follow each other were joined, a blank line between them",
    "tool_ids": "the ids of tool calls were replaced",
}


class RepairedRow(NamedTuple):
    """What was done to one row, which is line ``number`` of its file."""

    number: int
    repairs: tuple[Repair, ...]


@dataclass(slots=True)
class RepairReport:
    """What was done to the rows of a file. ``rows`` were read, and as many were written."""

    rows: int = 0
    repaired: list[RepairedRow] = field(default_factory=list)


def repair_file(path: Path, out: Path, limits: ModelLimits) -> RepairReport:
    """Write ``path`` to ``out`` with the safe repairs for a model; ``out`` appears whole or not at all. Every other
    line stays byte for byte, right or wrong. Raises InputFileError, StorageError."""
    report, formats = RepairReport(), formats_of(limits)
    with open_lines(path) as lines, atomic_writer(out) as handle:
        for row, line in zip(read_rows(path), lines, strict=True):
            report.rows += 1
            bare = line.removeprefix(BOM_UTF8) if row.number == 1 else line
            as_it_was = _Mended(bare if bare.endswith(b"\n") else bare + b"\n", ())
            mended = _repair_row(row, formats) or as_it_was
            handle.write(mended.line)
            repairs: tuple[Repair, ...] = mended.repairs if bare == line else ("bom", *mended.repairs)
            if repairs:
                report.repaired.append(RepairedRow(row.number, repairs))
    return report


class _Mended(NamedTuple):
    line: bytes
    repairs: tuple[Repair, ...]


def _repair_row(row: Row, formats: tuple[Format, ...]) -> _Mended | None:
    """A row with its repairs; None where there is nothing to repair, or nothing that can be repaired safely."""
    form = match_format(row.value, formats) if row.value else None
    if form is None or row.value is None:
        return None
    try:
        repaired, repairs = repair(form.from_row(row.value), form.rules)
        return _Mended(dump_line(form.to_row(repaired)), repairs) if repairs else None
    except ValueError:
        return None  # what is left is still no row: the line stays as it is, and validate says why


class Repaired(NamedTuple):
    """A conversation, and what was done to it."""

    conversation: Conversation
    repairs: tuple[Repair, ...]


def repair(conversation: Conversation, rules: RowRules) -> Repaired:
    """``conversation`` with everything mended that can be mended safely."""
    repairs: list[Repair] = []

    def note(repair: Repair, before: object, after: object) -> None:
        if before != after:
            repairs.append(repair)

    turns = tuple(turn if turn.parts else turn._replace(content=turn.content.strip()) for turn in conversation.turns)
    note("trimmed", turns, conversation.turns)
    filled = tuple(turn for turn in turns if turn.role != "system" or turn.content or turn.parts)
    note("empty_system", turns, filled)
    asked = _from_first_question(filled) if rules.user_first else filled
    note("leading_assistant", filled, asked)
    answered = _to_last_answer(asked) if conversation.rejected is None else asked
    note("unanswered", asked, answered)
    joined = join_turns(answered) if rules.neighbours else answered
    note("joined", answered, joined)
    mended = conversation._replace(turns=joined)
    if rules.tool_id_length:
        mended = with_tool_ids(mended, rules.tool_id_length)
        note("tool_ids", joined, mended.turns)
    return Repaired(mended, tuple(repairs))


def _from_first_question(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """``turns`` without those of the assistant between the system text and the first question."""
    first = next((place for place, turn in enumerate(turns) if turn.role == "user"), None)
    if first is None:
        return turns
    return (*(turn for turn in turns[:first] if turn.role == "system"), *turns[first:])


def _to_last_answer(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """``turns`` up to the last answer of the assistant; all of them where there is none."""
    last = next((place for place in range(len(turns) - 1, -1, -1) if turns[place].role == "assistant"), None)
    return turns if last is None else turns[: last + 1]
