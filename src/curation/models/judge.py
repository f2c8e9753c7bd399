"""A model gives each row four marks; what it writes is checked against the schema, and asked for once more if wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from src.core.specs import WriterModel
from src.core.types import ChatRequest, GenerationResult, Message
from src.curation.models.asking import Models, slot_of
from src.curation.records import CuratedObject, as_pair
from src.curation.scoring.dimensions import Dimensions, with_scores
from src.curation.scoring.stage import has_score, keep
from src.curation.stages.shards import Outcome
from src.generation.answer_parser import ParseFailure
from src.generation.engine import Engine
from src.generation.json_repair import JsonError, read_values
from src.generation.reask import Question, Unusable, ask_and_parse
from src.utils.prompt_loader import Prompt

SCORE_PROMPT: Final = "curation/score.txt"
_MAX_TOKENS: Final = 400
_LONGEST: Final = 24_000
"""Characters of each half that the judge sees: what is longer is judged by its beginning and its end."""
_SCHEMA: Final = {
    "type": "object",
    "properties": {name: {"type": "integer"} for name in Dimensions._fields},
    "required": list(Dimensions._fields),
    "additionalProperties": False,
}
_Whole = Annotated[int, Field(ge=1, le=10)]


class RowJudge:
    """Asks ``model`` about rows. With ``keep_own``, a row that has a score is not asked about."""

    def __init__(
        self, models: Models, engine: Engine, model: WriterModel, name: str, prompts: Path, *, keep_own: bool
    ) -> None:
        """Raises ConfigError for a prompt that is missing or lost its names."""
        self._models = models
        self._engine = engine
        self._model = model
        self._name = name
        self._prompts = prompts
        self._keep_own = keep_own
        self._text = Prompt(prompts, SCORE_PROMPT)

    def __call__(self, rows: Sequence[CuratedObject]) -> list[Outcome]:
        """Every row with its score; a row about which the model gives no usable answer is taken out with the reason."""
        return self._models.ask_all(self._engine, rows, self._judge)

    async def _judge(self, row: CuratedObject) -> Outcome:
        if self._keep_own and has_score(row):
            return Outcome(keep(row))
        pair = as_pair(row)
        prompt = self._text.fill(instruction=_shortened(pair.question), response=_shortened(pair.answer))
        question = Question(slot_of("score", row), prompt, self._request)
        answer = await ask_and_parse(self._engine, self._prompts, question, read_marks)
        if isinstance(answer, Unusable):
            return Outcome(row, f"not_judged_{answer.reason}")
        return Outcome(with_scores(row, answer.value, self._name))

    def _request(self, prompt: str, _attempt: int) -> ChatRequest:
        return ChatRequest(
            model=self._model.id,
            messages=(Message("user", prompt),),
            temperature=0.0,
            max_tokens=min(_MAX_TOKENS, self._model.max_output_tokens),
            json_schema=_SCHEMA,
        )


class _Marks(BaseModel):
    model_config = ConfigDict(strict=True)
    instruction_clarity: _Whole
    correctness: _Whole
    completeness: _Whole
    helpfulness: _Whole


def read_marks(result: GenerationResult) -> Dimensions | ParseFailure:
    """The four marks of an answer."""
    if result.finish_reason == "length":
        return ParseFailure("truncated_answer", "it was cut off at the token limit")
    try:
        (value,) = read_values(result.text)
        marks = _Marks.model_validate(value)
    except (JsonError, ValidationError, ValueError) as error:
        return ParseFailure("malformed_answer", str(error).splitlines()[0])
    return Dimensions(*(float(getattr(marks, name)) for name in Dimensions._fields))


def _shortened(text: str) -> str:
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}\n[...]\n{text[-half:]}"
