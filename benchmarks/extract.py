"""Reading documents beside the bare libraries, in one run: python -m benchmarks.extract [--rows 300000] [--mb 100]."""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from benchmarks.measure import ROOT, fresh_workspace, python, run_to_end, show
from src.core.errors import InputFileError
from src.utils.reading.sections import iter_sections
from tests.fixtures.make_documents import PdfLine, make_pdf

REAL_PDFS = ROOT.parent / "shared" / "corpora" / "documents" / "formats" / "files" / "pdf"
TEXT = "The keeper of the tower writes down wind, tide and every ship that passes before the lamp is lit."
REPEATS = 3

Read = Callable[[Path], int]


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. The files are made anew each time, but for real PDFs where ../shared has some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=30_000, help="rows of the workbook")
    parser.add_argument("--mb", type=int, default=100, help="size of the text file")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pdfs = _real_pdfs() or [_make_pdf(folder / "guide.pdf")]
        pages = sum(bare_pdf(path) for path in pdfs)
        rows = [
            _compare(f"PDF, {pages} pages", pdfs, bare_pdf, "pypdfium2", "limit 1.3 x"),
            _compare("DOCX", [_make_docx(folder / "a.docx")], bare_docx, "python-docx", "limit 2 x"),
            _compare("PPTX", [_make_pptx(folder / "a.pptx")], bare_pptx, "python-pptx", "limit 2 x"),
            _compare(
                f"XLSX, {options.rows:,} rows",
                [_make_xlsx(folder / "a.xlsx", options.rows)],
                bare_xlsx,
                "openpyxl read-only",
                "limit 1/8 = 0.125 x",
            ),
        ]
        show("Reading beside bare libraries (CPU, one process)", rows)
        show("python -m src.main extract (whole program)", _whole_program(folder, options.mb))


def read_all(path: Path) -> int:
    """Read a document with our reader; returns the number of sections."""
    return sum(1 for _ in iter_sections(path))


def bare_pdf(path: Path) -> int:
    """The text of every page; returns their number."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(path)) as document:
        for index in range(len(document)):
            with closing(document[index]) as page, closing(page.get_textpage()) as text_page:
                text_page.get_text_range()
        return len(document)


def bare_docx(path: Path) -> int:
    """Paragraphs and cells."""
    from docx import Document

    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return len([paragraph.text for paragraph in document.paragraphs]) + len(cells)


def bare_pptx(path: Path) -> int:
    """Text frames."""
    from pptx import Presentation

    slides = Presentation(str(path)).slides
    return len([shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame])


def bare_xlsx(path: Path) -> int:
    """Rows of values."""
    from openpyxl import load_workbook

    with closing(load_workbook(path, read_only=True, data_only=True)) as workbook:
        return sum(1 for sheet in workbook for _ in sheet.iter_rows(values_only=True))


def _compare(what: str, paths: Sequence[Path], bare: Read, library: str, limit: str) -> tuple[str, str, str]:
    """Best of several runs in turn, so that a busy moment hits both."""
    ours, theirs = [], []
    for _ in range(REPEATS):
        ours.append(_cpu(read_all, paths))
        theirs.append(_cpu(bare, paths))
    return (what, f"{min(ours) / min(theirs):.2f} x", f"{min(ours):.2f} s, {library} {min(theirs):.2f} s; {limit}")


def _cpu(read: Read, paths: Sequence[Path]) -> float:
    started = time.process_time()
    for path in paths:
        read(path)
    return time.process_time() - started


def _whole_program(folder: Path, megabytes: int) -> list[tuple[str, str, str]]:
    small = folder / "small.txt"
    small.write_text("A few words.\n", encoding="utf-8")
    large, bomb = _make_text(folder / "large.txt", megabytes), _make_bomb(folder / "bomb.docx")
    with fresh_workspace() as workspace:
        base = run_to_end(python("-m", "src.main", "extract", str(small)), workspace)
        text = run_to_end(python("-m", "src.main", "extract", str(large)), workspace)
        refused = run_to_end(python("-m", "src.main", "extract", str(bomb)), workspace, code=1)
    above = text.megabytes - base.megabytes
    return [
        ("a few words", f"{base.total:.2f} s", f"{base.megabytes:.0f} MB: the base process"),
        (f"text of {megabytes} MB", f"{text.total:.2f} s", f"{above:+.0f} MB above base; limits 3 s and 60 MB"),
        ("zip bomb, refused", f"{refused.total:.2f} s", f"{refused.megabytes:.0f} MB; limits 1 s and 100 MB"),
    ]


def _real_pdfs() -> list[Path]:
    """Those of the shared corpus that both sides read."""
    import pypdfium2

    readable = []
    for path in sorted(REAL_PDFS.glob("*.pdf")):
        with suppress(pypdfium2.PdfiumError, InputFileError):
            bare_pdf(path)
            read_all(path)
            readable.append(path)
    return readable


def _sentence(number: int) -> str:
    start = number % len(TEXT)
    return f"{number}. {TEXT[start:]} {TEXT[:start]}"


def _make_pdf(path: Path) -> Path:
    page: list[PdfLine] = [("R", 11.0, _sentence(line)) for line in range(45)]
    path.write_bytes(make_pdf([page] * 200))
    return path


def _make_docx(path: Path) -> Path:
    from docx import Document

    document = Document()
    for number in range(3000):
        document.add_paragraph(_sentence(number))
    table = document.add_table(100, 4)
    for number, cell in enumerate(table._cells):
        cell.text = _sentence(number)
    document.save(str(path))
    return path


def _make_pptx(path: Path) -> Path:
    from pptx import Presentation

    show_file = Presentation()
    for number in range(200):
        slide = show_file.slides.add_slide(show_file.slide_layouts[1])
        slide.shapes[0].text_frame.text = f"Slide {number}"
        slide.shapes[1].text_frame.text = "\n".join(_sentence(number + line) for line in range(8))
    show_file.save(str(path))
    return path


def _make_xlsx(path: Path, rows: int) -> Path:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("data")
    sheet.append(["id", "question", "answer", "share", "remark"])
    for number in range(rows):
        sheet.append([number, f"question {number}?", f"answer number {number}", number * 1.5, "kept"])
    workbook.save(path)
    return path


def _make_text(path: Path, megabytes: int) -> Path:
    block = "".join(f"User: {_sentence(n)}\nAssistant: {_sentence(n + 1)}\n\n" for n in range(5000))
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < megabytes * 1_000_000:
            file.write(block)
    return path


def _make_bomb(path: Path) -> Path:
    """A gigabyte of one letter inside a Word document of a megabyte."""
    from docx import Document

    packed = io.BytesIO()
    Document().save(packed)
    run = b"<w:p><w:r><w:t>" + b"A" * 1_000_000 + b"</w:t></w:r></w:p>"
    name = "word/document.xml"
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for other in source.namelist():
            if other != name:
                target.writestr(other, source.read(other))
        with target.open(name, "w", force_zip64=True) as part:
            space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            part.write(b'<w:document xmlns:w="' + space + b'"><w:body>')
            for _ in range(1000):
                part.write(run)
            part.write(b"</w:body></w:document>")
    return path


if __name__ == "__main__":
    main(sys.argv[1:])
