"""From a folder of logs to files of rows: what is written, counted, replaced and told."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import InputFileError
from src.data_prep.chat_logs.convert import convert
from src.data_prep.chat_logs.settings import LogSettings
from src.data_prep.rows import SYSTEM_PROMPT
from tests.data_prep.chat_logs.makers import (
    ANSWER,
    FIRST,
    QUESTION,
    REPLY,
    SECOND,
    WHOLE,
    claude_message,
    claude_talk,
    code_line,
    dialogues,
    gemini_entry,
    logs,
    rejected,
    rows,
    run,
    said,
    slack_message,
)

TALK = claude_talk(claude_message("human", QUESTION), claude_message("assistant", ANSWER))


def test_a_row_has_the_system_message_its_source_and_its_group(tmp_path: Path) -> None:
    (row,) = rows(logs(tmp_path, "a/conversations.json", [TALK]), topics=("error_resolution", "debugging"))
    assert row["messages"][0] == {"role": "system", "content": SYSTEM_PROMPT}
    assert row["source"] == "a/conversations.json"
    assert row["meta"]["source"] == "claude_logs"
    assert row["meta"]["topic"] == "error_resolution"
    assert row["meta"]["group"].startswith("chat-")
    assert "altered" not in row["meta"]


def test_every_conversation_is_kept_or_has_a_reason(tmp_path: Path) -> None:
    poem = claude_talk(
        claude_message("human", "A poem of a ferry?"),
        claude_message(
            "assistant", "It comes and goes and comes again, in sun and wind, in fog and rain, from pier to pier."
        ),
    )
    logs(tmp_path, "b.json", [poem, claude_talk(), TALK])
    report = run(logs(tmp_path, "a.json", [TALK | {"uuid": "other"}]), topics=("error_resolution",))
    assert report.conversations == report.kept + sum(report.rejected.values()) == 4
    assert dict(report.rejected) == {"off_topic": 1, "no_answer": 1}
    assert dict(report.topics) == {"error_resolution": 2}


SAID = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": ANSWER}]
THREAD = [slack_message("1775037600.000100", "U1", QUESTION, "1775037600.000100")]
THREAD += [slack_message("1775037700.000100", "U2", ANSWER, "1775037600.000100")]
STUDIO = [{"text": QUESTION, "role": "user"}, {"text": ANSWER, "role": "model", "finishReason": "STOP"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("help/2026-04-01.json", THREAD),
        ("talks/rows.jsonl", [{"messages": SAID}]),
        ("chats.json", [{"conversations": [{"from": "human", "value": QUESTION}, {"from": "gpt", "value": ANSWER}]}]),
        (".aider.chat.history.md", f"# aider chat started at 2026-04-01 10:00:00\n\n#### {QUESTION}  \n\n{ANSWER}\n"),
        ("Takeout/My Activity.json", [gemini_entry(f"Prompted {QUESTION}", f"<p>{ANSWER}</p>")]),
        ("Ferries", json.dumps({"runSettings": {}, "chunkedPrompt": {"chunks": STUDIO}})),
    ],
)
def test_a_file_beside_its_archive_gives_every_row_once_whatever_its_format(
    tmp_path: Path, name: str, content: Any
) -> None:
    folder = logs(tmp_path, f"unpacked/{name}", content)
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        archive.write(folder / "unpacked" / name, name)
    assert rejected(folder) == ["copy"]
    assert len(rows(folder)) == 1


def test_the_same_words_twice_in_one_file_are_no_copy(tmp_path: Path) -> None:
    assert len(rows(logs(tmp_path, "rows.jsonl", [{"messages": SAID}, {"messages": SAID}]))) == 2


def test_windows_of_a_conversation_share_their_group(tmp_path: Path) -> None:
    messages = [
        claude_message("human" if number % 2 == 0 else "assistant", f"{number} " + "ferry `pier` " * 30)
        for number in range(12)
    ]
    found = rows(logs(tmp_path, "a.json", [claude_talk(*messages)]), max_len=400)
    assert len(found) > 2
    assert len({row["meta"]["group"] for row in found}) == 1
    assert len({row["meta"]["id"] for row in found}) == len(found)
    assert [row["meta"]["window"] for row in found] == list(range(len(found)))


def test_a_conversation_of_which_no_exchange_fits_is_rejected(tmp_path: Path) -> None:
    assert rejected(logs(tmp_path, "a.json", [TALK]), max_len=20) == ["too_long"]


PRIVATE = code_line(
    "1", None, "user", "My mail anna.berg@fjordpost.net fails in `send_mail`. Why?", cwd="/home" + "/annab/src"
)
REPLIED = code_line(
    "2", "1", "assistant", said("The relay refuses anna.berg@fjordpost.net: `send_mail` runs as annab.")
)


def test_private_details_get_placeholders_and_the_row_says_so(tmp_path: Path) -> None:
    folder = logs(tmp_path, "s.jsonl", [PRIVATE, REPLIED])
    (row,) = rows(folder, privacy="redact")
    text = json.dumps(row)
    assert "fjordpost" not in text
    assert "annab" not in text
    assert text.count("<EMAIL_1>") == 2
    assert row["meta"]["altered"] == ["redacted"]
    assert run(folder, privacy="redact").private["EMAIL"] == 2


def test_a_password_that_one_turn_shows_goes_from_all(tmp_path: Path) -> None:
    turns = (
        ("user", "Why does `psql` refuse hunter2Zx9!q here?"),
        ("assistant", "Show me the line of the file that sets it, please: `grep PASS .env`."),
        ("user", "It prints:\nDB_PASSWORD=hunter2Zx9!q\nso what is wrong in my Python code?"),
        ("assistant", "The value hunter2Zx9!q is fine; `psql` reads PGPASSWORD."),
    )
    folder = logs(tmp_path, "a.json", [{"messages": [{"role": role, "content": text} for role, text in turns]}])
    assert json.dumps(rows(folder, privacy="redact")).count("<PASSWORD_1>") == 3
    assert "hunter2Zx9" not in json.dumps(rows(folder, privacy="redact"))
    assert run(folder, privacy="report").private == {"PASSWORD": 3}


def test_the_file_of_rejects_holds_no_password_that_a_later_turn_shows(tmp_path: Path) -> None:
    turns = (
        ("user", "Is hunter2Zx9!q a good name for a boat?"),
        ("assistant", "Rather not."),
        ("user", "I know: DB_PASSWORD=hunter2Zx9!q"),
    )
    folder = logs(tmp_path, "a.json", [{"messages": [{"role": role, "content": text} for role, text in turns]}])
    assert rejected(folder, privacy="redact") == ["short_reply"]
    assert "hunter2" not in (tmp_path / "out" / "rows.rejects.jsonl").read_text(encoding="utf-8")


def test_privacy_may_report_drop_or_look_away(tmp_path: Path) -> None:
    folder = logs(tmp_path, "s.jsonl", [PRIVATE, REPLIED])
    assert "fjordpost" in json.dumps(rows(folder, privacy="report"))
    assert run(folder, privacy="report").private["EMAIL"] == 2
    assert rejected(folder, privacy="drop") == ["private"]
    assert run(folder, privacy="off").private == {}


def test_the_file_of_rejects_holds_nothing_private(tmp_path: Path) -> None:
    folder = logs(tmp_path, "s.jsonl", [PRIVATE])
    assert rejected(folder, privacy="redact") == ["no_answer"]
    assert "fjordpost" not in (tmp_path / "out" / "rows.rejects.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("before", range(120, 160, 8))
def test_the_file_of_rejects_holds_no_half_of_a_key_where_its_excerpt_ends(tmp_path: Path, before: int) -> None:
    key = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"
    asked = f"{'why ' * (before // 4)}{key} is refused?"
    folder = logs(tmp_path, "a.json", [{"messages": [{"role": "user", "content": asked}]}])
    assert rejected(folder, privacy="redact") == ["no_answer"]
    assert "ghp_" not in (tmp_path / "out" / "rows.rejects.jsonl").read_text(encoding="utf-8")


def test_follow_ups_get_a_file_of_their_own(tmp_path: Path) -> None:
    messages = [claude_message("human" if role == "user" else "assistant", text) for role, text in WHOLE]
    folder = logs(tmp_path, "a.json", [claude_talk(*messages), TALK | {"uuid": "other"}])
    report = run(folder, follow_ups=3)
    out = LogSettings(folder, tmp_path / "out" / "rows.jsonl", follow_ups=3).follow_up_out
    assert out.name == "rows.follow3m.jsonl"
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert report.follow_up_rows == len(lines) == 1
    assert [turn["content"] for turn in lines[0]["messages"][1:]] == [QUESTION, ANSWER, SECOND, REPLY]
    assert LogSettings(folder, Path("x/train.clean.jsonl"), follow_ups=3).follow_up_out == Path(
        "x/train.follow3m.clean.jsonl"
    )


def test_the_results_of_a_run_are_not_read_by_the_next(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", [TALK])
    from src.data_prep.chat_logs.convert import convert

    settings = LogSettings(folder, folder / "train.clean.jsonl", topics=(), follow_ups=2)
    first = convert(settings, print)
    again = convert(settings, print)
    assert (first.rows, again.rows) == (1, 1)
    assert convert(LogSettings(folder, folder / "other.jsonl", topics=()), print).rows == 1


def test_a_file_that_breaks_off_gives_what_came_before_and_is_told(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", json.dumps([TALK, TALK | {"uuid": "b"}])[:-30])
    report = run(folder)
    assert report.rows == 1
    assert "breaks off" in report.unreadable[0]
    assert rejected(folder) == ["unreadable"]


def test_feedback_that_breaks_off_counts_as_far_as_it_goes_and_is_told(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", [TALK])
    (folder / "message_feedback.json").write_text(
        json.dumps([{"id": "x", "conversation_id": "y", "rating": "thumbs_down"}] * 2)[:-20], encoding="utf-8"
    )
    report = run(folder)
    assert report.rows == 1
    assert "message_feedback.json" in report.unreadable[0]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"PK\x03\x04"])
def test_a_damaged_archive_is_told_and_does_not_stop_the_rest(tmp_path: Path, content: bytes) -> None:
    folder = logs(tmp_path, "a.json", [TALK])
    (folder / "b.zip").write_bytes(content)
    assert dialogues(folder) == [FIRST]
    assert rejected(folder) == ["unreadable"]


def test_files_without_chats_are_counted_and_left_alone(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", [TALK])
    (folder / "notes.md").write_text("# Notes\n", encoding="utf-8")
    (folder / "data.json").write_text('{"x": 1}', encoding="utf-8")
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 9)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    report = run(folder)
    assert (report.rows, report.skipped, report.unreadable) == (1, 4, [])


def test_a_single_file_or_archive_may_be_named(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", [TALK])
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.write(folder / "a.json", "conversations.json")
    assert [row["source"] for row in rows(folder / "a.json")] == ["a.json"]
    assert [row["source"] for row in rows(tmp_path / "export.zip")] == ["export.zip"]


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="is not there"):
        run(tmp_path / "nothing")


def test_progress_counts_the_bytes_of_all_files(tmp_path: Path) -> None:
    from src.core.types import ProgressEvent
    from src.data_prep.chat_logs.convert import convert

    folder = logs(tmp_path, "a.json", [TALK])
    told: list[ProgressEvent] = []
    convert(LogSettings(folder, tmp_path / "o.jsonl"), told.append)
    assert told[-1].done == told[-1].total == (folder / "a.json").stat().st_size
    assert [event.done for event in told] == sorted(event.done for event in told)


def test_halves_of_characters_in_names_and_ids_stop_nothing(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", json.dumps([TALK, claude_talk(uuid="half \ud83d")]))
    (folder / os.fsdecode(b"b\xff.json")).write_text(json.dumps([TALK | {"uuid": "b"}]), encoding="utf-8")
    assert [row["source"] for row in rows(folder)] == ["a.json", "b\ufffd.json"]
    assert rejected(folder) == ["no_answer"]


def test_a_link_that_leads_to_itself_is_no_file(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", [TALK])
    (folder / "loop.json").symlink_to(folder / "loop.json")
    assert dialogues(folder) == [FIRST]


def test_json_that_is_nested_too_deep_is_a_broken_line_or_a_broken_file(tmp_path: Path) -> None:
    deep = '{"a": ' + "[" * 200_000 + "]" * 200_000 + "}"
    folder = logs(tmp_path, "a.jsonl", json.dumps(TALK) + "\n" + deep + "\n")
    report = run(folder)
    assert (report.rows, report.broken_lines, report.unreadable) == (1, 1, [])
    report = run(logs(tmp_path, "b.json", f"[{json.dumps(TALK | {'uuid': 'b'})},{deep}]"))
    assert report.rows == 2
    assert "nested too deep" in report.unreadable[0]


def test_a_run_without_rows_leaves_the_rows_of_an_earlier_one(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", [TALK])
    run(folder, follow_ups=2)
    written = [tmp_path / "out" / name for name in ("rows.jsonl", "rows.follow2m.jsonl")]
    earlier = [path.read_bytes() for path in written]
    assert earlier[0]
    logs(tmp_path, "a.json", [claude_talk()])
    assert rejected(folder, follow_ups=2) == ["no_answer"]
    assert [path.read_bytes() for path in written] == earlier


def test_files_that_a_run_is_writing_are_not_read(tmp_path: Path) -> None:
    folder = logs(tmp_path, "a.json", [TALK])
    settings = LogSettings(folder, folder / "rows.jsonl", topics=(), privacy="off", follow_ups=2)
    for _earlier_files in (0, 3):
        report = convert(settings)
        assert (report.rows, report.skipped, report.unreadable) == (1, 0, [])
