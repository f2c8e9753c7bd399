"""Pronouns that stand for nothing at all: how long does it take to ..., is it safe to ..., il faut."""

from __future__ import annotations

from collections.abc import Sequence, Set

from src.generation.answer_first.question_parts import is_past_form, is_verb
from src.generation.gates.terms import is_function_word

WINDOW = 40
"""Words behind a pronoun among which a clause or a list may say what it stands for."""
DO = frozenset({"do", "does", "did", "can", "could", "will", "would", "should", "must", "may", "might"})
_TO_BE = frozenset({"is", "was", "be", "ist", "war", "wäre"})
_OF_SOMEBODY = frozenset(
    {
        "lend",
        "lead",
        "belong",
        "apply",
        "refer",
        "attach",
        "connect",
        "contribute",
        "deliver",
        "respond",
        "sell",
        "send",
    }
)
"""Verbs that need something which does it: does it lend to ... Does it help to ... asks of nothing."""
_ONLY_BEHIND = frozenset({"happen", "happens", "mean", "means", "matter", "matters"})
"""Expletives that come behind their pronoun: it happens that ..., but what happens if it breaks."""
_OPENERS = frozenset({"to", "that", "if", "when", "zu", "dass", "wenn", "de", "que", "di", "che", "om", "dat"})
"""They open what a pronoun announces."""
_DETERMINERS = frozenset(
    {"the", "a", "an", "its", "his", "her", "their", "my", "your", "our", "each", "every", "any", "all"}
)
_CLEFT = frozenset({"that", "who"})
_ASKED = frozenset({"who", "whom", "whether", "what", "which", "how", "where"})


def is_expletive(tokens: Sequence[str], number: int, expletives: Set[str]) -> bool:
    """Whether the pronoun at that place, of words in lower case, stands for nothing at all."""
    after_be = number > 0 and tokens[number - 1] in _TO_BE
    following = tokens[number + 1 : number + (6 if after_be else 4)]  # is it a very good idea to ...
    before = tokens[max(0, number - 2) : number]
    if set(following[:3]) & expletives or (set(before) & expletives) - _ONLY_BEHIND:
        return True
    is_it = tokens[number] == "it"
    if is_it and _is_announcing(tokens[number : number + WINDOW], following, after_be=after_be):
        return True
    opens = set(_OPENERS)
    is_object = following[:1] == ["to"] and not after_be  # what caused it to fail
    if is_it and (is_object or _is_subject_of_verb(tokens, number) or _goes_to_a_thing(tokens, number)):
        opens.discard("to")
    return bool(set(following) & opens) and (
        tokens[number] in {"it", "es", "il", "het", "'t"} or tokens[number].startswith("da")
    )


def _is_announcing(tokens: Sequence[str], following: Sequence[str], *, after_be: bool) -> bool:
    """Whether "it" announces what comes: is it hard for ..., is it Ada who ..., should it be checked whether ..., how
    far is it from ... to ..."""
    if "for" in following[1:] or (after_be and not _CLEFT.isdisjoint(tokens)):
        return True
    if following[:1] == ["be"]:
        following, after_be = following[1:], True
    if after_be and following[:1] == ["from"] and "to" in tokens:
        return True
    return after_be and len(following) > 1 and is_past_form(following[0]) and following[1] in _ASKED


def _is_subject_of_verb(tokens: Sequence[str], number: int) -> bool:
    """Whether "it" stands between "does" or "can" and a verb of something: does it lend to ..."""
    behind = tokens[number + 1 : number + 2]
    return tokens[number - 1] in DO and bool(behind) and behind[0] in _OF_SOMEBODY


def _goes_to_a_thing(tokens: Sequence[str], number: int) -> bool:
    """Whether the next "to" stands before a noun: connected to the railway, closed to traffic?"""
    first, behind = (*tokens[tokens.index("to", number) + 1 :], "", "")[:2] if "to" in tokens[number:] else ("", "")
    return first in _DETERMINERS or (behind in {"", "?"} and not is_verb(first) and not is_function_word(first))
