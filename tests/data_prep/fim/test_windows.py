"""Windows: a piece of the file, byte for byte, cut at the borders of lines, within the budget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from src.data_prep.fim.source_text import SourceText, read_source
from src.data_prep.fim.spans import Span
from src.data_prep.fim.windows import cut_window

LINES = st.lists(st.text("ab \tü", max_size=30), min_size=1, max_size=40)


@given(LINES, st.data(), st.sampled_from(["\n", "\r\n"]), st.integers(20, 400))
def test_windows_are_whole_lines_of_the_file(lines: list[str], draw: st.DataObject, eol: str, budget: int) -> None:
    code = eol.join(lines)
    text = read_source(code.encode())
    assert isinstance(text, SourceText)
    cut = sorted(draw.draw(st.lists(st.integers(0, len(code)), min_size=2, max_size=2)))
    start, end = (len(code[:place].encode()) for place in cut)
    window = cut_window(text, Span(start, end, "char"), budget)
    if window is None:
        return
    joined = "".join(window).encode()
    place = start - len(window.prefix.encode())
    assert joined == text.data[place : place + len(joined)]
    assert len(joined) <= budget
    assert place in text.starts
    assert place + len(joined) in text.starts


def test_two_thirds_stand_before_the_span_and_one_third_behind() -> None:
    text = read_source(b"a line of ten\n" * 300)
    assert isinstance(text, SourceText)
    window = cut_window(text, Span(2100, 2113, "line"), 913)
    assert window is not None
    assert 560 <= len(window.prefix) <= 620
    assert 280 <= len(window.suffix) <= 320


def test_what_one_side_leaves_over_is_given_to_the_other() -> None:
    text = read_source(b"a line of ten\n" * 300)
    assert isinstance(text, SourceText)
    window = cut_window(text, Span(0, 13, "line"), 913)
    assert window is not None
    assert (window.prefix, len(window.suffix) > 870) == ("", True)


def test_a_span_whose_own_lines_are_too_long_has_no_window() -> None:
    text = read_source(b"x" * 500)
    assert isinstance(text, SourceText)
    assert cut_window(text, Span(100, 120, "char"), 200) is None
