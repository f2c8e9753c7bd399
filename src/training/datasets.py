"""What is trained on, found by its name: a stored dataset, a merged set, or a file in any training format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, NamedTuple

from src.core.database_address import DatabasePlace
from src.core.errors import BuilderError, DatasetError, InputFileError, UsageError
from src.core.types import SplitName
from src.persistence.sqlite_client import Store
from src.providers.conversation import Conversation, conversation_of
from src.training.settings import PlacedRow, Row
from src.utils.conversion import ConversionReport, LostRows, convert_conversations
from src.utils.formats.any_row import recognise_row
from src.utils.formats.row_file import read_file_rows
from src.utils.formats.shape import FormatError
from src.utils.formats.trainers import TRL
from src.utils.sample_groups import SplitKey, pair_turns
from src.utils.splitter import split_samples

HELD_OUT_SHARE: Final = 0.1
_LEAST_HELD_OUT: Final = 2
"""Rows: a perplexity of one row says next to nothing."""
_SUFFIXES: Final = frozenset({".jsonl", ".json", ".ndjson"})


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Rows to train on and rows to measure with. ``held_out_from`` says where the latter are from, "" for none;
    ``remarks`` say what the rows lost, or which were left out, in words for a person; ``source`` is what the set was
    asked for by: a path, or the name of a stored one."""

    name: str
    train: tuple[Row, ...]
    held_out: tuple[Row, ...] = ()
    held_out_from: str = ""
    remarks: tuple[str, ...] = ()
    source: str = ""


class Places(NamedTuple):
    """Where names are looked up: the database of stored datasets, and the folder of merged sets
    (``train.NAME.jsonl``)."""

    database: DatabasePlace
    merged: Path


def find_training_set(name: str, places: Places, held_out: Path | None = None) -> TrainingSet:
    """The rows that ``name`` stands for: a file, else a stored dataset, else a merged set.

    The rows held out are those of ``held_out``, else the validation side of the dataset, else the file beside
    (``validation`` or ``eval`` where the name says ``train``), else none. Raises DatasetError, InputFileError for a row
    that cannot be read, UsageError.
    """
    path = Path(name).expanduser()
    if path.suffix.lower() in _SUFFIXES or path.is_file():
        found = _from_file(path)
    elif (merged := places.merged / f"train.{name}.jsonl").is_file() and not _is_stored(name, places.database):
        found = replace(_from_file(merged), name=name)
    else:
        found = _from_store(name, places)
    found = replace(found, source=name)
    if held_out is not None:
        rows, remarks = _read_file(held_out)
        found = replace(found, held_out=rows, held_out_from=str(held_out), remarks=(*found.remarks, *remarks))
    return found


def with_held_out(found: TrainingSet, seed: int, share: float = HELD_OUT_SHARE) -> TrainingSet:
    """``found`` as it is where it has rows held out, else with a share of its training rows, at least 2, taken out.

    Rows that give each other away (the same question, near-duplicates) stay on one side. Raises DatasetError where
    nothing can be taken out.
    """
    if found.held_out:
        return found
    ratio = 1 - max(share, min(0.5, _LEAST_HELD_OUT / max(1, len(found.train))))
    sides = split_samples(_keys(found.train), ratio=ratio, strategy="random", seed=seed)
    if not sides.train or not sides.validation:
        raise DatasetError(
            f"{found.name} cannot be divided: its {len(found.train):,} rows are too few or too much alike.",
            fix="Name rows to measure with: --held-out FILE.",
        )
    return replace(
        found,
        train=tuple(found.train[number] for number in sorted(sides.train)),
        held_out=tuple(found.train[number] for number in sorted(sides.validation)),
        held_out_from=f"{len(sides.validation):,} of the {len(found.train):,} rows, which are not trained on",
    )


def _keys(rows: Iterable[Row]) -> Iterator[SplitKey]:
    for number, row in enumerate(rows):
        said = [(turn["role"], str(turn.get("content") or "")) for turn in row["messages"]]
        text = "\n".join(content for role, content in said if role != "system")
        question = next((content for role, content in said if role == "user"), "")
        yield SplitKey(f"{number:012}", "", "", "", None, text, question, pair_turns(said))


def _is_stored(name: str, database: DatabasePlace) -> bool:
    if isinstance(database, Path) and not database.is_file():
        return False
    with Store(database) as store:
        return any(record.name == name and record.status == "finished" for record in store.datasets())


