"""What an edited table changes of a dataset, row by row; what cannot be read of it is told by line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from src.core.types import EDITED, REJECTED, Message, Sample, SplitName
from src.library.editing.drafts import DROPPED
from src.library.editing.revision import Editor, Revision, is_same, rewrite, with_labels
from src.library.editing.sample_text import SampleTextError, read_turns
from src.library.editing.table import CONTENT, ID, KNOWN_COLUMNS, LONGEST_CELL, VERSION, Line, Table, content_cell
from src.persistence.exporters import bare_cell, keywords_cell, preview, safe_cell, source_cell
from src.persistence.models import StoredSample, split_keywords

_SIDES: Final[Mapping[str, SplitName | None]] = {"train": "train", "validation": "validation", "": None}
_SAMPLE_ID: Final = re.compile("[0-9a-f]{64}")
_MARKS_OF_LOSS: Final = frozenset("?\ufffd")

Find = Callable[[str], StoredSample | None]
"""The stored sample of an id."""


class Unreadable(NamedTuple):
    """A row of the table that is not taken. ``line`` counts the lines of the file from 1."""

    line: int
    id: str
    column: str
    problem: str


@dataclass(slots=True)
class TableChanges:
    """What a table says: ``changed`` samples by id, ``added`` ones, and the ids of all that stand in it. Samples that
    do not are removed, unless ``keep_missing``. ``ignored`` are columns that mean nothing here.

    A table may be older than the dataset: ``marks`` are the versions that its rows name, and it ``is_foreign`` where it
    names samples that the dataset does not have. What came into the dataset after such a table was written is not in
    it, and nobody took it out: nothing is removed by a foreign one, and none of the ``newer`` samples ever.
    """

    keep_missing: bool = False
    changed: dict[str, StoredSample] = field(default_factory=dict)
    added: list[StoredSample] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)
    unreadable: list[Unreadable] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    marks: set[str] = field(default_factory=set)
    is_foreign: bool = False
    newer: set[bytes] = field(default_factory=set)

    def lacks(self, row: StoredSample) -> bool:
        """Whether a sample does not stand in the table."""
        return bytes.fromhex(row.sample.id) not in self.seen

    def stale_mark(self, present: str) -> str:
        """A version that the table was written from, if it holds something else than that of the mark ``present``."""
        return next((mark for mark in sorted(self.marks) if _hash_in(mark) != _hash_in(present)), "")

    def revise(self, row: StoredSample) -> Revision:
        """What the table makes of one sample."""
        changed = self.changed.get(row.sample.id)
        if changed is not None:
            return Revision(changed)
        if self.keep_missing or self.is_foreign or not self.lacks(row):
            return Revision(row)
        if bytes.fromhex(row.sample.id) in self.newer:
            return Revision(row)
        return Revision(None, DROPPED, "not in the edited table")


class _CellError(Exception):
    """A cell that cannot be taken."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(problem)
        self.column = column


def read_changes(
    table: Table, find: Find, editor: Editor, *, is_split: bool, keep_missing: bool = False
) -> TableChanges:
    """What ``table`` changes, asking ``find`` for the sample of each row; ``is_split``: whether the dataset has sides,
    of which an added sample then goes to training where its row names none. In memory are the changed samples, and 32
    bytes of each other row. Raises InputFileError as ``read_table`` does."""
    changes = TableChanges(keep_missing, ignored=tuple(name for name in table.columns if name not in KNOWN_COLUMNS))
    for line in table.lines:
        sample_id = line.cells.get(ID, "").strip().lower()
        if mark := line.cells.get(VERSION, "").strip().lower():
            changes.marks.add(mark)
        try:
            _take(changes, line, sample_id, find, editor, is_split=is_split)
        except _CellError as error:
            changes.unreadable.append(Unreadable(line.number, sample_id, error.column, str(error)))
    return changes


