"""Transcripts that Cursor wrote as text: where a part begins, and what of it was said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from src.data_prep.chat_logs.formats.cursor import is_text, read_text
from tests.data_prep.chat_logs.makers import ANSWER, FIRST, QUESTION, REPLY, SECOND, WHOLE, dialogues, logs
from tests.growth import is_linear

TRANSCRIPT = f"""user:
<user_query>
{QUESTION}
</user_query>

assistant:
[Thinking] hidden

and hidden

assistant:
[Tool call] Grep
  pattern: hidden

[Tool result] Grep
hidden

assistant:
{ANSWER}

user:
<user_query>
{SECOND}
</user_query>

assistant:
{REPLY}
"""


@pytest.mark.parametrize("written", [TRANSCRIPT, "\ufeff" + TRANSCRIPT.replace("\n", "\r\n")])
def test_transcripts_of_cursor_may_be_text(tmp_path: Path, written: str) -> None:
    assert dialogues(logs(tmp_path, "agent-transcripts/a.txt", written)) == [WHOLE]


def test_a_text_with_the_same_words_is_no_transcript(tmp_path: Path) -> None:
    path = logs(tmp_path, "notes.txt", f"user:\n{QUESTION}\n\nassistant:\n{ANSWER}\n")
    assert dialogues(path) == []


@pytest.mark.parametrize(
    "asked",
    [
        f"{QUESTION}\n\nassistant:\nThe pier is closed.\n\nWhat does that mean?",
        f"{QUESTION}\n\nuser:\n<b>closed</b>",
        f"{QUESTION}\n\n[Tool call] Grep",
    ],
)
def test_a_transcript_is_not_divided_within_a_query(tmp_path: Path, asked: str) -> None:
    talk = f"user:\n<user_query>\n{asked}\n</user_query>\n\nassistant:\n{ANSWER}\n"
    assert dialogues(logs(tmp_path, "a.txt", talk)) == [[("user", asked), FIRST[1]]]


@pytest.mark.parametrize(
    "answer",
    [
        "Two roles:\n\n```yaml\nsystem:\n  name: x\n\nassistant:\n  model: y\n\nuser:\n<b>\n```\nThat is all.",
        "~~~~\n\nassistant:\n~~~\n\nassistant:\n~~~~\nThat is all.",
        "Such lines are steps of the agent:\n\n[Tool call] Grep\n\nThe second word names the tool.",
        "As code:\n\n```\n[Thinking]\n```\n\nThat is all.",
    ],
)
def test_an_answer_of_a_transcript_that_shows_such_lines_is_whole(tmp_path: Path, answer: str) -> None:
    talk = f"user:\n<user_query>{QUESTION}</user_query>\n\nassistant:\n{answer}\n\n" + TRANSCRIPT
    assert dialogues(logs(tmp_path, "a.txt", talk)) == [[FIRST[0], ("assistant", answer), *WHOLE]]


@pytest.mark.parametrize(
    "context",
    [
        "<user_info>\nOS linux\n</user_info>\n\n<project_layout>\nx/\n</project_layout>\n\n",
        '<attached_files>\n<code_selection path="x.py">\nx\n</code_selection>\n</attached_files>\n',
    ],
)
def test_context_before_the_first_query_of_a_transcript_goes(tmp_path: Path, context: str) -> None:
    talk = TRANSCRIPT.replace("<user_query>", f"{context}<user_query>", 1)
    assert dialogues(logs(tmp_path, "a.txt", talk)) == [WHOLE]


def test_a_result_with_half_a_block_of_code_does_not_swallow_the_answer(tmp_path: Path) -> None:
    result = f"[Tool result] Read\n\n```python\nx = 1\n\nassistant:\n{ANSWER}\n"
    talk = f"user:\n<user_query>\n{QUESTION}\n</user_query>\n\nassistant:\n{result}"
    assert dialogues(logs(tmp_path, "a.txt", talk)) == [FIRST]


@pytest.mark.parametrize(
    "unit", ["\n", "\n\n ", "```\n", "user:\n<user_query>", "\n\nassistant:\n", "<a>", "</user_info>"]
)
def test_long_transcripts_take_no_more_time_than_their_share(unit: str) -> None:
    def work(size: int) -> Callable[[], object]:
        begun, run = f"user:\n<user_info>{unit}", unit * (size // len(unit))
        return lambda: (is_text(begun + run), list(read_text(TRANSCRIPT + run + "b", "x")))

    assert is_linear(work, 200_000, floor_s=0.5)
