"""Sessions of Codex in the layouts of its versions: lines with an envelope, bare lines, one object with items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from src.data_prep.chat_logs.cleaning import block_texts, clean, join_apart, objects, text_at
from src.data_prep.chat_logs.markup import words_of_blocks, words_of_person
from src.data_prep.chat_logs.types import HIDDEN, INTERRUPT, Conversation, Turn

NAME: Final = "codex"

_ENVELOPES: Final = frozenset({"session_meta", "turn_context", "response_item", "event_msg", "compacted"})
_ITEMS: Final = frozenset({"message", "reasoning", "function_call", "function_call_output", "local_shell_call"})
_TEXTS: Final = frozenset({"input_text", "output_text", "text"})
_ACTION: Final = "<user_action>"
"""What somebody asked for by a command, as a review: the answer is none to a question."""
_CITES: Final = "<oai-mem-citation>"
_CITATION: Final = re.compile(
    r"(?P<code>^[ \t]*(?P<fence>```|~~~).*?(?:^[ \t]*(?P=fence)|\Z))"
    rf"|^{_CITES}(?:(?:(?!</?oai-mem-citation>).)*</oai-mem-citation>|\s*(?:<citation_entries>(?:(?!{_CITES}).)*)?\Z)\n*",
    re.DOTALL | re.MULTILINE,
)
"""A block of code, or what begins a line and is closed, or was cut off before that. Each is passed once."""
_ABORTED: Final = frozenset({"turn_aborted", "task_aborted"})


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is a line of a session, or a session as the first version wrote it."""
    kind = text_at(record, "type")
    return (
        (kind in _ENVELOPES and isinstance(record.get("payload"), dict))
        or record.get("record_type") == "state"
        or _is_bare_head(record)
        or (
            kind in _ITEMS
            and ("content" in record or "summary" in record or "call_id" in record)
            and "uuid" not in record
        )
        or (isinstance(record.get("session"), dict) and isinstance(record.get("items"), list))
    )


def _is_bare_head(record: dict[str, Any]) -> bool:
    return "type" not in record and isinstance(record.get("id"), str) and {"timestamp", "instructions"} <= record.keys()


def read(records: Iterable[dict[str, Any]], name: str) -> Iterator[Conversation]:
    """The conversation of a session; none of a session that another one started for a part of its work.

    Messages stand in the file twice, as items of the protocol and as events of the screen: the items count, and the
    events where there are none.
    """
    session = _Session()
    for record in records:
        session.add(record)
    if not session.is_part:
        turns = session.turns if any(turn.text for turn in session.turns) else session.shown
        yield Conversation(NAME, session.id or name, tuple(turns), session.id or name, session.places)


class _Session:
    """What the lines of a file say so far."""

    def __init__(self) -> None:
        self.id = ""
        self.is_part = False
        self.places: tuple[str, ...] = ()
        self.turns: list[Turn] = []
        self.shown: list[Turn] = []

    def add(self, record: dict[str, Any]) -> None:
        """Take in one line."""
        payload = record.get("payload")
        match record.get("type"):
            case "session_meta":
                self._begin(payload)
            case "event_msg":
                self._event(payload)
            case "response_item":
                self._item(payload)
            case "message":
                self._item(record)
            case None if "items" in record:
                self._begin(record.get("session"))
                for item in objects(record["items"]):
                    self._item({"type": "message", **item})
            case None if _is_bare_head(record):
                self._begin(record)
            case _:
                pass  # contexts, thoughts, calls, results, summaries

    def _begin(self, meta: Any) -> None:
        """A session that goes on with another one repeats that one's head: the first names the file's own."""
        if not self.id:
            self.id = text_at(meta, "id")
            source = meta.get("source") if isinstance(meta, dict) else None
            self.is_part = isinstance(source, dict) and source.get("subagent") is not None
            self.places = tuple(filter(None, (text_at(meta, "cwd"),)))

    def _item(self, item: Any) -> None:
        if not isinstance(item, dict) or item.get("type") != "message":
            return
        texts = [clean(text) for text in block_texts(item.get("content"), _TEXTS) if text]
        if item.get("role") == "user":
            self._asked(texts)
        elif item.get("role") == "assistant" and (said := join_apart(map(_without_citation, texts))):
            self.turns.append(Turn("assistant", said))

    def _asked(self, texts: list[str]) -> None:
        words = words_of_blocks(texts)
        if words:
            self.turns.append(Turn("user", words))
        elif any(text.startswith("<turn_aborted>") for text in texts):
            self._interrupt()
        elif any(text.startswith(_ACTION) for text in texts):
            self.turns.append(HIDDEN)

    def _event(self, event: Any) -> None:
        kind = text_at(event, "type")
        text = clean(text_at(event, "message"))
        if kind == "user_message" and words_of_person(text):
            self.shown.append(Turn("user", words_of_person(text)))
        elif kind == "agent_message" and (said := _without_citation(text)):
            self.shown.append(Turn("assistant", said))
        elif kind in _ABORTED:
            self._interrupt()
        elif kind == "thread_rolled_back":
            count = event.get("num_turns")
            for turns in (self.turns, self.shown):
                _take_back(turns, count if isinstance(count, int) else 1)

    def _interrupt(self) -> None:
        for turns in (self.turns, self.shown):
            if turns and turns[-1] != INTERRUPT:
                turns.append(INTERRUPT)


def _without_citation(text: str) -> str:
    """An answer without what it says, for the program alone, of the memories that it used."""
    if _CITES not in text:
        return text
    return _CITATION.sub(lambda found: found["code"] or "", text).strip()


def _take_back(turns: list[Turn], count: int) -> None:
    """Remove the last ``count`` questions and what follows them."""
    asked = [index for index, turn in enumerate(turns) if turn.role == "user" and turn.text]
    if asked and count > 0:
        del turns[asked[-min(count, len(asked))] :]