def _from_store(name: str, places: Places) -> TrainingSet:
    with Store(places.database) as store:
        try:
            record = store.find(name)
        except DatasetError as error:
            raise _unknown(name, places, error) from error
        sides: tuple[SplitName, SplitName] = ("train", "validation")
        # a preference pair stands in the training file of its dataset with its better answer, too
        train, held_out = (
            _to_rows(
                (conversation_of(row.sample)._replace(rejected=None) for row in store.side(record.id, side)),
                record.name,
            )
            for side in sides
        )
    if not train.rows:
        raise DatasetError(f"Dataset {record.name} has no training samples.", fix="Split it anew, or add documents.")
    said = "its validation side" if held_out.rows else ""
    return TrainingSet(record.name, train.rows, held_out.rows, said, (*train.remarks, *held_out.remarks))


def _unknown(name: str, places: Places, error: DatasetError) -> BuilderError:
    merged = [path.name.removeprefix("train.").removesuffix(".jsonl") for path in places.merged.glob("train.*.jsonl")]
    close = get_close_matches(name, merged, n=1)
    or_merged = f" Or did you mean the merged set {close[0]!r}?" if close else ""
    return DatasetError(str(error), fix=f"{error.fix} A file is named with its suffix, as in rows.jsonl.{or_merged}")


def _from_file(path: Path) -> TrainingSet:
    rows, remarks = _read_file(path)
    beside = _beside(path)
    if beside is None:
        return TrainingSet(path.stem, rows, remarks=remarks)
    held_out, more = _read_file(beside)
    return TrainingSet(path.stem, rows, held_out, str(beside), (*remarks, *more))


def _beside(path: Path) -> Path | None:
    """The file with the rows that were held out when ``path`` was made."""
    stem = path.name.removesuffix(path.suffix)
    names = (
        f"eval.{stem.removeprefix('train.')}" if stem.startswith("train.") else "",
        f"{stem.removesuffix('_train')}_validation" if stem.endswith("_train") else "",
        "validation" if stem == "train" else "",
        "eval" if stem == "train" else "",
    )
    found = (path.with_name(f"{name}{path.suffix}") for name in names if name)
    return next((beside for beside in found if beside.is_file()), None)


class _Rows(NamedTuple):
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]


def _read_file(path: Path) -> _Rows:
    if not path.is_file():
        raise InputFileError(f"There is no file {path}.", fix="Check the path, or name a stored dataset.")
    found = _to_rows(_conversations(path), path.name)
    if not found.rows:
        raise DatasetError(
            f"{path.name} holds no row that can be trained on.",
            fix='One JSON object a line: {"messages": [{"role": "user", ...}, {"role": "assistant", ...}]}.',
        )
    return found


def _conversations(path: Path) -> Iterator[Conversation]:
    for row in read_file_rows(path):
        if row.value is None:
            raise InputFileError(
                f"{path.name}, row {row.number}: {row.error}.",
                fix="Mend the row: each line is one JSON object. 'qc' leaves broken rows out.",
            )
        try:
            found = recognise_row(row.value)
        except FormatError as error:
            raise _no_conversation(path, row.number, row.value, error) from error
        if found.form.holds.pair:
            raise UsageError(
                f"{path.name}, row {row.number} is a preference pair ({found.form.title}): training here learns one "
                "answer, not which of two is better.",
                fix=f"Keep the better answers: convert {path} OUT.jsonl --to trl --allow-loss; then train on that.",
            )
        yield found.conversation


def _no_conversation(path: Path, number: int, row: Mapping[str, Any], error: FormatError) -> BuilderError:
    if set(row) <= {"text", "meta"} and isinstance(row.get("text"), str):
        return UsageError(
            f"{path.name}, row {number} is a plain text, not a conversation: training here learns answers.",
            fix="Of code: make the rows with 'fim --form chat', which is its default. Of documents: 'generate'.",
        )
    return InputFileError(
        f"{path.name}, row {number} is no training row: {error}.",
        fix=error.fix or "'python -m src.main validate' says what is wrong with each row.",
    )


def _to_rows(conversations: Iterable[Conversation], name: str) -> _Rows:
    """Rows of messages, as trainers take them; what they cannot hold is left out and said."""
    report = ConversionReport(TRL, TRL)
    # each conversation is one row, so that those read are the number of the row
    rows = tuple(PlacedRow(row, f"{name}, row {report.read:,}") for row in convert_conversations(conversations, report))
    return _Rows(rows, tuple(_tell(name, lost) for lost in report.losses))


def _tell(name: str, lost: LostRows) -> str:
    reason = f" ({lost.reason})" if lost.reason else ""
    return f"{name}: {lost.rows:,} rows, the first of them row {lost.first}: {lost.meaning}{reason}."
