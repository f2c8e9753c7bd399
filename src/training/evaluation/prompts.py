"""What models are asked, as a person wrote it down: strict reading of a file of prompts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from src.core.errors import ConfigError
from src.core.yaml_lines import read_yaml

Kind = Literal["factual", "polite", "length", "unsafe", "look_alike", "general"]
Form = Literal["brief", "detailed"]


class EvalPrompt(BaseModel):
    """One prompt, and what its answer is measured by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    kind: Kind
    prompt: str = Field(min_length=1)
    accepted: tuple[str, ...] = ()
    """Of a factual prompt: one of these in the answer makes it right."""
    pair: str = ""
    form: Form | None = None
    """Of a length prompt: the brief or the detailed one of the two that share ``pair``."""
    max_sentences: int | None = Field(default=None, ge=1)
    max_words: int | None = Field(default=None, ge=1)

    @property
    def is_safe(self) -> bool:
        """Whether the right answer is one that helps."""
        return self.kind != "unsafe"

    @model_validator(mode="after")
    def _holds_its_measure(self) -> Self:
        if (self.kind == "factual") != bool(self.accepted):
            raise ValueError(f"{self.id}: factual prompts, and no others, have 'accepted' answers")
        if bool(self.pair) != bool(self.form):
            raise ValueError(f"{self.id}: 'pair' and 'form' go together")
        limited = self.pair or self.max_sentences or self.max_words
        if (self.kind == "length") != bool(limited):
            raise ValueError(f"{self.id}: length prompts, and no others, have 'pair', 'max_sentences' or 'max_words'")
        return self


class EvalPrompts(BaseModel):
    """A file of prompts. ``given`` are prescribed and may share a subject with the training rows; ``held_out`` may
    not. ``untouched`` are reported apart: neither settings nor rows are ever chosen by what they show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    given: tuple[EvalPrompt, ...] = ()
    held_out: tuple[EvalPrompt, ...] = ()
    untouched: tuple[EvalPrompt, ...] = ()

    @property
    def measured(self) -> tuple[EvalPrompt, ...]:
        """What the figures and verdicts rest on."""
        return (*self.given, *self.held_out)

    @property
    def all(self) -> tuple[EvalPrompt, ...]:
        """What both models are asked."""
        return (*self.measured, *self.untouched)

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if not self.measured:
            raise ValueError("it holds no prompts")
        names = Counter(prompt.id for prompt in self.all)
        if twice := [name for name, count in names.items() if count > 1]:
            raise ValueError(f"the id {twice[0]} stands there twice")
        forms: dict[str, list[str]] = {}
        for prompt in self.all:
            if prompt.pair:
                forms.setdefault(prompt.pair, []).append(str(prompt.form))
        for pair, found in forms.items():
            if sorted(found) != ["brief", "detailed"]:
                raise ValueError(f"the pair {pair} needs one brief and one detailed prompt")
        return self


def read_prompts(path: Path) -> EvalPrompts:
    """The prompts in ``path``. Raises ConfigError with the place of what is wrong."""
    values = read_yaml(path, start="tiny_sft/eval_prompts.yaml shows how such a file looks.").values
    try:
        return EvalPrompts.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"{path.name}{f', {place}' if place else ''}: {first['msg'].removeprefix('Value error, ')}.",
            fix="tiny_sft/eval_prompts.yaml shows how such a file looks; its head explains the kinds.",
        ) from error
