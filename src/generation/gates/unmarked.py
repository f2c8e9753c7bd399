"""Answers that end without a mark: which of them are whole, as a term or a short phrase is, and which were cut off."""

from __future__ import annotations

import re
from itertools import pairwise

from src.generation.answer_first.question_parts import is_verb
from src.generation.gates.answer_types import agreements, find_kind
from src.generation.gates.code_terms import without_code
from src.generation.gates.language import detect_language, function_words
from src.generation.gates.terms import content_words
from src.generation.gates.texts import MARKUP, PLAIN_WORD
from src.generation.numbers.measures import unit_of
from src.generation.wordlists import month_names, read_word_sets

WHOLE_WITHOUT_MARK = 4
"""Words that an answer without an end mark may have: "About 600 °C", "in the second week"."""
LONGEST_BEFORE_CODE = 6
"""The same for one that ends in code: "With --extreme"."""
WHOLE_WITHOUT_MARK_EAST = 6
"""The same in characters, where words have no spaces between them."""
END_MARK = re.compile(r"[.!?…。！？；।۔؟:][\"'”’“»)\]」』）*_`]*$")
ENDS_IN_CODE = re.compile(r"(?:`|https?://\S+|\S+\.\w{2,4}/\S*|[})\]>;]|\S*[\\/_=]\S*)$")

_LIST_ITEM = re.compile(r"^\s*(?:[-*+•–]|\(?\d{1,3}[.)]|[a-z][.)])\s+\S")
_WORDS = re.compile(r"[^\W\d_]+")
_AND = "and|or|und|oder|et|ou|y|e|o|of|en|и|или"
_CLOSED_LIST = re.compile(rf",.*\s(?:{_AND})\s+\S+$")
_LAST_ITEMS = re.compile(r"(\w+),\s+([^\W\d_]+)$")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE_MARK = re.compile(r"[.!?…。！？।۔؟](?:\s|$|[」』”])|[。！？]")
_AGREES = re.compile(r"\W*(\w+)[,、，]\s*\w")
"""No, the valve"""
_TAIL_WORDS, _FEWEST = 3, 2


def find_missing_mark(plain: str, lines: list[str], around: str, question: str) -> str:
    """Why an answer without an end mark is not whole; "" where it is, or where the source has no such marks either.
    ``plain`` is the answer without its markup, ``lines`` are its lines, ``around`` is source and question."""
    if not _SENTENCE_MARK.search(around):
        return ""
    ends_in_code = ENDS_IN_CODE.search(lines[-1].rstrip()) or ENDS_IN_CODE.search(plain)
    items = [line for line in lines if _LIST_ITEM.match(line)]
    if _LIST_ITEM.match(lines[-1]) and len(items) > 1:
        marked = sum(bool(END_MARK.search(MARKUP.sub("", item).rstrip())) for item in items[:-1])
        is_odd = marked == len(items) - 1 and not ends_in_code
        return "the last item has no end mark, the others have" if is_odd else ""
    if ends_in_code:
        prose = PLAIN_WORD.findall(without_code(lines[-1]))
        return "the last sentence has no end mark" if len(prose) > LONGEST_BEFORE_CODE else ""
    last_line = MARKUP.sub("", lines[-1]).rstrip()
    if len(_EAST_ASIAN.findall(last_line)) > 2:
        too_long = len(re.findall(r"\w", last_line)) > WHOLE_WITHOUT_MARK_EAST
    else:
        too_long = len(re.findall(r"\w+", last_line)) > WHOLE_WITHOUT_MARK
    if too_long and _CLOSED_LIST.search(plain) and not _looks_like_sentence(plain, around):
        return ""
    if _breaks_off(plain, around, question):
        return "a clause, a list or a measure that only begins"
    if _ends_as_source(plain, around):
        return ""
    if too_long or _SENTENCE_MARK.search(plain) or len(lines) > 1 or ";" in plain:
        return "the last sentence has no end mark"
    return "a sentence without an end mark" if _looks_like_sentence(plain, around) else ""


