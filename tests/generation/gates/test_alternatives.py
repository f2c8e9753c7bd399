"""One word of a kind in the place of another one: colours, metals, birds."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.alternatives import check_alternatives

EN = """The green valve is considered to be made of brass. In winter a badger sleeps in the cellar of Mr Brown. Stir in
chestnuts. Redis keeps the count."""
DE = "Das Dach der alten Schmiede ist aus Kupfer, und die Tür ist grün. Der Onkel pflanzte Apfelbäume."
FR = "La vanne jaune de la cuve est en cuivre. On y verse de l'huile de colza avec un peu de sel."
ES = """La puerta verde de la casa lleva al sótano. Antes de la guerra, la inundación destruyó el puente que llevaba al
otro lado."""
JA = "椅子は楓で作られ、白い布が張られています。"


def keeps(question: str, answer: str, source: str) -> bool:
    return check_alternatives(Draft((Message("user", question), Message("assistant", answer))), source).keep


@pytest.mark.parametrize(
    ("question", "answer", "source"),
    [
        ("Which valve is it?", "The red one.", EN),
        ("What is the valve made of?", "Of copper.", EN),
        ("Which animal sleeps in the cellar?", "An otter does.", EN),
        ("When does it sleep?", "In summer.", EN),
        ("Woraus ist das Dach?", "Aus Zink.", DE),
        ("Welche Farbe hat die Tür?", "Es ist eine rote Tür.", DE),
        ("Wer pflanzte die Bäume?", "Die Tante.", DE),
        ("Quelle vanne est-ce ?", "La vanne rouge.", FR),
        ("Quelle huile y verse-t-on ?", "De l'huile de tournesol.", FR),
        ("¿Qué puerta es?", "La puerta roja.", ES),
        ("¿Qué destruyó el puente?", "Un incendio.", ES),
        ("椅子は何で作られていますか。", "「桜」です。", JA),
    ],
)
def test_another_one_of_the_kind_is_rejected(question: str, answer: str, source: str) -> None:
    assert not keeps(question, answer, source)


@pytest.mark.parametrize(
    ("question", "answer", "source"),
    [
        ("Which valve is it?", "The green one.", EN),
        ("Is the green valve red?", "No, it is not red.", EN),
        ("What is stirred in?", "Nuts, that is, a handful of chestnuts.", EN),
        ("Whose cellar is it?", "It belongs to Mr Brown, who likes black tea.", "A cellar of Mr Brown."),
        ("What is said of the valve?", "It is gleaming.", EN),
        ("Wer pflanzte Bäume?", "Der Onkel. Es waren Äpfel, nicht mehr.", DE),
        ("Woraus ist das Dach?", "Aus Kupferblech.", DE),
        ("Quelle vanne est-ce ?", "Celle qui est jaune.", FR),
        ("¿Qué puerta es?", "Una de color verde.", ES),
        ("椅子は何で作られていますか。", "楓で、白い布もあります。", JA),
    ],
)
def test_the_one_of_the_source_and_what_is_of_no_kind_there_is_kept(question: str, answer: str, source: str) -> None:
    assert keeps(question, answer, source)
