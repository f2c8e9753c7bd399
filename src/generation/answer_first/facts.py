"""Sentences of a passage that can stand alone as an answer, and questions that the text itself answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from src.core.types import Span
from src.generation.answer_first.words import load_list, split_words
from src.utils.chunker import Passage
from src.utils.wordlists import load_words

MIN_WORDS, MAX_WORDS = 5, 40
MAX_CHARS = 280
MAX_ANSWER_CHARS = 1200

_BLOCK = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_MARKER = re.compile(r"[ \t]*(?:#{1,6}[ \t]+|[-*•‣–][ \t]+|>[ \t]*|\(?\d{1,3}[.)][ \t]+|\(?[a-z]\)[ \t]+)")
_NO_PROSE = re.compile(
    r"[\t|{}<>\\=`~^@]|\w\[|https?:|www\.|\w_\w|\*|\]\(|\^\[|::|\.\.\.|…|\w-\n|\.[—–-]|—.*—|^[ \t]{4,}\S.*\n?[ \t]{8,}",
    re.MULTILINE,
)
_SENTENCE_END = re.compile(r"(?:[.!?]+[\"'”’)\]]*(?=\s|$))|[。！？]+[”’」』）]*")
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|ca|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|Fig|Sec|Vol|pp?|Inc|Ltd|Jr|Sr)|\b[A-Z])\.$"
)
_POINTING = re.compile(
    r"\b(?:this|these|those|above|below|aforementioned|as follows|the following|the former|the latter|previously"
    r"|(?:see|figure|table|chapter|section|page|appendix|step|slide|exercise|example|listing) (?:the|on|\d+|[A-Z]\b))"
    r"|\b(?:I|I'm|I've|my|me)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"[A-Z]?\d+(?:\.\d+)*[.)]\s|[Tt]his question\b")
"""The next entry of a table of contents, or a sentence about the question instead of its answer."""
_DEPENDENT = re.compile(r"\b(?:these|those|above|below|(?:all|does|do|is|of|in|with) that)\b", re.IGNORECASE)
_RUN_ON = re.compile(r"[\w)] (?:A|An|The) [a-z]")
_SPEAKER = re.compile(r"(?:[\w.'-]+ ){0,2}[\w.'-]+:")
_ANSWER_MARK = re.compile(r"(?:A\d*:|A\.|A [-–—]|(?:Answer|Antwort)[ \t]*\d*[.:)])[ \t]+")
_QUESTION_MARKS = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]+|[-*•>][ \t]+"
    r"|(?:Q|Question|F|Frage)[ \t]*\d*(?:[.:)]| [-–—] )[ \t]*|\(?[A-Z]?\d+(?:\.\d+)*[.)]?[^\S\n]+)*"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence of a document. ``text`` has single spaces; ``pieces`` are its lines, in document coordinates."""

    passage: Passage
    text: str
    pieces: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From the first to the last character, in document coordinates."""
        return Span(self.pieces[0].start, self.pieces[-1].end)

    @property
    def content(self) -> str:
        """The sentence as it stands in the document, its lines without their indentation."""
        return slice_pieces(self.passage, self.pieces)


@dataclass(frozen=True, slots=True)
class FoundPair:
    """A question of the document with the paragraph that follows it, both in document coordinates."""

    question: tuple[Span, ...]
    answer: tuple[Span, ...]


def slice_pieces(passage: Passage, pieces: Sequence[Span]) -> str:
    """The text of ``pieces`` joined by line breaks."""
    offset = passage.span.start
    return "\n".join(passage.text[piece.start - offset : piece.end - offset] for piece in pieces)


def find_facts(passage: Passage) -> tuple[Fact, ...]:
    """The sentences of a passage that say something on their own, in order.

    Left out are fragments, headings, tables, code, questions, what begins with or points at something that stands
    elsewhere ("It ...", "as shown above"), and what is too short or too long to be asked for.
    """
    facts = []
    for span in _sentences(passage.text):
        raw = passage.text[span.start : span.end]
        text = " ".join(raw.split())
        if not _NO_PROSE.search(raw) and stands_alone(text):
            facts.append(Fact(passage, text, _line_pieces(passage, span)))
    return tuple(facts)


def stands_alone(sentence: str) -> bool:
    """Whether a reader who sees nothing else understands the sentence."""
    words = split_words(sentence)
    if not MIN_WORDS <= len(words) <= MAX_WORDS or len(sentence) > MAX_CHARS:
        return False
    if sentence[0].islower() or not sentence[0].isalnum() or not sentence.endswith((".", "!", "。", "！")):
        return False
    if _RUN_ON.search(sentence) or (words[0].endswith("ed") and words[1] in load_words("en")):
        return False  # a heading without an end mark before it, or "Called when ..."
    if re.match(r"\d{1,3} ", sentence):  # the number of a footnote or paragraph, most of the time
        return False
    if words[0] in load_list("en_dangling") or _SPEAKER.match(sentence) or _POINTING.search(sentence):
        return False
    letters = sum(mark.isalpha() for mark in sentence)
    return letters >= 0.7 * len(sentence) and not sentence.isupper() and _is_balanced(sentence)


def find_question_headings(passage: Passage) -> tuple[FoundPair, ...]:
    """Lines that are a question (headings, mostly), each with the paragraph below it when that is an answer."""
    lines = list(re.finditer(r"[^\n]+", passage.text))
    pairs = []
    for index, line in enumerate(lines):
        question = _question_span(line)
        inside_paragraph = index > 0 and lines[index - 1].end() + 1 == line.start() and not _is_marked(line.group())
        if question is None or inside_paragraph:
            continue
        answer = _paragraph_below(passage.text, lines[index + 1 :])
        if answer is not None:
            pairs.append(FoundPair(_line_pieces(passage, question), _line_pieces(passage, answer)))
    return tuple(pairs)


def _sentences(text: str) -> Iterator[Span]:
    for block in _BLOCK.finditer(text):
        for item in _list_items(text, Span(block.start(), block.end())):
            yield from _split_sentences(text, item)


def _list_items(text: str, block: Span) -> Iterator[Span]:
    """The items of a list, one by one; a block that is none as a whole. Headings give nothing."""
    start = block.start
    position = block.start
    for line in text[block.start : block.end].splitlines(keepends=True):
        marker = _MARKER.match(line)
        is_heading = line.lstrip().startswith("#") or not line.strip(" \t\n=-_*")
        if marker or is_heading:
            if position > start:
                yield Span(start, position)
            start = position + (len(line) if is_heading or marker is None else marker.end())
        position += len(line)
    if block.end > start:
        yield Span(start, block.end)


def _split_sentences(text: str, item: Span) -> Iterator[Span]:
    start = item.start
    for end in _SENTENCE_END.finditer(text, item.start, item.end):
        if _NO_END.search(text[start : end.end()]):
            continue
        yield from _trimmed(text, start, end.end())
        start = end.end()


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    raw = text[start:end]
    if raw.strip():
        start += len(raw) - len(raw.lstrip())
        yield Span(start, start + len(raw.strip()))


def _line_pieces(passage: Passage, span: Span) -> tuple[Span, ...]:
    pieces: list[Span] = []
    position = span.start
    for line in passage.text[span.start : span.end].splitlines(keepends=True):
        pieces.extend(_trimmed(passage.text, position, position + len(line)))
        position += len(line)
    offset = passage.span.start
    return tuple(Span(piece.start + offset, piece.end + offset) for piece in pieces)


def _is_balanced(sentence: str) -> bool:
    pairs_match = all(sentence.count(left) == sentence.count(right) for left, right in ("()", "[]", "“”", "«»"))
    return pairs_match and sentence.count('"') % 2 == 0


def _question_span(line: re.Match[str]) -> Span | None:
    text = line.group().rstrip(" \t#*_")
    marks = _QUESTION_MARKS.match(text)
    start = marks.end() if marks else 0
    question = text[start:].lstrip("*_ ")
    start = len(text) - len(question)
    words = split_words(re.split(r"[.!?] ", question)[-1])
    # a turn of a conversation is taken by another way; "these steps" means nothing without the text before it
    if not question or _SPEAKER.match(question) or _DEPENDENT.search(question):
        return None
    if not question.endswith(("?", "？")) or len(words) < 3 or len(question) > 200 or not question[0].isalnum():
        return None
    return Span(line.start() + start, line.start() + len(text))


def _paragraph_below(text: str, lines: Sequence[re.Match[str]]) -> Span | None:
    """The lines up to the next empty line; None when they are no whole sentences or hold a question of their own."""
    start = next((line.start() for line in lines if line.group().strip(" \t=-_*~")), None)
    if start is None:
        return None
    block = _BLOCK.match(text, start)
    mark = _ANSWER_MARK.match(text, start)
    start = mark.end() if mark else start
    answer = text[start : block.end()].strip() if block else ""
    start = text.find(answer, start)
    whole = answer.endswith((".", "!", "。", "！", ".)", '."', ".”")) and len(split_words(answer)) >= 4
    is_other = "?" in answer or _MARKER.match(answer) or _SPEAKER.match(answer) or _NUMBERED.match(answer)
    return None if not whole or len(answer) > MAX_ANSWER_CHARS or is_other else Span(start, start + len(answer))


def _is_marked(line: str) -> bool:
    marks = _QUESTION_MARKS.match(line)
    return bool(marks and marks.end())
