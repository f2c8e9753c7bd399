"""Files of rows, of which each may have another layout: messages as models read them, or those of ShareGPT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from src.data_prep.chat_logs.formats import openai_messages, sharegpt
from src.data_prep.chat_logs.types import Conversation

LAYOUTS: Final = (sharegpt, openai_messages)


def read(records: Iterable[dict[str, Any]], name: str) -> Iterator[Conversation]:
    """One conversation a row."""
    for number, record in enumerate(records, start=1):
        found = (one.conversation(record, f"{name}:{number}") for one in LAYOUTS)
        conversation = next(filter(None, found), None)
        if conversation:
            yield conversation
