"""Which two samples of one passage tell the same."""

from __future__ import annotations

import pytest

from src.generation.other_answers import answer_others
from src.generation.same_fact import tell_the_same
from src.generation.telling import read_telling


def same(first: tuple[str, str], second: tuple[str, str]) -> bool:
    new, old = (read_telling(question, answer, "mill") for question, answer in (first, second))
    return tell_the_same(new, old)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            (
                "What did the vicar of Lunel do about the cholera that killed 19 people?",
                "He had the brackish wells sealed.",
            ),
            ("How did Mr Ost react to the cholera of 1849?", "By sealing all the brackish wells of the parish."),
        ),
        (
            (
                "Womit bekommt ein Kind von 10 Jahren den Ausweis?",
                "Mit Lichtbild, Stempel der Gemeinde und Unterschrift des Vormunds.",
            ),
            (
                "Was braucht ein Kind unter 14 für den Ausweis?",
                "Ein Lichtbild, die Unterschrift des Vormunds und den Stempel der Gemeinde.",
            ),
        ),
        (
            ("Where does the mill of Lunel get its power from?", "From the weir above the tannery."),
            ("Which source of power does the mill of Lunel use?", "The weir above the tannery."),
        ),
    ],
)
def test_the_same_fact_in_other_words_is_told_again(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert same(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("Does the essay of course 4120 count for more than Paper 3?", "No, both are worth a fifth of the marks."),
            ("How many essays does Paper 2 of course 4120 have?", "Three out of five. Two may be chosen freely."),
        ),
        (
            ("When do the teams of the league change ends?", "Each time two goals have been scored."),
            ("Who won the last final of the league?", "Dunhollow, by two goals."),
        ),
        (
            ("How many days of leave does Marlow grant?", "Ten days."),
            ("After how many days does Marlow want a note?", "From the fourth day of leave."),
        ),
        (
            ("When does the mill of Lunel grind?", "It grinds at 2 p.m."),
            ("Why does the mill of Lunel grind so little?", "Because it is old and grinds only a few sacks."),
        ),
    ],
)
def test_two_questions_with_a_number_or_a_unit_in_common_are_two(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert not same(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("How long is the fell race?", "14 kilometres."),
            ("How much longer is the fell race than the juniors' one?", "Eight kilometres: they run 6 of the 14."),
        ),
        (
            ("What does a ticket of the Orle lift cost?", "16 francs one way."),
            ("What do two people pay for a trip on the Orle lift?", "32 francs, as a ticket costs 16 francs."),
        ),
        (
            ("¿Cuántos socios tiene la cooperativa de Almor?", "Tiene 340 socios."),
            ("¿Cuántos socios más que en 2010 tiene la cooperativa de Almor?", "Tiene 90 más: eran 250 y hay 340."),
        ),
    ],
)
def test_a_difference_or_a_sum_is_another_amount(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert not same(first, second)
    assert not same(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("Wer hat die Mühle in Lutzen gebaut?", "Der Zimmermann Paul Reck, im Jahr 1788."),
            ("In welchem Jahr wurde die Mühle in Lutzen gebaut?", "1788 war es."),
        ),
        (
            ("What is the deposit for a kayak at Bray Lake?", "50 euros, refunded when the kayak is returned dry."),
            ("Under what condition is the deposit for a kayak refunded?", "If the kayak is brought back dry."),
        ),
        (
            (
                "Pourquoi le marché de Clairvaux a-t-il été déplacé ?",
                "Parce que la place était trop étroite pour les camions ; il se tient depuis 2019 au bord du canal.",
            ),
            ("Où se tient le marché de Clairvaux depuis 2019 ?", "Au bord du canal."),
        ),
    ],
)
def test_what_an_answer_only_adds_is_asked_for_by_another_question(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert not same(first, second)
    assert not same(second, first)


def test_one_of_many_things_that_an_account_tells_is_another_fact() -> None:
    account = (
        "How is the fell race organised?",
        (
            "Ninety volunteers marshal the course, the club lends radios, and the mountain rescue team stands by at the"
            " summit hut. Runners who miss the cutoff at noon are turned back. Leaflets with a map lie in every shop."
        ),
    )
    assert not same(account, ("What happens to runners who miss the cutoff in the fell race?", "They are turned back."))
    assert not same(account, ("Who marshals the course of the fell race?", "Ninety volunteers of the club."))
    told_again = (
        "What is done to organise the fell race?",
        (
            "Volunteers marshal the course with radios of the club, mountain rescuers stand at the summit hut, runners"
            " behind the cutoff at noon are turned back, and shops have leaflets with a map."
        ),
    )
    assert same(account, told_again)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("Who was the last keeper of the Tarn light?", "Elspeth Corr, who left the rock in March 1988."),
            ("What was the name of the final keeper of the Tarn light?", "Elspeth Corr was the last."),
        ),
        (
            ("How much must be deposited for a kayak at Bray Lake?", "Fifty euros."),
            ("What is the deposit for a kayak at Bray Lake?", "50 euros, refunded when the kayak is dry."),
        ),
        (
            ("Can I take a bicycle on the Tarn ferry on Sunday morning?", "No. Bicycles are carried only after noon."),
            ("Is it possible to bring a bicycle on the Tarn ferry on a Sunday morning?", "No, only after noon."),
        ),
    ],
)
def test_an_answer_without_what_another_one_adds_tells_the_same(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    assert same(first, second)
    assert same(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            ("Why does a plant cell not burst in distilled water?", "It has a wall that protects it."),
            ("What happens to a red blood cell in distilled water?", "It bursts, because it lacks a cell wall."),
        ),
        (
            ("Why does a potato go limp in salt solution?", "Because water leaves its cells."),
            ("What becomes of a leaf in a strong salt solution?", "It goes limp, as the potato does."),
        ),
    ],
)
def test_two_things_of_which_alike_things_are_told_are_two(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert not same(first, second)


@pytest.mark.parametrize(
    ("answer", "other", "is_same"),
    [
        ("On 3 May 1931.", "In 1931.", True),
        ("In May 1931.", "On 3 May 1931.", True),
        ("On 3 May 1931.", "On 8 May 1931.", False),
        ("In 1931.", "On 3 May 1938.", False),
    ],
)
def test_a_day_and_its_year_are_no_other_amounts(answer: str, other: str, is_same: bool) -> None:
    first = ("When was the mill of Lunel opened?", answer)
    second = ("When did the mill of Lunel open?", other)
    assert same(first, second) is is_same
    assert same(second, first) is is_same


@pytest.mark.parametrize(
    ("answer", "other", "is_other"),
    [
        ("2.50 euros.", "Two euros fifty.", False),
        ("2.50 euros.", "Two euros seventy.", True),
        ("About 83 sacks.", "About 80 sacks.", False),
        ("About 83 sacks.", "About 50 sacks.", True),
    ],
)
def test_a_price_in_words_is_no_other_amount_nor_is_one_that_contradicts(
    answer: str, other: str, is_other: bool
) -> None:
    new = read_telling("How much is a day at the mill?", answer, "mill")
    old = read_telling("How much is the day at the mill?", other, "mill")
    assert answer_others(new, old) is answer_others(old, new) is is_other
