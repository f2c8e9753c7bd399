"""OCR of scanned PDFs by a program of the user: ocrmypdf, or tesseract on pages drawn by pdfium."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from src.core.errors import InputFileError
from src.utils.extractors.sections import Warn

SECONDS_PER_PAGE = 30
_DOTS_PER_INCH = 300
"""What tesseract's manual asks for."""


def find_ocr_program() -> str:
    """The path of ocrmypdf or else tesseract on the PATH, "" where there is neither."""
    return shutil.which("ocrmypdf") or shutil.which("tesseract") or ""


def make_searchable(path: Path, folder: Path, languages: str, warn: Warn) -> Path:
    """A copy of a scanned PDF in ``folder``, of the same name, with a text layer in ``languages`` ("eng+deu").

    Raises InputFileError with what the program said when it fails or is no longer there.
    """
    program = find_ocr_program()
    target = folder / "searchable" / path.name
    target.parent.mkdir()
    if Path(program).stem == "ocrmypdf":
        _run(path, [program, "--language", languages, "--force-ocr", "--quiet", str(path), str(target)])
    else:
        pages = _draw_pages(path, target.parent)
        # tesseract takes a list of pictures and adds the suffix by itself
        result = target.parent / "result"
        _run(path, [program, str(pages), str(result), "-l", languages, "pdf"])
        result.with_suffix(".pdf").replace(target)
    warn(f"{path.name} was read by OCR ({Path(program).stem}): expect wrong letters.")
    return target


def _run(path: Path, command: list[str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603  (no shell; the user's own program, by its full path)
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True, errors="replace"
        )
    except OSError as error:
        raise InputFileError(
            f"{path.name}: the OCR program cannot be run ({error}).", fix="Install it again."
        ) from error
    if done.returncode != 0:
        said = done.stderr.strip().rpartition("\n")[2]
        raise InputFileError(
            f"{path.name}: OCR by {Path(command[0]).stem} failed ({said or f'exit code {done.returncode}'}).",
            fix="Check its languages (input.ocr in config.yaml), or give a copy with a text layer.",
        )


def _draw_pages(path: Path, folder: Path) -> Path:
    """Draw every page as a grey picture (PGM, which needs no imaging package); returns the file that lists them."""
    import pypdfium2

    pictures = []
    with closing(pypdfium2.PdfDocument(path)) as document:
        for index in range(len(document)):
            bitmap = document[index].render(scale=_DOTS_PER_INCH / 72, grayscale=True)
            picture = folder / f"page{index + 1}.pgm"
            with picture.open("wb") as file:
                file.write(f"P5 {bitmap.width} {bitmap.height} 255\n".encode("ascii"))
                rows = memoryview(bitmap.buffer).cast("B")
                for row in range(bitmap.height):
                    start = row * bitmap.stride
                    file.write(rows[start : start + bitmap.width])
            pictures.append(str(picture))
    listing = folder / "pages.txt"
    listing.write_text("\n".join(pictures), encoding="utf-8")
    return listing
