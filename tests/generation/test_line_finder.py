"""The model's line numbers over a whole document, window by window."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Rejection, Section, SourceDocument
from src.generation.engine import Engine
from src.generation.line_finder import MAX_WINDOW_CHARS, Finder
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.utils.detection.types import Conversation
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S

PROMPTS = Path(__file__).parents[2] / "prompts"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def document(text: str) -> SourceDocument:
    return SourceDocument(Path("talk.txt"), "talk.txt", (Section(text),), "0" * 64)


def find(provider: FakeProvider, journal: Journal, text: str) -> list[Conversation | Rejection]:
    engine = Engine(provider, journal, max_retries=0, timeout_s=PATIENCE_S, concurrency=2)
    finder = Finder(engine, WriterModel("m", 8000, 1000), PROMPTS, min_turns=2)

    async def collect() -> list[Conversation | Rejection]:
        return [item async for item in finder.find(document(text))]

    return asyncio.run(collect())


def claim(*turns: tuple[str, int, int]) -> str:
    found = [{"role": role, "first_line": first, "last_line": last, "label": ""} for role, first, last in turns]
    return json.dumps({"conversations": [{"turns": found}] if found else []})


def test_the_prompt_shows_every_line_with_its_number(journal: Journal) -> None:
    provider = FakeProvider([claim()])
    assert find(provider, journal, "one\n\ntwo\n") == []
    assert "<lines>\n1 one\n2 \n3 two\n</lines>" in provider.requests[0].messages[0].content
    assert provider.requests[0].temperature == 0


def test_what_is_found_is_cut_from_the_text_and_what_is_not_is_rejected(journal: Journal) -> None:
    both = json.dumps(
        {
            "conversations": [
                json.loads(claim(("user", 1, 1), ("assistant", 2, 2)))["conversations"][0],
                json.loads(claim(("user", 1, 1), ("assistant", 9, 9)))["conversations"][0],
            ]
        }
    )
    kept, rejected = find(FakeProvider([both]), journal, "Open today?\nYes.\n")
    assert isinstance(kept, Conversation)
    assert isinstance(rejected, Rejection)
    assert rejected.reason == "lines_not_found"
    assert rejected.source_file == "talk.txt"


def test_an_unusable_answer_is_asked_for_again_and_then_rejected(journal: Journal) -> None:
    provider = FakeProvider(["I see a talk.", "Really, there is one."])
    (rejected,) = find(provider, journal, "Open today?\nYes.\n")
    assert isinstance(rejected, Rejection)
    assert (rejected.reason, rejected.raw) == ("malformed_answer", "Really, there is one.")
    assert "there is no JSON object" in provider.requests[1].messages[0].content


def test_an_empty_document_is_not_asked_about(journal: Journal) -> None:
    assert find(FakeProvider(), journal, "") == []


class EveryLine(FakeProvider):
    """Calls all lines of a window one conversation, sides taking turns."""

    async def generate(self, request: ChatRequest) -> GenerationResult:
        self.requests.append(request)
        shown = request.messages[0].content.partition("<lines>")[2]
        numbers = [int(number) for number in re.findall(r"^(\d+) ", shown, re.MULTILINE)]
        sides = ("user", "assistant")
        return GenerationResult(claim(*((sides[number % 2 == 0], number, number) for number in numbers)), "m")


def test_a_long_document_is_read_in_windows_that_overlap_by_a_turn(journal: Journal) -> None:
    line = "x" * 99
    count = 3 * MAX_WINDOW_CHARS // 100
    text = "".join(f"{line}\n" for _ in range(count))
    found = find(EveryLine(), journal, text)
    assert len(found) >= 3
    assert all(isinstance(item, Conversation) for item in found)
    spans = [item.span for item in found if item.span]
    for before, after in pairwise(spans):
        assert text[after.start : before.end] == line
    assert spans[0].start == 0
    assert spans[-1].end == len(text) - 1


def test_a_single_line_longer_than_a_window_does_not_stop_the_search(journal: Journal) -> None:
    provider = FakeProvider([claim()], forever=True)
    assert find(provider, journal, "y" * (2 * MAX_WINDOW_CHARS) + "\nz\n") == []
    assert len(provider.requests) == 2
