"""Hybrid mode: both kinds in their shares, no character and no question twice."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import ConfigError, InputFileError
from src.core.types import ChatRequest, GenerationResult, Rejection, Sample, SourceDocument
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.utils.conversation_detector import detect_conversations
from tests.agents.makers import (
    CHAT,
    FAQ,
    GUIDE,
    PassageWriter,
    answer_from,
    make_document,
    make_tools,
    reasons,
    run,
    samples,
)
from tests.fakes import FakeProvider


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def documents() -> list[SourceDocument]:
    return [
        make_document(GUIDE, "guide.md"),
        make_document(FAQ, "faq.txt"),
        make_document(f"{GUIDE}\n{CHAT}", "both.md"),
    ]


def origins(found: list[Sample]) -> Counter[str]:
    return Counter(sample.origin for sample in found)


@pytest.mark.parametrize(("ratio", "generated"), [(0.5, 4), (0.25, 2), (0.75, 6), (0.0, 0), (1.0, 8)])
def test_the_ratio_decides_how_many_are_generated(journal: Journal, ratio: float, generated: int) -> None:
    faq = make_document(
        "".join(f"Q: What is thing{number}?\nA: It is part {number} of the mill.\n\n" for number in range(20))
    )
    tools = make_tools(journal, PassageWriter(), agent__hybrid__generation_ratio=ratio)
    found = samples(run("hybrid", tools, [make_document(GUIDE, "guide.md"), faq], 8))
    assert origins(found) == Counter(
        {name: count for name, count in (("generated", generated), ("extracted", 8 - generated)) if count}
    )


def test_what_is_generated_touches_nothing_that_is_a_conversation(journal: Journal) -> None:
    tools = make_tools(journal, PassageWriter(), agent__hybrid__generation_ratio=0.8)
    for sample in samples(run("hybrid", tools, documents(), 10)):
        document = next(document for document in documents() if document.name == sample.source_file)
        if sample.origin == "generated":
            assert sample.span
            for conversation in detect_conversations(document).conversations:
                assert sample.span.end <= conversation.span.start or sample.span.start >= conversation.span.end


def test_missing_conversations_are_replaced_by_generated_samples(journal: Journal) -> None:
    found = samples(run("hybrid", make_tools(journal, PassageWriter()), [make_document(GUIDE)], 6))
    assert origins(found) == {"generated": 6}


def test_missing_generated_samples_are_replaced_by_conversations(journal: Journal) -> None:
    useless = FakeProvider(["no"], forever=True)
    items = run("hybrid", make_tools(journal, useless), [make_document(GUIDE, "g.md"), make_document(FAQ)], 4)
    assert origins(samples(items)) == {"extracted": 4}
    assert reasons(items)["malformed_answer"] > 0


def test_documents_of_nothing_but_conversations_need_no_model_s_answer(journal: Journal) -> None:
    provider = FakeProvider()
    found = samples(run("hybrid", make_tools(journal, provider), [make_document(FAQ)], 4))
    assert origins(found) == {"extracted": 4}
    assert provider.requests == []


def test_a_ratio_of_nothing_needs_no_model_at_all() -> None:
    tools = make_tools(None, agent__hybrid__generation_ratio=0.0)
    assert len(samples(run("hybrid", tools, documents(), 3))) == 3


def test_the_model_sees_real_conversations_and_may_not_repeat_their_questions(journal: Journal) -> None:
    class Repeats(PassageWriter):
        async def generate(self, request: ChatRequest) -> GenerationResult:
            self.requests.append(request)
            pair = {"question": "are dogs ALLOWED", "answer": "Yes, they are welcome at the mill."}
            good = answer_from(request.messages[0].content, request.json_schema or {})
            return GenerationResult(json.dumps(pair) if len(self.requests) == 1 else good, "m")

    provider = Repeats()
    items = run("hybrid", make_tools(journal, provider), documents(), 6)
    shown = re.search(r"<conversations>\n(.*)\n</conversations>", provider.requests[0].messages[0].content, re.DOTALL)
    assert shown
    assert shown.group(1).startswith("user: ")
    assert shown.group(1).count("\nassistant: ") >= 3
    refused = [item.sample.messages[0].content for item in items if isinstance(item, Rejection) and item.sample]
    assert refused.count("are dogs ALLOWED") == 1
    assert reasons(items)["duplicate_question"] >= 1
    assert len(samples(items)) == 6


def test_an_answer_that_was_extracted_is_not_written_again(journal: Journal) -> None:
    told = "The wheel turns for about five hours after every high tide."
    asked = f"Q: How long does the mill run?\nA: {told}\n\nQ: Are dogs allowed?\nA: Yes, on a lead.\n"
    found = [make_document(GUIDE, "guide.md"), make_document(asked, "faq.txt")]

    class Repeats(PassageWriter):
        async def generate(self, request: ChatRequest) -> GenerationResult:
            result = await super().generate(request)
            said = json.dumps({"question": "Remind me for how long the wheel turns.", "answer": told})
            return GenerationResult(said, "m") if len(self.requests) == 1 else result

    items = run("hybrid", make_tools(journal, Repeats()), found, 8)
    assert reasons(items)["extracted_already"] >= 1
    assert [sample.origin for sample in samples(items) if told in sample.messages[-1].content] == ["extracted"]


def test_a_long_conversation_is_shown_to_the_model_in_part(journal: Journal) -> None:
    provider = PassageWriter()
    long = make_document(f"Q: What is long?\nA: {'word ' * 2000}end.\n\nQ: Is it over?\nA: Yes, it is over now.\n")
    run("hybrid", make_tools(journal, provider), [long, make_document(GUIDE, "g.md")], 4)
    assert len(provider.requests[0].messages[0].content) < 9_000


def test_without_a_model_the_mode_fails_before_it_gives_anything() -> None:
    with pytest.raises(ConfigError) as caught:
        run("hybrid", make_tools(None), documents(), 4)
    assert "identify" in caught.value.fix


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
def test_nothing_to_extract_and_nothing_to_write_about_is_an_error(journal: Journal, ratio: float) -> None:
    tools = make_tools(journal, FakeProvider(), agent__hybrid__generation_ratio=ratio)
    with pytest.raises(InputFileError):
        run("hybrid", tools, [make_document("")], 4)


def test_the_same_inputs_give_the_same_dataset(tmp_path: Path) -> None:
    found = []
    for number in range(2):
        with Store(tmp_path / f"{number}.db") as store:
            found.append(run("hybrid", make_tools(Journal(store), PassageWriter()), documents(), 8))
    assert found[0] == found[1]
