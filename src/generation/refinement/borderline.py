"""Which kept samples are doubtful: a check or the judge was not sure of them, or little of their answer is grounded."""

from __future__ import annotations

from src.core.types import OBJECTION, Sample
from src.generation.gates.answer_forms import is_oddly_begun
from src.generation.gates.language import detect_language
from src.generation.gates.support import lacks_support, measure_answer
from src.generation.refinement.faults import Fault, show_example
from src.utils.chunker import Passage

MARGIN = 0.85
"""Share of what the gate allows to be missing (generation/gates/support.py) from which an answer is doubtful."""


def find_doubt(sample: Sample, passage: Passage | None) -> Fault | None:
    """Why a kept sample is borderline; None for one that nothing speaks against.

    ``passage`` is what it was written from; None where that is not there any more, and then only what was noted when it
    was written counts. Extracted samples are the source's own words, and those of the embedded model were checked in
    its own way: neither is doubted.
    """
    if sample.origin != "generated":
        return None
    earlier = show_example(sample)
    if sample.metadata.get(OBJECTION):
        return Fault(str(sample.metadata[OBJECTION]), "", earlier)
    if sample.metadata.get("judge") == "unverified":
        return Fault("judge_unverified", "", earlier)
    if passage is None or sample.metadata.get("quality") == "demo" or sample.metadata.get("task") == "refusal":
        return None
    weak = _find_weak_support(sample, passage)
    return Fault("weak_support", weak, earlier) if weak else None


def _find_weak_support(sample: Sample, passage: Passage) -> str:
    """How much of the answer's words, beyond those of the question, the passage has; "" where that is enough, or where
    they are too few or in another language."""
    question, answer = (
        "\n".join(turn.content for turn in sample.messages if turn.role == role) for role in ("user", "assistant")
    )
    source = f"{passage.heading}\n{passage.text}"
    code = detect_language(source).code
    if detect_language(answer).code not in {code, ""}:
        return ""
    first = next((turn.content for turn in sample.messages if turn.role == "user"), "")
    is_odd = is_oddly_begun(first, answer)
    if not lacks_support(question, answer, source, is_odd=is_odd, margin=MARGIN):
        return ""
    return f"{measure_answer(question, answer, source).share:.0%} of its words"
