"""Word documents: nothing that a reader sees is lost, and the order is the document's."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import InputFileError
from src.utils.conversation_detector import detect_conversations, turn_text
from src.utils.extractors.docx import extract
from tests.documents import read_document
from tests.utils.extractors.office import STRICT_WORD, paragraph, word_part, write_docx, write_package, write_xlsx


def texts(path: Path) -> list[str]:
    return [section.text.rstrip("\n") for section in extract(path)]


def test_body_comes_in_order_with_table_rows_between_paragraphs(tmp_path):
    table = (
        "<w:tbl><w:tr><w:tc>" + paragraph("Plant") + "</w:tc><w:tc>" + paragraph("Days") + "</w:tc></w:tr>"
        "<w:tr><w:tc>" + paragraph("Radish") + "</w:tc><w:tc>" + paragraph("28") + "</w:tc></w:tr></w:tbl>"
    )
    sections = list(extract(write_docx(tmp_path / "a.docx", paragraph("before") + table + paragraph("after"))))
    assert [section.text for section in sections] == ["before\n\n", "Plant\tDays\n", "Radish\t28\n", "after\n\n"]
    assert sections[2].kind == "row"
    assert [field.name for field in sections[2].fields] == ["Plant", "Days"]
    assert sections[2].locator == "table 1 row 2"
    assert sections[3].locator == "paragraph 2"


def test_nested_tables_and_line_breaks_stay_in_their_cell(tmp_path):
    inner = "<w:tbl><w:tr><w:tc>" + paragraph("deep") + "</w:tc><w:tc>" + paragraph("er") + "</w:tc></w:tr></w:tbl>"
    table = f"<w:tbl><w:tr><w:tc>{paragraph('one')}{inner}</w:tc><w:tc>{paragraph('two')}</w:tc></w:tr></w:tbl>"
    assert texts(write_docx(tmp_path / "a.docx", table)) == ["one\ndeep\ter\ttwo"]


def test_text_boxes_are_read_once_though_files_hold_them_twice(tmp_path):
    box = "<w:txbxContent>" + paragraph("in the box") + "</w:txbxContent>"
    alternatives = (
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    body = f"<w:p><w:r><w:t>anchor</w:t></w:r><w:r>{alternatives}</w:r></w:p>"
    assert texts(write_docx(tmp_path / "a.docx", body)) == ["anchor", "in the box"]


def test_a_fallback_is_read_where_the_choice_has_no_words(tmp_path):
    body = (
        "<mc:AlternateContent><mc:Choice><w:p/></mc:Choice>"
        f"<mc:Fallback>{paragraph('only here')}</mc:Fallback></mc:AlternateContent>"
        "<mc:AlternateContent/>"
    )
    assert texts(write_docx(tmp_path / "a.docx", body)) == ["only here"]


def test_text_boxes_inside_cells_are_part_of_the_cell(tmp_path):
    cell = f"<w:p><w:r><w:txbxContent>{paragraph('boxed')}</w:txbxContent></w:r></w:p>"
    assert texts(write_docx(tmp_path / "a.docx", f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>")) == ["boxed"]


def test_deleted_words_and_field_codes_are_left_out_and_inserted_ones_kept(tmp_path):
    body = (
        "<w:p><w:ins><w:r><w:t>new </w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>"
    )
    assert texts(write_docx(tmp_path / "a.docx", body)) == ["new a\tb\nc\u2011d"]


def test_content_controls_are_opened(tmp_path):
    body = f"<w:sdt><w:sdtContent>{paragraph('controlled')}</w:sdtContent></w:sdt>"
    assert texts(write_docx(tmp_path / "a.docx", body)) == ["controlled"]


def test_headings_are_found_by_style_name_inheritance_and_outline_level(tmp_path):
    styles = word_part(
        "styles",
        '<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="berschrift2"/></w:style>'
        '<w:style w:styleId="Top"><w:name w:val="Title"/></w:style>'
        '<w:style w:styleId="Lvl"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="3"/></w:pPr></w:style>'
        '<w:style w:styleId="Body"><w:name w:val="y"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
        '<w:style w:styleId="Loop"><w:name w:val="z"/><w:basedOn w:val="Loop"/></w:style>',
    )
    body = "".join(paragraph(style, style) for style in ("Top", "berschrift2", "Mine", "Lvl", "Body", "Loop", "None"))
    body += '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>direct</w:t></w:r></w:p>'
    path = write_docx(tmp_path / "a.docx", body, {"st": ("styles", "styles.xml")}, {"word/styles.xml": styles})
    assert [(section.kind, section.level) for section in extract(path)] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 2),
        ("heading", 4),
        ("text", 0),
        ("text", 0),
        ("text", 0),
        ("heading", 1),
    ]


def test_notes_comments_headers_and_footers_follow_the_body(tmp_path):
    targets = {
        "1": ("header", "header1.xml"),
        "2": ("header", "header2.xml"),
        "3": ("footer", "footer1.xml"),
        "4": ("footnotes", "footnotes.xml"),
        "5": ("comments", "comments.xml"),
    }
    parts = {
        "word/header1.xml": word_part("hdr", paragraph("running head")),
        "word/header2.xml": word_part("hdr", paragraph("running head")),
        "word/footer1.xml": word_part("ftr", paragraph("running foot")),
        "word/footnotes.xml": word_part(
            "footnotes",
            f'<w:footnote w:type="separator">{paragraph("-----")}</w:footnote>'
            f"<w:footnote>{paragraph('a note')}</w:footnote>",
        ),
        "word/comments.xml": word_part("comments", f'<w:comment w:author="Ada">{paragraph("a remark")}</w:comment>'),
    }
    sections = list(extract(write_docx(tmp_path / "a.docx", paragraph("body"), targets, parts)))
    assert [(section.text.strip(), section.locator) for section in sections] == [
        ("body", "paragraph 1"),
        ("a note", "footnote"),
        ("a remark", "comment by Ada"),
        ("running head", "header"),
        ("running foot", "footer"),
    ]


def test_charts_and_diagrams_give_their_words(tmp_path):
    chart = (
        '<c:chartSpace xmlns:c="c" xmlns:a="a"><a:p><a:r><a:t>Swarms a year</a:t></a:r></a:p>'
        "<c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>Swarms</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        "<c:cat><c:strRef><c:strCache><c:pt><c:v>2024</c:v></c:pt><c:pt><c:v>2025</c:v></c:pt></c:strCache></c:strRef>"
        "</c:cat><c:val><c:numRef><c:numCache><c:pt><c:v>3</c:v></c:pt><c:pt><c:v>5</c:v></c:pt></c:numCache></c:numRef>"
        "</c:val></c:ser></c:chartSpace>"
    )
    newer = (
        '<cx:chartSpace xmlns:cx="cx" xmlns:a="a"><cx:chartData><cx:data><cx:strDim><cx:lvl><cx:pt>Kale</cx:pt>'
        "<cx:pt>Leek</cx:pt></cx:lvl></cx:strDim></cx:data></cx:chartData></cx:chartSpace>"
    )
    diagram = (
        '<d:dataModel xmlns:d="d" xmlns:a="a"><d:pt><a:p><a:r><a:t>first step</a:t></a:r></a:p></d:pt></d:dataModel>'
    )
    targets = {"c": ("chart", "charts/c.xml"), "x": ("chartEx", "charts/x.xml"), "d": ("diagramData", "d.xml")}
    parts = {"word/charts/c.xml": chart, "word/charts/x.xml": newer, "word/d.xml": diagram}
    found = texts(write_docx(tmp_path / "a.docx", paragraph("body"), targets, parts))
    assert found == ["body", "Swarms a year\nSwarms\n2024\t3\n2025\t5", "Kale\nLeek", "first step"]


def test_strict_open_xml_is_read_like_transitional(tmp_path):
    assert texts(write_docx(tmp_path / "a.docx", paragraph("strict words"), namespace=STRICT_WORD)) == ["strict words"]


def test_a_document_without_body_has_no_sections(tmp_path):
    path = write_package(tmp_path / "a.docx", "word/document.xml", {"word/document.xml": word_part("document", "")})
    assert list(extract(path)) == []


def test_another_office_format_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="no Word document"):
        list(extract(write_xlsx(tmp_path / "a.docx", {"S": ""})))


def test_entities_are_never_expanded(tmp_path):
    bomb = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + word_part(
        "document", f"<w:body>{paragraph('&b;&b;&b;')}</w:body>"
    )
    path = write_package(tmp_path / "a.docx", "word/document.xml", {"word/document.xml": bomb})
    with pytest.raises(InputFileError, match="document type definition"):
        list(extract(path))


def test_a_main_part_that_is_no_xml_is_refused(tmp_path):
    path = write_package(tmp_path / "a.docx", "word/document.xml", {"word/document.xml": "<w:document"})
    with pytest.raises(InputFileError, match=r"damaged part word/document\.xml"):
        list(extract(path))


def test_inserted_pages_and_texts_of_other_formats_are_read(tmp_path):
    targets = {
        "a": ("aFChunk", "a.html"),
        "b": ("aFChunk", "b.txt"),
        "c": ("aFChunk", "c.rtf"),
        "d": ("aFChunk", "d.mht"),
    }
    mail = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>saved page</p>\n"
    parts = {"word/a.html": "<p>web <b>page</b></p>", "word/b.txt": "plain text", "word/c.rtf": "{", "word/d.mht": mail}
    warnings: list[str] = []
    path = write_docx(tmp_path / "a.docx", paragraph("body") + "<w:altChunk/>", targets, parts)
    found = [section.text.strip() for section in extract(path, warnings.append)]
    assert found == ["body", "web page", "plain text", "saved page"]
    assert warnings == ["a.docx: its part word/c.rtf is of a format that is not read."]


def test_cells_that_span_columns_leave_the_names_of_the_others_right(tmp_path):
    def cell(text: str, span: int = 1) -> str:
        return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{paragraph(text)}</w:tc>'

    body = f"<w:tbl><w:tr>{cell('Bed')}{cell('Size')}{cell('Note')}</w:tr>"
    body += f"<w:tr>{cell('North', 2)}{cell('sunny')}</w:tr>"
    body += f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("24")}{cell("dry")}</w:tr></w:tbl>'
    rows = list(extract(write_docx(tmp_path / "a.docx", body)))
    assert [field.name for field in rows[1].fields] == ["Bed", "Note"]
    assert [field.name for field in rows[2].fields] == ["Size", "Note"]


def bold(text: str, value: str = "") -> str:
    return f'<w:r><w:rPr><w:b{value}/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def plain(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_bold_words_that_open_a_paragraph_are_a_field_of_their_own(tmp_path):
    body = (
        f"<w:p>{bold('Ada ')}{bold('Lund: ')}{plain('Is the lamp lit?')}</w:p>"
        f'<w:p><w:r><w:rPr><w:rStyle w:val="Strong"/></w:rPr><w:t>Tom</w:t></w:r>{plain(" It is.")}</w:p>'
    )
    found = list(extract(write_docx(tmp_path / "a.docx", body)))
    values = [{field.name: section.text[slice(*field.span)] for field in section.fields} for section in found]
    assert values == [
        {"body[1]/p[1]/b[1]": "Ada Lund:", "body[1]/p[1]": " Is the lamp lit?"},
        {"body[1]/p[2]/b[1]": "Tom", "body[1]/p[2]": " It is."},
    ]
    assert [section.text for section in found] == ["Ada Lund: Is the lamp lit?\n\n", "Tom It is.\n\n"]


def test_paragraphs_all_bold_or_bold_further_on_have_no_fields(tmp_path):
    off = ' w:val="0"'
    body = (
        f"<w:p>{bold('All of it.')}</w:p><w:p>{plain('Not ')}{bold('here')}</w:p>"
        f"<w:p>{bold('Ada', off)}{plain(' is plain.')}</w:p>"
    )
    assert [section.fields for section in extract(write_docx(tmp_path / "a.docx", body))] == [(), (), ()]


@pytest.mark.parametrize("mark", [":", ".", " —", ""])
def test_bold_names_in_a_word_document_part_its_turns(tmp_path, mark):
    talk = ["Is the well deep?", "Forty feet.", "Who dug it?", "My father did.", "Is it dry in August?", "Never."]
    names = (f"Bugle{mark} ", f"Olive Pell{mark} ")
    body = "".join(f"<w:p>{bold(names[n % 2])}{plain(said)}</w:p>" for n, said in enumerate(talk))
    document = read_document(write_docx(tmp_path / "a.docx", body))
    (found,) = detect_conversations(document).conversations
    assert [turn_text(document.text, turn) for turn in found.turns] == talk


@pytest.mark.parametrize(
    "lines",
    [
        [
            ("Task ", "What does Ada want?"),
            ("Hint ", "See the first line."),
            ("Task ", "Who is in?"),
            ("Hint ", "Five."),
        ],
        [
            ("Map ", "a drawing. Of what?"),
            ("Atlas ", "maps."),
            ("Map ", "also a function. Which?"),
            ("Atlas ", "a titan."),
        ],
    ],
)
def test_bold_words_of_lessons_and_glossaries_are_no_names(tmp_path, lines):
    body = "".join(f"<w:p>{bold(name)}{plain(said)}</w:p>" for name, said in lines)
    document = read_document(write_docx(tmp_path / "a.docx", body))
    assert not any(
        turn_text(document.text, turn) == lines[1][1]
        for talk in detect_conversations(document).conversations
        for turn in talk.turns
        if len(talk.turns) > 2
    )
