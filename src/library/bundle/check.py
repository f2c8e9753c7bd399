"""Whether a release bundle is what its manifest says, and what exactly differs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, NamedTuple

import orjson

from src.core.errors import DatasetError
from src.core.types import Message, ProgressEvent, Sample
from src.library.bundle.archive import BROKEN, Entry, open_entries
from src.library.bundle.manifest import IDS, MANIFEST, BundleFile, BundleManifest, read_manifest

Report = Callable[[ProgressEvent], None]
_BLOCK: Final = 1 << 20
_MAX_MANIFEST: Final = 16_000_000
_SHOWN: Final = 5
_ID_BYTES: Final = 32
_DATA: Final = "data/"


class Difference(NamedTuple):
    """One thing that is not as the manifest says: the file, and what about it."""

    path: str
    problem: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The result; a bundle is good when there are no ``differences``. ``sha256`` is the hash of the manifest, which
    its maker can tell: it is what the rest is checked against."""

    manifest: BundleManifest
    sha256: str
    files: int
    rows: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences


def verify_bundle(path: Path, report: Report) -> Checked:
    """Read a folder or an archive once, writing nothing, and compare every file with the manifest.

    Raises InputFileError for what is no bundle at all, UnsafeArchiveError for an archive that must not be unpacked, and
    DatasetError where the manifest itself is missing or none of this program.
    """
    with open_entries(path, MANIFEST) as entries:
        first = next(entries, None)
        if first is None or first.name != MANIFEST or first.problem:
            raise DatasetError(f"{path} does not begin with {MANIFEST}.", fix="Name a bundle that 'bundle' has made.")
        content = _read_small(first)
        manifest = read_manifest(content)
        check = _Check(manifest)
        for number, entry in enumerate(entries, start=1):
            check.take(entry)
            report(ProgressEvent("validate", number, len(manifest.files)))
    differences = check.end()
    return Checked(manifest, hashlib.sha256(content).hexdigest(), len(check.seen), check.rows, tuple(differences))


def _read_small(entry: Entry) -> bytes:
    with entry.open() as stream:
        content = b"".join(_blocks(stream, _MAX_MANIFEST + 1))
    if len(content) > _MAX_MANIFEST:
        raise DatasetError(f"{MANIFEST} is larger than any that 'bundle' writes.", fix="Fetch the bundle again.")
    return content


def _blocks(stream: IO[bytes], most: int) -> Iterator[bytes]:
    """What a stream holds, not more than ``most`` bytes of it."""
    while most > 0 and (block := stream.read(min(_BLOCK, most))):
        most -= len(block)
        yield block


@dataclass
class _Check:
    """The files of one bundle as they come."""

    manifest: BundleManifest
    differences: list[Difference] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    rows: int = 0
    found_ids: dict[str, bytearray] = field(default_factory=dict)
    told_ids: bytearray = field(default_factory=bytearray)
    told: dict[str, BundleFile] = field(init=False)

    def __post_init__(self) -> None:
        self.told = {one.path: one for one in self.manifest.files}

    def take(self, entry: Entry) -> None:
        """Compare one file with what the manifest says of it."""
        said = self.told.get(entry.name)
        if entry.problem:
            self._differ(entry.name, f"{entry.problem}: it was not read")
        elif entry.name in self.seen:
            self._differ(entry.name, "is there twice")
        elif said is None:
            self._differ(entry.name, "is not in the manifest")
        else:
            self._compare(entry, said)
        self.seen.add(entry.name)

    def end(self) -> list[Difference]:
        """Everything that differs, once the last file was taken."""
        for one in self.manifest.files:
            if one.path not in self.seen:
                self._differ(one.path, "is missing")
        self._compare_ids()
        return self.differences

    def _differ(self, path: str, problem: str) -> None:
        self.differences.append(Difference(path, problem))

    def _compare(self, entry: Entry, said: BundleFile) -> None:
        if entry.size != said.bytes:
            self._differ(said.path, f"has {entry.size:,} bytes, the manifest says {said.bytes:,}")
        lines = _Lines()
        digest = hashlib.sha256()
        try:
            with entry.open() as stream:
                for block in _blocks(stream, said.bytes + 1):
                    digest.update(block)
                    if said.rows is not None or said.path == IDS:
                        self._take_lines(said.path, lines.cut(block), lines)
        except (*BROKEN, OSError) as error:
            self._differ(said.path, f"cannot be read: {error}")
            return
        self._take_lines(said.path, lines.rest(), lines)
        if digest.hexdigest() != said.sha256:
            self._differ(said.path, f"has the SHA-256 {digest.hexdigest()}, the manifest says {said.sha256}")
        if said.rows is not None and lines.count != said.rows:
            self._differ(said.path, f"has {lines.count:,} rows, the manifest says {said.rows:,}")

    def _take_lines(self, path: str, found: Sequence[bytes], lines: _Lines) -> None:
        for line in found:
            lines.count += 1
            if path == IDS:
                self.told_ids += _digest_in(line)
            elif path.startswith(_DATA):
                self.rows += 1
                self._take_row(path, line, lines.count)

    def _take_row(self, path: str, line: bytes, number: int) -> None:
        try:
            row = orjson.loads(line)
            turns = tuple(Message(turn["role"], turn["content"]) for turn in row["messages"])
            said, computed = row["id"], Sample(turns, "extracted").id
        except (orjson.JSONDecodeError, KeyError, TypeError):
            self._differ(path, f"line {number} is no row of a dataset")
            return
        if said != computed:
            self._differ(path, f"line {number}: its id is {said}, that of its messages {computed}")
        self.found_ids.setdefault(path, bytearray()).extend(bytes.fromhex(computed))

    def _compare_ids(self) -> None:
        found = b"".join(bytes(self.found_ids[path]) for path in sorted(self.found_ids))
        if self.rows != self.manifest.dataset.samples:
            self._differ(MANIFEST, f"says {self.manifest.dataset.samples:,} samples, data/ holds {self.rows:,}")
        if found == bytes(self.told_ids) or IDS not in self.seen:
            return
        here, told = Counter(_ids_in(found)), Counter(_ids_in(self.told_ids))
        for path, lost, problem in (
            (IDS, told - here, "names the row {}, which data/ does not hold"),
            (_DATA, here - told, "holds the row {}, which ids.txt does not name"),
        ):
            for one in sorted(lost)[:_SHOWN]:
                self._differ(path, problem.format(one))
            if len(lost) > _SHOWN:
                self._differ(path, f"and {len(lost) - _SHOWN:,} more such rows")
        if here == told:
            self._differ(IDS, "names the rows in another order than data/ has")


class _Lines:
    """Lines out of blocks; an empty last one is none."""

    def __init__(self) -> None:
        self.count = 0
        self._left: list[bytes] = []  # joined once: a line may be as long as its file

    def cut(self, block: bytes) -> list[bytes]:
        first, *others = block.split(b"\n")
        self._left.append(first)
        if not others:
            return []
        *whole, last = (b"".join(self._left), *others)
        self._left = [last]
        return whole

    def rest(self) -> list[bytes]:
        left, self._left = b"".join(self._left), []
        return [left] if left else []


def _digest_in(line: bytes) -> bytes:
    try:
        found = bytes.fromhex(line.decode("ascii"))
    except ValueError:
        return b""
    return found if len(found) == _ID_BYTES else b""


def _ids_in(digests: bytes | bytearray) -> Iterator[str]:
    return (digests[start : start + _ID_BYTES].hex() for start in range(0, len(digests), _ID_BYTES))
