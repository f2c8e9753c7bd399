"""Web pages whose questions are whole paragraphs set off by type or class, their answers plain paragraphs below."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from src.core.types import Section, Span
from src.utils.detection.structure.columns import differ
from src.utils.detection.structure.page_tree import read_step
from src.utils.detection.structure.run_in_names import INLINE
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.vocabulary import read_label

_SAID = frozenset({"p", "ul", "ol", "li", "div", "pre", "blockquote", "table", "tbody", "tr", "td"})
"""Elements that an answer may consist of; captions, buttons and asides are none of its text."""
_MIN_QUESTIONS = 3
_MIN_ASKING = 0.6
_MAX_LENGTH = 600
_MAX_LED = 0.6
_CONFIDENCE = 0.9
_WORD = re.compile(r"[^\W\d_]{1,14}(?=[ ]?\d{0,3}[.)])")
_LED = re.compile(r"[-–—―]|[^\n:：]{1,40}[:：]\s")

_Dress = tuple[str, str, tuple[str, ...], str]
"""The element that a paragraph stands in, its tag and classes, and the tag that sets off all of its text ("")."""


class _Paragraph(NamedTuple):
    """A paragraph of the page; without a ``dress`` it is a heading, or something that nobody says."""

    span: Span
    path: str
    dress: _Dress | None
    heading: bool


def find_set_off_questions(text: str, sections: Sequence[Section]) -> Finding | None:
    """The paragraphs of one dress that ask, each with the paragraphs of another dress below it: an interview whose
    questions are bold, a page of answers whose questions have a class."""
    paragraphs = _without_furniture(text, list(_paragraphs(sections)))
    groups: dict[_Dress, list[int]] = defaultdict(list)
    for index, paragraph in enumerate(paragraphs):
        if paragraph.dress:
            groups[paragraph.dress].append(index)
    found = [_finding(text, paragraphs, members) for members in groups.values() if len(members) >= _MIN_QUESTIONS]
    return max((finding for finding in found if finding), key=lambda finding: finding.weight, default=None)


def _paragraphs(sections: Sequence[Section]) -> Iterator[_Paragraph]:
    position = 0
    for section in sections:
        content = section.text.strip()
        if content and section.kind in ("text", "heading") and section.fields:
            start = position + section.text.index(content)
            paths = [value.name for value in section.fields]
            yield _Paragraph(
                Span(start, start + len(content)),
                paths[0],
                None if section.kind == "heading" else _dress(paths),
                section.kind == "heading",
            )
        position += len(section.text)


def _without_furniture(text: str, paragraphs: Sequence[_Paragraph]) -> list[_Paragraph]:
    """Without what stands below every answer: ``Was this helpful?``"""
    contents = [text[slice(*paragraph.span)] for paragraph in paragraphs]
    again = Counter(contents)
    return [one for one, content in zip(paragraphs, contents, strict=True) if again[content] < _MIN_QUESTIONS]


def _dress(paths: Sequence[str]) -> _Dress | None:
    steps = paths[0].split("/")
    depth = next((place for place in range(len(steps) - 1, -1, -1) if read_step(steps[place]).tag not in INLINE), 0)
    around = "/".join(steps[: depth + 1])
    step = read_step(steps[depth])
    if step.tag not in _SAID:
        return None
    inner = read_step(steps[depth + 1]).tag if depth + 1 < len(steps) else ""
    set_off = inner if inner and all(path.startswith(f"{around}/{steps[depth + 1]}") for path in paths) else ""
    return "/".join(steps[:depth]), step.tag, step.classes, set_off


def _finding(text: str, paragraphs: Sequence[_Paragraph], members: Sequence[int]) -> Finding | None:
    asking = [
        index
        for index in members
        if ends_as_question(text[slice(*paragraphs[index].span)]) and _size(paragraphs[index]) <= _MAX_LENGTH
    ]
    if len(asking) < _MIN_QUESTIONS or len(asking) < _MIN_ASKING * len(members):
        return None
    questions = [index for index in members if index >= asking[0]]
    stops = [*questions[1:], len(paragraphs)]
    answers = [_answer(paragraphs, index, stop) for index, stop in zip(questions, stops, strict=True)]
    answers[-1] = _without_foot(answers[-1], answers[:-1])
    drafts = []
    for index, answer in zip(questions, answers, strict=True):
        if answer:
            asked = Utterance("question", "question", (paragraphs[index].span,))
            told = Utterance("answer", "answer", tuple(paragraph.span for paragraph in answer))
            drafts.append(Draft((asked, told), paragraphs[index].span.start))
    contents = [" ".join(text[slice(*piece)] for piece in draft.utterances[1].pieces) for draft in drafts]
    if not differ(contents):
        return None  # the pages of a book, fields to fill in
    if len(drafts) < _MIN_QUESTIONS or len(drafts) < _MIN_ASKING * len(questions) or _are_led(text, drafts):
        return None
    reason = f"{len(asking)} of {len(members)} paragraphs of one dress ask a question; {len(drafts)} have an answer"
    return Finding("questions as bold", tuple(drafts), _CONFIDENCE, reason)


def _answer(paragraphs: Sequence[_Paragraph], index: int, stop: int) -> list[_Paragraph]:
    """The paragraphs below a question in the same element, up to a heading or the end of that element."""
    dress = paragraphs[index].dress
    found = []
    for paragraph in paragraphs[index + 1 : stop]:
        if paragraph.heading or dress is None or not paragraph.path.startswith(f"{dress[0]}/"):
            break
        if paragraph.dress:
            found.append(paragraph)
    return found


def _without_foot(answer: list[_Paragraph], others: Sequence[Sequence[_Paragraph]]) -> list[_Paragraph]:
    """The last answer without its last paragraphs, where those lack the classes that all other paragraphs of answers
    have: who signs the page. What stands deeper (a list) goes on with the answer."""
    kept = [paragraph.dress for other in (*others, answer[:1]) for paragraph in other if paragraph.dress]
    classes = {dress[2] for dress in kept}
    if len(others) < _MIN_QUESTIONS - 1 or () in classes:
        return answer
    places = {dress[0] for dress in kept}
    end = len(answer)
    while end > 1 and (dress := answer[end - 1].dress) and dress[0] in places and dress[2] not in classes:
        end -= 1
    return answer[:end]


def _are_led(text: str, drafts: Sequence[Draft]) -> bool:
    """Whether dashes, label words or names with colons lead most turns: those are read by their own rules."""
    turns = [turn for draft in drafts for turn in draft.utterances]
    return sum(_is_led(text, turn.pieces[0]) for turn in turns) > _MAX_LED * len(turns)


def _is_led(text: str, piece: Span) -> bool:
    if _LED.match(text, piece.start, piece.end):
        return True
    word = _WORD.match(text, piece.start, piece.end)
    return word is not None and read_label(word[0]).family is not None


def _size(paragraph: _Paragraph) -> int:
    return paragraph.span.end - paragraph.span.start
