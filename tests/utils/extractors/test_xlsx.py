"""Workbooks: every sheet, only the cells that exist, values as a person sees them."""

from __future__ import annotations

import time
import zipfile

import pytest
from openpyxl import Workbook

from src.core.errors import InputFileError
from src.utils.extractors.xlsx import extract
from tests.fixtures.make_documents import write_zip
from tests.patience import PATIENCE_S
from tests.utils.extractors.office import SHEET, paragraph, relations, write_docx, write_xlsx


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def texts(path) -> list[str]:
    return [section.text for section in extract(path)]


def test_rows_are_named_by_the_header_and_located_by_sheet_and_cells(tmp_path):
    data = (
        f'<row r="1">{cell("A1", "Plant")}{cell("B1", "Days")}</row>'
        f'<row r="2">{cell("A2", "Radish")}<c r="B2"><v>28</v></c></row>'
        f'<row r="3">{cell("A3", "Kale")}</row>'
    )
    sections = list(extract(write_xlsx(tmp_path / "a.xlsx", {"Prices": data})))
    assert [section.text for section in sections] == ["Prices\n\n", "Plant\tDays\n", "Radish\t28\n", "Kale\n"]
    assert sections[0].kind == "heading"
    assert [section.locator for section in sections[1:]] == [
        "sheet Prices A1:B1",
        "sheet Prices A2:B2",
        "sheet Prices A3",
    ]
    assert [field.name for field in sections[2].fields] == ["Plant", "Days"]
    assert sections[1].fields == ()


def test_names_that_the_program_gives_are_no_headings(tmp_path):
    assert texts(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": f"<row>{cell('A1', 'x')}</row>"})) == ["x\n"]


def test_a_value_in_the_last_cell_costs_no_more_than_one_in_the_first(tmp_path):
    data = f'<row r="1">{cell("A1", "near")}</row><row r="1048576">{cell("XFD1048576", "far")}</row>'
    started = time.monotonic()
    sections = list(extract(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": data})))
    assert [section.text for section in sections] == ["near\n", "far\n"]
    assert sections[1].locator == "sheet Sheet1 XFD1048576"
    assert sections[1].fields[0].name == "XFD"
    assert time.monotonic() - started < PATIENCE_S


def test_cells_show_what_a_person_sees(tmp_path):
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm;@"/>'
        '<numFmt numFmtId="165" formatCode="0.0&quot;days&quot;"/>'
        '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>'
    )
    strings = "<si><t>plain</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>hint</t></rPh></si>"
    data = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>99</v></c>'
        '<c t="b"><v>1</v></c><c t="b"><v>0</v></c>'
        '<c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>cached</v></c><c><f>SUM(B1:B2)</f></c><c><v>0.1</v></c>'
        '<c><v>3.0</v></c><c><v>0.30000000000000004</v></c><c s="1"><v>45000</v></c><c s="2"><v>45000.5</v></c>'
        '<c s="1"><v>0.25</v></c><c s="3"><v>2.5</v></c>'
        '<c><v>1e400</v></c><c><v>n/a</v></c><c s="77"><v>5</v></c><c/></row>'
    )
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": data}, strings=strings, styles=styles)
    shown = (
        "plain\trich text\tTRUE\tFALSE\t#N/A\tcached\t=SUM(B1:B2)\t0.1\t3\t0.3\t2023-03-15\t2023-03-15 12:00:00\t"
        "06:00:00\t2.5\t1e400\tn/a\t5\n"
    )
    assert texts(path) == [shown]


def test_workbooks_that_count_days_from_1904_show_the_same_dates(tmp_path):
    styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {"Sheet1": '<row><c s="0"><v>43538</v></c></row>'},
        styles=styles,
        properties='<workbookPr date1904="1"/>',
    )
    assert texts(path) == ["2023-03-15\n"]


def test_hidden_sheets_are_read_and_marked(tmp_path):
    sheets = {"Open": f"<row>{cell('A1', 'a')}</row>", "Secret": f"<row>{cell('A1', 'b')}</row>"}
    sections = list(extract(write_xlsx(tmp_path / "a.xlsx", sheets, states={"Secret": "veryHidden"})))
    assert [section.locator for section in sections if section.kind == "row"] == [
        "sheet Open A1",
        "sheet Secret (hidden) A1",
    ]


