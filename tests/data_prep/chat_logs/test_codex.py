"""Sessions of Codex in the layouts of its versions."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from src.data_prep.chat_logs.formats import codex
from tests.data_prep.chat_logs.makers import (
    ANSWER,
    FIRST,
    QUESTION,
    REPLY,
    SECOND,
    WHOLE,
    codex_line,
    codex_said,
    dialogues,
    logs,
)
from tests.growth import is_linear

META = codex_line("session_meta", {"id": "session-1", "cwd": "/srv/ferries", "instructions": "hidden"})
SESSION = [META, codex_said("user", QUESTION), codex_said("assistant", ANSWER)]
NAME = "2026/04/01/rollout-2026-04-01T10-00-00-session-1.jsonl"


def session(tmp_path: Path, *lines: Any) -> Path:
    return logs(tmp_path, NAME, list(lines))


def test_messages_of_the_protocol_count_and_their_copies_on_the_screen_do_not(tmp_path: Path) -> None:
    lines = [
        META,
        codex_said("user", QUESTION),
        codex_line("event_msg", {"type": "user_message", "message": QUESTION}),
        codex_line("turn_context", {"model": "m", "cwd": "hidden"}),
        codex_line("response_item", {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hidden"}]}),
        codex_line("response_item", {"type": "function_call", "name": "exec", "arguments": "hidden", "call_id": "1"}),
        codex_line("response_item", {"type": "function_call_output", "output": "hidden", "call_id": "1"}),
        codex_line("response_item", {"type": "custom_tool_call", "input": "hidden", "call_id": "2"}),
        codex_line("event_msg", {"type": "exec_command_end", "aggregated_output": "hidden"}),
        codex_line("compacted", {"message": "hidden", "replacement_history": []}),
        codex_said("assistant", ANSWER),
        codex_line("event_msg", {"type": "agent_message", "message": ANSWER}),
        codex_said("user", SECOND),
        codex_said("assistant", REPLY),
    ]
    assert dialogues(session(tmp_path, *lines)) == [WHOLE]


def test_a_session_that_holds_events_alone_is_read_from_them(tmp_path: Path) -> None:
    lines = [
        META,
        codex_line("event_msg", {"type": "user_message", "message": QUESTION}),
        codex_line("event_msg", {"type": "agent_reasoning", "text": "hidden"}),
        codex_line("event_msg", {"type": "agent_message", "message": ANSWER}),
    ]
    assert dialogues(session(tmp_path, *lines)) == [FIRST]


SCAFFOLDS = [
    "<environment_context>\n<cwd>hidden</cwd>\n</environment_context>",
    "<user_instructions>\nhidden\n</user_instructions>",
    "<permissions instructions>hidden</permissions instructions>",
    "<permissions instructions>hidden",
    "# AGENTS.md instructions for /srv/ferries\n\n<INSTRUCTIONS>\nhidden\n</INSTRUCTIONS>",
    "<collaboration_mode>hidden</collaboration_mode>",
    "<user_shell_command>\n<command>ls</command>\n</user_shell_command>",
    "<skill>\n<name>hidden</name>\n</skill>",
    "<user_instructions>a</user_instructions>\n<environment_context>b</environment_context>",
    "Another language model started to solve this problem and produced a summary of its thinking process.",
]


@pytest.mark.parametrize("text", SCAFFOLDS)
def test_what_the_program_tells_the_model_is_no_question(tmp_path: Path, text: str) -> None:
    assert dialogues(session(tmp_path, META, codex_said("user", text), *SESSION[1:])) == [FIRST]
    assert dialogues(session(tmp_path, *SESSION, codex_said("user", text))) == [FIRST]


@pytest.mark.parametrize("role", ["developer", "system"])
def test_developers_and_systems_have_no_turn(tmp_path: Path, role: str) -> None:
    assert dialogues(session(tmp_path, META, codex_said(role, "hidden"), *SESSION[1:])) == [FIRST]


def test_of_a_prompt_from_an_editor_the_request_stays(tmp_path: Path) -> None:
    text = f"# Context from my IDE setup:\n\n## Active file: x.py\n\n## My request for Codex:\n{QUESTION}\n"
    assert dialogues(session(tmp_path, META, codex_said("user", text), SESSION[2])) == [FIRST]


@pytest.mark.parametrize(
    "stop",
    [codex_said("user", "<turn_aborted>\nhidden\n</turn_aborted>"), codex_line("event_msg", {"type": "turn_aborted"})],
)
def test_a_turn_that_was_stopped_goes(tmp_path: Path, stop: dict[str, Any]) -> None:
    stopped = [codex_said("user", "Rewrite everything."), codex_said("assistant", "I begin with the first file."), stop]
    assert dialogues(
        session(tmp_path, *SESSION, *stopped, codex_said("user", SECOND), codex_said("assistant", REPLY))
    ) == [WHOLE]


def test_turns_that_were_taken_back_go(tmp_path: Path) -> None:
    undone = [codex_said("user", "Wrong."), codex_said("assistant", "An answer that was taken back by the person.")]
    back = codex_line("event_msg", {"type": "thread_rolled_back", "num_turns": 1})
    after = [codex_said("user", SECOND), codex_said("assistant", REPLY)]
    assert dialogues(session(tmp_path, *SESSION, *undone, back, *after)) == [WHOLE]


def test_a_session_of_a_subagent_gives_nothing(tmp_path: Path) -> None:
    meta = codex_line("session_meta", {"id": "x", "source": {"subagent": {"thread_spawn": {"parent_thread_id": "y"}}}})
    assert dialogues(session(tmp_path, meta, *SESSION[1:])) == []


def bare(role: str, text: str) -> dict[str, Any]:
    return codex_said(role, text)["payload"]  # type: ignore[no-any-return]


def test_lines_without_envelopes_are_read(tmp_path: Path) -> None:
    lines = [
        {"id": "session-1", "timestamp": "2025-08-18T01:00:00Z", "instructions": "hidden", "git": {"branch": "main"}},
        {"record_type": "state"},
        bare("user", "<environment_context>hidden</environment_context>"),
        bare("user", QUESTION),
        {"record_type": "state"},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hidden"}]},
        {"type": "function_call", "name": "shell", "arguments": "hidden", "call_id": "1"},
        {"type": "function_call_output", "call_id": "1", "output": "hidden"},
        bare("assistant", ANSWER),
    ]
    assert dialogues(session(tmp_path, *lines)) == [FIRST]
    assert dialogues(session(tmp_path, *lines[1:])) == [FIRST]


def test_the_first_layout_is_one_object_with_items(tmp_path: Path) -> None:
    session_ = {"id": "session-1", "timestamp": "2025-05-01T01:00:00Z", "instructions": ""}
    record = {"session": session_, "items": [bare("user", QUESTION), bare("assistant", ANSWER)]}
    assert dialogues(logs(tmp_path, "rollout-2025-05-01-x.json", record)) == [FIRST]


def test_a_question_in_one_message_with_context_is_found_and_the_context_goes(tmp_path: Path) -> None:
    context = "<environment_context>\nhidden\n</environment_context>"
    blocks = [{"type": "input_text", "text": text} for text in ("# AGENTS.md instructions for x", context, QUESTION)]
    asked = codex_line("response_item", {"type": "message", "role": "user", "content": blocks})
    assert dialogues(session(tmp_path, META, asked, SESSION[2])) == [FIRST]


def test_a_review_is_no_part_of_the_answer_before_and_may_be_stopped(tmp_path: Path) -> None:
    lines = [
        *SESSION,
        codex_said("user", "<user_action>\n  <action>review</action>\n</user_action>"),
        codex_said("assistant", "hidden"),
        codex_line("event_msg", {"type": "turn_aborted", "reason": "interrupted"}),
    ]
    assert dialogues(session(tmp_path, *lines)) == [FIRST]


def test_pictures_and_lists_of_files_before_a_request_go(tmp_path: Path) -> None:
    listed = f"# Files mentioned by the user:\n\n## pier.png: /srv/pier.png\n\n## My request for Codex:\n{QUESTION}\n"
    texts = ["<image name=[Image #1]>", "</image>", listed]
    content = [{"type": "input_text", "text": text} for text in texts]
    asked = codex_line("response_item", {"type": "message", "role": "user", "content": content})
    assert dialogues(session(tmp_path, META, asked, SESSION[2])) == [FIRST]


def test_what_an_answer_tells_the_program_of_its_memories_goes(tmp_path: Path) -> None:
    citation = "<oai-mem-citation>\n<citation_entries>\nMEMORY.md:1-2\n</citation_entries>\n</oai-mem-citation>"
    told = [codex_said("user", QUESTION), codex_said("assistant", f"{ANSWER}\n\n{citation}")]
    assert dialogues(session(tmp_path, META, *told)) == [FIRST]
    shown = [("user_message", QUESTION), ("agent_message", f"{ANSWER}\n\n{citation}")]
    events = [codex_line("event_msg", {"type": kind, "message": text}) for kind, text in shown]
    assert dialogues(session(tmp_path, META, *events)) == [FIRST]


def test_a_session_that_names_no_subagent_is_one_of_its_own(tmp_path: Path) -> None:
    meta = codex_line("session_meta", {"id": "session-1", "source": {"subagent": None}})
    assert dialogues(session(tmp_path, meta, *SESSION[1:])) == [FIRST]


@pytest.mark.parametrize("cut", ["<oai-mem-citation>", "<oai-mem-citation>\n<citation_entries>\nMEMORY.md:1"])
def test_what_is_told_the_program_goes_where_it_was_cut_off_too(tmp_path: Path, cut: str) -> None:
    told = [codex_said("user", QUESTION), codex_said("assistant", f"{ANSWER}\n\n{cut}")]
    assert dialogues(session(tmp_path, META, *told)) == [FIRST]


@pytest.mark.parametrize(
    "answer",
    [
        "It ends with an `<oai-mem-citation>` block, which is hidden.\n\nYou can turn it off.",
        "The tag <oai-mem-citation> opens it and </oai-mem-citation> closes it.",
        "```xml\n<oai-mem-citation>\n</oai-mem-citation>\n```\nThat is all of it.",
        "```python\nfind(r'<oai-mem-citation>.*')\n```\nThen call it.",
        "<oai-mem-citation> is the tag of such a block.\n\nThe program hides it.",
    ],
)
def test_answers_about_that_tag_stay_whole(tmp_path: Path, answer: str) -> None:
    told = [codex_said("user", QUESTION), codex_said("assistant", answer)]
    assert dialogues(session(tmp_path, META, *told)) == [[FIRST[0], ("assistant", answer)]]


@pytest.mark.parametrize(
    "unit", ["\n", " ", "<oai-mem-citation>\n", "\n```", "<oai-mem-citation>\n<citation_entries>\n"]
)
def test_many_tags_and_blanks_take_no_more_time_than_their_share(unit: str) -> None:
    def text(size: int) -> str:
        return "<oai-mem-citation>a" + unit * (size // len(unit)) + "b"

    def read(text: str) -> None:
        list(codex.read([META, codex_said("user", QUESTION), codex_said("assistant", text)], "x"))

    assert is_linear(lambda size: partial(read, text(size)), 200_000, floor_s=0.4)
