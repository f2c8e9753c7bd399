"""What of the prompt must not come back: its examples, its lines, its names and the marks of a chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.texts import normalise, question_key
from src.generation.wordlists import read_wordlist
from src.utils.similarity.overlap import rouge_l
from src.utils.similarity.shingles import Shingler, tokenize

MIN_LEAK_TOKENS = 8
"""Tokens in a row that a draft shares with the prompt by no coincidence."""
MIN_LINE_TOKENS = 5
"""The same for a whole line of the prompt."""
COPIED = 0.75
"""ROUGE-L from which a turn is a copy of an example with a few words changed."""
MIN_EXAMPLE_TOKENS = 4

_EXAMPLE = re.compile(r'"(?:question|answer|content|chosen|rejected)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_ITEM = re.compile(r'[\[,]\s*"((?:[^"\\]|\\.)*)"\s*(?=[,\]])')
_NAME = re.compile(r"\$\{?[a-z_]+\}?")
_LABEL = re.compile(r"^([A-Z][a-z]+(?: [a-z]+){0,3}):\s*\$", re.MULTILINE)
_AXIS = re.compile(r"^([a-z]+(?:_[a-z]+)*):\s", re.MULTILINE)
_MARKS = re.compile(
    r"<\|[a-z_]+\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>"
    r"|^\s*(?:#+\s*)?(?:\*\*)?(?:system|user|assistant|human|instruction|instructions|response|input|output|question|answer|"
    r"Q|A|prompt|benutzer|frage|antwort|utilisateur|réponse|usuario|respuesta)(?:\*\*)?\s*:(?:\*\*)?(?=\s)"
    r"|(?<=[.!?])\s+(?:System|User|Assistant|Human|Instruction|Response):(?=\s)"
    r"|\"(?:question|answer|turns|messages|role|content)\"\s*:|</?(?:passage|conversations|instructions|lines)>",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class PromptTraces:
    """The texts of a prompt's examples, the runs of tokens of its other lines, and the names it uses."""

    examples: tuple[str, ...] = ()
    runs: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, template: str) -> PromptTraces:
        """Read them out of a prompt file: JSON examples by their field names, lines as they are, ``$names``, and the
        labels in front of them."""
        items = (item for item in _ITEM.findall(template) if len(tokenize(item)) >= MIN_EXAMPLE_TOKENS)
        examples = tuple(dict.fromkeys([*_EXAMPLE.findall(template), *items]))
        lines = [_NAME.sub(" ", line) for line in template.splitlines() if not _EXAMPLE.search(line)]
        shingler = Shingler(MIN_LEAK_TOKENS)
        runs = [shingler.shingles(line) for line in lines if len(tokenize(line)) >= MIN_LEAK_TOKENS]
        names = [*_NAME.findall(template), *(f"{label}:" for label in _LABEL.findall(template))]
        short = [line.strip() for line in lines if MIN_LINE_TOKENS <= len(tokenize(line)) < MIN_LEAK_TOKENS]
        axes = [name for name in _AXIS.findall(template) if "_" in name]
        return cls(examples, frozenset().union(*runs), tuple(dict.fromkeys([*names, *axes, *short])))

    def check(self, draft: Draft, passage: str) -> Verdict:
        """Reject a copied example (question or answer, whole or nearly), a draft that recites the prompt, one that
        speaks of its own task, and one with the marks of a chat; what the passage has too is about the passage."""
        source = normalise(passage)
        for turn in draft.messages:
            copied = next((example for example in self.examples if _is_copy(turn.content, example)), "")
            if copied and normalise(copied) not in source:
                return Verdict(False, "copied_example", copied)
        text = f"{draft.question}\n{draft.answer}"
        leaked = self._find_leak(text, passage) or _find_mark(text, passage)
        return Verdict(False, "prompt_leakage", leaked) if leaked else Verdict(True)

    def _find_leak(self, text: str, passage: str) -> str:
        shingler = Shingler(MIN_LEAK_TOKENS)
        if self.runs and len(tokenize(text)) >= MIN_LEAK_TOKENS:
            recited = shingler.shingles(text) & self.runs
            if recited - shingler.shingles(passage):
                return "a line of the prompt"
        plain, source = normalise(text), normalise(passage)
        names = (name for name in self.names if normalise(name) in plain and normalise(name) not in source)
        return next((name for name in names if _stands_alone(normalise(name), plain)), "")


def _find_mark(text: str, passage: str) -> str:
    source = normalise(passage)
    marks = (found.group().strip() for found in _MARKS.finditer(text))
    found = next((mark for mark in marks if normalise(mark) not in source), "")
    if found:
        return found
    plain, around = f" {question_words(text)} ", f" {question_words(passage)} "
    return next((phrase for phrase in _task_phrases() if phrase in plain and phrase not in around), "").strip()


def question_words(text: str) -> str:
    """The words of a text with one space between them, casefolded: what phrases are looked up in."""
    return " ".join(re.findall(r"\w+", normalise(text).replace("'", " ")))


def _is_copy(text: str, example: str) -> bool:
    if question_key(text) == question_key(example):
        return True
    tokens, wanted = tokenize(text), tokenize(example)
    if len(wanted) < MIN_EXAMPLE_TOKENS:
        return False
    if rouge_l(tokens, wanted) >= COPIED:
        return True
    # an example with more text around it
    return len(wanted) >= MIN_LEAK_TOKENS and len(set(pairwise(wanted)) - set(pairwise(tokens))) <= len(wanted) // 10


def _stands_alone(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w$]){re.escape(name)}(?!\w)", text) is not None


@cache
def _task_phrases() -> tuple[str, ...]:
    return tuple(f" {question_words(phrase)} " for phrase in read_wordlist("task_phrases.txt"))
