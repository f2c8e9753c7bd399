"""HTML and EPUB: words in reading order, no scripts, tables as rows."""

from __future__ import annotations

import pytest

from src.core.errors import InputFileError
from src.utils.extractors import epub, html
from src.utils.extractors.html import html_sections
from tests.fixtures.make_documents import write_zip


def read(markup: str) -> list[tuple[str, str, int]]:
    return [
        (section.text.strip("\n"), section.kind, section.level) for section in html_sections(markup.encode(), "a.html")
    ]


def test_blocks_come_in_order_and_spaces_collapse():
    markup = "<html><head><title>t</title></head><body>loose <b>bold</b>\n text"
    markup += "<h2>A  <i>head</i></h2><p>one<br>two</p><ul><li>item</li></ul>"
    assert read(markup) == [
        ("loose bold text", "text", 0),
        ("A head", "heading", 2),
        ("one\ntwo", "text", 0),
        ("item", "text", 0),
    ]


def test_scripts_styles_and_comments_are_no_text():
    assert read(
        "<script>var x</script><style>p{}</style><!-- no --><p>yes<script>no</script></p><svg><text>no</text></svg>"
    ) == [("yes", "text", 0)]


def test_words_of_a_heading_stay_apart_at_a_break():
    assert read("<h2>One<br>two<script>no</script> <b>T</b>hree</h2>") == [("One two Three", "heading", 2)]


def test_a_thousand_tags_that_are_never_closed_are_no_obstacle():
    markup = "".join(f"<font><b>word{number} " for number in range(1500))
    ((text, _, _),) = read(f"<body>{markup}")
    assert text.startswith("word0 word1 ")
    assert text.endswith(" word1499")
    assert read("<div>a" * 800 + "<p>end" + "</div>b" * 800)[-1][0] == "b"


def test_what_a_browser_shows_when_it_cannot_show_an_object_is_text():
    assert read("<object data='x'><p>The plan in words.</p></object>") == [("The plan in words.", "text", 0)]


def test_preformatted_text_keeps_its_lines():
    assert read("<pre>def f():\n    return 1<br>x</pre>") == [("def f():\n    return 1\nx", "text", 0)]


def test_data_tables_are_rows_and_layout_tables_are_opened():
    table = "<table><caption>Beds</caption><tr><th>Bed</th><th>Size</th></tr>"
    table += "<tr><td colspan='2'><p>North</p></td><td>24</td></tr></table>"
    found = list(html_sections(table.encode(), "a.html"))
    assert [section.text for section in found] == ["Beds\n", "Bed\tSize\n", "North\t24\n"]
    assert [field.name for field in found[2].fields] == ["Bed", "C"]
    assert found[2].locator == "table 1 row 2"
    layout = "<table><tr><td><h1>Head</h1></td><td>menu</td></tr></table>"
    assert read(layout) == [("Head", "heading", 1), ("menu", "text", 0)]
    outer = "<table><tr><td><p>x</p></td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    assert read(outer) == [("x", "text", 0), ("a\tb", "row", 0)]
    nested = "<table><tr><td>x</td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    assert read(nested) == [("x\ta\tb", "row", 0)]


def test_the_declared_charset_is_used_where_the_bytes_are_not_utf8():
    markup = '<meta charset="windows-1251"><p>Съешь ещё этих мягких булок</p>'.encode("cp1251")
    assert [section.text.strip() for section in html_sections(markup, "a.html")] == ["Съешь ещё этих мягких булок"]
    wrong = '<meta charset="no-such-charset"><p>Caf\xe9</p>'.encode("cp1252")
    assert [section.text.strip() for section in html_sections(wrong, "a.html")] == ["Café"]


def test_an_xml_declaration_is_no_obstacle(tmp_path):
    path = tmp_path / "a.html"
    path.write_text('<?xml version="1.0" encoding="utf-8"?><html><body><p>fine</p></body></html>', encoding="utf-8")
    assert [section.text for section in html.extract(path)] == ["fine\n\n"]


def test_a_page_without_markup_has_no_sections():
    assert read("  ") == []
    with pytest.raises(InputFileError, match="no readable HTML"):
        read("<!-- only a comment -->")


CONTAINER = '<container xmlns="c"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
BOOK = (
    '<package xmlns="o"><manifest><item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="a" href="one%20.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="p" href="p.png" media-type="image/png"/>'
    '<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="a"/><itemref idref="b"/><itemref idref="p"/><itemref idref="gone"/></spine></package>'
)


def write_epub(path, **parts: str):
    files = {"META-INF/container.xml": CONTAINER, "OPS/book.opf": BOOK, **parts}
    write_zip(path, [(name, text.encode()) for name, text in files.items()])
    return path


CHAPTERS = {
    "OPS/one .xhtml": "<html><body><h1>One</h1></body></html>",
    "OPS/two.xhtml": "<html><body><p>Two</p></body></html>",
}


def test_chapters_come_in_the_order_of_the_spine(tmp_path):
    warnings: list[str] = []
    found = list(epub.extract(write_epub(tmp_path / "a.epub", **CHAPTERS), warnings.append))
    assert [(section.text, section.locator) for section in found] == [
        ("One\n\n", "chapter 1 block 1"),
        ("Two\n\n", "chapter 2 block 1"),
    ]
    assert warnings == ["a.epub: the chapter OPS/gone.xhtml is missing."]


def test_a_protected_book_is_refused_and_hidden_fonts_do_not_matter(tmp_path):
    def encryption(part: str) -> dict[str, str]:
        return {"META-INF/encryption.xml": f'<encryption xmlns="e"><CipherReference URI="{part}"/></encryption>'}

    with pytest.raises(InputFileError, match="protected against copying"):
        list(epub.extract(write_epub(tmp_path / "a.epub", **CHAPTERS, **encryption("OPS/two.xhtml"))))
    assert len(list(epub.extract(write_epub(tmp_path / "b.epub", **CHAPTERS, **encryption("OPS/font.otf"))))) == 2


def test_a_damaged_list_of_protected_parts_is_named(tmp_path):
    damaged = {"META-INF/encryption.xml": "<encryption></other>"}
    with pytest.raises(InputFileError, match=r"damaged part META-INF/encryption\.xml"):
        list(epub.extract(write_epub(tmp_path / "a.epub", **CHAPTERS, **damaged)))


def test_a_book_without_chapters_is_refused(tmp_path):
    empty = {"OPS/book.opf": '<package xmlns="o"/>'}
    with pytest.raises(InputFileError, match="names no chapters"):
        list(epub.extract(write_epub(tmp_path / "a.epub", **empty)))
    with pytest.raises(InputFileError, match="names no book"):
        list(epub.extract(write_epub(tmp_path / "b.epub", **{"META-INF/container.xml": "<container/>"})))
