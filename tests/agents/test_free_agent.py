"""Free mode: the user's instructions, from the file or the keyboard, with documents or without."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import ConfigError, InputFileError
from src.persistence.journal import Journal
from src.persistence.sqlite_client import Store
from tests.agents.makers import GUIDE, PROMPTS, PassageWriter, make_document, make_tools, reasons, run, samples
from tests.fakes import FakeProvider


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Store(tmp_path / "memory.db") as store:
        yield Journal(store)


def prompts_with(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "prompts"
    shutil.copytree(PROMPTS, folder)
    (folder / "free_mode" / "prompt.txt").write_text(text, encoding="utf-8")
    return folder


def dialogue(number: int) -> str:
    turns = [
        {"question": f"Where is gate {number}, please?", "answer": "Down by the water."},
        {"question": f"Who keeps gate {number}?", "answer": "The warden of the dam."},
    ]
    return json.dumps({"turns": turns})


def test_the_prompt_file_is_passed_on_word_for_word(journal: Journal, tmp_path: Path) -> None:
    provider = PassageWriter()
    prompts = prompts_with(tmp_path, "Write in {rhyme}, for $5 a line: $passage\n")
    found = samples(run("free", make_tools(journal, provider, prompts=prompts), [make_document(GUIDE)], 3))
    assert len(found) == 3
    assert (
        "<instructions>\nWrite in {rhyme}, for $5 a line: $passage\n</instructions>"
        in provider.requests[0].messages[0].content
    )
    assert set(found[0].metadata) == {"model", "text_sha256"}


def test_the_shipped_prompt_works(journal: Journal) -> None:
    assert len(samples(run("free", make_tools(journal, PassageWriter()), [make_document(GUIDE)], 3))) == 3


def test_instructions_are_asked_for_when_the_file_is_not_to_be_used(journal: Journal) -> None:
    provider = PassageWriter()
    tools = make_tools(journal, provider, agent__free__use_prompt_file=False, ask_instructions=lambda: " Be brief. ")
    run("free", tools, [make_document(GUIDE)], 1)
    assert "<instructions>\nBe brief.\n</instructions>" in provider.requests[0].messages[0].content


def test_a_person_is_asked_where_the_prompt_file_is_missing(journal: Journal, tmp_path: Path) -> None:
    provider = PassageWriter()
    prompts = prompts_with(tmp_path, "")
    (prompts / "free_mode" / "prompt.txt").unlink()
    tools = make_tools(journal, provider, prompts=prompts, ask_instructions=lambda: "Be brief.")
    run("free", tools, [make_document(GUIDE)], 1)
    assert "<instructions>\nBe brief.\n</instructions>" in provider.requests[0].messages[0].content


def test_several_turns_are_taken_as_they_come(journal: Journal) -> None:
    (sample,) = samples(run("free", make_tools(journal, FakeProvider([dialogue(1)])), [], 1))
    assert [message.role for message in sample.messages] == ["user", "assistant"] * 2


def test_without_documents_the_instructions_alone_are_the_source(journal: Journal) -> None:
    provider = FakeProvider([dialogue(number) for number in range(4)])
    found = samples(run("free", make_tools(journal, provider), [], 4))
    assert len(found) == 4
    assert {(sample.source_file, sample.span, sample.group) for sample in found} == {("", None, "")}


def test_with_documents_an_answer_is_checked_against_its_passage(journal: Journal) -> None:
    wrong = json.dumps(
        {
            "question": "How many hectares does the pond of the tide mill at Heron Bay cover?",
            "answer": "It covers 77 hectares.",
        }
    )
    items = run("free", make_tools(journal, FakeProvider([wrong], forever=True)), [make_document(GUIDE)], 1)
    assert set(reasons(items)) == {"number_not_in_source"}


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_prompt_file_is_an_error(journal: Journal, tmp_path: Path, text: str) -> None:
    tools = make_tools(journal, FakeProvider(), prompts=prompts_with(tmp_path, text))
    with pytest.raises(ConfigError, match=r"free_mode/prompt\.txt is empty"):
        run("free", tools, [make_document(GUIDE)], 1)


def test_with_nobody_to_ask_the_error_names_the_file(journal: Journal) -> None:
    tools = make_tools(journal, FakeProvider(), agent__free__use_prompt_file=False)
    with pytest.raises(ConfigError) as caught:
        run("free", tools, [make_document(GUIDE)], 1)
    assert "prompts/free_mode/prompt.txt" in caught.value.fix


def test_instructions_that_were_not_typed_are_an_error(journal: Journal) -> None:
    tools = make_tools(journal, FakeProvider(), agent__free__use_prompt_file=False, ask_instructions=lambda: "\n")
    with pytest.raises(ConfigError, match="none were typed"):
        run("free", tools, [], 1)


def test_the_demo_model_cannot_work_from_instructions_alone(journal: Journal) -> None:
    with pytest.raises(InputFileError) as caught:
        run("free", make_tools(journal, FakeProvider(), demo_quality=True), [], 1)
    for provider in ("openai", "anthropic", "google", "mistral", "llama"):
        assert provider in caught.value.fix
