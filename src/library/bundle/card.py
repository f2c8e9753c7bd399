"""The card of a stored dataset: Markdown with the front matter that the Hugging Face Hub reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from src import VERSION
from src.core.types import DatasetRecord, SplitName
from src.library.bundle.rows import COLUMNS
from src.library.bundle.summary import Summary
from src.reports.cards import card_cell, count_table, front_matter, licence_matter, size_category

_FEATURES: Final[Mapping[str, Any]] = {
    "string": {"dtype": "string"},
    "int64": {"dtype": "int64"},
    "strings": {"list": "string"},
    "messages": {"list": [{"name": "role", "dtype": "string"}, {"name": "content", "dtype": "string"}]},
}
_MEANINGS: Final = {
    "id": "hash of the messages: the same conversation has the same id everywhere",
    "messages": "the conversation, each turn with role and content",
    "rejected": "in preference pairs: an answer that is worse than the last turn; else null",
    "origin": "extracted: word for word from its source; generated: written by a model from it",
    "source_file": "the document that it comes from",
    "locator": "the place in it, as a page or line",
    "span_start": "first character of that place in the document's text, from 0; null where it is not known",
    "span_end": "the character behind its last one",
    "topic_keywords": "words that the passage is about",
    "tokens": "length in tokens of the model that the dataset was made for",
}

_DONE: Final = {
    "report": "were found and are still in the rows",
    "redact": "were found and replaced",
    "drop": "were found, and the samples that held them dropped",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What its owner says of a dataset. ``licence`` is "" where nobody named one; ``languages`` are those that were
    told by the texts, or named instead."""

    licence: str = ""
    languages: tuple[str, ...] = ()


def data_files(shards: Mapping[SplitName, int], suffix: str) -> list[dict[str, str]]:
    """Which files belong to which side, for a number of shards each. The number is part of the pattern: shards that an
    earlier version has left are not read."""
    return [
        {"split": side, "path": f"data/{side}-*-of-{count:05d}.{suffix}"} for side, count in shards.items() if count
    ]


def write_card(
    record: DatasetRecord, summary: Summary, terms: Terms, files: Sequence[Mapping[str, str]], *, flat: bool = True
) -> str:
    """The card. ``files`` are those of ``data_files``; ``flat`` says that their rows have ``COLUMNS``."""
    matter: dict[str, Any] = {"pretty_name": record.name, **licence_matter([terms.licence] if terms.licence else [])}
    languages = terms.languages or summary.languages
    if languages:
        matter["language"] = list(languages)
    matter |= {
        "task_categories": ["text-generation"],
        "size_categories": [size_category(summary.rows)],
        "tags": ["fine-tuning", *(["preference"] if summary.pairs else [])],
        "configs": [{"config_name": "default", "data_files": [dict(one) for one in files]}],
    }
    if flat:
        matter["dataset_info"] = {"features": [{"name": name, **_FEATURES[kind]} for name, kind in COLUMNS]}
    return "\n".join([front_matter(matter), *_body(record, summary, terms, flat=flat), ""])


def _body(record: DatasetRecord, summary: Summary, terms: Terms, *, flat: bool) -> list[str]:
    sides = dict(sorted(summary.counts.sides.items()))
    lines = [f"# {card_cell(record.name)}", "", f"{summary.rows:,} conversations to fine-tune a language model on.", ""]
    lines += ["| figure | value |", "|---|---|"]
    lines += [f"| {side} | {count:,} |" for side, count in sides.items()]
    lines += [
        f"| tokens | {record.total_tokens:,}, as {card_cell(record.model)} counts them |",
        f"| made for | {record.provider} {card_cell(record.model)}, mode {record.mode} |",
        f"| written by | {_writer(record, summary)} |",
        f"| version | {record.version}{f' ({card_cell(record.reason)})' if record.reason else ''} |",
        f"| proposed, kept, rejected | {record.proposed:,}, {summary.rows:,}, {sum(record.rejected.values()):,} |",
        "",
    ]
    if not terms.licence:
        lines += ["**No licence was named: ask the owners of the sources before you use it.**", ""]
    lines += count_table("Origins", summary.counts.origins, summary.rows)
    lines += count_table("Sources", summary.sources, summary.rows)
    if flat:
        lines += ["## Columns", "", "| column | meaning |", "|---|---|"]
        lines += [f"| `{name}` | {_MEANINGS[name]} |" for name, _ in COLUMNS]
        lines += [""]
    return [*lines, *_cautions(record, summary), f"Made with dataset builder {VERSION}."]


def _writer(record: DatasetRecord, summary: Summary) -> str:
    if record.run.writer:
        return card_cell(record.run.writer)
    return "not recorded" if summary.counts.origins["generated"] else "no model: extracted word for word"


def _cautions(record: DatasetRecord, summary: Summary) -> list[str]:
    """What a reader of the data should know before they train on it."""
    found = []
    if summary.counts.demo_samples:
        found.append(f"{summary.counts.demo_samples:,} rows are of demo quality: they are not meant for training.")
    if summary.counts.objections:
        found.append(f"{summary.counts.objections.total():,} rows were kept although a check objected.")
    if summary.edited:
        found.append(f"{summary.edited:,} rows were changed by hand.")
    private = private_data(record)
    if private:
        found.append(private)
    return ["## Cautions", "", *(f"- {one}" for one in found), ""] if found else []


def private_data(record: DatasetRecord) -> str:
    """What was found of secrets and personal data, and what became of it; "" where nothing was looked for or found."""
    privacy = record.run.privacy
    places = ", ".join(f"{card_cell(name)} {count:,}" for name, count in sorted(privacy.get("found", {}).items()))
    done = _DONE.get(str(privacy.get("policy")), "")
    return f"Private data {done}: {places}." if places and done else ""
