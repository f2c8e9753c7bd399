"""Finds the chat logs below a folder, tells their formats, and reads conversation after conversation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, NamedTuple

from src.core.errors import InputFileError
from src.core.types import ProgressEvent
from src.data_prep.chat_logs.cleaning import is_dislike, text_at, writable
from src.data_prep.chat_logs.detect import (
    FEEDBACK,
    OWN,
    SLACK,
    Format,
    RecordFormat,
    TextFormat,
    detect,
    is_own,
)
from src.data_prep.chat_logs.formats import chatgpt, cursor, slack
from src.data_prep.chat_logs.json_stream import read_values
from src.data_prep.chat_logs.log_files import LogFile, Shelf, find_paths
from src.data_prep.chat_logs.types import Conversation
from src.persistence.blob_store import BESIDE, read_blobs

Tell = Callable[[ProgressEvent], None]

_TOLD_EVERY: Final = 200
"""Records between two reports of how far reading came."""


class Logged(NamedTuple):
    """A conversation, and the path of its file below the folder that was asked for. ``own_id`` is its id without the
    name of the file, which stands in the id where the log has none: in an archive a file has another name."""

    source: str
    conversation: Conversation
    own_id: str


class Problem(NamedTuple):
    """A file that cannot be read, and why."""

    source: str
    cause: str


class _Found(NamedTuple):
    file: LogFile
    format: Format


class LogReader:
    """Reads the logs below ``source``, but for the files of ``without``; what it met stands in its fields at the end.

    One file after the other, one conversation in memory at a time where the format allows it: sessions, chats and
    channels that are spread over records are held whole.
    """

    def __init__(self, source: Path, without: frozenset[Path], report_to: Tell) -> None:
        self._source = source
        self._without = without
        self._tell = report_to
        self._disliked: set[str] = set()
        self._done = 0
        self._total = 0
        self.files: Counter[str] = Counter()
        """Files by format."""
        self.problems: list[Problem] = []
        self.broken_lines = 0
        self.skipped = 0
        """Files that hold no chats."""

    def conversations(self) -> Iterator[Logged]:
        """Every conversation, in the order of the files. Raises InputFileError where there is nothing to read."""
        with Shelf() as shelf:
            found = self._detect(shelf)
            self._total = sum(one.file.size for one in found)
            for one in found:
                if one.format == FEEDBACK:
                    self._read_feedback(shelf, one.file)
            for one in found:
                if one.format not in {FEEDBACK, SLACK}:
                    self.files[one.format.name] += 1
                    yield from self._guarded(one.file, self._read(shelf, one))
            yield from self._read_slack(shelf, [one.file for one in found if one.format == SLACK])

    def _detect(self, shelf: Shelf) -> list[_Found]:
        """The files that hold chats."""
        base = self._source if self._source.is_dir() else self._source.parent
        found = []
        for path in find_paths(self._source, self._without):
            source = writable(path.relative_to(base).as_posix())
            try:
                for file in shelf.files(path, source):
                    with shelf.open(file) as stream:
                        kind = detect(stream)
                    if kind is None or kind == OWN:
                        self.skipped += 1
                    else:
                        found.append(_Found(file, kind))
            except InputFileError as error:
                self.problems.append(Problem(source, str(error)))
        return found

    def _guarded(self, file: LogFile, logged: Iterator[Logged]) -> Iterator[Logged]:
        """What can be read of a file; what comes behind a damage is lost, and told."""
        try:
            yield from logged
        except InputFileError as error:
            self.problems.append(Problem(file.source, str(error)))
        self._finish(file)

    def _finish(self, file: LogFile) -> None:
        self._done += file.size
        self._tell(ProgressEvent("files", self._done, self._total, unit="bytes"))

    def _read(self, shelf: Shelf, found: _Found) -> Iterator[Logged]:
        file, kind = found
        if isinstance(kind, RecordFormat):
            conversations = self._read_records(shelf, kind, file)
        elif isinstance(kind, TextFormat):
            with shelf.open(file) as stream:
                text = stream.read().decode("utf-8-sig", "replace")
            conversations = kind.read(text, file.name)
        else:
            conversations = self._read_database(shelf, file)
        for conversation in conversations:
            yield Logged(file.source, conversation, conversation.id.removeprefix(file.name))

    def _read_records(self, shelf: Shelf, kind: RecordFormat, file: LogFile) -> Iterator[Conversation]:
        with shelf.open(file) as stream:
            records = self._records(stream)
            if kind.name == chatgpt.NAME:
                yield from chatgpt.read(records, file.name, frozenset(self._disliked))
            else:
                yield from kind.read(records, file.name)

    def _records(self, stream: IO[bytes]) -> Iterator[dict[str, Any]]:
        """The records of a file, but for rows that this program made."""
        for number, value in enumerate(read_values(stream)):
            if value is None:
                self.broken_lines += 1
            elif isinstance(value, dict) and not is_own(value):
                yield value
            if number % _TOLD_EVERY == 0:
                self._tell(ProgressEvent("files", self._done + stream.tell(), self._total, unit="bytes"))

    def _read_feedback(self, shelf: Shelf, file: LogFile) -> None:
        """The answers that somebody disliked, which ChatGPT's export names in a file of its own, up to its damage."""
        try:
            with shelf.open(file) as stream:
                for record in self._records(stream):
                    if is_dislike(record.get("rating")):
                        self._disliked |= {text_at(record, "id"), text_at(record, "message_id")} - {""}
        except InputFileError as error:
            self.problems.append(Problem(file.source, str(error)))

    def _read_database(self, shelf: Shelf, file: LogFile) -> Iterator[Conversation]:
        """The chat of a database, which has to lie on the disk."""
        if not file.member:
            yield from cursor.read(read_blobs(file.path), file.name)
            return
        with TemporaryDirectory() as folder:
            yield from cursor.read(read_blobs(shelf.unpack(file, Path(folder), BESIDE)), file.name)

    def _read_slack(self, shelf: Shelf, files: list[LogFile]) -> Iterator[Logged]:
        """The threads of every channel: the files of its days lie in one folder."""
        for _folder, days in groupby(sorted(files, key=lambda file: file.folder), lambda file: file.folder):
            messages: list[slack.Message] = []
            channel = ""
            for day in days:
                channel = day.folder_name
                self.files[slack.NAME] += 1
                try:
                    with shelf.open(day) as stream:
                        messages += [slack.Message(day.source, record) for record in self._records(stream)]
                except InputFileError as error:
                    self.problems.append(Problem(day.source, str(error)))
                self._finish(day)
            for thread in slack.read(messages, channel):
                yield Logged(thread.source, thread.conversation, thread.conversation.id)
