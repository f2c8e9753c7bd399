"""Turns a folder of chat logs into rows: reads, focuses, checks, makes private, cuts to length, writes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import IO, Any, Final

from src.core.jsonl import atomic_writer, dump_line, part_of
from src.core.kept_file import keeping_writers
from src.data_prep.chat_logs.cleaning import writable
from src.data_prep.chat_logs.dialogue import exchanges
from src.data_prep.chat_logs.formats import slack
from src.data_prep.chat_logs.quality import judge
from src.data_prep.chat_logs.reading import Logged, LogReader, Tell
from src.data_prep.chat_logs.report import FormatCounts, LogReport
from src.data_prep.chat_logs.settings import LogSettings
from src.data_prep.chat_logs.topic import topic_of
from src.data_prep.chat_logs.types import Exchange
from src.data_prep.chat_logs.windows import Cutter, Window, follow_ups, messages_of
from src.data_prep.rows import chat_row
from src.utils.privacy.redaction import Redactor
from src.utils.privacy.scan import secrets_of, users_of
from src.utils.token_counter import TokenCounter, tokenizer_for

_EXCERPT: Final = 160
"""Characters of a question that a rejected conversation is known again by."""


def convert(settings: LogSettings, tell: Tell = lambda _event: None) -> LogReport:
    """Write the rows of every conversation below ``settings.source``, what was left out beside them, and the follow-ups
    where they are asked for. All files appear whole or not at all; where no row was made, earlier ones stay.

    Raises InputFileError where there is nothing to read, StorageError, and ConfigError for an unknown model.
    """
    report = LogReport()
    own = [path.resolve() for path in settings.written]
    reader = LogReader(settings.source, frozenset([*own, *map(part_of, own)]), report_to=tell)
    row_files = [settings.out, *([settings.follow_up_out] if settings.follow_ups else [])]
    with atomic_writer(settings.rejects) as rejects, keeping_writers(row_files) as outputs:
        conversion = _Conversion(settings, report, outputs, rejects)
        for logged in reader.conversations():
            conversion.add(logged)
        for problem in reader.problems:
            rejects.write(
                dump_line({"source": problem.source, "reason": "unreadable", "detail": writable(problem.cause)})
            )
    report.unreadable = [f"{problem.source}: {problem.cause}" for problem in reader.problems]
    report.broken_lines, report.skipped = reader.broken_lines, reader.skipped
    for name, files in reader.files.items():
        report.formats.setdefault(name, FormatCounts()).files = files
    return report


class _Conversion:
    """The way of one conversation after the other, and what was counted."""

    def __init__(
        self, settings: LogSettings, report: LogReport, outputs: Sequence[IO[bytes]], rejects: IO[bytes]
    ) -> None:
        """``outputs`` takes the rows, and where they are asked for the follow-ups."""
        self._settings = settings
        self._report = report
        self._outputs = outputs
        self._rejects = rejects
        self._counter = TokenCounter(tokenizer_for(settings.model))
        self._cutter = Cutter(self._counter, settings.system, settings.max_len)
        self._seen: set[int] = set()
        report.tokens_exact = self._counter.exact

    def add(self, logged: Logged) -> None:
        """Write what a conversation gives, or why it gives nothing."""
        counts = self._report.formats.setdefault(logged.conversation.format, FormatCounts())
        counts.conversations += 1
        conversation = logged.conversation
        found = exchanges(conversation.turns, by_model=conversation.format != slack.NAME)
        reason = self._keep(logged, found, counts)
        if reason:
            self._report.rejected[reason] += 1
            self._rejects.write(dump_line(self._rejected(logged, found, reason)))
        else:
            counts.kept += 1

    def _keep(self, logged: Logged, found: list[Exchange], counts: FormatCounts) -> str:
        """Write the rows of a conversation; the reason where there are none."""
        if not found:
            turns = logged.conversation.turns
            return "no_question" if turns and all(turn.role == "assistant" for turn in turns) else "no_answer"
        if self._is_copy(logged, found):
            return "copy"
        judged = judge(found)
        if not judged.kept:
            return judged.dropped.most_common(1)[0][0]
        topic = topic_of(judged.kept) if self._settings.topics else ""
        if self._settings.topics and topic not in self._settings.topics:
            return "off_topic"
        clean = self._private(logged, judged.kept)
        if clean is None:
            return "private"
        windows = list(self._cutter.windows(clean))
        if not windows:
            return "too_long"
        self._report.left_out += judged.dropped
        self._report.left_out["too_long"] += len(clean) - sum(len(window.exchanges) for window in windows)
        self._report.topics[topic or "any"] += 1
        is_altered = clean != judged.kept
        rows = [self._row(logged, topic, window, number, is_altered) for number, window in enumerate(windows)]
        counts.rows += len(rows)
        self._write(rows)
        if self._settings.follow_ups:
            self._write_follow_ups(logged, topic, clean, is_altered)
        return ""

    def _is_copy(self, logged: Logged, found: list[Exchange]) -> bool:
        """Whether the same conversation came before: an export lies beside its archive, or was made twice."""
        key = hash((logged.conversation.format, logged.own_id, *found))
        is_copy = key in self._seen
        self._seen.add(key)
        return is_copy

    def _private(self, logged: Logged, kept: list[Exchange]) -> list[Exchange] | None:
        """The exchanges without what is private; None where the conversation has to go for it."""
        if self._settings.privacy == "off":
            return kept
        texts = [text for exchange in kept for text in (exchange.question, exchange.answer)]
        redactor = Redactor(users_of(logged.conversation.places))
        clean = redactor.redact_all(texts, beside=_others(logged, texts))
        redacted = [
            exchange._replace(question=question, answer=answer)
            for exchange, question, answer in zip(kept, clean[::2], clean[1::2], strict=True)
        ]
        self._report.private += redactor.counts
        if self._settings.privacy == "drop" and redactor.counts:
            return None
        return redacted if self._settings.privacy == "redact" else kept

    def _row(self, logged: Logged, topic: str, window: Window, number: int, is_altered: bool) -> dict[str, Any]:
        messages = messages_of(self._settings.system, window.exchanges)
        conversation = logged.conversation
        shared = f"{conversation.format}:{conversation.root or conversation.id or logged.source}"
        group = "chat-" + hashlib.sha256(shared.encode("utf-8", "replace")).hexdigest()[:16]
        meta: dict[str, Any] = {"format": conversation.format, "topic": topic or "any", "window": number}
        altered = [name for name in (window.altered, "redacted" if is_altered else "") if name]
        meta |= {"altered": altered} if altered else {}
        return {**chat_row(messages, "claude_logs", group, "chat", **meta), "source": logged.source}

    def _write(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self._report.rows += 1
            self._report.first_row = self._report.first_row or row
            self._outputs[0].write(dump_line(row))

    def _write_follow_ups(self, logged: Logged, topic: str, clean: list[Exchange], is_altered: bool) -> None:
        number = 0
        for piece in follow_ups(clean, self._settings.follow_ups):
            for window in self._cutter.windows(piece):
                if len(window.exchanges) > 1:
                    row = self._row(logged, topic, window, number, is_altered)
                    self._outputs[1].write(dump_line(row))
                    self._report.follow_up_rows += 1
                    number += 1

    def _rejected(self, logged: Logged, found: list[Exchange], reason: str) -> dict[str, Any]:
        """What a person needs to find a conversation again, without what is private in it."""
        first = found[0].question if found else next((turn.text for turn in logged.conversation.turns if turn.text), "")
        if self._settings.privacy != "off":  # before it is cut: half a key is found by no rule
            known_users, known_secrets = users_of(logged.conversation.places), secrets_of(_others(logged, [first]))
            first = Redactor(known_users, secrets=known_secrets).redact(first)
        return {
            "source": logged.source,
            "format": logged.conversation.format,
            "id": writable(logged.conversation.id),
            "reason": reason,
            "exchanges": len(found),
            "begins": writable(first[:_EXCERPT]),
        }


def _others(logged: Logged, texts: Sequence[str]) -> list[str]:
    """What was said in a conversation beside ``texts``: it may show what is private in them."""
    known = set(texts)
    said = dict.fromkeys(turn.text for turn in logged.conversation.turns)
    return [text for text in said if text not in known]
