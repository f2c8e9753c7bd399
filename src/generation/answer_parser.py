"""A model's text becomes a draft of one sample, or a reason why not; nothing is ever made up."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from src.core.types import GenerationResult, Message
from src.generation.json_repair import JsonError, read_values

Shape = Literal["pair", "turns", "steps", "comparison", "records", "preference"]
"""The form of an answer. pair: a question and its answer; turns: several of these; steps: a question, steps, and an
answer where they lead to one; comparison: a pair that also names the two things; records: a request and the fields to
be taken from the source; preference: a question, a good answer and a worse one."""

MAX_TURNS = 50
_MAX_STEPS = 50


def _schema(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _text(description: str) -> Mapping[str, Any]:
    return {"type": "string", "description": description}


def _list(description: str, items: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "array", "description": description, "items": items}


_QUESTION = _text("what the user asks")
_ANSWER = _text("what the assistant answers")
_PAIR_SCHEMA = _schema(question=_QUESTION, answer=_ANSWER)
_FIELD_SCHEMA = _schema(name=_text("name of the field"), value=_text("its value, copied from the passage"))
_SCHEMAS: Mapping[Shape, Mapping[str, Any]] = {
    "pair": _PAIR_SCHEMA,
    "turns": _schema(turns=_list("the turns of the conversation in order", _PAIR_SCHEMA)),
    "steps": _schema(
        question=_QUESTION,
        steps=_list("the steps in their order, one sentence or two each", _text("one step")),
        answer=_text("what the steps lead to; empty where they are the answer"),
    ),
    "comparison": _schema(
        question=_QUESTION, things=_list("the two things that are compared", _text("one thing")), answer=_ANSWER
    ),
    "records": _schema(
        question=_text("what the user asks to be taken out of a text"),
        records=_list(
            "one entry per thing that is described", _schema(fields=_list("its fields in order", _FIELD_SCHEMA))
        ),
    ),
    "preference": _schema(
        question=_QUESTION,
        chosen=_text("the good answer"),
        rejected=_text("a worse answer that sounds as good"),
        flaw=_text("what is wrong with the worse answer, in a few words"),
    ),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A parsed answer: user and assistant in turn, every content stripped and not empty.

    ``rejected`` is the worse answer of a preference pair and ``flaw`` what is wrong with it; ``things`` are what a
    comparison compares. ``claims`` holds what of the answer speaks of the source, where that is not all of its text
    (the values of extracted fields, without the names and marks around them).
    """

    messages: tuple[Message, ...]
    rejected: str = ""
    flaw: str = ""
    things: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """All that the user says, one turn per line."""
        return "\n".join(turn.content for turn in self.messages if turn.role == "user")

    @property
    def answer(self) -> str:
        """All that the assistant claims, one turn or claim per line."""
        if self.claims:
            return "\n".join(self.claims)
        return "\n".join(turn.content for turn in self.messages if turn.role == "assistant")


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """Why an answer is no draft. ``detail`` completes "The answer cannot be used: ..." for a person and for the
    model."""

    reason: Literal["malformed_answer", "truncated_answer", "value_not_in_source", "things_not_named"]
    detail: str


def _storable(value: str) -> str:
    if "\0" in value:
        raise ValueError("it holds a NUL character")
    return value


_Said = Annotated[str, Field(min_length=1), AfterValidator(_storable)]
_LIST_MARK = re.compile(r"^(?:\(?\d{1,2}[.)]|[-*•])\s+")
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?")


class _Strict(BaseModel):
    """A part of what the model wrote; further names are of no interest."""

    model_config = ConfigDict(strict=True, str_strip_whitespace=True)


class _Form(_Strict, ABC):
    """What the model wrote, in one of the forms."""

    @abstractmethod
    def read(self) -> Draft:
        """The draft that it is."""


class _Pair(_Form):
    """One question and its answer."""

    question: _Said
    answer: _Said

    def read_messages(self) -> tuple[Message, ...]:
        return (Message("user", self.question), Message("assistant", self.answer))

    def read(self) -> Draft:
        return Draft(self.read_messages())


class _Turns(_Form):
    """A conversation as pairs: no order of roles that a model could get wrong."""

    turns: list[_Pair] = Field(min_length=1, max_length=MAX_TURNS)

    def read(self) -> Draft:
        return Draft(tuple(message for pair in self.turns for message in pair.read_messages()))


class _Steps(_Form):
    """Steps that are the answer are numbered; steps that lead to an answer stand above it."""

    question: _Said
    steps: list[_Said] = Field(min_length=2, max_length=_MAX_STEPS)
    answer: Annotated[str, AfterValidator(_storable)] = ""

    def read(self) -> Draft:
        steps = [_LIST_MARK.sub("", step) for step in self.steps]
        text = "\n".join(steps if self.answer else (f"{number}. {step}" for number, step in enumerate(steps, start=1)))
        return _draft(self.question, f"{text}\n\n{self.answer}".strip())


