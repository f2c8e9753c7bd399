"""To which passage of a run the answer of a draft belongs."""

from __future__ import annotations

import pytest

from src.core.types import Message, Span
from src.generation.answer_parser import Draft
from src.generation.gates.origin import Origin
from src.utils.chunker import Passage

TEXTS = {
    "kiln": "The kiln of Lunel is swept on Mondays by its stoker Ida Holm, who lives beside the mill. It is fired with"
    " beech, never with pine, because resin stains the glaze.",
    "pool": "Visitors shower before they enter the pool. Artificial nails and rings are not permitted for lifeguards,"
    " whose whistles hang at the entrance. Children under ten need an adult.",
    "tent": "The tent weighs two kilograms. Its groundsheet is made of nylon, and the poles are packed in a sleeve. A"
    " repair kit with patches and glue is included.",
    "torre": "La torre del puerto fue construida con piedra caliza. El farero apaga la lámpara al amanecer y anota los"
    " barcos en un cuaderno.",
    "museo": "El museo cierra los lunes. La entrada es gratuita para jubilados y estudiantes, que deben mostrar su"
    " carné en la taquilla.",
}
PASSAGES = {
    name: Passage(f"{name}.txt", text, Span(0, len(text)), "", name.title(), name) for name, text in TEXTS.items()
}
ORIGIN = Origin(list(PASSAGES.values()))


def keeps(name: str, question: str, answer: str) -> bool:
    draft = Draft((Message("user", question), Message("assistant", answer)))
    return ORIGIN.check_answer(draft, PASSAGES[name]).keep


@pytest.mark.parametrize(
    ("name", "question", "answer"),
    [
        ("kiln", "When is the kiln of Lunel swept?", "Artificial nails and rings are not permitted."),
        ("kiln", "Who sweeps the kiln of Lunel?", "A repair kit with patches and glue is included."),
        ("tent", "What is the groundsheet of the tent made of?", "Because resin stains the glaze."),
        ("pool", "What must visitors do first?", "The poles are packed in a sleeve made of nylon."),
        ("torre", "¿Con qué se construyó la torre?", "Es gratuita para jubilados y estudiantes con carné."),
    ],
)
def test_an_answer_with_the_words_of_another_document_is_found(name: str, question: str, answer: str) -> None:
    assert not keeps(name, question, answer)


@pytest.mark.parametrize(
    ("name", "question", "answer"),
    [
        ("kiln", "When is the kiln of Lunel swept?", "On Mondays."),
        ("kiln", "Who sweeps the kiln of Lunel?", "Ida Holm, whose home is next to the mill."),
        ("kiln", "Why is the kiln not fired with pine?", "Resin would leave stains."),
        ("kiln", "What must the stoker never use?", "Pine, although it would be cheaper."),
        ("kiln", "How often is the kiln swept?", "Once a week."),
        ("kiln", "Is pine allowed in the kiln?", "No, it isn't permitted."),
        ("pool", "Who may not wear rings?", "The lifeguards."),
        ("pool", "What do visitors do before swimming?", "They have to wash."),
        ("pool", "From what age may children come alone?", "From ten years on."),
        ("pool", "Where are the whistles?", "They are kept at the door."),
        ("tent", "What is in the repair kit?", "Everything that is needed for a hole: patches and glue."),
        ("tent", "How heavy is the tent?", "Two kilos."),
        ("tent", "Where do the poles go?", "Into a bag of their own."),
        ("torre", "¿Cuándo se apaga la lámpara?", "Cuando sale el sol."),
        ("torre", "¿Qué hace el farero con los barcos?", "Los apunta en su libreta."),
        ("museo", "¿Quién no paga en el museo?", "Los jubilados, y tampoco los estudiantes."),
        ("museo", "¿Qué día está cerrado el museo?", "El primer día de la semana."),
    ],
)
def test_an_answer_of_its_own_passage_is_kept_in_whatever_words(name: str, question: str, answer: str) -> None:
    assert keeps(name, question, answer)


def test_an_answer_with_the_words_of_the_passage_beside_it_belongs_there() -> None:
    texts = ("The mill of Lunel grinds rye.", "The stoker sweeps the kiln with a broom of birch twigs on Mondays.")
    passages = [
        Passage("mill.txt", text, Span(0, len(text)), "", "", f"m{number}") for number, text in enumerate(texts)
    ]
    draft = Draft((Message("user", "How is it swept?"), Message("assistant", "With a broom of birch twigs.")))
    assert Origin(passages).check_answer(draft, passages[0]).keep


def test_another_passage_about_the_like_has_words_of_an_answer_by_chance() -> None:
    texts = (
        "Carrots need protection from the carrot fly: fleece of a close weave is laid over the rows.",
        "White butterflies lay eggs on cabbage. A mesh that covers the bed is its best protection.",
        "Parking costs two euros. A mesh covers the deck.",
    )
    passages = [
        Passage(f"{number}.txt", text, Span(0, len(text)), "", "", str(number)) for number, text in enumerate(texts)
    ]
    question, answer = "What protection do carrots need?", "They are covered with a mesh."
    draft = Draft((Message("user", question), Message("assistant", answer)))
    assert Origin(passages[:2]).check_answer(draft, passages[0]).keep
    assert not Origin(passages[::2]).check_answer(draft, passages[0]).keep
