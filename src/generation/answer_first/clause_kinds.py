"""Questions for reasons, purposes, conditions and duties: sentences of a main and a subordinate clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from src.generation.answer_first.question_parts import (
    AUXILIARY_WORDS,
    Target,
    ask_plain,
    ask_with,
    is_imperative,
    is_past_form,
    is_subject,
    is_verb,
)
from src.generation.answer_first.words import load_list, split_words

_CONNECTIVE = "if|when|whenever|once|as soon as|before|after"
_CASES = frozenset(["if", "when", "whenever", "once", "as soon as"])
"""With these a clause says when its main clause holds."""
_NO_CONDITION = re.compile(
    r"\b(?:times?|cases?|only|even|except|and|or|as|especially|particularly|than|happens|what|determines?|know|see|check|ask"
    r"|tell|decide|wonder|test|sure|moment|day|point|place|soon|long|just|right|shortly|immediately|not|later|ever|always"
    r"|often|now|most|least|is|are|was|were|be)$"
)
"""What stands before "if" or "when" where it does not begin a condition of the main clause."""
_NESTED = re.compile(
    r"\b(?:that|which|who|what|how|whether|where|why|if|when)\b"
    r"|\b(?:is|are|was|were) (?!\w+(?:ed|en)\b|be\b|not \w+ed\b)"
)
_WISH = re.compile(r"you (?:wish|want|need|would like) to\b")
_COPULA = re.compile(
    r"\b(?:is|are|was|were)\b(?:(?!\b(?:and|or|but|that|which|who|it|they)\b).)*\b(?:is|are|was|were)\b"
)
"""Two forms of be without a joint: the clause has run on into what it belongs to."""
_BARE = re.compile(r"\b(?:ready|only|not|never|no)\b|^(?:because|but|and|or|so)\b|^\w+$", re.IGNORECASE)
"""Main clauses that are no answer to "What happens": what does not happen, or one word."""


def ask_reason(plain: str) -> Iterator[Target]:
    """Why: "... because ...", "... so that ...", "... must ..., otherwise ..."."""
    match = re.match(r"([^,;:]+?),? (because|so that|in order to|otherwise) (.+)", plain)
    if match and (match[2] != "otherwise" or re.search(r"\b(?:must|should)\b", match[1]) or is_imperative(plain)):
        yield Target("reason", ask_with("Why", match[1]), match[1], match[3])


def ask_purpose(plain: str) -> Iterator[Target]:
    """How: "To open the lid, turn ...". Why: "Turn the key to open the lid"."""
    match = re.match(
        r"(To|If you (?:want|wish|need|would like) to) ([a-z][\w-]*) ([^,;:]+), (.+)", plain, re.IGNORECASE
    )
    if match and match[2] != "be" and (len(match[1]) > 2 or is_verb(match[2])):  # not "To the left, ..."
        forms = ask_plain(f"How do you {match[2]}", match[3], is_inverted=True)
        forms += ask_plain(f"How can you {match[2]}", match[3], is_inverted=True)
        yield Target("how_to", forms, f"{match[2]} {match[3]}", match[4])
    match = re.match(r"([^,;:]+?) to ([a-z]+) (.+)", plain)
    if match and is_imperative(plain) and len(match[1].split()) > 3 and match[2] in load_list("en_imperatives"):
        yield Target("reason", ask_with("Why", match[1]), match[1], f"{match[2]} {match[3]}")


def ask_condition(plain: str) -> Iterator[Target]:
    """What happens, or what should you do: "When the lid is open, ...", "Call the keeper if ..."."""
    match = re.match(rf"({_CONNECTIVE}) ([^,;:]+), (?:then )?(.+)", plain, re.IGNORECASE)
    if match:
        connective, clause, main = match[1].lower(), match[2], match[3]
    else:
        match = re.match(rf"([^,;:]+?),? ({_CONNECTIVE}) ([^,;:]+)$", plain)
        if not match or _NO_CONDITION.search(match[1]) or not _is_simple(match[1]):
            return
        connective, clause, main = match[2], match[3], match[1]
    if not _is_condition(connective, clause) or _BARE.search(main):
        return
    modal = re.match(r"you (should|must|can|may|need)\b", main, re.IGNORECASE)
    if modal or is_imperative(main):
        verb = modal[1].lower() if modal and modal[1].lower() != "need" else "should"
        yield Target("condition", ask_plain(f"What {verb} you do {connective}", clause, is_inverted=True), clause, main)
    elif not re.match(r"(?:it|they|this|that|these|there|he|she)\b", main) or re.match(r"an? |the ", clause):
        yield Target("condition", ask_plain(f"What happens {connective}", clause), clause, main)
    if connective in _CASES and _is_simple(main) and not _COPULA.search(main):
        yield Target("occasion", ask_with("When", main), main, clause)


def ask_duty(plain: str) -> Iterator[Target]:
    """What must somebody do: "Visitors must sign the book before they climb the tower"."""
    match = re.match(
        r"([^,;:]+?) (must|should|may|can) (?!be\b|not\b)([^,;:]+?) (before|after|when|if|during) ([^,;:]+)$", plain
    )
    if match and is_subject(match[1]) and len(match[3].split()) > 1 and not match[3].endswith(" even"):
        forms = ask_plain(f"What {match[2]}", match[1], is_inverted=True)
        yield Target("duty", forms, match[1], match[3], f" do {match[4]} {match[5]}")


def _has_verb(words: Sequence[str]) -> bool:
    """Whether a clause says what somebody or something does, with its subject before the verb or with an ing-form."""
    is_done = any(
        word.endswith(("s", "ed")) or is_verb(word) or is_past_form(word) or word in AUXILIARY_WORDS
        for word in words[1:]
    )
    return is_done or words[0].endswith("ing")


def _is_simple(main: str) -> bool:
    """A main clause of one piece that says what is done, not what something is."""
    words = split_words(main)
    return not _NESTED.search(main) and words[0] not in load_list("en_starters") and len(words) <= 12


def _is_condition(connective: str, clause: str) -> bool:
    words = split_words(clause)
    if words[:1] == ["not"] or _WISH.match(clause) or _COPULA.search(clause) or not _has_verb(words):
        return False
    if len(words) < 2 or re.match(r"(?:every|each|about|\d)\b|.*(?:hours|minutes|days|weeks|years)$", clause):
        return False
    if connective in (
        "before",
        "after",
    ):  # "after the harvest", "before firing the kiln"; not "after many years with ..."
        return words[0] == "the" or words[0].endswith("ing")
    is_short_form = (
        is_past_form(words[0])
        or words[0].endswith("ed")
        or words[0]
        in (
            "made",
            "done",
            "used",
            "built",
            "possible",
            "necessary",
            "any",
        )
    )
    return not is_short_form and not re.match(r"an? \w+$", clause)
