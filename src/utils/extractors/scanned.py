"""The error of a PDF whose pages are pictures: the one refusal that another program may still mend."""

from __future__ import annotations

from src.core.errors import InputFileError


class ScannedPdfError(InputFileError):
    """A PDF without a text layer. ``pages`` says how many pages a program for OCR would have to read."""

    def __init__(self, name: str, pages: int) -> None:
        super().__init__(
            f"{name} has no text layer: its pages are pictures. OCR is not included.",
            fix="Install ocrmypdf or tesseract, which is then used by itself, or give a copy with a text layer.",
        )
        self.pages = pages
