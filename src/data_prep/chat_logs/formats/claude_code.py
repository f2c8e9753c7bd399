"""Sessions of Claude Code: records that point at their parents, in files to which every resumed or rewound session
appends; and the same records as a list, as the web version hands them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Final, NamedTuple

from src.data_prep.chat_logs.cleaning import block_texts, clean, join_blocks, objects, text_at
from src.data_prep.chat_logs.markup import words_of_blocks
from src.data_prep.chat_logs.trees import path_to
from src.data_prep.chat_logs.types import HIDDEN, INTERRUPT, Conversation, Turn

NAME: Final = "claude_code"

Record = dict[str, Any]

_SAID: Final = frozenset({"user", "assistant"})
_INTERRUPTED: Final = "[Request interrupted by user"
_COMMAND: Final = "<command-"
_SUMMARIES: Final = ("isCompactSummary", "isVisibleInTranscriptOnly")
_SYNTHETIC: Final = "<synthetic>"
_QUEUED: Final = "queued_command"
_HANDED_ON: Final[dict[str, tuple[str, type]]] = {
    "user": ("message", dict),
    "assistant": ("message", dict),
    "system": ("subtype", str),
    "stream_event": ("event", dict),
    "result": ("result", str),
}
"""The kinds of messages that the program hands on to others, and what each of them holds."""
_OF_ROWS: Final = frozenset({"messages", "conversations"})


class _Line(NamedTuple):
    """What is needed of a record. ``parent`` is "" where it names none, and ``is_root`` says that it means it.

    ``is_said`` is False for what only the program says: context, summaries, errors. ``content`` is a text or blocks,
    None standing for those that hold none: results of tools, images and thoughts would fill the memory.
    """

    kind: str
    uuid: str
    parent: str
    is_root: bool
    session: str
    time: str
    place: str
    is_said: bool
    is_meta: bool
    is_summary: bool
    message: str
    content: Any


def is_record(record: Record) -> bool:
    """Whether ``record`` is a line of a session, or a whole session of the web version."""
    if isinstance(record.get("loglines"), list):
        return True
    if text_at(record, "type") in {"summary", "file-history-snapshot"}:
        return "leafUuid" in record or "snapshot" in record
    if "sessionId" in record:
        return "message" in record or "parentUuid" in record or "type" in record
    return {"session_id", "uuid"} <= record.keys() and _is_handed_on(record)


def _is_handed_on(record: Record) -> bool:
    """Whether ``record`` is a message as the program hands it on: events and rows of others have such ids too."""
    key, kind = _HANDED_ON.get(text_at(record, "type"), ("", dict))
    return isinstance(record.get(key), kind) and _OF_ROWS.isdisjoint(record)


def read(records: Iterable[Record], name: str) -> Iterator[Conversation]:
    """The conversation that the session ended with, and one for each other session of the file."""
    lines = _told_apart(one for record in records for one in _unpacked(record))
    blocks = _blocks(lines)
    for chain in _chains(lines):
        session = chain[-1].session or name
        places = tuple(dict.fromkeys(line.place for line in chain if line.place))
        turns = tuple(_turns(_whole_messages(chain, blocks)))
        yield Conversation(NAME, session, turns, chain[0].uuid or session, places)


def _chains(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The chain that the file ends with, and that of each session which shares no line with those before."""
    graph = _Graph(lines)
    sessions: dict[str, list[_Line]] = {}
    for line in lines:
        sessions.setdefault(line.session, []).append(line)
    known: set[str] = set()
    for own in (lines, *sessions.values()):
        chain = graph.chain(own, known)
        if chain:
            known.update(line.uuid for line in chain)
            yield chain


def _unpacked(record: Record) -> Iterable[Record]:
    loglines = record.get("loglines")
    return objects(loglines) if isinstance(loglines, list) else (record,)


def _told_apart(records: Iterable[Record]) -> list[_Line]:
    """The records that links run through, each once: a session that was branched off repeats those before it."""
    lines: dict[str, _Line] = {}
    for number, record in enumerate(records):
        uuid = text_at(record, "uuid")
        kind = text_at(record, "type")
        is_part = record.get("isSidechain") or record.get("parent_tool_use_id")  # the web version's word for it
        if not is_part and (uuid or kind in _SAID):
            key = uuid or f"#{number}"
            if key not in lines:
                lines[key] = _line(record, key, kind)
    return list(lines.values())


