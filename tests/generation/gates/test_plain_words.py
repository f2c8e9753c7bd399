"""Marks, code, names, pronouns and synonyms that a gate takes or leaves."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.answer_types import check_answer_type
from src.generation.gates.form import check_whole
from src.generation.gates.names import check_names
from src.generation.gates.quotes import check_quotes
from src.generation.gates.references import check_context
from src.generation.gates.terms import Vocabulary

API = "`Store.walk(kind)` yields the items of a kind. A store is closed with `Store.close()`. The town is Lindbrunn."
LOOP = '```python\nfor one in store.walk("kind"):  # whatever the order\n    print(one)\n```'
INVENTED = "```python\nfor one in store.sweep_all(recursive, depth_first):\n    one.purge_now()\n```"
RIVER = """Der Fischer Anton Reber sah den Fluss steigen. Sein Nachbar Jakob lieh ihm eine Handbreit Seil, und der Wirt
gab dazu ein Ruder."""


def draft(question: str, answer: str) -> Draft:
    return Draft((Message("user", question), Message("assistant", answer)))


def test_a_quotation_with_german_marks_is_closed() -> None:
    assert check_whole(draft("Was ist „Der Fluss“?", "Eine Sage."), RIVER).keep
    assert not check_whole(draft("Was ist „Der Fluss?", "Eine Sage."), RIVER).keep


def test_code_may_have_words_of_its_language_comments_and_names_of_its_own() -> None:
    assert check_quotes(draft("How do I print the items of a store of one kind?", LOOP), API).keep
    assert check_quotes(draft("How?", "Put it into a `for` loop. It came on 03/11/1868."), API).keep
    assert not check_quotes(draft("How?", INVENTED), API).keep
    assert not check_quotes(draft("How?", "Look into lib/tools/walk."), API).keep


def test_the_language_of_code_may_be_asked_for() -> None:
    asked = "How do I print the items of a store in Python?"
    assert check_names(draft(asked, LOOP), API, API).keep
    assert not check_names(draft(asked, "With the command of Python."), API, API).keep


def test_a_lone_word_that_no_list_has_may_be_no_name() -> None:
    assert check_names(draft("What is it made of?", "Terracotta."), API, API).keep
    assert check_names(draft("How many?", "Sixty-four."), API, API).keep


@pytest.mark.parametrize(("answer", "keep"), [("Anton Reber.", True), ("Dem Fischer Anton Brett, sofort.", False)])
def test_another_surname_is_no_name_of_the_source(answer: str, keep: bool) -> None:
    assert check_names(draft("Wer sah den Fluss?", answer), RIVER, RIVER).keep is keep


@pytest.mark.parametrize(
    ("question", "code", "keep"),
    [
        ("Avec quoi le nettoie-t-on ?", "fr", False),
        ("Peut-on le visiter ?", "fr", False),
        ("Avec quoi nettoie-t-on le filtre de la pompe Lunel ?", "fr", True),
        ("À qui doit-on la réouverture du moulin de Lunel ?", "fr", True),
        ("Combien de temps laisse-t-on reposer le filtre ?", "fr", True),
        ("Où lave-t-on la laine ?", "fr", True),
        ("¿Quién imparte la charla sobre el carné?", "es", True),
        ("¿Para qué se abre el carné antes de renovarlo?", "es", True),
        ("それぞれの繊維には何を加えますか。", "ja", True),
        ("和紙にその粘りを加えるのはなぜですか。", "ja", True),
        ("How many of those tried at Lunel were found guilty?", "en", True),
        ("How many of those were found guilty?", "en", False),
    ],
)
def test_a_pronoun_that_leans_on_a_verb_needs_something_to_stand_for(question: str, code: str, keep: bool) -> None:
    sources = {
        "fr": "On nettoie le filtre de la pompe de Lunel avec de l'eau. Le moulin est ouvert. On le doit au maire.",
        "es": "El carné de la biblioteca se saca con un documento y se puede renovar. Hay que abrirlo con la firma.",
        "ja": "和紙の繊維に粘りを加えるのは、繊維が沈むのを防ぐためです。その粘りは根から取ります。",
        "en": "Eleven people were tried at Lunel for the riot, and two of those were found guilty by the court.",
    }
    assert check_context(draft(question, "."), sources[code], "lunel").keep is keep


def test_a_reason_may_begin_with_so_or_otherwise() -> None:
    assert check_answer_type(draft("Why is the pump kept warm?", "So it cannot burst.")).keep
    assert not check_answer_type(draft("Why is the pump kept warm?", "The pump.")).keep


def test_synonyms_count_for_the_word_of_the_source() -> None:
    words = Vocabulary(["The mill was constructed and the gates are closed."])
    assert words.has_meaning("built")
    assert words.has_meaning("shut")
    assert not words.has_meaning("open")
    assert not words.has_meaning("paper")
