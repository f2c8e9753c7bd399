"""The form of a draft: long enough to say something, no placeholder, not cut off in the middle."""

from __future__ import annotations

import re
from functools import cache

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.answer_types import agreements
from src.generation.gates.code_terms import code_terms
from src.generation.gates.language import detect_language, function_words
from src.generation.gates.terms import is_known_word
from src.generation.gates.texts import MARKUP, letter_weight, normalise, question_key
from src.generation.gates.unmarked import END_MARK, ENDS_IN_CODE, find_missing_mark
from src.generation.wordlists import read_word_sets, read_wordlist
from src.utils.similarity.shingles import tokenize

MIN_QUESTION_WEIGHT = 8
MIN_ANSWER_WEIGHT = 3
SHORTEST_NEW_WORD = 4
"""Letters of a last word, without an end mark, that neither source nor question has: a shorter one may be the beginning
of any word."""

_ELLIPSIS = re.compile(r"(?:\.{3}|…)[\"'”’)\]]*$")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_WORDS = re.compile(r"[^\W\d_]+")
_NO_WORDS = frozenset("bcdfghjklmpqrstvw")
"""Letters that are no word by themselves in a language of Latin script; x, y and n stand for numbers."""
_CONTRACTED = frozenset({"ve", "ll", "re"})
"""What is left of English words behind an apostrophe, and no word without it where another one stands before it."""
_LAST_WORD = re.compile(r"([^\W\d_]+)\W*$")
_LAST_PIECE = re.compile(r"[^\s\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef]+\s*\Z")
"""What no space divides, nor a letter or mark of a script that sets none between its words."""
_SPACELESS = frozenset({"HAN", "KANA", "THAI", "LAO", "KHMER", "MYANMAR"})
_OPEN_CONTRACTION = re.compile(r"^[^'’]*\w['’]$")
"""it doesn'"""
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("„", "“”"), ("«", "»"), ("「", "」"), ("『", "』"), ("（", "）"))
_LOW_QUOTED = re.compile(r"„[^„“”]*[“”]")
"""German closes with the mark by which English opens."""


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
        asked = draft.question if turn.role == "assistant" else ""
        problem = _find_cut(turn.content.strip(), f"{passage}\n{draft.question}", asked)
        if problem:
            return Verdict(False, "truncated_answer" if turn.role == "assistant" else "truncated_question", problem)
    return Verdict(True)


def _find_cut(text: str, around: str, question: str) -> str:
    """Where ``text`` was cut off; ``question``: what it answers, "" for a question itself."""
    open_mark = _find_open_mark(text)
    lines = text.splitlines() or [""]
    if open_mark or lines[-1].strip().startswith("```") or _TABLE_ROW.match(lines[-1]):
        return open_mark
    if _ELLIPSIS.search(text) and text[-40:] not in around:
        return "it ends with an ellipsis"
    last = _LAST_PIECE.search(text)
    piece = last[0].strip("`\"'(* \n\t") if last else ""
    if code_terms(piece) and _is_half_of_term(piece, around):
        return f"it ends with half of a term: {piece}"
    plain = MARKUP.sub("", text).rstrip()
    if END_MARK.search(plain):
        return "" if not plain.endswith(":") or not question else "it ends with a colon"
    if plain.endswith((",", ";", "，", "、", "-", "–", "—", "(", "،")):
        return f"it ends with {plain[-1]}"
    return _find_cut_words(plain, around) or (find_missing_mark(plain, lines, around, question) if question else "")


def _find_open_mark(text: str) -> str:
    """A fence, a quotation or a bracket that is not closed."""
    if text.count("```") % 2:
        return "an open code block"
    if text.replace("```", "").count("`") % 2:
        return "an open `"
    text = _LOW_QUOTED.sub("", text)
    for opening, closing in _PAIRS:
        if text.count(opening) > sum(map(text.count, closing)) and not re.search(r"[:;]-?\(", text):
            return f"an open {opening}"
    return ""


def _find_cut_words(plain: str, around: str) -> str:
    """Half a word, or one that cannot be the last: an article, a preposition, a conjunction."""
    last = _LAST_WORD.search(plain)
    piece = (plain.split() or [""])[-1].strip("`\"'(")
    if last is None or ENDS_IN_CODE.search(plain) or code_terms(piece) or _is_name_alone(plain, around):
        return ""
    if _OPEN_CONTRACTION.search(plain):
        return f"it ends with {piece}"
    word = last.group(1).casefold()
    language = detect_language(plain)
    code = language.code or detect_language(around).code
    # capitals aside: "die" at the end of an English sentence is no article, but "the" always is
    if word in _dangling(code):
        return f"it ends with {last.group(1)!r}"
    if (len(word) == 1 and last.group(1) in _NO_WORDS) or (code == "en" and piece in _CONTRACTED and piece != plain):
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


def _is_name_alone(plain: str, around: str) -> bool:
    """Whether one word with a capital is all that is said, and stands so within a sentence of ``around``: May."""
    return plain.isalpha() and plain.istitle() and re.search(rf"[a-z,] {plain}\b", around) is not None


def _is_half_of_term(piece: str, around: str) -> bool:
    """Whether code stands in ``around`` only as the beginning of a longer name: /var/cache/archiv."""
    followers = {around[found.end() : found.end() + 1] for found in re.finditer(re.escape(piece), around)}
    goes_on = (mark == "_" or (mark.isalnum() and _LAST_PIECE.match(mark)) for mark in followers)
    return bool(piece) and bool(followers) and all(goes_on)


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
