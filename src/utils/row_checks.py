"""What a model makes of one row of a training file: its turns, its texts, its length, and whether it is there twice."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from src.core.types import Issue, ModelLimits, TokenCount
from src.providers.conversation import Conversation, Turn, holds_text_only
from src.providers.limits import ESTIMATE_MARGIN, NEAR_LIMIT, check_tokens
from src.providers.row_rules import find_problems
from src.utils.formats.control_tokens import control_tokens, find_control_token
from src.utils.formats.form import Format
from src.utils.token_counter import TokenCounter

_CONTROL_SOURCE: Final = "TK1 TT1 MI5"
_JSON_SOURCE: Final = "RFC 8259"
_MOST_ORDERS: Final = 1000


class RowCheck:
    """Checks the rows of one file for one model, in their order; remembers eight bytes of each, to know duplicates."""

    def __init__(self, limits: ModelLimits, counter: TokenCounter) -> None:
        self._limits = limits
        self._counter = counter
        self._markers = control_tokens(limits.tokenizer)
        self._takes_images = any(name.endswith("_vision") for name in limits.formats)
        self._first_rows: dict[int, int] = {}
        self._good_orders: set[tuple[str, ...]] = set()
        limit = limits.max_example_tokens
        self._near_limit = math.inf if limit is None else limit * min(NEAR_LIMIT, ESTIMATE_MARGIN)

    def check(
        self, row: dict[str, Any], conversation: Conversation, form: Format, number: int, counted: TokenCount
    ) -> list[Issue]:
        """Everything about a row that has been read, which is line ``number`` of its file and ``counted`` tokens."""
        issues: list[Issue] = []
        if not self._is_in_order(conversation, form):
            issues += form.find_issues(row, conversation, number)
        for place, turn in enumerate(conversation.turns):
            if "\0" in turn.content:
                issues.append(self._bad_character(_field(row, form, place), turn.content, number))
            for marker in self._markers:
                if marker in turn.content:
                    issues.append(self._control_token(_field(row, form, place), turn.content, number))
                    break
            if turn.parts and form.holds.images and not self._takes_images:
                issues.append(self._image(_field(row, form, place), number))
        if counted.tokens > self._near_limit or conversation.rejected:
            issues += self._check_length(conversation, counted, number)
        first = self._first_rows.setdefault(row_key(conversation), number)
        if first != number:
            message, fix = f"The same as row {first}.", "Leave one of them out."
            issues.append(Issue("warning", "duplicate", message, number, fix, "", f"row {first}"))
        return issues

    def _is_in_order(self, conversation: Conversation, form: Format) -> bool:
        """Whether the turns of a row are known to be right: filled texts alone, of roles in an order that was found
        right before. Nearly all rows of a file have one of a few orders."""
        turns = conversation.turns
        for turn in turns:
            if turn.tool_calls or turn.parts or turn.weight is not None or turn.name or not turn.content.strip():
                return False
        if conversation.rejected or conversation.tools or conversation.weight is not None:
            return False
        if conversation.parallel_tool_calls is not None:
            return False
        order = (form.name, *[turn.role for turn in turns])
        if order in self._good_orders:
            return True
        if next(find_problems(conversation, form.rules), None):
            return False
        if len(self._good_orders) < _MOST_ORDERS:
            self._good_orders.add(order)
        return True

    def _check_length(self, conversation: Conversation, counted: TokenCount, number: int) -> Iterator[Issue]:
        yield from check_tokens(counted, self._limits, number, lambda: self._asked(conversation))
        if conversation.rejected:
            twin = conversation._replace(turns=(*conversation.turns[:-1], conversation.rejected), rejected=None)
            yield from check_tokens(self.count(twin), self._limits, number, lambda: self._asked(twin))

    def _asked(self, conversation: Conversation) -> TokenCount:
        """Tokens of everything before the last answer."""
        return self.count(conversation._replace(turns=conversation.turns[:-1], rejected=None))

    def count(self, conversation: Conversation) -> TokenCount:
        """Tokens of a row. Images are not counted and the layout of tools is not published: then it is an estimate."""
        if holds_text_only(conversation):
            return self._counter.count_turns(conversation.turns)
        counted = self._counter.count_turns([turn._replace(content=_text(turn)) for turn in conversation.turns])
        tools = sum(self._counter.count_text(str(tool)).tokens for tool in conversation.tools)
        return TokenCount(counted.tokens + tools, exact=False)

    def repeats(self, conversation: Conversation) -> int:
        """The row of this check that holds the same as ``conversation``, a row of another file; 0 for none."""
        return self._first_rows.get(row_key(conversation), 0)

    def _bad_character(self, where: str, text: str, number: int) -> Issue:
        message = f"A NUL character stands at position {text.index(chr(0))} of a turn."
        fix = "Remove the character."
        return Issue("error", "invalid_characters", message, number, fix, where, "NUL", "", _JSON_SOURCE)

    def _control_token(self, where: str, text: str, number: int) -> Issue:
        marker = find_control_token(text, self._markers)
        message = f"A marker of the chat template stands in a text: {marker}"
        fix = "Take it out, unless it is what the row is about."
        return Issue("warning", "control_token", f"{message}.", number, fix, where, marker, "", _CONTROL_SOURCE)

    def _image(self, where: str, number: int) -> Issue:
        message = f"A turn holds an image; {self._limits.title} is not tuned on images."
        fix = "Leave this example out."
        return Issue("error", "image", message, number, fix, where, "an image", "text", self._limits.source)


def row_key(conversation: Conversation) -> int:
    """A 64-bit number that is the same, within this process, for rows that say the same."""
    texts = [turn.content for turn in conversation.turns]
    if conversation.rejected is None and holds_text_only(conversation):
        return hash(tuple(texts))
    return hash((*texts, *_calls(conversation), str(conversation.rejected), str(conversation.tools)))


def _calls(conversation: Conversation) -> list[str]:
    """What else tells rows with tools or images apart."""
    return [str(turn.tool_calls or turn.parts) for turn in conversation.turns if turn.tool_calls or turn.parts]


def _text(turn: Turn) -> str:
    if not turn.tool_calls:
        return turn.content
    return turn.content + "".join(
        f"{call['function']['name']}{call['function']['arguments']}" for call in turn.tool_calls
    )


def _field(row: dict[str, Any], form: Format, place: int) -> str:
    places = form.places(row)
    return form.part_of(row, places[place]) if place < len(places) else ""
