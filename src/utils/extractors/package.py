"""Opens zip-based documents safely: limits before parsing, XML without entities or network, parts by relationship."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple
from urllib.parse import unquote

from src.core.errors import InputFileError

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 300_000_000
MAX_RATIO = 200
_RATIO_COUNTS_FROM = 20_000_000
"""Small repetitive workbooks compress well too; a bomb is large."""
_MEDIA_RATIO = 3
"""A large file may hold that many times its size: pictures and films, which are never read, hardly compress."""

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
"""What zipfile raises on damaged, encrypted or exotic members."""

_DAMAGED_FIX = "Open it in its program and save it again, or remove it."


class Relation(NamedTuple):
    """One relationship of a part. ``kind`` is the last word of its type, the same in strict and transitional files."""

    id: str
    kind: str
    target: str


class Package:
    """A zip of parts, opened for reading. Raises InputFileError when it is damaged, encrypted or a zip bomb."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except DAMAGE as error:
            raise self.error(f"is a damaged zip file ({error})") from error
        # a damaged directory may hold a part without a name, on which is_dir stumbles
        members = [info for info in self._zip.infolist() if info.filename and not info.is_dir()]
        self._parts = {_part_name(info.filename): info for info in members}
        self._check_size()

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def error(self, cause: str, fix: str = _DAMAGED_FIX) -> InputFileError:
        """An error that names this file."""
        return InputFileError(f"{self.name} {cause}.", fix=fix)

    def has(self, part: str) -> bool:
        """Whether the package holds ``part`` (names are compared without case, as OPC wants it)."""
        return _part_name(part) in self._parts

    def open(self, part: str) -> IO[bytes]:
        """A stream of one part's bytes."""
        try:
            return self._zip.open(self._parts[_part_name(part)])
        except KeyError as error:
            raise self.error(f"lacks its part {part}") from error
        except DAMAGE as error:
            raise self.error(f"has a damaged part {part} ({error})") from error

    def read(self, part: str) -> bytes:
        """All bytes of one part."""
        with self.open(part) as stream:
            try:
                return stream.read()
            except DAMAGE as error:
                raise self.error(f"has a damaged part {part} ({error})") from error

    def xml(self, part: str) -> Any:
        """The root element of an XML part."""
        try:
            return parse_xml(self.read(part))
        except ValueError as error:
            raise self.error(f"has a damaged part {part} ({error})") from error

    def relations(self, part: str) -> tuple[Relation, ...]:
        """The relationships of ``part`` ("" = the package itself) that lead to parts that are there, in file order."""
        folder, name = posixpath.split(part)
        relations_part = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(relations_part):
            return ()
        found = []
        for node in self.xml(relations_part):
            target = posixpath.normpath(posixpath.join("/", folder, unquote(node.get("Target", ""))))
            if node.get("TargetMode") != "External" and self.has(target):
                found.append(Relation(node.get("Id", ""), node.get("Type", "").rpartition("/")[2], target.lstrip("/")))
        return tuple(found)

    def related(self, part: str, *kinds: str) -> tuple[str, ...]:
        """The parts that ``part`` points to with one of ``kinds``, in file order."""
        return tuple(relation.target for relation in self.relations(part) if relation.kind in kinds)

    def main_part(self) -> str:
        """The part that holds the document of an office file, "" where there is none."""
        return next(iter(self.related("", "officeDocument")), "")

    def _check_size(self) -> None:
        infos = list(self._parts.values())
        total = sum(info.file_size for info in infos)
        packed = max(1, sum(info.compress_size for info in infos))
        too_dense = total > _RATIO_COUNTS_FROM and total / packed > MAX_RATIO
        if len(infos) > MAX_MEMBERS or total > max(MAX_TOTAL_BYTES, _MEDIA_RATIO * packed) or too_dense:
            raise self.error(
                f"would unpack to {total / 1e6:,.0f} MB in {len(infos)} parts, more than a document needs",
                fix="If you trust the file, split it into smaller documents.",
            )
        if any(info.flag_bits & 1 for info in infos):
            raise self.error("is password protected", fix="Remove the password and try again.")


def parse_xml(data: bytes) -> Any:
    """The root of an XML document. Raises ValueError for damaged XML and for any document type definition.

    Entities are never resolved and nothing is fetched, libxml2's limits on depth and size stay on.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it holds a document type definition, which documents of this kind never need")
    return root


def local_name(element: Any) -> str:
    """The tag without its namespace: strict and transitional files differ in the namespace only."""
    return str(element.tag).rpartition("}")[2]


def _part_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
