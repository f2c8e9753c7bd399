"""Keywords: the topics of a text, in any language, always the same and never empty."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.utils.keywords import KeywordExtractor
from src.utils.wordlists import LANGUAGES, load_words

ROOT = Path(__file__).resolve().parents[2]
GLAZE = (
    "A glaze is a thin layer of glass that melts onto the clay. Potters mix the glaze from silica and flux, and they "
    "test the glaze recipe on tiles. A glaze recipe needs patience."
)
KILN = "The kiln is an oven for clay. A kiln must heat slowly, and the kiln must cool slowly too, or the clay cracks."


def test_a_frequent_word_is_a_keyword_and_function_words_are_not():
    keywords = KeywordExtractor([GLAZE, KILN]).keywords(KILN)
    assert {"kiln", "clay"} <= set(keywords)
    assert not {"the", "is", "an", "must", "or"} & set(keywords)
    assert len(keywords) == 5


def test_a_phrase_that_stands_twice_is_one_keyword():
    keywords = KeywordExtractor([GLAZE, KILN]).keywords(GLAZE)
    assert "glaze recipe" in keywords
    assert not {"glaze", "recipe"} & set(keywords)


def test_no_phrase_reaches_over_a_full_stop_or_a_common_word():
    text = "We fire clay. Bowls crack. We love clay. Bowls shine. Pot of gold, pot of gold."
    assert not any(" " in keyword for keyword in KeywordExtractor([text]).keywords(text))


def test_what_every_text_has_counts_less_than_what_one_text_has():
    texts = [f"The workshop sells item{number} and likes item{number} today." for number in range(30)]
    texts = [text.replace("today", "workshop") for text in texts]
    assert "item7" in KeywordExtractor(texts).keywords(texts[7], limit=1)


def test_the_keyword_that_most_texts_share_comes_first():
    texts = [f"Clay number{n} and clay, says potter{n}, potter{n}, potter{n}." for n in range(5)]
    assert {KeywordExtractor(texts).keywords(text)[0] for text in texts} == {"clay"}


@pytest.mark.parametrize(
    ("language", "text", "topics"),
    [
        ("de", "Der Töpfer dreht die Schale, und die Schale trocknet dann im Regal.", {"schale", "töpfer", "regal"}),
        ("fr", "L'argile de l'atelier est dans le four, car l'argile doit cuire.", {"argile", "atelier", "four"}),
        ("es", "El horno es para la arcilla y la arcilla se seca antes del horno.", {"horno", "arcilla"}),
        ("it", "Il forno dell'argilla è caldo, ma il forno non è sempre acceso.", {"forno", "argilla"}),
        ("pt", "O forno é para o barro, e o barro seca antes de ir ao forno.", {"forno", "barro"}),
        ("nl", "De oven is voor de klei, en de klei moet drogen voor de oven.", {"oven", "klei"}),
        ("ru", "Глазурь плавится в печи, и эта глазурь покрывает глину.", {"глазурь", "печи", "глину"}),
        ("", "मिट्टी के बर्तन, मिट्टी की भट्ठी।", {"मिट्टी", "भट्ठी"}),
        ("zh", "陶罐在窑里。陶罐可以盛水。", {"陶罐", "盛水"}),
        ("", "ガラスの層と釉薬のガラス。", {"ガラス", "釉薬"}),
        ("", "도자기 가마, 도자기 유약.", {"도자기", "가마"}),
    ],
)
def test_topics_are_found_in_many_languages(language, text, topics):
    keywords = KeywordExtractor([text]).keywords(text)
    assert topics <= set(keywords)
    assert not language or not load_words(language) & set(keywords)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is it?", ("what", "is", "it")),
        ("C", ("c",)),
        ("Is 3 + 4 = 7?", ("is",)),
        ("は", ("は",)),
        ("x" * 60, ("x" * 60,)),
        ("42", ()),
        ("", ()),
        ("1984-2001, __ !", ()),
    ],
)
def test_a_text_with_a_letter_always_has_a_keyword(text, expected):
    assert KeywordExtractor(["something else"]).keywords(text) == expected


@given(text=st.text(max_size=60), others=st.lists(st.text(max_size=30), max_size=3), limit=st.integers(1, 6))
@settings(max_examples=400, deadline=None)
def test_keywords_of_any_text_are_lower_case_words_with_letters(text, others, limit):
    keywords = KeywordExtractor([text, *others]).keywords(text, limit)
    assert len(keywords) == len(set(keywords)) <= limit
    assert bool(keywords) == any(character.isalpha() for character in text)
    for keyword in keywords:
        assert keyword == keyword.lower().strip()
        assert any(character.isalpha() for character in keyword)


def test_keywords_are_the_same_in_every_process():
    code = f"""
from src.utils.keywords import KeywordExtractor
extractor = KeywordExtractor([{GLAZE!r}, {KILN!r}])
print(extractor.keywords({GLAZE!r}, 9), extractor.keywords({KILN!r}, 9))
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "5")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_list_holds_each_word_once_in_lower_case(language):
    words = load_words(language)
    path = ROOT / "src" / "utils" / "wordlists" / f"{language}.txt"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    doubled = [word for word, count in Counter(" ".join(lines).split()).items() if count > 1]
    assert doubled == []
    assert all(word == word.lower() for word in words)
    assert len(words) > 150
