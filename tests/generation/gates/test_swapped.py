"""What an answer names first: a name that belongs to something else in its source."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.names import check_names
from src.generation.gates.swapped import check_swapped

CLUB = """The rowing club of Hollern was founded by Petra Vandermeer in a shed. Its boats lie in the harbour basin.
The treasurer, Ambrose Quill, collects the annual contributions of all junior members in January.
Long ago there was a bakery. The flag was sewn by Winona Tarrant. Dinghies need a coat of shellac every spring.
The archive opens for visitors with WireGuard access."""


def draft(question: str, answer: str) -> Draft:
    return Draft((Message("user", question), Message("assistant", answer)))


@pytest.mark.parametrize(
    ("question", "answer", "keep"),
    [
        ("What do dinghies need a coat of every spring?", "Shellac.", True),
        ("What do dinghies need every spring?", "A varnish-like coat.", True),
        ("What should be done with dinghies?", "Gradually coat them with shellac.", True),
        ("Who collects the annual contributions of junior members?", "The treasurer, Ambrose Quill.", True),
        ("Who collects the annual contributions of junior members?", "Winona Tarrant, in January.", False),
        ("Who sewed the flag?", "Winona Tarrant.", True),
        ("Who founded the rowing club of Hollern?", "It was Petra Vandermeer.", True),
        ("Why is Ambrose Quill known?", "Winona Tarrant.", True),
    ],
)
def test_the_first_name_of_an_answer_belongs_to_what_is_asked(question: str, answer: str, keep: bool) -> None:
    assert check_swapped(draft(question, answer), CLUB).keep is keep


def test_a_sentence_may_speak_of_a_name_that_stands_before_it() -> None:
    novel = "Elin Strand grew up in Turku. Her first novel, The Tide, was praised by the critic Karl Holm, a friend."
    answer = draft("Who wrote the first novel The Tide, which a critic praised?", "Elin Strand.")
    assert check_swapped(answer, novel).keep


@pytest.mark.parametrize(("answer", "keep"), [("WireGuard access.", True), ("OpenVPN access.", False)])
def test_a_word_with_a_capital_inside_is_a_name_at_the_beginning_too(answer: str, keep: bool) -> None:
    assert check_names(draft("What do visitors need?", answer), CLUB, CLUB).keep is keep


OFFICE = """This policy is for the staff of Hale & Brook. The receipt is sent to Nadia Kell in the finance office.
Papers stay here unless the data officer, Tom Rain, has agreed in writing. The oldest desk came from Turku. Every Monday
the cook buys fish at the market of Ostby. Since the fire it has been watched from a control room in Leven. The north
hall was built by Orla Finch. Water runs there. The south one was built by Jonas Weld. My neighbour Fergus prefers
walnuts, and my sister Rosalind adds raisins. The blades of both fans were mended by Nordlift within two weeks.
The prize for the best loaf went to Ida Vance, that for the best cake to Ben Cole.""".replace("\n", " ")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where does the receipt go?", "The receipt is sent to Tom Rain in the finance office."),
        ("Who must agree?", "The data officer, Nadia Kell, has to agree in writing."),
        ("From where is it watched?", "Since the fire it has been watched from a control room in Ostby."),
        ("Which neighbour likes walnuts?", "Callum prefers walnuts."),
        ("Who mended the blades?", "The blades of both fans were mended by Bladecare within two weeks."),
    ],
)
def test_a_name_among_the_words_of_another_is_found(question: str, answer: str) -> None:
    assert check_swapped(draft(question, answer), OFFICE).reason == "name_not_in_source"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where does the receipt go?", "The receipt is sent to Nadia Kell in the finance office."),
        ("Who must agree?", "The data officer, Tom Rain, has to agree in writing."),
        ("Where does the cook buy fish?", "Every Monday the cook buys it at the market in Ostby."),
        ("Who built the south hall?", "The south hall was built by Jonas Weld."),
        ("Who built the hall in the south?", "The hall was built by Jonas Weld."),
        ("Who built the north hall?", "It was built by Orla Finch."),
        ("Who likes raisins?", "My sister Rosalind prefers raisins."),
        ("Which neighbour likes walnuts?", "Fergus prefers walnuts, and Rosalind raisins."),
        ("What did Nordlift do?", "The blades of both fans were mended by Nordlift within two weeks."),
        ("Who won the prize for the best cake?", "The prize for the best cake went to Ben Cole."),
        ("Who won a prize for a cake?", "The prize went to Ben Cole."),
        ("Where is it watched from?", "From a control room in Leven."),
        ("Who does not need the receipt?", "Tom Rain, as the receipt is sent to Nadia Kell in the finance office."),
        ("What does Tom Rain have to do with papers?", "The data officer Tom Rain agrees in writing."),
        ("Which papers may leave?", "Those for which Mr Rain has agreed in writing."),
        ("Where did the desk come from?", "The oldest desk came from Finland, from Turku."),
        ("What happens on Mondays?", "On Mondays the cook buys fish at the market of Ostby."),
    ],
)
def test_a_name_of_its_own_is_left_alone(question: str, answer: str) -> None:
    assert check_swapped(draft(question, answer), OFFICE).keep


def test_names_of_neighbouring_sentences_are_told_apart_by_what_is_asked() -> None:
    spanish = "La torre norte fue construida por Elena Ruiz en 1901. La torre sur fue construida por Tomás Vega."
    answer = draft("¿Quién construyó la torre sur?", "La torre fue construida por Tomás Vega.")
    assert check_swapped(answer, spanish).keep
    french = "Le pont fut dessiné par Luc Morel. Il pleuvait. La tour fut dessinée par Anne Petit en 1920."
    assert check_swapped(draft("Qui a dessiné la tour ?", "Elle fut dessinée par Anne Petit."), french).keep
    italian = (
        "Il ponte fu costruito da Ada Neri. Il mulino fu costruito da Ugo Rossi. La scuola porta il nome di Eva Conti."
    )
    assert check_swapped(draft("Chi costruì il mulino?", "Il mulino fu costruito da Ugo Rossi."), italian).keep


CREW = """She sailed in 1873 with the geologist Beatrix Cole. The two women kept a diary. Rain fell for weeks. A
portrait by the painter Gwendolen Ash hangs in the hall. The ferry Maren Holt carried them. Her sister Astrid Bay was
launched in May. The crew liked both. The cook was Jonas Weld, the mate Ida Fell. He married Edda Rook in Turku. Years
went by. His second wife was Mona Pike. "It was cold," said Karl Olm. Nobody laughed. Nils Berg did not
complain.""".replace("\n", " ")


@pytest.mark.parametrize(
    ("question", "answer", "keep"),
    [
        ("With whom did she sail?", "With the geologist Gwendolen Ash.", False),
        ("With whom did she sail?", "With the geologist Beatrix Cole.", True),
        ("Who painted the portrait?", "The painter Gwendolen Ash.", True),
        ("Which ship was launched in May?", "The ferry Astrid Bay.", True),
        ("Which ship carried them?", "The ferry Maren Holt, a sister of Astrid Bay.", True),
        ("Who cooked?", "The cook Jonas Weld.", True),
        ("Who were the officers?", "The mate Ida Fell and the cook Jonas Weld.", True),
        ("Who kept a diary?", "She and her friend Beatrix Cole, a geologist.", True),
        ("Whom did he marry in the end?", "In the end he married Mona Pike.", True),
        ("Who was content?", "It was good, said Nils Berg, who did not complain.", True),
        ("What do we know of Gwendolen Ash?", "The painter Gwendolen Ash made a portrait.", True),
    ],
)
def test_a_role_belongs_to_one_name(question: str, answer: str, keep: bool) -> None:
    assert check_swapped(draft(question, answer), CREW).keep is keep


VALLEY = """The lake is 90 metres deep off the village of Tarn. The largest island, Ostra, has a chapel. Two thirds of
the water come from the reservoir at Stenn. The river Issa enters the lake in the east and leaves it at the town of
Harl. The new works at Coll cost 12 million. Trout are caught near Harl and sold in Kell. Mayor Ida Voss opened the
bridge. People danced. It was designed by Tom Ashe. The inn by the landing belongs to Tobias Wren. Its cook is Lena
Marsh. A bus goes to Merrow on Fridays, a boat to Kell every day.""".replace("\n", " ")
VALLE = """La romería sale de la ermita de Luna en mayo. El alcalde Juan Prat prohibió los fuegos. El pueblo de Arcos
tiene 300 habitantes. La panadería es de Rosa Gil, que nació en Vega. Su hijo Andrés vive en Soria.""".replace(
    "\n", " "
)


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        (VALLEY, "Where is the lake deepest?", "Off the village of Ostra, where it is 90 metres deep."),
        (VALLEY, "Where does the water come from?", "Two thirds come from the reservoir at Coll."),
        (VALLEY, "Who opened the bridge?", "Mayor Tom Ashe opened the bridge."),
        (VALLE, "¿De dónde sale la romería?", "La romería sale en mayo de la ermita de Arcos."),
    ],
)
def test_a_name_behind_the_word_that_the_source_gives_another_one_is_swapped(
    source: str, question: str, answer: str
) -> None:
    assert not check_swapped(draft(question, answer), source).keep


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        (VALLEY, "Where is the lake deepest?", "Off the village of Tarn."),
        (VALLEY, "Where are trout sold?", "They are sold in the village of Kell."),
        (VALLEY, "Where does the Issa leave the lake?", "It leaves it at Harl, a town."),
        (VALLEY, "Where are trout caught?", "Near the town of Harl."),
        (VALLEY, "Which island has a chapel?", "The island of Ostra, the largest one."),
        (VALLEY, "What did the works at Coll cost?", "The works at Coll cost 12 million."),
        (VALLEY, "Who designed the bridge?", "The engineer Tom Ashe designed the bridge."),
        (VALLEY, "To whom does the inn belong?", "The inn belongs to the landlord Tobias Wren."),
        (VALLEY, "Who cooks at the inn?", "The inn's cook Lena Marsh does."),
        (VALLEY, "How does one get to Merrow?", "There is a bus to Merrow on Fridays."),
        (VALLEY, "How does one get to Kell?", "By the daily boat to Kell."),
        (VALLEY, "What was built at Coll?", "New water works, near the reservoir at Coll."),
        (VALLEY, "Who is Ida Voss?", "The mayor Ida Voss opened the bridge that Tom Ashe had designed."),
        (VALLE, "¿Dónde nació Rosa Gil?", "Nació en el pueblo de Vega."),
        (VALLE, "¿Quién prohibió los fuegos?", "El alcalde Juan Prat."),
        (VALLE, "¿Dónde vive el hijo de la panadera?", "Su hijo Andrés vive en la ciudad de Soria."),
    ],
)
def test_a_word_of_the_answer_before_a_name_is_no_swap(source: str, question: str, answer: str) -> None:
    assert check_swapped(draft(question, answer), source).keep


SCHOOL = """Martha Bell founded the weaving school. With money from Hugh Dane she bought the old mill at Kells. In
Bruges she learned lace-making and dyeing. The lock was planned by Karl Weiss. From the Baltic Bank he received a loan
of 20,000 marks. Kestrel was written by Amy Tran. On GitHub she answers questions about the parser every day. Night
Ferry was directed by Ruth Carver and shot in Arden. The script took three years. The director Iris Blom had turned it
down. The company Brightwater Pumps supplies the motors. Invoices are paid within ten days. Hale Brothers has supplied
the seals since 2004.""".replace("\n", " ")
PONT = """Le pont de Lures fut conçu par Jeanne Morin. Avec l'aide de Paul Caron elle calcula la résistance des câbles.
L'ingénieur Luc Petit surveilla le chantier.""".replace("\n", " ")
IGLESIA = """La iglesia de Ordal fue diseñada por Juan Prat en 1766. La obra duró nueve años. El arquitecto Luis Ferrer
amplió la torre un siglo después.""".replace("\n", " ")


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        (SCHOOL, "Who bought the old mill at Kells?", "Martha Bell bought the old mill at Kells."),
        (SCHOOL, "Who learned lace-making and dyeing?", "Martha Bell learned lace-making and dyeing abroad."),
        (SCHOOL, "Who received a loan of 20,000 marks?", "Karl Weiss received a loan of 20,000 marks."),
        (SCHOOL, "Who answers questions about the parser?", "Amy Tran answers questions about the parser every day."),
        (SCHOOL, "Who made the film Night Ferry?", "The director Ruth Carver made it and shot it in Arden."),
        (SCHOOL, "Who supplies the seals?", "The seals are supplied by the company Hale Brothers."),
        (PONT, "Qui calcula la résistance des câbles ?", "Jeanne Morin calcula la résistance des câbles."),
        (IGLESIA, "¿Quién diseñó la iglesia de Ordal?", "La diseñó el arquitecto Juan Prat en 1766."),
    ],
)
def test_what_a_pronoun_or_other_words_say_of_a_name_is_its_own(source: str, question: str, answer: str) -> None:
    assert check_swapped(draft(question, answer), source).keep


def test_only_the_sentence_with_the_first_name_tells_what_it_belongs_to() -> None:
    told = (
        "Petra Vandermeer founded the club in a shed. The annual contributions of junior members are collected early."
    )
    question = "What of the founding, the contributions of all junior members, and the treasurer in January?"
    assert check_swapped(draft(question, told), CLUB).keep
