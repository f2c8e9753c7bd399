"""What is private in the samples of a dataset: counted, replaced, or a reason to leave the sample out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from src.core.types import ALTERED, REJECTED, Message, Rejection, Sample
from src.utils.privacy.extras import Extra, find_more
from src.utils.privacy.redaction import Redactor
from src.utils.privacy.scan import find_in_conversation
from src.utils.privacy.spans import PrivateSpan

Policy = Literal["off", "report", "redact", "drop"]
PRIVATE = "private_data"
"""The reason of a rejection: it says how much of what was found, and never the sample itself."""


class Screened(NamedTuple):
    """A proposal as it may go on, and how many places of each label it held."""

    item: Sample | Rejection
    found: Mapping[str, int]


class Screening:
    """Looks at every proposal of a run. ``off`` looks at nothing, ``report`` only counts, ``redact`` replaces what it
    finds, ``drop`` rejects the sample. What was found is never kept, but for its label. ``extras`` are the detectors
    of optional packages to ask too."""

    def __init__(self, policy: Policy, extras: Sequence[Extra] = ()) -> None:
        """Raises MissingPackageError for an extra that is not installed: before anything is paid for."""
        if policy != "off":
            find_more((), extras)
        self._policy = policy
        self._extras = extras
        self._samples = 0
        self._found: Counter[str] = Counter()

    def screen(self, item: Sample | Rejection) -> Screened:
        """A proposal of the agent; rejections too are stored and written to a file."""
        if self._policy == "off" or (self._policy == "report" and isinstance(item, Rejection)):
            return Screened(item, {})
        if isinstance(item, Rejection):
            return Screened(self._without_values(item), {})
        turns, beside = _turns(item), _beside(item)
        if self._policy == "report":  # what stands beside the turns is not replaced, so that one look at all is enough
            spans = find_in_conversation(turns, self._extras, beside=["\n\n".join(beside)])
        else:
            spans = find_in_conversation([*turns, *beside], self._extras)
        found: Counter[str] = Counter(span.label for spans_of_turn in spans[: len(turns)] for span in spans_of_turn)
        if self._policy == "report":
            return Screened(item, found)
        if self._policy == "redact" or not found:  # what is stored beside the turns is no reason to drop them
            return Screened(_redacted(item, spans, Redactor()), found)
        labels = ", ".join(f"{label} {count:,}" for label, count in sorted(found.items()))
        return Screened(Rejection(PRIVATE, labels, None, item.source_file, item.span), found)

    def _without_values(self, rejection: Rejection) -> Rejection:
        sample = rejection.sample
        texts = [*_turns(sample), *_beside(sample)] if sample else []
        spans = find_in_conversation([*texts, rejection.detail, rejection.raw], self._extras)
        redactor = Redactor()
        clean = _redacted(sample, spans[:-2], redactor) if sample else None
        detail, raw = map(redactor.replace, (rejection.detail, rejection.raw), spans[-2:])
        return replace(rejection, sample=clean, detail=detail, raw=raw)

    def count(self, found: Mapping[str, int]) -> None:
        """Count what was found in a sample that is kept, or rejected for it."""
        self._samples += bool(found)
        self._found.update(found)

    def describe(self) -> dict[str, Any]:
        """The policy, the samples that held something, and the places by label, as plain JSON values; {} when off."""
        if self._policy == "off":
            return {}
        return {"policy": self._policy, "samples": self._samples, "found": dict(sorted(self._found.items()))}


def _turns(sample: Sample) -> list[str]:
    """The texts of a sample that are looked through: its turns and its worse answer."""
    return [*(message.content for message in sample.messages), sample.rejected]


def _beside(sample: Sample) -> list[str]:
    """The texts that are stored beside the turns: what one shows is known in the others."""
    return [sample.locator, *_texts_in({**sample.metadata, REJECTED: ""})]


def _texts_in(value: Any) -> Iterator[str]:
    """Every text of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(item)


def _redacted(sample: Sample, spans: Sequence[Sequence[PrivateSpan]], redactor: Redactor) -> Sample:
    """The sample without what is private in its turns and beside them, which ``spans`` say text by text; a turn that
    was altered is no longer cut from the source."""
    turns, beside = _turns(sample), _beside(sample)
    clean = dict(zip(turns, map(redactor.replace, turns, spans), strict=True))
    counts = Counter(sample.metadata.get(ALTERED, {})) + redactor.counts  # of the turns, not of what stands beside them
    clean |= zip(beside, map(redactor.replace, beside, spans[len(turns) :]), strict=True)
    metadata = {key: _with_texts(value, clean) for key, value in sample.metadata.items()}
    metadata |= {ALTERED: dict(sorted(counts.items()))} if counts else {}
    return replace(
        sample,
        messages=tuple(_with_content(message, clean[message.content]) for message in sample.messages),
        locator=clean[sample.locator],
        topic_keywords=tuple(word for word in sample.topic_keywords if not redactor.took(word)),
        metadata=metadata,
    )


def _with_content(message: Message, content: str) -> Message:
    return message if content == message.content else Message(message.role, content)


def _with_texts(value: Any, clean: Mapping[str, str]) -> Any:
    """A JSON value with ``clean`` in place of its texts."""
    if isinstance(value, str):
        return clean[value]
    if isinstance(value, list | tuple):
        return [_with_texts(item, clean) for item in value]
    if isinstance(value, dict):
        return {key: _with_texts(item, clean) for key, item in value.items()}
    return value
