"""One question, at most two paid answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import ErrorKind, ProviderError
from src.core.types import ChatRequest, GenerationResult, Message, Usage
from src.generation.answer_parser import ParseFailure
from src.generation.engine import Engine
from src.generation.reask import Parsed, Question, Unusable, ask_and_parse
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.conftest import ROOT
from tests.fakes import FakeProvider
from tests.patience import PATIENCE_S


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def parse(result: GenerationResult) -> str | ParseFailure:
    if result.finish_reason == "length":
        return ParseFailure("truncated_answer", "it was cut off")
    return result.text if result.text == "good" else ParseFailure("malformed_answer", "it is not good")


def ask(provider: FakeProvider, journal: Journal) -> Parsed[str] | Unusable:
    engine = Engine(provider, journal, max_retries=0, timeout_s=PATIENCE_S, concurrency=1)
    question = Question("slot", "Say good.", lambda text, _attempt: ChatRequest("m", (Message("user", text),)))
    return asyncio.run(ask_and_parse(engine, ROOT / "prompts", question, parse))


def failure(kind: ErrorKind, usage: Usage | None = None) -> ProviderError:
    error = ProviderError(f"it is {kind}", kind=kind)
    error.usage = usage
    return error


def test_a_malformed_answer_is_asked_for_once_more_and_told_why(journal: Journal) -> None:
    provider = FakeProvider(["bad", "good"])
    outcome = ask(provider, journal)
    assert isinstance(outcome, Parsed)
    assert outcome.value == "good"
    assert "it is not good" in provider.requests[1].messages[0].content


def test_a_second_malformed_answer_is_the_last(journal: Journal) -> None:
    outcome = ask(FakeProvider(["bad", "worse"]), journal)
    assert isinstance(outcome, Unusable)
    assert (outcome.reason, outcome.raw) == ("malformed_answer", "worse")


def test_an_empty_answer_that_was_paid_for_is_asked_for_once_more(journal: Journal) -> None:
    outcome = ask(FakeProvider([failure("malformed", Usage(5, 1)), "good"]), journal)
    assert isinstance(outcome, Parsed)
    assert isinstance(ask(FakeProvider(), journal), Parsed), "both answers are in the journal"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (GenerationResult("half", "m", finish_reason="length"), "truncated_answer"),
        (failure("refused", Usage(5, 0)), "refused"),
        (failure("malformed"), "malformed_answer"),
        (failure("too_long"), "prompt_too_long"),
    ],
)
def test_what_would_not_be_better_the_second_time_is_not_asked_again(
    journal: Journal, answer: GenerationResult | ProviderError, reason: str
) -> None:
    outcome = ask(FakeProvider([answer]), journal)
    assert isinstance(outcome, Unusable)
    assert outcome.reason == reason


def test_an_error_that_ends_the_run_is_raised(journal: Journal) -> None:
    with pytest.raises(ProviderError, match="auth"):
        ask(FakeProvider([failure("auth")]), journal)
