"""Samples whose answers are verbatim: shared out, checked, repeatable, honest about what came to nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from src.core.errors import ProviderError
from src.core.specs import WriterModel
from src.core.types import GenerationResult, Rejection, Sample, Section, SourceDocument
from src.generation.answer_first.pairs import AnswerFirstSettings, Variety, write_pairs
from src.generation.engine import Engine
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from src.providers.base_provider import BaseProvider
from src.providers.local_provider import LocalProvider
from src.utils.chunker import Passage, make_passages
from tests.fakes import FakeProvider
from tests.generation.grammar_provider import GrammarProvider
from tests.patience import PATIENCE_S

HARBOUR = """# The harbour

The ferry to Gull Island leaves the pier at 9:15. Twelve boats carry the mail to the villages.
The harbour gate is closed in stormy weather because waves wash over the wall.

# Mooring

A fender is a cushion that protects the hull of a boat. Only the harbour master may open the lock.
If a rope is frayed, replace the rope with a new one.

# What does a berth cost?

A berth costs nine crowns a night. Children stay for free.
"""
DAIRY = """# Making cheese

Rennet is an enzyme that turns milk into curd. The curd is heated to 38 degrees Celsius.
The wheels are turned every two days because the salt sinks to the bottom.
"""
WRITER = WriterModel("writer", context_window=2048, max_output_tokens=256)
SETTINGS = AnswerFirstSettings(seed=7, temperature=0.7, variety="high")


def passages_of(**texts: str) -> list[Passage]:
    found: list[Passage] = []
    for name, text in texts.items():
        sections = tuple(
            Section(f"{part}\n", kind="heading" if part.startswith("#") else "text", level=int(part.startswith("#")))
            for part in text.split("\n")
        )
        found.extend(make_passages(SourceDocument(Path(name), f"{name}.md", sections, "0" * 64), max_chars=400))
    return found


def collect(
    folder: Path,
    provider: BaseProvider,
    passages: Sequence[Passage],
    size: int = 50,
    settings: AnswerFirstSettings = SETTINGS,
    stop_after: int | None = None,
) -> list[Sample | Rejection]:
    async def run(journal: Journal) -> list[Sample | Rejection]:
        engine = Engine(provider, journal, max_retries=0, timeout_s=PATIENCE_S, concurrency=1)
        items: list[Sample | Rejection] = []
        proposals = write_pairs(passages, size, engine, WRITER, settings)
        async for item in proposals:
            items.append(item)
            if len(items) == stop_after:
                await proposals.aclose()
                break
        return items

    folder.mkdir(exist_ok=True)
    with Store(folder / "journal.db") as store:
        return asyncio.run(run(Journal(store)))


def samples_of(items: Sequence[Sample | Rejection]) -> list[Sample]:
    return [item for item in items if isinstance(item, Sample)]


def questions_of(items: Sequence[Sample | Rejection]) -> list[str]:
    return [sample.messages[0].content for sample in samples_of(items)]


def test_answers_are_slices_of_the_source_and_samples_say_where_they_come_from(tmp_path: Path) -> None:
    texts = {"harbour.md": HARBOUR + "\n", "dairy.md": DAIRY + "\n"}
    passages = passages_of(harbour=HARBOUR, dairy=DAIRY)
    samples = samples_of(collect(tmp_path, GrammarProvider(), passages))
    assert len(samples) >= 9
    for sample in samples:
        source = texts[sample.source_file]
        answer = sample.messages[1]
        assert "\n".join(source[piece.start : piece.end] for piece in answer.pieces) == answer.content
        assert sample.span is not None
        assert answer.content in source[sample.span.start : sample.span.end]
        assert sample.origin == "generated"
        assert sample.metadata["strategy"] == "answer_first"
        assert sample.metadata["quality"] == "demo"
        assert sample.topic_keywords
        assert sample.group in {passage.id for passage in passages}


def test_an_answer_of_several_lines_stands_on_one_and_is_still_known(tmp_path: Path) -> None:
    text = "# Cheese\n\nRennet is an enzyme that turns the warm milk of the morning into\ncurd within an hour.\n"
    (passage,) = passages_of(dairy=text)
    (sample,) = samples_of(collect(tmp_path / "a", GrammarProvider(), [passage], size=1))
    answer = "Rennet is an enzyme that turns the warm milk of the morning into curd within an hour."
    assert sample.messages[1].content == answer
    assert sample.span is not None
    start, end = (place - passage.span.start for place in sample.span)
    assert " ".join(passage.text[start:end].split()) == answer
    assert not sample.messages[1].pieces
    known = replace(SETTINGS, known=frozenset([answer]))
    assert samples_of(collect(tmp_path / "b", GrammarProvider(), [passage], settings=known)) == []


def test_questions_of_the_source_come_first_and_cost_no_call(tmp_path: Path) -> None:
    provider = GrammarProvider()
    passages = [passage for passage in passages_of(harbour=HARBOUR) if "berth" in passage.heading]
    (sample,) = samples_of(collect(tmp_path, provider, passages, size=1))
    assert sample.messages[0].content == "What does a berth cost?"
    assert sample.messages[1].content == "A berth costs nine crowns a night. Children stay for free."
    assert sample.messages[0].pieces
    assert provider.requests == []


def test_every_source_and_passage_gets_its_share(tmp_path: Path) -> None:
    passages = passages_of(harbour=HARBOUR, dairy=DAIRY)
    samples = samples_of(collect(tmp_path, GrammarProvider(), passages, size=4))
    assert {sample.source_file for sample in samples[:2]} == {"harbour.md", "dairy.md"}
    assert len({sample.group for sample in samples}) == 4


def test_size_is_never_exceeded(tmp_path: Path) -> None:
    passages = passages_of(harbour=HARBOUR, dairy=DAIRY)
    for size in (0, 1, 3):
        assert len(samples_of(collect(tmp_path, GrammarProvider(), passages, size=size))) == size


def test_same_seed_gives_the_same_samples_and_another_seed_another_order(tmp_path: Path) -> None:
    passages = passages_of(harbour=HARBOUR, dairy=DAIRY)
    first = collect(tmp_path / "a", GrammarProvider(), passages, size=5)
    assert first == collect(tmp_path / "b", GrammarProvider(), passages, size=5)
    others = [
        questions_of(collect(tmp_path / f"s{seed}", GrammarProvider(), passages, 5, replace(SETTINGS, seed=seed)))
        for seed in range(1, 6)
    ]
    assert any(other != questions_of(first) for other in others)


def test_variety_changes_kinds_and_temperature_reaches_the_model(tmp_path: Path) -> None:
    passages = passages_of(harbour=HARBOUR, dairy=DAIRY)
    kinds: dict[Variety, set[str]] = {}
    calls: dict[Variety, int] = {}
    varieties: tuple[Variety, ...] = ("low", "medium", "high")
    for variety in varieties:
        provider = GrammarProvider()
        settings = replace(SETTINGS, variety=variety, temperature=0.3)
        items = collect(tmp_path / variety, provider, passages, settings=settings)
        kinds[variety] = {sample.metadata["question_kind"] for sample in samples_of(items)}
        calls[variety] = len({request.grammar for request in provider.requests})
        assert {request.temperature for request in provider.requests} == {0.3}
    assert kinds["low"] < kinds["medium"] < kinds["high"]
    assert calls["low"] < calls["high"]


def test_a_fact_that_is_refused_is_a_rejection_with_its_tries(tmp_path: Path) -> None:
    passages = passages_of(dairy=DAIRY)
    items = collect(tmp_path, GrammarProvider(spoil=("rennet", "enzyme")), passages)
    (refused,) = [item for item in items if isinstance(item, Rejection)]
    assert refused.reason in {"malformed_question", "dangling_pronoun"}
    assert refused.raw == "What is it?"
    assert refused.detail.startswith("Rennet")
    assert refused.span is not None


def test_refused_facts_are_tried_again_only_as_often_as_variety_says(tmp_path: Path) -> None:
    provider = GrammarProvider(spoil=("rennet",))
    text = "# Cheese\n\nRennet is an enzyme that turns milk into curd.\n"
    collect(tmp_path / "a", provider, passages_of(dairy=text))
    seeds = [request.seed for request in provider.requests]
    assert len(seeds) == 6
    assert len(set(seeds)) == 6
    cold = GrammarProvider(spoil=("rennet",))
    collect(tmp_path / "b", cold, passages_of(dairy=text), settings=replace(SETTINGS, temperature=0.0))
    assert len(cold.requests) == 1


def test_a_passage_without_a_usable_sentence_is_named_once(tmp_path: Path) -> None:
    items = collect(tmp_path, GrammarProvider(), passages_of(ofen="Der Ofen ist sehr heiß, denn das Feuer brennt.\n"))
    (rejection,) = items
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "no_usable_fact"
    assert rejection.source_file == "ofen.md"


def test_a_question_is_written_once_even_when_the_source_repeats_itself(tmp_path: Path) -> None:
    twice = passages_of(harbour=HARBOUR, copy=HARBOUR)
    questions = questions_of(collect(tmp_path, GrammarProvider(), twice))
    assert max(Counter(questions).values()) == 1


def test_a_cut_or_lost_answer_is_a_failed_try_and_other_errors_end_the_run(tmp_path: Path) -> None:
    passages = passages_of(dairy="# Cheese\n\nRennet is an enzyme that turns milk into curd.\n")
    cut = GenerationResult(" What is", "m", finish_reason="length")
    lost = ProviderError("empty", kind="malformed")
    answers = [cut, lost, "What is rennet?"]
    assert questions_of(collect(tmp_path / "a", FakeProvider(answers), passages, size=1)) == ["What is rennet?"]
    with pytest.raises(ProviderError, match="wrong key"):
        collect(tmp_path / "b", FakeProvider([ProviderError("wrong key", kind="auth")]), passages)


@pytest.mark.slow
def test_the_real_model_writes_the_same_pairs_after_an_interruption(tmp_path: Path) -> None:
    passages = passages_of(harbour=HARBOUR, dairy=DAIRY)
    whole = collect(tmp_path / "whole", LocalProvider(), passages, size=5)
    assert len(samples_of(whole)) == 5
    assert all(question.endswith("?") for question in questions_of(whole))
    begun = collect(tmp_path / "resumed", LocalProvider(), passages, size=5, stop_after=3)
    assert begun == whole[:3]
    assert collect(tmp_path / "resumed", LocalProvider(), passages, size=5) == whole
