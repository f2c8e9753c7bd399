"""A model's text becomes a draft or a reason; a cut answer never becomes a draft."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.core.types import GenerationResult, Message
from src.generation.answer_parser import Draft, ParseFailure, Shape, answer_schema, parse_answer
from src.generation.planning.tasks import RULES
from src.generation.task_prompts import task_prompt_name

PROMPTS = Path(__file__).parents[2] / "prompts"
GOOD = '{"question": "What is slip?", "answer": "Slip is liquid clay."}'
FACES = st.text(min_size=1).map(str.strip).filter(lambda text: text and "\0" not in text)


def parse(text: str, shape: Shape = "pair") -> Draft | ParseFailure:
    return parse_answer(GenerationResult(text, "m"), shape)


def draft(*turns: str) -> Draft:
    roles = ("user", "assistant")
    return Draft(tuple(Message(roles[place % 2], turn) for place, turn in enumerate(turns)))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"[{GOOD}]",
        f"```json\n{GOOD}\n```",
        f"Here you are:\n{GOOD}\nDo you want more?",
        GOOD.replace("}", ', "topic": "clay"}'),
        '{"turns": [' + GOOD + "]}",
        (
            '{"messages": [{"role": "user", "content": "What is slip?"},'
            ' {"role": "assistant", "content": "Slip is liquid clay."}]}'
        ),
        GOOD.replace('"What', '"  \\n What').replace('clay."', 'clay. "'),
        f"As in [1], an object {{like this}}: {GOOD}",
    ],
)
def test_the_same_pair_is_read_from_all_its_wrappings(text: str) -> None:
    assert parse(text) == draft("What is slip?", "Slip is liquid clay.")


def test_a_conversation_keeps_its_turns_in_order() -> None:
    turns = [{"question": f"q{number}", "answer": f"a{number}"} for number in range(3)]
    found = parse(json.dumps({"turns": turns}))
    assert found == draft("q0", "a0", "q1", "a1", "q2", "a2")
    assert isinstance(found, Draft)
    assert found.question == "q0\nq1\nq2"
    assert found.answer == "a0\na1\na2"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("Sorry, no.", "no JSON object"),
        ('{"question": "What is slip?"}', "answer: Field required"),
        ('{"question": "What is slip?", "answer": "  "}', "answer: String should have at least 1 character"),
        ('{"question": 7, "answer": "x"}', "question: Input should be a valid string"),
        ('{"question": "a\\u0000b", "answer": "x"}', "NUL"),
        ('{"turns": []}', "turns: List should have at least 1 item"),
        ('{"turns": [{"question": "q"}]}', "turns.0.answer"),
        ('{"messages": [{"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}]}', "take turns"),
        ('{"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]}', "messages.0.role"),
        (f"{GOOD}\n{GOOD}", "more than one"),
        (f"[{GOOD}, {GOOD}]", "not one JSON object"),
        ('"just text"', "not one JSON object"),
        ('{"question": "What is slip?", "answer": "Slip is liq', "within a text"),
        ('{"question": "What is slip?", "answer": "Slip is liq"', "before its brackets"),
    ],
)
def test_an_unusable_answer_says_what_is_wrong(text: str, detail: str) -> None:
    found = parse(text)
    assert isinstance(found, ParseFailure)
    assert found.reason == "malformed_answer"
    assert detail in found.detail


def test_an_answer_cut_at_the_token_limit_is_never_taken() -> None:
    found = parse_answer(GenerationResult(GOOD, "m", finish_reason="length"))
    assert isinstance(found, ParseFailure)
    assert found.reason == "truncated_answer"


@given(FACES, FACES)
def test_every_text_survives_the_way_through_json(question: str, answer: str) -> None:
    assert parse(json.dumps({"question": question, "answer": answer})) == draft(question, answer)


@given(FACES, FACES, st.data())
def test_a_prefix_of_an_answer_is_never_a_shorter_answer(question: str, answer: str, data: st.DataObject) -> None:
    whole = json.dumps({"question": question, "answer": answer})
    found = parse(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert isinstance(found, ParseFailure) or found == draft(question, answer)


def field_names(schema: object) -> set[str]:
    if isinstance(schema, dict):
        own = set(schema.get("properties", {}))
        return own.union(*(field_names(value) for value in schema.values()))
    return set()


FORMS = [
    ("system/free_mode.txt", "turns"),
    *((task_prompt_name(task), rule.shape) for task, rule in RULES.items()),
]


@pytest.mark.parametrize(("name", "shape"), FORMS)
def test_every_field_of_the_schema_stands_in_the_prompt_that_asks_for_it(name: str, shape: Shape) -> None:
    prompt = (PROMPTS / name).read_text(encoding="utf-8")
    for field in field_names(answer_schema(shape)):
        assert f'"{field}"' in prompt


@pytest.mark.parametrize(("name", "shape"), FORMS)
def test_every_example_of_a_prompt_is_an_answer_that_the_parser_takes(name: str, shape: Shape) -> None:
    lines = (PROMPTS / name).read_text(encoding="utf-8").splitlines()
    examples = [line for line in lines if line.startswith("{")]
    assert examples
    for example in examples:
        assert isinstance(parse(example, shape), Draft)


def test_steps_that_are_the_answer_are_numbered_by_the_program() -> None:
    text = '{"question": "How?", "steps": ["1. Mix it.", "- Wait.", "Stir."], "answer": ""}'
    assert parse(text, "steps") == draft("How?", "1. Mix it.\n2. Wait.\n3. Stir.")


def test_steps_that_lead_to_an_answer_stand_above_it() -> None:
    text = '{"question": "Why?", "steps": ["It is wet.", "Wet clay bursts."], "answer": "So wait."}'
    assert parse(text, "steps") == draft("Why?", "It is wet.\nWet clay bursts.\n\nSo wait.")


def test_extracted_fields_become_json_whose_claims_are_their_values() -> None:
    one = {"fields": [{"name": "colour", "value": "red"}, {"name": "litres", "value": "2.5"}]}
    found = parse(json.dumps({"question": "Which?", "records": [one]}), "records")
    assert isinstance(found, Draft)
    assert json.loads(found.messages[1].content) == {"colour": "red", "litres": 2.5}
    assert found.claims == ("red", "2.5")
    assert found.answer == "red\n2.5"
    several = parse(json.dumps({"question": "Which?", "records": [one, one]}), "records")
    assert isinstance(several, Draft)
    assert len(json.loads(several.messages[1].content)) == 2


@pytest.mark.parametrize("value", ["2.50", "007", "1e5", "1234567890123456789", "-0", "NaN", "1,5"])
def test_a_value_that_json_would_write_otherwise_stays_a_text(value: str) -> None:
    record = {"fields": [{"name": "value", "value": value}]}
    found = parse(json.dumps({"question": "Which?", "records": [record]}), "records")
    assert isinstance(found, Draft)
    assert json.loads(found.messages[1].content) == {"value": value}


def test_a_preference_pair_keeps_its_worse_answer_apart() -> None:
    text = '{"question": "What is slip?", "chosen": "Liquid clay.", "rejected": "Dry clay.", "flaw": "wrong"}'
    found = parse(text, "preference")
    assert isinstance(found, Draft)
    assert (found.question, found.answer, found.rejected, found.flaw) == (
        "What is slip?",
        "Liquid clay.",
        "Dry clay.",
        "wrong",
    )


def test_a_comparison_names_its_two_things() -> None:
    found = parse(GOOD.replace("{", '{"things": ["slip", "clay"], '), "comparison")
    assert isinstance(found, Draft)
    assert found.things == ("slip", "clay")
    assert parse(GOOD, "comparison") == draft("What is slip?", "Slip is liquid clay.")


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (GOOD, "records"),
        (GOOD, "preference"),
        ('{"question": "q", "chosen": "Same.", "rejected": "same.", "flaw": ""}', "preference"),
        ('{"question": "q", "things": ["Slip", "slip"], "answer": "a"}', "comparison"),
        ('{"question": "q", "things": ["slip"], "answer": "a"}', "comparison"),
        ('{"question": "q", "steps": ["only one"], "answer": ""}', "steps"),
        ('{"question": "q", "records": [{"fields": []}]}', "records"),
        (
            '{"question": "q", "records": [{"fields": [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]}]}',
            "records",
        ),
    ],
)
def test_a_form_that_lacks_what_its_task_is_about_is_malformed(text: str, shape: Shape) -> None:
    found = parse(text, shape)
    assert isinstance(found, ParseFailure)
    assert found.reason == "malformed_answer"


@pytest.mark.parametrize("shape", ["pair", "turns", "steps", "comparison", "records", "preference"])
def test_the_schema_keeps_to_what_every_constrained_output_understands(shape: Shape) -> None:
    def check(schema: object) -> None:
        if not isinstance(schema, dict):
            return
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])
        assert not {"$ref", "anyOf", "minItems", "minLength", "pattern"} & set(schema)
        for value in schema.values():
            check(value)

    check(answer_schema(shape))
