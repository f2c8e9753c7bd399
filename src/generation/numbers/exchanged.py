"""Numbers of an answer in the place of others: the words around one are those that the source has around another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from src.generation.gates.slots import MOST, WIDTH, Slot, asked_stems, find_owner, weigh
from src.generation.gates.texts import whole_sentences
from src.generation.numbers.figures import Figure, read_figures
from src.generation.numbers.words import in_digits

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[%€$£°]")


def exchanged_numbers(answer: str, question: str, source: str) -> Iterator[Figure]:
    """The figures of ``answer`` that ``source`` has with other words around them, while the words around them in the
    answer stand there around another number of their kind that the answer does not say: 19 metres high, where the tower
    is 31 metres high and stands 19 metres above the sea."""
    known = _slots(source)
    asked = _numbers(read_figures(question))
    said = asked | _numbers(read_figures(answer))
    words = asked_stems(question)
    for slot in _slots(answer)[:MOST]:
        figure = slot.value
        own = [one for one in known if _is_same(one.value, figure)]
        others = (one for one in known if one.kind == slot.kind and not one.value.numbers & said and one not in own)
        if own and not figure.numbers & asked and find_owner(slot, own, others, words, reach=1):
            yield figure


def _is_same(one: Figure, other: Figure) -> bool:
    return bool(one.numbers & other.numbers) or (one.kind == other.kind and bool(one.values & other.values))


def _numbers(figures: tuple[Figure, ...]) -> frozenset[Fraction]:
    return frozenset(number for figure in figures for number in figure.numbers)


@lru_cache(maxsize=256)
def _slots(text: str) -> tuple[Slot[Figure], ...]:
    found: list[Slot[Figure]] = []
    for place, sentence in enumerate(whole_sentences(text)):
        figures = {figure.place: figure for figure in read_figures(sentence)}
        tokens = list(_TOKEN.finditer(in_digits(sentence))) if figures else []
        words = [token.group().casefold() for token in tokens]
        for number, token in enumerate(tokens):
            if figure := figures.get(token.start()):
                before, behind = words[max(0, number - WIDTH) : number], words[number + 1 : number + 1 + WIDTH]
                found.append(Slot(figure, figure.kind, place, weigh(before), weigh(behind)))
    return tuple(found)
