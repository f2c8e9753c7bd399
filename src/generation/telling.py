"""Whether two samples tell the same: the same question in other words, or the same fact asked for again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from src.generation.answer_first.words import stem
from src.generation.gates.answer_forms import find_asked
from src.generation.gates.answer_types import agreements
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language
from src.generation.gates.support import new_words
from src.generation.gates.terms import STEM_CHARS, Vocabulary, content_words, rarity
from src.generation.gates.texts import question_key
from src.generation.numbers.measures import unit_of
from src.generation.numbers.words import in_digits
from src.utils.similarity.shingles import tokenize

ALIKE, TOUCHED = 0.32, 0.3
"""Share of the words of question and answer from which two samples of one passage tell the same, where the answers
also have that much in common: of 306 paraphrases 275 are found by this and the other rules, of 2660 pairs of different
questions about one passage two (benchmarks/quality.py)."""
CONTAINED, RELATED = 0.8, 0.24
"""Where one answer says more than the other: how much of the shorter one the longer one has, and how much of all their
words the two samples share."""
MIN_BESIDE = 0.5
"""Rarity of the words from which an answer says more than the number in it."""
SAME_ASKED = 0.45
"""Where an answer is a mere number, which may stand for anything, and the other one says more."""
SAME_QUESTION = 0.35
"""Share of the words of two questions of yes or no from which they are the same where both answers agree on it."""
REASONS, SURELY_SAME_QUESTION = 2, 0.6
"""The same where both answers go on with as many words as this, or more, and have none of them in common."""
SAME_FACT, MOSTLY_CONTAINED = 0.48, 0.5
"""Share of what two answers say beyond their questions from which they tell the same fact, whatever is asked."""
LEAST_SHARED = 0.2
"""Rarity of the words that two answers, and two questions, must share at least to tell the same."""
ASKED_AGAIN = 0.8
"""Share of the words of two questions from which their answers need share next to nothing."""
SURELY_SAME_FACT, SURELY_CONTAINED = 0.5, 0.8
SURELY_SHARED, SHARED_IF_CONTAINED = 2.4, 3.0
"""Share of the words of two answers, numbers aside, and their rarity (more than a name has), from which they tell the
same fact even where they count it in other ways or where one says more: none of 2631 pairs of different questions about
one passage reaches it."""
SAME_IN_ALL = 0.52
"""Share of all their words from which two samples tell the same, whether these stand in the question or the answer."""
OTHER_WAY = 0.4
"""Share of all their words that a question of yes or no, or a request, and another one need to be the same."""
SAME_WORDS, SURELY_SAME_WORDS = 2, 4
"""Words of an answer that two samples have alike: of 2660 pairs of different questions about one passage none has the
same answer twice."""
OTHER_FACT = 0.3
"""Below it two answers tell different facts, however alike their questions are ("How high is A?", "How high is B?")."""
DISTINCT = 0.2
"""Rarity of the words by which two questions about different passages must differ, each from the other."""

_ASKED = {"person": "person", "time": "time", "year": "time", "reason": "reason", "number": "number"}
"""What questions of one fact ask for alike, in whatever words: who is not when, but why may be where from."""
_FIRST_WORD = re.compile(r"\W*(\w+)\b(?=[,.;:!–—]|\s*$)")


@dataclass(frozen=True, slots=True)
class Telling:
    """A sample with what it is compared by."""

    question: str
    tokens: tuple[str, ...]
    words: tuple[str, ...]
    facts: tuple[str, ...]
    answer_words: tuple[str, ...]
    passage: str
    has_answer: bool
    code: frozenset[str]
    is_code: bool
    agreement: str
    answer_key: str
    answer_length: int
    asked_for: str
    asks_agreement: bool
    asks_for_text: bool
    token_set: frozenset[str]
    stems: frozenset[str]


@lru_cache(maxsize=16)  # what is found admissible is added next
def read_telling(question: str, answer: str, passage: str) -> Telling:
    code = detect_language(f"{question}\n{answer}").code
    question_in_digits, answer = (in_digits(text) for text in (question, answer))
    asked = Vocabulary([question_in_digits])
    facts = new_words(answer, asked, code) if answer else []
    tokens = tuple(tokenize(question))
    asked_for = find_asked(question, code)
    words = tuple(dict.fromkeys(content_words(question_in_digits, code)))
    return Telling(
        question,
        tokens,
        words,
        tuple(facts),
        tuple(dict.fromkeys(content_words(answer, code))),
        passage,
        bool(answer),
        code_terms(answer) - code_terms(question),
        answer.strip().startswith("`") and answer.strip().endswith("`"),
        _agreement(answer),
        question_key(answer),
        len(tokenize(answer)),
        _ASKED.get(asked_for, ""),
        asked_for == "agreement",
        asked_for == "request",
        frozenset(tokens),
        frozenset(stem(word)[:STEM_CHARS] for word in words),
    )


def are_different_questions(new: Telling, old: Telling) -> bool:
    """Whether two questions of almost the same words are two questions: about things of other passages, or with other
    answers ("When was the kiln built?", "Where was the kiln built?")."""
    only_new, only_old = _only(new.words, old.words), _only(old.words, new.words)
    both = min(sum(map(rarity, only_new)), sum(map(rarity, only_old))) >= DISTINCT
    if both and (not new.passage or new.passage != old.passage):
        return True
    if not new.has_answer or not old.has_answer:
        return False
    said = _same_facts(new, old)
    if said and contained(new.facts, old.facts) >= MOSTLY_CONTAINED:
        return False
    return said < OTHER_FACT or (both and said < SAME_FACT)


def answers_may_agree(new: Telling, old: Telling) -> bool:
    """Whether nothing in the answers speaks against two questions of one meaning being the same."""
    return not (new.has_answer and old.has_answer) or _same_facts(new, old) >= OTHER_FACT


def tell_the_same(new: Telling, old: Telling) -> bool:
    """Whether two samples of one passage tell the same fact, in whatever words."""
    if not new.has_answer or not old.has_answer:
        return False
    if _have_same_answer(new, old):
        return True
    if _surely_tell_the_same(_without_numbers(new.facts), _without_numbers(old.facts)):
        return True
    asked = share(new.words, old.words)
    if _speak_of_others(new, old) or (_is_less(new, old) and (asked < SAME_ASKED or not _have_same_numbers(new, old))):
        return False
    if new.agreement and new.agreement == old.agreement and asked >= _least_asked(new, old):
        return True
    return _touch(new, old) and _are_alike(new, old, asked)


def _surely_tell_the_same(new: Sequence[str], old: Sequence[str]) -> bool:
    common = shared(new, old)
    if common < SURELY_SHARED:
        return False
    return share(new, old) >= SURELY_SAME_FACT or (
        common >= SHARED_IF_CONTAINED and contained(new, old) >= SURELY_CONTAINED
    )


def _without_numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if not word.isdigit()]


def _without_measures(words: Sequence[str]) -> list[str]:
    """Without units, and without numbers of a single digit, which stand for anything (both, a fifth)."""
    return [word for word in words if not (len(word) == 1 and word.isdigit()) and not unit_of(word)]


def _least_asked(new: Telling, old: Telling) -> float:
    """What two questions of yes or no must share where both answers agree: more where each gives reasons of its own."""
    have_reasons = min(len(new.facts), len(old.facts)) >= REASONS and not shared(new.facts, old.facts)
    return SURELY_SAME_QUESTION if have_reasons else SAME_QUESTION


def _speak_of_others(new: Telling, old: Telling) -> bool:
    """Whether numbers or code of two samples tell that they are about different things."""
    if _numbers_conflict(new.facts, old.facts) or _numbers_conflict(new.words, old.words):
        return True
    codes = (new.code or old.code) and not new.code & old.code
    return bool(codes and (new.is_code or old.is_code or (new.code and old.code)))


def _are_alike(new: Telling, old: Telling, asked: float) -> bool:
    """Whether questions and answers together have enough in common; ``asked`` is what the questions share."""
    all_new, all_old = (list(dict.fromkeys([*kept.words, *kept.answer_words])) for kept in (new, old))
    alike, inside, common = share(all_new, all_old), contained(new.facts, old.facts), shared(new.facts, old.facts)
    new_facts, old_facts = _without_measures(new.facts), _without_measures(old.facts)
    if new_facts and old_facts:
        inside, common = min(inside, contained(new_facts, old_facts)), min(common, shared(new_facts, old_facts))
    if alike >= SAME_IN_ALL and _have_same_numbers(new, old):
        return True
    if (asked < ASKED_AGAIN and common < LEAST_SHARED) or _ask_for_others(new, old):
        return False
    is_other_way = new.asks_agreement != old.asks_agreement or new.asks_for_text != old.asks_for_text
    if is_other_way and alike < OTHER_WAY:
        return False
    return (alike >= ALIKE and inside >= TOUCHED) or (alike >= RELATED and inside >= CONTAINED)


def _ask_for_others(new: Telling, old: Telling) -> bool:
    return bool(new.asked_for and old.asked_for) and new.asked_for != old.asked_for


def _touch(new: Telling, old: Telling) -> bool:
    """Whether two questions have a word that says something in common."""
    return shared(new.words, old.words) >= LEAST_SHARED


def _have_same_answer(new: Telling, old: Telling) -> bool:
    """Whether two answers that are more than a yes, a no or a word are the same."""
    if new.agreement or new.answer_key != old.answer_key:
        return False
    return new.answer_length >= (SAME_WORDS if _touch(new, old) else SURELY_SAME_WORDS)


def _have_same_numbers(new: Telling, old: Telling) -> bool:
    return _numbers(new.facts) == _numbers(old.facts)


def _is_less(new: Telling, old: Telling) -> bool:
    """Whether one answer tells mere numbers and the other one words beside them."""
    told = [sum(rarity(word) for word in kept.facts if not word.isdigit()) for kept in (new, old)]
    numbers = [any(map(str.isdigit, kept.facts)) for kept in (new, old)]
    return all(numbers) and min(told) < DISTINCT and max(told) >= MIN_BESIDE


def _agreement(answer: str) -> str:
    """The yes or no that an answer begins with."""
    first = _FIRST_WORD.match(answer.casefold())
    return first[1] if first and first[1] in agreements() else ""


def _same_facts(new: Telling, old: Telling) -> float:
    return 0.0 if _numbers_conflict(new.facts, old.facts) else share(new.facts, old.facts)


def _numbers(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if word.isdigit())


def _numbers_conflict(left: Sequence[str], right: Sequence[str]) -> bool:
    first, second = _numbers(left), _numbers(right)
    return bool(first and second and not first & second)


def _only(words: Sequence[str], others: Sequence[str]) -> list[str]:
    exactly = frozenset(others)
    strange = [word for word in words if word not in exactly]
    if not strange:
        return []
    known = _vocabulary(exactly)
    return [word for word in strange if not known.has_form(word) and not known.has_meaning(word)]


@lru_cache(maxsize=1 << 14)
def _vocabulary(words: frozenset[str]) -> Vocabulary:
    return Vocabulary(words)


def shared(left: Sequence[str], right: Sequence[str]) -> float:
    """The rarity of the words that the first of two sets has in common with the other one."""
    return sum(map(rarity, left)) - sum(map(rarity, _only(left, right)))


def share(left: Sequence[str], right: Sequence[str]) -> float:
    """Jaccard similarity by rarity; forms of one word are the same. 0 to 1."""
    if not left or not right:
        return 0.0
    only_left, only_right = (sum(map(rarity, _only(*pair))) for pair in ((left, right), (right, left)))
    both = min(sum(map(rarity, left)) - only_left, sum(map(rarity, right)) - only_right)
    total = both + only_left + only_right
    return both / total if total else 0.0


def contained(left: Sequence[str], right: Sequence[str]) -> float:
    """Share of the lighter of two sets of words that the other one has, by rarity."""
    shares = []
    for words, others in ((left, right), (right, left)):
        total = sum(map(rarity, words))
        shares.append(1 - sum(map(rarity, _only(words, others))) / total if total else 0.0)
    return max(shares)
