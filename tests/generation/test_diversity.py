"""What counts as the same question, as the same fact, and as neither."""

from __future__ import annotations

import pytest

from src.generation.diversity import Admitted

DRY = ("How long should a clay pot dry before it is fired?", "About a week, until it no longer feels cold.")


def reason(question: str, answer: str = "", place: str = "p", kept: tuple[str, str] = DRY) -> str:
    admitted = Admitted()
    admitted.add(*kept, "p")
    return admitted.find(question, answer, place).reason


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("how long should a clay pot dry, before it is fired", "A week.", "duplicate_question"),
        ("How long should a clay pot dry before it is fired first?", "About a week.", "near_duplicate_question"),
        (
            "For what time do you leave earthenware to dry?",
            "About a week, until it feels no longer cold.",
            "paraphrased_duplicate",
        ),
        ("Why does a clay pot crack in the fire?", "The water in it turns to steam.", ""),
    ],
)
def test_the_same_question_and_the_same_fact_come_once(question: str, answer: str, expected: str) -> None:
    assert reason(question, answer) == expected


def test_questions_of_one_form_about_different_things_are_different() -> None:
    kept = ("How high is Mount Ellery?", "Mount Ellery is 4,212 m high.")
    assert reason("How high is Mount Bassard?", "Mount Bassard is 5,106 m high.", "q", kept) == ""
    assert reason("Is there a hut on Mount Bassard?", "Yes.", "q", ("Is there a hut on Mount Ellery?", "Yes.")) == ""


def test_two_answers_with_other_numbers_tell_two_facts() -> None:
    kept = ("What is the adult dose of Velorin?", "250 mg a day.")
    assert reason("How much Velorin may a child take?", "100 mg a day.", "p", kept) == ""


def test_numbers_in_words_and_in_digits_are_the_same_fact() -> None:
    kept = ("How many members does a new club need?", "Seven members.")
    assert reason("Which number of people must found a club?", "7 members.", "p", kept) == "paraphrased_duplicate"


def test_a_yes_is_no_fact_that_could_be_told_twice() -> None:
    kept = ("Are dogs allowed on the ferry?", "Yes.")
    assert reason("Is there a bakery in the harbour?", "Yes.", "p", kept) == ""


def test_chinese_questions_are_compared_by_characters() -> None:
    kept = ("做豆腐之前黄豆要泡多久？", "需要泡八小时。")
    assert reason("做豆腐之前黄豆要泡多长时间？", "8小时。", "p", kept) != ""
    assert reason("豆浆为什么要用布过滤？", "为了去掉豆渣。", "p", kept) == ""


def test_everything_is_new_to_an_empty_dataset_and_an_empty_question_harms_nothing() -> None:
    assert Admitted().find("What is it?").keep
    admitted = Admitted()
    admitted.add("???")
    assert admitted.find("What is a kiln?").keep


def test_thousands_of_kept_questions_leave_few_to_be_compared() -> None:
    admitted = Admitted()
    for number in range(3000):
        admitted.add(f"What does part{number} of machine{number % 50} do?", f"It turns wheel{number}.", f"p{number}")
    assert admitted.find("What does part2999 of machine49 do?").reason == "duplicate_question"
    assert (
        admitted.find("What does part7 of machine7 do now?", "It turns wheel7.", "p7").reason
        == "near_duplicate_question"
    )
    assert admitted.find("Where is part9 of machine9 kept?", "In the cellar.", "p9").keep


def test_the_same_answer_again_is_the_same_fact_in_whatever_words_it_is_asked_for() -> None:
    kept = ("When does the switch -k of potwheel have an effect?", "Only along with -m.")
    assert reason("Under what condition is potwheel's -k valid?", "Only along with -m.", "p", kept)


def test_questions_that_share_no_word_are_about_two_things() -> None:
    kept = ("How wide is the kiln door?", "80 centimetres.")
    assert reason("When is the clay stored?", "If the shelf is between 66 and 80 centimetres wide.", "p", kept) == ""


def test_a_number_alone_and_a_range_that_ends_with_it_are_two_facts() -> None:
    kept = ("What is the default glaze level of potwheel?", "6")
    other = "3 to 6: the pots look almost as good as with higher levels, and it goes much faster."
    assert reason("Which glaze levels of potwheel are a good choice?", other, "p", kept) == ""


def test_questions_of_the_same_words_that_ask_for_another_thing_are_two() -> None:
    kept = ("Why was the Hadley plant closed?", "Because its boilers no longer met the emission limits of 2016.")
    assert reason("When was the Hadley plant closed?", "In 2016, when new emission limits came.", "p", kept) == ""
    kept = (
        "What should be done if the alarm of the pump sounds?",
        "Switch it off, close the valve, see to the filter.",
    )
    assert reason("Why does the alarm of the pump sound?", "Because the filter is blocked.", "p", kept) == ""
    kept = ("Why does the alarm of the pump sound?", "Because the filter is blocked.")
    assert reason("What does the alarm of the pump sound for?", "A blocked filter.", "p", kept)


def test_a_share_and_what_is_left_of_it_are_two_facts() -> None:
    kept = ("What share of households in Ulm heat with wood?", "28 percent.")
    other = "72 percent, as 28 percent do."
    assert reason("What share of households in Ulm do not heat with wood?", other, "p", kept) == ""


def test_words_that_most_questions_of_a_passage_have_do_not_make_two_of_them_the_same() -> None:
    tour = ("Where does a tour of the Harl brewery start?", "It starts in the malt house and ends in the tasting room.")
    account = (
        "Visitors see the malt house first and then the brewing hall with two copper kettles. They walk through the"
        " fermenting cellar, where hops from the valley are stored. At the end, beers are poured in the tasting room."
    )
    others = [
        ("Who runs the Harl brewery?", "Nora Vance."),
        ("What does a tour of the Harl brewery cost?", "14 pounds."),
        ("When was the Harl brewery founded?", "In 1862."),
        ("Are dogs allowed on a tour of the Harl brewery?", "They wait in the yard."),
    ]
    admitted = Admitted()
    for question, answer in [*others, tour]:
        admitted.add(question, answer, "p")
    assert admitted.find("What does a tour of the Harl brewery consist of?", account, "p").keep
    again = "At what place does a tour of the Harl brewery begin?"
    assert not admitted.find(again, "In the malt house, and it ends in the tasting room.", "p").keep


def test_questions_of_one_form_about_other_names_are_different_questions():
    admitted = Admitted()
    rows = [
        ("When does the Northgate library open and close?", "It opens at 9.00 and closes at 18.30."),
        ("When does the Millfield library open and close?", "It opens at 10.00 and closes at 17.00."),
        ("When does the Southbank library open and close?", "The Southbank library opens at 8.30 and closes at 20.00."),
    ]
    for question, answer in rows:
        assert admitted.find(question, answer, "hours").keep
        admitted.add(question, answer, "hours")
    again = admitted.find(
        "At what times does Southbank library open and close?", "It opens at 8.30, closes at 20.00.", "hours"
    )
    assert not again.keep
