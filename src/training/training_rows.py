"""Rows as tokens with a mask: what the model reads, and what of it the model learns to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from src.core.errors import ConfigError, DatasetError
from src.training.chat_template import mark_template
from src.training.settings import Row, place_of_row

IGNORED: Final = -100
"""The label of a token that does not count in the loss, as torch knows it."""


class Encoded(NamedTuple):
    """The tokens of a row; ``mask`` is 1 where the assistant writes, the end of the turn included, else 0."""

    ids: list[int]
    mask: list[int]


@dataclass(frozen=True, slots=True)
class EncodedRows:
    """What is trained on. ``cut`` rows were longer than the limit, ``without_answer`` held nothing to learn within it
    and were left out."""

    rows: tuple[Encoded, ...]
    cut: int = 0
    without_answer: int = 0

    @property
    def tokens(self) -> int:
        return sum(len(row.ids) for row in self.rows)

    @property
    def learnt(self) -> int:
        """Tokens that the assistant writes."""
        return sum(sum(row.mask) for row in self.rows)


class RowEncoder:
    """Encodes rows in the chat template of one tokenizer; training and perplexity count the same tokens."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._marked = mark_template(tokenizer)

    def encode(self, row: Row) -> Encoded:
        """The whole row, however long. Raises DatasetError for a row that the template refuses, ConfigError for a
        template that does not say where an answer begins."""
        from jinja2 import TemplateError

        messages, tools = _messages(row), row.get("tools")
        try:
            if self._marked is not None:
                return self._by_markers(messages, tools)
            return self._by_prefixes(messages, tools)
        except (TemplateError, TypeError) as error:  # TypeError: it adds up what cannot be added
            raise DatasetError(
                f"{place_of_row(row)}: the model's chat template refuses it: {error}",
                fix="Roles have to take turns, user first; some templates know no system turn.",
            ) from error

    def _by_markers(self, messages: list[Any], tools: Any) -> Encoded:
        found = self._tokenizer.apply_chat_template(
            messages,
            tools=tools,
            chat_template=self._marked,
            return_dict=True,
            return_assistant_tokens_mask=True,
        )
        return Encoded(list(found["input_ids"]), list(found["assistant_masks"]))

    def _by_prefixes(self, messages: list[Any], tools: Any) -> Encoded:
        """Without markers: an answer is what the conversation up to its end has more than the prompt for it."""
        whole = self._render(messages, tools)
        spans = []
        for place, message in enumerate(messages):
            if message["role"] == "assistant":
                prompt = self._render(messages[:place], tools, add_generation_prompt=True)
                said = self._render(messages[: place + 1], tools).rstrip()
                if not (whole.startswith(said) and said.startswith(prompt)):
                    raise ConfigError(
                        "The chat template of this model does not say where an answer begins.",
                        fix="Put {% generation %} markers into it (chat_template.jinja), or take another base model.",
                    )
                spans.append((len(prompt), len(said)))
        found = self._tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True)
        mask = [
            int(any(start < end and begin <= start and end <= stop for begin, stop in spans))
            for start, end in found["offset_mapping"]
        ]
        return Encoded(list(found["input_ids"]), mask)

    def _render(self, messages: list[Any], tools: Any, *, add_generation_prompt: bool = False) -> str:
        text: str = self._tokenizer.apply_chat_template(
            messages, tools=tools, tokenize=False, add_generation_prompt=add_generation_prompt
        )
        return text


def encode(tokenizer: Any, row: Row) -> Encoded:
    """One row; ``RowEncoder`` is the quicker way for many."""
    return RowEncoder(tokenizer).encode(row)


def encode_rows(tokenizer: Any, rows: Iterable[Row], max_length: int, *, held_out: bool = False) -> EncodedRows:
    """All rows, cut to ``max_length`` tokens. Raises DatasetError where nothing is left to learn, or to measure in
    rows ``held_out``."""
    encoder = RowEncoder(tokenizer)
    whole = [encoder.encode(row) for row in rows]
    cut = [Encoded(row.ids[:max_length], row.mask[:max_length]) for row in whole]
    kept = tuple(row for row in cut if any(row.mask))
    if not kept:
        nothing = "measure with: no held-out row" if held_out else "learn: no row"
        raise DatasetError(
            f"There is nothing to {nothing} holds an answer of an assistant"
            + (f" within {max_length:,} tokens." if whole else "."),
            fix="Rows need messages with a user and an assistant turn; --max-length raises the limit."
            + (" Other rows are named with --held-out." if held_out else ""),
        )
    return EncodedRows(
        rows=kept,
        cut=sum(len(row.ids) > max_length for row in whole),
        without_answer=len(cut) - len(kept),
    )


def _messages(row: Row) -> list[Any]:
    """The messages, each with a text: one that only calls tools has an empty one, for templates add texts up."""
    messages, place = row.get("messages"), place_of_row(row)
    if not isinstance(messages, Sequence) or isinstance(messages, str) or not messages:
        raise DatasetError(
            f"{place} has no messages; it holds {', '.join(map(repr, row)) or 'nothing'}.",
            fix='Each row is {"messages": [{"role": "user", "content": "..."}, ...]}; \'convert\' makes such rows.',
        )
    return [_message(message, place) for message in messages]


def _message(message: Any, place: str) -> dict[str, Any]:
    if isinstance(message, dict) and message.get("tool_calls") and message.get("content") is None:
        message = {**message, "content": ""}
    if not isinstance(message, dict) or not {"role", "content"} <= message.keys():
        raise DatasetError(
            f"{place}: a message has no role or no content: {str(message)[:60]!r}.",
            fix="Correct that row.",
        )
    return message
