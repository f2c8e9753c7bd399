"""Bulk changes: samples that are dropped by rules, and what is replaced, trimmed and relabelled in the others."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, NamedTuple

from src.library.editing.labels import Relabelling
from src.library.editing.patterns import Replacement
from src.library.editing.revision import Editor, Revision, rewrite, with_labels
from src.library.editing.rules import Part, Rule, Scope, first_reason
from src.persistence.models import StoredSample

_EMPTY_LINES: Final = re.compile(r"\A(?:[^\S\n]*\n)+")
_PARTS_OF_ROLE: dict[str, Part] = {"user": "question", "assistant": "answer", "system": "system"}


class Cleaning(NamedTuple):
    """What is done to the samples of ``scope``: first those that a rule speaks against are dropped, then patterns are
    replaced in the turns that ``part`` means, white space around turns is trimmed, and labels are changed."""

    editor: Editor
    scope: Scope = Scope()
    rules: tuple[Rule, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    part: Part = "all"
    trim: bool = False
    labels: Relabelling = Relabelling({}, {}, {})

    @property
    def does_nothing(self) -> bool:
        """Whether nothing was asked for."""
        return not (self.rules or self.replacements or self.trim or any(self.labels))

    def revise(self, row: StoredSample) -> Revision:
        """What becomes of one sample. Raises UsageError for a pattern that takes too long on it."""
        if not self.scope.holds(row):
            return Revision(row)
        reason = first_reason(self.rules, row)
        if reason:
            return Revision(None, reason, "dropped by 'clean'")
        return Revision(self._labelled(self._rewritten(row)))

    def _rewritten(self, row: StoredSample) -> StoredSample:
        sample = row.sample
        texts = [self._changed(turn.content, _PARTS_OF_ROLE[turn.role]) for turn in sample.messages]
        worse = self._changed(sample.rejected, "answer") if sample.rejected else ""
        if worse == sample.rejected and not self.labels.roles and texts == [turn.content for turn in sample.messages]:
            return row
        turns = [replace(turn, content=text) for turn, text in zip(sample.messages, texts, strict=True)]
        return replace(row, sample=rewrite(sample, self.labels.turns(turns), self.editor, rejected=worse))

    def _changed(self, text: str, part: Part) -> str:
        for replacement in self.replacements if self.part in {"all", part} else ():
            text = replacement.apply(text)
        return _trim(text) if self.trim else text

    def _labelled(self, row: StoredSample) -> StoredSample:
        if not (self.labels.topics or self.labels.splits):
            return row
        return with_labels(row, self.labels.keywords(row.sample.topic_keywords), self.labels.side(row.split))


def _trim(text: str) -> str:
    """``text`` without empty lines before it and white space behind it. The first of several lines keeps what it begins
    with: code is indented."""
    kept = _EMPTY_LINES.sub("", text.rstrip())
    return kept if "\n" in kept else kept.lstrip()
