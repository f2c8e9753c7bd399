"""Questions for things, people and places: what is X, what is it made of, where does it stand, who does it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.generation.answer_first.question_parts import (
    AUXILIARY_WORDS,
    Target,
    ask_plain,
    first_clause,
    has_auxiliary,
    is_imperative,
    is_subject,
    is_verb,
    third_person,
)
from src.generation.answer_first.words import load_list, split_words

_COUNTS = r"its|the|their|these|many|some|several|\d+|two|three|four|five|six|seven|eight|nine|ten"
"""After one of these a word is a noun: "two changes", "its causes"."""
_NEGATIONS = frozenset(["not", "never"])
_MEASURED = re.compile(r"\b(?:a|an|one|\d+) (?:second|minute|hour|day|week|month|year|percent)s?\b")
"""Under a second is no place."""
_PLACE = (
    r"(?:in|on|at|under|below|behind|beside|near|next to|between|opposite|above|inside|outside)"
    r" (?:the|an?|our|[A-Z]\w+) .+"
)


def ask_definition(plain: str) -> Iterator[Target]:
    """What is X: "A kiln is an oven that ...". The other way round where X is "the ..." of something."""
    match = re.match(r"([\w'-]+(?: [\w'-]+){0,7}?) (is|are) (an?|the) (.+)", plain)
    if not match or not is_subject(match[1]):
        return
    subject, predicate = split_words(match[1]), split_words(match[4])
    is_activity = subject[0].endswith("ing") and len(subject) > 2
    is_empty = predicate[0] in load_list("en_empty_predicates") or predicate[0].endswith("ly")
    if is_activity or is_empty or subject[-1] in load_list("en_vague"):
        return
    if match[3] == "the":
        yield from _ask_identity(match, subject)
    elif len(subject) <= 5 and not _leans_on_context(match[1]):
        forms = ask_plain(f"What {match[2]}", match[1], is_inverted=True)
        forms += ask_plain(f"What exactly {match[2]}", match[1], is_inverted=True)
        yield Target("definition", forms, match[1], f"{match[3]} {match[4]}")


def ask_meaning(plain: str) -> Iterator[Target]:
    """What does X mean, what is X called, what is X made of, what is it used for."""
    match = re.match(r"([\w'-]+(?: [\w'-]+){0,3}) means (.+)", plain)
    if match and is_subject(match[1]):
        yield Target("definition", ask_plain("What does", match[1], is_inverted=True), match[1], match[2], " mean")
    match = re.match(r"([^,;:]+) (is|are) called (?:an? |the )?([\w'-]+(?: [\w'-]+){0,2})(?:,.*)?$", plain)
    if match and split_words(match[1])[0] not in load_list("en_starters"):
        yield Target("name", ask_plain(f"What {match[2]}", match[1], is_inverted=True), match[1], match[3], " called")
    match = re.match(r"([^,;:]+?) (is|are) (made (?:of|from|out of)|used (?:for|to)) (.+)", plain)
    if match and is_subject(match[1]):
        closer = " used for" if match[3].startswith("used") else f" {match[3]}"
        yield Target("use", ask_plain(f"What {match[2]}", match[1], is_inverted=True), match[1], match[4], closer)


def ask_list(plain: str) -> Iterator[Target]:
    """What does X include: "The fee covers A, B and C"."""
    match = re.match(r"([^,;:]+?) (includes?|contains?|covers?|consists? of|comprises?) ([^;:]+,? and (\w+).*)", plain)
    if not match or not is_subject(match[1]) or has_auxiliary(match[3]):
        return
    if match[4].endswith("s") and is_verb(match[4]):  # "... contains copper and melts at 1085 degrees"
        return
    verb, _, rest = match[2].partition(" ")
    doing = "does" if verb.endswith("s") else "do"
    closer = f" {verb.removesuffix('s')} {rest}".rstrip()
    yield Target("list", ask_plain(f"What {doing}", match[1], is_inverted=True), match[1], match[3], closer)


def ask_manner(plain: str) -> Iterator[Target]:
    """How is X done: "Tables are cleaned with a wet sponge", "... is opened by turning ..."."""
    match = re.match(
        r"([^,;:]+?) ((?:is|are|was|were)|(?:can|must|should|may) be)"
        r" (\w+ed|cut|kept|hung|held|built|made|shut|written)"
        r" ((?:by \w+ing|with an?|with the) .+)",
        plain,
    )
    is_action = match and any(base in load_list("en_imperatives") for base in (match[3], match[3][:-1], match[3][:-2]))
    if match and is_action and is_subject(match[1]):
        auxiliary, _, be = match[2].partition(" ")
        closer = f" {be} {match[3]}".replace("  ", " ")
        yield Target("manner", ask_plain(f"How {auxiliary}", match[1], is_inverted=True), match[1], match[4], closer)


def ask_place(plain: str) -> Iterator[Target]:
    """Where: "The spare key hangs behind the door"."""
    match = re.match(
        r"([^,;:]+?) ((?:is|are|was|were)(?: kept| stored| located| found| held| parked| hung)?"
        rf"|stands?|lies?|hangs?|lives?) ({_PLACE})",
        plain,
    )
    if not match or not is_subject(match[1]) or _MEASURED.search(match[3]):
        return
    verb, _, participle = match[2].partition(" ")
    if verb in ("is", "are", "was", "were"):
        auxiliary, closer = verb, f" {participle}".rstrip()
    else:
        auxiliary, closer = ("does", f" {verb.removesuffix('s')}") if verb.endswith("s") else ("do", f" {verb}")
    yield Target("place", ask_plain(f"Where {auxiliary}", match[1], is_inverted=True), match[1], match[3], closer)


def ask_person(plain: str) -> Iterator[Target]:
    """Who: "Only trained members may load the kiln"."""
    words = plain.split(" ")
    persons = [number for number, word in enumerate(words[:5]) if word.casefold() in load_list("en_persons")]
    position = max(persons, default=None)  # of "board members" the last one
    if position is None or len(words) < position + 3:
        return
    noun, before = words[position].casefold(), {word.casefold() for word in words[:position]}
    is_plural = noun.endswith("s") or noun in ("children", "men", "women")
    verb = third_person(words[position + 1], is_plural=is_plural)
    if (
        verb
        and not _NEGATIONS & set(words[position + 1 : position + 4])
        and not before & (load_list("en_starters") - {"only"})
    ):
        asked = first_clause(" ".join(words[position + 2 :]))
        yield Target("person", ask_plain(f"Who {verb}", asked), asked, noun)


def ask_effect(plain: str) -> Iterator[Target]:
    """What does it: "A thin layer of wax keeps the moisture in"."""
    words = plain.split(" ")
    position = next((number for number, word in enumerate(words) if word in load_list("en_effect_verbs")), 0)
    subject, rest = " ".join(words[:position]), " ".join(words[position + 1 :])
    if not position or not rest or not is_subject(subject) or is_imperative(plain):
        return
    following, before = words[position + 1], set(words[:position])
    if following in ("and", "or"):  # "blocks and arguments"
        return
    is_plural = following in AUXILIARY_WORDS or is_verb(following)  # "Future releases may ..."
    is_nested = before & (load_list("en_boundaries") - {"of"}) or re.fullmatch(_COUNTS, words[position - 1])
    if is_plural or is_nested:
        return
    who = "Who" if words[position - 1].casefold() in load_list("en_persons") else "What"
    asked = first_clause(rest)
    yield Target("effect", ask_plain(f"{who} {words[position]}", asked), asked, subject)


def _ask_identity(match: re.Match[str], subject: list[str]) -> Iterator[Target]:
    is_cut = re.search(r",(?! (?:which|who|where|and|but|so|because|with|while)\b)|\b(?:what|and)\b", match[4])
    if is_cut or subject[0] in ("a", "an", "another", "one", "some"):
        return
    word = "Who" if subject[-1] in load_list("en_persons") else "What"
    asked = first_clause(f"the {match[4]}")
    yield Target("identity", ask_plain(f"{word} {match[2]}", asked, is_inverted=True), asked, match[1])


def _leans_on_context(subject: str) -> bool:
    """ "the symptom": a reader cannot know which one; "the sand clock" and "the Clay Yard" have a name."""
    words = subject.split()
    return words[0].casefold() == "the" and len(words) < 3 and subject[4:].islower()
