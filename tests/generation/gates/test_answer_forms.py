"""An answer begins as one to its question does."""

from __future__ import annotations

import pytest

from src.generation.gates.answer_forms import is_oddly_begun


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which file holds the settings?", "That the name is taken already."),
        ("Who tends the kilns?", "Because the clay dries too fast."),
        ("How many kilns are there?", "Not at present, but a later version might."),
        ("Name two glazes.", "If the shelf is dirty."),
        ("Where is the clay kept?", "It doesn't. You may leave it outside."),
        ("Is the clay kept outside?", "From the settings that are in force."),
        ("How often is the kiln swept?", "To keep it from being confused with the other one."),
        ("If the clay is dry, how many days does it take?", "No, that is not what it is for."),
        ("Welche Datei enthält die Einstellungen?", "Weil der Ton zu schnell trocknet."),
        ("Quel fichier contient les réglages du four ?", "Parce que la terre sèche trop vite."),
        ("¿Cuál es el fichero de los ajustes?", "Porque el barro se seca demasiado pronto."),
    ],
)
def test_an_answer_to_another_kind_of_question_is_odd(question: str, answer: str) -> None:
    assert is_oddly_begun(question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which file holds the settings?", "kiln.toml"),
        ("What does exit status 3 mean?", "That the kiln is still hot."),
        ("In which order are they fired?", "From the smallest to the largest."),
        ("Under which circumstances is it swept?", "As soon as the ash is cold."),
        ("Why is it swept?", "To get rid of the ash."),
        ("Is the clay kept outside?", "Only in summer."),
        ("How long does the firing last?", "Until the morning."),
        ("À quoi sert le four ?", "À cuire le pain."),
        ("Que fait le four si la terre est humide ?", "Il éclate."),
        ("Jak długo trwa wypał?", "Ponieważ glina schnie."),
    ],
)
def test_the_usual_beginnings_are_not_odd(question: str, answer: str) -> None:
    assert not is_oddly_begun(question, answer)
