"""A GBNF grammar that lets a model write one question out of the words of one fact."""

from __future__ import annotations

from src.generation.question_parts import Form, Target


def build_grammar(target: Target) -> str:
    """One of the target's forms: its start, its words in order up to any of them, the target's closer and "?".

    Under it the model can bring in nothing that the fact does not say. It chooses the verb that is asked with, and how
    much of the fact a reader needs to understand the question.
    """
    forms = " | ".join(_rule(form) for form in target.forms)
    return f"root ::= ({forms}) {_literal(f'{target.closer}?')}"


def _rule(form: Form) -> str:
    tail = ""
    for word in reversed(form.words):
        tail = f"({_literal(f' {word}')} {tail})?" if tail else f"({_literal(f' {word}')})?"
    start = " | ".join(_literal(f" {start}") for start in _spellings(form.start))
    return f"({start}) {tail}".rstrip()


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
