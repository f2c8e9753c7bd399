"""The form of a draft: long enough to say something, no placeholder, not cut off in the middle."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from src.core.types import Verdict
from src.generation.answer_first.question_parts import is_verb
from src.generation.answer_parser import Draft
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language, function_words
from src.generation.gates.terms import content_words, is_known_word
from src.generation.gates.texts import MARKUP, letter_weight, normalise, question_key
from src.generation.wordlists import read_word_sets, read_wordlist
from src.utils.similarity.shingles import tokenize

MIN_QUESTION_WEIGHT = 8
MIN_ANSWER_WEIGHT = 3
WHOLE_WITHOUT_MARK = 4
"""Words that an answer without an end mark may have: "About 600 °C", "in the second week"."""
SHORTEST_NEW_WORD = 4
"""Letters of a last word, without an end mark, that neither source nor question has: a shorter one may be the beginning
of any word."""
WHOLE_WITHOUT_MARK_EAST = 6
"""The same in characters, where words have no spaces between them."""

_END = re.compile(r"[.!?…。！？；।۔؟:][\"'”’“»)\]」』）*_`]*$")
_ELLIPSIS = re.compile(r"(?:\.{3}|…)[\"'”’)\]]*$")
_LIST_ITEM = re.compile(r"^\s*(?:[-*+•–]|\(?\d{1,3}[.)]|[a-z][.)])\s+\S")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_WORDS = re.compile(r"[^\W\d_]+")
_NO_WORDS = frozenset("bcdfghjklmpqrstvw")
"""Letters that are no word by themselves in a language of Latin script; x, y and n stand for numbers."""
_LAST_WORD = re.compile(r"([^\W\d_]+)\W*$")
_ENDS_IN_CODE = re.compile(r"(?:`|https?://\S+|\S+\.\w{2,4}/\S*|[})\]>;]|\S*[\\/_=]\S*)$")
_CLOSED_LIST = re.compile(r",.*\s(?:and|or|und|oder|et|ou|y|e|o|of|en|и|или)\s+\S+$")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SPACELESS = frozenset({"HAN", "KANA", "THAI", "LAO", "KHMER", "MYANMAR"})
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("„", "“”"), ("«", "»"), ("「", "」"), ("『", "』"), ("（", "）"))
_SENTENCE_MARK = re.compile(r"[.!?…。！？।۔؟](?:\s|$|[」』”])|[。！？]")


def check_lengths(draft: Draft, source: str = "") -> Verdict:
    """Reject what is too short to ask or say anything, a placeholder, and an answer that only repeats its question. A
    yes or no, a number, code, and what stands in ``source`` say enough however short they are."""
    if letter_weight(draft.messages[0].content) < MIN_QUESTION_WEIGHT:
        return Verdict(False, "question_too_short")
    for number, turn in enumerate(draft.messages):
        if " ".join(re.findall(r"[^\W_]+", normalise(turn.content))) in _placeholders():
            return Verdict(False, "placeholder", turn.content[:80])
        if turn.role == "assistant" and _is_too_short(turn.content, source):
            return Verdict(False, "answer_too_short", turn.content)
        if turn.role == "assistant" and _repeats(draft.messages[number - 1].content, turn.content):
            return Verdict(False, "answer_repeats_question")
    return Verdict(True)


def check_whole(draft: Draft, passage: str) -> Verdict:
    """Reject a turn that was cut off: an open fence, quotation or bracket, half a word, a word that needs another one
    after it, or a sentence without its end mark where the passage's sentences have theirs."""
    for turn in draft.messages:
        problem = _find_cut(turn.content.strip(), f"{passage}\n{draft.question}", answers=turn.role == "assistant")
        if problem:
            return Verdict(False, "truncated_answer" if turn.role == "assistant" else "truncated_question", problem)
    return Verdict(True)


@cache
def agreements() -> frozenset[str]:
    """Yes and no in every language of the list."""
    kinds = read_word_sets("question_kinds.txt")
    return frozenset().union(*(words for kind, words in kinds.items() if kind.endswith(".agreement")))


def _find_cut(text: str, around: str, *, answers: bool) -> str:
    if text.count("```") % 2:
        return "an open code block"
    if text.replace("```", "").count("`") % 2:
        return "an open `"
    lines = text.splitlines() or [""]
    if lines[-1].strip().startswith("```") or _TABLE_ROW.match(lines[-1]):
        return ""
    if _ELLIPSIS.search(text) and text[-40:] not in around:
        return "it ends with an ellipsis"
    for opening, closing in _PAIRS:
        if text.count(opening) > sum(map(text.count, closing)) and not re.search(r"[:;]-?\(", text):
            return f"an open {opening}"
    plain = MARKUP.sub("", text).rstrip()
    if _END.search(plain):
        return "" if not plain.endswith(":") or not answers else "it ends with a colon"
    if plain.endswith((",", ";", "，", "、", "-", "–", "—", "(", "،")):
        return f"it ends with {plain[-1]}"
    return _find_cut_words(plain, around) or (_find_missing_mark(plain, lines, around) if answers else "")


