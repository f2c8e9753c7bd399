"""Good samples in our own words, and the twelve kinds of bad ones that a seeded program makes of them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from src.core.types import Span, Task
from src.generation.gates.language import detect_language
from src.generation.gates.leakage import PromptTraces
from src.generation.task_prompts import all_prompt_text
from src.utils.chunker import Passage

DATA = Path(__file__).parent / "quality_data"
PROMPTS = Path(__file__).parents[1] / "prompts"
KINDS = (
    "wrong number",
    "wrong name",
    "off-topic",
    "copied example",
    "duplicate",
    "paraphrase of a duplicate",
    "empty",
    "truncated",
    "answer not in source",
    "question without context",
    "wrong language",
    "prompt leakage",
)
_NAMES = re.compile(r"\b[A-ZÀ-ÝА-Я][\w’'-]+(?: [A-ZÀ-ÝА-Я][\w’'-]+)+\b")


@dataclass(slots=True)
class Good:
    """A good sample, and what the data say of bad ones like it: a paraphrase, an answer from elsewhere, a question
    without its subject, an answer in another language, one with a wrong name or number ("" where there is none).
    ``further`` are the turns after the first two of a conversation."""

    passage: Passage
    question: str
    answer: str
    paraphrase: str = ""
    paraphrased_answer: str = ""
    foreign: str = ""
    bare: str = ""
    translated: str = ""
    misnamed: str = ""
    miscounted: str = ""
    task: Task = "question_answer"
    further: str = ""


class Bad(NamedTuple):
    """A bad sample; ``after`` is the good one that was kept before it (duplicates)."""

    kind: str
    passage: Passage
    question: str
    answer: str
    after: Good | None = None
    task: Task = "question_answer"


@dataclass(slots=True)
class _Reading:
    goods: list[Good] = field(default_factory=list)
    passage: Passage | None = None


def read_samples(path: Path) -> list[Good]:
    """The samples of a data file: ``@ source | heading``, the passage, then Q, A and what belongs to them."""
    reading = _Reading()
    keys = {
        "P": "paraphrase",
        "PA": "paraphrased_answer",
        "X": "foreign",
        "C": "bare",
        "W": "translated",
        "A": "answer",
        "N": "misnamed",
        "M": "miscounted",
        "T": "task",
    }
    last = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        tag, found, rest = line.partition(": ")
        if line.startswith("@ "):
            source, _, heading = line[2:].partition(" | ")
            reading.passage, last = _passage(source, heading, "", len(reading.goods)), "text"
        elif found and tag == "Q" and reading.passage:
            reading.goods.append(Good(reading.passage, rest, ""))
            last = "Q"
        elif found and tag in {"U", "V"}:
            reading.goods[-1].further += f"{rest}\n"
            last = tag
        elif found and tag in keys:
            setattr(reading.goods[-1], keys[tag], rest)
            last = tag
        elif last == "text" and reading.passage:
            text = f"{reading.passage.text}\n{line}".strip()
            reading.passage = _passage(reading.passage.source_file, reading.passage.heading, text, len(reading.goods))
        elif last == "A":
            reading.goods[-1].answer += f"\n{line}"
    return reading.goods


def _passage(source: str, heading: str, text: str, number: int) -> Passage:
    return Passage(source, text, Span(0, len(text)), "", heading, f"{source}-{number}")


def passages_of(goods: Sequence[Good]) -> list[Passage]:
    """The passages of the samples, each once."""
    return list({good.passage.id: good.passage for good in goods}.values())


def plant(goods: Sequence[Good], seed: int, each: int = 120) -> Iterator[Bad]:
    """Up to ``each`` bad samples of every kind."""
    source = random.Random(seed)
    makers = (
        _wrong_numbers,
        _wrong_names,
        _off_topic,
        _copied,
        _duplicates,
        _paraphrases,
        _empty,
        _truncated,
        _foreign,
        _bare,
        _translated,
        _leaks,
    )
    for maker in makers:
        made = list(maker(goods, source))
        source.shuffle(made)
        yield from made[:each]


def _wrong_numbers(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    for good in goods:
        if good.miscounted:
            yield Bad("wrong number", good.passage, good.question, good.miscounted, task=good.task)
        numbers = [
            found for found in re.finditer(r"\d+(?:[.,]\d+)?", good.answer) if not _is_marker(good.answer, found)
        ]
        if numbers and good.task != "reasoning":
            chosen = source.choice(numbers)
            wrong = _change(chosen.group(), source, good.passage.text)
            answer = good.answer[: chosen.start()] + wrong + good.answer[chosen.end() :]
            yield Bad("wrong number", good.passage, good.question, answer)


def _is_marker(text: str, found: re.Match[str]) -> bool:
    return text[found.end() : found.end() + 2] == ". " and (found.start() == 0 or text[found.start() - 1] == "\n")


def _change(number: str, source: random.Random, passage: str) -> str:
    while True:
        digits = list(number)
        places = [place for place, mark in enumerate(digits) if mark.isdigit()]
        place = source.choice(places)
        digits[place] = source.choice("123456789".replace(digits[place], ""))
        if source.random() < 0.3:
            digits.append(source.choice("0123456789")) if len(places) < 3 else None
        wrong = "".join(digits)
        if wrong not in passage:
            return wrong


def _wrong_names(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    pool = _lines("names.txt")
    for good in goods:
        if good.misnamed:
            yield Bad("wrong name", good.passage, good.question, good.misnamed, task=good.task)
        inside = _NAMES.findall(good.answer)
        for name in inside:
            if name not in good.passage.text:
                continue
            script = detect_language(name * 3).script
            other = source.choice(
                [line for line in pool if detect_language(line * 3).script == script and line != name]
            )
            yield Bad("wrong name", good.passage, good.question, good.answer.replace(name, other))
            break


def _off_topic(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    trivia = [line.split(" | ") for line in _lines("trivia.txt")]
    passages = passages_of(goods)
    for question, answer in trivia:
        yield Bad("off-topic", source.choice(passages), question, answer)
    for good in goods:
        others = [other for other in goods if other.passage.source_file != good.passage.source_file]
        same = [
            other for other in others if _code(other) == _code(good) and other.passage.heading != good.passage.heading
        ]
        if same:
            other = source.choice(same)
            yield Bad("off-topic", good.passage, other.question, other.answer)


def _copied(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    examples = PromptTraces.of(all_prompt_text(PROMPTS, "system/create_mode.txt")).examples
    questions = [text for text in examples if text.endswith("?")]
    answers = [text for text in examples if not text.endswith("?")]
    for _ in range(60):
        good = source.choice(goods)
        number = source.randrange(min(len(questions), len(answers)))
        question, answer = questions[number], answers[number]
        yield Bad("copied example", good.passage, source.choice([question, question.upper(), question[:-1]]), answer)
        yield Bad("copied example", good.passage, good.question, answer)
        words = question.split()
        words.pop(source.randrange(1, len(words) - 1))
        yield Bad("copied example", good.passage, " ".join(words), answer)


def _duplicates(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    for good in goods:
        question = source.choice(
            [
                good.question,
                good.question.lower(),
                good.question.rstrip("?？。. "),
                f"{good.question} ",
                good.question.upper(),
            ]
        )
        yield Bad("duplicate", good.passage, question, source.choice([good.answer, f"{good.answer} "]), good)


def _paraphrases(goods: Sequence[Good], _source: random.Random) -> Iterator[Bad]:
    for good in goods:
        if good.paraphrase:
            answer = good.paraphrased_answer or good.answer
            yield Bad("paraphrase of a duplicate", good.passage, good.paraphrase, answer, good)
            yield Bad("paraphrase of a duplicate", good.passage, good.paraphrase, good.answer, good)


def _empty(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    for good in goods:
        answer = source.choice(
            ["", " ", "\n", "...", "-", "N/A", "n/a", "None", "null", "No answer.", "I don't know.", "?"]
        )
        yield Bad("empty", good.passage, good.question, answer)


def _truncated(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    for good in goods:
        whole = good.answer
        if (len(whole) < 25 and not _is_east(whole)) or len(whole) < 12:
            continue
        for _ in range(20):
            cut = whole[: source.randrange(len(whole) * 3 // 10, len(whole) - 3)].rstrip()
            if not re.search(r"[.!?。！？:」)`]$", cut) and len(cut) > 4:
                yield Bad("truncated", good.passage, good.question, cut)
                break


def _foreign(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    for good in goods:
        if good.foreign:
            yield Bad("answer not in source", good.passage, good.question, good.foreign)
    for good in goods:
        same = [
            other.foreign or other.answer
            for other in goods
            if _code(other) == _code(good)
            and other.passage.heading != good.passage.heading
            and other.passage.source_file != good.passage.source_file
            and len(other.answer) > 40
        ]
        if same and source.random() < 0.3:
            yield Bad("answer not in source", good.passage, good.question, source.choice(same))


def _bare(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    for good in goods:
        if good.bare:
            yield Bad("question without context", good.passage, good.bare, good.answer)
    pool = _lines("bare_questions.txt")
    for line in pool:
        code, _, question = line.partition(" ")
        fitting = [good for good in goods if _code(good) == code]
        if fitting:
            good = source.choice(fitting)
            yield Bad("question without context", good.passage, question, good.answer)


def _translated(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    pool = [line.partition(" ") for line in _lines("sentences.txt")]
    for good in goods:
        if good.translated:
            yield Bad("wrong language", good.passage, good.question, good.translated)
        _, _, other = source.choice([line for line in pool if line[0] != _code(good)])
        if source.random() < 0.4:
            yield Bad("wrong language", good.passage, good.question, other)


def _leaks(goods: Sequence[Good], source: random.Random) -> Iterator[Bad]:
    prompt = all_prompt_text(PROMPTS, "system/create_mode.txt").splitlines()
    rules = [line for line in prompt if re.match(r"\d\. .{40,}", line)]
    pool = _lines("leaks.txt")
    for good in goods:
        leak = source.choice([source.choice(rules), source.choice(pool), source.choice(pool)])
        places = [f"{leak} {good.answer}", f"{good.answer} {leak}", f"{good.answer}\n{leak}"]
        yield Bad("prompt leakage", good.passage, good.question, source.choice(places))


def with_tables(goods: list[Good]) -> list[Good]:
    """``goods`` and those of the tables: many questions of one form about many things."""
    return [*goods, *_from_tables()]


def _from_tables() -> Iterator[Good]:
    for block in (DATA / "tables.txt").read_text(encoding="utf-8").split("\n\n"):
        head, template, *rest = [line for line in block.splitlines() if line and not line.startswith("#")]
        source, _, columns = head.partition(" | ")
        names = columns.split()
        pairs = [line[2:].split(" || ") for line in rest if line.startswith("? ")]
        for number, row in enumerate(line for line in rest if not line.startswith("? ")):
            values = dict(zip(names, row.split("; "), strict=True))
            passage = replace(
                _passage(source, values[names[0]], template.format(**values), number), id=f"{source}-{number}"
            )
            for question, answer in pairs:
                yield Good(passage, question.format(**values), answer.format(**values))


def _code(good: Good) -> str:
    return detect_language(good.passage.text).code


def _is_east(text: str) -> bool:
    return bool(re.search(r"[\u3040-\u30ff\u3400-\u9fff]", text))


def _lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
