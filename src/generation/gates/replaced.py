"""An item of an answer in the place of another one: the rest of its list, or signs like it, stand in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.language import detect_language
from src.generation.gates.terms import Vocabulary, content_words, rarity
from src.generation.gates.texts import split_sentences

MIN_STRANGE = 0.4
"""Rarity of a word, or of the words of an item, that may be the wrong one."""
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.,;:!?()]")
_JOINTS = re.compile(r",\s+(?:(?:and|or|und|oder|et|ou|y|o|e|of|и|или)\s+)?|\s(?:and|or|und|oder|et|ou|y|o|e|и|или)\s")
_CONJUNCTION = re.compile(r"\s(?:and|or|und|oder|et|ou|y|o|e|и|или)\s")
_ITEM_WORDS = 3
_SHAPED = re.compile(r"(?<![\w-])([A-Z]{1,3})(-?)(\d[\d.]*)(?![\w])")
"""B7, Q-40, GR20"""


def check_replaced(draft: Draft, passage: str) -> Verdict:
    """Reject an answer that is a list of which the passage has all items but one, and another one in its
    place; and one with a sign of letters and a number (form D7) where the passage has others like it (form B7)."""
    around = f"{passage}\n{draft.question}"
    known, code = Vocabulary([around]), detect_language(passage).code
    for problem in (
        *_replaced_items(draft.answer, passage, known, code),
        *_other_signs(draft.answer, around),
    ):
        return Verdict(False, "answer_not_in_source", problem)
    return Verdict(True)


def _is_strange(word: str, known: Vocabulary, code: str) -> bool:
    if not word.isalpha() or not content_words(word, code):
        return False
    return rarity(word, code) >= MIN_STRANGE and not known.has(word) and not known.has_meaning(word)


def _replaced_items(answer: str, passage: str, known: Vocabulary, code: str) -> Iterator[str]:
    lists = [items for sentence in split_sentences(passage) if len(items := _items(sentence, code)) > 1]
    for sentence in split_sentences(answer):
        items = _items(sentence, code) if _is_bare_list(sentence) else []
        if len(items) < 2:
            continue
        strange = [item for item in items if all(_is_strange(word, known, code) for word in item)]
        usual = [item for item in items if all(known.has(word) for word in item)]
        if len(strange) != 1 or len(usual) != len(items) - 1:
            continue
        said = Vocabulary([answer])
        for source in lists:
            inside = Vocabulary([" ".join(word for item in source for word in item)])
            missing = [item for item in source if not any(said.has(word) for word in item)]
            if missing and all(any(inside.has(word) for word in item) for item in usual):
                yield f"{' '.join(strange[0])} among {', '.join(' '.join(item) for item in usual)}"
                return


def _is_bare_list(sentence: str) -> bool:
    """Whether a sentence is nothing but short items, the last two joined by a conjunction."""
    lengths = [len(_TOKEN.findall(piece)) for piece in _JOINTS.split(sentence.rstrip(".!。"))]
    return bool(_CONJUNCTION.search(sentence)) and len(lengths) > 1 and max(lengths) <= _ITEM_WORDS


def _items(sentence: str, code: str) -> list[list[str]]:
    """The content words of the items that commas and conjunctions join; of the first one its last words, of the last
    one its first."""
    pieces = _JOINTS.split(sentence)
    if len(pieces) < 2:
        return []
    first, *middle, last = (_TOKEN.findall(piece.casefold()) for piece in pieces)
    cut = [first[-_ITEM_WORDS:], *middle, last[:_ITEM_WORDS]]
    found = [content_words(" ".join(words), code) for words in cut]
    return [words for words in found if words]


def _other_signs(answer: str, around: str) -> Iterator[str]:
    """Signs of letters and a number that ``around`` does not have, while it has others with as many letters."""
    known = {found.group().replace("-", "") for found in _SHAPED.finditer(around)}
    shapes = {len(re.match(r"[A-Z]+", sign).group()) for sign in known}  # type: ignore[union-attr]
    squeezed = re.sub(r"[\s-]+", "", around)
    for found in _SHAPED.finditer(answer):
        sign = found.group().replace("-", "")
        if len(found[1]) in shapes and sign not in squeezed:
            yield f"{found.group()}, where the source has {', '.join(sorted(known)[:3])}"
