"""The journal: what was paid for once is never asked again, whatever happens to the process."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.types import ChatRequest, GenerationResult, Message, Span, Usage
from src.persistence.journal import Journal, journal_key
from src.persistence.sqlite_client import Store
from tests.patience import PATIENCE_S
from tests.persistence.rows import as_argument

ASK = ChatRequest(
    model="m1",
    messages=(Message("system", "Be brief."), Message("user", "What is a kiln?")),
    temperature=0.7,
    max_tokens=100,
    json_schema={"type": "object", "required": ["a", "b"]},
    seed=1,
    grammar="root ::= x",
    stop=("\n\n",),
)
ANSWER = GenerationResult("An oven.", "m1-2026", Usage(12, 3), "length")


@pytest.fixture
def journal(store):
    return Journal(store)


def test_an_answer_comes_back_whole_and_marked_as_cached(journal):
    journal.record("k", ASK, ANSWER)
    assert journal.find("k") == replace(ANSWER, cached=True)
    assert journal.find("other") is None


def test_recording_twice_keeps_the_first_answer(journal):
    journal.record("k", ASK, ANSWER)
    journal.record("k", ASK, replace(ANSWER, text="Another."))
    found = journal.find("k")
    assert found is not None
    assert found.text == "An oven."


@given(text=st.text())
def test_any_answer_survives_even_with_unpaired_surrogates(tmp_path_factory, text):
    with Store(tmp_path_factory.getbasetemp() / "texts.db") as store:
        key = journal_key("openai", ASK, text, 0)
        Journal(store).record(key, ASK, replace(ANSWER, text=text))
        found = Journal(store).find(key)
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "changed",
    [
        replace(ASK, model="m2"),
        replace(ASK, temperature=0.8),
        replace(ASK, max_tokens=101),
        replace(ASK, json_schema=None),
        replace(ASK, json_schema={"type": "object", "required": ["b", "a"]}),
        replace(ASK, seed=None),
        replace(ASK, style="completion"),
        replace(ASK, grammar=""),
        replace(ASK, stop=()),
        replace(ASK, messages=ASK.messages[1:]),
        replace(ASK, messages=(Message("user", "Be brief."), Message("user", "What is a kiln?"))),
        replace(ASK, messages=(Message("system", "Be brief."), Message("user", "What is a kiln??"))),
    ],
)
def test_the_key_changes_with_everything_the_answer_depends_on(changed):
    assert journal_key("openai", changed, "slot", 0) != journal_key("openai", ASK, "slot", 0)


def test_the_key_changes_with_provider_slot_and_attempt():
    keys = {
        journal_key("openai", ASK, "slot", 0),
        journal_key("mistral", ASK, "slot", 0),
        journal_key("openai", ASK, "slot2", 0),
        journal_key("openai", ASK, "slot", 1),
    }
    assert len(keys) == 4


def test_the_key_does_not_change_with_what_the_provider_never_sees():
    with_pieces = tuple(replace(message, pieces=(Span(0, 3),)) for message in ASK.messages)
    schema = MappingProxyType({"required": ["a", "b"], "type": "object"})
    same = replace(ASK, messages=with_pieces, json_schema=schema)
    assert journal_key("openai", same, "slot", 0) == journal_key("openai", ASK, "slot", 0)
    assert journal_key("openai", replace(ASK, temperature=1), "s", 0) == journal_key(
        "openai", replace(ASK, temperature=1.0), "s", 0
    )


def test_the_key_is_the_same_in_every_version_of_the_program():
    """A change of this value would make every user pay again for what is in the journal."""
    assert journal_key("openai", ASK, "slot", 0) == "6b6079111937fa6b1b4ce3fbe20c381624ff3458c23afe9634511f08109003f5"


def test_a_schema_that_is_not_json_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="set cannot be part of a request"):
        journal_key("openai", replace(ASK, json_schema={"enum": {1}}), "s", 0)


def test_an_answer_survives_sigkill_the_moment_record_returns(place, open_store):
    program = textwrap.dedent(
        """
        import sys
        from src.persistence.journal import Journal
        from src.persistence.sqlite_client import Store
        from tests.persistence.rows import from_argument
        from tests.persistence.test_journal import ANSWER, ASK

        store = Store(from_argument(sys.argv[1]))
        for number in range(20):
            Journal(store).record(f"k{number}", ASK, ANSWER)
        print("recorded", flush=True)
        sys.stdin.readline()
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, as_argument(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "recorded\n"
        process.send_signal(signal.SIGKILL)
    with open_store() as store:
        found = [Journal(store).find(f"k{number}") for number in range(20)]
    assert found == [replace(ANSWER, cached=True)] * 20


def test_two_processes_share_one_journal_and_lose_nothing(place, open_store):
    program = textwrap.dedent(
        """
        import sys
        from dataclasses import replace
        from src.persistence.journal import Journal
        from src.persistence.sqlite_client import Store
        from tests.persistence.rows import from_argument
        from tests.persistence.test_journal import ANSWER, ASK

        name = sys.argv[2]
        with Store(from_argument(sys.argv[1])) as store:
            print("ready", flush=True)
            sys.stdin.readline()
            for number in range(100):
                for key in (f"{name} {number}", f"both {number}"):
                    Journal(store).record(key, ASK, replace(ANSWER, text=f"{name} wrote {number}"))
        """
    )
    commands = [[sys.executable, "-c", program, as_argument(place), name] for name in ("first", "second")]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for command in commands
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
    with open_store() as store:
        keys = [f"{name} {number}" for name in ("first", "second", "both") for number in range(100)]
        found = Journal(store).find_all(keys)
    assert {key: found[key].text.split()[-1] for key in keys} == {key: key.split()[-1] for key in keys}