def _take(changes: TableChanges, line: Line, sample_id: str, find: Find, editor: Editor, *, is_split: bool) -> None:
    if not sample_id:
        _require_whole(line)
        changes.added.append(_added(line.cells, editor, is_split=is_split))
        return
    row = find(sample_id)
    if row is None:
        changes.is_foreign |= bool(_SAMPLE_ID.fullmatch(sample_id))
        raise _CellError(ID, "the dataset has no sample of this id; leave the cell empty to add one")
    key = bytes.fromhex(sample_id)
    if key in changes.seen:
        raise _CellError(ID, "this sample stands in the table twice")
    changes.seen.add(key)  # also when its row cannot be read: it is there, and was not meant to go
    _require_whole(line)
    changed = _changed(row, line.cells, editor)
    if not is_same(row, changed):
        changes.changed[sample_id] = changed


def _hash_in(mark: str) -> str:
    return mark.rpartition("-")[2]


def _require_whole(line: Line) -> None:
    if line.problem:
        raise _CellError("", line.problem)


def _changed(row: StoredSample, cells: Mapping[str, str], editor: Editor) -> StoredSample:
    sample = row.sample
    if _differs(cells, "content_preview", safe_cell(preview(sample))):
        raise _CellError("content_preview", "this column shows the beginning of a text; 'edit --table' has whole ones")
    if _differs(cells, "source_file", source_cell(sample)):
        raise _CellError("source_file", "where a sample comes from cannot be changed")
    keywords, split = sample.topic_keywords, row.split
    if _differs(cells, "topic_keywords", keywords_cell(sample)):
        keywords = _keywords(cells["topic_keywords"])
    if _differs(cells, "split", row.split or ""):
        split = _side(cells["split"])
        if split is None:
            raise _CellError("split", "no side is named: train or validation")
    if _differs(cells, CONTENT, content_cell(row)):
        sample = _rewritten(sample, cells[CONTENT], content_cell(row), editor)
    return with_labels(replace(row, sample=sample), keywords, split)


def _rewritten(sample: Sample, cell: str, former: str, editor: Editor) -> Sample:
    if len(cell) <= LONGEST_CELL < len(former) and _one_way(former).startswith(_one_way(cell)):
        raise _CellError(CONTENT, f"the spreadsheet cut the text at {LONGEST_CELL:,} characters")
    if _has_lost_letters(_one_way(cell), _one_way(former)):
        raise _CellError(CONTENT, "letters were lost when the table was saved: save it as CSV in UTF-8")
    messages, rejected = _turns(cell)
    return rewrite(sample, messages, editor, rejected=rejected)


def _added(cells: Mapping[str, str], editor: Editor, *, is_split: bool) -> StoredSample:
    if not cells.get(CONTENT, "").strip():
        raise _CellError(CONTENT, "a row without an id is a new sample, and needs a text")
    messages, rejected = _turns(cells[CONTENT])
    metadata = {EDITED: {"by": editor.name, "how": editor.how}} | ({REJECTED: rejected} if rejected else {})
    side = _side(cells.get("split", ""))
    return StoredSample(
        Sample(
            messages=messages,
            origin="generated",
            source_file=bare_cell(cells.get("source_file", "")),
            topic_keywords=_keywords(cells.get("topic_keywords", "")),
            metadata=metadata,
        ),
        token_length=0,
        split=side or ("train" if is_split else None),
    )


def _turns(cell: str) -> tuple[tuple[Message, ...], str]:
    try:
        return read_turns(bare_cell(cell))
    except SampleTextError as error:
        raise _CellError(CONTENT, f"{str(error)[:1].lower()}{str(error)[1:].rstrip('.')}. {error.fix}") from error


def _keywords(cell: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(word.strip() for word in split_keywords(" ".join(bare_cell(cell).split())) if word.strip())
    )


def _side(cell: str) -> SplitName | None:
    name = cell.strip().lower()
    if name not in _SIDES:
        raise _CellError("split", f"there is no side {cell.strip()[:20]!r}: train or validation")
    return _SIDES[name]


def _differs(cells: Mapping[str, str], column: str, former: str) -> bool:
    """Whether a cell is there and says something else; spreadsheets end lines in their own way."""
    return column in cells and _one_way(cells[column]) != _one_way(former)


def _one_way(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def _has_lost_letters(cell: str, former: str) -> bool:
    """Whether the only difference is that letters beyond ASCII became question marks."""
    if len(cell) != len(former):
        return False
    different = [(new, old) for new, old in zip(cell, former, strict=True) if new != old]
    return all(new in _MARKS_OF_LOSS and not old.isascii() for new, old in different)
