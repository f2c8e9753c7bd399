"""Passages: verbatim, bounded, whole sentences where possible, and never into what is excluded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.types import Section, SourceDocument, Span
from src.utils.chunker import make_passages
from src.utils.extractors.markdown import markdown_sections
from src.utils.extractors.sections import heading, paragraph, row


def document(*sections: Section, name: str = "a.txt") -> SourceDocument:
    text = "".join(section.text for section in sections)
    return SourceDocument(Path(name), name, sections, hashlib.sha256(text.encode()).hexdigest())


def markdown(text: str) -> SourceDocument:
    return document(*markdown_sections(text.splitlines(keepends=True)))


def texts(source: SourceDocument, **options) -> list[str]:
    return [passage.text for passage in make_passages(source, **options)]


def test_paragraphs_are_packed_up_to_the_limit():
    source = document(paragraph("one one."), paragraph("two two."), paragraph("three."))
    assert texts(source, max_chars=18) == ["one one.\n\ntwo two.", "three."]


def test_a_heading_starts_a_passage_and_stays_with_what_follows():
    source = markdown("# Top\n\n## First ##\n\nalpha\n\nSecond\n------\n\nbeta\n\n# Last\n\ngamma\n")
    passages = make_passages(source)
    assert [passage.text for passage in passages] == [
        "# Top\n\n## First ##\n\nalpha",
        "Second\n------\n\nbeta",
        "# Last\n\ngamma",
    ]
    assert [passage.heading for passage in passages] == ["Top > First", "Top > Second", "Last"]
    assert passages[1].locator == "line 7"


def test_text_after_a_heading_is_cut_rather_than_parted_from_it():
    source = document(heading("The dome", 1, "page 1"), paragraph("Rain made it green. " * 10))
    passages = make_passages(source, max_chars=100)
    assert passages[0].text.startswith("The dome\n\nRain")
    assert all(passage.heading == "The dome" for passage in passages)
    assert all(len(passage.text) <= 100 for passage in passages)
    assert all(passage.text.endswith("green.") for passage in passages)


def test_headings_with_nothing_below_them_give_no_passage():
    source = document(paragraph("words"), heading("Dialogue", 1), paragraph("Q: Why?"))
    start = source.text.index("Q:")
    assert texts(source, exclude=[Span(start, start + 7)]) == ["words"]
    assert texts(document(heading("Only a title", 1))) == ["Only a title"]


def test_long_blocks_are_cut_at_sentences_of_any_script_then_at_words():
    assert texts(document(paragraph("First one here. Second one there. Third.")), max_chars=20) == [
        "First one here.",
        "Second one there.",
        "Third.",
    ]
    assert texts(document(paragraph("蜂は花の蜜を集めます。女王蜂は一匹です。")), max_chars=12) == [
        "蜂は花の蜜を集めます。",
        "女王蜂は一匹です。",
    ]
    assert texts(document(paragraph("many short words in a row")), max_chars=11) == ["many short", "words in a", "row"]


def test_a_word_longer_than_the_limit_stays_whole():
    assert texts(document(paragraph("a " + "x" * 50 + " b")), max_chars=10) == ["a", "x" * 50, "b"]


def test_lines_are_cut_before_sentences():
    source = document(Section("A. B.\nC. D.\n", "line 1"))
    assert texts(source, max_chars=8) == ["A. B.", "C. D."]


def test_fenced_code_is_whole_where_it_fits_and_cut_by_lines_where_not():
    code = "```\nfirst = 1\n\nsecond = 2\n```"
    source = document(paragraph("intro words"), *markdown_sections(f"{code}\n\nend\n".splitlines(keepends=True)))
    assert code in texts(source, max_chars=len(code) + 2)
    assert texts(source, max_chars=15)[1:3] == ["```\nfirst = 1", "second = 2\n```"]
    plain = document(Section("a\n\n```\n", "1"), Section("b\n\n", "2"), Section("c\n```\nafter\n", "3"))
    assert texts(plain, max_chars=16) == ["a\n\n```\nb\n\nc\n```", "after"]
    assert texts(document(Section("~~~\nopen\n\nend\n", "1"))) == ["~~~\nopen\n\nend"]


def test_excluded_spans_part_passages_and_never_show():
    source = document(paragraph("before"), paragraph("SECRET words"), paragraph("after"))
    start = source.text.index("SECRET")
    spans = [Span(start, start + 12), Span(start + 2, start + 5), Span(3, 3)]
    assert texts(source, exclude=spans) == ["before", "after"]


def test_pieces_without_letters_give_no_passage():
    assert texts(document(paragraph("words"), paragraph("* * *"), paragraph("1 2 3")), max_chars=5) == ["words"]


def test_rows_stay_whole_and_know_their_place():
    source = document(*(row((), [f"cell {number}", "x" * 20], f"row {number}") for number in range(3)))
    passages = make_passages(source, max_chars=60)
    assert [passage.locator for passage in passages] == ["row 0", "row 2"]


def test_ids_depend_on_source_and_place_only():
    first, second = (make_passages(document(paragraph("words"), name=name))[0] for name in ("a.txt", "b.txt"))
    assert first.id != second.id
    assert first == make_passages(document(paragraph("words")))[0]


def test_a_limit_below_one_is_an_error():
    with pytest.raises(ValueError, match="at least 1"):
        make_passages(document(paragraph("x")), max_chars=0)


def test_no_sections_no_passages():
    assert make_passages(document()) == ()


PIECES = st.sampled_from(
    ["word", "Longer sentence here. ", "。", "\n", "\n\n", "```\n", "# ", "x" * 30, " ", "1", "\t", "é"]
)
SECTIONS = st.lists(
    st.builds(
        lambda parts, kind, level: Section("".join(parts) + "\n", "", kind, level if kind == "heading" else 0),
        st.lists(PIECES, max_size=8),
        st.sampled_from(["text", "heading", "row"]),
        st.integers(1, 3),
    ),
    max_size=8,
)
GAPS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), max_size=4)


@settings(max_examples=300)
@given(SECTIONS, GAPS, st.integers(1, 60))
def test_passages_are_increasing_verbatim_bounded_and_disjoint_from_gaps(sections, gaps, max_chars):
    source = document(*sections)
    text = source.text
    spans = [Span(min(start, len(text)), min(start + length, len(text))) for start, length in gaps]
    covered: set[int] = set()
    last = 0
    for passage in make_passages(source, max_chars=max_chars, exclude=spans):
        start, end = passage.span
        assert last <= start < end
        assert passage.text == text[start:end] == passage.text.strip()
        assert not any(max(start, gap.start) < min(end, gap.end) for gap in spans)
        assert len(passage.text) <= max_chars or not any(character.isspace() for character in passage.text)
        covered.update(range(start, end))
        last = end
    free = set(range(len(text))).difference(*(range(gap.start, gap.end) for gap in spans))
    if not any(section.kind == "heading" for section in sections):
        missed = "".join(text[place] for place in sorted(free - covered))
        assert not any(piece.isalpha() for piece in missed)


def test_no_passage_has_more_tokens_than_allowed():
    numbers = "\n".join("bed 345 6789 0.5" for _ in range(40))
    source = document(
        heading("Prose", 1), paragraph("Plain words are light. " * 8), heading("Table", 1), paragraph(numbers)
    )

    def count(text: str) -> int:
        return sum(4 if character.isdigit() else 1 for character in text)

    passages = make_passages(source, max_chars=300, count_tokens=count, max_tokens=300)
    assert all(count(passage.text) <= 300 for passage in passages)
    assert passages[0].text == source.text[: source.text.index("Table")].strip()
    assert {passage.heading for passage in passages[1:]} == {"Table"}
    assert "".join(passage.text for passage in passages).replace("\n", "").count("bed 345 6789 0.5") == 40


def test_a_word_of_too_many_tokens_stays_whole():
    source = document(paragraph("x" * 50))
    assert texts(source, count_tokens=len, max_tokens=10) == ["x" * 50]


def test_no_passage_holds_how_a_mail_travelled():
    source = document(
        Section("From: Ada\n\n", kind="record"),
        Section("from relay.harbour.example by mail.harbour.example\n\n", kind="routing"),
        Section("High water is at noon.\n\n"),
    )
    assert "relay" not in " ".join(texts(source))
    assert "High water" in " ".join(texts(source))