def _line(record: Record, uuid: str, kind: str) -> _Line:
    message = record.get("message")
    message = message if isinstance(message, dict) else {}
    queued = _queued(record) if kind == "attachment" else None
    kind = "user" if queued else kind
    content = queued or message.get("content")
    if isinstance(content, str) and "toolUseResult" in record:
        content = None
    elif isinstance(content, list):
        content = [one if isinstance(one, dict) and one.get("type") == "text" else None for one in content]
    parent = text_at(record, "parentUuid") or text_at(record, "logicalParentUuid")
    is_meta, is_summary = bool(record.get("isMeta")), any(record.get(flag) for flag in _SUMMARIES)
    is_error = record.get("isApiErrorMessage") or message.get("model") == _SYNTHETIC
    return _Line(
        kind,
        uuid,
        parent,
        not parent and "parentUuid" in record,
        text_at(record, "sessionId") or text_at(record, "session_id"),
        text_at(record, "timestamp"),
        text_at(record, "cwd"),
        kind in _SAID and not (is_meta or is_summary or is_error),
        is_meta,
        is_summary,
        text_at(message, "id"),
        content,
    )


def _queued(record: Record) -> Any:
    """What the person wrote while the model was still at work, which is attached where the model read it."""
    attachment = record.get("attachment")
    return attachment.get("prompt") if text_at(record, "attachment", "type") == _QUEUED and attachment else None


class _Graph:
    """How the lines of a file follow each other.

    A line whose parent is not in the file follows the one before, as all do in a file that knows no links. What was
    compacted points at what it follows by another name, and is no root.
    """

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines = {line.uuid: line for line in lines}
        self._parents: dict[str, str | None] = {}
        self._children: dict[str, list[_Line]] = {}
        has_links = any(line.parent in self._lines for line in lines)
        before: str | None = None
        for line in lines:
            is_root = has_links and line.is_root
            parent = None if is_root else line.parent if line.parent in self._lines else before
            self._parents[line.uuid] = parent
            if parent is not None and line.is_said:
                self._children.setdefault(parent, []).append(line)
            before = line.uuid

    def chain(self, own: Sequence[_Line], known: Set[str]) -> list[_Line]:
        """The lines from the root to the last one that was said of ``own``, or to what follows that: lines are not
        always written in the order of their links. Empty where one of them is in ``known``."""
        last = next((line for line in reversed(own) if line.is_said), None)
        if last is None or last.uuid in known:
            return []
        leaf = last
        seen = {leaf.uuid}
        while following := [line for line in self._children.get(leaf.uuid, ()) if line.uuid not in seen]:
            leaf = max(following, key=lambda line: line.time)
            seen.add(leaf.uuid)
        chain = path_to(leaf.uuid, self._lines, lambda line: self._parents[line.uuid])
        return chain if known.isdisjoint(line.uuid for line in chain) else []


def _blocks(lines: Iterable[_Line]) -> dict[str, list[_Line]]:
    """The lines of every answer, by its message: it is written block by block."""
    blocks: dict[str, list[_Line]] = {}
    for line in lines:
        if line.message and line.kind == "assistant":
            blocks.setdefault(line.message, []).append(line)
    return blocks


def _whole_messages(chain: Sequence[_Line], blocks: Mapping[str, list[_Line]]) -> Iterator[list[_Line]]:
    """The lines of ``chain``; those of one answer together at the first of them, with blocks that lie beside the
    chain."""
    done: set[str] = set()
    for line in chain:
        if line.kind != "assistant" or not line.message:
            yield [line]
        elif line.message not in done:
            done.add(line.message)
            yield blocks[line.message]


def _turns(messages: Iterable[list[_Line]]) -> Iterator[Turn]:
    for lines in messages:
        if lines[0].kind == "user":
            yield from _of_person(lines[0])
        elif lines[0].kind == "assistant":
            text = clean(_answer(line for line in lines if line.is_said))
            if text:
                yield Turn("assistant", text)


def _answer(lines: Iterable[_Line]) -> str:
    """The text of an answer: its blocks, of which a later one may repeat the one before as far as it had come."""
    joined: list[str | None] = []
    for line in lines:
        for block in block_texts(line.content, ("text",)):
            last = joined[-1] if joined else None
            if block and last and block.startswith(last):
                joined[-1] = block
            else:
                joined += [None, block]
    return join_blocks(joined)


def _of_person(line: _Line) -> Iterator[Turn]:
    """What a line of the person says: nothing where it brings results of tools."""
    texts = [text for text in block_texts(line.content, ("text",)) if text]
    if any(text.lstrip().startswith(_INTERRUPTED) for text in texts):
        yield INTERRUPT
        return
    if line.is_meta or line.is_summary or not texts:
        return
    words = words_of_blocks(map(clean, texts))
    if words:
        yield Turn("user", words)
    elif any(text.lstrip().startswith(_COMMAND) for text in texts):
        yield HIDDEN
