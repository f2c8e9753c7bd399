"""The words of an answer that its source must have, and where."""

from __future__ import annotations

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.support import check_support, lacks_support

SOURCE = """The kiln of Lunel is swept on Mondays. Its stoker Ida Holm lives beside the mill.
The mill grinds rye for the bakery of the village. Nobody may enter the bakery with a lantern."""


def keeps(question: str, answer: str) -> bool:
    return check_support(Draft((Message("user", question), Message("assistant", answer))), SOURCE).keep


def test_an_answer_of_the_source_in_its_own_words_is_kept() -> None:
    assert keeps("When is the kiln of Lunel cleaned?", "They sweep it on Mondays.")
    assert keeps("Who looks after the kiln of Lunel?", "A stoker, whose home is next to the mill.")


def test_an_answer_that_begins_as_none_to_its_question_may_say_less_of_its_own() -> None:
    answer = "Because the generator reads it."
    assert not lacks_support("Which day is it?", answer, SOURCE)
    assert lacks_support("Which day is it?", answer, SOURCE, is_odd=True)
    assert not keeps("Which day is the kiln of Lunel swept?", answer)
    assert keeps("Why is the kiln of Lunel swept?", answer)


def test_words_beside_those_of_the_question_weigh_more_than_scattered_ones() -> None:
    said = "A lantern frightens the chickens and their peacocks."
    assert not lacks_support("May one enter the bakery?", said, SOURCE, margin=1.0)
    assert lacks_support("Is the kiln of Lunel swept?", said, SOURCE, margin=1.0)


def test_an_answer_that_begins_with_a_stranger_may_say_less_of_its_own() -> None:
    assert not keeps("Who lives beside the mill of Lunel?", "The ferryman steers across.")
    assert keeps("Who lives beside the mill of Lunel?", "The stoker of the kiln, a woman.")
    assert keeps("Who lives beside the mill of Lunel?", "A stoker called Ida Holm.")
    assert keeps("When is the kiln of Lunel swept?", "The day for that is Monday.")


def test_an_article_and_a_noun_may_be_a_synonym() -> None:
    assert keeps("Who lives beside the mill of Lunel?", "The furnaceman.")
    assert keeps("What may nobody enter with a lantern?", "The patisserie.")
