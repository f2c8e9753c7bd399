"""Which documents the local model cannot ask about: those in another language than English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from src.core.types import SourceDocument
from src.generation.gates.language import detect_language

_CHARS = 20_000
"""What is looked at of a document: its language shows in less."""
_NAMED = 3


def language_notice(documents: Sequence[SourceDocument]) -> str:
    """What to know before the local model is asked about ``documents``; "" where it knows the language of all."""
    unknown = [document.name for document in documents if not _is_known(document)]
    if not unknown:
        return ""
    named = ", ".join(unknown[:_NAMED]) + (", ..." if len(unknown) > _NAMED else "")
    which = "no document is" if len(unknown) == len(documents) else "these are not"
    return (
        f"The local model asks in English only, and {which} in English: {named}. Only questions that they ask "
        "themselves can be taken from them; set system.agentic_llm to a provider with a key in .env for the rest."
    )


def _is_known(document: SourceDocument) -> bool:
    """Whether a document may be in English: it is, or its language does not show."""
    language = detect_language("".join(_beginning(section.text for section in document.sections)))
    return language.script in ("", "LATIN") and language.code in ("", "en")


def _beginning(texts: Iterable[str]) -> Iterable[str]:
    length = 0
    for text in texts:
        yield text[: _CHARS - length]
        length += len(text)
        if length >= _CHARS:
            return
