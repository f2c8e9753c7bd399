"""A name of an answer in the place of another one, to which the source gives what is asked about or said around it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from src.core.types import Verdict
from src.generation.answer_first.words import split_words
from src.generation.answer_parser import Draft
from src.generation.gates.answer_types import find_kind
from src.generation.gates.language import detect_language
from src.generation.gates.names import NameRun, find_name_runs, writes_nouns_with_capitals
from src.generation.gates.slots import MOST, WIDTH, Slot, asked_stems, find_owner, weigh
from src.generation.gates.terms import MIN_PREFIX, Vocabulary, content_words, is_function_word, is_known_word, rarity
from src.generation.gates.texts import split_sentences, whole_sentences

MIN_BESIDE = 2.5
"""Rarity of the words of question and answer that one sentence must have to be the one that they were taken from."""
MOST_WITH_NAME = 0.25
"""What of that a sentence with the name may have where the name belongs to something else."""
MIN_OF_HOLDER, MOST_BESIDE_HOLDER = 1.0, 0.7
"""Rarity of the words of question and answer in the sentence of the name that has the word before it, and what of that
a sentence of the name that is said may have: of 2149 good answers none is lost by this."""
_JOINTS = 3
"""Small words between a name and the word before it: the reservoir at the foot of Ellery."""
OF_LONGER = 0.6
"""Share of the longer of two forms of a name that both begin with: Norway and Norwegian are none by that."""
_SUBJECTS = frozenset({"he", "she", "it", "they", "we", "il", "ils", "elle", "elles", "él", "ella", "ellos", "ellas"})
_SUBJECTS |= {"egli", "lui", "lei", "ele", "ela", "eles", "elas", "hij", "zij", "ze", "он", "она", "оно", "они"}
"""What a clause behind a name begins with that is about somebody else: in Paris she studied physics."""
_Slot = Slot[tuple[str, ...]]
_NAMING = frozenset({"person", "place", "thing"})


def check_swapped(draft: Draft, passage: str) -> Verdict:
    """Reject an answer whose first name stands in the passage far from all that is asked about and said, where another
    name stands, and one with a name among the words that the passage has around another one. Says nothing where nouns
    have capitals as names do."""
    if writes_nouns_with_capitals(passage):
        return Verdict(True)
    kind = find_kind(draft.question, detect_language(passage).code)
    question, answer = draft.messages[0].content, draft.messages[1].content
    swapped = _find_swapped(question, answer, passage) if kind in _NAMING else ""
    swapped = swapped or _find_exchanged(question, answer, passage)
    return Verdict(False, "name_not_in_source", swapped) if swapped else Verdict(True)


def _find_swapped(question: str, answer: str, passage: str) -> str:
    """The first name of ``answer`` where one sentence has most words of the question and of the answer's beginning, and
    another name, but no pronoun that may stand for the first one, and no sentence with that one, nor the one behind it,
    which may say "her" for it, has more than a few of them."""
    first = (split_sentences(answer) or [""])[0]
    run = next((one.name for one in find_name_runs(first, passage)), ())
    asked, said = Vocabulary([question]), Vocabulary([answer])
    sentences = _sentences(passage)
    own = [number for number, (_, words) in enumerate(sentences) if run and all(map(words.has_exactly, run))]
    if not own or any(map(asked.has_form, run)):
        return ""
    told = [word for word in dict.fromkeys(content_words(f"{question}\n{first}")) if word not in run]
    beside = [_weigh(told, words) for _, words in sentences]
    best = max(range(len(beside)), key=beside.__getitem__)
    around = max(max(beside[number : number + 2]) for number in own)
    if beside[best] < MIN_BESIDE or around > MOST_WITH_NAME * beside[best]:
        return ""
    if not (_SUBJECTS - {"it"}).isdisjoint(split_words(sentences[best][0])):
        return ""
    others = (one.name for one in find_name_runs(sentences[best][0], passage))
    other = next((one for one in others if not any(asked.has_form(word) or said.has_form(word) for word in one)), ())
    return f"{' '.join(run)}, where the source has {' '.join(other)}" if other else ""


def _find_exchanged(question: str, answer: str, passage: str) -> str:
    """A name of ``answer`` around which the words stand that ``passage`` has around another name, which neither answer
    nor question says: sent to Ben Cole in the finance department, where that is Ada Quill's."""
    known, asked, said = _slots(passage, passage), split_words(question), split_words(answer)
    told = list(dict.fromkeys(content_words(f"{question}\n{answer}")))
    others = [one for one in known if not _shares_form(one.value, {*asked, *said})]
    for slot in _slots(answer, passage)[:MOST]:
        if not others or _shares_form(slot.value, asked):
            continue
        own = [one for one in known if _shares_form(one.value, slot.value)]
        other = find_owner(slot, own, others, asked_stems(question)) or _find_holder(slot, own, others, told, passage)
        if other:
            return f"{' '.join(slot.value)}, where the source has {' '.join(other.value)}"
    return ""


