"""Stored datasets changed sample by sample: shown first, then made as a version of its own with files of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from src.core.author import author_of
from src.core.config import RunConfig
from src.core.errors import DatasetError
from src.core.parts import Parts
from src.core.specs import ModelLimits
from src.core.types import DatasetRecord, ProviderName, Rejection, RunReport, Sample, SplitName
from src.core.workspace import Workspace
from src.dataset_files import SIDES, hold_workspace
from src.documents import read_again
from src.library.editing.checking import BadRow, Checked, check_sample
from src.library.editing.preview import Check, Preview, preview_revision
from src.library.editing.private_data import PrivateData
from src.library.editing.revision import Revise, is_same_text, keep
from src.library.editing.sides import hold_sides
from src.persistence.backup import backup_database
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import Store
from src.providers.lookup import find_model
from src.publish.finishing import as_made, finish_dataset
from src.utils.sample_groups import split_key
from src.utils.splitter import Sides
from src.utils.token_counter import TokenCounter

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a dataset: what becomes of each sample, which ones are ``added`` at the end, why and by whom ("": the
    name of the login). ``leave_bad``: a sample that its change would spoil stays as it is, and a bad added one is left
    out; else such a change is not made at all. ``even_if_same``: a version is made where nothing changes, too."""

    reason: str
    author: str = ""
    revise: Revise = keep
    added: Sequence[StoredSample] = ()
    leave_bad: bool = False
    even_if_same: bool = False


def preview_edit(workspace: Workspace, name: str, edit: Edit) -> Preview:
    """What ``edit`` would do to the dataset of that name; nothing is written. Raises DatasetError when there is none,
    and whatever ``edit.revise`` raises."""
    with Store(workspace.database) as store:
        return _preview(store, store.find(name), edit)


def _preview(store: Store, record: DatasetRecord, edit: Edit) -> Preview:
    rows = partial(store.samples, record.id)
    preview = preview_revision(rows, edit.revise, edit.added, sample_check(record), PrivateData(record))
    return replace(preview, version=record.id)


def apply_edit(config: RunConfig, parts: Parts, name: str, edit: Edit, shown: Preview | None = None) -> RunReport:
    """Make ``edit`` as a new version of the dataset of that name and write its files again; the former version stays in
    the database, and is the dataset until the new one is whole.

    Every sample stays on its side of the split, but for those that an edited one would give away: they follow it
    (library.editing.sides). Dropped samples stand among the rejected ones. What is private in a dataset that only
    counts it is counted anew where texts change. ``shown`` is the preview that a person agreed to. Raises DatasetError
    when nothing would change, nothing would be left, a change would spoil a sample, or the dataset has another version
    than the one ``shown``; StorageError when another run is writing.
    """
    workspace = parts.workspace
    with hold_workspace(workspace), Store(workspace.database, clock=parts.clock) as store:
        former = store.find(name)
        _require_same(former, shown)
        preview = _preview(store, former, edit)
        _require_possible(former, preview, edit)
        backup_database(workspace.database, workspace.backups, now=parts.clock())
        version = store.begin(store.derive(former, edit.reason, author_of(edit.author)))
        writing = _Writing(edit, preview, former)
        version.add(writing.rows(store.samples(former.id)))
        version.reject(store.rejections(former.id))
        version.reject(_dropped(store.samples(former.id), edit.revise))
        record = version.end(replace(former.run, privacy=writing.privacy))
        same = as_made(config, former, is_split=any(writing.sides))
        held = hold_sides(
            (split_key(row.sample) for row in store.arrivals(record.id)) if writing.pinned else (),
            writing.sides,
            writing.pinned,
            same.split.leak_threshold if same.split.leakage_safe else None,
        )
        numbers = {side: [n for n, own in enumerate(held.sides) if (own or "train") == side] for side in SIDES}
        warnings = (*former.run.split_warnings, *_say_followed(len(held.followed)))
        sides = Sides(numbers["train"], numbers["validation"], tuple(dict.fromkeys(warnings)))
        return finish_dataset(store, record, same, parts, read_again(former, config, workspace), sides)


