"""Conversations of claude.ai: which messages were on the screen, and what of them was said."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.data_prep.chat_logs.makers import (
    ANSWER,
    FIRST,
    QUESTION,
    REPLY,
    ROOT,
    SECOND,
    WHOLE,
    claude_message,
    claude_talk,
    dialogues,
    logs,
    rejected,
    rows,
)

ASKED = claude_message("human", QUESTION, "q", ROOT)
ANSWERED = claude_message("assistant", ANSWER, "a", "q")
NOT_SUPPORTED = "```\nThis block is not supported on your current device yet.\n```"


def test_the_selected_branch_is_read_and_no_other(tmp_path: Path) -> None:
    talk = claude_talk(
        ASKED,
        claude_message("assistant", "An answer that was asked for again.", "a0", "q"),
        ANSWERED,
        claude_message("human", "A question that was edited away?", "q1", "a"),
        claude_message("human", SECOND, "q2", "a"),
        claude_message("assistant", REPLY, "a2", "q2"),
        current_leaf_message_uuid="a2",
    )
    assert dialogues(logs(tmp_path, "conversations.json", [talk])) == [WHOLE]


def test_without_a_selected_leaf_the_newest_message_ends_the_conversation(tmp_path: Path) -> None:
    talk = claude_talk(
        ASKED,
        claude_message("assistant", ANSWER, "a", "q", created_at="2026-04-01T10:09:00Z"),
        claude_message("assistant", "An older answer.", "a0", "q", created_at="2026-04-01T10:05:00Z"),
    )
    assert dialogues(logs(tmp_path, "conversations.json", [talk])) == [FIRST]


def test_without_parents_messages_come_in_their_order_and_of_answers_in_a_row_the_last_counts(tmp_path: Path) -> None:
    talk = claude_talk(
        claude_message("human", QUESTION),
        claude_message("assistant", "A draft that was asked for again."),
        claude_message("assistant", ANSWER),
        claude_message("human", SECOND),
        claude_message("assistant", REPLY),
        claude_message("human", "A question at the end that nobody answered."),
    )
    assert dialogues(logs(tmp_path, "conversations.json", [talk])) == [WHOLE]


def test_a_broken_tree_falls_back_to_the_order_of_messages(tmp_path: Path) -> None:
    talk = claude_talk(ASKED, claude_message("assistant", ANSWER, "a", "gone"), current_leaf_message_uuid="a")
    assert dialogues(logs(tmp_path, "conversations.json", [talk])) == [FIRST]


def test_a_tree_that_goes_in_circles_ends(tmp_path: Path) -> None:
    talk = claude_talk(claude_message("human", QUESTION, "q", "a"), ANSWERED, current_leaf_message_uuid="a")
    assert dialogues(logs(tmp_path, "conversations.json", [talk])) == [FIRST]


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "thinking", "thinking": "hidden"}, {"type": "text", "text": ANSWER}],
        [{"type": "redacted_thinking", "data": "hidden"}, {"type": "text", "text": ANSWER}],
        [{"type": "tool_use", "input": {"code": "hidden"}}, {"type": "text", "text": ANSWER}],
        [{"type": "tool_result", "content": [{"type": "text", "text": "hidden"}]}, {"type": "text", "text": ANSWER}],
        [{"type": "token_budget"}, {"type": "text", "text": ANSWER}, {"type": "flag", "text": "hidden"}],
        [{"type": "text", "text": f"<antThinking>hidden</antThinking>{ANSWER}"}],
        [{"type": "text", "text": f"{NOT_SUPPORTED}\n\n{ANSWER}"}],
        [{"type": "text", "text": ANSWER[:20]}, {"type": "text", "text": ANSWER[20:]}],
        [],
        None,
    ],
    ids=["thought", "thought-2", "call", "result", "other", "tag", "notice", "cut", "no-blocks", "none"],
)
def test_an_answer_is_its_text_alone(tmp_path: Path, content: Any) -> None:
    answer = {**ANSWERED, "content": content, "text": f"\n{NOT_SUPPORTED}\n\n{ANSWER}"}
    assert dialogues(logs(tmp_path, "conversations.json", [claude_talk(ASKED, answer)])) == [FIRST]


def test_texts_around_a_call_are_set_apart(tmp_path: Path) -> None:
    blocks = [
        {"type": "text", "text": "I look it up"},
        {"type": "tool_use", "input": {}},
        {"type": "text", "text": ANSWER},
    ]
    answer = {**ANSWERED, "content": blocks}
    talk = dialogues(logs(tmp_path, "conversations.json", [claude_talk(ASKED, answer)]))
    assert talk[0][1] == ("assistant", f"I look it up\n\n{ANSWER}")


def test_an_artifact_in_an_answer_becomes_a_block_of_code(tmp_path: Path) -> None:
    text = 'Here:\n<antArtifact type="application/vnd.ant.code" language="python">\nprint(1)\n</antArtifact>'
    talk = dialogues(
        logs(tmp_path, "conversations.json", [claude_talk(ASKED, claude_message("assistant", text, "a", "q"))])
    )
    assert talk[0][1] == ("assistant", "Here:\n```python\nprint(1)\n```")


def test_what_was_pasted_instead_of_a_question_is_the_question(tmp_path: Path) -> None:
    pasted = {"file_name": "paste.txt", "extracted_content": QUESTION}
    asked = {**ASKED, "text": "", "content": [], "attachments": [pasted]}
    assert dialogues(logs(tmp_path, "conversations.json", [claude_talk(asked, ANSWERED)])) == [FIRST]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"chat_feedback": {"type": "downvote"}}, "disliked"),
        ({"stop_reason": "user_canceled"}, "abandoned"),
        ({"stop_reason": "refusal"}, "refused"),
    ],
)
def test_an_answer_that_failed_is_left_out_with_its_reason(tmp_path: Path, more: dict[str, Any], reason: str) -> None:
    assert rejected(logs(tmp_path, "conversations.json", [claude_talk(ASKED, {**ANSWERED, **more})])) == [reason]


def test_conversations_without_messages_are_counted_as_such(tmp_path: Path) -> None:
    assert rejected(logs(tmp_path, "conversations.json", [claude_talk()])) == ["no_answer"]


def test_an_archive_is_read_as_its_files_are_and_names_itself_as_the_source(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    with zipfile.ZipFile(folder / "data-2026.zip", "w") as archive:
        archive.writestr("conversations.json", json.dumps([claude_talk(ASKED, ANSWERED)]))
        archive.writestr("users.json", json.dumps([{"uuid": "u", "full_name": "Somebody"}]))
        archive.writestr("projects.json", json.dumps([{"uuid": "p", "docs": []}]))
    assert [row["source"] for row in rows(folder)] == ["data-2026.zip"]


def test_the_same_export_beside_its_archive_gives_every_row_once(tmp_path: Path) -> None:
    folder = logs(tmp_path, "conversations.json", [claude_talk(ASKED, ANSWERED)])
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.write(folder / "conversations.json", "conversations.json")
    assert rejected(folder) == ["copy"]
    assert len(dialogues(folder)) == 1


def test_one_conversation_as_the_page_fetches_it_is_read_too(tmp_path: Path) -> None:
    text = json.dumps(claude_talk(ASKED, ANSWERED), indent=2)
    assert dialogues(logs(tmp_path, "talk.json", text)) == [FIRST]


def test_an_edited_first_question_is_a_second_root(tmp_path: Path) -> None:
    talk = claude_talk(
        claude_message("human", "A question that was edited away?", "q0", parent_message_uuid=None),
        claude_message("assistant", REPLY, "a0", "q0"),
        claude_message("human", QUESTION, "q", parent_message_uuid=None),
        ANSWERED,
        current_leaf_message_uuid="a",
    )
    assert dialogues(logs(tmp_path, "conversations.json", [talk])) == [FIRST]
    talk["current_leaf_message_uuid"] = "a0"
    assert dialogues(logs(tmp_path, "conversations.json", [talk]))[0][0][1].endswith("edited away?")
