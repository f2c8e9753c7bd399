"""What the question of a doubter believes may be wrong: a false name is left to it where the answer corrects it."""

from __future__ import annotations

import re

from src.generation.answer_first.words import EAST_ASIAN
from src.generation.answer_parser import Draft
from src.generation.gates.language import detect_language
from src.generation.gates.support import new_words
from src.generation.gates.terms import Vocabulary
from src.generation.gates.texts import split_sentences
from src.generation.wordlists import read_word_sets

_LIST = "belief_words.txt"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def corrects(draft: Draft, name: str, source: str) -> bool:
    """Whether the answer sets something of ``source`` against the belief of its question that ``name`` comes in: it
    begins with no yes, says the name only where it denies it, and has a word of the source that the question lacks."""
    question, answer = draft.messages[0].content, draft.messages[1].content
    sentences = split_sentences(answer)
    if not sentences or _says(sentences[0], "yes", only_first=True):
        return False
    said = [sentence for sentence in sentences if name.casefold() in sentence.casefold()]
    if not all(_says(sentence, "not") for sentence in said):
        return False
    known = Vocabulary([source])
    told = new_words(answer, Vocabulary([question]), detect_language(source).code)
    return any(known.has_form(word) for word in told)


def _says(sentence: str, kind: str, *, only_first: bool = False) -> bool:
    folded = sentence.casefold().replace("’", "'")
    words = _WORD.findall(folded)[: 1 if only_first else None]
    listed = read_word_sets(_LIST)[kind]
    joined = tuple(word for word in listed if EAST_ASIAN.search(word))
    in_signs = folded.startswith(joined) if only_first else any(word in folded for word in joined)
    return in_signs or any(word in listed or (kind == "not" and word.endswith("n't")) for word in words)
