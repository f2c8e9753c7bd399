"""What a change of a dataset would do, before anything happens: counts, the first changes, and what it would spoil."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from src.core.types import Sample
from src.library.editing.checking import REPEATED, BadRow, Checked, Renewed, field_of, find_repeated
from src.library.editing.private_data import PrivateData
from src.library.editing.revision import Revise, is_same, is_same_text
from src.persistence.models import StoredSample
from src.utils.sample_checks import Problem, content_key

SHOWN = 10
"""Changes and bad rows that a preview keeps to be shown."""

_KEYWORDS = "topic_keywords"

Check = Callable[[Sample], Checked]
Rows = Callable[[], Iterable[StoredSample]]
"""Reads the dataset from its beginning, one row at a time."""


class Change(NamedTuple):
    """One sample before and after; ``before`` None: added, ``after`` None: dropped, for ``reason``."""

    row: int
    before: StoredSample | None
    after: StoredSample | None
    reason: str = ""


@dataclass(slots=True)
class Preview:
    """Counts over all rows. ``edited`` have another text, ``relabelled`` the same text under other labels or on another
    side, ``dropped`` go by reason. ``bad`` are the rows that their change would spoil, by number; ``changes`` are the
    first ones that would be made. ``private`` are the places of private data, by label, that come in with changed and
    added texts. ``version`` is the id of the version that was looked at."""

    version: str = ""
    rows: int = 0
    edited: int = 0
    relabelled: int = 0
    moved: int = 0
    added: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    bad: dict[int, BadRow] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    private: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Rows that would not be what they were, without the bad ones."""
        return self.edited + self.relabelled + self.added + self.dropped.total()

    @property
    def left(self) -> int:
        """Samples that there would be."""
        return self.rows - self.dropped.total() + self.added


def preview_revision(
    rows: Rows, revise: Revise, added: Sequence[StoredSample], check: Check, private: PrivateData
) -> Preview:
    """Ask ``revise`` about each of ``rows``, and check what it changed and the ``added`` ones. Rows are read one at a
    time, and a second time where a text changes: nothing may come to say the same as one that stays. In memory are 8
    bytes of each row then, and a line for each changed one."""
    seen = _Seen(check, private)
    for number, row in enumerate(rows(), start=1):
        seen.take(number, row, revise)
    for number, row in enumerate(added, start=seen.preview.rows + 1):
        seen.renew(number, None, row)
    return seen.finish(rows)


class _Seen:
    """Counts changes as they come; only at the end is it known which of them repeat another row."""

    def __init__(self, check: Check, private: PrivateData) -> None:
        self.preview = Preview()
        self._check = check
        self._private = private
        self._found: dict[int, Counter[str]] = {}
        self._renewed: list[Renewed] = []
        self._gone: set[int] = set()
        self._ids: dict[int, str] = {}

    def take(self, number: int, row: StoredSample, revise: Revise) -> None:
        preview = self.preview
        preview.rows += 1
        after, reason, _ = revise(row)
        if after is None:
            preview.dropped[reason] += 1
            self._gone.add(number)
        elif after is row or is_same(row, after):
            return
        elif not is_same_text(row.sample, after.sample):
            self._gone.add(number)
            self.renew(number, row, after)
            return
        elif problem := self._label_problem(row, after):
            preview.bad[number] = BadRow(number, row.sample.id, _KEYWORDS, *problem)
            return
        else:
            preview.relabelled += 1
            preview.moved += row.split != after.split
        self._show(Change(number, row, after, reason))

    def renew(self, number: int, before: StoredSample | None, after: StoredSample) -> None:
        """A sample that says something new; ``before`` None: it was not there."""
        problem = self._check(after.sample).problem
        place = field_of(after.sample, problem) if problem else _KEYWORDS
        problem = problem or self._label_problem(before, after)
        self._ids[number] = before.sample.id if before else ""
        if problem:
            self.preview.bad[number] = BadRow(number, self._ids[number], place, *problem)
            self._renewed.append(Renewed(number, content_key(before.sample) if before else None, 0))
            return
        if new := self._private.find(after.sample) - (self._private.find(before.sample) if before else Counter()):
            self._found[number] = new
        if before:
            self.preview.edited += 1
            self.preview.moved += before.split != after.split
        else:
            self.preview.added += 1
        self._renewed.append(Renewed(number, content_key(before.sample) if before else None, content_key(after.sample)))
        self._show(Change(number, before, after))

    def _label_problem(self, before: StoredSample | None, after: StoredSample) -> Problem | None:
        if before and before.sample.topic_keywords == after.sample.topic_keywords:
            return None
        return self._private.label_problem(after.sample)

    def _staying(self, rows: Rows) -> set[int]:
        """What is said by the rows that stay as they are."""
        return {content_key(row.sample) for number, row in enumerate(rows(), start=1) if number not in self._gone}

    def _show(self, change: Change) -> None:
        if len(self.preview.changes) < SHOWN:
            self.preview.changes.append(change)

    def finish(self, rows: Rows) -> Preview:
        """The preview, now that all rows are known."""
        preview = self.preview
        repeated = find_repeated(self._renewed, self._staying(rows), set(preview.bad)) if self._renewed else set()
        for number in sorted(repeated):
            preview.bad[number] = BadRow(number, self._ids[number], "messages", *REPEATED)
            if self._ids[number]:
                preview.edited -= 1
            else:
                preview.added -= 1
        preview.bad = dict(sorted(preview.bad.items()))
        preview.private = sum((new for number, new in self._found.items() if number not in repeated), Counter())
        preview.changes = [change for change in preview.changes if change.row not in repeated]
        return preview
