"""Rows of a length: cut between exchanges, with what a later row needs to be understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.data_prep.chat_logs.types import Exchange
from src.data_prep.chat_logs.windows import Cutter, follow_ups, messages_of
from src.utils.token_counter import TokenCounter

COUNTER = TokenCounter("o200k_base")
SYSTEM = "Be brief."


def talk(number: int, words: int = 20) -> list[Exchange]:
    return [
        Exchange(f"Question {one}: " + "pier " * words, f"Answer {one}: " + "ferry " * words) for one in range(number)
    ]


def tokens(exchanges: list[Exchange] | tuple[Exchange, ...]) -> int:
    return COUNTER.count_turns(messages_of(SYSTEM, exchanges)).tokens


def test_a_short_talk_is_one_row() -> None:
    windows = list(Cutter(COUNTER, SYSTEM, 4_096).windows(talk(3)))
    assert [(list(window.exchanges), window.altered) for window in windows] == [(talk(3), "")]


def test_a_long_talk_is_cut_between_exchanges_and_every_answer_stands_once() -> None:
    exchanges = talk(9)
    windows = list(Cutter(COUNTER, SYSTEM, 250).windows(exchanges))
    assert len(windows) > 2
    assert [one.answer for window in windows for one in window.exchanges] == [one.answer for one in exchanges]
    assert all(tokens(window.exchanges) <= 250 for window in windows)


def test_a_later_row_begins_with_the_first_question() -> None:
    windows = list(Cutter(COUNTER, SYSTEM, 250).windows(talk(9)))
    assert windows[1].altered == "carries_first_question"
    assert talk(9)[0].question in windows[1].exchanges[0].question
    assert windows[1].exchanges[0].question.endswith(talk(9)[len(windows[0].exchanges)].question)


def test_an_answer_that_does_not_fit_is_left_out_and_never_cut() -> None:
    exchanges = [*talk(1), Exchange("Everything?", "ferry " * 900), *talk(2)[1:]]
    windows = list(Cutter(COUNTER, SYSTEM, 250).windows(exchanges))
    assert [one.answer for window in windows for one in window.exchanges] == [exchanges[0].answer, exchanges[2].answer]
    assert list(Cutter(COUNTER, SYSTEM, 250).windows(exchanges[1:2])) == []


def test_of_a_paste_that_is_too_long_the_middle_goes_and_the_row_says_so() -> None:
    question = "\n".join(["Why?", *(f"line {number} of the log" for number in range(400)), "What now?"])
    (window,) = Cutter(COUNTER, SYSTEM, 250).windows([Exchange(question, "Because.")])
    shown = window.exchanges[0].question
    assert window.altered == "paste_shortened"
    assert shown.startswith("Why?\nline 0 of the log\n")
    assert shown.endswith("line 399 of the log\nWhat now?")
    assert "lines left out" in shown
    assert tokens(window.exchanges) <= 250


def test_a_long_question_of_few_lines_is_no_paste() -> None:
    assert list(Cutter(COUNTER, SYSTEM, 100).windows([Exchange("pier " * 900, "Because.")])) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 120), st.integers(1, 120)), min_size=1, max_size=8), st.integers(40, 400))
def test_no_row_is_longer_than_asked_and_no_answer_comes_twice(sizes: list[tuple[int, int]], limit: int) -> None:
    exchanges = [Exchange(f"q{n} " + "é中 " * a, f"a{n} " + "word " * b) for n, (a, b) in enumerate(sizes)]
    windows = list(Cutter(COUNTER, SYSTEM, limit).windows(exchanges))
    answers = [one.answer for window in windows for one in window.exchanges]
    assert all(tokens(window.exchanges) <= limit for window in windows)
    assert answers == [one.answer for one in exchanges if one.answer in answers]


@pytest.mark.parametrize(
    ("number", "sizes"), [(1, []), (2, [2]), (3, [3]), (4, [3, 2]), (5, [3, 2]), (6, [3, 3]), (7, [3, 3, 2])]
)
def test_follow_ups_hold_all_of_a_talk_in_pieces_of_two_or_more(number: int, sizes: list[int]) -> None:
    pieces = list(follow_ups(talk(number), 3))
    assert [len(piece) for piece in pieces] == sizes
    assert {one for piece in pieces for one in piece} == (set(talk(number)) if number > 1 else set())
