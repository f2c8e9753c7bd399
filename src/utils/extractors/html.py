"""Reads HTML: headings, paragraphs, lists, definition lists, tables and preformatted text in document order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.decode import detect_encoding
from src.utils.extractors.encoding import decode_bytes
from src.utils.extractors.package import local_name
from src.utils.extractors.sections import Warn, clean_text, heading, ignore_warning, paragraph
from src.utils.extractors.tables import TableRow, table_sections

_SKIPPED = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "select", "button"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LOWEST = 6
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl"}
    | {"dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "nav", "ol"}
    | {"p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f]+")


def extract(path: Path, _warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of an HTML page. Raises InputFileError when it holds no markup that can be read."""
    detect_encoding(path)  # refuses binary data
    yield from html_sections(path.read_bytes(), path.name)


def html_sections(data: bytes, name: str, prefix: str = "") -> Iterator[Section]:
    """Sections of a page given as bytes; ``prefix`` goes before every locator (a chapter, a mail)."""
    declared = _DECLARED.search(data[:4096])
    charset = (declared[1] or declared[2]).decode("ascii") if declared else ""
    yield from text_html_sections(decode_bytes(data, charset), name, prefix)


def text_html_sections(text: str, name: str, prefix: str = "") -> Iterator[Section]:
    """Sections of a page given as text."""
    from lxml import etree
    from lxml import html as lxml_html

    # An encoding declaration would contradict the text, which is decoded already.
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", clean_text(text))
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(markup, parser=parser) if markup.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise InputFileError(
            f"{name} is no readable HTML ({error}).", fix="Save the page again, or remove it."
        ) from error
    if root is not None:
        yield from _Page(prefix).sections(root)


class _Page:
    """Gathers inline text to blocks while walking the tree; no recursion over siblings, so long pages are fine."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._inline: list[str] = []
        self._count = 0
        self._tables = 0

    def sections(self, element: Any) -> Iterator[Section]:
        """The sections below ``element``."""
        yield from self._children(element)
        yield from self._flush()

    def _children(self, element: Any) -> Iterator[Section]:
        self._inline.append(element.text or "")
        for child in element:
            name = local_name(child).lower()
            if isinstance(child.tag, str) and (name not in _SKIPPED or _heading_level(child, name)):
                yield from self._element(child, name)
            self._inline.append(child.tail or "")

    def _element(self, element: Any, name: str) -> Iterator[Section]:
        if name == "br":
            self._inline.append("\v")  # a break that collapsing of white space must not touch
        elif level := _heading_level(element, name):
            yield from self._flush()
            text = element.text_content()
            if text.strip():
                yield heading(text, level, self._locator())
        elif name == "pre":
            yield from self._flush()
            yield paragraph_verbatim(_pre_text(element), self._locator())
        elif name == "table" and _is_data_table(element):
            yield from self._flush()
            self._tables += 1
            yield from table_sections(self._rows(element))
        elif name in _BLOCKS:
            yield from self._flush()
            yield from self._children(element)
            yield from self._flush()
        else:
            yield from self._children(element)

    def _flush(self) -> Iterator[Section]:
        text = _collapse("".join(self._inline))
        self._inline = []
        if text:
            yield paragraph(text, self._locator())

    def _locator(self) -> str:
        self._count += 1
        return f"{self._prefix} block {self._count}".strip()

    def _rows(self, table: Any) -> Iterator[TableRow]:
        label = f"{self._prefix} table {self._tables}".strip()
        for caption in table.iterchildren("caption"):
            yield TableRow(((0, _collapse(caption.text_content())),), label)
        number = 0
        for line in table.iter("tr"):
            if next(line.iterancestors("table")) is not table:
                continue
            number += 1
            yield TableRow(tuple(_cells(line)), f"{label} row {number}")


def paragraph_verbatim(text: str, locator: str) -> Section:
    """A block whose spaces and line breaks count (code, verse), followed by an empty line."""
    stripped = clean_text(text).strip("\n").rstrip()
    return Section(f"{stripped}\n\n", locator)


def _cells(line: Any) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in line.iterchildren("td", "th"):
        text = "\n".join(section.text.rstrip() for section in _Page("").sections(cell))
        yield column, text
        span = cell.get("colspan", "1")
        column += min(int(span), 1000) if span.isdigit() and int(span) else 1


def _heading_level(element: Any, name: str) -> int:
    """The depth of a heading, 0 for anything else. What unfolds the text below it, or names it, heads it."""
    if name in _HEADINGS:
        return _HEADINGS[name]
    if name == "button" or element.get("role") == "button":
        unfolds = element.get("aria-expanded") or element.get("aria-controls") or "accordion" in element.get("class", "")
        return _LOWEST if unfolds else 0
    return _LOWEST if name in ("summary", "dt") else 0


def _is_data_table(table: Any) -> bool:
    """Old pages lay whole articles out in tables: those hold tables or headings, or one cell a row."""
    if next(table.iter("h1", "h2", "h3", "h4", "p", "form"), None) is not None:
        nested = next((inner for inner in table.iter("table") if inner is not table), None)
        if nested is not None or next(table.iter("h1", "h2", "h3"), None) is not None:
            return False
    return any(sum(1 for _ in line.iterchildren("td", "th")) > 1 for line in table.iter("tr"))


def _pre_text(element: Any) -> str:
    for mark in element.iter("br"):
        mark.tail = "\n" + (mark.tail or "")
    return str(element.text_content())


def _collapse(text: str) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\v"))
    return "\n".join(lines).strip()
