"""Names of a draft must stand in its passage: words with capitals, where the language has them for names; acronyms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from src.core.types import Verdict
from src.generation.answer_first.words import load_list
from src.generation.answer_parser import Draft
from src.generation.gates.beliefs import corrects
from src.generation.gates.code_terms import without_code
from src.generation.gates.language import detect_language, function_words
from src.generation.gates.quotes import FENCE
from src.generation.gates.terms import (
    Vocabulary,
    is_function_word,
    is_known_word,
    is_usually_capitalised,
    rarity,
)
from src.generation.gates.texts import MARKUP
from src.generation.numbers.measures import unit_of
from src.generation.wordlists import read_word_sets, read_wordlist

NAME_PREFIX = 0.75
"""Share of the shorter form that two forms of one name begin with alike: Москва and Москве, Ghana and Ghanaian."""
CAPITALS_FOR_NOUNS = 0.16
"""Share of capitals inside of sentences from which a text writes its nouns with them, as German does."""
MIN_ACRONYM = 0.35
"""Rarity, as a word, from which letters that begin words of a text are taken for their acronym."""
_MIXED_CASE = re.compile(r"[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ]")
MIN_INSIDE = 12
MIN_SHOUTED = 0.5
_SHORT = 2
_FEW = 3

_ELEMENTS = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo"
    " Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce W Re Os Ir Pt Au Hg Tl Pb Bi Po Rn Ra Th U Pu"
)
_FORMULA = re.compile(rf"(?=[A-Z]+[a-z])(?:{'|'.join(sorted(_ELEMENTS.split(), key=len, reverse=True))}){{2,}}")
"""HCl, NaOH: what a substance is called by anybody, whatever its source calls it."""
_TOKEN = re.compile(r"[^\W\d_]+(?:['’.-]?[^\W\d_]+)*\.?|\d[\w.,:]*|[^\w\s]|\n")
_ADVERB = re.compile(r"(?:^|(?<=[.!?:] ))[A-Z][a-z]+ly(?=,)", re.MULTILINE)
"""Alternatively, a sentence begins with an adverb."""
_INNER_CAPITAL = re.compile(r"-[^\W\d_]*[A-ZÀ-ÖØ-Þ]|[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ]")
"""Lempel-Ziv, WireGuard: no word of a language."""
_BREAK = frozenset('.!?…:;\n•|"“„«»(–—*-')


class _Word(NamedTuple):
    text: str
    opens: bool
    """Whether it begins a sentence, a line, a quotation or a bracket, where any word may have a capital."""


class NameRun(NamedTuple):
    """Words of a text in lower case, ``first`` to before ``last`` of which are a name."""

    words: tuple[str, ...]
    first: int
    last: int

    @property
    def name(self) -> tuple[str, ...]:
        """The name, without a possessive."""
        return tuple(re.sub(r"['’]s$", "", word) for word in self.words[self.first : self.last])


def check_names(draft: Draft, passage: str, around: str, *, may_err: bool = False) -> Verdict:
    """Reject a name that neither passage nor question has; and one of the question that even ``around``, all that the
    run has of the same source, does not have, but for days and months, which anybody may ask about, and the language of
    code that the answer gives. With ``may_err`` the question may hold one name more, that of a false belief which the
    answer corrects. Says nothing for scripts without capitals."""
    known = _known(passage)
    strange = list(dict.fromkeys(_strange_in_question(draft, passage, around)))
    is_one = " ".join(strange) in draft.question
    if strange and not (may_err and is_one and all(corrects(draft, name, passage) for name in strange)):
        return Verdict(False, "name_not_in_source", f"in the question: {strange[0]}")
    asked = Vocabulary([draft.question])
    for name in find_names(draft.answer, passage):
        if not _is_known(name, known, passage) and not _is_known(name, asked, draft.question):
            return Verdict(False, "name_not_in_source", name)
    return Verdict(True)


def _strange_in_question(draft: Draft, passage: str, around: str) -> Iterator[str]:
    """The names of the question that neither ``passage`` nor ``around`` has."""
    known, wide = _known(passage), _known(around)
    asks_for_code = read_word_sets("code_words.txt")["languages"] if FENCE.search(draft.answer) else frozenset[str]()
    for name in find_names(draft.question, passage):
        if draft.question.lstrip('¿¡«"„“ ').startswith(f"{name} "):  # a verb, mostly: ¿Aceptará Lucía ...?
            continue
        if _is_of_calendar(name) or name.casefold() in asks_for_code or _FORMULA.fullmatch(name):
            continue
        if not _is_known(name, known, passage) and not _is_known(name, wide, around):
            yield name


def find_names(text: str, passage: str = "") -> Iterator[str]:
    """The words of ``text`` that are names, each by itself.

    Inside of a sentence every word with a capital; at the beginning of one a word that is hardly ever written without,
    or that another such word follows. Where nouns have capitals (``passage`` shows it), only the words of a run of two
    or more that are no nouns of everyday use.
    """
    words = list(_read_words(_ADVERB.sub("", without_code(FENCE.sub("\n", text)))))
    capitals = [_has_capital(word.text) for word in words]
    codes = _codes(text, passage or text)
    letters = [word.text for word in words if word.text[0].isalpha()]
    if len(letters) > _FEW and sum(map(str.isupper, letters)) > MIN_SHOUTED * len(letters):
        return  # all in capitals
    if writes_nouns_with_capitals(passage or text):
        yield from _find_among_nouns(words, passage)
        return
    for number, word in enumerate(words):
        if not capitals[number] or _is_ordinary(word.text, codes) or _is_unit(words, number):
            continue
        follows = number + 1 < len(words) and capitals[number + 1] and not words[number + 1].opens
        if (
            not word.opens
            or word.text.isupper()
            or (is_usually_capitalised(word.text) and is_known_word(word.text))
            or _INNER_CAPITAL.search(word.text)
            or (follows and not is_known_word(word.text))
        ):
            yield word.text


def find_name_runs(text: str, passage: str) -> Iterator[NameRun]:
    """The names of ``text`` by the words that stand in a row."""
    names, codes = frozenset(find_names(text, passage)), _codes(text, passage)
    words = list(_read_words(text))
    plain = tuple(word.text.casefold() for word in words)
    first = None
    for number, word in enumerate([*words, _Word("", opens=True)]):
        is_name = word.text in names or (
            _has_capital(word.text) and not word.opens and not _is_ordinary(word.text, codes)
        )
        if first is not None and (word.opens or not is_name):
            yield NameRun(plain, first, number)
            first = None
        if is_name and first is None:
            first = number


def _is_unit(words: Sequence[_Word], number: int) -> bool:
    """Whether a short word in capitals stands after a number: 2 TB, 5 A."""
    return number > 0 and words[number - 1].text[0].isdigit() and len(words[number].text) <= _FEW


def _find_among_nouns(words: Sequence[_Word], passage: str) -> Iterator[str]:
    """Names among nouns with capitals: two or more unknown ones in a row, and one that stands without an article where
    the passage has another one after the same word."""
    known, codes = _known(passage), _codes(passage)
    strange = [
        _has_capital(word.text)
        and not _is_ordinary(word.text, codes)
        and not known.has(word.text.casefold())
        and (number == 0 or words[number - 1].text.casefold() not in load_list("de_before_nouns"))
        for number, word in enumerate(words)
    ]
    for number, word in enumerate(words):
        if not strange[number]:
            continue
        before = number > 0 and strange[number - 1] and not word.opens
        after = number + 1 < len(words) and strange[number + 1] and not words[number + 1].opens
        if (
            before
            or after
            or word.text.isupper()
            or (number > 0 and not word.opens and _is_named_by(words, number, passage))
            or (number > 0 and not word.opens and words[number - 1].text in _replaced_after(passage, words))
        ):
            yield word.text


def _is_named_by(words: Sequence[_Word], number: int, passage: str) -> bool:
    """Whether the word before has a capital and only ever stands before other names in the passage: Anton Reber,
    sein Nachbar Jakob; not so much of something: eine Handbreit Luft."""
    before = words[number - 1].text
    is_measure = unit_of(before) or (number > 1 and words[number - 2].text.casefold().startswith("ein"))
    if not _has_capital(before) or is_measure:
        return False
    said = {word.text for word in words}
    behind = [second for first, second in pairwise(word.text for word in _read_words(passage)) if first == before]
    return bool(behind) and all(_has_capital(second) and second not in said for second in behind)


def _replaced_after(passage: str, words: Sequence[_Word]) -> frozenset[str]:
    """Lower-case words after which the passage has a name or noun that is not among ``words``; no articles."""
    said = {word.text for word in words}
    pairs = pairwise(word.text for word in _read_words(passage))
    return frozenset(
        first for first, second in pairs if first in _prepositions() and _has_capital(second) and second not in said
    )


def _is_known(name: str, known: Vocabulary, text: str) -> bool:
    plain = re.sub(r"['’]s?$", "", name).rstrip(".").casefold()
    if name.isalpha() and _MIXED_CASE.search(name):  # no form of another word: OpenVPN is none of "opens"
        return known.has_exactly(plain) or plain.removesuffix("s") in _squeezed(text)
    parts = [part for part in re.split(r"[-'’.]", plain) if part]
    if known.has_exactly(plain) or all(known.has_form(part, NAME_PREFIX) or known.has_meaning(part) for part in parts):
        return True
    if len(plain) >= 5 and plain in _squeezed(text):
        return True
    return name.isupper() and _is_acronym_of(name, text)


@lru_cache(maxsize=64)
def _squeezed(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text.casefold())


@lru_cache(maxsize=256)
def _known(passage: str) -> Vocabulary:
    return Vocabulary([passage, passage.replace("-", " ")])


def _is_of_calendar(name: str) -> bool:
    plain = name.casefold()
    return any(plain in names or plain.removesuffix("s") in names for names in read_word_sets("calendar.txt").values())


def _is_acronym_of(name: str, text: str) -> bool:
    """Whether the letters of ``name`` begin words that stand in a row, small joints left out or not."""
    letters = name.rstrip("s").replace(".", "").casefold()
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]
    full = "".join(word[0] for word in words)
    tight = "".join(word[0] for word in words if not is_function_word(word))
    if rarity(letters) < MIN_ACRONYM:  # PUT, ALL: any text has words that begin like this
        return False
    return (len(letters) > _SHORT and letters in full) or (len(letters) > 1 and letters in tight)


def _read_words(text: str) -> Iterator[_Word]:
    opens = True
    for piece in _TOKEN.findall(MARKUP.sub("\n", text)):
        if piece[0].isalpha():
            yield _Word(piece.rstrip(".") if piece.count(".") == 1 else piece, opens)
            opens = piece.endswith(".") and len(piece) > 3
        elif piece in _BREAK:
            opens = True
        elif piece[0].isdigit():
            yield _Word(piece, opens)
            opens = opens and piece[-1] in ".)"
        elif piece == ",":
            opens = False


def _has_capital(word: str) -> bool:
    return word[:1].isupper()


def _codes(*texts: str) -> tuple[str, ...]:
    """The languages of ``texts``; "" where one does not show."""
    return tuple(dict.fromkeys(detect_language(text).code for text in texts))


def _is_ordinary(word: str, codes: Sequence[str]) -> bool:
    plain = re.sub(r"['’].*$", "", word).casefold()
    is_joint = is_function_word(plain) if "" in codes else any(plain in function_words(code) for code in codes)
    return is_joint or plain in _ordinary_capitals() or len(plain) < 2


def _prepositions() -> frozenset[str]:
    return frozenset(read_wordlist("de_before_names.txt"))


@cache
def _ordinary_capitals() -> frozenset[str]:
    return frozenset(word for line in read_wordlist("ordinary_capitals.txt") for word in line.split())


@lru_cache(maxsize=256)
def writes_nouns_with_capitals(text: str) -> bool:
    """Whether a text writes its nouns with a capital, as German does."""
    code = detect_language(text).code
    if code == "de":
        return True
    inside = [word for word in _read_words(text) if word.text[0].isalpha() and not word.opens]
    return (
        not code
        and len(inside) >= MIN_INSIDE
        and sum(_has_capital(w.text) for w in inside) > CAPITALS_FOR_NOUNS * len(inside)
    )
