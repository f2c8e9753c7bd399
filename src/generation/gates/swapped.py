"""A name that an answer gives first to who, which, what or where, though in the source it belongs to something else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.answer_types import find_kind
from src.generation.gates.language import detect_language
from src.generation.gates.names import find_name_runs, writes_nouns_with_capitals
from src.generation.gates.terms import Vocabulary, content_words, rarity
from src.generation.gates.texts import split_sentences

MIN_BESIDE = 2.5
"""Rarity of the words of question and answer that one sentence must have to be the one that they were taken from."""
MOST_WITH_NAME = 0.25
"""What of that a sentence with the name may have where the name belongs to something else."""
_NAMING = frozenset({"person", "place", "thing"})


def check_swapped(draft: Draft, passage: str) -> Verdict:
    """Reject an answer whose first name stands in the passage far from all that is asked about and said, where another
    name stands. Says nothing where nouns have capitals as names do."""
    kind = find_kind(draft.question, detect_language(passage).code)
    if kind not in _NAMING or writes_nouns_with_capitals(passage):
        return Verdict(True)
    swapped = _find_swapped(draft.messages[0].content, draft.messages[1].content, passage)
    return Verdict(False, "name_not_in_source", swapped) if swapped else Verdict(True)


def _find_swapped(question: str, answer: str, passage: str) -> str:
    """The first name of ``answer`` where one sentence has most words of question and answer, and another name, and no
    sentence with the first one, nor the one behind it, which may say "her" for it, has more than a few of them."""
    run = next(find_name_runs((split_sentences(answer) or [""])[0], passage), ())
    asked, said = Vocabulary([question]), Vocabulary([answer])
    sentences = _sentences(passage)
    own = [number for number, (_, words) in enumerate(sentences) if run and all(map(words.has_exactly, run))]
    if not own or any(map(asked.has_form, run)):
        return ""
    told = [word for word in dict.fromkeys(content_words(f"{question}\n{answer}")) if word not in run]
    beside = [_weigh(told, words) for _, words in sentences]
    best = max(range(len(beside)), key=beside.__getitem__)
    around = max(max(beside[number : number + 2]) for number in own)
    if beside[best] < MIN_BESIDE or around > MOST_WITH_NAME * beside[best]:
        return ""
    others = find_name_runs(sentences[best][0], passage)
    other = next((one for one in others if not any(asked.has_form(word) or said.has_form(word) for word in one)), ())
    return f"{' '.join(run)}, where the source has {' '.join(other)}" if other else ""


def _weigh(words: Sequence[str], known: Vocabulary) -> float:
    return sum(rarity(word) for word in words if not word.isdigit() and known.has_form(word))


@lru_cache(maxsize=64)
def _sentences(passage: str) -> tuple[tuple[str, Vocabulary], ...]:
    return tuple((sentence, Vocabulary([sentence])) for sentence in split_sentences(passage))