class _Comparison(_Form):
    question: _Said
    things: list[_Said] = Field(min_length=2, max_length=2)
    answer: _Said

    @model_validator(mode="after")
    def _differ(self) -> _Comparison:
        if self.things[0].casefold() == self.things[1].casefold():
            raise ValueError("things: the two are the same")
        return self

    def read(self) -> Draft:
        return replace(_draft(self.question, self.answer), things=tuple(self.things))


class _Field(_Strict):
    name: _Said
    value: _Said


class _Record(_Strict):
    fields: list[_Field] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _differ(self) -> _Record:
        if len({field.name for field in self.fields}) < len(self.fields):
            raise ValueError("two fields have the same name")
        return self


class _Records(_Form):
    """The answer is written by code: it is JSON whatever the model would have made of it."""

    question: _Said
    records: list[_Record] = Field(min_length=1, max_length=100)

    def read(self) -> Draft:
        objects = [{field.name: _plain_value(field.value) for field in record.fields} for record in self.records]
        answer = json.dumps(objects[0] if len(objects) == 1 else objects, ensure_ascii=False)
        claims = tuple(field.value for record in self.records for field in record.fields)
        return replace(_draft(self.question, answer), claims=claims)


class _Preference(_Form):
    question: _Said
    chosen: _Said
    rejected: _Said
    flaw: Annotated[str, AfterValidator(_storable)] = ""

    @model_validator(mode="after")
    def _differ(self) -> _Preference:
        if self.chosen.casefold() == self.rejected.casefold():
            raise ValueError("chosen and rejected are the same")
        return self

    def read(self) -> Draft:
        return replace(_draft(self.question, self.chosen), rejected=self.rejected, flaw=self.flaw)


class _ChatTurn(_Strict):
    role: Literal["user", "assistant"]
    content: _Said


class _Chat(_Form):
    """The form that models know best and fall back to when no schema binds them."""

    messages: list[_ChatTurn] = Field(min_length=2, max_length=2 * MAX_TURNS)

    @model_validator(mode="after")
    def _alternate(self) -> _Chat:
        wanted = ["user", "assistant"] * (len(self.messages) // 2)
        if [turn.role for turn in self.messages] != wanted:
            raise ValueError("user and assistant must take turns, the user first and the assistant last")
        return self

    def read(self) -> Draft:
        return Draft(tuple(Message(turn.role, turn.content) for turn in self.messages))


def answer_schema(shape: Shape) -> Mapping[str, Any]:
    """The JSON schema of an answer, within what every provider's constrained output understands."""
    return _SCHEMAS[shape]


def parse_answer(result: GenerationResult, shape: Shape = "pair") -> Draft | ParseFailure:
    """Read one sample out of a model's answer.

    An answer that ended at the token limit is never taken, however whole it looks. What was asked for as a pair, as
    turns, as steps or as a comparison may come in any form that is a conversation; records and preferences may not:
    a plain answer has neither the fields nor the worse answer.
    """
    if result.finish_reason == "length":
        return ParseFailure("truncated_answer", "it was cut off at the token limit")
    if not result.text.strip():
        return ParseFailure("malformed_answer", "it is empty")
    try:
        found = [_unwrap(value) for value in read_values(result.text)]
    except JsonError as error:
        return ParseFailure("malformed_answer", str(error))
    drafts = [_read_draft(value, shape) for value in found]
    good = [draft for draft in drafts if isinstance(draft, Draft)]
    if len(good) > 1:
        return ParseFailure("malformed_answer", "it holds more than one JSON object")
    return good[0] if good else drafts[0]


def _unwrap(value: Any) -> Any:
    """The only element of a list of one: some models put every answer into a list."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _read_draft(value: Any, shape: Shape) -> Draft | ParseFailure:
    if not isinstance(value, dict):
        return ParseFailure("malformed_answer", "it is not one JSON object")
    try:
        return _form_of(value, shape).model_validate(value).read()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the object"
        return ParseFailure("malformed_answer", f"{where}: {first['msg'].removeprefix('Value error, ')}")


def _form_of(value: Mapping[str, Any], shape: Shape) -> type[_Form]:
    if shape == "records":
        return _Records
    if shape == "preference":
        return _Preference
    named: tuple[tuple[str, type[_Form]], ...] = (("turns", _Turns), ("messages", _Chat), ("steps", _Steps))
    if shape == "comparison" and "things" in value:
        return _Comparison
    return next((form for name, form in named if name in value), _Pair)


def _draft(question: str, answer: str) -> Draft:
    return Draft((Message("user", question), Message("assistant", answer)))


def _plain_value(text: str) -> str | int | float:
    """A value as JSON would have it: a number where it is written as one, without losing a digit of it."""
    if not _PLAIN_NUMBER.fullmatch(text):
        return text
    number: int | float = json.loads(text)
    return number if str(number) == text else text
