"""Sessions of Claude Code: the chain of records that was last open, and what of it people and the model said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from src.data_prep.chat_logs.formats import claude_code
from tests.data_prep.chat_logs.makers import (
    ANSWER,
    FIRST,
    QUESTION,
    REPLY,
    SECOND,
    WHOLE,
    code_line,
    dialogues,
    logs,
    rejected,
    rows,
    said,
)
from tests.growth import is_linear

ASKED = code_line("1", None, "user", QUESTION)
ANSWERED = code_line("22", "1", "assistant", said(ANSWER))
ASKED_AGAIN = code_line("333", "22", "user", SECOND)
REPLIED = code_line("4444", "333", "assistant", said(REPLY))
SESSION = [ASKED, ANSWERED, ASKED_AGAIN, REPLIED]


def session(tmp_path: Path, *lines: Any) -> Path:
    return logs(tmp_path, "project/session-1.jsonl", list(lines))


def test_a_session_is_read_in_the_order_of_its_links(tmp_path: Path) -> None:
    assert dialogues(session(tmp_path, *SESSION)) == [WHOLE]


def test_lines_that_stand_before_their_parents_are_put_in_order(tmp_path: Path) -> None:
    assert dialogues(session(tmp_path, REPLIED, ASKED, ASKED_AGAIN, ANSWERED)) == [WHOLE]


def test_lines_without_links_come_in_their_order(tmp_path: Path) -> None:
    bare = [{key: value for key, value in line.items() if key != "parentUuid"} for line in SESSION]
    assert dialogues(session(tmp_path, *bare)) == [WHOLE]
    assert dialogues(session(tmp_path, *[{**line, "parentUuid": None} for line in SESSION])) == [WHOLE]


def test_a_branch_that_was_left_is_not_read(tmp_path: Path) -> None:
    left = [
        code_line("x", "22", "user", "Do it otherwise."),
        code_line("xx", "x", "assistant", said("Otherwise it is.")),
    ]
    assert dialogues(session(tmp_path, ASKED, ANSWERED, *left, ASKED_AGAIN, REPLIED)) == [WHOLE]


def test_a_conversation_that_began_anew_in_the_same_session_replaces_the_first(tmp_path: Path) -> None:
    left = [code_line("x", None, "user", "Rewound."), code_line("xx", "x", "assistant", said("Long answer, gone " * 9))]
    assert dialogues(session(tmp_path, *left, ASKED, ANSWERED)) == [FIRST]


def test_two_sessions_in_one_file_are_two_conversations(tmp_path: Path) -> None:
    other = [
        code_line("y", None, "user", SECOND, sessionId="session-2"),
        code_line("yy", "y", "assistant", said(REPLY), sessionId="session-2"),
    ]
    assert sorted(dialogues(session(tmp_path, ASKED, ANSWERED, *other))) == sorted([FIRST, WHOLE[2:]])


def test_records_that_a_branched_session_repeats_count_once(tmp_path: Path) -> None:
    assert dialogues(session(tmp_path, ASKED, ANSWERED, ASKED, ANSWERED, ASKED_AGAIN, REPLIED)) == [WHOLE]


def test_branches_of_one_session_in_two_files_share_their_group(tmp_path: Path) -> None:
    session(tmp_path, ASKED, ANSWERED)
    copies = [{**line, "sessionId": "session-2"} for line in SESSION]
    folder = logs(tmp_path, "project/session-2.jsonl", copies)
    assert len({row["meta"]["group"] for row in rows(folder)}) == 1
    assert len(rows(folder)) == 2


def test_a_conversation_goes_on_behind_a_compaction(tmp_path: Path) -> None:
    boundary = {
        "type": "system",
        "subtype": "compact_boundary",
        "uuid": "b",
        "parentUuid": None,
        "logicalParentUuid": "22",
        "sessionId": "session-1",
        "content": "Conversation compacted",
    }
    summary = code_line(
        "s", "b", "user", "This session is being continued from a previous conversation. Hidden.", isCompactSummary=True
    )
    again = {**ASKED_AGAIN, "parentUuid": "s"}
    assert dialogues(session(tmp_path, ASKED, ANSWERED, boundary, summary, again, REPLIED)) == [WHOLE]


def test_records_between_that_say_nothing_do_not_break_the_chain(tmp_path: Path) -> None:
    between = [
        {"type": "attachment", "uuid": "t", "parentUuid": "22", "sessionId": "session-1", "attachment": {"type": "x"}},
        {"type": "system", "subtype": "turn_duration", "uuid": "u", "parentUuid": "t", "sessionId": "session-1"},
        {"type": "queue-operation", "operation": "enqueue", "content": "hidden", "sessionId": "session-1"},
        {"type": "ai-title", "title": "hidden", "sessionId": "session-1"},
        {"type": "last-prompt", "lastPrompt": "hidden", "sessionId": "session-1"},
    ]
    again = {**ASKED_AGAIN, "parentUuid": "u"}
    assert dialogues(session(tmp_path, ASKED, ANSWERED, *between, again, REPLIED)) == [WHOLE]


def test_blocks_of_one_answer_on_many_lines_are_one_answer(tmp_path: Path) -> None:
    identity = {"message": {"id": "msg_1"}}
    lines = [
        ASKED,
        code_line("a", "1", "assistant", [{"type": "thinking", "thinking": "hidden"}], **identity),
        code_line("aa", "a", "assistant", said("I look."), **identity),
        code_line("aaa", "aa", "assistant", [{"type": "tool_use", "name": "Read", "input": {}}], **identity),
        code_line("b", "aaa", "user", [{"type": "tool_result", "content": "hidden"}], toolUseResult="hidden"),
        code_line("bb", "b", "assistant", said(ANSWER), **identity),
    ]
    assert dialogues(session(tmp_path, *lines)) == [[FIRST[0], ("assistant", f"I look.\n\n{ANSWER}")]]


def test_a_block_that_is_written_again_and_again_as_it_grows_counts_once(tmp_path: Path) -> None:
    identity = {"message": {"id": "msg_1"}}
    grown = [code_line(f"g{size}", "1", "assistant", said(ANSWER[:size]), **identity) for size in (10, 30, len(ANSWER))]
    assert dialogues(session(tmp_path, ASKED, *grown)) == [FIRST]


HIDDEN = [
    {"isSidechain": True},
    {"isMeta": True},
    {"isCompactSummary": True},
    {"isVisibleInTranscriptOnly": True},
    {"isApiErrorMessage": True},
    {"message": {"model": "<synthetic>"}},
]


@pytest.mark.parametrize("flag", HIDDEN, ids=lambda flag: next(iter(flag)))
def test_what_only_the_program_says_is_no_answer(tmp_path: Path, flag: dict[str, Any]) -> None:
    error = code_line("e", "1", "assistant", said("API Error: 529 overloaded, or No response requested."), **flag)
    lines = [ASKED, error, {**ANSWERED, "parentUuid": "1" if flag == {"isSidechain": True} else "e"}]
    assert dialogues(session(tmp_path, *lines)) == [FIRST]
    assert dialogues(session(tmp_path, ASKED, ANSWERED, {**error, "parentUuid": "22"})) == [FIRST]


MARKUP = [
    "<command-name>/clear</command-name>\n<command-message>clear</command-message>\n<command-args></command-args>",
    "<command-message>init</command-message>\n<command-name>/init</command-name>",
    "<local-command-stdout>hidden</local-command-stdout>",
    "<local-command-stderr>hidden</local-command-stderr>",
    "<local-command-caveat>Caveat: hidden</local-command-caveat>",
    "<bash-input>ls</bash-input>",
    "<bash-stdout>hidden</bash-stdout><bash-stderr></bash-stderr>",
    "<task-notification>\n<task-id>1</task-id>\n<summary>hidden</summary>\n</task-notification>",
    "<user-memory-input>hidden</user-memory-input>",
    "<system-reminder>hidden</system-reminder>",
    "Caveat: The messages below were generated by the user while running local commands. DO NOT respond.",
    "This session is being continued from a previous conversation that ran out of context.",
    "<ide_opened_file>The user opened x.py</ide_opened_file>",
    "[Image: source: /tmp/x.png]",
]


@pytest.mark.parametrize("text", MARKUP)
def test_a_turn_that_the_program_wrote_is_no_question(tmp_path: Path, text: str) -> None:
    line = code_line("m", "22", "user", text)
    again = {**ASKED_AGAIN, "parentUuid": "m"}
    assert dialogues(session(tmp_path, ASKED, ANSWERED, line, again, REPLIED)) == [WHOLE]
    assert dialogues(session(tmp_path, {**line, "parentUuid": None}, {**ASKED, "parentUuid": "m"}, ANSWERED)) == [FIRST]


AROUND = [
    "{}\n<system-reminder>\nhidden\n</system-reminder>",
    "<system-reminder>hidden</system-reminder>\n{}",
    "<system-reminder>hidden</system-reminder>{}<system-reminder>hidden too</system-reminder>",
    "<ide_selection>The user selected the lines 1 to 3:\nhidden\n</ide_selection>\n{}",
    "<ide_opened_file>hidden</ide_opened_file>{}",
    "{}\n\n<user-prompt-submit-hook>hidden</user-prompt-submit-hook>",
    "<new-diagnostics>hidden</new-diagnostics>\n{}\n",
]


@pytest.mark.parametrize("frame", AROUND)
def test_what_the_program_put_around_a_question_goes(tmp_path: Path, frame: str) -> None:
    asked = code_line("1", None, "user", frame.format(QUESTION))
    blocks = code_line("1", None, "user", [*said(frame.format("")), *said(QUESTION)])
    assert dialogues(session(tmp_path, asked, ANSWERED)) == [FIRST]
    assert dialogues(session(tmp_path, blocks, ANSWERED)) == [FIRST]


QUOTED = [
    "Why does my parser choke on <command-name>/clear</command-name> in the middle of a line?",
    "What is `<system-reminder>hidden</system-reminder>` in my logs?",
    "Why does this fail?\n```xml\n<system-reminder>x</system-reminder>\n```",
    "Strip the <system-reminder> tag from my transcripts, please.",
    "The page shows <bash-stdout> and then nothing: why?",
]


@pytest.mark.parametrize("question", QUOTED)
def test_marks_that_a_person_quotes_stay(tmp_path: Path, question: str) -> None:
    asked = code_line("1", None, "user", question)
    assert dialogues(session(tmp_path, asked, ANSWERED)) == [[("user", question), FIRST[1]]]


def test_an_interrupted_prompt_goes_with_what_was_answered_so_far(tmp_path: Path) -> None:
    interrupted = [
        code_line("p", "22", "user", "Rewrite all of it in another language."),
        code_line("pp", "p", "assistant", said("I begin with the first module of the twelve.")),
        code_line("ppp", "pp", "user", said("[Request interrupted by user for tool use]")),
    ]
    again = {**ASKED_AGAIN, "parentUuid": "ppp"}
    assert dialogues(session(tmp_path, ASKED, ANSWERED, *interrupted, again, REPLIED)) == [WHOLE]


def test_an_interrupted_prompt_at_the_end_goes(tmp_path: Path) -> None:
    lines = [
        code_line("p", "22", "user", "Rewrite all of it."),
        code_line("pp", "p", "user", said("[Request interrupted by user]")),
    ]
    assert dialogues(session(tmp_path, ASKED, ANSWERED, *lines)) == [FIRST]


def test_the_answer_to_a_prompt_that_the_log_hides_goes_with_it(tmp_path: Path) -> None:
    hidden = [
        code_line("c", "22", "user", "<command-name>/review</command-name><command-args>all</command-args>"),
        code_line("cc", "c", "user", said("Review the diff as follows: ..."), isMeta=True),
        code_line("ccc", "cc", "assistant", said("The review: nothing to say of any of the files.")),
    ]
    again = {**ASKED_AGAIN, "parentUuid": "ccc"}
    assert dialogues(session(tmp_path, ASKED, ANSWERED, *hidden, again, REPLIED)) == [WHOLE]


def test_a_session_that_is_told_to_go_on_stays_one_answer(tmp_path: Path) -> None:
    on = code_line("o", "22", "user", "Continue from where you left off.", isMeta=True)
    more = code_line("oo", "o", "assistant", said("And this is the rest of it, in full."))
    turns = dialogues(session(tmp_path, ASKED, ANSWERED, on, more))[0]
    assert turns == [FIRST[0], ("assistant", f"{ANSWER}\n\nAnd this is the rest of it, in full.")]


def test_what_the_program_tells_the_model_in_the_middle_of_an_answer_does_not_end_it(tmp_path: Path) -> None:
    skill = code_line("k", "1", "user", said("Rules for reading timetables: ..."), isMeta=True)
    assert dialogues(session(tmp_path, ASKED, skill, {**ANSWERED, "parentUuid": "k"})) == [FIRST]
    begun = code_line("b", "1", "assistant", said("I read the rules."))
    rest = {**ANSWERED, "parentUuid": "k"}
    turns = dialogues(session(tmp_path, ASKED, begun, {**skill, "parentUuid": "b"}, rest))[0]
    assert turns == [FIRST[0], ("assistant", f"I read the rules.\n\n{ANSWER}")]


def test_an_unanswered_prompt_gives_way_to_the_next(tmp_path: Path) -> None:
    first = code_line("f", None, "user", "A prompt that was sent too early")
    assert dialogues(session(tmp_path, first, {**ASKED, "parentUuid": "f"}, ANSWERED)) == [FIRST]


def test_a_session_of_a_subagent_alone_gives_nothing(tmp_path: Path) -> None:
    lines = [{**line, "isSidechain": True, "agentId": "x"} for line in SESSION]
    assert dialogues(logs(tmp_path, "project/session-1/subagents/agent-x.jsonl", lines)) == []


def test_a_line_that_is_no_json_is_left_out_and_counted(tmp_path: Path) -> None:
    import json

    text = "".join(json.dumps(line) + "\n" for line in (ASKED, ANSWERED)) + '{"type":"assistant","mess\n'
    assert dialogues(logs(tmp_path, "s.jsonl", text)) == [FIRST]


def test_a_session_of_the_web_version_is_read_in_its_order(tmp_path: Path) -> None:
    lines = [{"type": line["type"], "timestamp": "t", "message": line["message"]} for line in SESSION]
    assert dialogues(logs(tmp_path, "web.json", {"loglines": lines})) == [WHOLE]


def test_a_session_without_an_answer_is_rejected(tmp_path: Path) -> None:
    assert rejected(session(tmp_path, ASKED)) == ["no_answer"]


def test_what_was_written_while_the_model_worked_is_a_question(tmp_path: Path) -> None:
    queued = {"type": "queued_command", "prompt": SECOND, "commandMode": "prompt"}
    notice = {"type": "queued_command", "prompt": "<task-notification>\nhidden\n</task-notification>"}
    lines = [
        ASKED,
        ANSWERED,
        code_line("333", "22", "attachment", "") | {"attachment": queued},
        code_line("3334", "333", "attachment", "") | {"attachment": notice},
        code_line("3335", "3334", "attachment", "") | {"attachment": {"type": "todo_reminder", "content": "hidden"}},
        code_line("4444", "3335", "assistant", said(REPLY)),
    ]
    assert dialogues(session(tmp_path, *lines)) == [WHOLE]


def test_blocks_that_say_they_are_empty_are_left_out(tmp_path: Path) -> None:
    empty = code_line("2", "1", "assistant", said("(no content)"))
    assert dialogues(session(tmp_path, ASKED, empty, {**ANSWERED, "parentUuid": "2"})) == [FIRST]


def test_what_a_subagent_says_in_the_web_version_is_left_out(tmp_path: Path) -> None:
    lines = [{"type": line["type"], "message": line["message"], "parent_tool_use_id": None} for line in SESSION]
    of_part = [
        {"type": kind, "message": {"role": kind, "content": "hidden"}, "parent_tool_use_id": "toolu_1"}
        for kind in ("user", "assistant")
    ]
    assert dialogues(logs(tmp_path, "web.json", {"loglines": [lines[0], *of_part, *lines[1:]]})) == [WHOLE]


def test_messages_as_the_program_hands_them_on_are_read(tmp_path: Path) -> None:
    lines = [
        {"type": line["type"], "uuid": line["uuid"], "session_id": "s", "message": line["message"]} for line in SESSION
    ]
    event = {"type": "stream_event", "uuid": "e", "session_id": "s", "event": {"delta": {"text": "hidden"}}}
    result = {"type": "result", "uuid": "r", "session_id": "s", "result": REPLY}
    head = {"type": "system", "uuid": "h", "session_id": "s", "subtype": "init", "tools": []}
    assert dialogues(logs(tmp_path, "audit.jsonl", [head, lines[0], event, *lines[1:], result])) == [WHOLE]


@pytest.mark.parametrize("kind", ["chat", "user", "result"])
def test_rows_of_others_with_such_ids_are_read_as_what_they_are(tmp_path: Path, kind: str) -> None:
    turns = [{"role": role, "content": text} for role, text in FIRST]
    row = {"uuid": "1", "session_id": "s", "type": kind, "messages": turns}
    assert dialogues(logs(tmp_path, "rows.jsonl", [row])) == [FIRST]
    assert dialogues(logs(tmp_path, "rows.jsonl", [row | {"message": {}, "result": ""}])) == [FIRST]


@pytest.mark.parametrize("kind", ["page_view", "user", "assistant", "system", "result", "stream_event"])
def test_events_of_other_programs_are_no_session(tmp_path: Path, kind: str) -> None:
    event = {"uuid": "1", "session_id": "s", "type": kind, "path": "/piers", "message": "The pier is open."}
    run = logs(tmp_path, "events.jsonl", [event])
    assert dialogues(run) == []


def test_every_session_of_a_file_is_a_conversation_unless_it_shares_lines_with_another(tmp_path: Path) -> None:
    other = [{**line, "uuid": f"o{line['uuid']}", "sessionId": "session-0"} for line in SESSION[:2]]
    other[1]["parentUuid"] = "o1"
    assert dialogues(session(tmp_path, *other, *SESSION)) == [WHOLE, FIRST]
    branch = code_line("x", "22", "user", "Do it otherwise.", sessionId="session-2")
    assert dialogues(session(tmp_path, branch, *SESSION)) == [WHOLE]


@pytest.mark.parametrize("parent", [{"parentUuid": None}, {}])
def test_many_sessions_take_no_more_time_than_their_share(parent: dict[str, Any]) -> None:
    def work(size: int) -> Callable[[], object]:
        records = [
            {
                "type": role,
                "uuid": f"{role}{number}",
                "sessionId": f"s{number}",
                "message": {"content": text, "id": number},
            }
            | (parent if role == "user" else {"parentUuid": f"user{number}"})
            for number in range(size)
            for role, text in FIRST
        ]
        return lambda: list(claude_code.read(records, "x"))

    assert is_linear(work, 8_000, floor_s=0.4)
