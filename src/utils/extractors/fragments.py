"""Streams the elements of one name out of a large XML part, as text or parsed, without holding the part."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from src.utils.extractors.package import DAMAGE, Package, parse_xml

_BLOCK_BYTES = 1 << 20
_MAX_ELEMENT = 50_000_000
"""Characters. A longer single row or string is no spreadsheet's."""

_HEAD = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*<[A-Za-z]\w*(?:\s[^<>]*)?>")
_OTHER_ENCODING = re.compile(r"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8|us-ascii)", re.IGNORECASE)


class PartStream:
    """One large part. ``root_tag`` is its opening tag where the part is plain, "" where it must be parsed as a whole.

    Plain: UTF-8, no document type, and elements without a prefix, as all common programs write them. Then elements
    are found by searching the text, which takes a fraction of the time of a parser.
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        with package.open(part) as stream:
            head = _read(package, part, stream, 4096).decode("utf-8", errors="replace").removeprefix("\ufeff")
        found = _HEAD.match(head)
        self.root_tag = found[0][found[0].rindex("<") :] if found and not _OTHER_ENCODING.match(head) else ""

    def texts(self, name: str) -> Iterator[str]:
        """Every element ``name`` as it stands in a plain part, in order; they must not be nested.

        Raises InputFileError when the part is damaged or cut off.
        """
        rest = ""
        start_tag, end_tag = f"<{name}", f"</{name}>"
        for block in self._blocks():
            text = rest + block
            place = 0
            while (start := text.find(start_tag, place)) >= 0:
                end = _element_end(text, start, end_tag)
                if end is None:
                    break
                if text[start + len(start_tag)] in " />\t\r\n":
                    yield text[start:end]
                    place = end
                else:
                    place = start + len(start_tag)
            rest = text[place if start < 0 else start :]
            rest = rest[-100:] if start < 0 else rest
            if len(rest) > _MAX_ELEMENT:
                raise self._package.error(f"has an element {name} of more than {_MAX_ELEMENT:,} characters")
        if f"</{self._root_name()}" not in rest:
            raise self._package.error(f"has a damaged part {self._part} (it is cut off)")

    def parse(self, fragment: str) -> Any:
        """The element of a text that ``texts`` gave, in the namespaces of the part."""
        document = f"{self.root_tag}{fragment}</{self._root_name()}>"
        try:
            return parse_xml(document.encode("utf-8", errors="replace"))[0]
        except ValueError as error:
            raise self._package.error(f"has a damaged part {self._part} ({error})") from error

    def elements(self, name: str) -> Iterator[Any]:
        """Every element ``name`` of any namespace, parsed; valid until the next is asked for."""
        from lxml import etree

        with self._package.open(self._part) as stream:
            try:
                for _, element in etree.iterparse(
                    stream, tag=f"{{*}}{name}", resolve_entities=False, no_network=True, load_dtd=False
                ):
                    yield element
                    element.clear()
                    parent = element.getparent()
                    while parent is not None and element.getprevious() is not None:
                        del parent[0]
            except (etree.XMLSyntaxError, *DAMAGE) as error:
                raise self._package.error(f"has a damaged part {self._part} ({error})") from error

    def _root_name(self) -> str:
        return re.split(r"[\s>/]", self.root_tag[1:], maxsplit=1)[0]

    def _blocks(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        with self._package.open(self._part) as stream:
            while raw := _read(self._package, self._part, stream, _BLOCK_BYTES):
                yield decoder.decode(raw)


def _read(package: Package, part: str, stream: Any, size: int) -> bytes:
    try:
        return bytes(stream.read(size))
    except DAMAGE as error:
        raise package.error(f"has a damaged part {part} ({error})") from error


def _element_end(text: str, start: int, end_tag: str) -> int | None:
    """Where the element that begins at ``start`` ends; None when that lies beyond the text."""
    tag_end = text.find(">", start)
    if tag_end < 0:
        return None
    if text[tag_end - 1] == "/":
        return tag_end + 1
    end = text.find(end_tag, tag_end)
    return end + len(end_tag) if end >= 0 else None
