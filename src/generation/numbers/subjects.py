"""Numbers of an answer that its source has, but in a sentence about something else than what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from src.generation.gates.terms import Vocabulary, content_words, rarity
from src.generation.gates.texts import split_sentences
from src.generation.numbers.figures import Figure, is_firm, read_figures
from src.generation.numbers.measures import Quantity, find_quantities

_MARGIN, _SHARE = 0.5, 0.7
"""By how much the sentence with another number must have more rarity of the words of question and answer, and the share
of it that the sentence with the number may have. Of 1019 good answers of benchmarks/quality_data none is lost, of 252
that have another number of that kind of their passage instead 37 are found: the others have one of the same sentence,
or words of their own."""
_AROUND = 0.5
"""What words of the neighbouring sentences count for."""


class _Place(NamedTuple):
    """A sentence of the source: figures, quantities in any form, words, and those of the sentences around it."""

    figures: tuple[Figure, ...]
    quantities: frozenset[Quantity]
    words: Vocabulary
    around: Vocabulary


def other_subjects(question: str, answer: str, source: str, code: str) -> Iterator[Figure]:
    """The figures of ``answer`` that stand in sentences of ``source`` with few words of question and answer, where one
    with many of them has another figure of that kind that neither says. Years are left out: the event that one belongs
    to is named in many words."""
    places = _read(source)
    said = (*read_figures(answer), *read_figures(question))
    for sentence in split_sentences(answer):
        words = _words(f"{question} {sentence}", code)
        for figure in read_figures(sentence):
            is_year = figure.kind == "@year"
            if not is_firm(figure) or is_year or any(_says_otherwise(place, figure) for place in places):
                continue
            own = [place for place in places if _has(place, figure)]
            others = [place for place in places if place not in own and _has_another(place, figure, said)]
            if own and others and _is_weaker(own, others, words, code):
                yield figure


def _words(text: str, code: str) -> list[str]:
    return [word for word in dict.fromkeys(content_words(text, code)) if not word.isdigit()]


def _is_weaker(own: Sequence[_Place], others: Sequence[_Place], words: Sequence[str], code: str) -> bool:
    """Whether the words speak for one of the ``others`` rather than for any of ``own`` and what stands around it."""
    best = max(
        (1 - _AROUND) * _says(place.words, words, code) + _AROUND * _says(place.around, words, code) for place in own
    )
    other = max(_says(place.words, words, code) for place in others)
    return other - best >= _MARGIN and best <= _SHARE * other


def _says(known: Vocabulary, words: Sequence[str], code: str) -> float:
    return sum(rarity(word, code) for word in words if known.has(word))


def _has(place: _Place, figure: Figure) -> bool:
    return any(one.kind == figure.kind and one.values & figure.values for one in place.figures)


def _says_otherwise(place: _Place, figure: Figure) -> bool:
    """Whether the sentence has it in another form: an hour for 60 minutes."""
    return not _has(place, figure) and any(Quantity(figure.kind, value) in place.quantities for value in figure.values)


def _has_another(place: _Place, figure: Figure, said: Sequence[Figure]) -> bool:
    same = [one for one in place.figures if one.kind == figure.kind]
    return bool(same) and not any(one.values & other.values for one in same for other in said)


@lru_cache(maxsize=64)
def _read(source: str) -> tuple[_Place, ...]:
    sentences = split_sentences(source)
    around = (" ".join(sentences[max(0, number - 1) : number + 2]) for number in range(len(sentences)))
    return tuple(
        _Place(read_figures(sentence), find_quantities(sentence), Vocabulary([sentence]), Vocabulary([near]))
        for sentence, near in zip(sentences, around, strict=True)
    )
