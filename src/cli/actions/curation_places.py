"""What the commands of curation check before they begin: where they write, and that the compiled code is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from src.core.errors import MissingPackageError, UsageError


@contextmanager
def needs_compiled_code(command: str) -> Iterator[None]:
    """Around the imports of a command. Raises MissingPackageError where one of its packages is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"{command} needs the package {error.name}.",
            fix="make setup-curation, or: pip install -r requirements-curation.txt",
        ) from error


def check_places(sources: Sequence[Path], out: Path, *, may_make_folder: bool = False) -> None:
    """Raises UsageError, before anything is read, where OUT cannot be written or would take the place of an input."""
    if out.is_dir():
        raise UsageError(f"OUT {out} is a folder.", fix="Name a file in it, as in clean.jsonl.")
    if not may_make_folder and not out.parent.is_dir():
        raise UsageError(f"The folder of OUT {out} is not there.", fix="Create it first, or check the path.")
    if out.suffix == ".gz":
        raise UsageError("OUT is written plain, not packed.", fix="Name it .jsonl; gzip packs it afterwards.")
    written = (out, *(out.with_name(f"{out.stem}_{kind}.jsonl") for kind in ("removed", "rejected")))
    taken = {path.resolve() for path in sources} & {path.resolve() for path in written}
    if taken:
        raise UsageError(f"{sorted(taken)[0]} would be read and written.", fix="Give OUT another name.")


def path_of(text: str) -> Path:
    """A path as it was typed, ``~`` resolved."""
    return Path(text).expanduser()
