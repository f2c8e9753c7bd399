"""What is wrong with a row by itself, whatever else stands in its file."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from src.core.types import Verdict
from src.data_prep.quality.looping import find_loop
from src.data_prep.quality.reading import read_conversation
from src.providers.conversation import Conversation
from src.providers.row_rules import STRICT_RULES, first_error
from src.utils.formats.control_tokens import all_control_tokens, control_tokens, find_control_token
from src.utils.formats.shape import FormatError
from src.utils.token_counter import tokenizer_for

DEFAULT_MODEL: Final = "Qwen/Qwen2.5-Coder-7B-Instruct"
"""The model whose trainers read the rows, unless another one is named."""

# What stands between bars is a marker in every vocabulary of today, whether this program knows the name or not.
_BARRED: Final = re.compile(r"<\|[A-Za-z][\w ]{0,40}\|>|<\uff5c[^\uff5c<>\n]{1,40}\uff5c>")
# A tag of HTML or of mathematics as well: a marker only for the models that have it.
_TAG: Final = re.compile(r"</?[a-z]{1,3}>")

_MOST_DAMAGED: Final = 0.01
_REPLACEMENT: Final = "\ufffd"
_FEWEST_DAMAGED: Final = 3

Check = Callable[[Conversation], Verdict]
_GOOD: Final = Verdict(keep=True)


def check_row(row: dict[str, Any], model: str = DEFAULT_MODEL) -> Verdict:
    """Whether a model can learn from a row of chat messages, and if not, why. Raises ConfigError for a model of no
    known family."""
    try:
        conversation = read_conversation(row)
    except FormatError as error:
        return Verdict(keep=False, reason="malformed_row", detail=str(error))
    problem = first_error(conversation, STRICT_RULES)
    if problem:
        return Verdict(keep=False, reason=problem.code, detail=problem.message)
    found = _control_token(conversation, model)
    if found:
        return Verdict(keep=False, reason="control_token", detail=found)
    return next((verdict for verdict in (check(conversation) for check in _CHECKS) if not verdict.keep), _GOOD)


def _control_token(conversation: Conversation, model: str) -> str:
    """A marker of a chat template in a text: a tokenizer may take it for the real thing."""
    markers = _markers(model)
    for turn in conversation.turns:
        # the two beginnings first: nearly no text has one, and the pattern takes its time
        may_be_barred = "<|" in turn.content or "<\uff5c" in turn.content
        barred = _BARRED.search(turn.content) if may_be_barred else None
        found = barred[0] if barred else find_control_token(turn.content, markers)
        if found:
            return found
    return ""


@cache
def _markers(model: str) -> tuple[str, ...]:
    others = (marker for marker in all_control_tokens() if not _TAG.fullmatch(marker))
    return tuple(sorted({*control_tokens(tokenizer_for(model)), *others}))


def _is_readable(conversation: Conversation) -> Verdict:
    for turn in conversation.turns:
        if "\0" in turn.content:
            return Verdict(keep=False, reason="invalid_characters", detail="a NUL character")
        lost = turn.content.count(_REPLACEMENT)
        if lost >= _FEWEST_DAMAGED and lost > _MOST_DAMAGED * len(turn.content):
            return Verdict(keep=False, reason="invalid_characters", detail=f"{lost} characters were lost in decoding")
    return _GOOD


def _says_something(conversation: Conversation) -> Verdict:
    """An answer that only gives the question back teaches nothing."""
    for asked, answered in zip(conversation.turns, conversation.turns[1:], strict=False):
        is_answer = answered.role == "assistant" and not answered.tool_calls and asked.role == "user"
        if is_answer and _same_words(asked.content, answered.content):
            return Verdict(keep=False, reason="answer_repeats_question", detail="the answer is the question")
    return _GOOD


def _same_words(left: str, right: str) -> bool:
    words, others = left.split(), right.split()
    return len(words) == len(others) and [one.casefold() for one in words] == [one.casefold() for one in others]


def _comes_to_an_end(conversation: Conversation) -> Verdict:
    for turn in conversation.turns:
        loop = find_loop(turn.content) if turn.role == "assistant" else ""
        if loop:
            return Verdict(keep=False, reason="repeats_itself", detail=loop)
    return _GOOD


_CHECKS: Final[tuple[Check, ...]] = (_is_readable, _says_something, _comes_to_an_end)
