"""Numbers that an answer works out: what it takes stands in it and in its question, and it shows how."""

from __future__ import annotations

import pytest

from src.generation.gates.numbers import check_numbers
from src.generation.numbers.cues import shows_working
from tests.generation.numbers.drafts import draft_of

BAKERY = """The bakery at Tollgate bakes 480 rolls and 90 loaves a day. A roll weighs 65 grams and costs 45 cents; a
loaf costs 3.80 euros. A bag of flour of 25 kg lasts two days. The oven heats up at 3.15 a.m. and the first rolls come
out at 4.40 a.m. The shop opens at 6 a.m. and closes at 1 p.m. Of the 12 bakers 9 are women. Rent is 1,150 euros a
month. Reindexing takes an hour per 50 GB. A block has 64 KiB. The course is 2,250 yards long.""".replace("\n", " ")
SOLAR = """Die Anlage hat 36 Module mit je 410 Watt. Im Jahr 2022 lieferte sie 13.900 kWh, 2023 waren es 13.200 kWh.
Davon verbraucht das Haus 40 Prozent selbst. Sie kostete 27.000 Euro, wovon die Stadt ein Drittel übernahm. Der Strom
wird zu 8 Cent je kWh verkauft. Der Kurs umfasst 10 Stunden zu je 45 Minuten und kostet 89 Euro, für Geschwister 20
Prozent weniger.""".replace("\n", " ")
REFUGE = """Le refuge compte 48 places en dortoirs de 8. La nuit coûte 22 euros, la demi-pension 51 euros. Il est à
2 310 mètres, le parking à 1 450 mètres. La vallée compte 84 fermes, soit trois de moins qu'en 2022.""".replace(
    "\n", " "
)
MERCADO = (
    "El mercado abre de 9:30 a 14:00. Un café cuesta 70 céntimos. Vinieron 18.400 personas, un 15 % más que en 2022."
)
MATSURI = (
    "祭りは8月6日から8日まで行われます。花火は19時30分に始まり、50分続きます。バスは150円です。第11回から第14回まで。"
)


def keeps(source: str, code: str, question: str, answer: str) -> bool:
    return check_numbers(draft_of(question, answer), source, code).keep


@pytest.mark.parametrize(
    ("source", "code", "question", "answer"),
    [
        (BAKERY, "en", "What do six rolls cost?", "2.70 euros, at 45 cents apiece."),
        (BAKERY, "en", "What do six rolls cost?", "2.70 euros."),
        (BAKERY, "en", "How long does it take to the first rolls?", "An hour and 25 minutes: from 3.15 to 4.40."),
        (BAKERY, "en", "How much is the rent in a year?", "13,800 euros, i.e. 1,150 euros a month."),
        (BAKERY, "en", "How many bags are needed for 30 days?", "Fifteen, as one bag lasts two days."),
        (BAKERY, "en", "How long does reindexing 200 GB take?", "About four hours, since it takes one hour per 50 GB."),
        (BAKERY, "en", "How many blocks has a file of 1 MiB?", "16, since a block has 64 KiB."),
        (BAKERY, "en", "How long is the course?", "About 2,060 metres; the text gives 2,250 yards."),
        (BAKERY, "en", "What share of the bakers are women?", "Three quarters, or 75 percent: 9 of the 12."),
        (BAKERY, "en", "What share of the bakers are women?", "75 percent, because 9 of the 12 are."),
        (SOLAR, "de", "Wie stark sind die Module?", "Rund 14,8 Kilowatt: 36 Module zu je 410 Watt."),
        (SOLAR, "de", "Wie viel ging verloren?", "700 kWh, also etwa 5 Prozent: 13.200 statt 13.900."),
        (SOLAR, "de", "Wie viel wird verkauft?", "60 Prozent, weil das Haus 40 Prozent selbst verbraucht."),
        (SOLAR, "de", "Was blieb zu zahlen?", "18.000 Euro, denn von den 27.000 Euro trug die Stadt ein Drittel."),
        (SOLAR, "de", "Was bringen 1.000 kWh?", "80 Euro, bei 8 Cent je kWh."),
        (SOLAR, "de", "Wie lange dauert der ganze Kurs?", "Siebeneinhalb Stunden: zehnmal 45 Minuten."),
        (SOLAR, "de", "Was zahlt ein Geschwisterkind?", "71,20 Euro, also 20 Prozent weniger als 89 Euro."),
        (REFUGE, "fr", "Combien de dortoirs y a-t-il ?", "Six, puisque les 48 places sont en dortoirs de 8."),
        (REFUGE, "fr", "Quel est le dénivelé ?", "860 mètres : de 1 450 à 2 310."),
        (REFUGE, "fr", "Combien paient trois adultes ?", "66 euros, à raison de 22 euros."),
        (REFUGE, "fr", "Combien de fermes y avait-il en 2022 ?", "87, soit trois de plus qu'aujourd'hui."),
        (MERCADO, "es", "¿Cuánto cuestan cinco cafés?", "3,50 euros, a 70 céntimos cada uno."),
        (MERCADO, "es", "¿Cuántos vinieron en 2022?", "Unos 16.000, ya que los 18.400 fueron un 15 % más."),
        (MATSURI, "ja", "花火は何時に終わりますか。", "20時20分です。19時30分から50分続くからです。"),
        (MATSURI, "ja", "祭りは何日間ですか。", "3日間です。8月6日から8日までです。"),
        (MATSURI, "ja", "4人でバスに乗るといくらですか。", "600円です。一人150円だからです。"),
        (MATSURI, "ja", "何回ですか。", "第11回から第14回までの4回です。"),
    ],
)
def test_a_number_whose_working_is_shown_is_kept(source: str, code: str, question: str, answer: str) -> None:
    assert keeps(source, code, question, answer)


