"""What a training format is: its layout both ways, what it can hold, and its check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from src.core.types import Issue
from src.providers.conversation import Conversation
from src.providers.row_rules import STRICT_RULES, WHOLE_ROW, Finding, RowRules, find_problems
from src.utils.formats.shape import FormatError
from src.utils.tokens.templates import Spoken


class Holds(NamedTuple):
    """What a row of a format can carry beside one question and its answer."""

    system: bool = True
    many_turns: bool = True
    tools: bool = False
    images: bool = False
    turn_weight: bool = False
    row_weight: bool = False
    names: bool = False
    parallel_calls: bool = False
    strict_tools: bool = False
    pair: bool = False
    """Every row is a preference pair: two answers to one question."""


_PLAIN = Holds()


def _look_closer(_row: dict[str, Any]) -> None:
    """The glance of a format that has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One training format.

    ``keys`` are the top-level keys that a row may have; ``fits`` says by a glance whether a row can be one of this
    format. ``to_row`` raises ValueError with the reason when no row can be made of a conversation, ``from_row`` raises
    FormatError with the place; ``glance`` gives the turns of a row that is roles and texts alone, in less time, or
    None. ``places`` names the turns of a row, in the order of ``Conversation.turns``; ``part_names`` are what the
    format calls their ``content`` and ``role``. ``source`` are keys of context_files/fine_tunable_llms_research.md,
    section 12.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    fits: Callable[[dict[str, Any]], bool]
    from_row: Callable[[dict[str, Any]], Conversation]
    to_row: Callable[[Conversation], dict[str, Any]]
    places: Callable[[dict[str, Any]], list[str]]
    glance: Callable[[dict[str, Any]], Sequence[Spoken] | None] = _look_closer
    part_names: Mapping[str, str] = field(default_factory=dict)
    holds: Holds = _PLAIN
    rules: RowRules = STRICT_RULES
    source: str = ""

    def check(self, row: dict[str, Any], number: int = 0) -> tuple[Issue, ...]:
        """Everything wrong with a row, which is line ``number`` of its file; () for a good one."""
        try:
            conversation = self.from_row(row)
        except FormatError as error:
            return (self.shape_issue(error, number),)
        return tuple(self.find_issues(row, conversation, number))

    def find_issues(self, row: dict[str, Any], conversation: Conversation, number: int) -> Iterator[Issue]:
        """What is wrong with the turns of a row that has been read."""
        for finding in (*find_problems(conversation, self.rules), *find_unheld(conversation, self.holds)):
            yield Issue(
                finding.severity,
                finding.code,
                sentence(finding.message),
                number,
                finding.fix,
                self.field_of(row, finding),
                finding.found,
                finding.allowed,
                self.source,
            )

    def shape_issue(self, error: FormatError, number: int) -> Issue:
        """A row that is not of this format, as a finding."""
        return Issue(
            "error",
            "format",
            sentence(str(error)),
            number,
            error.fix,
            error.where,
            error.found,
            error.allowed,
            self.source,
        )

    def field_of(self, row: dict[str, Any], finding: Finding) -> str:
        """The place in ``row`` that a finding is about, as ``messages[2].content``."""
        places = self.places(row)
        if finding.turn == WHOLE_ROW or finding.turn >= len(places):
            return finding.part if finding.turn == WHOLE_ROW else ""
        return self.part_of(row, places[finding.turn], finding.part)

    def part_of(self, row: dict[str, Any], place: str, part: str = "content") -> str:
        """The place of a part of the turn at ``place``; a turn that is a text alone has no parts."""
        return place if isinstance(row.get(place), str) else f"{place}.{self.part_names.get(part, part)}"


def find_unheld(conversation: Conversation, holds: Holds) -> Iterator[Finding]:
    """What a row carries that its format has no place for, though its reader knows it from others."""
    worse = [(WHOLE_ROW, conversation.rejected)] if conversation.rejected else []
    for number, turn in (*enumerate(conversation.turns), *worse):
        marks = (
            ("tool_calls", bool(turn.tool_calls) and not holds.tools),
            ("content", bool(turn.parts) and not holds.images),
            ("weight", turn.weight is not None and not holds.turn_weight),
            ("name", bool(turn.name) and turn.role != "tool" and not holds.names),
        )
        yield from (_unheld(number, part, "" if number != WHOLE_ROW else "rejected") for part, lost in marks if lost)
    strict = any("strict" in tool["function"] for tool in conversation.tools)
    settings = (
        ("weight", conversation.weight is not None and not holds.row_weight),
        ("parallel_tool_calls", conversation.parallel_tool_calls is not None and not holds.parallel_calls),
        ("tools", bool(conversation.tools) and (not holds.tools or (strict and not holds.strict_tools))),
    )
    yield from (_unheld(WHOLE_ROW, part) for part, lost in settings if lost)


def _unheld(turn: int, part: str, field: str = "") -> Finding:
    found = {"content": "an image", "tools": "tools, or their setting 'strict'"}.get(part, repr(part))
    message = f"the format has no place for {found}"
    return Finding("error", "not_held", turn, field or part, message, found, fix="Take it out, or leave this row out.")


def sentence(text: str) -> str:
    """``text`` with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")