def _find_cut_words(plain: str, around: str) -> str:
    """Half a word, or one that cannot be the last: an article, a preposition, a conjunction."""
    last = _LAST_WORD.search(plain)
    piece = (plain.split() or [""])[-1].strip("`\"'(")
    if last is None or _ENDS_IN_CODE.search(plain) or code_terms(piece):
        return f"it ends with half of a term: {piece}" if _is_half_of_term(piece, around) else ""
    word = last.group(1).casefold()
    language = detect_language(plain)
    code = language.code or detect_language(around).code
    # capitals aside: "die" at the end of an English sentence is no article, but "the" always is
    if word in _dangling(code):
        return f"it ends with {last.group(1)!r}"
    if len(word) == 1 and last.group(1) in _NO_WORDS:
        return f"it ends with {word!r}"
    if (
        word in function_words(code)
        or language.script in _SPACELESS
        or (len(word) == 1 and word in set(_WORDS.findall(around.casefold())))
    ):
        return ""
    known = set(_WORDS.findall(around.casefold())) | set(_WORDS.findall(plain[: last.start(1)].casefold()))
    if word in known:
        return ""
    half = next((other for other in sorted(known) if other.startswith(word) and other != f"{word}s"), "")
    if half:
        return f"it ends with half of {half!r}"
    is_whole = is_known_word(word) and len(word) >= SHORTEST_NEW_WORD
    return "" if is_whole else f"it ends with {last.group(1)!r}, which is no word of the source"


def _is_half_of_term(piece: str, around: str) -> bool:
    """Whether code stands in ``around`` only as the beginning of a longer name: /var/cache/archiv."""
    followers = {around[found.end() : found.end() + 1] for found in re.finditer(re.escape(piece), around)}
    return bool(piece) and bool(followers) and all(mark.isalnum() for mark in followers)


def _find_missing_mark(plain: str, lines: list[str], around: str) -> str:
    if not _SENTENCE_MARK.search(around) or _ENDS_IN_CODE.search(plain):
        return ""
    items = [line for line in lines if _LIST_ITEM.match(line)]
    if _LIST_ITEM.match(lines[-1]) and len(items) > 1:
        marked = sum(bool(_END.search(MARKUP.sub("", item).rstrip())) for item in items[:-1])
        return "the last item has no end mark, the others have" if marked == len(items) - 1 else ""
    last_line = MARKUP.sub("", lines[-1]).rstrip()
    if len(_EAST_ASIAN.findall(last_line)) > 2:
        too_long = len(re.findall(r"\w", last_line)) > WHOLE_WITHOUT_MARK_EAST
    else:
        too_long = len(re.findall(r"\w+", last_line)) > WHOLE_WITHOUT_MARK
    if too_long and _CLOSED_LIST.search(plain) and not _looks_like_sentence(plain, around):
        return ""
    if too_long or _SENTENCE_MARK.search(plain) or len(lines) > 1 or ";" in plain:
        return "the last sentence has no end mark"
    return "a sentence without an end mark" if _looks_like_sentence(plain, around) else ""


def _looks_like_sentence(plain: str, around: str) -> bool:
    """Whether a short text begins like a sentence, with a pronoun or a verb soon: no noun phrase does."""
    words = _WORDS.findall(plain.casefold())
    code = detect_language(around).code
    if len(words) < 2 or not content_words(plain, code):
        return False
    if words[0] in _subjects(code) or (len(words) > 2 and set(words[1:-1]) & _finite_verbs(code)):
        return True
    return code == "en" and any(
        word.endswith("s") and is_verb(word) and following in function_words("en")
        for word, following in pairwise(words[1:])
    )


def _is_too_short(answer: str, source: str) -> bool:
    weight = letter_weight(answer)
    if weight >= MIN_ANSWER_WEIGHT or code_terms(answer) or any(map(str.isdigit, answer)):
        return False
    word = normalise(answer).strip(" .,;:!?\"'()")
    return weight == 0 or (word not in agreements() and word not in tokenize(source))


def _repeats(question: str, answer: str) -> bool:
    return question_key(question) == question_key(answer)


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(read_wordlist("placeholders.txt"))


def _dangling(code: str) -> frozenset[str]:
    return read_word_sets("dangling_words.txt").get(code, frozenset())


def _subjects(code: str) -> frozenset[str]:
    return read_word_sets("finite_verbs.txt").get(f"{code}.subjects", frozenset())


def _finite_verbs(code: str) -> frozenset[str]:
    return read_word_sets("finite_verbs.txt").get(code, frozenset())
