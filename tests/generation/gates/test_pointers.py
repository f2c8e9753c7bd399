"""Questions that point to something before them, and those that only look like it."""

from __future__ import annotations

import pytest

from src.generation.gates.pointers import find_pointer


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("How long may the gate stay open in that case?", "en"),
        ("What did the miller sell that year?", "en"),
        ("Which tool is needed for that?", "en"),
        ("Which one do the bakers prefer?", "en"),
        ("What must I do afterwards?", "en"),
        ("Why are so few of them left?", "en"),
        ("Kann man dort übernachten?", "de"),
        ("Was passiert danach?", "de"),
        ("Par laquelle faut-il entrer ?", "fr"),
        ("Peut-on le réparer ?", "fr"),
        ("Que faire lorsqu'elle clignote ?", "fr"),
        ("¿Cuánto cuesta repararlo?", "es"),
        ("¿Por qué se llama así?", "es"),
        ("Come si fa per ripararlo?", "it"),
        ("Como posso consertá-lo?", "pt"),
        ("Wat gebeurt er daarna?", "nl"),
        ("Что было потом?", "ru"),
        ("怎么避免这样？", "zh"),
        ("それはいつ開きますか。", "ja"),
    ],
)
def test_a_question_that_points_back_is_found(question: str, code: str) -> None:
    assert find_pointer(question, code)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("My mill stands still this morning. What can I do about that?", "en"),
        ("What does the club plan for this year?", "en"),
        ("If the upper gate of the mill jams, what has to be done about that?", "en"),
        ("How did Orla Finch get out of that?", "en"),
        ("How many of those who came stayed?", "en"),
        ("Which one of the two gates opens first?", "en"),
        ("How are apples kept and what is the longest time for them?", "en"),
        ("Darf man dort baden, wo der Bach in den Teich läuft?", "de"),
        ("Wat kost de molen voor kinderen en kunnen ze daar eten?", "nl"),
        ("Was geschah in Hollern danach?", "de"),
        ("Le moulin est fermé. Peut-on le visiter ?", "fr"),
        ("Où doit-on la première visite du moulin ?", "fr"),
        ("¿Quién da las charlas?", "es"),
        ("¿Cómo se limpia el filtro antes de guardarlo?", "es"),
        ("Chi suona nella perla del lago?", "it"),
        ("Когда построили мост?", "ru"),
        ("水车转动以后，磨坊里的这些石头会怎么样？", "zh"),
        ("それぞれの水車は何のためですか。", "ja"),
        ("水車小屋のその石は何ですか。", "ja"),
    ],
)
def test_what_names_it_before_or_points_to_nothing_is_left_alone(question: str, code: str) -> None:
    assert find_pointer(question, code) == ""
