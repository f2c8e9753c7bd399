"""Base and tuned model in conversation with the same person, each with its own answers behind it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Final, NamedTuple

from src.training.base_model import MODELS, Loaded, load_tuned
from src.training.machine import free_threads
from src.training.replies import MAX_NEW_TOKENS, reply_to_talks
from src.training.runs import TunedRun

_CUT: Final = " ..."


class Answers(NamedTuple):
    """What both say to the same words; an answer that reached the limit of tokens ends in `` ...``."""

    base: str
    tuned: str


class SideBySide:
    """One model in memory: the adapter is switched off while the base answers."""

    def __init__(self, loaded: Loaded, *, system: str = "", max_new_tokens: int = MAX_NEW_TOKENS) -> None:
        self._loaded = loaded
        self._max_new_tokens = max_new_tokens
        self._opening = [{"role": "system", "content": system}] if system else []
        self._talks: dict[str, list[dict[str, str]]] = {}
        self.forget()

    def forget(self) -> None:
        """Begin a new conversation."""
        self._talks = {name: list(self._opening) for name in ("base", "tuned")}

    def ask(self, text: str) -> Answers:
        """Both answers; they are remembered, each by the one who gave it."""
        return Answers(self._continue("base", text), self._continue("tuned", text))

    def _continue(self, name: str, text: str) -> str:
        model, tokenizer = self._loaded
        talk = [*self._talks[name], {"role": "user", "content": text}]
        with model.disable_adapter() if name == "base" else nullcontext():
            (reply,) = reply_to_talks(model, tokenizer, [talk], max_new_tokens=self._max_new_tokens)
        self._talks[name] = [*talk, {"role": "assistant", "content": reply.text}]
        return reply.text + _CUT if reply.cut else reply.text


def open_chat(
    run: TunedRun, *, system: str = "", max_new_tokens: int = MAX_NEW_TOKENS, models: Path = MODELS
) -> SideBySide:
    """Load the model of a run. Raises as ``load_tuned``."""
    loaded = load_tuned(run.base, run.adapter, models=models)
    import torch

    torch.set_num_threads(free_threads())
    return SideBySide(loaded, system=system, max_new_tokens=max_new_tokens)
