"""Workbooks: every sheet, only the cells that exist, values as a person sees them."""

from __future__ import annotations

import time

import pytest

from src.core.errors import InputFileError
from src.utils.extractors.xlsx import extract
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
    assert time.monotonic() - started < 5


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
            '</comment><comment ref="B3"><text/></comment></commentList></comments>'
        ),
        "xl/t.xml": '<T xmlns="t"><threadedComment ref="C1"><text>why?</text></threadedComment></T>',
        "xl/drawings/d.xml": '<d:wsDr xmlns:d="d" xmlns:a="a"><a:p><a:r><a:t>a box</a:t></a:r></a:p></d:wsDr>',
        "xl/drawings/_rels/d.xml.rels": relations({"c": ("chart", "../charts/c.xml")}),
        "xl/charts/c.xml": '<c:chart xmlns:c="c" xmlns:a="a"><a:p><a:r><a:t>a chart</a:t></a:r></a:p></c:chart>',
    }
    sections = list(extract(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": f"<row>{cell('A1', 'x')}</row>"}, parts=parts)))
    assert [(section.text.strip(), section.locator) for section in sections[1:]] == [
        ("check this", "sheet Sheet1 comment B2"),
        ("a box", "sheet Sheet1 text box"),
        ("a chart", "sheet Sheet1 chart"),
        ("why?", "sheet Sheet1 comment C1"),
    ]


def test_a_broken_sheet_is_refused_by_name(tmp_path):
    with pytest.raises(InputFileError, match=r"damaged part xl/worksheets/sheet0\.xml"):
        texts(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": "<row><c></row>"}))


def test_another_office_format_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="no Excel workbook"):
        texts(write_docx(tmp_path / "a.xlsx", paragraph("x")))
