"""The shelf gives back what was put on it, in any order, whether it still lies in memory or on disk."""

from __future__ import annotations

import pytest

from src.agents import shelf as room
from src.agents.shelf import Shelf
from src.core.types import Message, Rejection, Sample, Span


@pytest.mark.parametrize("in_memory_bytes", [1, 1_000_000])
def test_samples_and_rejections_come_back_as_they_were(monkeypatch: pytest.MonkeyPatch, in_memory_bytes: int):
    monkeypatch.setattr(room, "_IN_MEMORY_BYTES", in_memory_bytes)
    shelf = Shelf()
    said = Message("user", "Wer kommt?", (Span(3, 13),))
    items = [
        Sample((said,), "extracted", "a.txt", span=Span(0, 20), metadata={"roles": {"ann": "user"}}),
        Rejection("too_few_turns", "1 of 3 turns", None, "a.txt", Span(0, 5)),
        Sample((said, said), "extracted", "b.txt"),
    ]
    places = [shelf.put(item) for item in items]
    assert [shelf.get(place) for place in reversed(places)] == items[::-1]
    places.append(shelf.put(items[0]))
    assert shelf.get(places[-1]) == items[0]
