"""How what waits becomes batches: one model each, as many requests and bytes as the vendor takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from src.core.types import ChatRequest


class Part(NamedTuple):
    """What becomes one batch: the requests as they are sent, and their keys in the same order."""

    model: str
    keys: list[str]
    lines: list[bytes]


def divide(
    asked: Mapping[str, ChatRequest], encode: Callable[[str, ChatRequest], bytes], *, most: int, most_bytes: int
) -> Iterator[Part]:
    """The requests of ``asked`` by model, in their order, put into words one part at a time. A request that is larger
    than ``most_bytes`` is a part of its own."""
    for model in dict.fromkeys(request.model for request in asked.values()):
        part, size = Part(model, [], []), 0
        for key, request in asked.items():
            if request.model != model:
                continue
            line = encode(key, request)
            if part.keys and (len(part.keys) >= most or size + len(line) > most_bytes):
                yield part
                part, size = Part(model, [], []), 0
            part.keys.append(key)
            part.lines.append(line)
            size += len(line) + 1
        yield part
