"""What a person has decided about the samples of a dataset and not applied yet: a file that outlives the program."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

import orjson

from src.core.errors import StorageError
from src.core.jsonl import dump_line, make_folder, storage_error, write_jsonl
from src.library.editing.revision import Editor, Revision
from src.library.editing.sample_text import take_text
from src.persistence.models import StoredSample

Choice = Literal["keep", "drop", "fix"]
DROPPED: Final = "dropped_by_user"
"""The reason of a sample that a person did not want; a refinement writes no other one in its place."""
_TAKEN_BACK: Final = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """About one sample, or about a pair that looked alike (then ``keep``: both stay). ``text`` is the sample as it is
    to be, for ``fix``; ``note`` says why."""

    choice: Choice
    text: str = ""
    note: str = ""


class Drafts:
    """The decisions about one dataset, by what they are about (``Sample.id``); each is on the disk before ``decide``
    returns."""

    def __init__(self, path: Path) -> None:
        """Raises StorageError when the file cannot be read."""
        self.path = path
        self._decisions = _read(path)

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """All that stand."""
        return self._decisions

    @property
    def counts(self) -> Counter[Choice]:
        """How many there are of each kind."""
        return Counter(decision.choice for decision in self._decisions.values())

    @property
    def changes(self) -> int:
        """How many of them would change the dataset."""
        return self.counts["drop"] + self.counts["fix"]

    def decide(self, key: str, decision: Decision) -> None:
        """Note a decision, in place of an earlier one about the same. Raises StorageError."""
        self._append(_line(key, decision))
        self._decisions[key] = decision

    def take_back(self, key: str) -> None:
        """Forget the decision about ``key``. Raises StorageError."""
        if key in self._decisions:
            self._append({"id": key, "choice": _TAKEN_BACK})
            del self._decisions[key]

    def clear(self) -> None:
        """Forget all of them: they are not wanted."""
        self._decisions = {}
        self.path.unlink(missing_ok=True)

    def forget_changes(self) -> None:
        """Forget those that are applied; who kept a sample is not asked about it again. Raises StorageError."""
        kept = {key: decision for key, decision in self._decisions.items() if decision.choice == "keep"}
        if not kept:
            self.clear()
            return
        write_jsonl(self.path, (_line(key, decision) for key, decision in kept.items()))
        self._decisions = kept

    def revise(self, row: StoredSample, editor: Editor) -> Revision:
        """What the decisions make of one sample. Raises SampleTextError for a text that is no sample."""
        decision = self._decisions.get(row.sample.id)
        if decision is None or decision.choice == "keep":
            return Revision(row)
        if decision.choice == "drop":
            return Revision(None, DROPPED, decision.note or f"dropped by '{editor.how}'")
        return Revision(take_text(row, decision.text, editor))

    def _append(self, line: Mapping[str, str]) -> None:
        make_folder(self.path.parent)
        try:
            with self.path.open("ab") as handle:
                handle.write(dump_line(line))
                handle.flush()
                os.fsync(handle.fileno())
        except OSError as error:
            raise storage_error(self.path, error) from error


def _line(key: str, decision: Decision) -> dict[str, str]:
    return {"id": key, "choice": decision.choice, "text": decision.text, "note": decision.note}


def _read(path: Path) -> dict[str, Decision]:
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.", fix="Check its permissions.") from error
    whole, _, torn = content.rpartition(b"\n")
    if torn:  # the program was killed while it wrote: the decision was not made
        os.truncate(path, len(content) - len(torn))
    decisions: dict[str, Decision] = {}
    for number, line in enumerate(whole.split(b"\n") if whole else (), start=1):
        try:
            value = orjson.loads(line)
            key, choice = str(value["id"]), value["choice"]
            decision = None if choice == _TAKEN_BACK else Decision(choice, value["text"], value["note"])
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(path, number) from error
        if decision is None:
            decisions.pop(key, None)
        elif choice in get_args(Choice):
            decisions[key] = decision
        else:
            raise _damaged(path, number)
    return decisions


def _damaged(path: Path, number: int) -> StorageError:
    return StorageError(
        f"{path}, line {number} is no decision.", fix="Remove that line, or the file: nothing else is lost."
    )
