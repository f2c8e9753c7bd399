"""Chats whose messages are headed by a moment and a name, however a program writes them."""

import pytest

from tests.utils.detection.test_plausibility import PLACES, detect
from tests.utils.detection.test_shapes_of_chats import said

WANTED = [part for place in PLACES for part in (f"Is {place} open?", f"No, you know they closed {place}.")]
NAMES = ("Ida Brand", "Ole F.")


def written(shape, between="\n"):
    """Messages in ``shape``, which has places for a minute, a name, a running number and the text."""
    return between.join(
        shape.format(minute=n + 10, name=NAMES[n % 2], number=n, text=part) for n, part in enumerate(WANTED)
    )


@pytest.mark.parametrize(
    "shape",
    [
        "[ 11 May 2024 at 10:{minute} ] {name}: {text}",
        "[05-Mar-24 20:{minute}] {name}\n{text}\n",
        "( 1m {minute}s ) {name}: {text}",
        "{name}, [05.03.2024 14:{minute}]\n{text}\n",
        "{name}  10:{minute} AM\n{text}",
        "2024-02-01 20:{minute}:03\t{name}\t{text}",
        "14:{minute}:00\t From {name} (host) to Everyone:\n\t{text}",
        "[21.02.24, 15.{minute}.00] ~{name}: {text}",
        "[00:{minute}.120 --> 00:{minute}.980] [{name}] {text}",
        "Topic {number}\nfrom {name} on 4 May 2017 3:{minute} pm\n\n{text}\n",
        "From: {name} (+33600000000)\nType: text\nSent: Sun, 11 Feb 2024 09:{minute}:22\n\n{text}\n",
        "Entry #{number}\nAuthor: {name}\nDate: 15.02.2024 08:{minute}\n\n{text}\n",
        "---- {name} wrote on 09/11/2020 13:{minute} ----\n{text}\n",
        "[-]{name} {number} points 09/11/2020 13:{minute}\n\n{text}\n\nreply  share  report\n",
    ],
)
def test_every_header_of_a_moment_and_a_name_opens_a_message(shape):
    assert said(written(shape)) == WANTED


def test_a_nick_that_begins_like_a_month_or_a_day_is_a_name():
    text = "\n".join(f"2024-02-01 20:{n + 10}:03\t{('marnie', 'z0rk')[n % 2]}\t{part}" for n, part in enumerate(WANTED))
    assert said(text) == WANTED


def test_a_name_with_a_bracket_is_headed_like_the_others():
    names = ("Ida", "Ole (yard)")
    text = "\n\n".join(f"{names[n % 2]} 2024-03-05 14:{n + 10}:10\n{part}" for n, part in enumerate(WANTED))
    assert said(text) == WANTED


def test_a_time_inside_what_is_said_begins_no_message():
    text = written("[5/3/24 20:{minute}] {name}\n{text}\n").replace(WANTED[3], "9:30 at the gate: you know it")
    assert said(text)[3] == "9:30 at the gate: you know it"


def test_what_stands_behind_the_last_message_is_not_said():
    text = f"Notes\n\n{written('[10:02:{minute}] {name}: {text}')}\n\nNothing came of it until the ninth of April."
    assert said(text) == WANTED


def test_a_line_drawn_like_the_headers_ends_the_last_message():
    text = written("---- {name} wrote on 09/11/2020 13:{minute} ----\n{text}\n") + "\n---- Ticket closed ----\n"
    assert said(text) == WANTED


def test_a_history_of_changes_is_no_chat():
    heads = ("Ida <ida@brand.example>", "Ole <ole@fisk.example>")
    text = "\n".join(
        f"commit {n:040x}\nAuthor: {heads[n % 2]}\nDate:   Tue Mar 1 10:{n + 10}:11 2016\n\n    {part}\n"
        for n, part in enumerate(WANTED)
    )
    assert "messages with times" not in detect(text).decision


def test_three_copied_fields_of_a_mail_are_left_to_the_rule_for_mail():
    text = "\n".join(
        f"From: {NAMES[n % 2]}\nTo: All\nSubject: The mill\nSent: 11 Feb 2024 09:{n + 10}\n\n{part}\n"
        for n, part in enumerate(WANTED[:4])
    )
    assert detect(text).decision != "messages with times"
