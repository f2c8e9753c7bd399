"""Plain text and Markdown: the sections joined are the file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from src.utils.extractors import markdown, text
from src.utils.extractors.markdown import markdown_sections
from src.utils.extractors.text import text_sections

LINES = st.lists(
    st.sampled_from(["", "  ", "words", "# head", "```", "~~~~", "===", "---", "- item", "    code", "| a |"])
)


@given(LINES)
def test_sections_joined_are_the_lines(lines):
    whole = "".join(f"{line}\n" for line in lines)
    split = whole.splitlines(keepends=True)
    assert "".join(section.text for section in text_sections(split)) == whole
    assert "".join(section.text for section in markdown_sections(split)) == whole


def test_paragraphs_carry_the_number_of_their_first_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("\none\ntwo\n\n\nthree", encoding="utf-8")
    sections = list(text.extract(path))
    assert [(section.text, section.locator) for section in sections] == [
        ("\none\ntwo\n\n\n", "line 1"),
        ("three\n", "line 6"),
    ]


def test_a_log_without_empty_lines_is_read_in_pieces():
    sections = list(text_sections(f"entry {number}\n" for number in range(5000)))
    assert len(sections) == 3
    assert [section.text.startswith("entry ") for section in sections] == [True] * 3
    assert sections[1].locator == f"line {sections[0].text.count(chr(10)) + 1}"


def test_a_large_file_is_read_in_sections_of_several_paragraphs(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Some words here.\n\n" * 300_000, encoding="utf-8")
    sections = list(text.extract(path))
    assert "".join(section.text for section in sections) == path.read_text(encoding="utf-8")
    assert len(sections) < 2000
    assert sections[1].text.startswith("Some words")


def test_blocks_may_end_anywhere():
    whole = "\n\none\n  \n\t\ntwo\nlines\n\n\nthree"
    expected = [section.text for section in text_sections([whole])]
    assert expected == ["\n\none\n  \n\t\n", "two\nlines\n\n\n", "three\n"]
    for size in range(1, 8):
        blocks = [whole[start : start + size] for start in range(0, len(whole), size)]
        assert [section.text for section in text_sections(blocks)] == expected


def test_markdown_headings_have_levels(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# Top\nbody\n## Sub ##\n\nUnder\n=====\n\nLower\n---\n\n- item\n---\n#hashtag\n####### seven\n",
        encoding="utf-8",
    )
    sections = list(markdown.extract(path))
    assert [(section.text, section.level) for section in sections] == [
        ("# Top\n", 1),
        ("body\n", 0),
        ("## Sub ##\n\n", 2),
        ("Under\n=====\n\n", 1),
        ("Lower\n---\n\n", 2),
        ("- item\n---\n#hashtag\n####### seven\n", 0),
    ]
    assert sections[4].locator == "line 8"


def test_fenced_code_is_one_section_and_its_comments_are_no_headings():
    lines = "text\n````python\n# no heading\n```\n\nmore\n````\nafter\n``` not ` a fence\n# real\n".splitlines(
        keepends=True
    )
    assert [(section.text, section.level) for section in markdown_sections(lines)] == [
        ("text\n", 0),
        ("````python\n# no heading\n```\n\nmore\n````\nafter\n``` not ` a fence\n", 0),
        ("# real\n", 1),
    ]


def test_settings_at_the_top_of_a_page_hold_no_headings():
    lines = ["---\n", "title: A\n", "\n", "# a comment\n", "tags: b\n", "---\n", "# Real\n", "\n", "words\n"]
    found = list(markdown_sections(lines))
    assert [(section.text, section.level) for section in found] == [
        ("---\ntitle: A\n\n# a comment\ntags: b\n---\n", 0),
        ("# Real\n\n", 1),
        ("words\n", 0),
    ]
    assert next(markdown_sections(["---\n", "# Real\n"])).text == "---\n"
