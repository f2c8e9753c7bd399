"""What the chat template of a model family puts around the messages of a training example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

_JOINT = "\n\n"


class Layout(NamedTuple):
    """An example as the trainer sees it: the texts that are encoded, and how many tokens of the template, each one
    token by itself, stand between them."""

    texts: list[str]
    markers: int


class Spoken(Protocol):
    """What a template asks of a turn: a Message, or the turn of a row."""

    @property
    def role(self) -> str: ...
    @property
    def content(self) -> str: ...


Template = Callable[[Sequence[Spoken]], Layout]


class Said(NamedTuple):
    """A role and a text, which is all that nearly every turn is."""

    role: str
    content: str


def openai(messages: Sequence[Spoken]) -> Layout:
    """3 per message, the name of its role (one token), and 3 for the reply (OpenAI's cookbook)."""
    return Layout([message.content for message in messages], 4 * len(messages) + 3)


def llama3(messages: Sequence[Spoken]) -> Layout:
    """Begin of text, then per message: header, role, end of header, blank line, the text without blanks at its ends,
    end of turn (chat format of llama-models)."""
    return Layout([message.content.strip() for message in messages], 5 * len(messages) + 1)


def chatml(messages: Sequence[Spoken]) -> Layout:
    """Per message the start mark, role and text joined by a line break, the end mark and a line break (Qwen). A system
    text or thinking block that a template adds by itself is not counted."""
    return Layout([f"{message.role}\n{message.content}" for message in messages], 3 * len(messages))


def mistral_v1(messages: Sequence[Spoken]) -> Layout:
    """Begin of text, ``[INST] ... [/INST]`` as plain text, an end after each answer; the system text stands in the
    first user turn (mistral-common, v1)."""
    turns = _with_system(messages, place=0)
    texts = [f"[INST] {turn.content} [/INST]" if turn.role == "user" else turn.content for turn in turns]
    return Layout(texts, 1 + _answers(turns))


def mistral_v3(messages: Sequence[Spoken]) -> Layout:
    """Begin of text, two marks around each question, an end after each answer, whose last blanks are cut; the system
    text stands in the last user turn (mistral-common, v2 and v3)."""
    turns = _with_system(messages, place=-1)
    texts = [turn.content if turn.role == "user" else turn.content.rstrip(" ") for turn in turns]
    answers = _answers(turns)
    return Layout(texts, 1 + answers + 2 * (len(turns) - answers))


def unpublished(messages: Sequence[Spoken]) -> Layout:
    """Anthropic and Google publish none for training rows: those of open relatives stand in, on the high side."""
    return Layout([message.content for message in messages], 5 * len(messages) + 3)


def _answers(turns: Sequence[Spoken]) -> int:
    return sum(turn.role == "assistant" for turn in turns)


def _with_system(messages: Sequence[Spoken], *, place: int) -> list[Spoken]:
    """The turns, neighbours of one role joined, with the system text at the head of the user's turn ``place``."""
    system = _JOINT.join(message.content for message in messages if message.role == "system")
    turns: list[Spoken] = []
    for message in messages:
        if message.role == "system":
            continue
        if turns and turns[-1].role == message.role:
            turns[-1] = Said(message.role, f"{turns[-1].content}{_JOINT}{message.content}")
        else:
            turns.append(message)
    asked = [index for index, turn in enumerate(turns) if turn.role == "user"]
    if system and asked:
        index = asked[place]
        turns[index] = Said("user", f"{system}{_JOINT}{turns[index].content}")
    elif system:
        turns.insert(0, Said("user", system))
    return turns