@pytest.mark.parametrize(
    ("source", "code", "question", "answer"),
    [
        (BAKERY, "en", "What do six rolls cost?", "2.72 euros, at 45 cents apiece."),
        (BAKERY, "en", "What do six rolls cost?", "3.70 euros."),
        (BAKERY, "en", "How long does it take to the first rolls?", "An hour and 55 minutes: from 3.15 to 4.40."),
        (BAKERY, "en", "How much is the rent in a year?", "14,800 euros, i.e. 1,150 euros a month."),
        (BAKERY, "en", "How many bags are needed for 30 days?", "Nineteen, as one bag lasts two days."),
        (
            BAKERY,
            "en",
            "How long does reindexing 200 GB take?",
            "About eleven hours, since it takes one hour per 50 GB.",
        ),
        (BAKERY, "en", "How many blocks has a file of 1 MiB?", "26, since a block has 64 KiB."),
        (BAKERY, "en", "How long is the course?", "About 2,260 metres; the text gives 2,250 yards."),
        (BAKERY, "en", "What share of the bakers are women?", "85 percent, because 9 of the 12 are."),
        (BAKERY, "en", "What is baked each day?", "480 rolls and 570 loaves."),
        (BAKERY, "en", "What does it bake?", "Rolls of 65 grams and 545 loaves, while rolls are 480."),
        (SOLAR, "de", "Wie stark sind die Module?", "Rund 11,8 Kilowatt: 36 Module zu je 410 Watt."),
        (SOLAR, "de", "Wie viel wird verkauft?", "70 Prozent, weil das Haus 40 Prozent selbst verbraucht."),
        (SOLAR, "de", "Was blieb zu zahlen?", "19.000 Euro, denn von den 27.000 Euro trug die Stadt ein Drittel."),
        (SOLAR, "de", "Was bringen 1.000 kWh?", "90 Euro, bei 8 Cent je kWh."),
        (REFUGE, "fr", "Quel est le dénivelé ?", "960 mètres : de 1 450 à 2 310."),
        (REFUGE, "fr", "Combien paient trois adultes ?", "76 euros, à raison de 22 euros."),
        (MERCADO, "es", "¿Cuántos vinieron en 2022?", "Unos 26.000, ya que los 18.400 fueron un 15 % más."),
        (MATSURI, "ja", "花火は何時に終わりますか。", "20時40分です。19時30分から50分続くからです。"),
        (MATSURI, "ja", "4人でバスに乗るといくらですか。", "700円です。一人150円だからです。"),
    ],
)
def test_a_number_beside_what_its_working_gives_is_not_kept(source: str, code: str, question: str, answer: str) -> None:
    assert not keeps(source, code, question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How does the Harn 12 differ from the Harn 3?", "It takes 15 seconds."),
        ("May goods of class 7 be sent?", "No, nor may those of class 6 or class 1."),
        ("Which road is it?", "The E16, which 8 buses and twice 4 trams use."),
    ],
)
def test_numbers_in_names_and_labels_are_nothing_to_work_with(question: str, answer: str) -> None:
    source = "The Harn 3 and 12 take 20 seconds. Goods of class 7 and class 1 stay. 8 buses and 4 trams use the E10."
    assert not keeps(source, "en", question, answer)


