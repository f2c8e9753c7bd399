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
from src.utils.extractors.html_paths import PathStack, place_fields
from src.utils.extractors.package import local_name
from src.utils.extractors.sections import Warn, clean_text, heading, ignore_warning, paragraph
from src.utils.extractors.tables import TableRow, table_sections

_SKIPPED = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "select", "button"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LOWEST = 6
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl"}
    | {"dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "nav", "ol"}
    | {"p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_LOOKS = re.compile(r"</?(?:a|abbr|b|big|em|font|i|s|small|span|strike|strong|tt|u)\b[^<>]*>", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f]+")


def extract(path: Path, _warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of an HTML page. Raises InputFileError when it holds no markup that can be read."""
    detect_encoding(path)  # refuses binary data
    yield from html_sections(path.read_bytes(), path.name)


def html_sections(data: bytes, name: str, prefix: str = "") -> Iterator[Section]:
    """Sections of a page given as bytes; ``prefix`` goes before every locator (a chapter, a mail)."""
    yield from text_html_sections(decode_bytes(data, declared_charset(data)), name, prefix)


def declared_charset(data: bytes) -> str:
    """The charset that a page names in its head, "" where it names none."""
    declared = _DECLARED.search(data[:4096])
    return (declared[1] or declared[2]).decode("ascii", errors="replace") if declared else ""


def text_html_sections(text: str, name: str, prefix: str = "") -> Iterator[Section]:
    """Sections of a page given as text."""
    from lxml import etree

    # An encoding declaration would contradict the text, which is decoded already.
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", clean_text(text))
    if not markup.strip():
        return
    try:
        root = _parse(markup)
        if root is None:  # tags for looks alone, never closed, are what nests so deep
            root = _parse(_LOOKS.sub("", markup))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise InputFileError(
            f"{name} is no readable HTML ({error}).", fix="Save the page again, or remove it."
        ) from error
    if root is None:
        raise InputFileError(f"{name} is nested too deeply to be read.", fix="Save its text as .txt.")
    yield from _Page(prefix).sections(root)


def _parse(markup: str) -> Any:
    """The root of a page; None when it nests deeper than the parser goes, which drops the rest without a word."""
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    root = lxml_html.document_fromstring(markup, parser=parser)
    return None if any("depth" in entry.message for entry in parser.error_log) else root


class _Page:
    """Gathers inline text to blocks while walking the tree. No recursion: broken pages nest a thousand tags."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._inline: list[tuple[str, str]] = []
        self._path = PathStack()
        self._count = 0
        self._tables = 0

    def sections(self, element: Any) -> Iterator[Section]:
        """The sections below ``element``."""
        from lxml import etree

        walk = etree.iterwalk(element, events=("start", "end"))
        for event, node in walk:
            name = local_name(node).lower()
            if name in _BLOCKS and node is not element:
                yield from self._flush()
            if event == "end":
                self._path.leave()
                self._take("" if node is element else node.tail or "")
                continue
            self._path.enter(node, name)
            if node is element:
                self._take(node.text or "")
            elif name in _SKIPPED and not _heading_level(node, name):
                walk.skip_subtree()
            elif _is_whole(node, name):
                yield from self._flush()
                yield from self._whole(node, name)
                walk.skip_subtree()
            else:
                self._take("\v" if name == "br" else node.text or "")
        yield from self._flush()

    def _whole(self, element: Any, name: str) -> Iterator[Section]:
        """An element that is read as one: a heading, preformatted text, a table of data."""
        if name == "table":
            self._tables += 1
            yield from table_sections(self._rows(element))
        elif name == "pre":
            yield paragraph_verbatim(_text_with_breaks(element), self._locator())
        elif text := _collapse(_text_with_breaks(element)):
            section = heading(text, _heading_level(element, name), self._locator())
            fields = place_fields(section.text, [(str(self._path), " ".join(text.split()))])
            yield section._replace(fields=fields)

    def _take(self, text: str) -> None:
        if text:
            self._inline.append((str(self._path), text))

    def _flush(self) -> Iterator[Section]:
        text = _collapse("".join(piece for _, piece in self._inline))
        if text:
            section = paragraph(text, self._locator())
            pieces = [(path, _collapse(piece)) for path, piece in self._inline]
            yield section._replace(fields=place_fields(section.text, pieces))
        self._inline = []

    def _locator(self) -> str:
        self._count += 1
        return f"{self._prefix} block {self._count}".strip()

    def _rows(self, table: Any) -> Iterator[TableRow]:
        label = f"{self._prefix} table {self._tables}".strip()
        for caption in table.iterchildren("caption"):
            yield TableRow([_collapse(caption.text_content())], label)
        number = 0
        for line in table.iter("tr"):
            if next(line.iterancestors("table")) is not table:
                continue
            number += 1
            cells = list(_cells(line))
            columns = tuple(column for column, _ in cells)
            yield TableRow([text for _, text in cells], f"{label} row {number}", columns)


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
        unfolds = (
            element.get("aria-expanded") or element.get("aria-controls") or "accordion" in element.get("class", "")
        )
        return _LOWEST if unfolds else 0
    return _LOWEST if name in ("summary", "dt") else 0


def _is_whole(element: Any, name: str) -> bool:
    return name == "pre" or bool(_heading_level(element, name)) or (name == "table" and _is_data_table(element))


def _is_data_table(table: Any) -> bool:
    """Old pages lay whole articles out in tables: those hold tables or headings, or one cell a row."""
    if next(table.iter("h1", "h2", "h3", "h4", "p", "form"), None) is not None:
        nested = next((inner for inner in table.iter("table") if inner is not table), None)
        if nested is not None or next(table.iter("h1", "h2", "h3"), None) is not None:
            return False
    return any(sum(1 for _ in line.iterchildren("td", "th")) > 1 for line in table.iter("tr"))


def _text_with_breaks(element: Any) -> str:
    from lxml import etree

    for mark in element.iter("br"):
        mark.tail = "\n" + (mark.tail or "")
    etree.strip_elements(element, "script", "style", with_tail=False)
    return str(element.text_content())


def _collapse(text: str) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\v"))
    return "\n".join(lines).strip()
