"""What goes out of every text, and how blocks of one message are joined."""

from __future__ import annotations

import pytest

from src.data_prep.chat_logs.cleaning import NO_TIME, clean, instant, is_dislike, join_blocks


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (" a\r\nb\rc ", "a\nb\nc"),
        ("\x1b[31mred\x1b[0m and \x1b]0;title\x07plain", "red and plain"),
        ("a\x00b\x07c\x7fd\te", "abcd\te"),
        ("half \ud83d of it", "half \ufffd of it"),
        ("é中😀", "é中😀"),
    ],
)
def test_texts_lose_what_no_person_wrote(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("blocks", "joined"),
    [
        (["The pier ", "is closed."], "The pier is closed."),
        (["The pier", " is closed."], "The pier is closed."),
        (["The pier is closed", "."], "The pier is closed."),
        (["The pier is closed.", " So is the bar."], "The pier is closed. So is the bar."),
        (["The pier is closed.", "So is the bar."], "The pier is closed.\n\nSo is the bar."),
        (["Here is the fix:", "```python\nx\n```"], "Here is the fix:\n\n```python\nx\n```"),
        (["Here is the fix: ", "```python\nx\n```"], "Here is the fix: \n\n```python\nx\n```"),
        (["The pier is closed", "# Why"], "The pier is closed\n\n# Why"),
        (["The pier of ", "Fjordby is closed."], "The pier of Fjordby is closed."),
        (["I look", None, "It is closed."], "I look\n\nIt is closed."),
        ([None, "It is", None, None, "closed.", None], "It is\n\nclosed."),
        (["  ", None, "x"], "x"),
        ([None], ""),
        ([], ""),
    ],
)
def test_blocks_are_joined_as_they_were_said(blocks: list[str | None], joined: str) -> None:
    assert join_blocks(blocks).strip() == joined


@pytest.mark.parametrize(
    "rating", ["thumbs_down", "thumbsDown", "downvote", "Dislike", "negative", {"type": "downvote"}]
)
def test_ratings_that_say_no_are_known(rating: object) -> None:
    assert is_dislike(rating)


@pytest.mark.parametrize("rating", ["thumbs_up", "neutral", "", None, 1, {"type": "upvote"}, {}])
def test_other_ratings_say_nothing(rating: object) -> None:
    assert not is_dislike(rating)


@pytest.mark.parametrize("value", [10**400, float("inf"), float("nan"), True, None, "noon", "1767261600", [], {}])
def test_what_is_no_time_comes_first(value: object) -> None:
    assert instant(value) == NO_TIME


@pytest.mark.parametrize("value", ["1970-01-01T00:01:00Z", "1970-01-01T01:01:00+01:00", "1970-01-01T00:01:00", 60])
def test_times_are_seconds(value: object) -> None:
    assert instant(value) == 60