def _find_holder(
    slot: _Slot, own: Sequence[_Slot], others: Iterable[_Slot], told: Sequence[str], passage: str
) -> _Slot | None:
    """The one of ``others`` that has the word which ``slot`` has just before its name, where no place of its ``own``
    has that word near it and the sentence of the other one has more of what is ``told``: the geologist Ada Quill, the
    village of Arden. A name may be said to be what it does, or is, by nobody else's word."""
    role = _role(slot)
    holders = [one for one in others if role and _role(one) == role]
    if not holders or not own:
        return None
    told = [word for word in told if word not in slot.value]
    sentences = [words for _, words in _sentences(passage)]
    if any(words.has_form(role) for one in own for words in sentences[max(0, one.sentence - 1) : one.sentence + 2]):
        return None
    beside = max(_weigh(told, sentences[one.sentence]) for one in holders)
    near = max(_weigh(told, sentences[one.sentence]) for one in own)
    return holders[0] if beside >= MIN_OF_HOLDER and near <= MOST_BESIDE_HOLDER * beside else None


def _role(slot: _Slot) -> str:
    """The stem of the word before a name with nothing but small words between them; "" where there is none."""
    before = [*reversed(slot.before.items())][: _JOINTS + 1]
    return next((word for word, weight in before if weight == 1), "")


def _shares_form(name: Iterable[str], words: Collection[str]) -> bool:
    """Whether a word of ``name`` is one of ``words``, or begins as most of it does."""
    return any(_is_form(word, other) for word in name for other in words)


def _is_form(word: str, other: str) -> bool:
    if word == other or word[:MIN_PREFIX] != other[:MIN_PREFIX]:
        return word == other
    length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return length >= max(MIN_PREFIX, OF_LONGER * max(len(word), len(other)))


@lru_cache(maxsize=64)
def _slots(text: str, passage: str) -> tuple[_Slot, ...]:
    find = find_name_runs if text == passage else _find_runs
    runs = ((place, run) for place, sentence in enumerate(whole_sentences(text)) for run in find(sentence, passage))
    return tuple(
        Slot(
            run.name,
            "name",
            place,
            weigh(run.words[max(0, run.first - WIDTH) : run.first]),
            weigh(_behind(run) if text == passage else run.words[run.last : run.last + WIDTH]),
        )
        for place, run in runs
    )


def _behind(run: NameRun) -> Iterator[str]:
    """The words behind a name of the passage, up to a pronoun that stands for another one."""
    return takewhile(lambda word: word not in _SUBJECTS, run.words[run.last : run.last + WIDTH])


def _find_runs(sentence: str, passage: str) -> Iterator[NameRun]:
    """The names of a ``sentence`` of an answer, and its first word where that is no word of everyday use."""
    runs = list(find_name_runs(sentence, passage))
    first = split_sentences(sentence)[0].split(maxsplit=1)[0] if sentence.strip() else ""
    is_name = (
        first.isalpha() and first[0].isupper() and not is_known_word(first) and not is_function_word(first.lower())
    )
    if is_name and not (runs and runs[0].first == 0):
        yield NameRun(tuple(split_words(sentence)), 0, 1)
    yield from runs


def _weigh(words: Sequence[str], known: Vocabulary) -> float:
    return sum(rarity(word) for word in words if not word.isdigit() and known.has_form(word))


@lru_cache(maxsize=64)
def _sentences(passage: str) -> tuple[tuple[str, Vocabulary], ...]:
    return tuple((sentence, Vocabulary([sentence])) for sentence in whole_sentences(passage))
