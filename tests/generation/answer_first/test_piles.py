"""Turns: every passage once, sources one after the other, the rarest opening first."""

from __future__ import annotations

from collections import Counter

from src.core.types import Span
from src.generation.answer_first.facts import FoundPair
from src.generation.answer_first.piles import Item, Pile, rarest, take_turns
from src.generation.answer_first.question_parts import Form, Target
from src.utils.chunker import Passage


def pile(source: str, number: int, *openings: str, asks_itself: bool = False) -> Pile:
    passage = Passage(source, "text", Span(number, number + 1), "", "", f"{source}{number}")
    targets = [Target("kind", (Form(f"{opening} is"),), "x", "y") for opening in openings]
    pairs = [FoundPair((Span(0, 1),), (Span(1, 2),))] if asks_itself else []
    return Pile(passage, pairs, [Item(0, targets)] if targets else [], is_barren=not targets and not pairs)


def test_rare_openings_come_first_and_empty_passages_last() -> None:
    piles = [pile("a", 0), *(pile("a", n, "What") for n in (1, 2, 3)), pile("a", 4, "What", "Who"), pile("a", 5, "Why")]
    used: Counter[str] = Counter()
    order = []
    for taken in take_turns([*piles, pile("a", 6, asks_itself=True)], used):
        opening = min(taken.openings, key=lambda one: used[one])
        order.append(taken.passage.span.start)
        used[opening] += 1
    assert order[0] == 6
    assert order[-1] == 0
    assert sorted(order) == [0, 1, 2, 3, 4, 5, 6]
    assert {1, 4, 5} == set(order[1:4])


def test_sources_take_turns() -> None:
    piles = [*(pile("a", number, "What") for number in range(3)), pile("b", 0, "What")]
    sources = [taken.passage.source_file for taken in take_turns(piles, Counter())]
    assert sources == ["a", "b", "a", "a"]


def test_of_several_forms_the_one_with_the_rarest_opening_is_taken() -> None:
    target = Target("condition", (Form("What happens if"), Form("Can you tell me what happens if")), "x", "y")
    assert rarest(target, Counter()).start == "What happens if"
    assert rarest(target, Counter(what=1)).start == "Can you tell me what happens if"
