"""Conversations of ChatGPT: the branch that was on the screen, and what of its nodes was said."""

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
    SECOND,
    WHOLE,
    dialogues,
    gpt_node,
    gpt_talk,
    logs,
    rejected,
)

ASKED = gpt_node("q", "root", "user", QUESTION)
ANSWERED = gpt_node("a", "q", "assistant", ANSWER)


def talk(tmp_path: Path, *nodes: dict[str, Any], **more: Any) -> Path:
    return logs(tmp_path, "conversations.json", [gpt_talk(*nodes, **more)])


def test_the_branch_to_the_current_node_is_read_whatever_the_order_of_the_nodes(tmp_path: Path) -> None:
    nodes = [
        gpt_node("a2", "q2", "assistant", REPLY),
        gpt_node("other", "q", "assistant", "An answer that was asked for again."),
        ANSWERED,
        gpt_node("q2", "a", "user", SECOND),
        gpt_node("edited", "a", "user", "A question that was edited away?"),
        ASKED,
    ]
    assert dialogues(talk(tmp_path, *nodes, current="a2")) == [WHOLE]


def test_without_a_current_node_the_newest_one_ends_the_conversation(tmp_path: Path) -> None:
    older = gpt_node("old", "q", "assistant", "An older answer.", create_time=2.0)
    newer = {**ANSWERED, "message": {**ANSWERED["message"], "create_time": 3.0}}
    record = gpt_talk(ASKED, newer, older)
    del record["current_node"]
    assert dialogues(logs(tmp_path, "c.json", [record])) == [FIRST]


NOT_SAID = [
    {"role": "system"},
    {"role": "tool"},
    {"role": "developer"},
    {"recipient": "python"},
    {"recipient": "canmore.create_textdoc"},
    {"weight": 0.0},
    {"channel": "analysis"},
    {"metadata": {"is_visually_hidden_from_conversation": True}},
    {"metadata": {"is_user_system_message": True}},
    *(
        {"kind": kind}
        for kind in (
            "code",
            "execution_output",
            "thoughts",
            "reasoning_recap",
            "user_editable_context",
            "model_editable_context",
            "tether_quote",
            "tether_browsing_display",
            "system_error",
        )
    ),
]


@pytest.mark.parametrize("facts", NOT_SAID, ids=str)
def test_a_node_that_nobody_said_is_left_out(tmp_path: Path, facts: dict[str, Any]) -> None:
    given = {"role": "assistant", "text": "hidden", **facts}
    hidden = gpt_node("h", "q", given.pop("role"), **given)
    after = gpt_node("a", "h", "assistant", ANSWER)
    assert dialogues(talk(tmp_path, ASKED, hidden, after)) == [FIRST]


@pytest.mark.parametrize(
    "marked",
    [
        "{} \ue200cite\ue202turn0search1\ue201",
        "{}\ue200cite\ue202turn0search1\ue202turn2news3\ue201",
        "\ue200navlist\ue202title\ue202turn0news1\ue201\n{}",
        "{}\ue200cite\ue202turn0search1",
        "{}【4†source】",
        "{} 【12:0†manual.pdf】",
        "{}:contentReference[oaicite:0]{{index=0}}",
        "{}\ue203\ue204",
    ],
)
def test_marks_of_citations_go(tmp_path: Path, marked: str) -> None:
    answered = gpt_node("a", "q", "assistant", marked.format(ANSWER))
    assert dialogues(talk(tmp_path, ASKED, answered)) == [FIRST]


def test_a_marked_name_stays_without_its_mark(tmp_path: Path) -> None:
    text = 'The cache is \ue200entity\ue202["software","Redis","a store"]\ue201, on `localhost`: nothing else runs.'
    answer = dialogues(talk(tmp_path, ASKED, gpt_node("a", "q", "assistant", text)))[0][1][1]
    assert answer == "The cache is Redis, on `localhost`: nothing else runs."


def test_of_images_and_sound_only_the_words_stay(tmp_path: Path) -> None:
    parts = [
        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://hidden"},
        {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://hidden"},
        {"content_type": "audio_transcription", "text": QUESTION, "direction": "in"},
    ]
    asked = gpt_node("q", "root", "user", parts, "multimodal_text")
    assert dialogues(talk(tmp_path, asked, ANSWERED)) == [FIRST]


@pytest.mark.parametrize(
    "more", [{"status": "in_progress"}, {"metadata": {"finish_details": {"type": "interrupted"}}}], ids=str
)
def test_an_answer_that_broke_off_is_abandoned(tmp_path: Path, more: dict[str, Any]) -> None:
    assert rejected(talk(tmp_path, ASKED, gpt_node("a", "q", "assistant", ANSWER, **more))) == ["abandoned"]


def test_an_answer_with_a_thumb_down_is_left_out(tmp_path: Path) -> None:
    feedback = [{"id": "a", "conversation_id": "talk-1", "rating": "thumbs_down", "content": "{}"}]
    logs(tmp_path, "message_feedback.json", feedback)
    more = [gpt_node("q2", "a", "user", SECOND), gpt_node("a2", "q2", "assistant", REPLY)]
    assert dialogues(talk(tmp_path, ASKED, ANSWERED, *more)) == [WHOLE[2:]]


def test_a_conversation_in_circles_and_an_empty_one_end(tmp_path: Path) -> None:
    circle = gpt_talk(gpt_node("q", "a", "user", QUESTION), gpt_node("a", "q", "assistant", ANSWER))
    assert dialogues(logs(tmp_path, "c.json", [circle, {"mapping": {}, "current_node": None}])) == [FIRST]


def test_an_export_in_parts_is_read_from_its_archive(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    other = gpt_talk(gpt_node("x", "root", "user", SECOND), gpt_node("y", "x", "assistant", REPLY))
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        archive.writestr("conversations-000.json", json.dumps([gpt_talk(ASKED, ANSWERED)]))
        archive.writestr("conversations-001.json", json.dumps([other]))
        archive.writestr("chat.html", "<html><script>var jsonData = []</script></html>")
        archive.writestr("user.json", json.dumps({"email": "x"}))
        archive.writestr("file-0.png", b"\x89PNG")
    assert dialogues(folder) == [FIRST, WHOLE[2:]]


@pytest.mark.parametrize("flag", [{"is_continuation": True}, {}])
def test_an_answer_that_was_told_to_go_on_is_one(tmp_path: Path, flag: dict[str, Any]) -> None:
    cut = {"finish_details": {"type": "max_tokens" if not flag else "stop"}}
    begun = gpt_node("a1", "q", "assistant", ANSWER[:30], metadata=cut)
    assert dialogues(talk(tmp_path, ASKED, begun, gpt_node("a2", "a1", "assistant", ANSWER[30:], metadata=flag))) == [
        FIRST
    ]


def test_an_answer_that_was_cut_before_the_next_question_is_left_out(tmp_path: Path) -> None:
    cut = gpt_node("a", "q", "assistant", ANSWER, metadata={"finish_details": {"type": "max_tokens"}})
    again = gpt_node("a2", "q2", "assistant", REPLY)
    assert dialogues(talk(tmp_path, ASKED, cut, gpt_node("q2", "a", "user", SECOND), again)) == [
        [("user", SECOND), ("assistant", REPLY)]
    ]
