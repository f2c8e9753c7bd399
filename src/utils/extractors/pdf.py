"""Reads PDF pages with pdfium; pypdf takes over for a file or a page that pdfium cannot read."""

from __future__ import annotations

import ctypes
import math
import re
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from src.core.errors import InputFileError
from src.core.types import Section
from src.utils.extractors.pdf_layout import PageLine, page_sections
from src.utils.extractors.pdf_notes import annotation_sections, attachment_names
from src.utils.extractors.scanned import ScannedPdfError
from src.utils.extractors.sections import Warn, clean_text, ignore_warning, is_clean, paragraph

Turn = Callable[[tuple[float, ...]], tuple[float, float, float, float]]

_WIDE = re.compile("[\U00010000-\U0010ffff]")
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_WORDED = re.compile(r"[^\W_]")
_LINE = re.compile("[^\r\n\ufffe]+")
"""pdfium ends a line by CR LF, or by U+FFFE where it took away the hyphen of a divided word."""


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of a PDF, page by page: headings and paragraphs found from the layout.

    Raises InputFileError when the file is damaged, needs a password, or has no text on any page.
    """
    worded = False
    empty: list[int] = []
    for number, sections in enumerate(_pages(path, warn), start=1):
        if any(_WORDED.search(section.text) for section in sections):
            worded = True
        else:
            empty.append(number)
        yield from sections
    if not worded:
        raise ScannedPdfError(path.name, len(empty))
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
        names = attachment_names(document)
        if names:
            warn(f"{path.name} has attached files, which are not read: {', '.join(names)}.")
        for index in range(len(document)):
            sections = _page_sections(document, index)
            if sections is None:
                sections = _fallback_page(_open_pypdf(path), path.name, index, warn)
            yield sections
    finally:
        document.close()


def _page_sections(document: Any, index: int) -> list[Section] | None:
    """The sections of one page, None when pdfium cannot read it."""
    import pypdfium2

    locator = f"page {index + 1}"
    try:
        with closing(document[index]) as page:
            turn = _turn(page) if page.get_rotation() else None
            with closing(page.get_textpage()) as text_page:
                lines = _measured_lines(text_page, turn)
            return [*page_sections(lines, locator), *annotation_sections(page, locator)]
    except pypdfium2.PdfiumError:
        return None


def _turn(page: Any) -> Turn | None:
    """How places of a turned page become those of what is seen; None where its letters stand upright unturned.

    pdfium orders letters as the page is seen: one whose letters then lie on their side is turned back.
    """
    import pypdfium2.raw as pdfium

    with closing(page.get_textpage()) as text_page:
        upright = math.cos(pdfium.FPDFText_GetCharAngle(text_page.raw, 0)) > 0.9
    width, height = page.get_mediabox()[2:]
    rotation = page.get_rotation()
    if upright and rotation != 180:
        page.set_rotation(0)
        return None
    return {
        90: lambda box: (box[3], width - box[0], box[1], width - box[2]),
        180: lambda box: (width - box[2], height - box[3], width - box[0], height - box[1]),
        270: lambda box: (height - box[1], box[2], height - box[3], box[0]),
    }.get(rotation)


def _measured_lines(text_page: Any, turn: Turn | None = None) -> list[PageLine]:
    text = text_page.get_text_range()
    box = _box_reader(text_page, text, turn)
    clean = is_clean(text.replace("\r\n", "\n"))
    lines = []
    for found in _LINE.finditer(text):
        raw = found[0]
        line = raw.strip()
        cleaned = line if clean else clean_text(line)
        if not cleaned:
            continue
        first = found.start() + raw.index(line[0])
        left, top, right, bottom = box(first)
        if len(line) > 1:
            other_left, _, other_right, _ = box(first + len(line) - 1)
            left = other_left if other_left < left else left  # words of some scripts run to the left
            right = other_right if other_right > right else right
        divided = text[found.end() : found.end() + 1] == "\ufffe"
        lines.append(PageLine(cleaned, left, right, bottom, top - bottom, divided))
    return lines


def _box_reader(text_page: Any, text: str, turn: Turn | None) -> Callable[[int], tuple[float, ...]]:
    """A function from a place in ``text`` to left, top, right, bottom there, as high as the font (not its glyph).

    It calls pdfium without the wrapper's checks: they cost as much as the measuring.
    """
    page, read, found = text_page.raw, _unchecked_box(), (ctypes.c_float * 4)()
    pointer = ctypes.byref(found)
    unpack = struct.Struct("4f").unpack
    find = _char_finder(text_page, text)

    def box(place: int) -> tuple[float, ...]:
        return unpack(found) if read(page, place, pointer) else _NOWHERE

    if find is None and turn is None:
        return box
    place_of, turned = find or int, turn or tuple
    return lambda place: turned(box(place_of(place)))


@cache
def _unchecked_box() -> Callable[[Any, int, Any], int]:
    """pdfium's function without types of arguments, which ctypes would check at every call."""
    import pypdfium2.raw as pdfium

    address = ctypes.cast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(ctypes.c_int)(address or 0)


def _char_finder(text_page: Any, text: str) -> Callable[[int], int] | None:
    """A function from a place in ``text`` to pdfium's number of that character; None where both are the same.

    pdfium counts UTF-16 units of the text, and its characters hold some that the text leaves out.
    """
    import pypdfium2.raw as pdfium

    wide = [] if text.isascii() else [found.start() for found in _WIDE.finditer(text)]
    if text_page.count_chars() == len(text) + len(wide):
        return (lambda place: place + bisect_left(wide, place)) if wide else None
    to_char = pdfium.FPDFText_GetCharIndexFromTextIndex
    return lambda place: max(0, int(to_char(text_page.raw, place + bisect_left(wide, place))))


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
