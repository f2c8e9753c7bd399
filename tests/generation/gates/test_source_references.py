"""What speaks of its source, and what only speaks of a text, a passage or an author."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.source_references import check_source_references, tells_of_silence

MILL = "The mill of Lunel grinds rye on Mondays. Its stoker lives beside it."
CAVE = "A narrow passage leads from the hall of the cave to the lake. It is flooded in spring."
DIARY = "On Monday I walked up to the hut. It rained, and my boots leaked. I slept badly."


def reason(question: str, answer: str, source: str = MILL, *, may_deny: bool = False) -> str:
    return check_source_references(draft(question, answer), source, may_deny=may_deny).reason


def draft(question: str, answer: str) -> Draft:
    return Draft((Message("user", question), Message("assistant", answer)))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When does the mill grind rye?", "According to the text, on Mondays."),
        ("When does the mill grind rye?", "As mentioned above, it does so on Mondays."),
        ("What does the author say about rye?", "It is ground on Mondays."),
        ("What is the main idea of the passage?", "The mill grinds rye."),
        ("Is rye ground on Sundays?", "According to the text it is not."),
        ("Who owns the mill?", "The text does not mention it."),
        ("Erfährt man im Text, wann gemahlen wird?", "Ja, am Montag."),
        ("Wann wird Roggen gemahlen?", "Laut dem Text nicht am Sonntag. Am Montag."),
        ("¿Qué muele el molino?", "Según el texto, centeno."),
        ("Que moud le moulin ?", "Du seigle, d'après le texte."),
    ],
)
def test_a_draft_that_speaks_of_its_source_is_rejected(question: str, answer: str) -> None:
    assert reason(question, answer) == "refers_to_source"


@pytest.mark.parametrize(
    ("question", "answer", "source"),
    [
        ("When does the mill grind, and does the text say who owns it?", "On Mondays. The text names no owner.", MILL),
        ("Who owns the mill, and when does it grind?", "On Mondays. The text does not say who owns it.", MILL),
        ("Erfährt man im Text, wem die Mühle gehört?", "Nein, das bleibt offen.", "Die Mühle mahlt Roggen."),
        ("本文に祖父の名前は書かれていますか。", "いいえ、書かれていません。", "水車小屋は祖父のものでした。"),
        ("What is wrong with the passage in spring?", "It is flooded.", CAVE),
        ("Where did the author sleep badly after the rain?", "In the hut.", DIARY),
        ("Who was the author of the letter about the mill?", "A stoker.", MILL),
        ("Worum geht es?", "Um Roggen.", "Der Autor schrieb einen Roman."),
    ],
)
def test_a_text_that_the_draft_is_about_may_be_named(question: str, answer: str, source: str) -> None:
    assert reason(question, answer, source) == ""


def test_a_refusal_may_say_that_its_source_has_no_answer() -> None:
    answer = "Der Text verrät es nicht."
    assert reason("Wem gehört die Mühle?", answer, "Die Mühle mahlt Roggen.", may_deny=True) == ""
    assert reason("Wem gehört die Mühle?", answer, "Die Mühle mahlt Roggen.") == "refers_to_source"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who owns the mill of Lunel?", "The text does not say who owns it."),
        ("How loud is the mill of Lunel?", "The excerpt doesn't say anything about noise."),
        ("How many visitors come to the mill of Lunel?", "The passage does not mention that. The text says nothing."),
    ],
)
def test_an_answer_may_be_that_the_source_says_nothing_where_it_lacks_what_is_asked(question: str, answer: str) -> None:
    assert tells_of_silence(draft(question, answer), MILL)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When does the mill of Lunel grind rye?", "The text does not say that."),
        ("Who owns the mill of Lunel?", "The stoker owns it, which the text does not mention. He is rich."),
        ("Who owns the mill of Lunel?", "The stoker does."),
        ("Who owns the mill of Lunel?", "According to the text, nobody owns it."),
    ],
)
def test_an_answer_that_tells_something_or_hides_what_the_source_tells_is_no_silence(
    question: str, answer: str
) -> None:
    assert not tells_of_silence(draft(question, answer), MILL)
