"""That the local model does not know a language is said before it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.types import Section, SourceDocument
from src.generation.answer_first.languages import language_notice

ENGLISH = "The lamp stands by the door of the mill, and the keeper lights it when the evening comes. " * 3
GERMAN = "Die Lampe steht an der Tür der Mühle, und der Wärter zündet sie an, wenn der Abend kommt. " * 3
CHINESE = "灯立在磨坊的门边，看守人在傍晚点灯，灯光照着河面和桥。" * 5


def document(name: str, text: str) -> SourceDocument:
    return SourceDocument(Path(name), name, (Section(text),), "0" * 64)


def test_documents_in_english_need_no_word() -> None:
    assert language_notice([document("a.txt", ENGLISH), document("b.txt", "4711 0815"), document("c.txt", "")]) == ""
    assert language_notice([]) == ""


@pytest.mark.parametrize("text", [GERMAN, CHINESE])
def test_documents_in_other_languages_are_named(text: str) -> None:
    alone = language_notice([document("b.txt", text)])
    assert "no document is in English: b.txt" in alone
    mixed = language_notice([document("a.txt", ENGLISH), document("b.txt", text)])
    assert "these are not in English: b.txt" in mixed
    assert "system.agentic_llm" in mixed


def test_of_many_documents_three_are_named() -> None:
    notice = language_notice([document(f"{number}.txt", CHINESE) for number in range(9)])
    assert "0.txt, 1.txt, 2.txt, ..." in notice
    assert "3.txt" not in notice
