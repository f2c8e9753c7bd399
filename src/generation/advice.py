"""What to do when nothing of a run could be kept: by what most of its proposals failed for."""

from __future__ import annotations

from collections.abc import Mapping

from src.utils.privacy.screening import PRIVATE

_BY_CAUSE: Mapping[str, tuple[str, ...]] = {
    "The judge objected to them (its objections stand with the rejected rows): choose another model as "
    "agent.create.judge, or leave it empty.": ("judge_objects", "judge_without_evidence"),
    "The answers were cut off: choose a model with a larger output limit (system.agentic_model).": (
        "truncated_answer",
    ),
    "The model refused the passages: choose another one (system.agentic_model), or leave these documents out.": (
        "refused",
    ),
    "The passages are too long for the model: choose one with a larger context window (system.agentic_model).": (
        "prompt_too_long",
    ),
    "The answers had not the form that was asked for: choose a larger model (system.agentic_model).": (
        "malformed_answer",
        "things_not_named",
        "placeholder",
    ),
    "The calls got no answer: run again later, those that were answered are kept.": ("no_answer",),
    "The model answered in another language than that of the documents: choose one that knows it "
    "(system.agentic_model).": ("wrong_language",),
    "The local model makes questions of English sentences only: set system.agentic_llm to a provider with a key in "
    ".env, or add documents with running text in English.": ("no_usable_fact",),
    "They held private data: set privacy to redact, which replaces them.": (PRIVATE,),
    "They say what the dataset has already: add other documents.": (
        "duplicate",
        "duplicate_question",
        "near_duplicate_question",
        "paraphrased_duplicate",
    ),
    "The model says what the documents do not: choose a larger one (system.agentic_model), or set "
    "agent.create.gates to report to look at it.": (
        "answer_not_in_source",
        "name_not_in_source",
        "number_not_in_source",
        "number_of_something_else",
        "code_not_in_source",
        "quote_not_in_source",
        "value_not_in_source",
        "question_off_source",
    ),
}
_BY_MODE = {
    "identify": "Add documents with dialogues or questions and answers, or set mode to hybrid or create.",
    "free": "Look at the instructions in prompts/free_mode/prompt.txt.",
}
_MORE_TEXT = "Add documents with more running text."


def advise(mode: str, rejected: Mapping[str, int]) -> str:
    """The way out of a run in ``mode`` that kept nothing: that of the cause that most of ``rejected`` (how many by
    reason) share, else that of the mode."""
    counts = {advice: sum(rejected.get(reason, 0) for reason in reasons) for advice, reasons in _BY_CAUSE.items()}
    advice, most = max(counts.items(), key=lambda item: item[1])
    if most * 2 >= max(1, sum(rejected.values())):
        return advice
    return _BY_MODE.get(mode, _MORE_TEXT)
