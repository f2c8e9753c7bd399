"""Slack exports: threads over the files of days, with people and not programs."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from src.data_prep.chat_logs.formats import slack
from tests.data_prep.chat_logs.makers import (
    ANSWER,
    FIRST,
    QUESTION,
    REPLY,
    SECOND,
    WHOLE,
    dialogues,
    logs,
    rejected,
    rows,
    slack_message,
)

T = "1775037600.000100"
ASKED = slack_message(T, "U1", QUESTION, T)
ANSWERED = slack_message("1775037700.000100", "U2", ANSWER, T)
ASKED_AGAIN = slack_message("1775037800.000100", "U1", SECOND, T)
REPLIED = slack_message("1775037900.000100", "U3", REPLY, T)


def day(tmp_path: Path, *messages: Any, name: str = "help/2026-04-01.json") -> Path:
    return logs(tmp_path, name, list(messages))


def test_who_opens_a_thread_asks_and_everybody_else_answers(tmp_path: Path) -> None:
    assert dialogues(day(tmp_path, REPLIED, ASKED_AGAIN, ANSWERED, ASKED)) == [WHOLE]


def test_a_thread_goes_on_in_the_file_of_the_next_day_and_belongs_to_the_first(tmp_path: Path) -> None:
    day(tmp_path, ASKED, ANSWERED)
    folder = day(tmp_path, ASKED_AGAIN, REPLIED, name="help/2026-04-02.json")
    assert dialogues(folder) == [WHOLE]
    assert [row["source"] for row in rows(folder)] == ["help/2026-04-01.json"]


def test_channels_of_an_archive_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    with zipfile.ZipFile(folder / "slack.zip", "w") as archive:
        archive.writestr("users.json", json.dumps([{"id": "U1", "name": "someone", "profile": {}}]))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "help", "members": ["U1"]}]))
        archive.writestr("help/2026-04-01.json", json.dumps([ASKED, ANSWERED]))
        archive.writestr("help/2026-04-02.json", json.dumps([ASKED_AGAIN, REPLIED]))
        archive.writestr("other/2026-04-01.json", json.dumps([ASKED, ANSWERED]))
    assert dialogues(folder) == [WHOLE, FIRST]
    assert {row["source"] for row in rows(folder)} == {"slack.zip"}


NOT_SAID = [
    *(
        {"subtype": subtype}
        for subtype in (
            "channel_join",
            "channel_leave",
            "channel_topic",
            "channel_purpose",
            "channel_archive",
            "bot_message",
            "bot_add",
            "pinned_item",
            "tombstone",
            "message_deleted",
            "reminder_add",
            "huddle_thread",
        )
    ),
    {"bot_id": "B1"},
    {"hidden": True},
    {"user": "USLACKBOT"},
]


@pytest.mark.parametrize("facts", NOT_SAID, ids=str)
def test_what_no_person_says_is_left_out(tmp_path: Path, facts: dict[str, Any]) -> None:
    hidden = {**slack_message("1775037650.000100", "U9", "hidden", T), **facts}
    assert dialogues(day(tmp_path, ASKED, hidden, ANSWERED)) == [FIRST]


def test_messages_outside_of_threads_are_no_conversation(tmp_path: Path) -> None:
    alone = [slack_message("1775037600.000100", "U1", QUESTION), slack_message("1775037601.000100", "U2", ANSWER)]
    assert dialogues(day(tmp_path, *alone)) == []


def test_a_question_in_two_messages_is_one(tmp_path: Path) -> None:
    start, end = QUESTION.split(". ")
    two = [{**ASKED, "text": f"{start}."}, slack_message("1775037650.000100", "U1", end, T)]
    assert dialogues(day(tmp_path, *two, ANSWERED))[0][0] == ("user", f"{start}.\n\n{end}")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("as <@U0X> found", "as @user found"),
        ("as <@U0X|someone> found", "as @user found"),
        ("\n<@U0X>, look", "\nlook"),
        ("look <@U0X> <@U0Y>", "look"),
        ("see <#C1|help>", "see #help"),
        ("<!here> look", "@here look"),
        ("<!subteam^S1|@crew> look", "@crew look"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("<https://example.org/a|the page>", "the page (https://example.org/a)"),
        ("see <http://stops.py|stops.py>", "see stops.py"),
        ("see <https://example.org/a/b|example.org/a/b>", "see example.org/a/b"),
        ("see <https://example.org/a/b|example.org>", "see https://example.org/a/b"),
        ("get <ftp://example.org/a>", "get ftp://example.org/a"),
        ("open <slack://channel?id=C1|help>", "open help (slack://channel?id=C1)"),
        ("of <T::new> and <x>", "of <T::new> and <x>"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("`List&lt;Stop&gt;` &amp; co", "`List<Stop>` & co"),
    ],
)
def test_texts_are_what_the_screen_shows(tmp_path: Path, written: str, shown: str) -> None:
    answered = {**ANSWERED, "text": f"{ANSWER} {written}"}
    assert dialogues(day(tmp_path, ASKED, answered))[0][1] == ("assistant", f"{ANSWER} {shown}")


def test_times_of_odd_digits_come_first_and_stop_nothing() -> None:
    odd = [slack_message(time, "U1", QUESTION, "\u00b2.1") for time in ("\u00b2.1", "9" * 5000, "x", "1.\u0662")]
    (thread,) = slack.read([slack.Message("day", record) for record in odd], "channel")
    assert thread.conversation.turns


def test_a_thread_that_a_program_opened_has_nobody_who_asks(tmp_path: Path) -> None:
    opened = {**ASKED, "subtype": "bot_message", "bot_id": "B1", "user": None}
    assert rejected(day(tmp_path, opened, ANSWERED)) == ["no_question"]


@pytest.mark.parametrize("text", [":tada:", ":+1: :party-parrot:"])
def test_messages_of_nothing_but_smileys_say_nothing(tmp_path: Path, text: str) -> None:
    smiley = slack_message("1775037750.000100", "U3", text, T)
    assert dialogues(day(tmp_path, ASKED, ANSWERED, smiley)) == [FIRST]


def test_a_thread_that_went_on_since_an_earlier_export_is_in_the_group_of_its_beginning(tmp_path: Path) -> None:
    with zipfile.ZipFile(day(tmp_path, ASKED, ANSWERED, ASKED_AGAIN, REPLIED) / "old.zip", "w") as archive:
        archive.writestr("help/2026-04-01.json", json.dumps([ASKED, ANSWERED]))
        archive.writestr("other/2026-04-01.json", json.dumps([ASKED, ANSWERED]))
    groups = [row["meta"]["group"] for row in rows(tmp_path / "logs")]
    assert len(groups) == 3
    assert len(set(groups)) == 2


def test_people_may_think_aloud(tmp_path: Path) -> None:
    said = f"<thinking out loud> {ANSWER}"
    thread = [ASKED, slack_message("1775037700.000100", "U2", said.replace("<", "&lt;").replace(">", "&gt;"), T)]
    assert dialogues(day(tmp_path, *thread)) == [[FIRST[0], ("assistant", said)]]