class _Writing:
    """The rows of a version as they are written, and what is known of them afterwards: their sides, which of them a
    person put there, and what of them is private."""

    def __init__(self, edit: Edit, preview: Preview, former: DatasetRecord) -> None:
        self.sides: list[SplitName | None] = []
        self.pinned: set[int] = set()
        self._edit = edit
        self._bad = preview.bad
        self._rows = preview.rows
        self._check = sample_check(former)
        self._former = former
        private = PrivateData(former)
        # labels and notes are not looked at: where the texts are the same, so are the counts
        is_other = preview.edited or preview.added or preview.dropped
        self._private = private if private.is_counted and is_other else None

    @property
    def privacy(self) -> Mapping[str, Any]:
        """What is private in the rows that were written, as ``RunFacts.privacy`` has it."""
        return self._private.describe() if self._private else self._former.run.privacy

    def rows(self, former: Iterator[StoredSample]) -> Iterator[StoredSample]:
        for number, row in enumerate(former, start=1):
            after = self._edit.revise(row).row
            if after is not None:
                yield self._take(row) if number in self._bad else self._take(after, row)
        for number, row in enumerate(self._edit.added, start=self._rows + 1):
            if number not in self._bad:
                yield self._take(row, None)

    def _take(self, row: StoredSample, *former: StoredSample | None) -> StoredSample:
        """Note where a row goes; ``former`` is what it was, None for an added one, not given for one that stays."""
        for was in former:
            if was is None or not is_same_text(was.sample, row.sample):
                row = replace(row, token_length=self._check(row.sample).tokens)
                self.pinned.add(len(self.sides))
            elif was.split != row.split:
                self.pinned.add(len(self.sides))
        self.sides.append(row.split)
        if self._private:
            self._private.count(row.sample)
        return row


def _dropped(former: Iterator[StoredSample], revise: Revise) -> Iterator[Rejection]:
    for row in former:
        after, reason, detail = revise(row)
        if after is None:
            yield Rejection(reason, detail, row.sample, row.sample.source_file, row.sample.span)


def sample_check(record: DatasetRecord) -> Check:
    """What is asked of a changed sample of a dataset: the rules of its provider, the tokens of its model, and no
    private data where it was made without. Raises MissingPackageError for a detector that it was made with."""
    limits: ModelLimits = find_model(cast("ProviderName", record.provider), record.model)
    counter = TokenCounter(limits.tokenizer)
    private = PrivateData(record)

    def check(sample: Sample) -> Checked:
        tokens, problem = check_sample(sample, limits, counter)
        return Checked(tokens, problem or private.problem(sample))

    return check


def _require_same(record: DatasetRecord, shown: Preview | None) -> None:
    if shown and shown.version != record.id:
        raise DatasetError(
            f"Dataset {record.name!r} has changed since this was shown: it is in version {record.version} now "
            f"({record.reason or 'made anew'}). Nothing was changed.",
            fix="Give the same command again, and look at what it would change in that version.",
        )


def _require_possible(record: DatasetRecord, preview: Preview, edit: Edit) -> None:
    if preview.bad and not edit.leave_bad:
        raise spoilt_error(record.name, tuple(preview.bad.values()))
    if not preview.total and not edit.even_if_same:
        raise DatasetError(f"Nothing in dataset {record.name!r} would change.", fix="Its files are as they were.")
    if not preview.left:
        raise DatasetError(
            f"No sample of dataset {record.name!r} would be left.",
            fix="Ask for less; 'datasets delete' takes a whole dataset away.",
        )


def spoilt_error(name: str, bad: Sequence[BadRow]) -> DatasetError:
    """The error of a change by which samples could not be trained on any more; names the first by row and field."""
    named = "; ".join(f"row {row.row}, {row.field}: {row.detail.rstrip('.')}" for row in bad[:_NAMED])
    more = f"; and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
    return DatasetError(
        f"The change would spoil {len(bad)} of the samples of {name!r}: {named}{more}. Nothing was changed.",
        fix="Mend these, or add --leave-bad: they stay as they are, and everything else is changed.",
    )


def _say_followed(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    them = "sample went" if count == 1 else "samples went"
    return (f"{count:,} {them} to the other side, where an edited sample says nearly the same.",)
