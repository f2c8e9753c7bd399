"""Nothing that stands in a page can become part of it."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from src.reports.pages.markup import document, escape, join, tag

EVIL = "<script>alert(1)</script>\"'&<!--"


def test_texts_and_attributes_are_escaped_and_markup_is_not():
    found = tag("p", EVIL, tag("b", "bold"), None, title=EVIL, class_="x", aria_label="y")
    assert "<script" not in found
    assert "<b>bold</b>" in found
    assert 'class="x" aria-label="y"' in found
    element = ElementTree.fromstring(found)
    assert element.text == EVIL
    assert element.get("title") == EVIL


def test_characters_that_steer_are_replaced():
    assert escape("a\x00b\x1b[2J\u202eevil\n\t") == "a\ufffdb\ufffd[2J\ufffdevil\n\t"


@given(st.text())
def test_any_text_gives_well_formed_markup(text: str):
    whole = document(text, "p { color: red }", join(tag("p", text, title=text), tag("br")))
    encoded = whole.encode("utf-8", "backslashreplace").decode()
    ElementTree.fromstring(encoded.partition("\n")[2])


def test_page_forbids_scripts_and_requests():
    page = document("t", "", tag("main"))
    assert "default-src 'none'" in page.replace("&#x27;", "'")
