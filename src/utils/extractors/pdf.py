"""Reads PDF pages with pdfium; pypdf takes over for a file or a page that pdfium cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.pdf_layout import PageLine, page_sections
from src.utils.extractors.sections import Warn, clean_text, ignore_warning, paragraph

_LINE_END = re.compile("\r\n|[\r\n\ufffe]")
"""pdfium ends a line by CR LF, or by U+FFFE where it took away the hyphen of a divided word."""


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a PDF, page by page: headings and paragraphs found from the layout.

    Raises InputFileError when the file is damaged, needs a password, or has no text on any page.
    """
    letters = 0
    empty: list[int] = []
    for number, sections in enumerate(_pages(path, warn), start=1):
        found = sum(character.isalnum() for section in sections for character in section.text)
        letters += found
        if not found:
            empty.append(number)
        yield from sections
    if not letters:
        raise InputFileError(
            f"{path.name} has no text layer: its pages are pictures. Reading pictures (OCR) is not included.",
            fix="Run it through an OCR program first, for example: ocrmypdf in.pdf out.pdf",
        )
    if empty:
        warn(
            f"{path.name}: no text on page {', '.join(map(str, empty[:10]))}{' and others' if len(empty) > 10 else ''}."
        )


def _pages(path: Path, warn: Warn) -> Iterator[list[Section]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise InputFileError(f"{path.name} is password protected.", fix="Save a copy without password.") from error
        yield from _fallback_pages(path, warn)
        return
    try:
        for index in range(len(document)):
            lines = _page_lines(document, index)
            if lines is None:
                yield _fallback_page(_open_pypdf(path), path.name, index, warn)
            else:
                yield list(page_sections(lines, f"page {index + 1}"))
    finally:
        document.close()


def _page_lines(document: Any, index: int) -> list[PageLine] | None:
    """The lines of one page with their places in points, None when pdfium cannot read the page."""
    import pypdfium2

    try:
        with closing(document[index]) as page, closing(page.get_textpage()) as text_page:
            return list(_measured_lines(text_page))
    except pypdfium2.PdfiumError:
        return None


def _measured_lines(text_page: Any) -> Iterator[PageLine]:
    text = text_page.get_text_range()
    wide = any(ord(character) > 0xFFFF for character in text)
    start = 0
    for end in [*_LINE_END.finditer(text), None]:
        raw = text[start : end.start() if end else len(text)]
        line = raw.strip()
        if clean_text(line):
            first = start + raw.index(line[0])
            boxes = [_box(text_page, _text_index(text, place, wide)) for place in (first, first + len(line) - 1)]
            yield PageLine(
                clean_text(line),
                min(box[0] for box in boxes),
                max(box[2] for box in boxes),
                boxes[0][1],
                boxes[0][3] - boxes[0][1],
                hyphenated=end is not None and end[0] == "\ufffe",
            )
        if end:
            start = end.end()


def _text_index(text: str, place: int, wide: bool) -> int:
    """pdfium counts UTF-16 units."""
    return place if not wide else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _box(text_page: Any, text_index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a character, as high as its font (not its glyph)."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page.raw, text_index)
    try:
        left, bottom, right, top = text_page.get_charbox(max(0, index), loose=True)
    except pypdfium2.PdfiumError:
        return (0.0, 0.0, 0.0, 0.0)
    return (left, bottom, right, top)


def _fallback_pages(path: Path, warn: Warn) -> Iterator[list[Section]]:
    reader = _open_pypdf(path)
    for index in range(len(reader.pages)):
        yield _fallback_page(reader, path.name, index, warn)


def _fallback_page(reader: Any, name: str, index: int, warn: Warn) -> list[Section]:
    """One page by pypdf, which reads around damage; a page that it cannot read either is left out with a warning."""
    try:
        text = clean_text(reader.pages[index].extract_text())
    except _pypdf_damage() as error:
        warn(f"{name}: page {index + 1} could not be read ({error}).")
        return []
    return [paragraph(text, f"page {index + 1}")] if text.strip() else []


def _open_pypdf(path: Path) -> Any:
    from pypdf import PdfReader

    try:
        reader = PdfReader(path)
        len(reader.pages)
    except _pypdf_damage() as error:
        raise InputFileError(
            f"{path.name} is no readable PDF: it is damaged or cut off.",
            fix="Open it in a viewer and save it again, or remove it.",
        ) from error
    return reader


def _pypdf_damage() -> tuple[type[Exception], ...]:
    """What pypdf raises on damaged files: its own errors, and Python's where it trusts the structure too far."""
    from pypdf.errors import PyPdfError

    return (PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RuntimeError)
