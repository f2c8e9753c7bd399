"""Samples from a model too small to be trusted: the answer is a sentence of the source, the model writes the question.

A model of 135 million parameters cannot write an answer: what it says is fluent and wrong. So the code picks a
sentence that stands on its own and decides what can be asked for it; the model puts that into a question, under a
grammar. The question is kept when it names its subject, tells nothing of the answer, and leads back to its own sentence
among all others (round-trip consistency: Alberti et al. 2019, "Synthetic QA Corpora Generation"). Questions that the
source itself asks in a heading come first, with the paragraph below them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple

from src.core.specs import WriterModel
from src.core.types import Message, Rejection, Sample, Span
from src.core.workspace import PROGRAM_ROOT
from src.generation.answer_first.context import in_context, name_context
from src.generation.answer_first.embedder import load_embedder
from src.generation.answer_first.facts import Fact, find_facts, find_question_headings, slice_pieces
from src.generation.answer_first.piles import Item, Pile, rarest, take_turns
from src.generation.answer_first.question_checks import question_key
from src.generation.answer_first.question_kinds import find_targets
from src.generation.answer_first.question_parts import Target, opening_of
from src.generation.answer_first.question_writer import QuestionWriter
from src.generation.answer_first.running_text import unwrap
from src.generation.answer_first.words import find_names
from src.generation.engine import Engine
from src.utils.chunker import Passage
from src.utils.keywords import KeywordExtractor

Variety = Literal["low", "medium", "high"]
SHIPPED_PROMPTS = PROGRAM_ROOT / "prompts"
MAX_REFUSALS_PER_TURN = 3
"""Facts of one passage that may fail before the next passage has its turn: model time is shared out too."""

_LOW = frozenset(["definition", "identity", "name", "reason", "quantity", "time"])
_MEDIUM = _LOW | {"frequency", "condition", "how_to", "list", "use", "place"}
_HIGH = _MEDIUM | {"manner", "person", "effect", "duty", "occasion"}


class _VarietyRule(NamedTuple):
    kinds: frozenset[str]
    forms: int
    tries: int
    per_fact: int


_VARIETY: Mapping[Variety, _VarietyRule] = {
    "low": _VarietyRule(_LOW, forms=1, tries=2, per_fact=1),
    "medium": _VarietyRule(_MEDIUM, forms=1, tries=4, per_fact=1),
    "high": _VarietyRule(_HIGH, forms=2, tries=6, per_fact=2),
}


@dataclass(frozen=True, slots=True)
class AnswerFirstSettings:
    """``variety`` sets which kinds of questions are asked, in how many forms (plain, indirect), how many tries each one
    gets and how many a fact may have; ``temperature`` is that of the sampling, at 0 there is one try. ``only`` says
    how many samples each passage may get, by its id: others get none (None: no bound). No fact is asked for that is an
    answer of ``known``."""

    seed: int
    temperature: float
    variety: Variety
    prompts: Path = SHIPPED_PROMPTS
    only: Mapping[str, int] | None = None
    known: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Run:
    """One run: what was kept so far decides what is asked for next."""

    writer: QuestionWriter
    keywords: KeywordExtractor
    rule: _VarietyRule
    kinds_used: Counter[str] = field(default_factory=Counter)
    openings: Counter[str] = field(default_factory=Counter)
    questions: set[str] = field(default_factory=set)


async def write_pairs(
    passages: Sequence[Passage], size: int, engine: Engine, writer: WriterModel, settings: AnswerFirstSettings
) -> AsyncGenerator[Sample | Rejection, None]:
    """Up to ``size`` question-answer samples whose answers are spans of ``passages``, and a Rejection for every fact
    that was tried in vain and every passage that has no usable one.

    Sources and passages take turns, so that each has its share. Same passages, size, settings and model answers: the
    same samples in the same order. Raises ProviderError when the model cannot be used, ConfigError for an unusable
    prompt file.
    """
    facts = _find_distinct_facts(passages)
    rule = _VARIETY[settings.variety]
    question_writer = QuestionWriter(
        engine, writer, settings.prompts, settings.seed, settings.temperature, rule.tries, facts, load_embedder()
    )
    run = _Run(question_writer, KeywordExtractor(passage.text for passage in passages), rule)
    piles = _make_piles(passages, facts, settings)
    kept = 0
    while piles and kept < size:
        for pile in take_turns(piles, run.openings):
            async for outcome in _take_turn(run, pile):
                yield outcome
                kept += isinstance(outcome, Sample)
            if kept >= size:
                return
        piles = [pile for pile in piles if not pile.is_spent]


def _find_distinct_facts(passages: Sequence[Passage]) -> list[Fact]:
    """The facts of all passages; of a sentence that is repeated (tables and pages often do) only the first."""
    facts: dict[str, Fact] = {}
    for passage in passages:
        for fact in find_facts(passage):
            facts.setdefault(fact.text, fact)
    return list(facts.values())


def _make_piles(passages: Sequence[Passage], facts: Sequence[Fact], settings: AnswerFirstSettings) -> list[Pile]:
    rng = random.Random(settings.seed)  # noqa: S311 - an order, not a secret
    rule = _VARIETY[settings.variety]
    known = set(map(_key, settings.known))
    names = find_names(passage.text for passage in passages)
    items: dict[str, list[Item]] = {passage.id: [] for passage in passages}
    for number, fact in enumerate(facts):
        found = (target for target in find_targets(fact.text, names) if target.kind in rule.kinds)
        context = name_context(fact.passage.heading, names)
        targets = [in_context(replace(target, forms=target.forms[: rule.forms]), context) for target in found]
        if targets and _key(slice_pieces(fact.passage, fact.pieces)) not in known:
            items[fact.passage.id].append(Item(number, targets))
    piles = []
    for passage in passages:
        room = None if settings.only is None else settings.only.get(passage.id, 0)
        if room == 0:
            continue
        rng.shuffle(items[passage.id])
        headings = find_question_headings(passage)
        pairs = [pair for pair in headings if _key(slice_pieces(passage, pair.answer)) not in known]
        piles.append(Pile(passage, pairs, items[passage.id], is_barren=not pairs and not items[passage.id], room=room))
    return piles


async def _take_turn(run: _Run, pile: Pile) -> AsyncGenerator[Sample | Rejection, None]:
    """The next sample of a passage, after the refusals on the way to it."""
    if pile.is_barren:
        detail = "No sentence here can be turned into a question (the local model asks in English only)."
        yield _reject(pile.passage, "no_usable_fact", detail, pile.passage.span)
    refusals = 0
    while (pile.pairs or pile.items) and refusals < MAX_REFUSALS_PER_TURN:
        outcome = _take_pair(run, pile) if pile.pairs else await _ask_for_fact(run, pile)
        yield outcome
        if isinstance(outcome, Sample):
            pile.room = None if pile.room is None else pile.room - 1
            return
        refusals += 1


def _take_pair(run: _Run, pile: Pile) -> Sample | Rejection:
    pair = pile.pairs.pop(0)
    question = Message("user", slice_pieces(pile.passage, pair.question), pair.question)
    if _is_repeated(run, question.content):
        return _reject(pile.passage, "duplicate_question", question.content, pair.question[0])
    place = Span(pair.question[0].start, pair.answer[-1].end)
    return _make_sample(run, pile.passage, (question, _answer(pile.passage, pair.answer)), place, "heading")


async def _ask_for_fact(run: _Run, pile: Pile) -> Sample | Rejection:
    """Ask for the fact whose question would begin, and ask, as the fewest so far: variety, and no fact is tried twice
    in vain."""

    def used(target: Target) -> tuple[int, int]:
        return min(run.openings[form.opening] for form in target.forms), run.kinds_used[target.kind]

    item = min(pile.items, key=lambda entry: (entry.kept, min(map(used, entry.targets))))
    fact = run.writer.facts[item.number]
    targets = [replace(target, forms=(rarest(target, run.openings),)) for target in sorted(item.targets, key=used)]
    written = await run.writer.write(item.number, targets)
    item.targets = [target for target in item.targets if target.kind not in written.kinds_tried]
    item.kept += bool(written.question)
    if not item.targets or item.kept >= run.rule.per_fact or not written.question:
        pile.items.remove(item)
    if not written.question:
        return _reject(pile.passage, written.reason, fact.text, fact.span, raw="\n".join(written.tries))
    if _is_repeated(run, written.question):
        return _reject(pile.passage, "duplicate_question", written.question, fact.span)
    run.kinds_used[written.kind] += 1
    run.openings[opening_of(written.question)] += 1
    messages = (Message("user", written.question), _answer(pile.passage, fact.pieces))
    return _make_sample(run, pile.passage, messages, fact.span, written.kind)


def _is_repeated(run: _Run, question: str) -> bool:
    key = question_key(question)
    repeated = key in run.questions
    run.questions.add(key)
    return repeated


def _answer(passage: Passage, pieces: tuple[Span, ...]) -> Message:
    """A turn of the lines ``pieces``: as they stand, or in running text without the breaks of full lines."""
    offset = passage.span.start
    text = unwrap(passage.text, [Span(piece.start - offset, piece.end - offset) for piece in pieces])
    return Message("assistant", text, pieces if text == slice_pieces(passage, pieces) else ())


def _key(text: str) -> str:
    """A text whatever its line breaks."""
    return "".join(text.split())


def _make_sample(run: _Run, passage: Passage, messages: tuple[Message, Message], place: Span, kind: str) -> Sample:
    return Sample(
        messages=messages,
        origin="generated",
        source_file=passage.source_file,
        span=place,
        topic_keywords=run.keywords.keywords(passage.text),
        group=passage.id,
        locator=passage.locator,
        metadata={
            "strategy": "answer_first",
            "quality": "demo",
            "question_kind": kind,
            "text_sha256": passage.text_sha256,
        },
    )


def _reject(passage: Passage, reason: str, detail: str, span: Span, raw: str = "") -> Rejection:
    return Rejection(reason, detail, source_file=passage.source_file, span=span, raw=raw)
