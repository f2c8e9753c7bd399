"""What a model makes of one row of a training file: its turns, its texts, its length, and whether it is there twice."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from src.core.specs import ModelLimits
from src.core.types import Issue, TokenCount
from src.providers.conversation import Conversation, Turn, holds_text_only
from src.providers.limits import ESTIMATE_MARGIN, NEAR_LIMIT, check_tokens
from src.providers.row_rules import find_problems
from src.utils.formats.control_tokens import common_heads, control_tokens, find_control_token
from src.utils.formats.form import Format
from src.utils.token_counter import TokenCounter
from src.utils.tokens.templates import Spoken

_CONTROL_SOURCE: Final = "TK1 TT1 MI5"
_JSON_SOURCE: Final = "RFC 8259"
_MOST_ORDERS: Final = 1000
_NOTHING_ELSE: Final = Conversation(())[1:]


class RowCheck:
    """Checks the rows of one file for one model, in their order; remembers eight bytes of each, to know duplicates."""

    def __init__(self, limits: ModelLimits, counter: TokenCounter) -> None:
        self._limits = limits
        self._counter = counter
        self._markers = control_tokens(limits.tokenizer)
        self._signs = ("\0", *common_heads(self._markers))
        self._takes_images = any(name.endswith("_vision") for name in limits.formats)
        self._first_rows: dict[int, int] = {}
        self._good_orders: set[tuple[str, ...]] = set()
        limit = limits.max_example_tokens
        self._near_limit = math.inf if limit is None else limit * min(NEAR_LIMIT, ESTIMATE_MARGIN)

    def find_texts(self, said: Sequence[Spoken], form: Format) -> tuple[str, ...] | None:
        """The texts of turns that are roles and texts alone, where nothing about them is to be told: none blank, none
        with a sign of a marker, of roles in an order that ``check`` has found right. None: they need that check.
        """
        roles, texts = [form.name], []
        for turn in said:
            text = turn.content
            if not text or text.isspace():
                return None
            roles.append(turn.role)
            texts.append(text)
        if tuple(roles) not in self._good_orders or self._has_sign(texts):
            return None
        return tuple(texts)

    def _has_sign(self, texts: Iterable[str]) -> bool:
        joined = "\n".join(texts)
        for sign in self._signs:  # noqa: SIM110 - one glance at the whole row: nearly none holds one
            if sign in joined:
                return True
        return False

    def is_short(self, counted: TokenCount) -> bool:
        """Whether a row of so many tokens is nowhere near the model's limit."""
        return counted.tokens <= self._near_limit

    def find_repeat(self, key: int, number: int) -> Iterator[Issue]:
        """The finding that an earlier row had the same ``row_key``, or was of the same texts."""
        first = self._first_rows.setdefault(key, number)
        if first != number:
            message, fix = f"The same as row {first}.", "Leave one of them out."
            yield Issue("warning", "duplicate", message, number, fix, "", f"row {first}")

    def check(
        self, row: dict[str, Any], conversation: Conversation, form: Format, number: int, counted: TokenCount
    ) -> list[Issue]:
        """Everything about a row that has been read, which is line ``number`` of its file and ``counted`` tokens."""
        issues: list[Issue] = []
        texts = [turn.content for turn in conversation.turns]
        is_plain = _is_plain(conversation)
        if not (is_plain and self._is_in_order(conversation, texts, form)):
            issues += form.find_issues(row, conversation, number)
            issues += self._find_images(row, conversation, form, number)
        if self._has_sign(texts):
            issues += self._find_marks(row, texts, form, number)
        if not self.is_short(counted) or conversation.rejected:
            issues += self._check_length(conversation, counted, number)
        issues += self.find_repeat(hash(tuple(texts)) if is_plain else row_key(conversation), number)
        return issues

    def _is_in_order(self, conversation: Conversation, texts: list[str], form: Format) -> bool:
        """Whether the turns of a plain row are known to be right: filled, of roles in an order that was found right
        before. Nearly all rows of a file have one of a few orders."""
        for text in texts:
            if not text or text.isspace():
                return False
        order = (form.name, *[turn.role for turn in conversation.turns])
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
        """Tokens of a row. Images are not counted, and how tools and the names of speakers are laid out is not
        published: then it is an estimate."""
        turns = conversation.turns
        if holds_text_only(conversation):
            counted = self.count_said(turns)
            names = [turn.name for turn in turns if turn.name]
            return self._with_further(counted, names) if names else counted
        counted = self._counter.count_turns([turn._replace(content=_text(turn)) for turn in turns])
        return self._with_further(
            counted, [*(str(tool) for tool in conversation.tools), *(turn.name for turn in turns if turn.name)]
        )

    def count_said(self, turns: Sequence[Spoken]) -> TokenCount:
        """Tokens of turns that are roles and texts alone."""
        return self._counter.count_turns(turns)

    def _with_further(self, counted: TokenCount, texts: list[str]) -> TokenCount:
        return TokenCount(counted.tokens + sum(self._counter.count_text(text).tokens for text in texts), exact=False)

    def repeats(self, key: int) -> int:
        """The row of this check that has the same ``row_key`` as one of another file; 0 for none."""
        return self._first_rows.get(key, 0)

    def _find_images(
        self, row: dict[str, Any], conversation: Conversation, form: Format, number: int
    ) -> Iterator[Issue]:
        if form.holds.images and not self._takes_images:
            for place, turn in enumerate(conversation.turns):
                if turn.parts:
                    yield self._image(_field(row, form, place), number)

    def _find_marks(self, row: dict[str, Any], texts: list[str], form: Format, number: int) -> Iterator[Issue]:
        """NUL characters and markers of the chat template in the turns of a row."""
        for place, text in enumerate(texts):
            if "\0" in text:
                yield self._bad_character(_field(row, form, place), text, number)
            if find_control_token(text, self._markers):
                yield self._control_token(_field(row, form, place), text, number)

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


def _is_plain(conversation: Conversation) -> bool:
    """Whether a row is roles and texts alone."""
    for turn in conversation.turns:
        if turn.tool_calls or turn.parts or turn.weight is not None or turn.name:
            return False
    return conversation[1:] == _NOTHING_ELSE


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
