"""Numbers that an answer works out, and numbers that its source gives to something else."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.numbers import check_numbers

MILL = """The mill opens from 8 to 14 on weekdays. A sack holds 25 kg and costs 32 talers, a small one 18 talers.
From 1.4 to 1.9 million sacks were sold. Samples are taken at 4, 8, 16, 32 and 64 minutes. The belt is
oiled three times a year. The guide comes from the fifth visitor on. The tour began at 9.20 and ended at
10.55. Rye makes up 30 per cent, oats 45 per cent of it; the rest is wheat. The first two years are free,
and claims are made within 96 hours. Its sign is SHA7."""


def keeps(answer: str, question: str = "What about the mill?", *, freely: bool = False) -> bool:
    draft = Draft((Message("user", question), Message("assistant", answer)))
    return check_numbers(draft, MILL, "en", freely=freely).keep


@pytest.mark.parametrize(
    "answer",
    [
        "18 talers, 14 less than the large one.",
        "Sales grew by about 500,000 to 1.9 million.",
        "The belt is oiled every four months.",
        "Within four days.",
        "From the fifth visitor on; for four visitors there is none.",
        "It closes at 2 p.m.",
        "It began at 9:20.",
    ],
)
def test_what_follows_from_the_source_as_the_answer_shows_is_kept(answer: str) -> None:
    assert keeps(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "18 talers, 17 less than the large one.",
        "Sales grew by about 700,000 to 1.9 million.",
        "A sack holds 35 kg.",
        "It is oiled in less than 90 minutes.",
    ],
)
def test_what_follows_from_nothing_is_not_kept(answer: str) -> None:
    assert not keeps(answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How long did the tour take?", "For an hour and 35 minutes."),
        ("What do 4 large sacks cost?", "128 talers, as each costs 32."),
        ("What share is wheat?", "25 per cent, what remains after rye and oats."),
        ("How much do a large and a small sack cost together?", "50 talers: 32 and 18."),
    ],
)
def test_reasoning_may_take_a_step_of_its_own(question: str, answer: str) -> None:
    assert keeps(answer, question, freely=True)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How long did the tour take?", "For an hour and 55 minutes."),
        ("What do 4 large sacks cost?", "148 talers, as each costs 37."),
        ("How much do a large and a small sack cost together?", "47 talers: 29 and 18."),
    ],
)
def test_reasoning_may_not_bring_in_other_numbers(question: str, answer: str) -> None:
    assert not keeps(answer, question, freely=True)


def test_endless_digits_are_no_number_to_count_with() -> None:
    source = f"3.{'7' * 6000} is printed on the wall, beside 12 tables and 7 maps."
    draft = Draft((Message("user", "What is there?"), Message("assistant", "It lists 8 maps.")))
    assert check_numbers(draft, source, "en").reason == "number_not_in_source"


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("At 7 p.m.", "The library has 23 desks. Its reading room shuts at seven in the evening."),
        ("A third of the farms.", "Of 60 farms asked, 20 sell it fresh; 45 % is exported."),
        ("A pH of 7.", "The plant needs pH7 water."),
    ],
)
def test_other_figures_of_the_source_say_nothing_against_an_answer(answer: str, source: str) -> None:
    draft = Draft((Message("user", "How much?"), Message("assistant", answer)))
    assert check_numbers(draft, source, "en").keep


@pytest.mark.parametrize(
    "text", ["{} of 12", "every {} days", "{} times a year", "{} %", "at {}:30 p.m.", "{} to 4 million"]
)
def test_endless_digits_anywhere_are_judged(text: str) -> None:
    endless = text.format("7" * 6000)
    draft = Draft((Message("user", "What is there?"), Message("assistant", f"It lists {endless}.")))
    for source in (f"It lists {endless} and 45 % and 12 %.", "It lists 12 maps."):
        for freely in (True, False):
            assert isinstance(check_numbers(draft, source, "en", freely=freely).keep, bool)


def test_a_number_without_a_unit_may_have_the_one_that_its_sentence_says_before_a_semicolon() -> None:
    source = (
        "Karten kosten 12 bis 38 Euro; wer unter 27 ist, zahlt überall neun. Die Wanne misst neun mal sieben Meter."
    )
    assert judges(source, "de", "Neun Euro.", "Was kostet eine Karte mit 22?")
    assert not judges(source, "de", "Sieben Euro.", "Was kostet eine Karte mit 22?")


def test_a_year_may_be_another_one_and_the_years_that_the_answer_says() -> None:
    source = "He was born in Enugu in 1941 and came to Hartleby at the age of twenty. The trams ran for 19 years more."
    assert judges(source, "en", "In 1961: he was born in 1941 and came when he was twenty.", "When did he come?")
    assert not judges(source, "en", "In 1966: he was born in 1941 and came when he was twenty.", "When did he come?")
    assert not judges(source, "en", "In 1961.", "When did he come?")


def test_a_number_has_the_unit_that_its_question_asks_for() -> None:
    source = "A queen hatches 16 days after the egg was laid, and the swarm leaves about a week before that."
    question = "How many days after the egg was laid does the swarm leave?"
    assert judges(source, "en", "About nine.", question, freely=True)
    assert not judges(source, "en", "About twelve.", question, freely=True)
    assert not judges(source, "en", "About nine.", "How many swarms leave?", freely=True)


@pytest.mark.parametrize(
    ("source", "code", "right", "wrong"),
    [
        ("The farm produced 412 GWh in 2023, less than in the year before.", "en", "In 2022.", "In 2021."),
        ("2019 kamen 40 Gäste, im Folgejahr 60.", "de", "2020 kamen 60.", "2021 kamen 60."),
        ("En 2019 vinieron 40, y al año siguiente 60.", "es", "En 2020.", "En 2022."),
        ("L'abeille sort à partir du vingt et unième jour.", "fr", "Dès le 21e jour.", "Dès le 12e jour."),
    ],
)
def test_the_year_before_and_an_ordinal_in_words_are_numbers(source: str, code: str, right: str, wrong: str) -> None:
    assert judges(source, code, right, "When?")
    assert not judges(source, code, wrong, "When?")


WEAVERS = """The weaving mill of Tarbeck was founded in 1912 by Ida Fell, born in 1879, and closed in 1957. Of
its cloth 60 per cent went abroad. The hall measures 24 by 9 metres. Of 36 workers 12 were women.
Tours last an hour and a quarter. Grown-ups pay £6, children half of that. The fee rose by £1.20 to
£6 in May. The loom weighs 1.4 tonnes. Bills are paid within a fortnight. The road was closed for
less than 31 days. The dyer came, a man of six and thirty. Below 10 °C the glue takes twice its
usual 20 minutes. At night it shuts at 9 p.m., on Fridays two hours later. It holds files, saws,
clamps and a vice.""".replace("\n", " ")
LOOMS = """Die Weberei wurde 1894 eröffnet und 1931 umgebaut. Von 240 Plätzen sind 60 für Schulen da. Führungen
dauern anderthalb Stunden und kosten 7 Euro, für Kinder die Hälfte. Drei Viertel der Mittel stammen
vom Land. Der Verein zählt 310 Mitglieder, 25 mehr als im Vorjahr.""".replace("\n", " ")
MOULIN = """Le moulin de Varennes tourna de 1823 à 1961. La visite dure quarante-cinq minutes. Le canal fut curé
pendant quinze jours. Sur 80 sacs, 20 vont au boulanger.""".replace("\n", " ")
BIBLIOTECA = """La biblioteca de Olmedal cerró en 1936; reabrió tres años después. El 40 % de sus libros son
infantiles. El préstamo dura 21 días, y la multa es de 20 céntimos.""".replace("\n", " ")


def judges(source: str, code: str, answer: str, question: str, *, freely: bool = False) -> bool:
    draft = Draft((Message("user", question), Message("assistant", answer)))
    return check_numbers(draft, source, code, freely=freely).keep


@pytest.mark.parametrize(
    ("source", "code", "question", "answer"),
    [
        (WEAVERS, "en", "How old was Ida Fell when she founded the mill?", "Thirty-three."),
        (WEAVERS, "en", "How long did the mill of Tarbeck exist?", "For 45 years."),
        (WEAVERS, "en", "What share stayed in the country?", "The remaining 40 per cent."),
        (WEAVERS, "en", "How much of the cloth went abroad?", "Three fifths."),
        (WEAVERS, "en", "What share of the workers were women?", "A third."),
        (WEAVERS, "en", "How long does a tour last?", "75 minutes."),
        (WEAVERS, "en", "What do children pay?", "£3."),
        (WEAVERS, "en", "What was the fee before May?", "£4.80."),
        (WEAVERS, "en", "How heavy is the loom?", "1,400 kg."),
        (WEAVERS, "en", "When are bills due?", "Within two weeks, that is 14 days."),
        (WEAVERS, "en", "How long was the road closed?", "For 30 days or less."),
        (WEAVERS, "en", "How old was the dyer?", "36."),
        (WEAVERS, "en", "How long does the glue take in the cold?", "40 minutes."),
        (WEAVERS, "en", "When does it shut on Fridays?", "At 11 p.m."),
        (WEAVERS, "en", "Which tools does it hold?", "It holds four: files, saws, clamps, a vice."),
        (LOOMS, "de", "Wie viel zahlt ein Kind?", "3,50 Euro."),
        (LOOMS, "de", "Wie lange dauert eine Führung?", "90 Minuten."),
        (LOOMS, "de", "Welcher Anteil ist für Schulen da?", "Ein Viertel der Plätze."),
        (LOOMS, "de", "Woher kommt das Geld?", "75 Prozent vom Land, die übrigen 25 Prozent nicht."),
        (LOOMS, "de", "Wie viele Mitglieder waren es im Vorjahr?", "285."),
        (MOULIN, "fr", "Combien de temps a-t-il tourné ?", "Pendant 138 ans."),
        (MOULIN, "fr", "Combien dure la visite ?", "Trois quarts d'heure."),
        (MOULIN, "fr", "Quelle part va au boulanger ?", "Un quart des sacs."),
        (BIBLIOTECA, "es", "¿Cuándo reabrió?", "En 1939."),
        (BIBLIOTECA, "es", "¿Qué parte son infantiles?", "Dos quintas partes."),
        (BIBLIOTECA, "es", "¿Cuánto dura el préstamo?", "Tres semanas."),
    ],
)
def test_what_follows_in_one_step_is_kept(source: str, code: str, question: str, answer: str) -> None:
    assert judges(source, code, answer, question)


@pytest.mark.parametrize(
    ("source", "code", "question", "answer"),
    [
        (WEAVERS, "en", "How old was Ida Fell when she founded the mill?", "Thirty-seven."),
        (WEAVERS, "en", "How long did the mill of Tarbeck exist?", "For 35 years."),
        (WEAVERS, "en", "What share stayed in the country?", "The remaining 30 per cent."),
        (WEAVERS, "en", "How much of the cloth went abroad?", "Nine tenths."),
        (WEAVERS, "en", "What share went abroad?", "12 per cent."),
        (WEAVERS, "en", "How long does a tour last?", "Two and a half hours."),
        (WEAVERS, "en", "What was the fee before May?", "£5.60."),
        (WEAVERS, "en", "When are bills due?", "Within six weeks."),
        (WEAVERS, "en", "How long was the road closed?", "For 60 days or less."),
        (WEAVERS, "en", "Which tools does it hold?", "Seven kinds."),
        (LOOMS, "de", "Wie viel zahlt ein Kind?", "4,50 Euro."),
        (LOOMS, "de", "Wie lange dauert eine Führung?", "Zweieinhalb Stunden."),
        (LOOMS, "de", "Welcher Anteil ist für Schulen da?", "Ein Drittel der Plätze."),
        (MOULIN, "fr", "Combien dure la visite ?", "Une heure et demie."),
        (MOULIN, "fr", "Quelle part va au boulanger ?", "Les deux tiers des sacs."),
        (BIBLIOTECA, "es", "¿Qué parte son infantiles?", "Cuatro quintas partes."),
        (BIBLIOTECA, "es", "¿Cuánto dura el préstamo?", "Cinco semanas."),
    ],
)
def test_what_is_beside_it_is_not_kept(source: str, code: str, question: str, answer: str) -> None:
    assert not judges(source, code, answer, question)


def test_words_that_are_numbers_in_another_language_are_none() -> None:
    source = "The gate was painted once, and the key hangs in the hall for 14 days."
    assert not judges(source, "en", "For 11 days.", "How long does the key hang in the hall?")
    assert judges("Se pintó once veces en 14 días.", "es", "11 veces.", "¿Cuántas veces?")


FERRY = "The ferry of Ostrey was built in 1925. It was lengthened later. The trip of the school is on 14 May."


@pytest.mark.parametrize(
    ("question", "answer", "kept"),
    [
        ("In which year, eleven years after it was built, was the ferry sold?", "1936, eleven years after that.", True),
        (
            "In which year, eleven years after it was built, was the ferry sold?",
            "1938, eleven years after that.",
            False,
        ),
        ("When is the report due, ten days after the trip?", "On 24 May, ten days after it.", True),
        ("When is the report due, ten days after the trip?", "On 28 May, ten days after it.", False),
    ],
)
def test_a_date_moved_by_a_time_that_is_said_is_kept(question: str, answer: str, kept: bool) -> None:
    assert judges(FERRY, "en", answer, question, freely=True) is kept


@pytest.mark.parametrize(
    ("answer", "kept"), [("Two pounds fifty.", True), ("£2.50.", True), ("Two pounds sixty.", False)]
)
def test_a_price_in_words_is_that_of_the_source(answer: str, kept: bool) -> None:
    assert judges("A child pays £2.50 for the swing boat.", "en", answer, "What does a child pay?") is kept


HOUSE = """Die Firma sitzt im zweiten Stock, die Küche liegt im fünften, das Lager im dreizehnten Stock. Die
Garantie gilt 24 Monate und verlängert sich danach um 12 Monate. Das Gerät kostet 30 Euro.""".replace("\n", " ")
PIER = """The pier was opened in 1905 after 3 years of planning and rebuilt in 1950, four years later than hoped.
The museum takes 30 % of the fee of 20 euros. Tickets rose from 3.20 to 3.80 euros.""".replace("\n", " ")
FILM = """The film lasts 150 minutes, the tour 170 minutes. Of the visitors 82 % were satisfied. Costs fell by 4
million to 30 million. The interface listens on port 7410.""".replace("\n", " ")
ROAD = """Building cost 312 million euros; the state pays 60 %. The road is 130 km long and takes two and a half hours.
The gate opens at 7.30 and closes at 14.00.""".replace("\n", " ")
SHOP = """Orders come ten working days before, accounts two days before. For four people take 250 g of lentils and
500 ml of stock.""".replace("\n", " ")
DELAI = "La garantie est de 24 mois. Le délai est de 14 jours. Les personnes de moins de 16 ans entrent sans payer."


@pytest.mark.parametrize(
    ("source", "code", "question", "answer"),
    [
        (HOUSE, "de", "Wo sitzt die Firma?", "Im zweiten Stock."),
        (HOUSE, "de", "Wo liegt die Küche?", "Im 5. Stock."),
        (HOUSE, "de", "Wo liegt das Lager?", "Im 13. Stock."),
        (DELAI, "fr", "Jusqu'à quel âge entre-t-on sans payer ?", "Jusqu'à 15 ans."),
        (PIER, "en", "When had one hoped to rebuild it?", "In 1946."),
        (PIER, "en", "When did planning begin?", "In 1902, 3 years before 1905."),
        (FILM, "en", "How long is the film?", "Two and a half hours."),
        (FILM, "en", "How long is the tour?", "Nearly three hours."),
        (PIER, "en", "What is left of the fee for others?", "14 euros."),
        (ROAD, "en", "How much does the state pay?", "60 %, which comes to about 187 of the 312 million euros."),
        (ROAD, "en", "How fast does one go?", "A little over 50 km/h: 130 kilometres in two and a half hours."),
        (PIER, "en", "By how much did tickets rise?", "Sixty cents: from 3.20 to 3.80 euros."),
        (ROAD, "en", "How long is it open?", "Six and a half hours, from 7:30 to 14:00."),
        (SHOP, "en", "How early are orders due?", "Ten working days, i.e. two weeks, before."),
        (SHOP, "en", "How many lentils for eight people?", "Twice as many, so 500 g."),
        (FILM, "en", "What were the costs before?", "34 million."),
        (FILM, "en", "Which port is next?", "One higher than that of the interface, so 7411."),
    ],
)
def test_a_step_that_is_said_or_asked_for_is_kept(source: str, code: str, question: str, answer: str) -> None:
    assert judges(source, code, answer, question)


@pytest.mark.parametrize(
    ("source", "code", "question", "answer"),
    [
        (HOUSE, "de", "Wo sitzt die Firma?", "Im 11. Stock."),
        (HOUSE, "de", "Wie lange gilt die Garantie?", "36 Monate."),
        (HOUSE, "de", "Was kostet das Gerät?", "31 Euro."),
        (DELAI, "fr", "Combien de temps dure la garantie ?", "25 mois."),
        (DELAI, "fr", "Quel est le délai ?", "Il est de 13 jours."),
        (DELAI, "fr", "À partir de quel âge faut-il payer ?", "À partir de 17 ans."),
        (PIER, "en", "When was it opened?", "It was opened in 1908."),
        (PIER, "en", "When was it opened?", "In 1902."),
        (FILM, "en", "How long is the film?", "It lasts 2 hours."),
        (FILM, "en", "How many were satisfied?", "Three quarters of the visitors."),
        (PIER, "en", "How much does the museum get?", "14 euros."),
        (ROAD, "en", "How much does the state pay?", "60 %, which comes to about 207 of the 312 million euros."),
        (ROAD, "en", "How fast does one go?", "A little over 70 km/h: 130 kilometres in two and a half hours."),
        (PIER, "en", "By how much did tickets rise?", "Ninety cents: from 3.20 to 3.80 euros."),
        (SHOP, "en", "How early are orders due?", "Ten working days, i.e. three weeks, before."),
        (SHOP, "en", "How many lentils for eight people?", "Twice as many, so 600 g."),
        (FILM, "en", "Which port is it?", "7411."),
    ],
)
def test_a_step_that_nobody_says_or_asks_for_is_not_kept(source: str, code: str, question: str, answer: str) -> None:
    assert not judges(source, code, answer, question)
