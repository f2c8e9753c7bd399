"""A sentence model of a few bytes, written as an ONNX file by hand: a table with a vector for every word."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

FLOAT, INT64 = 1, 7
"""Types of ``TensorProto.DataType`` (onnx.proto3)."""
UNKNOWN, PADDING = "[UNK]", "[PAD]"


def write_model(folder: Path, vectors: Mapping[str, Sequence[float]]) -> tuple[Path, Path]:
    """A model that gives every word of ``vectors`` its vector, all others that of ``UNKNOWN``, and its tokenizer: the
    paths of model.onnx and tokenizer.json in ``folder``."""
    words = [PADDING, *vectors]
    size = len(next(iter(vectors.values())))
    rows = [[9.0] * size, *vectors.values()]  # a mean that counts the padding is far off
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    model.write_bytes(_model(rows))
    tokenizer.write_text(json.dumps(_tokenizer({word: number for number, word in enumerate(words)})), "utf-8")
    return model, tokenizer


def _model(rows: Sequence[Sequence[float]]) -> bytes:
    """``states = Gather(table, input_ids)``, with the field numbers of onnx.proto3."""
    flat = [value for row in rows for value in row]
    table = _number(1, len(rows)) + _number(1, len(rows[0])) + _number(2, FLOAT) + _text(8, "table")
    table += _bytes(9, struct.pack(f"<{len(flat)}f", *flat))
    gather = _text(1, "table") + _text(1, "input_ids") + _text(2, "states") + _text(4, "Gather")
    graph = _bytes(1, gather) + _text(2, "words") + _bytes(5, table)
    graph += _bytes(11, _value("input_ids", INT64, ["batch", "length"]))
    graph += _bytes(12, _value("states", FLOAT, ["batch", "length", "size"]))
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _text(1, "") + _number(2, 13))


def _value(name: str, kind: int, axes: Sequence[str]) -> bytes:
    shape = b"".join(_bytes(1, _text(2, axis)) for axis in axes)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _tokenizer(vocabulary: Mapping[str, int]) -> dict[str, object]:
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": dict(vocabulary), "unk_token": UNKNOWN},
    }
