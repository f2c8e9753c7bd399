"""Pieces of a file: whole lines, none lost, none twice, however the pieces fall and however long the lines are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.errors import InputFileError
from src.curation import spans
from src.curation.spans import Span, read_lines, split_file


def lines_of(span: Span) -> list[bytes | None]:
    lines = read_lines(span)
    return [lines.line(number) for number in range(len(lines))]


@given(
    lines=st.lists(st.integers(0, 40).map(lambda length: b"x" * length), min_size=1, max_size=12),
    size=st.integers(1, 60),
    ended=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_the_lines_of_all_pieces_are_the_lines_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int, ended: bool
) -> None:
    path = tmp_path_factory.mktemp("spans") / "rows.jsonl"
    data = b"\n".join(lines) + (b"\n" if ended else b"")
    path.write_bytes(data)
    found = split_file(path, "rows.jsonl", size)
    assert [span.start for span in found][1:] == [span.end for span in found][:-1]
    assert [line for span in found for line in lines_of(span)] == data.splitlines()


def test_a_line_that_is_too_long_is_skipped_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "LONGEST_LINE", 10)
    path = tmp_path / "rows.jsonl"
    for many in (11, 500):
        path.write_bytes(b"one\n" + b"y" * many + b"\n" + b"z" * 10 + b"\nend")
        expected = [b"one", None, b"z" * 10, b"end"]
        assert [line for span in split_file(path, "x", 4) for line in lines_of(span)] == expected
        monkeypatch.setattr(spans, "SPAN_BYTES", 0)
        assert lines_of(Span(path, "x", 0, path.stat().st_size)) == expected


def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="gone"):
        split_file(tmp_path / "gone", "gone")
    with pytest.raises(InputFileError, match="gone"):
        read_lines(Span(tmp_path / "gone", "gone", 0, 5))