def _ends_as_source(plain: str, around: str) -> bool:
    """Whether the last words stand in the source where a sentence, a bracket or a cell ends."""
    words = plain.split()
    tail = r"\s+".join(map(re.escape, words[-_TAIL_WORDS:]))
    ends = rf"(?<!\w){tail}[\"'”’»`*]*[ \t]*[.;!?)|]"
    return len(words) >= _TAIL_WORDS and re.search(ends, around) is not None


def _breaks_off(plain: str, around: str, question: str) -> bool:
    """Whether an answer without an end mark stops after the first words of a clause, before the second half of
    "between ... and", before a unit, or after one word of a list."""
    code = detect_language(around).code
    words = [word.casefold() for word in PLAIN_WORD.findall(plain)]
    if len(words) < _FEWEST:
        return False
    if _goes_on_after_yes(plain) or _ends_in_clause(words, code) or _lacks_second_half(words, code):
        return True
    return _lacks_unit(plain, around, question) or _is_open_list(plain, around)


def _goes_on_after_yes(plain: str) -> bool:
    """Whether something follows a yes or no and a comma: a sentence, which has an end mark when it is whole."""
    agrees = _AGREES.match(plain)
    values = read_word_sets("question_kinds.txt")["en.value"]
    return agrees is not None and agrees[1].casefold() in agreements() - values


def _ends_in_clause(words: list[str], code: str) -> bool:
    """Whether a conjunction stands before the last word, a subject, or before the last two, an article and a noun."""
    articles, openers = (_kind_of_word(code, kind) for kind in ("articles", "openers"))
    if words[-2] in openers:
        return words[-1] in _kind_of_word(code, "subjects") - openers
    return words[-2] in articles and bool(set(words[-3:-2]) & openers)


def _lacks_second_half(words: list[str], code: str) -> bool:
    for pair in _kind_of_word(code, "pairs"):
        first, *seconds = pair.split("_")
        if first in words and not set(seconds) & set(words[words.index(first) :]):
            return True
    is_end = words[-1].isdigit() or words[-1] in month_names()
    return is_end and any(words[-2] == span.partition("_")[0] for span in _kind_of_word(code, "spans"))


def _lacks_unit(plain: str, around: str, question: str) -> bool:
    """Whether the last word is a number that has a unit behind it wherever the source has it, and neither the question
    asks how many nor has that unit."""
    number = re.search(r"(?<![\d.,])\d+(?:[.,]\d+)*$", plain)
    if number is None or find_kind(question, detect_language(question).code) == "number":
        return False
    no_unit = {"", *map(unit_of, _WORDS.findall(question))}
    places = re.finditer(rf"(?<![\d.,]){re.escape(number.group())}(?![\d]|[.,]\d)", around)
    following = [re.match(r"[\s\u00a0]?([%°€$£]|[^\W\d_]+)?", around[place.end() :]) for place in places]
    return bool(following) and all(
        found and found[1] and (not found[1][0].isalpha() or unit_of(found[1]) not in no_unit) for found in following
    )


def _is_open_list(plain: str, around: str) -> bool:
    """Whether one word stands behind the last comma, and the list of the source goes on there to its last item."""
    pair = _LAST_ITEMS.search(plain)
    if pair is None:
        return False
    rest = rf"(?<!\w){pair[1]},\s+{pair[2]}(?:,\s+\w+(?:\s\w+)?)*,?\s+(?:{_AND})\s"
    return re.search(rest, around) is not None


def _kind_of_word(code: str, kind: str) -> frozenset[str]:
    return read_word_sets("finite_verbs.txt").get(f"{code}.{kind}".rstrip("."), frozenset())


def _looks_like_sentence(plain: str, around: str) -> bool:
    """Whether a short text begins like a sentence, with a pronoun or a verb soon: no noun phrase does."""
    words = _WORDS.findall(plain.casefold())
    code = detect_language(around).code
    if len(words) < 2 or not content_words(plain, code):
        return False
    if words[0] in _kind_of_word(code, "subjects") or (len(words) > 2 and set(words[1:-1]) & _kind_of_word(code, "")):
        return True
    return code == "en" and any(
        word.endswith("s") and is_verb(word) and following in function_words("en")
        for word, following in pairwise(words[1:])
    )