def test_a_list_begins_with_one_or_goes_on() -> None:
    source = "Singly they would be 120 euros instead of 99."
    assert keeps(source, "en", "How do I buy them?", "1. Pay 99 euros.\n2. Go.")
    assert not keeps(source, "en", "How much is saved?", "$51: singly they would be 120 euros instead of 99.")


@pytest.mark.parametrize(
    ("question", "answer", "is_kept"),
    [
        ("By how much did the mill grow?", "By 25 percent, from 40 workers to 50.", True),
        ("By how much did the mill grow?", "By 20 percent, from 40 workers to 50.", False),
        ("By how much did the mill grow?", "By 25 percent, 50 workers instead of 40.", True),
        ("By how much did the mill grow?", "By 20 percent, 50 workers instead of 40.", False),
        ("By how much did the mill grow?", "It grew by 10 workers to 50, an increase of 25 percent.", True),
        ("What share of the wage is the rent?", "40 percent, as it is 600 of the 1,500 crowns.", True),
        ("What did the grant cover?", "600 crowns, which is 40 percent of the 1,500 crowns.", True),
        ("What did the grant cover?", "900 crowns, which is 40 percent of the 1,500 crowns.", False),
        ("What is left of the wage?", "900 crowns, as 40 percent of the 1,500 crowns goes.", True),
        ("How large is the hall?", "It is 9 metres wide, 46 metres long and 412 metres from the road.", False),
        ("How large is the hall?", "It is 412 metres from the road and 366 metres wide; its length is 46.", False),
        ("How far is the road from the hall's end?", "366 metres: 412 metres less the 46 metres.", True),
        ("What do children pay?", "Adults pay 90 crowns, students 55 crowns and children 35 crowns.", False),
        ("How much more do adults pay?", "35 crowns, since adults pay 90 crowns and students 55.", True),
        ("How many minutes does it last?", "Two and a half hours, that is 150 minutes.", True),
        ("How many minutes does it last?", "Two and a half hours, that is 120 minutes.", False),
        ("When do boats leave?", "At 9.10, 25.10 and 19.10, six in all.", False),
        ("How much is saved?", "1.40, that is 5.20 less 3.80.", True),
    ],
)
def test_what_is_found_by_chance_needs_the_working_shown(question: str, answer: str, is_kept: bool) -> None:
    source = (
        "The mill had 40 workers in spring and 50 in autumn, so by 10 more. A worker earned 1,500 crowns; a grant paid"
        " 40 percent of it, and rent was 600 crowns. The hall is 46 metres long and 412 metres from the road. Adults"
        " pay 90 crowns, students 55 crowns. The course lasts two and a half hours. Six boats leave, at 9.10 and at"
        " 19.10. The single ticket is 3.80, the return one 5.20."
    )
    assert keeps(source, "en", question, answer) is is_kept


@pytest.mark.parametrize(
    ("text", "code", "is_shown"),
    [
        ("70, at 7 for each.", "en", True),
        ("70, at the mill, where 30 work.", "en", False),
        ("70 of them left in 1990, and 30 came.", "en", False),
        ("70, das sind alle, also 30 und 40.", "de", True),
        ("It has 70 rooms and also 30 sheds.", "en", False),
        ("83, a third of the 250.", "en", True),
        ("70 stood there, 30 metres from a hut.", "en", False),
        ("70: 30 and 40.", "en", True),
    ],
)
def test_the_words_of_its_own_language_show_the_working(text: str, code: str, is_shown: bool) -> None:
    assert shows_working(text, min(text.find(one) % 99 for one in ("70", "83")), code) is is_shown
