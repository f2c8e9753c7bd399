"""What training on a dataset costs with each of several models, and which of them take it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from src.core.specs import ModelLimits, WriterModel
from src.core.types import Issue, Message, Role, TokenCount
from src.providers.conversation import Conversation, holds_text_only
from src.providers.limits import check_size, check_split, check_tokens, check_volume
from src.providers.training_price import billed_tokens, training_usd
from src.utils.formats.form import Format
from src.utils.formats.registry import formats_of
from src.utils.row_checks import RowCheck
from src.utils.token_counter import TokenCounter

CUTS_LONG_ROWS = frozenset({"openai"})
"""Providers that train on a row up to its limit, and bill that much (context_files reference, 4.2)."""
_ROLES: Mapping[str, Role] = {"system": "system", "user": "user", "assistant": "assistant", "tool": "user"}


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What one model makes of a dataset.

    ``refused`` maps why rows cannot be trained on to their number; ``errors`` are what would stop the whole job.
    ``tokens`` are those of one epoch as they are billed, not exact where a row or a part of one was not counted;
    ``error`` is the share by which an estimate of one example may be off, ``needs`` the package that would make it
    exact. ``usd`` is None where no price is published; how long a job takes no vendor publishes.
    """

    limits: ModelLimits
    rows: int
    refused: Mapping[str, int]
    errors: tuple[Issue, ...]
    tokens: TokenCount
    error: float
    needs: str
    epochs: int
    usd: float | None
    counted_by: str = ""

    @property
    def fits(self) -> bool:
        """True when nothing would stop a training job."""
        return not self.refused and not self.errors

    @property
    def why_not(self) -> str:
        """What would stop it, in a sentence; "" when nothing would."""
        rows = [f"{count:,} of {self.rows:,} rows: {reason}" for reason, count in self.refused.items()]
        return "; ".join([*rows, *(issue.message.rstrip(".") for issue in self.errors)])


@dataclass(slots=True)
class _Tally:
    """The running totals of one model."""

    limits: ModelLimits
    formats: tuple[Format, ...]
    refused: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    billed: int = 0
    exact: bool = True
    bytes: int = 0


class Costs:
    """Adds up the rows of a dataset for several models at once; every text is counted once per tokenizer."""

    def __init__(self, models: Sequence[ModelLimits]) -> None:
        self.rows = 0
        self.answer_tokens = 0
        self._held_out = 0
        self._validation = dict.fromkeys((model.tokenizer for model in models), TokenCount(0, exact=True))
        self._counters = {model.tokenizer: TokenCounter(model.tokenizer) for model in models}
        self._checks = {model.tokenizer: RowCheck(model, self._counters[model.tokenizer]) for model in models}
        self._tallies = [_Tally(model, formats_of(model)) for model in models]
        self._base = TokenCounter("o200k_base")
        self._counted_by: Mapping[str, Sequence[int]] = {}

    def use_counts(self, counts: Mapping[str, Sequence[int]]) -> None:
        """Take the tokens of each row from ``counts``, by ``ModelLimits.counted_by``, where they are there."""
        self._counted_by = counts

    def add(self, conversation: Conversation) -> None:
        """One training row."""
        counted = {name: self._count(name, conversation) for name in self._counters}
        written: dict[str, int | str] = {}
        for tally in self._tallies:
            told = self._counted_by.get(tally.limits.counted_by)
            tokens = counted[tally.limits.tokenizer]
            if told:
                tokens = TokenCount(told[self.rows], exact=_is_all_asked(conversation))
            _add(tally, conversation, tokens, written)
        self.answer_tokens += sum(
            self._base.count_text(turn.content).tokens for turn in conversation.turns if turn.role == "assistant"
        )
        self.rows += 1

    def add_held_out(self, conversation: Conversation) -> None:
        """One row of the validation file."""
        for name, former in self._validation.items():
            counted = self._count(name, conversation)
            self._validation[name] = TokenCount(former.tokens + counted.tokens, former.exact and counted.exact)
        self._held_out += 1

    def models(self, epochs: int, *, is_whole: bool = True) -> list[ModelCost]:
        """Every model with its cost for ``epochs`` passes over the rows, the best choice first; ``is_whole`` is False
        where rows could not be read."""
        return sorted((self._cost(tally, epochs, is_whole=is_whole) for tally in self._tallies), key=_rank)

    def _count(self, tokenizer: str, conversation: Conversation) -> TokenCount:
        """Tokens of a row; those of a preference pair's worse answer with it. Names of turns are not counted."""
        counted = self._checks[tokenizer].count(conversation)
        if any(turn.name for turn in conversation.turns):
            counted = counted._replace(exact=False)
        if conversation.rejected is None:
            return counted
        worse = self._counters[tokenizer].count_text(conversation.rejected.content)
        return TokenCount(counted.tokens + worse.tokens, counted.exact and worse.exact)

    def _cost(self, tally: _Tally, epochs: int, *, is_whole: bool) -> ModelCost:
        limits, counter = tally.limits, self._counters[tally.limits.tokenizer]
        validation, held_out = self._validation[limits.tokenizer], self._held_out
        billed = billed_tokens(limits, 1, tally.billed, validation.tokens)
        exact = is_whole and tally.exact and (validation.exact or billed == tally.billed)
        found = (
            *check_size(self.rows, limits, held_out),
            *check_volume(TokenCount(tally.tokens, tally.exact), tally.bytes, limits),
            *check_split(self.rows, held_out, limits),
        )
        told = limits.counted_by if limits.counted_by in self._counted_by else ""
        return ModelCost(
            limits,
            self.rows,
            dict(tally.refused),
            tuple(issue for issue in found if issue.severity == "error"),
            TokenCount(billed, exact),
            0.0 if told else counter.error,
            "" if told else counter.needs,
            epochs,
            training_usd(limits, epochs * billed),
            told,
        )


