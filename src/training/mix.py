"""Whether hand-written training rows are what they are meant to be: number and kind, courtesy, refusals in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from src.core.errors import ConfigError, DatasetError
from src.core.jsonl import read_rows
from src.core.yaml_lines import read_yaml
from src.training.evaluation.lengths import count_words
from src.training.evaluation.politeness import is_polite
from src.utils.refusals import is_refusal

MIX_FILE: Final = "mix.yaml"
TIMES_LONGER: Final = 3
"""A detailed reply to learn from has at least so many times the words of the brief one: more than is measured by."""


class KnownRow(NamedTuple):
    """One row with its kind; ``number`` counts from 1."""

    number: int
    kind: str
    question: str
    reply: str


def read_known_rows(path: Path) -> list[KnownRow]:
    """The rows of ``path`` with the kinds that mix.yaml beside it names in order.

    Raises DatasetError when a row has another form than one user and one assistant turn, or the numbers differ, and
    ConfigError where mix.yaml does not know the file.
    """
    kinds = _read_kinds(path)
    rows = [_turns(path, row.number, row.value) for row in read_rows(path)]
    if len(rows) != len(kinds):
        raise DatasetError(
            f"{path.name} has {len(rows)} rows, and {MIX_FILE} counts {len(kinds)}.", fix=f"Correct {MIX_FILE}."
        )
    return [KnownRow(number, kind, *turns) for number, (kind, turns) in enumerate(zip(kinds, rows, strict=True), 1)]


def count_kinds(rows: Sequence[KnownRow]) -> Mapping[str, int]:
    """How many rows of each kind there are."""
    return Counter(row.kind for row in rows)


def find_faults(rows: Sequence[KnownRow]) -> list[str]:
    """What is wrong with the rows, one line each: a reply without courtesy, one that refuses or helps where it should
    not, a pair that differs too little in length."""
    faults = []
    for row in rows:
        if not is_polite(row.reply):
            faults.append(f"row {row.number}: no mark of courtesy")
        if is_refusal(row.reply) != (row.kind == "refusal"):
            faults.append(f"row {row.number}: {'refuses' if is_refusal(row.reply) else 'does not refuse'}")
    return [*faults, *_uneven_pairs([row for row in rows if row.kind == "length"])]


def _uneven_pairs(rows: Sequence[KnownRow]) -> Iterator[str]:
    if len(rows) % 2:
        yield f"row {rows[-1].number}: half of a pair is missing"
    for brief, detailed in zip(rows[::2], rows[1::2], strict=False):
        if count_words(detailed.reply) < TIMES_LONGER * count_words(brief.reply):
            yield f"rows {brief.number} and {detailed.number}: the detailed reply is not much longer"


def _read_kinds(path: Path) -> list[str]:
    mix = path.with_name(MIX_FILE)
    parts = read_yaml(mix, start="tiny_sft/mix.yaml shows how such a file looks.").values.get(path.name) or ()
    try:
        return [str(kind) for kind, count in parts for _ in range(count)]
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{mix.name} has no list of [kind, number] for {path.name}.", fix="tiny_sft/mix.yaml shows how it looks."
        ) from error


def _turns(path: Path, number: int, value: dict[str, Any] | None) -> tuple[str, str]:
    messages = value.get("messages") if value and set(value) == {"messages"} else None
    roles = [turn.get("role") for turn in messages] if isinstance(messages, list) else []
    if roles != ["user", "assistant"]:
        raise DatasetError(
            f"{path.name}, row {number}: not one user and one assistant turn.",
            fix='As in {"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]}.',
        )
    question, reply = (str(turn["content"]) for turn in messages or ())
    return question, reply
