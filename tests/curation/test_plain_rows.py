"""The compiled reader of plain rows: whatever it accepts, the strict reader accepts with the same result."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from src.curation.plain_rows import read_plain_rows
from src.curation.rows import RowError, read_row
from src.curation.shingling import field_names
from src.utils.similarity.characters import encode_text


def read(line: bytes, fields: tuple[str, ...] = ()) -> tuple[Any, float, bytes] | None:
    """Id, quality and texts of a line that is plain. Other rows stand before and behind it."""
    other = b'{"id":7,"instruction":"x","response":"y","quality_score":1}'
    ends = np.cumsum([len(one) + 1 for one in (other, line, other)]) - 1
    starts = np.append(0, ends[:-1] + 1)
    block = np.frombuffer(b"\n".join([other, line, other, b""]), np.uint8)
    rows = read_plain_rows(block, starts, ends, *field_names(fields))
    assert bool(rows.plain[0]) == bool(rows.plain[2]) == (not fields)
    if not rows.plain[1]:
        return None
    known = int(rows.ids[1]) if rows.has_id[1] else None
    return known, float(rows.qualities[1]), rows.texts[rows.ends[0] : rows.ends[1]].tobytes()


def check(line: bytes, fields: tuple[str, ...] = ()) -> bool:
    """Whether a line is plain; if so, it means what the strict reader says."""
    found = read(line, fields)
    if found is None:
        return False
    row = read_row(line, fields)
    assert found == (row.id, row.quality, b"\n".join([encode_text(text) for text in row.texts]))
    return True


VALUES = st.one_of(
    st.text(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.decimals(-1000, 1000, places=3).map(float),
    st.booleans(),
    st.none(),
    st.lists(st.integers(), max_size=2),
)
NAMES = st.sampled_from(["id", "quality_score", "instruction", "response", "source", "idx", "é"])


@given(row=st.dictionaries(NAMES, VALUES, max_size=7), ascii_only=st.booleans(), spaced=st.booleans())
@settings(max_examples=400, deadline=None)
def test_rows_of_any_kind_are_read_alike_or_left_alone(row: dict[str, Any], ascii_only: bool, spaced: bool) -> None:
    separators = (" ,\t", " : ") if spaced else (",", ":")
    text = json.dumps(row, ensure_ascii=ascii_only, separators=separators)
    check(text.encode("utf-8", "surrogatepass"))


ROW = (
    '{"id": 3, "instruction": "a\\n\\u00e9\\ud83d\\ude00 é", "response": "b \\"c\\" \\\\ 釉 😀", '
    '"quality_score": 7.25, "n": null}'
)


@given(place=st.integers(0, len(ROW.encode()) - 1), byte=st.integers(0, 255), kind=st.sampled_from("rid"))
@settings(max_examples=800, deadline=None)
@example(place=0, byte=0x20, kind="r")
def test_a_row_with_one_byte_changed_is_read_alike_or_left_alone(place: int, byte: int, kind: str) -> None:
    line = bytearray(ROW.encode())
    if kind == "r":
        line[place] = byte
    elif kind == "i":
        line.insert(place, byte)
    else:
        del line[place:]
    check(bytes(line))


def plain(**values: str) -> bytes:
    """A row whose values stand as they are given."""
    known = {"id": "1", "instruction": '"a"', "response": '"b"', "quality_score": "8.5", **values}
    return ("{" + ",".join(f'"{name}":{value}' for name, value in known.items() if value) + "}").encode()


@pytest.mark.parametrize(
    "line",
    [
        ROW.encode(),
        plain(),
        plain(id=""),
        plain(id="-12", quality_score="-0.125"),
        plain(quality_score="10"),
        plain(other='"x\\/\\b\\f\\r\\t"', more="false", third="-1.5"),
        plain(response='""'),
        b' \t{"id":1,"id":2 , "instruction":"a","response":"b","quality_score":123456.78901234}\r',
    ],
)
def test_ordinary_rows_are_plain(line: bytes) -> None:
    assert check(line)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        plain() + b"x",
        plain()[:-1] + b",}",
        plain(id="01"),
        plain(id="1.0"),
        plain(id='"text"'),
        plain(id="-0"),
        plain(id="12345678901234567890"),
        plain(quality_score=""),
        plain(quality_score="null"),
        plain(quality_score="1."),
        plain(quality_score=".5"),
        plain(quality_score="1e3"),
        plain(quality_score="NaN"),
        plain(quality_score="+1"),
        plain(quality_score="0.1234567890123456789"),
        plain(instruction="7"),
        plain(response=""),
        plain(response='"İ"'),
        plain(response='"ΟΔΟΣ"'),
        plain(response='"\\u03a3"'),
        plain(response='"\\ud83d"'),
        plain(response='"\\ud83dx\\ude00"'),
        plain(other='"\\x"'),
        plain(other='"\\u12g4"'),
        plain(other='"a\tb"'),
        plain(other="tru"),
        plain(other="[1]"),
        plain(other="{}"),
        plain(response='"\\').replace(b'"}', b""),
        plain().replace(b'"response"', b'"respons\\u0065"'),
        plain(other='"').replace(b"}", b"\xc0\xaf" + b'"}'),
        plain(other='"').replace(b"}", b"\xed\xa0\x80" + b'"}'),
        plain(other='"').replace(b"}", b"\xf5\x80\x80\x80" + b'"}'),
        plain(other='"').replace(b"}", b"\xe9" + b'"}'),
    ],
)
def test_everything_else_is_left_to_the_strict_reader(line: bytes) -> None:
    assert not check(line)


def test_fields_that_are_named_are_read_in_their_order() -> None:
    assert check(b'{"answer":"two","id":4,"question":"one","quality_score":3}', ("question", "answer"))
    assert not check(plain(), ("question",))
    with pytest.raises(RowError, match="question is missing"):
        read_row(plain(), ("question",))
