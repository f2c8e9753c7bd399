"""What asks, in every script, and the mark that a document sets before every question or answer."""

import pytest

from src.utils.detection.words.asking import asks, ends_as_question


@pytest.mark.parametrize(
    "content",
    [
        "Is it dry?",
        "乾いていますか？",
        "هل هو جاف؟",
        "Չոր է՞",
        "Είναι στεγνό;",
        'He asked: "Is it dry?"',
        "**Is it dry?** 🌾",
    ],
)
def test_a_text_that_ends_with_a_question_mark_of_its_script_asks(content):
    assert ends_as_question(content)
    assert asks(content)


@pytest.mark.parametrize("content", ["It is dry.", "x = dry();", "Dry; very dry", "", "🌾"])
def test_a_statement_and_a_semicolon_outside_greek_do_not_ask(content):
    assert not ends_as_question(content)
    assert not asks(content)


@pytest.mark.parametrize("content", ["Is it dry? It is.", "乾いていますか。はい。"])
def test_a_question_that_is_answered_in_the_same_text_asks_but_does_not_end_it(content):
    assert asks(content)
    assert not ends_as_question(content)


QUESTIONS = ("Is the rye dry?", "Who fetches the sacks?", "Where is the mill?")
ANSWERS = ("It has been dry since May.", "Ole does, with the cart.", "It stands behind the church.")


def _page(question: str, answers: tuple[str, ...]) -> str:
    pairs = zip(QUESTIONS, answers, strict=True)
    return "\n\n".join(f"## {question.format(asked)}\n\n{told}" for asked, told in pairs)


def test_the_same_mark_before_every_question_is_none_of_its_words(read):
    assert read(_page("» {}", ANSWERS), "faq.md") == [list(pair) for pair in zip(QUESTIONS, ANSWERS, strict=True)]


def test_a_mark_before_some_of_the_answers_belongs_to_them(read):
    some = ("→ " + ANSWERS[0], *ANSWERS[1:])
    assert read(_page("{}", some), "faq.md") == [list(pair) for pair in zip(QUESTIONS, some, strict=True)]
