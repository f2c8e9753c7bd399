"""Identify mode: verbatim, fair over the sources, and a model only where the rules leave a document undecided."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.agents.identify_agent import IdentifyAgent
from src.agents.identify_files import identify_files, preview_conversations
from src.core.types import Rejection, Sample
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.utils.conversation_detector import detect_conversations
from tests.agents.makers import CHAT, FAQ, GUIDE, make_document, make_tools, reasons, run, samples
from tests.fakes import FakeProvider

UNDECIDED = """Did you sleep well?

Not at all, there was a noise.

The miller put down the lamp and looked at his guest for a while.

Outside the tide was falling, and the wheel had come to a stop.

Do you know what that was?

It was the wheel, it runs after high water.

The guest had not thought of that and shook his head.

He poured himself a second cup of tea, for it was a cold morning.

Does it run every night?

Only at spring tide, there is a table in the hall.

They went to look at it, and the miller read the times aloud.

The next high water was due on the following day, shortly before dawn.
"""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def test_conversations_are_taken_word_for_word_without_a_model() -> None:
    document = make_document(CHAT)
    found = samples(run("identify", make_tools(None), [document], 10))
    assert found
    for sample in found:
        for message in sample.messages:
            assert message.content == "\n".join(document.text[start:end] for start, end in message.pieces)
            assert message.content in CHAT
        assert sample.source_file == "mill.txt"
        assert sample.topic_keywords
        assert sample.group


def test_questions_with_answers_are_conversations_of_their_own() -> None:
    found = samples(run("identify", make_tools(None), [make_document(FAQ)], 10))
    assert [sample.messages[0].content for sample in found] == [
        "Is there a car park?",
        "Are dogs allowed?",
        "Is the mill heated in winter?",
        "Who owns the mill?",
    ]
    assert len({sample.group for sample in found}) == 4


def test_a_size_below_what_there_is_takes_from_every_source() -> None:
    documents = [
        make_document(
            FAQ.replace("mill", f"mill{number}").replace("dogs", f"dogs{number}").replace("car", f"car{number}"),
            f"{number}.txt",
        )
        for number in range(3)
    ]
    found = samples(run("identify", make_tools(None), documents, 6))
    assert Counter(sample.source_file for sample in found) == {"0.txt": 2, "1.txt": 2, "2.txt": 2}
    assert found == samples(run("identify", make_tools(None), documents, 6))


def test_a_conversation_that_stands_in_two_files_is_taken_once() -> None:
    items = run("identify", make_tools(None), [make_document(FAQ, "a.txt"), make_document(FAQ, "b.txt")], 100)
    assert {sample.source_file for sample in samples(items)} == {"a.txt"}
    assert reasons(items) == {"duplicate": 4}


def test_the_least_number_of_turns_is_the_user_s() -> None:
    tools = make_tools(None, agent__identify__min_turns=4)
    assert samples(run("identify", tools, [make_document(FAQ)], 10)) == []
    assert len(samples(run("identify", tools, [make_document(CHAT)], 10))) == 1


def test_context_is_kept_beside_the_sample_only_when_wished() -> None:
    document = make_document(f"# Questions of visitors\n\n{FAQ}")
    with_context = samples(run("identify", make_tools(None), [document], 1))[0]
    without = samples(run("identify", make_tools(None, agent__identify__include_context=False), [document], 1))[0]
    assert with_context.metadata["context"]
    assert with_context.metadata["context"] in document.text
    assert "context" not in without.metadata
    assert with_context.id == without.id


@pytest.mark.parametrize("texts", [[], [""], [GUIDE]])
def test_documents_without_conversations_give_nothing(texts: list[str]) -> None:
    assert run("identify", make_tools(None), [make_document(text) for text in texts], 10) == []


def test_an_undecided_document_is_shown_to_the_model_and_cut_by_its_line_numbers(journal: Journal) -> None:
    document = make_document(UNDECIDED)
    assert detect_conversations(document).undecided
    turns = [
        {"role": "user", "first_line": 1, "last_line": 1, "label": ""},
        {"role": "assistant", "first_line": 3, "last_line": 3, "label": ""},
    ]
    lost = [turns[0], {**turns[1], "first_line": 300, "last_line": 300}]
    answer = json.dumps({"conversations": [{"turns": turns}, {"turns": lost}]})
    provider = FakeProvider([answer])
    items = run("identify", make_tools(journal, provider), [document], 10)
    (sample,) = samples(items)
    assert sample.messages[1].content == "Not at all, there was a noise."
    assert sample.origin == "extracted"
    assert sample.metadata["rule"] == "model_lines"
    assert reasons(items) == {"lines_not_found": 1}


def test_without_a_model_or_with_the_demo_model_an_undecided_document_stays_as_it_is(journal: Journal) -> None:
    document = make_document(UNDECIDED)
    assert run("identify", make_tools(None), [document], 10) == []
    provider = FakeProvider()
    assert run("identify", make_tools(journal, provider, demo_quality=True), [document], 10) == []
    assert provider.requests == []


def test_a_decided_document_is_never_shown_to_a_model(journal: Journal) -> None:
    provider = FakeProvider()
    run("identify", make_tools(journal, provider), [make_document(CHAT), make_document(GUIDE, "g.md")], 10)
    assert provider.requests == []


def test_to_look_at_them_conversations_can_be_had_whole_and_every_time() -> None:
    documents = [make_document(CHAT + "\nUser: And the café?\n", "a.txt"), make_document(CHAT, "b.txt")]
    whole = [item for item in identify_files(documents) if isinstance(item, Sample)]
    cut = asyncio.run(IdentifyAgent(make_tools(None)).find(documents)).samples
    assert whole[0].messages[-1].role == "user"
    assert cut[0].messages[-1].role == "assistant"
    assert {sample.source_file for sample in whole} == {"a.txt", "b.txt"}
    assert {sample.source_file for sample in cut} == {"a.txt"}


def test_files_that_cannot_be_read_are_passed_on_between_the_conversations() -> None:
    unread = Rejection("unreadable_file", "It is empty.", source_file="x.txt")
    items = list(identify_files([unread, make_document(FAQ)]))
    assert items[0] == unread
    assert all(isinstance(item, Sample) for item in items[1:])
    assert len(items) == 5


def test_a_preview_says_what_was_found_and_why() -> None:
    documents = [make_document(FAQ, "faq.txt"), make_document(GUIDE, "guide.md"), make_document(UNDECIDED, "open.txt")]
    taken, left, unsure = preview_conversations(documents)
    assert (taken.conversations, taken.turns, taken.source) == (4, 8, "faq.txt")
    assert taken.style not in {"none", "undecided"}
    assert (left.style, left.conversations, left.turns) == ("none", 0, 0)
    assert (unsure.style, unsure.conversations) == ("undecided", 0)
    assert all(preview.reasons for preview in (taken, left, unsure))


def test_documents_are_shown_to_the_model_at_the_same_time_and_come_back_in_order(journal: Journal) -> None:
    turns = [
        {"role": "user", "first_line": 1, "last_line": 1, "label": ""},
        {"role": "assistant", "first_line": 3, "last_line": 3, "label": ""},
    ]
    answer = json.dumps({"conversations": [{"turns": turns}]})
    provider = FakeProvider(answers=[answer] * 3)
    documents = [make_document(UNDECIDED.replace("miller", f"miller {number}"), f"{number}.txt") for number in range(3)]
    documents = [make_document(f"{number} {document.text}", document.name) for number, document in enumerate(documents)]
    found = samples(run("identify", make_tools(journal, provider), documents, 10))
    assert [sample.source_file for sample in found] == ["0.txt", "1.txt", "2.txt"]
