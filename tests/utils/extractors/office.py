"""Writes small Office Open XML packages part by part, so that a test shows the very XML that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.fixtures.make_documents import write_zip

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """A .rels part: id -> (kind, target)."""
    rows = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{rows}</Relationships>'


def write_package(path: Path, main: str, parts: Mapping[str, str]) -> Path:
    """A package whose main part is ``main``."""
    root = {"_rels/.rels": relations({"r1": ("officeDocument", main)})}
    write_zip(path, [(name, text.encode("utf-8")) for name, text in {**root, **parts}.items()])
    return path


def write_docx(
    path: Path,
    body: str,
    targets: Mapping[str, tuple[str, str]] | None = None,
    parts: Mapping[str, str] | None = None,
    *,
    namespace: str = WORD,
) -> Path:
    """A .docx with this body XML (prefix ``w``, and ``mc`` for alternatives) and related parts."""
    document = (
        f'<w:document xmlns:w="{namespace}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        f' xmlns:a="{DRAWING}"><w:body>{body}</w:body></w:document>'
    )
    return write_package(
        path,
        "word/document.xml",
        {"word/document.xml": document, "word/_rels/document.xml.rels": relations(targets or {}), **(parts or {})},
    )


def word_part(element: str, content: str) -> str:
    """Any other WordprocessingML part: styles, footnotes, header."""
    return f'<w:{element} xmlns:w="{WORD}">{content}</w:{element}>'


def paragraph(text: str, style: str = "") -> str:
    """A WordprocessingML paragraph."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def write_xlsx(
    path: Path,
    sheets: Mapping[str, str],
    *,
    strings: str = "",
    styles: str = "",
    states: Mapping[str, str] | None = None,
    parts: Mapping[str, str] | None = None,
    properties: str = "",
) -> Path:
    """A .xlsx: sheet name -> the XML inside ``sheetData``; shared ``strings`` and ``styles`` as XML."""
    targets = {f"s{index}": ("worksheet", f"worksheets/sheet{index}.xml") for index in range(len(sheets))}
    content = {}
    if strings:
        targets["strings"] = ("sharedStrings", "sharedStrings.xml")
        content["xl/sharedStrings.xml"] = f'<sst xmlns="{SHEET}">{strings}</sst>'
    if styles:
        targets["styles"] = ("styles", "styles.xml")
        content["xl/styles.xml"] = f'<styleSheet xmlns="{SHEET}">{styles}</styleSheet>'
    tabs = ""
    for index, (name, data) in enumerate(sheets.items()):
        state = (states or {}).get(name, "visible")
        tabs += f'<sheet name="{name}" sheetId="{index + 1}" state="{state}" r:id="s{index}"/>'
        content[f"xl/worksheets/sheet{index}.xml"] = (
            f'<worksheet xmlns="{SHEET}"><sheetData>{data}</sheetData></worksheet>'
        )
    book = f'<workbook xmlns="{SHEET}" xmlns:r="{_OFFICE}">{properties}<sheets>{tabs}</sheets></workbook>'
    return write_package(
        path,
        "xl/workbook.xml",
        {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations(targets), **content, **(parts or {})},
    )


def write_pptx(path: Path, slides: list[str], parts: Mapping[str, str] | None = None, show: str = "1") -> Path:
    """A .pptx: each slide as the XML inside its shape tree (prefixes ``p`` and ``a``)."""
    names = f'xmlns:p="{SLIDE}" xmlns:a="{DRAWING}" xmlns:r="{_OFFICE}"'
    targets = {f"s{index}": ("slide", f"slides/slide{index}.xml") for index in range(len(slides))}
    # The order of the slides is the list's, not the part names': the list stands reversed.
    order = "".join(f'<p:sldId id="{300 + index}" r:id="s{index}"/>' for index in reversed(range(len(slides))))
    content = {
        f"ppt/slides/slide{index}.xml": (
            f'<p:sld {names} show="{show}"><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>'
        )
        for index, shapes in enumerate(slides)
    }
    main = f"<p:presentation {names}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>"
    return write_package(
        path,
        "ppt/presentation.xml",
        {
            "ppt/presentation.xml": main,
            "ppt/_rels/presentation.xml.rels": relations(targets),
            **content,
            **(parts or {}),
        },
    )


def shape(*lines: str, placeholder: str = "") -> str:
    """A slide's shape with paragraphs."""
    kind = f'<p:nvPr><p:ph type="{placeholder}"/></p:nvPr>' if placeholder else "<p:nvPr/>"
    body = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return f"<p:sp><p:nvSpPr>{kind}</p:nvSpPr><p:txBody>{body}</p:txBody></p:sp>"
