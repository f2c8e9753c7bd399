"""What every reader of documents may rely on, whatever an extractor did."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.errors import InputFileError
from src.core.types import Field, Section, Span
from src.utils.reading.sections import _guarantee, iter_sections


def text_of(path: Path) -> str:
    return "".join(section.text for section in iter_sections(path))


def test_files_without_words_and_folders_are_errors(tmp_path):
    (tmp_path / "a.html").write_text("<html><body><script>x</script></body></html>", encoding="utf-8")
    with pytest.raises(InputFileError, match="holds no text"):
        text_of(tmp_path / "a.html")
    with pytest.raises(InputFileError, match="is no file"):
        text_of(tmp_path)


def test_a_file_that_may_not_be_read_is_an_error(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("words", encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(InputFileError, match="cannot be read"):
        text_of(path)


def test_bottomless_html_does_not_end_the_program(tmp_path):
    path = tmp_path / "a.html"
    path.write_text("<html><body>" + "<div>" * 100_000 + "deep", encoding="utf-8")
    try:
        assert "deep" in text_of(path)
    except InputFileError as error:
        assert error.fix


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_what_an_extractor_got_wrong_is_mended_and_fields_move_along(text, start, end):
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    mended = _guarantee(Section(text, "here", "record", 0, (Field("part", Span(start, end)),)))
    assert mended.text.endswith("\n")
    assert "\r" not in mended.text
    assert "\0" not in mended.text
    mended.text.encode("utf-8")
    span = mended.fields[0].span
    assert 0 <= span.start <= span.end <= len(mended.text)


def test_sections_stream_without_the_whole_file(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("a paragraph\n\n" * 1000, encoding="utf-8")
    assert next(iter_sections(path)).text.startswith("a paragraph\n\n")