def has_tool_calls(conversation: Conversation) -> bool:
    """Whether tools are defined or called."""
    return bool(conversation.tools) or any(turn.tool_calls for turn in conversation.turns)


def messages_of(conversation: Conversation) -> tuple[Message, ...]:
    """The turns as messages: a tool's answer stands as the user's."""
    return tuple([Message(_ROLES[turn.role], turn.content) for turn in conversation.turns])


def writing_cost(writer: WriterModel, rows: int, input_tokens: int, output_tokens: int) -> float | None:
    """USD for writing ``rows`` samples with so many tokens each; None where no price is published."""
    if writer.input_price is None or writer.output_price is None:
        return None
    return rows * (input_tokens * writer.input_price + output_tokens * writer.output_price) / 1_000_000


def _is_all_asked(conversation: Conversation) -> bool:
    """Whether a vendor that is asked for the tokens hears of everything that it is trained on: ``messages_of`` holds
    texts alone."""
    turns = conversation.turns
    return conversation.rejected is None and holds_text_only(conversation) and not any(turn.name for turn in turns)


def _add(tally: _Tally, conversation: Conversation, counted: TokenCount, written: dict[str, int | str]) -> None:
    size = _row_bytes(tally.formats, conversation, written)
    if isinstance(size, str):
        tally.refused[size] += 1
        return
    limits = tally.limits
    tally.bytes += size
    tally.tokens += counted.tokens
    tally.exact = tally.exact and counted.exact
    most = limits.max_example_tokens
    cut = most is not None and counted.tokens > most
    tally.billed += most if cut and most is not None and limits.provider in CUTS_LONG_ROWS else counted.tokens
    if cut and any(issue.severity == "error" for issue in check_tokens(counted, limits)):
        tally.refused[f"longer than {most:,} tokens"] += 1


def _row_bytes(formats: Sequence[Format], conversation: Conversation, written: dict[str, int | str]) -> int | str:
    """The size of the row in the first of ``formats`` that takes it, or why none does; ``written`` remembers."""
    is_pair = conversation.rejected is not None
    fitting = [form for form in formats if form.holds.pair == is_pair]
    reason = "takes no preference pairs" if is_pair else "takes preference pairs only"
    for form in fitting:
        if form.name not in written:
            written[form.name] = _written(form, conversation)
        size = written[form.name]
        if isinstance(size, int):
            return size
        reason = size
    return reason


def _written(form: Format, conversation: Conversation) -> int | str:
    if not form.holds.tools and has_tool_calls(conversation):
        return "holds tool calls"
    if not form.holds.images and any(turn.parts for turn in conversation.turns):
        return "holds an image"
    try:
        return len(orjson.dumps(form.to_row(conversation))) + 1
    except (ValueError, TypeError) as error:
        return str(error).rstrip(".")


def _rank(cost: ModelCost) -> tuple[bool, bool, bool, float, str]:
    """Models that take the dataset today come first, the cheapest of them at the head; then those with an unknown
    price, those that do not take it, and those that nobody tunes any more."""
    usd = cost.usd
    return (not cost.limits.tunable, not cost.fits, usd is None, usd or 0.0, cost.limits.title)
