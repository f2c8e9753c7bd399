"""Compiled: rows whose JSON is plain are read without making a Python object of each one.

Plain is an object without nested values, with a whole number or no id, a short decimal as quality_score and a text in
every field that is asked for. Whatever else a line may be, right or wrong, is left to ``rows.read_row``: this reader
accepts only what that one accepts, with the same result (RFC 8259, RFC 3629).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from src.utils.similarity.native import compiled

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]

_QUOTE: Final = 0x22
_BACKSLASH: Final = 0x5C
_NOTHING: Final = -1
_DOTTED_I: Final = 0x130
_SIGMA: Final = 0x3A3
_MEANINGS: Final = np.zeros(256, np.uint8)
_MEANINGS[[*b'"\\/nrtbf']] = [*b'"\\/\n\r\t\b\f']
"""What a letter behind a backslash stands for, 0 for any other."""
_ESCAPE, _BEYOND_ASCII = np.uint8(1), np.uint8(2)
_MARKS: Final = np.zeros(256, np.uint8)
_MARKS[:0x20] = _MARKS[_QUOTE] = 3
_MARKS[_BACKSLASH] = _ESCAPE
_MARKS[0x80:] = _BEYOND_ASCII
"""What a byte of a text asks for, 0 for nothing; 3 for those that no text holds."""
_TURNED: Final = np.zeros(256, np.uint8)
_TURNED[_BACKSLASH] = _ESCAPE
_TURNED[[0xC4, 0xCE]] = _BEYOND_ASCII
"""Bytes that are not copied as they are: escapes, and the beginning of the two characters that are not plain."""
_ONE: Final = np.uint64(1)
_MOST_DIGITS: Final = 15
"""Of a number that is one rounding away from its decimals, and that a 64-bit number holds."""


class PlainRows(NamedTuple):
    """Of every line whether it is plain; of a plain one the id (where ``has_id``), the quality, and where its texts end
    in ``texts``: UTF-8, one behind the other, the fields of a row below each other."""

    plain: NDArray[np.bool_]
    has_id: NDArray[np.bool_]
    ids: Places
    qualities: NDArray[np.float64]
    texts: Bytes
    ends: Places


@compiled
def read_plain_rows(block: Bytes, line_starts: Places, line_ends: Places, names: Bytes, name_ends: Places) -> PlainRows:
    """Read the lines of ``block``. ``names`` are those of the fields, one behind the other: the first two are id and
    quality_score, the others are what is compared."""
    count = len(line_ends)
    rows = PlainRows(
        np.zeros(count, np.bool_),
        np.zeros(count, np.bool_),
        np.zeros(count, np.int64),
        np.zeros(count, np.float64),
        np.empty(len(block) + count, np.uint8),
        np.zeros(count, np.int64),
    )
    fields = len(name_ends)
    starts = np.empty(fields, np.int64)
    ends = np.empty(fields, np.int64)
    used = 0
    for number in range(count):
        starts[:] = _NOTHING
        if _find_values(block, line_starts[number], line_ends[number], names, name_ends, starts, ends):
            after = _read_values(block, starts, ends, rows, number, used)
            if after != _NOTHING:
                rows.plain[number] = True
                used = after
        rows.ends[number] = used
    return rows


@compiled
def _find_values(
    block: Bytes, place: int, end: int, names: Bytes, name_ends: Places, starts: Places, ends: Places
) -> bool:
    """Whether the line is an object without nested values; where the values of the fields stand. Of a name that comes
    twice the last value counts."""
    place = _skip_space(block, place, end)
    if place == end or block[place] != 0x7B:
        return False
    while True:
        start, after = _find_name(block, place + 1, end)
        if after == _NOTHING:
            return False
        field = _which(block, start + 1, after - 1, names, name_ends)
        start = _skip_mark(block, after, end, 0x3A)
        after = _skip_value(block, start, end)
        if after == _NOTHING:
            return False
        if field >= 0:
            starts[field] = start
            ends[field] = after
        place = _skip_space(block, after, end)
        if place == end or block[place] != 0x2C:
            return _skip_mark(block, place, end, 0x7D) == end


@compiled
def _find_name(block: Bytes, place: int, end: int) -> tuple[int, int]:
    """Where the next name begins and ends, with its quotes; it ends at -1 where there is none, or one with an escape,
    which could be any."""
    place = _skip_space(block, place, end)
    if place == end or block[place] != _QUOTE:
        return place, _NOTHING
    after = _skip_text(block, place, end)
    for at in range(place, after):
        if block[at] == _BACKSLASH:
            return place, _NOTHING
    return place, after


@compiled
def _skip_mark(block: Bytes, place: int, end: int, mark: int) -> int:
    """Where what follows ``mark`` begins, white space left out; behind the end where there is no such mark."""
    place = _skip_space(block, place, end)
    if place >= end or block[place] != mark:
        return end + 1
    return _skip_space(block, place + 1, end)


@compiled
def _skip_space(block: Bytes, place: int, end: int) -> int:
    while place < end and (block[place] == 0x20 or 0x09 <= block[place] <= 0x0A or block[place] == 0x0D):
        place += 1
    return place


@compiled
def _which(block: Bytes, start: int, end: int, names: Bytes, name_ends: Places) -> int:
    """The field of this name; -1 for none."""
    begin = 0
    for field in range(len(name_ends)):
        length = name_ends[field] - begin
        if length == end - start:
            same = True
            for step in range(length):
                if block[start + step] != names[begin + step]:
                    same = False
                    break
            if same:
                return field
        begin = name_ends[field]
    return _NOTHING


@compiled
def _skip_value(block: Bytes, place: int, end: int) -> int:
    """Where a text, a number, true, false or null ends; -1 for anything else."""
    if place >= end:
        return _NOTHING
    first = block[place]
    if first == _QUOTE:
        return _skip_text(block, place, end)
    if first == 0x2D or 0x30 <= first <= 0x39:
        return _skip_number(block, place, end)
    for word in (b"true", b"false", b"null"):
        if first == word[0] and place + len(word) <= end:
            for step in range(len(word)):
                if block[place + step] != word[step]:
                    return _NOTHING
            return place + len(word)
    return _NOTHING


@compiled
def _skip_digits(block: Bytes, place: int, end: int) -> int:
    while place < end and 0x30 <= block[place] <= 0x39:
        place += 1
    return place


@compiled
def _skip_number(block: Bytes, place: int, end: int) -> int:
    """Where a number ends; -1 where it is none. Exponents are not plain."""
    if block[place] == 0x2D:
        place += 1
    after = _skip_digits(block, place, end)
    if after == place or (block[place] == 0x30 and after > place + 1):
        return _NOTHING
    if after < end and block[after] == 0x2E:
        place = after + 1
        after = _skip_digits(block, place, end)
        if after == place:
            return _NOTHING
    if after < end and (block[after] | 0x20) == 0x65:
        return _NOTHING
    return after


@compiled
def _skip_text(block: Bytes, start: int, end: int) -> int:
    """Where the text that begins at ``start`` ends, behind its quote; -1 where it is not one in sound UTF-8."""
    place = np.uint64(start) + _ONE  # unsigned: an index that may be negative costs a comparison
    stop = np.uint64(end)
    while place < stop:
        mark = _MARKS[block[place]]
        if mark == 0:
            place += _ONE
            continue
        at: Any = np.int64(place)
        if mark == _BEYOND_ASCII:
            length = _sound_length(block, at, end)
            if length == 0:
                return _NOTHING
            place += np.uint64(length)
        elif mark != _ESCAPE:
            return at + 1 if block[at] == _QUOTE else _NOTHING
        elif at + 1 < end and _MEANINGS[block[at + 1]]:
            place += _ONE + _ONE
        else:
            code, at = _code_point(block, at, end)
            if code == _NOTHING:
                return _NOTHING
            place = np.uint64(at)
    return _NOTHING


@compiled
def _sound_length(block: Bytes, place: int, end: int) -> int:
    """The bytes of the character at ``place``, 0 when it is not sound: too long a form, a surrogate, beyond Unicode."""
    lead = block[place]
    length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    if lead < 0xC2 or lead > 0xF4 or place + length > end:
        return 0
    second = block[place + 1]
    low = 0xA0 if lead == 0xE0 else 0x90 if lead == 0xF0 else 0x80
    high = 0x9F if lead == 0xED else 0x8F if lead == 0xF4 else 0xBF
    if second < low or second > high:
        return 0
    for further in range(2, length):
        if block[place + further] & 0xC0 != 0x80:
            return 0
    return length


@compiled
def _read_values(block: Bytes, starts: Places, ends: Places, rows: PlainRows, number: int, used: int) -> int:
    """Put what was found into ``rows``; returns where its texts end, -1 where it is not plain."""
    if starts[0] != _NOTHING:
        known, decimals = _decimal(block, starts[0], ends[0])
        if decimals != 0:
            return _NOTHING
        rows.ids[number] = known
        rows.has_id[number] = True
    if starts[1] == _NOTHING:
        return _NOTHING
    quality, decimals = _decimal(block, starts[1], ends[1])
    if decimals == _NOTHING:
        return _NOTHING
    rows.qualities[number] = quality / 10.0**decimals
    for field in range(2, len(starts)):
        if starts[field] == _NOTHING or block[starts[field]] != _QUOTE:
            return _NOTHING
        if field > 2:
            rows.texts[used] = 0x0A
            used += 1
        used = _unescape(block, starts[field] + 1, ends[field] - 1, rows.texts, used)
        if used == _NOTHING:
            return _NOTHING
    return used


@compiled
def _decimal(block: Bytes, place: int, end: int) -> tuple[int, int]:
    """A number as its digits and how many of them stand behind the point; -1 of these where it is not plain."""
    negative = block[place] == 0x2D
    if negative:
        place += 1
    value: Any = 0
    decimals = 0
    if end - place > _MOST_DIGITS or not 0x30 <= block[place] <= 0x39:
        return 0, _NOTHING
    for at in range(place, end):
        if block[at] == 0x2E:
            decimals = end - at - 1
        else:
            value = value * 10 + (np.int64(block[at]) - 0x30)
    if negative and value == 0:
        return 0, _NOTHING
    return (-value if negative else value), decimals


@compiled
def _unescape(block: Bytes, start: int, end: int, texts: Bytes, used: int) -> Any:
    """Copy a text; returns where it ends, -1 where it is not plain. The two characters whose lower case is not one
    character, or depends on others, are not plain: capital I with a dot, and capital sigma."""
    place = np.uint64(start)
    target = np.uint64(used)
    stop = np.uint64(end)
    while place < stop:
        byte = block[place]
        mark = _TURNED[byte]
        if mark == _ESCAPE:
            place += _ONE
            byte = _MEANINGS[block[place]]
            if byte == 0:
                before: Any = np.int64(place) - 1
                code, at = _code_point(block, before, end)
                if code == _DOTTED_I or code == _SIGMA:  # noqa: PLR1714, SIM109  (a tuple is slow here)
                    return _NOTHING
                place = np.uint64(at)
                last: Any = np.int64(target)
                target = np.uint64(_append(texts, last, code))
                continue
        elif mark and block[place + _ONE] == (0xB0 if byte == 0xC4 else 0xA3):
            return _NOTHING
        texts[target] = byte
        target += _ONE
        place += _ONE
    return np.int64(target)


@compiled
def _code_point(block: Bytes, place: int, end: int) -> tuple[int, int]:
    """The character of the escape at ``place``, or of the two for one beyond the first plane, and where it ends; -1
    where it is none."""
    if place + 1 >= end or block[place + 1] != 0x75:
        return _NOTHING, end
    first = _hexadecimal(block, place + 2, end)
    place += 6
    if first < 0xD800 or first > 0xDFFF:
        return first, place
    if first > 0xDBFF or place + 6 > end or block[place] != _BACKSLASH or block[place + 1] != 0x75:
        return _NOTHING, end
    second = _hexadecimal(block, place + 2, end)
    if second < 0xDC00 or second > 0xDFFF:
        return _NOTHING, end
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), place + 6


@compiled
def _hexadecimal(block: Bytes, place: int, end: int) -> Any:
    """Four hexadecimal digits as a number, -1 where they are none."""
    if place + 4 > end:
        return _NOTHING
    value: Any = 0
    for at in range(place, place + 4):
        byte = np.int64(block[at])
        if 0x30 <= byte <= 0x39:
            value = value * 16 + byte - 0x30
        elif 0x61 <= (byte | 0x20) <= 0x66:
            value = value * 16 + (byte | 0x20) - 0x57
        else:
            return _NOTHING
    return value


@compiled
def _append(texts: Bytes, used: int, code: int) -> int:
    """Write a character in UTF-8; returns where the next one goes."""
    if code < 0x80:
        texts[used] = code
        return used + 1
    length = 2 if code < 0x800 else 3 if code < 0x10000 else 4
    for back in range(length - 1, 0, -1):
        texts[used + back] = 0x80 | (code & 0x3F)
        code >>= 6
    texts[used] = ((0xF00 >> length) & 0xF0) | code
    return used + length
