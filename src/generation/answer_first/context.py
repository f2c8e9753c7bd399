"""What a question is about, named by the heading: "the index" says nothing to a reader who does not see the text."""

from __future__ import annotations

import re
from dataclasses import replace

from src.generation.answer_first.question_parts import Form, Target, is_imperative
from src.generation.answer_first.words import content_stems, load_list, split_words

CONTEXT = "With regard to"
_KINDS = frozenset(["condition", "occasion"])
"""Questions about a case: what their clause speaks of was named before it, most of the time."""
_LEANING = re.compile(r"(?:the|both|all|any|each|either|neither|no|an?)\b", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:[A-Z][.)]|[A-Z]?\d+(?:\.\d+)*[.)]?)[ \t]+(?=\w)")
_PHRASE = re.compile(r"[A-Za-z][\w'’-]*(?: [\w'’-]+){0,4}")


def name_context(heading: str, names: frozenset[str] = frozenset()) -> str:
    """The last heading of a chain as a phrase within a sentence; "" where it is none: a question, a request, a long or
    shouted line. ``names`` keep their capital."""
    phrase = _NUMBER.sub("", heading.rpartition(" > ")[2].strip())
    words = phrase.split()
    if not _PHRASE.fullmatch(phrase) or phrase.isupper() or not content_stems(phrase):
        return ""
    first = words[0].casefold()
    if first in load_list("en_imperatives") or first in load_list("en_starters") or is_imperative(phrase):
        return ""
    is_letter = len(words[0]) == 1 and first != "a"
    is_name = (
        is_letter
        or words[0] in names
        or words[0][1:] != words[0][1:].lower()
        or any(word[0].isupper() for word in words[1:])
    )
    return phrase if is_name else f"{words[0][0].lower()}{phrase[1:]}"


def in_context(target: Target, context: str) -> Target:
    """``target`` so that its question names ``context``, where it is asked about a case of something that the clause
    does not name itself; else as it is."""
    if not context or target.kind not in _KINDS or not _LEANING.match(target.given):
        return target
    if set(content_stems(context)) & set(content_stems(target.given)):
        return target
    start = f"{CONTEXT} {context},"
    forms = tuple(Form(f"{start} {form.start[:1].lower()}{form.start[1:]}", form.words) for form in target.forms[:1])
    return replace(target, forms=forms, context=start)


def without_context(question: str, target: Target) -> str:
    """The question itself: what its context adds is no part of what the fact says."""
    return question.removeprefix(target.context).strip() if split_words(target.context) else question
