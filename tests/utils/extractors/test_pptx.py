"""Presentations: slides in their order, with groups, tables, notes and comments."""

from __future__ import annotations

import pytest

from src.core.errors import InputFileError
from src.utils.extractors.pptx import extract
from tests.utils.extractors.office import DRAWING, SLIDE, paragraph, relations, shape, write_docx, write_pptx


def test_slides_come_in_the_order_of_the_list_and_titles_first(tmp_path):
    slides = [shape("last slide"), shape("a point", "another") + shape("The title", placeholder="title")]
    sections = list(extract(write_pptx(tmp_path / "a.pptx", slides)))
    assert [(section.text.strip(), section.kind, section.locator) for section in sections] == [
        ("The title", "heading", "slide 1"),
        ("a point\nanother", "text", "slide 1"),
        ("last slide", "text", "slide 2"),
    ]


def test_groups_and_alternatives_are_opened_and_numbers_of_slides_left_out(tmp_path):
    slide = (
        f"<p:grpSp>{shape('grouped')}</p:grpSp>"
        f'<mc:AlternateContent xmlns:mc="m"><mc:Choice>{shape("choice")}</mc:Choice></mc:AlternateContent>'
        f"{shape('7', placeholder='sldNum')}<p:pic/>"
    )
    assert [section.text.strip() for section in extract(write_pptx(tmp_path / "a.pptx", [slide]))] == [
        "grouped",
        "choice",
    ]


def test_table_rows_have_fields(tmp_path):
    def table_row(*cells: str) -> str:
        inner = "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>" for text in cells)
        return f"<a:tr>{inner}</a:tr>"

    rows = table_row("Month", "Work") + table_row("May", "Look for queen cells.")
    slide = (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    sections = list(extract(write_pptx(tmp_path / "a.pptx", [slide])))
    assert [section.text for section in sections] == ["Month\tWork\n", "May\tLook for queen cells.\n"]
    assert [field.name for field in sections[1].fields] == ["Month", "Work"]


def test_notes_and_comments_follow_the_slide_and_hidden_slides_are_marked(tmp_path):
    names = f'xmlns:p="{SLIDE}" xmlns:a="{DRAWING}"'
    notes = (
        f"<p:notes {names}><p:cSld><p:spTree>{shape('spoken words', placeholder='body')}</p:spTree></p:cSld></p:notes>"
    )
    old = f"<p:cmLst {names}><p:cm><p:text>old remark</p:text></p:cm></p:cmLst>"
    new = f"<x:cmLst {names} xmlns:x='x'><x:txBody><a:p><a:r><a:t>new remark</a:t></a:r></a:p></x:txBody></x:cmLst>"
    parts = {
        "ppt/slides/_rels/slide0.xml.rels": relations(
            {"n": ("notesSlide", "../n.xml"), "c": ("comments", "../c.xml"), "d": ("comments", "/ppt/d.xml")}
        ),
        "ppt/n.xml": notes,
        "ppt/c.xml": old,
        "ppt/d.xml": new,
    }
    sections = list(extract(write_pptx(tmp_path / "a.pptx", [shape("on the slide")], parts, show="0")))
    assert [(section.text.strip(), section.locator) for section in sections] == [
        ("on the slide", "slide 1 (hidden)"),
        ("spoken words", "slide 1 (hidden) notes"),
        ("old remark", "slide 1 (hidden) comment"),
        ("new remark", "slide 1 (hidden) comment"),
    ]


def test_another_office_format_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="no PowerPoint"):
        list(extract(write_docx(tmp_path / "a.pptx", paragraph("x"))))


def test_what_somebody_typed_into_a_number_placeholder_is_kept(tmp_path):
    typed = shape("Draft of May", placeholder="dt")
    date = typed.replace("<a:r><a:t>Draft of May</a:t></a:r>", '<a:fld type="datetime1"><a:t>5 May 2026</a:t></a:fld>')
    path = write_pptx(tmp_path / "a.pptx", [typed + date + shape("12", placeholder="sldNum")])
    assert [section.text.strip() for section in extract(path)] == ["Draft of May"]
