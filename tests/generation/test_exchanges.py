"""What was told turn by turn is not told again; what was extracted or dropped does not come back."""

from __future__ import annotations

import pytest

from src.core.types import Message, Sample, Span
from src.generation.exchanges import Exchange, Exchanges, exchanges_in, exchanges_of

LOAN = Exchange(
    "How many boats may a member of the lake club borrow?", "A member may borrow two boats for one weekend."
)
HOURS = Exchange("When does the boathouse at Fell Point open?", "The boathouse at Fell Point opens at 10:00.")
QUAY = Exchange("How many people does the quay at Northbank hold?", "It holds 48 people.")


def reason(known: Exchanges, *told: Exchange, passage: str = "lake", mode: str = "strict") -> str:
    return known.find(told, passage, mode).reason  # type: ignore[arg-type]


def kept(*told: Exchange, passage: str = "lake") -> Exchanges:
    known = Exchanges()
    known.add(told, passage)
    return known


def test_a_later_exchange_that_stands_in_a_kept_sample_is_seen_wherever_it_stood() -> None:
    assert reason(kept(HOURS, LOAN), QUAY, LOAN) == "repeated_exchange"
    assert reason(kept(LOAN), QUAY, LOAN) == "repeated_exchange"
    assert reason(kept(HOURS, LOAN), LOAN) == "repeated_exchange"
    assert reason(kept(HOURS, LOAN), QUAY, LOAN, passage="elsewhere") == "repeated_exchange"


def test_nearly_the_same_exchange_is_the_same() -> None:
    again = Exchange("How many boats may a member of the club borrow?", "Two boats may be borrowed for one weekend.")
    assert reason(kept(HOURS, LOAN), QUAY, again) == "repeated_exchange"


def test_an_exchange_must_not_stand_twice_in_one_sample() -> None:
    assert reason(Exchanges(), LOAN, HOURS, LOAN) == "repeated_exchange"


@pytest.mark.parametrize(
    "other",
    [
        Exchange("When does the boathouse at Holm Point open?", "The boathouse at Holm Point opens at 11:30."),
        Exchange("How many boats may a guest of the lake club borrow?", "A guest may borrow no boat at all."),
        Exchange("And on Sundays?", "It is closed."),
    ],
)
def test_other_things_and_turns_that_say_nothing_by_themselves_are_left_alone(other: Exchange) -> None:
    assert reason(kept(QUAY, LOAN, HOURS, Exchange("And on Sundays?", "It is closed.")), LOAN, other) != ""
    assert reason(kept(QUAY, HOURS, Exchange("And on Sundays?", "It is closed.")), LOAN, other) == ""


def test_two_first_exchanges_are_left_to_the_gates() -> None:
    assert reason(kept(LOAN), LOAN) == ""


def test_what_was_extracted_is_not_told_again_in_whatever_question() -> None:
    known = Exchanges(
        extracted=[Exchange("How often is the bilge pumped out?", "The bilge is pumped out every Monday.")]
    )
    told = Exchange("Remind me when the bilge of the ferry is pumped out.", "The bilge is pumped out every Monday.")
    assert reason(known, told) == reason(known, LOAN, told) == "extracted_already"
    in_other_words = Exchange("On which day is the bilge emptied?", "Every Monday the bilge is pumped out.")
    assert reason(known, in_other_words) == "extracted_already"
    doubted = Exchange("I thought the bilge is pumped out each Friday. Is it?", "The bilge is pumped out each Monday.")
    assert reason(known, doubted) == "extracted_already"
    assert reason(known, Exchange("How often is the tank pumped out?", "The tank is pumped out every Monday.")) == ""
    assert reason(known, Exchange("How often is the deck washed?", "The deck is washed every morning.")) == ""
    assert reason(known, Exchange("Who pumps out the bilge?", "The mate does that before the first trip.")) == ""


def test_what_was_dropped_is_not_asked_again_whatever_the_gates_are_set_to() -> None:
    known = Exchanges(dropped=[LOAN])
    near = Exchange("How many boats may a member of this lake club borrow?", "Members may take two boats.")
    for mode in ("strict", "report", "off"):
        assert reason(known, LOAN, mode=mode) == reason(known, HOURS, near, mode=mode) == "dropped_before"
        assert reason(known, HOURS, mode=mode) == ""


def test_report_keeps_with_the_reason_and_off_asks_nothing() -> None:
    known = kept(HOURS, LOAN)
    assert known.find([QUAY, LOAN], "lake", "report") == (True, "repeated_exchange", LOAN.question)
    assert known.find([QUAY, LOAN], "lake", "off") == (True, "", "")


def test_a_request_to_extract_is_read_without_the_passage_below_it() -> None:
    passage = "The pump runs at 40 bar.\n\nThe valve opens at 45 bar."
    turns = (Message("user", f"Give the pressures as JSON.\n\n{passage}"), Message("assistant", '{"pump": "40 bar"}'))
    asked = Exchange("Give the pressures as JSON.", '{"pump": "40 bar"}')
    extraction = Sample(turns, "generated", "pump.md", Span(7, 7 + len(passage)), metadata={"task": "extraction"})
    assert exchanges_in(extraction) == [asked]
    assert exchanges_in(Sample(turns, "generated", metadata={"task": "extraction"})) == [asked]
    assert exchanges_in(Sample(turns, "generated")) == exchanges_of(turns) != [asked]
