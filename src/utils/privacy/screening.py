"""What is private in the samples of a dataset: counted, replaced, or a reason to leave the sample out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from src.core.types import ALTERED, REJECTED, Message, Rejection, Sample
from src.utils.privacy.extras import Extra, find_more
from src.utils.privacy.redaction import Redactor
from src.utils.privacy.scan import find_in_conversation, users_of
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
        texts = [message.content for message in item.messages] + [item.rejected]
        spans = find_in_conversation(texts, self._extras)
        found: Counter[str] = Counter(span.label for spans_of_text in spans for span in spans_of_text)
        if self._policy == "report":
            return Screened(item, found)
        if self._policy == "redact" or not found:  # what is stored beside the turns is no reason to drop them
            return Screened(_redacted(item, texts, spans, Redactor(extras=self._extras)), found)
        labels = ", ".join(f"{label} {count:,}" for label, count in sorted(found.items()))
        return Screened(Rejection(PRIVATE, labels, None, item.source_file, item.span), found)

    def _without_values(self, rejection: Rejection) -> Rejection:
        sample = rejection.sample
        turns = [message.content for message in sample.messages] + [sample.rejected] if sample else []
        redactor = Redactor(users_of([*turns, rejection.raw]), self._extras)
        return replace(
            rejection,
            sample=_redacted(sample, turns, find_in_conversation(turns, self._extras), redactor) if sample else None,
            detail=redactor.redact(rejection.detail),
            raw=redactor.redact(rejection.raw),
        )

    def count(self, found: Mapping[str, int]) -> None:
        """Count what was found in a sample that is kept, or rejected for it."""
        self._samples += bool(found)
        self._found.update(found)

    def describe(self) -> dict[str, Any]:
        """The policy, the samples that held something, and the places by label, as plain JSON values; {} when off."""
        if self._policy == "off":
            return {}
        return {"policy": self._policy, "samples": self._samples, "found": dict(sorted(self._found.items()))}


def _redacted(
    sample: Sample, texts: Sequence[str], spans: Sequence[Sequence[PrivateSpan]], redactor: Redactor
) -> Sample:
    """The sample without what is private in its turns and beside them; a turn that was altered is no longer cut from
    the source. ``texts`` are its turns and its worse answer, ``spans`` what was found in each."""
    *contents, worse = (redactor.replace(text, found) for text, found in zip(texts, spans, strict=True))
    counts = Counter(sample.metadata.get(ALTERED, {})) + redactor.counts  # of the turns, not of what stands beside them
    metadata = {key: _redacted_value(value, redactor) for key, value in sample.metadata.items()}
    metadata |= ({REJECTED: worse} if worse else {}) | ({ALTERED: dict(sorted(counts.items()))} if counts else {})
    return replace(
        sample,
        messages=tuple(map(_with_content, sample.messages, contents)),
        locator=redactor.redact(sample.locator),
        topic_keywords=tuple(word for word in sample.topic_keywords if not redactor.took(word)),
        metadata=metadata,
    )


def _with_content(message: Message, content: str) -> Message:
    return message if content == message.content else Message(message.role, content)


def _redacted_value(value: Any, redactor: Redactor) -> Any:
    """A JSON value with its texts redacted."""
    if isinstance(value, str):
        return redactor.redact(value)
    if isinstance(value, list | tuple):
        return [_redacted_value(item, redactor) for item in value]
    if isinstance(value, dict):
        return {key: _redacted_value(item, redactor) for key, item in value.items()}
    return value
