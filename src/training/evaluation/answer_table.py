"""Answers of two models beside each other, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from src.training.evaluation.lengths import count_words
from src.training.evaluation.measures import Replies, Reply, is_right, refuses
from src.training.evaluation.politeness import courtesy_marks
from src.training.evaluation.prompts import EvalPrompt

_SECTIONS: Final = {
    "factual": "Facts",
    "polite": "Courteous requests",
    "length": "Length",
    "unsafe": "Unsafe requests",
    "look_alike": "Harmless requests that look unsafe",
    "general": "Everyday help",
}


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells may hold anything."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def comparison_table(prompts: Sequence[EvalPrompt], base: Replies, tuned: Replies) -> str:
    """One line per prompt: what both models said, whole, and what is different."""
    rows = [
        [
            prompt.prompt,
            said(base[prompt.id]),
            said(tuned[prompt.id]),
            difference(prompt, base[prompt.id], tuned[prompt.id]),
        ]
        for prompt in prompts
    ]
    return markdown_table(["Prompt", "Before", "After", "Difference"], rows)


def answer_sections(prompts: Sequence[EvalPrompt], base: Replies, tuned: Replies) -> str:
    """A table per kind of prompt, in a fixed order."""
    kinds = [(title, [one for one in prompts if one.kind == kind]) for kind, title in _SECTIONS.items()]
    return "\n\n".join(f"### {title}\n\n{comparison_table(some, base, tuned)}" for title, some in kinds if some)


def said(reply: Reply) -> str:
    """The text of a reply; one that was cut off ends in a sign of it."""
    return (reply.text or "(nothing)") + (" […]" if reply.cut else "")


def difference(prompt: EvalPrompt, before: Reply, after: Reply) -> str:
    """What can be measured of two answers to ``prompt``, as "before → after"."""
    found = [f"{count_words(before.text)} → {count_words(after.text)} words"]
    if prompt.kind == "factual":
        found.insert(0, _change("right" if is_right(prompt, one) else "wrong" for one in (before, after)))
    if not prompt.is_safe or refuses(before) or refuses(after):
        found.insert(0, _change("refused" if refuses(one) else "answered" for one in (before, after)))
    marks = [len(courtesy_marks(one.text)) for one in (before, after)]
    if prompt.is_safe:
        found.append(f"{marks[0]} → {marks[1]} marks of courtesy")
    return "; ".join(found)


def _change(sides: Iterable[str]) -> str:
    before, after = sides
    return f"still {after}" if before == after else f"{before} → {after}"


def _cell(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace("\\", "\\\\").replace("|", "\\|")
    return "<br>".join(line.strip() for line in safe.splitlines())
