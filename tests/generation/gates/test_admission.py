"""The gates together: one line per reason, what each mode does with it, and what is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.types import Message, Span, Task
from src.generation.answer_parser import Draft
from src.generation.gates.admission import Gates
from src.generation.gates.leakage import PromptTraces
from src.generation.task_prompts import all_prompt_text
from src.utils.chunker import Passage

PROMPTS = Path(__file__).parents[3] / "prompts"
TEXT = (
    "The kiln of the Amberly pottery is fired in three stages. First it is heated slowly to 600 °C, so that the water "
    "leaves the clay. Marta Quill built it in 1962 out of 4,000 bricks. A sign on the door says “Do not open before "
    "noon”. The command `kiln --status` shows the temperature. The last stage takes nine hours."
)
OTHER = "The Amberly shop sells jugs and tiles. On Mondays it is closed, and in winter the owner repairs the roof."
TRACES = PromptTraces.of(all_prompt_text(PROMPTS, "system/create_mode.txt"))


def passage(text: str = TEXT, number: int = 0, heading: str = "The kiln") -> Passage:
    return Passage("amberly.txt", text, Span(0, len(text)), "", heading, f"p{number}")


PASSAGES = (passage(), passage(OTHER, 1, "The shop"))


def draft(question: str, answer: str, *more: str) -> Draft:
    roles = ("user", "assistant")
    return Draft(tuple(Message(roles[place % 2], turn) for place, turn in enumerate((question, answer, *more))))


def reason(question: str, answer: str, *more: str, task: Task | None = None, source: Passage = PASSAGES[0]) -> str:
    return Gates(TRACES, PASSAGES).admit(draft(question, answer, *more), source, task).reason


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("To what temperature is the Amberly kiln heated at first?", "Slowly to 600 degrees Celsius."),
        ("How many stages does a firing of the kiln have?", "It has 3 stages."),
        ("What does the sign on the kiln's door say?", 'It says "do not open before noon".'),
        ("How can I see the temperature of the kiln?", "Run `kiln --status`."),
        ("Why is the kiln heated slowly?", "It gives the water time to leave the clay."),
        ("Who built the kiln of the Amberly pottery?", "Marta Quill did, in 1962. She needed 4000 bricks."),
        (
            "Is it true that nobody may open the kiln in the morning?",
            "Yes. According to a sign on its door, it stays shut until noon.",
        ),
        ("For how long does the final stage of the kiln last?", "9 hours"),
    ],
)
def test_a_grounded_pair_in_other_words_is_kept(question: str, answer: str) -> None:
    assert reason(question, answer) == ""


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Kiln?", "It is an oven that fires clay.", "question_too_short"),
        ("How hot does the kiln get first?", "…", "answer_too_short"),
        ("How hot does the kiln get first?", "N/A", "placeholder"),
        ("The kiln is heated slowly.", "The kiln is heated slowly!", "answer_repeats_question"),
        ("How hot is the Amberly kiln in the first stage?", "It reaches 660 °C.", "number_not_in_source"),
        ("How long is the last stage of the kiln?", "It takes eleven hours.", "number_not_in_source"),
        ("How long is the last stage of the kiln?", "It takes 600 hours.", "number_of_something_else"),
        ("What does the sign on the kiln say?", 'It says "Do not enter".', "quote_not_in_source"),
        ("How can I see the kiln's temperature?", "Run `kiln --temp`.", "quote_not_in_source"),
        ("How can I see the kiln's temperature?", "Use the option --watch of kiln.", "code_not_in_source"),
        ("Who built the kiln of Amberly?", "It was built by Laura Beck in 1962.", "name_not_in_source"),
        ("What did Peter Novak build of 4,000 bricks?", "He built the kiln in 1962.", "name_not_in_source"),
        ("How hot is the kiln first?", "According to the passage, it reaches 600 °C.", "refers_to_source"),
        ("How hot is the kiln first?", "As mentioned above, 600 °C.", "refers_to_source"),
        ("How hot does it get?", "It reaches 600 °C.", "question_without_context"),
        ("Why are the lamps of a darkroom red?", "They do not spoil the paper.", "copied_example"),
        ("Who built the kiln?", "Marta Quill. Task: $persona", "prompt_leakage"),
        (
            "Why is the kiln heated slowly?",
            "Damit das Wasser aus dem Ton entweichen kann und nichts platzt.",
            "wrong_language",
        ),
        ("Why is the kiln heated slowly?", "It is heated slowly so that the water", "truncated_answer"),
        ("How many bricks does the kiln have?", "Marta Quill used bricks for it.", "answer_type_mismatch"),
        (
            "Why is the kiln heated slowly?",
            "Insurance companies demand gentle treatment because sudden smoke frightens neighbours.",
            "answer_not_in_source",
        ),
        ("How do vaccines train our immunity?", "Harmless antigens teach lymphocytes.", "question_off_source"),
        (
            "When was the kiln built out of bricks?",
            "The kiln was built out of bricks at that time.",
            "gives_answer_away",
        ),
    ],
)
def test_every_reason_is_given_for_its_fault(question: str, answer: str, expected: str) -> None:
    assert reason(question, answer) == expected


def test_a_question_that_leads_to_another_passage_is_rejected() -> None:
    far = [
        passage(f"Chapter {number} tells how potters {word} their {thing} by hand.", number, "Potters")
        for number, (word, thing) in enumerate([("wash", "aprons"), ("paint", "vases"), ("carve", "spoons")], start=2)
    ]
    gates = Gates(TRACES, (*PASSAGES, *far))
    verdict = gates.admit(
        draft("How do potters paint their vases by hand?", "They paint their vases by hand and wash aprons."), far[0]
    )
    assert verdict.keep  # a neighbour in the same document
    verdict = gates.admit(
        draft("On which day is the Amberly shop closed?", "The shop of the potters is closed on Mondays."), far[2]
    )
    assert not verdict.keep


def test_every_turn_of_a_conversation_is_checked() -> None:
    good = ("How many stages does a firing of the kiln have?", "It has three stages.")
    assert reason(*good, "How hot is the first?", "It reaches 600 °C.") == ""
    assert reason(*good, "How hot is the first?", "It reaches 700 °C.") == "number_not_in_source"
    assert reason(*good, "And the first?", "?") == "answer_too_short"


def test_a_refusal_may_say_that_the_source_has_no_answer() -> None:
    question, answer = (
        "What did the kiln of Amberly cost?",
        "That price is unknown; no invoice or ledger survived that would document what the builder paid.",
    )
    assert reason(question, answer) == "answer_not_in_source"
    assert reason(question, answer, task="refusal") == ""


def test_extracted_data_are_no_sentences() -> None:
    question = "List the builder of the Amberly kiln as JSON, with the field builder."
    answer = '[{"builder": "Marta Quill"}]'
    data = Draft((Message("user", question), Message("assistant", answer)), claims=("Marta Quill",))
    assert Gates(TRACES, PASSAGES).admit(data, PASSAGES[0], "extraction").reason == ""


def test_numbers_may_be_worked_out_where_reasoning_is_asked_for() -> None:
    question = "How many bricks would two kilns like the one of the Amberly pottery take?"
    answer = "Two kilns like that one of the pottery would take 8,000 bricks."
    assert reason(question, answer) == "number_not_in_source"
    assert reason(question, answer, task="reasoning") == ""


def test_without_a_passage_nothing_is_checked_against_one() -> None:
    empty = passage("", 7, "")
    assert reason("How hot is the first stage of a kiln?", 'It reaches 700 °C, called "red heat".', source=empty) == ""


def test_in_any_language_only_numbers_and_quotes_are_compared() -> None:
    gates = Gates(TRACES, PASSAGES, any_language=True)
    german = draft(
        "Warum wird der Ofen in Amberly langsam erhitzt?", "Damit das Wasser aus dem Ton entweicht, zuerst bis 600 °C."
    )
    assert gates.admit(german, PASSAGES[0]).keep
    wrong = draft(
        "Wie heiß wird der Ofen in Amberly zuerst?", "Er wird zuerst nur auf 900 °C erhitzt, und zwar langsam."
    )
    assert gates.admit(wrong, PASSAGES[0]).reason == "number_not_in_source"


def test_report_keeps_what_strict_rejects_and_off_asks_nothing() -> None:
    wrong = draft("How hot is the Amberly kiln in the first stage?", "It reaches 660 °C.")
    assert Gates(TRACES, PASSAGES).admit(wrong, PASSAGES[0]) == (False, "number_not_in_source", "660")
    assert Gates(TRACES, PASSAGES, "report").admit(wrong, PASSAGES[0]) == (True, "number_not_in_source", "660")
    off = Gates(TRACES, PASSAGES, "off")
    assert [off.admit(wrong, PASSAGES[0]) for _ in range(2)] == [(True, "", "")] * 2


def test_a_rejected_question_may_come_again() -> None:
    gates = Gates(TRACES, PASSAGES)
    question = "How hot is the Amberly kiln in the first stage?"
    assert not gates.admit(draft(question, "It reaches 5 °C."), PASSAGES[0]).keep
    assert gates.admit(draft(question, "It reaches 600 °C."), PASSAGES[0]).keep
    assert gates.admit(draft(question.upper(), "It is 600 °C hot."), PASSAGES[0]).reason == "duplicate_question"


def test_questions_of_extracted_conversations_are_taken_in_other_words_too() -> None:
    gates = Gates(TRACES, PASSAGES)
    gates.take(["How hot is the Amberly kiln in its first stage?"])
    again = draft("How hot does the Amberly kiln get in its first stage?", "It reaches 600 °C.")
    assert gates.admit(again, PASSAGES[0]).reason == "near_duplicate_question"


def test_that_the_source_has_no_answer_is_one_where_it_has_none() -> None:
    assert reason("How many decibels does the Amberly kiln produce?", "The text does not say how loud it is.") == ""
    silent = reason(
        "How many bricks does the Amberly kiln have?", "The passage does not say how many bricks there are."
    )
    assert silent == "refers_to_source"


def test_the_formula_of_a_substance_may_be_asked_for_and_no_other_name() -> None:
    assert reason("How hot is the Amberly kiln before it gives off HCl?", "600 °C.") == ""
    assert reason("How hot is the Amberly kiln of PaLo Quist?", "600 °C.") == "name_not_in_source"


VELA = passage(
    "La empresa Vela de Rosa Gil fabrica botones en Arcos. Un restaurante le ha ofrecido comprar el taller. Rosa Gil no"
    " quiere venderlo, porque preferiría que siguiera alguien del pueblo.",
    2,
    "Vela",
)


def test_a_verb_before_a_name_at_the_beginning_of_a_question_is_no_name() -> None:
    answer = "Parece que no, porque preferiría que siguiera alguien del pueblo."
    assert reason("¿Aceptará Rosa Gil la oferta de comprar el taller?", answer, source=VELA) == ""
    assert reason("¿Aceptará Rosa Prat la oferta de comprar el taller?", answer, source=VELA) == "name_not_in_source"


def test_code_may_have_in_it_what_the_question_brings_in() -> None:
    source = passage("With `kiln --env NAME` the variable NAME becomes part of the report.", 3)
    assert (
        reason("How do I make gas_level part of the kiln's report?", "Run `kiln --env gas_level`.", source=source) == ""
    )
    other = reason("How do I make gas_level part of the kiln's report?", "Run `kiln --env air_level`.", source=source)
    assert other == "quote_not_in_source"
