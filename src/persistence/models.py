"""What a row of the database means: records of datasets, stored samples, and their lossless way to a row and back."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple, cast

import orjson

from src.core.names import well_formed
from src.core.types import (
    REJECTED,
    DatasetRecord,
    Message,
    Origin,
    Rejection,
    Role,
    RunFacts,
    Sample,
    Span,
    SplitName,
    Status,
    Usage,
)

Columns = Mapping[str, Any]
_QUOTED = re.compile(r'["\r\n]')
_ROLE, _TEXT = itemgetter("role"), itemgetter("content")
_NO_MESSAGES = "the content is not a list of messages"


@dataclass(frozen=True, slots=True)
class StoredSample:
    """A sample with what the store knows of it. ``id`` is "" until it is stored: the store derives it."""

    sample: Sample
    token_length: int
    split: SplitName | None = None
    id: str = ""


class StoredTurns(NamedTuple):
    """The conversation of a stored sample, without what a training file does not hold. ``worse`` is the other answer
    of a preference pair, "" for every other sample. (A tuple: exports read millions.)"""

    roles: tuple[Role, ...]
    texts: list[str]
    split: SplitName
    worse: str = ""


def make_dataset_id(name: str, config_hash: str) -> str:
    """The id of a dataset, 16 hex digits: the same run has the same one anywhere; names are unique in a database."""
    return hashlib.sha256(f"{name}\n{config_hash}".encode()).hexdigest()[:16]


def make_sample_id(dataset_id: str, content_hash: str) -> str:
    """The primary key of a sample: differs between datasets, so that one sample may stand in two of them."""
    return hashlib.sha256(f"{dataset_id}\n{content_hash}".encode()).hexdigest()


def to_timestamp(moment: datetime) -> str:
    """``moment`` in UTC as SQLite writes CURRENT_TIMESTAMP, with microseconds: sorts by time as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def from_timestamp(text: str) -> datetime:
    """The aware UTC time of a stored timestamp."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dataset_to_row(record: DatasetRecord) -> dict[str, Any]:
    """The columns of table ``datasets``."""
    return {
        "id": record.id,
        "name": record.name,
        "provider": record.provider,
        "model": record.model,
        "mode": record.mode,
        "created_at": to_timestamp(record.created_at),
        "total_samples": record.total_samples,
        "total_tokens": record.total_tokens,
        "config": record.config,
        "status": record.status,
        "config_hash": record.config_hash,
        "finished_at": to_timestamp(record.finished_at) if record.finished_at else None,
        "requested": record.requested,
        "proposed": record.proposed,
        "rejected": orjson.dumps(dict(record.rejected)).decode(),
        "run": orjson.dumps(record.run).decode(),
        "parent": record.parent,
        "version": record.version,
        "reason": record.reason,
        "author": record.author,
        "content_hash": record.content_hash,
        "deleted_at": to_timestamp(record.deleted_at) if record.deleted_at else None,
    }


def dataset_from_row(row: Columns) -> DatasetRecord:
    """The record of a row of ``datasets``. Raises ValueError when the row was not written by this program."""
    return DatasetRecord(
        id=row["id"],
        name=row["name"],
        provider=row["provider"],
        model=row["model"],
        mode=row["mode"],
        created_at=from_timestamp(row["created_at"]),
        total_samples=row["total_samples"] or 0,
        total_tokens=row["total_tokens"] or 0,
        config=row["config"] or "{}",
        status=cast("Status", row["status"]),
        config_hash=row["config_hash"],
        finished_at=from_timestamp(row["finished_at"]) if row["finished_at"] else None,
        requested=row["requested"],
        proposed=row["proposed"],
        rejected=orjson.loads(row["rejected"]),
        run=_run_from_json(orjson.loads(row["run"])),
        parent=row["parent"],
        version=row["version"],
        reason=row["reason"],
        author=row["author"],
        content_hash=row["content_hash"],
        deleted_at=from_timestamp(row["deleted_at"]) if row["deleted_at"] else None,
    )


def sample_to_row(stored: StoredSample, dataset_id: str, position: int, created_at: datetime) -> dict[str, Any]:
    """The columns of table ``samples``. ``position`` counts from 0 in the order of the dataset."""
    sample = stored.sample
    content_hash = sample.id
    return {
        "id": make_sample_id(dataset_id, content_hash),
        "dataset_id": dataset_id,
        "content": orjson.dumps(_messages_to_json(sample.messages)).decode(),
        "token_length": stored.token_length,
        "topic_keywords": well_formed(join_keywords(sample.topic_keywords)),
        "source_file": well_formed(sample.source_file),
        "split": stored.split,
        "created_at": to_timestamp(created_at),
        "content_hash": content_hash,
        "origin": sample.origin,
        "span_start": sample.span.start if sample.span else None,
        "span_end": sample.span.end if sample.span else None,
        "locator": well_formed(sample.locator),
        "group_id": well_formed(sample.group),
        "position": position,
        "metadata": orjson.dumps(dict(sample.metadata)).decode(),
    }


def sample_from_row(row: Columns) -> StoredSample:
    """The sample of a row of ``samples``. Raises ValueError when its content is not what ``sample_to_row`` writes."""
    sample = Sample(
        messages=_messages_from_json(orjson.loads(row["content"])),
        origin=cast("Origin", row["origin"]),
        source_file=row["source_file"] or "",
        span=_span(row["span_start"], row["span_end"]),
        topic_keywords=split_keywords(row["topic_keywords"] or ""),
        group=row["group_id"],
        locator=row["locator"],
        metadata=orjson.loads(row["metadata"]),
    )
    split = cast("SplitName | None", row["split"])
    return StoredSample(sample=sample, token_length=row["token_length"] or 0, split=split, id=row["id"])


def turns_from_rows(rows: Iterable[Sequence[Any]]) -> Iterator[StoredTurns]:
    """The conversations of rows of content, side, metadata where that may hold a worse answer, and place; one in memory
    at a time. Raises ValueError when a content is not what ``sample_to_row`` writes."""
    for content, side, extras, _place in rows:
        turns = orjson.loads(content)
        if not isinstance(turns, list):
            raise ValueError(_NO_MESSAGES)  # noqa: TRY004 - bad data, not a bad call
        try:
            roles, texts = tuple(map(_ROLE, turns)), list(map(_TEXT, turns))
            worse = str(orjson.loads(extras).get(REJECTED, "")) if extras else ""
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{_NO_MESSAGES}: {error!r}") from error
        yield StoredTurns(roles, texts, side, worse)


def rejection_to_row(rejection: Rejection, dataset_id: str, position: int) -> dict[str, Any]:
    """The columns of table ``rejections``; ``content`` holds the whole rejected sample as JSON."""
    sample = rejection.sample
    return {
        "dataset_id": dataset_id,
        "position": position,
        "reason": rejection.reason,
        "detail": well_formed(rejection.detail),
        "source_file": well_formed(rejection.source_file),
        "span_start": rejection.span.start if rejection.span else None,
        "span_end": rejection.span.end if rejection.span else None,
        "content": orjson.dumps(rejected_sample(sample)).decode() if sample else None,
        "raw": well_formed(rejection.raw),
    }


def rejection_from_row(row: Columns) -> Rejection:
    """The rejection of a row of ``rejections``."""
    return Rejection(
        reason=row["reason"],
        detail=row["detail"],
        sample=_sample_from_json(orjson.loads(row["content"])) if row["content"] else None,
        source_file=row["source_file"],
        span=_span(row["span_start"], row["span_end"]),
        raw=row["raw"],
    )


def rejected_sample(sample: Sample) -> dict[str, Any]:
    """A rejected sample as plain JSON values. Broken Unicode, itself a ground for rejection, is shown as escapes."""
    messages = tuple(Message(turn.role, well_formed(turn.content), turn.pieces) for turn in sample.messages)
    return {
        "messages": _messages_to_json(messages),
        "origin": sample.origin,
        "source_file": well_formed(sample.source_file),
        "span": list(sample.span) if sample.span else None,
        "topic_keywords": [well_formed(keyword) for keyword in sample.topic_keywords],
        "group": well_formed(sample.group),
        "locator": well_formed(sample.locator),
        "metadata": dict(sample.metadata),
    }


def join_keywords(keywords: Sequence[str]) -> str:
    """Keywords separated by commas; one that holds a comma, a quote or a line break is quoted as in RFC 4180."""
    if not keywords:
        return ""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(keywords)  # what ends a line is what gets quoted
    return line.getvalue().removesuffix("\r\n")


def split_keywords(text: str) -> tuple[str, ...]:
    """The keywords of ``join_keywords``."""
    if not _QUOTED.search(text):
        return tuple(text.split(",")) if text else ()
    return tuple(next(csv.reader(io.StringIO(text, newline="")), ()))


def _run_from_json(value: Mapping[str, Any]) -> RunFacts:
    """The facts of a run; what an older version did not store keeps its default."""
    usage = value.get("usage")
    texts = {name: tuple(value.get(name, ())) for name in ("warnings", "split_warnings", "rounds")}
    return RunFacts(**{**value, **texts, "usage": Usage(**usage) if usage else None})


def _messages_to_json(messages: Sequence[Message]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for message in messages:
        row: dict[str, Any] = {"role": message.role, "content": message.content}
        if message.pieces:
            row["pieces"] = [list(piece) for piece in message.pieces]
        rows.append(row)
    return rows


def _messages_from_json(rows: Any) -> tuple[Message, ...]:
    if not isinstance(rows, list):
        raise ValueError(_NO_MESSAGES)  # noqa: TRY004 - bad data, not a bad call
    try:
        return tuple(
            Message(row["role"], row["content"], tuple(Span(*piece) for piece in row.get("pieces", ()))) for row in rows
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{_NO_MESSAGES}: {error!r}") from error


def _sample_from_json(value: Mapping[str, Any]) -> Sample:
    return Sample(
        messages=_messages_from_json(value["messages"]),
        origin=value["origin"],
        source_file=value["source_file"],
        span=Span(*value["span"]) if value["span"] else None,
        topic_keywords=tuple(value["topic_keywords"]),
        group=value["group"],
        locator=value["locator"],
        metadata=value["metadata"],
    )


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
