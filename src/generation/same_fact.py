"""Whether two samples tell the same: the same question in other words, or the same fact asked for again."""

from __future__ import annotations

from collections.abc import Sequence

from src.generation.common_words import contained, only, share, shared
from src.generation.gates.terms import rarity
from src.generation.numbers.measures import unit_of
from src.generation.other_answers import (
    ASKED_AGAIN,
    MOSTLY_CONTAINED,
    SAME_FACT,
    SAME_MATTER,
    answer_others,
    ask_for_others,
    is_part_of_account,
)
from src.generation.telling import Telling, cut

ALIKE, TOUCHED = 0.32, 0.4
"""Share of the words of question and answer from which two samples of one passage tell the same, where the answers
also have that much in common: of 1044 paraphrases 952 are found by this and the other rules, of 5635 pairs of different
questions about one passage none (benchmarks/quality.py)."""
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
LEAST_SHARED = 0.2
"""Rarity of the words that two answers, and two questions, must share at least to tell the same."""
SURELY_SAME_FACT, SURELY_CONTAINED = 0.5, 0.8
SURELY_SHARED, SHARED_IF_CONTAINED = 2.4, 3.0
"""Share of the words of two answers, numbers aside, and their rarity (more than a name has), from which they tell the
same fact even where they count it in other ways or where one says more: none of 2631 pairs of different questions about
one passage reaches it."""
SAME_IN_ALL, LEAST_OF_FACTS = 0.52, 0.1
"""Share of all their words from which two samples tell the same, whether these stand in the question or the answer, and
of what the answers say beyond their questions."""
OTHER_WAY = 0.4
"""Share of all their words that a question of yes or no, or a request, and another one need to be the same."""
SAME_WORDS, SURELY_SAME_WORDS = 2, 4
"""Words of an answer that two samples have alike: of 2660 pairs of different questions about one passage none has the
same answer twice."""
ONE_FORM = 0.8
"""Share of the words of two questions, names aside, from which these make the difference: the same of A and of B."""
OTHER_FACT = 0.3
"""Below it two answers tell different facts, however alike their questions are ("How high is A?", "How high is B?")."""
DISTINCT = 0.2
"""Rarity of the words by which two questions about different passages must differ, each from the other."""


def are_different_questions(new: Telling, old: Telling, subject: frozenset[str] = frozenset()) -> bool:
    """Whether two questions of almost the same words are two questions: about things of other passages, or with other
    answers ("When was the kiln built?", "Where was the kiln built?")."""
    only_new, only_old = only(new.words, old.words), only(old.words, new.words)
    both = min(sum(map(rarity, only_new)), sum(map(rarity, only_old))) >= DISTINCT
    if both and (not new.passage or new.passage != old.passage):
        return True
    if not new.has_answer or not old.has_answer:
        return False
    if _tell_others(new, old, subject) or _name_others(new, old):
        return True
    said = _same_facts(new, old)
    if said and contained(new.facts, old.facts) >= MOSTLY_CONTAINED:
        return False
    return said < OTHER_FACT or (both and said < SAME_FACT)


def answers_may_agree(new: Telling, old: Telling) -> bool:
    """Whether nothing in the answers speaks against two questions of one meaning being the same."""
    return not (new.has_answer and old.has_answer) or _same_facts(new, old) >= OTHER_FACT


def tell_the_same(new: Telling, old: Telling, subject: frozenset[str] = frozenset()) -> bool:
    """Whether two samples of one passage tell the same fact, in whatever words. ``subject``: the stems that most
    questions about the passage have; none of them tells what is asked of it."""
    if not new.has_answer or not old.has_answer:
        return False
    if _have_same_answer(new, old):
        return True
    asked = share(new.words, old.words)
    if _tell_others(new, old, subject) or _name_others(new, old):
        return False
    if _surely_tell_the_same(_without_numbers(new.facts), _without_numbers(old.facts)):
        return True
    if _speak_of_others(new, old) or (_is_less(new, old) and (asked < SAME_ASKED or not _have_same_numbers(new, old))):
        return False
    if new.agreement and new.agreement == old.agreement and asked >= _least_asked(new, old):
        return True
    return _touch(new, old) and _are_alike(new, old, asked)


def _tell_others(new: Telling, old: Telling, subject: frozenset[str]) -> bool:
    """Whether the answers are to two questions: also where one tells much more and the questions have too little in
    common beside their ``subject`` for that."""
    if answer_others(new, old):
        return True
    asked = ([word for word in kept.words if cut(word) not in subject] or kept.words for kept in (new, old))
    return is_part_of_account(new, old) and share(*asked) < SAME_MATTER


def _name_others(new: Telling, old: Telling) -> bool:
    """Whether two questions ask the same of other names: each has one of which the other has no word, and the rest of
    their words are the same."""
    own, others = frozenset[str]().union(*new.names), frozenset[str]().union(*old.names)
    if not all(any(map(known.isdisjoint, names)) for names, known in ((new.names, others), (old.names, own))):
        return False
    rest = ([word for word in kept.words if word not in own | others] for kept in (new, old))
    return share(*rest) >= ONE_FORM


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
    tells = not (new.facts and old.facts) or share(new.facts, old.facts) >= LEAST_OF_FACTS
    if alike >= SAME_IN_ALL and tells and _have_same_numbers(new, old):
        return True
    if (asked < ASKED_AGAIN and common < LEAST_SHARED) or ask_for_others(new, old):
        return False
    is_other_way = new.asks_agreement != old.asks_agreement or new.asks_for_text != old.asks_for_text
    if is_other_way and alike < OTHER_WAY:
        return False
    return (alike >= ALIKE and inside >= TOUCHED) or (alike >= RELATED and inside >= CONTAINED)


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


def _same_facts(new: Telling, old: Telling) -> float:
    return 0.0 if _numbers_conflict(new.facts, old.facts) else share(new.facts, old.facts)


def _numbers(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if word.isdigit())


def _numbers_conflict(left: Sequence[str], right: Sequence[str]) -> bool:
    first, second = _numbers(left), _numbers(right)
    return bool(first and second and not first & second)
