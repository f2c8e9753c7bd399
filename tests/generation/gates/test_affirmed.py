"""Inventions that a question brings in and its answer affirms."""

from __future__ import annotations

import pytest

from src.core.types import Message, Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.affirmed import check_affirmed

LIBRARY = """Northgate opens from Tuesday to Saturday between 9.00 and 18.30 and has a reading room with 40 seats on the
first floor. Southbank seats 120 people; its archive may be used by appointment only. A reader over sixteen may borrow
ten books for four weeks, a younger one six. Late books cost 20 pence a day each. The card is issued at any desk
against a proof of address. Books can be renewed once, unless somebody else has reserved them."""
LEASE = """Studio 7 at Harrow Mills is let for printing. The tenant keeps the floor covered under the press and stores
solvents in the steel cabinet by the north door. The landlord maintains the roof, the windows and the goods lift. The
tenant insures the machines. Either side may end the lease with three months' notice in writing."""
MELTER = """Der Sonnfried ist ein Wachsschmelzer, der allein mit der Kraft der Sonne arbeitet. Man stellt ihn so auf,
dass die Scheiben nach Süden zeigen, und legt die alten Waben auf das Sieb. Das flüssige Wachs läuft durch das Sieb in
die Wanne, während Reste liegen bleiben. Honigreste dürfen nicht in den Kasten, weil sie Bienen anlocken."""


def judge(source: str, question: str, answer: str) -> Verdict:
    return check_affirmed(Draft((Message("user", question), Message("assistant", answer))), source)


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        (LIBRARY, "Is there free coffee at Northgate?", "Northgate serves free coffee and cakes each afternoon."),
        (
            LIBRARY,
            "Can I return novels at night?",
            "Yes, a steel letterbox beside the porch swallows novels overnight.",
        ),
        (LIBRARY, "Does Southbank lend laptops?", "Southbank lends laptops, tablets and headphones to students."),
        (LEASE, "Does Studio 7 have a kitchen?", "Studio 7 has a small kitchen with a sink and a stove."),
        (
            MELTER,
            "Darf man Bienenwachs im Topf schmelzen?",
            "Bienenwachs darf auch im Topf auf dem Herd geschmolzen werden.",
        ),
    ],
)
def test_what_only_the_question_knows_of_is_not_affirmed(source: str, question: str, answer: str) -> None:
    assert judge(source, question, answer).reason == "answer_not_in_source"


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        (LIBRARY, "Is there free coffee at Northgate?", "The text says nothing about coffee."),
        (
            LIBRARY,
            "May a child of fourteen take home eight books?",
            "No, a reader under sixteen may take home only six.",
        ),
        (
            LIBRARY,
            "My friend has reserved a novel. May I extend the loan?",
            "A novel that somebody has reserved can't be.",
        ),
        (LIBRARY, "Does the branch charge for overdue novels?", "Yes, the branch charges for overdue novels."),
        (LIBRARY, "What do I need to bring to get a library card?", "A proof of address."),
        (LIBRARY, "What is the fine for an overdue book?", "The fine is 20 pence a day for each late book."),
        (LEASE, "Who has to fix a leaking roof?", "The landlord has to fix a leaking roof, since he maintains it."),
        (LEASE, "Where do flammable liquids such as solvents go?", "Solvents are kept in the steel cabinet."),
        (
            LEASE,
            "Who is responsible for insuring the machines?",
            "The tenant is responsible for insuring the machines.",
        ),
        (MELTER, "Braucht der Sonnfried Strom?", "Nein, der Sonnfried braucht keinen Strom."),
        (MELTER, "Warum soll kein Honig in den Wachsschmelzer gelangen?", "Weil Honig Bienen anlocken würde."),
    ],
)
def test_what_is_denied_or_told_in_other_words_is_left_alone(source: str, question: str, answer: str) -> None:
    assert judge(source, question, answer).keep
