"""Reads what a PDF holds beside the text of its pages: notes, form fields, names of attached files."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from src.core.types import Section
from src.utils.extractors.sections import clean_text, paragraph

_NOTES = ("TEXT", "FREETEXT", "HIGHLIGHT", "UNDERLINE", "SQUIGGLY", "STRIKEOUT", "STAMP")
_MAX_NOTES = 2000
"""A page with more is a form of another kind, or damaged."""


def annotation_sections(page: Any, locator: str) -> Iterator[Section]:
    """The comments, free texts and filled-in fields of a page; none of them belongs to its text."""
    import pypdfium2.raw as pdfium

    kinds = {getattr(pdfium, f"FPDF_ANNOT_{name}"): "note" for name in _NOTES} | {pdfium.FPDF_ANNOT_WIDGET: "field"}
    for number in range(min(_MAX_NOTES, pdfium.FPDFPage_GetAnnotCount(page.raw))):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
        if not annotation:
            continue
        what = kinds.get(pdfium.FPDFAnnot_GetSubtype(annotation), "")
        text = _annotation_text(annotation, what)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if text:
            yield paragraph(text, f"{locator} {what}")


def attachment_names(document: Any) -> list[str]:
    """The names of the files inside a PDF."""
    return [clean_text(document.get_attachment(number).get_name()) for number in range(document.count_attachments())]


def _annotation_text(annotation: Any, what: str) -> str:
    if what == "note":
        return _string(annotation, b"Contents")
    if what == "field":
        name, value = _string(annotation, b"T"), _string(annotation, b"V")
        return f"{name}: {value}" if name and value else value
    return ""


def _string(annotation: Any, key: bytes) -> str:
    """The text of one entry of an annotation; pdfium gives UTF-16 and counts bytes, the closing zero among them."""
    import pypdfium2.raw as pdfium

    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    units = ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR))
    pdfium.FPDFAnnot_GetStringValue(annotation, key, units, size)
    return clean_text(buffer.raw[: size - 2].decode("utf-16-le", errors="replace")).strip()