def test_comments_and_text_boxes_follow_their_sheet(tmp_path):
    parts = {
        "xl/worksheets/_rels/sheet0.xml.rels": relations(
            {
                "1": ("comments", "../comments1.xml"),
                "2": ("drawing", "../drawings/d.xml"),
                "3": ("threadedComment", "../t.xml"),
                "4": ("hyperlink", "nowhere.xml"),
            }
        ),
        "xl/comments1.xml": (
            f'<comments xmlns="{SHEET}"><commentList><comment ref="B2"><text>'
            "<r><t>check </t></r><r><t>this</t></r></text>"
            '</comment><comment ref="B3"><text/></comment>'
            '<comment ref="C1"><text><t>[Threaded comment] why?</t></text></comment></commentList></comments>'
        ),
        "xl/t.xml": '<T xmlns="t"><threadedComment ref="C1"><text>why?</text></threadedComment>'
        '<threadedComment ref="D1"><text>another</text></threadedComment></T>',
        "xl/drawings/d.xml": '<d:wsDr xmlns:d="d" xmlns:a="a"><a:p><a:r><a:t>a box</a:t></a:r></a:p></d:wsDr>',
        "xl/drawings/_rels/d.xml.rels": relations({"c": ("chart", "../charts/c.xml")}),
        "xl/charts/c.xml": '<c:chart xmlns:c="c" xmlns:a="a"><a:p><a:r><a:t>a chart</a:t></a:r></a:p></c:chart>',
    }
    sections = list(extract(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": f"<row>{cell('A1', 'x')}</row>"}, parts=parts)))
    assert [(section.text.strip(), section.locator) for section in sections[1:]] == [
        ("check this", "sheet Sheet1 comment B2"),
        ("[Threaded comment] why?", "sheet Sheet1 comment C1"),
        ("a box", "sheet Sheet1 text box"),
        ("a chart", "sheet Sheet1 chart"),
        ("another", "sheet Sheet1 comment D1"),
    ]


def test_a_broken_sheet_is_refused_by_name(tmp_path):
    with pytest.raises(InputFileError, match=r"damaged part xl/worksheets/sheet0\.xml"):
        texts(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": "<row><c></row>"}))


def test_another_office_format_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="no Excel workbook"):
        texts(write_docx(tmp_path / "a.xlsx", paragraph("x")))


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_of_every_kind_are_read_from_plain_and_from_unusual_files(tmp_path, prefix):
    data = (
        '<row r="2" hidden="1"><c r="B2" s="3"/><c r="C2" t="inlineStr"><is><r><t>rich &amp; </t></r><r><t>odd</t></r>'
        '</is></c></row><row r="5"><c r="A5" t="str"><f t="shared" si="0"/><v>a &lt; b_x000D__x005F_</v></c>'
        '<c t="str"><v>next to it</v></c><c r="XFD5" t="b"><v>1</v></c></row><row><c><v>7</v></c></row><row r="9"/>'
    )
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": data})
    if prefix:
        with zipfile.ZipFile(path) as package:
            members = {name: package.read(name).decode() for name in package.namelist()}
        sheet = members["xl/worksheets/sheet0.xml"].replace("</", "</x:").replace("<x:", "<").replace("<", "<x:")
        sheet = sheet.replace("<x:/", "</x:").replace("</x:x:", "</x:").replace("xmlns=", "xmlns:x=")
        members["xl/worksheets/sheet0.xml"] = sheet
        write_zip(path, [(name, text.encode()) for name, text in members.items()])
    found = [(section.text, section.locator) for section in extract(path)]
    assert found == [
        ("rich & odd\n", "sheet Sheet1 C2 (hidden)"),
        ("a < b\n_\tnext to it\tTRUE\n", "sheet Sheet1 A5:XFD5"),
        ("7\n", "sheet Sheet1 A6"),
    ]


def test_the_margins_of_the_printed_page_are_read_once(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": f"<row>{cell('A1', 'x')}</row>"})
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    margins = b'<headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"&amp;12Garden plan&amp;RPage &amp;P</oddHeader>'
    margins += (
        b"<evenHeader>&amp;C&amp;P</evenHeader><oddFooter>R&amp;&amp;D notes</oddFooter></headerFooter></worksheet>"
    )
    sheet = "xl/worksheets/sheet0.xml"
    members[sheet] = members[sheet].replace(b"</worksheet>", margins)
    write_zip(path, members.items())
    assert [(section.text.strip(), section.locator) for section in extract(path)][1:] == [
        ("Garden plan Page", "sheet Sheet1 header"),
        ("R&D notes", "sheet Sheet1 footer"),
    ]


def test_a_sheet_that_is_cut_off_is_refused(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": f"<row>{cell('A1', 'x')}</row>"})
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["xl/worksheets/sheet0.xml"] = members["xl/worksheets/sheet0.xml"][:-30]
    write_zip(path, members.items())
    with pytest.raises(InputFileError, match="is cut off"):
        texts(path)


def test_rows_written_like_the_one_before_keep_their_own_number_marks_and_values(tmp_path):
    book = Workbook()
    sheet = book.active
    for number in range(1, 8):
        sheet.append([f"keeper {number} & son", number / 4, None if number == 3 else "tide"])
    sheet.row_dimensions[5].hidden = True
    sheet.append(["=A1", 2, "tide"])
    path = tmp_path / "rows.xlsx"
    book.save(path)
    rows = [section for section in extract(path) if section.kind == "row"]
    assert [section.locator for section in rows] == [
        "sheet Sheet A1:C1", "sheet Sheet A2:C2", "sheet Sheet A3:B3", "sheet Sheet A4:C4",
        "sheet Sheet A5:C5 (hidden)", "sheet Sheet A6:C6", "sheet Sheet A7:C7", "sheet Sheet A8:C8",
    ]  # fmt: skip
    assert rows[3].text == "keeper 4 & son\t1\ttide\n"
    assert rows[7].text == "=A1\t2\ttide\n"
