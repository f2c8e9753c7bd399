"""What was wrong with an example, told to the model that writes the next one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml

from src.core.errors import ConfigError
from src.core.types import Rejection, Sample
from src.utils.prompt_loader import Prompt, read_prompt

FAULTS_FILE = "system/faults.yaml"
REFINE_PROMPT = "system/refine.txt"
_MAX_EARLIER_CHARS = 1200
_MAX_DETAIL_CHARS = 300
_FIX = f"Restore prompts/{FAULTS_FILE}: each line is a reason and what is said of it."


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an example is to be written anew. ``earlier`` is how it read, "" where there was none to read."""

    reason: str
    detail: str = ""
    earlier: str = ""

    @classmethod
    def of(cls, rejection: Rejection) -> Fault:
        """The fault of a rejected example."""
        earlier = show_example(rejection.sample) if rejection.sample else rejection.raw
        return cls(rejection.reason, rejection.detail, earlier)


class FaultPrompts:
    """Puts faults into words, behind the prompt of a slot; every file is read once."""

    def __init__(self, prompts: Path) -> None:
        """Raises ConfigError when one of the two files is not what it should be."""
        self._text = Prompt(prompts, REFINE_PROMPT)
        self._sentences = _read_sentences(prompts)

    def fill(self, prompt: str, fault: Fault) -> str:
        """``prompt`` with what was wrong with the earlier example below it."""
        earlier = " ".join(fault.earlier.split()) or "(it could not be read)"
        return self._text.fill(prompt=prompt, problem=self.explain(fault), earlier=_cut(earlier, _MAX_EARLIER_CHARS))

    def explain(self, fault: Fault) -> str:
        """What was wrong, as half a sentence; a reason without a text of its own is said by its name."""
        detail = _cut(" ".join(fault.detail.split()).rstrip("."), _MAX_DETAIL_CHARS)
        sentence = self._sentences.get(fault.reason)
        if sentence is None:
            name = fault.reason.replace("_", " ")
            return f"{name} ({detail})" if detail else name
        return sentence.substitute(detail=detail).replace(" ()", "").rstrip(" :")


def show_example(sample: Sample) -> str:
    """The turns of an example in one text."""
    return "\n".join(f"{turn.role}: {turn.content}" for turn in sample.messages if turn.role != "system")


def _read_sentences(prompts: Path) -> dict[str, Template]:
    try:
        found: Any = yaml.safe_load(read_prompt(prompts, FAULTS_FILE))
    except yaml.YAMLError as error:
        raise ConfigError(f"prompts/{FAULTS_FILE} is not valid YAML.", fix=_FIX) from error
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise ConfigError(f"prompts/{FAULTS_FILE} must hold a text for every reason.", fix=_FIX)
    sentences = {str(reason): Template(text) for reason, text in found.items()}
    for reason, sentence in sentences.items():
        if not sentence.is_valid() or set(sentence.get_identifiers()) - {"detail"}:
            raise ConfigError(f"prompts/{FAULTS_FILE}: {reason}: only $detail is known there.", fix=_FIX)
    return sentences


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 4].rstrip()} ..."
