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
    sections = list(text_sections(f"entry {number}\n" for number in range(1000)))
    assert len(sections) == 3
    assert sections[1].locator == "line 401"


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
