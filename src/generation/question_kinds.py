"""What a fact can be asked: the kind of question, its first words, what it must name and what it must not give away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from src.generation.quantity_kinds import ask_frequency, ask_quantity, ask_time
from src.generation.question_parts import (
    AUXILIARY_WORDS,
    Target,
    ask_with,
    first_clause,
    has_auxiliary,
    is_imperative,
    third_person,
)
from src.generation.words import load_list, split_words

_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|he|she|his|her|him|this|these|those|there|such)\b", re.IGNORECASE)
_PREPOSITION = re.compile(r"(?:from|in|on|at|with|without|for|by|during|under|over|as|like|to)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where)\b")
_CONNECTIVE = "if|when|whenever|once|as soon as|before|after|unless"
_NO_PURPOSE = re.compile(
    r"\b(?:need(?:s|ed)?|take[sn]?|took|wants?|likes?|le(?:t|ts|ave|aves|ft)|allow\w*|enough|too|able|ready|how|way|ways|time"
    r"|used?|uses|easy|hard|difficult|have|has|had|try|tries|learn\w*|ask\w*|tells?|told|help\w*|expect\w*|plan\w*|begins?"
    r"|starts?|from|up|close|due|according|going|seems?|tends?|likely|possible|necessary|important|free|safe|first|only|next"
    r"|chance|right|invited|said|decid\w*|it|there|what|where|when)\b(?: [\w-]+){0,5}$",
    re.IGNORECASE,
)


def find_targets(sentence: str) -> tuple[Target, ...]:
    """The ways to ask for ``sentence`` (one English sentence), the surest first; none for most other languages."""
    plain = sentence.rstrip(".!")
    found = [target for rule in _RULES for target in rule(plain)]
    return tuple(target for target in found if _is_askable(target))


def _is_askable(target: Target) -> bool:
    """A question must be understood without the fact: no pronoun may be left over in the part that it names."""
    return bool(split_words(target.given)) and not _PRONOUN.search(f"{target.given} {target.closer}")


def _reason(plain: str) -> Iterator[Target]:
    match = re.match(r"(.+?),? (because|so that|in order to|otherwise) (.+)", plain)
    if match:
        yield Target("reason", ask_with("Why", match[1]), match[1], match[3])


def _purpose(plain: str) -> Iterator[Target]:
    match = re.match(r"To ([a-z][\w-]*) ([^,;:]+), (.+)", plain)
    if match and match[1] not in load_list("en_vague"):
        yield Target("how_to", (f"How do you {match[1]} ",), f"{match[1]} {match[2]}", match[3])
    for found in re.finditer(r" to ([a-z]+) ", plain):
        before, after = plain[: found.start()], plain[found.start(1) :]
        if found[1] in load_list("en_imperatives") and len(before.split()) > 3:
            if not _NO_PURPOSE.search(before) and not re.search(r"[,;:]", before):
                yield Target("reason", ask_with("Why", before), before, after)
            return


def _condition(plain: str) -> Iterator[Target]:
    match = re.match(rf"({_CONNECTIVE}) ([^,;:]+), (?:then )?(.+)", plain, re.IGNORECASE)
    if match:
        connective, clause, main = match[1].lower(), match[2], match[3]
    else:
        match = re.match(rf"([^,;:]+?),? ({_CONNECTIVE}) ([^,;:]+)$", plain)
        if not match:
            return
        connective, clause, main = match[2], match[3], match[1]
    is_clause = len(clause.split()) >= 2 and not re.match(
        r"(?:an?|every|each|about|\d)\b|.*(?:hours|minutes|days|weeks)$", clause
    )
    if not is_clause or connective == "unless" or re.search(r"\b(?:ready|only|not|never|no)\b", main):
        return
    if is_imperative(main) or re.match(r"you (?:should|must|can|may|need)\b", main, re.IGNORECASE):
        yield Target("condition", (f"What should you do {connective} ",), clause, main)
    else:
        yield Target("condition", (f"What happens {connective} ",), clause, main)


def _definition(plain: str) -> Iterator[Target]:
    match = re.match(r"((?:(?:An?|The) )?[\w'-]+(?: [\w'-]+){0,6}?) (is|are) (an?|the|one of) (.+)", plain)
    if not match or has_auxiliary(match[1]) or _RELATIVE.search(match[1]) or _PREPOSITION.match(plain):
        return
    head = split_words(match[1])[-1]
    if head in load_list("en_vague"):
        return
    if match[3] in ("the", "one of"):
        word = "Who" if head in load_list("en_persons") else "What"
        asked = first_clause(f"{match[3]} {match[4]}")
        yield Target("identity", (f"{word} {match[2]} {match[3]} ",), asked, match[1])
    elif len(split_words(match[1])) <= 5:
        yield Target("definition", (f"What {match[2]} ",), match[1], f"{match[3]} {match[4]}")


def _meaning(plain: str) -> Iterator[Target]:
    match = re.match(r"([\w'-]+(?: [\w'-]+){0,3}) means (.+)", plain)
    if match:
        yield Target("definition", ("What does ",), match[1], match[2], " mean")
    match = re.match(r"([^,;:]+) (is|are) called (?:an? |the )?([\w'-]+(?: [\w'-]+){0,2})(?:,.*)?$", plain)
    if match:
        yield Target("name", (f"What {match[2]} ",), match[1], match[3], " called")
    match = re.match(r"([^,;:]+?) (is|are) (made (?:of|from|out of)|used (?:for|to)) (.+)", plain)
    if match and not _RELATIVE.search(match[1]):
        closer = " used for" if match[3].startswith("used") else f" {match[3]}"
        yield Target("use", (f"What {match[2]} ",), match[1], match[4], closer)


def _list(plain: str) -> Iterator[Target]:
    match = re.match(r"([^,;:]+?) (includes?|contains?|covers?|consists? of|comprises?) ([^;:]+,? and .+)", plain)
    if match and not _RELATIVE.search(match[1]) and not has_auxiliary(f"{match[1]} {match[3]}"):
        verb, _, rest = match[2].partition(" ")
        doing = "does" if verb.endswith("s") else "do"
        yield Target("list", (f"What {doing} ",), match[1], match[3], f" {verb.removesuffix('s')} {rest}".rstrip())


def _manner(plain: str) -> Iterator[Target]:
    match = re.match(
        r"([^,;:]+?) ((?:is|are|was|were)|(?:can|must|should|may) be) (\w+(?:ed|en|nt|ft|ld|pt|ut))"
        r" ((?:by \w+ing|with an?|with the) .+)",
        plain,
    )
    if match and not _RELATIVE.search(match[1]):
        auxiliary, _, be = match[2].partition(" ")
        yield Target("manner", (f"How {auxiliary} ",), match[1], match[4], f" {be} {match[3]}".replace("  ", " "))


def _place(plain: str) -> Iterator[Target]:
    match = re.match(
        r"([^,;:]+?) ((?:is|are|was|were)(?: kept| stored| located| found| held| parked| hung)?|stands?|lies?|hangs?|lives?)"
        r" ((?:in|on|at|under|below|behind|beside|near|next to|between|opposite|above|inside|outside)"
        r" (?:the|an?|our|[A-Z]\w+) .+)",
        plain,
    )
    if not match or has_auxiliary(match[1]) or _RELATIVE.search(match[1]):
        return
    verb, _, participle = match[2].partition(" ")
    if verb in ("is", "are", "was", "were"):
        yield Target("place", (f"Where {verb} ",), match[1], match[3], f" {participle}".rstrip())
    else:
        doing, base = ("does", verb.removesuffix("s")) if verb.endswith("s") else ("do", verb)
        yield Target("place", (f"Where {doing} ",), match[1], match[3], f" {base}")


def _person(plain: str) -> Iterator[Target]:
    match = re.match(r"(?:(?:Only|The|An?|Every|Each|All|Our) )?(?:[a-z-]+ ){0,2}?([\w-]+) ([a-z]+) (.+)", plain)
    if not match or match[1].casefold() not in load_list("en_persons"):
        return
    is_plural = match[1].endswith("s") or match[1] in ("people", "children", "men", "women")
    verb = third_person(match[2], is_plural=is_plural)
    if verb:
        yield Target("person", (f"Who {verb} ",), first_clause(match[3]), match[1])


def _effect(plain: str) -> Iterator[Target]:
    words = plain.split(" ")
    for position in range(1, min(8, len(words) - 1)):
        if words[position] in load_list("en_effect_verbs"):
            subject, rest = " ".join(words[:position]), " ".join(words[position + 1 :])
            is_simple = not re.search(r"[,;:]|\b(?:and|to|not|if|when|then)\b", subject) and not has_auxiliary(subject)
            if is_simple and not _RELATIVE.search(subject) and not _PREPOSITION.match(subject):
                who = "Who" if words[position - 1].casefold() in load_list("en_persons") else "What"
                yield Target("effect", (f"{who} {words[position]} ",), first_clause(rest), subject)
            return


def _duty(plain: str) -> Iterator[Target]:
    match = re.match(
        r"([^,;:]+?) (must|should|may|can) (?!be\b|not\b)([^,;:]+?) (before|after|when|if|during) ([^,;:]+)$", plain
    )
    if match and not has_auxiliary(match[1]) and not _RELATIVE.search(match[1]):
        yield Target("duty", (f"What {match[2]} ",), match[1], match[3], f" do {match[4]} {match[5]}")


_RULES: tuple[Callable[[str], Iterator[Target]], ...] = (
    _purpose,
    _condition,
    _meaning,
    _definition,
    _reason,
    _list,
    _manner,
    _place,
    ask_frequency,
    ask_time,
    ask_quantity,
    _person,
    _effect,
    _duty,
)

__all__ = ["AUXILIARY_WORDS", "Target", "find_targets"]
