"""Which dataset a person means by a name or an id, and what to say when there is none such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from unicodedata import normalize

from src.core.errors import DatasetError
from src.core.types import DatasetRecord

_SHORTEST_ID_PREFIX = 4


def find_finished(known: Sequence[DatasetRecord], name_or_id: str) -> DatasetRecord:
    """The finished one of ``known``, the newest first, of that name, id or unmistakable beginning of an id.

    Raises DatasetError with close matches when there is none.
    """
    wanted = normalize("NFC", name_or_id)
    matches = (
        [record for record in known if record.name == wanted]
        or [record for record in known if record.id == wanted]
        or [record for record in known if len(wanted) >= _SHORTEST_ID_PREFIX and record.id.startswith(wanted)]
    )
    finished = [record for record in matches if record.status == "finished"]
    if finished and (len(finished) == 1 or finished[0].name == wanted):
        return finished[0]
    raise _not_found(name_or_id, known, matches)


def find_running(known: Sequence[DatasetRecord], name: str) -> DatasetRecord:
    """The unfinished one of ``known`` of that name. Raises DatasetError when there is none."""
    wanted = normalize("NFC", name)
    running = [record for record in known if record.status == "running"]
    for record in running:
        if record.name == wanted:
            return record
    names = ", ".join(repr(record.name) for record in running)
    raise DatasetError(
        f"There is no unfinished run {name!r}.", fix=f"There are: {names}." if names else "There is none at all."
    )


def fold(name: str) -> str:
    """The same for names that the file systems of macOS and Windows take for one."""
    return normalize("NFC", name).casefold()


def _not_found(wanted: str, known: Iterable[DatasetRecord], matches: list[DatasetRecord]) -> DatasetError:
    if len(matches) > 1:
        ids = ", ".join(record.id for record in matches[:5])
        return DatasetError(f"{wanted!r} is the beginning of several ids: {ids}.", fix="Give more of the id.")
    if matches:
        return DatasetError(
            f"Dataset {matches[0].name!r} is not finished.",
            fix="Run 'python -m src.main generate' with the same configuration: it goes on where it stopped.",
        )
    names = [record.name for record in known if record.status == "finished"]
    close = get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return DatasetError(f"There is no dataset {wanted!r}.", fix=f"Did you mean {', '.join(map(repr, close))}?")
    fix = "See 'python -m src.main datasets'." if names else "Make one with 'python -m src.main generate'."
    return DatasetError(f"There is no dataset {wanted!r}.", fix=fix)
