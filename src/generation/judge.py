"""A second model that sees the passage says whether a draft is grounded; what it cites is compared by code."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Message, Span
from src.generation.answer_parser import Draft, ParseFailure
from src.generation.engine import Engine
from src.generation.evidence import find_cited
from src.generation.json_repair import JsonError, read_values
from src.generation.reask import Parsed, Question, ask_and_parse
from src.utils.prompt_loader import Prompt

JUDGE_PROMPT = "system/judge.txt"
MAX_JUDGE_TOKENS = 2048
_NOT_THERE: Final = "value_not_in_source"

_SCHEMA = {
    "type": "object",
    "properties": {
        "grounded": {"type": "boolean", "description": "whether the passage says all that the answer claims"},
        "evidence": {
            "type": "array",
            "description": "the places that prove it",
            "items": {
                "type": "object",
                "properties": {
                    "line": {"type": "integer", "description": "number of the line"},
                    "words": {"type": "string", "description": "words copied from it"},
                },
                "required": ["line", "words"],
                "additionalProperties": False,
            },
        },
        "problem": {"type": "string", "description": "what is wrong, in one sentence; empty when nothing is"},
    },
    "required": ["grounded", "evidence", "problem"],
    "additionalProperties": False,
}


class Judgement(NamedTuple):
    """``grounded``: with ``evidence``, its places in the passage; ``objection``: with its ``problem``; ``unproved``: it
    cites what is not there, or nothing, also when asked again; ``unverified``: the judge could not be asked or read,
    for which nothing is dropped."""

    state: Literal["grounded", "objection", "unproved", "unverified"]
    problem: str = ""
    evidence: tuple[Span, ...] = ()


class Judge:
    """Asks one model about drafts; its answers are journalled like all others."""

    def __init__(self, engine: Engine, model: WriterModel, prompts: Path) -> None:
        """Raises ConfigError as ``Prompt`` does."""
        self._engine = engine
        self._model = model
        self._prompts = prompts
        self._text = Prompt(prompts, JUDGE_PROMPT)

    async def judge(self, draft: Draft, passage: str, slot: str) -> Judgement:
        """What the model says of ``draft``. Raises the ProviderError that ends the run."""
        shown = "\n".join(f"{number}: {line}" for number, line in enumerate(passage.splitlines(), start=1))
        prompt = self._text.fill(lines=shown, question=draft.question, answer=draft.answer)
        question = Question(f"{slot}/judge", prompt, self._request)
        answer = await ask_and_parse(self._engine, self._prompts, question, partial(_read, passage))
        if isinstance(answer, Parsed):
            return answer.value
        return Judgement("unproved" if answer.reason == _NOT_THERE else "unverified", answer.detail)

    def _request(self, prompt: str, _attempt: int) -> ChatRequest:
        return ChatRequest(
            model=self._model.id,
            messages=(Message("user", prompt),),
            temperature=0.0,
            max_tokens=min(MAX_JUDGE_TOKENS, self._model.max_output_tokens),
            json_schema=_SCHEMA,
        )


class _Place(BaseModel):
    model_config = ConfigDict(strict=True)
    line: int
    words: str


class _Said(BaseModel):
    model_config = ConfigDict(strict=True)
    grounded: bool
    evidence: list[_Place]
    problem: str


def _read(passage: str, result: GenerationResult) -> Judgement | ParseFailure:
    try:
        (value,) = read_values(result.text)
        said = _Said.model_validate(value)
    except (JsonError, ValidationError, ValueError) as error:
        return ParseFailure("malformed_answer", str(error).splitlines()[0])
    if not said.grounded:
        return Judgement("objection", said.problem.strip() or "the passage does not say it")
    places = [find_cited(_without_number(place), passage) for place in said.evidence]
    if places and all(places):
        return Judgement("grounded", evidence=tuple(dict.fromkeys(span for found in places for span in found)))
    strange = next((place.words for place, found in zip(said.evidence, places, strict=True) if not found), "")
    cited = f"the passage does not have its evidence {strange!r}" if strange else "it names no words as evidence"
    return ParseFailure(_NOT_THERE, cited)


def _without_number(place: _Place) -> str:
    """The words without the number of their line, which stands before it where the judge sees it."""
    return place.words.strip().removeprefix(f"{place.line}:")
