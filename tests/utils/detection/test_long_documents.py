"""Long documents are read part by part: nothing is lost or told twice at a border, and prose costs next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.agents.identify_files import identify_files
from src.core.types import Sample, Section, SourceDocument
from src.utils.conversation_detector import detect_conversations, detect_in_parts
from src.utils.extractors.text import text_sections

_NAMES = ("ana", "ben", "cy")
_PROSE = "The mill stood at the bend of the river, and nobody had ground corn there since the great flood.\n" * 4 + "\n"
_PAIRS = "".join(f"Q: Who owns boat number {number}?\nA: The harbour master owns it.\n\n" for number in range(5))


def _document(text: str) -> SourceDocument:
    return SourceDocument(Path("long.txt"), "long.txt", tuple(text_sections([text], 4000)), "")


def _log(messages: int, names: tuple[str, ...]) -> tuple[str, list[str]]:
    said = [f"Message {number}: shall we sail to island {number}?" for number in range(messages)]
    lines = [
        f"[{number // 60 % 24:02}:{number % 60:02}] <{names[number % len(names)]}> {one}\n"
        for number, one in enumerate(said)
    ]
    return "".join(lines), said


def _samples(text: str) -> list[Sample]:
    return [item for item in identify_files([_document(text)]) if isinstance(item, Sample)]


@pytest.mark.no_cover
def test_every_message_of_a_long_log_is_found_once():
    text, said = _log(8000, _NAMES)
    parts = list(detect_in_parts(_document(text)))
    found = [
        text[piece.start : piece.end]
        for part in parts
        for conversation in part.conversations
        for turn in conversation.turns
        for piece in turn.pieces
    ]
    assert len(parts) > 1
    assert found == said


def test_a_dialogue_longer_than_a_part_is_cut_behind_an_answer():
    text, said = _log(8000, _NAMES[:2])
    samples = _samples(text)
    assert len(samples) > 1
    assert all(sample.messages[-1].role == "assistant" for sample in samples)
    assert [message.content for sample in samples for message in sample.messages] == said


def test_the_few_questions_of_a_long_text_are_found_where_they_stand():
    text = _PROSE * 300 + _PAIRS + _PROSE * 300
    samples = _samples(text)
    assert len(samples) == 5
    for sample in samples:
        assert all(text[slice(*piece)] == message.content for message in sample.messages for piece in message.pieces)


def test_prose_gives_no_part_at_all():
    assert list(detect_in_parts(_document(_PROSE * 600))) == []


def test_a_document_without_a_part_is_decided_too():
    detection = detect_conversations(_document(_PROSE * 600))
    assert (detection.decision, detection.undecided) == ("none", False)
    assert detection.reasons == ("no rule found speakers or answered questions",)


@pytest.mark.no_cover
def test_headings_that_ask_are_seen_in_a_long_document():
    answers = [Section(_PROSE, "") for _ in range(20)]
    asked = [Section(f"Who sails boat {number}?\n", "", "heading", 1) for number in range(20)]
    filler = [Section(_PROSE * 10, "") for _ in range(30)]
    sections = [section for pair in zip(asked, answers, strict=True) for section in pair]
    document = SourceDocument(Path("long.docx"), "long.docx", (*filler, *sections), "")
    assert len(detect_conversations(document).conversations) == 20


@pytest.mark.no_cover
def test_headings_between_the_turns_of_a_long_document_are_said_by_nobody():
    turns = [
        Section(f"Ana: Is island {number} inhabited?\nBen: Only by gulls and by goat number {number}.\n", "paragraph 1")
        for number in range(9000)
    ]
    sections = list(turns)
    for place in range(8500, 0, -2000):
        sections.insert(place, Section("\nChapter of the goats\n\n", "paragraph 1", "heading", 1))
    document = SourceDocument(Path("long.docx"), "long.docx", tuple(sections), "")
    text = document.text
    said = [
        text[piece.start : piece.end]
        for part in detect_in_parts(document)
        for conversation in part.conversations
        for turn in conversation.turns
        for piece in turn.pieces
    ]
    assert len(said) > 17_000
    assert not any("Chapter" in one for one in said)
