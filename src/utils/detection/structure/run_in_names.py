"""Web pages and books: names in bold, italics or a class of their own that run in before what is said."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from src.core.types import Field, Section, Span
from src.utils.detection.structure.page_marks import tells_speaker
from src.utils.detection.structure.page_tree import read_step
from src.utils.detection.structure.speakers import Said, to_drafts
from src.utils.detection.types import ANSWERERS, ASKERS, Finding
from src.utils.detection.words.asking import asks, ends_as_question
from src.utils.detection.words.names import is_speaker_name
from src.utils.detection.words.signs import SENTENCE_ENDS
from src.utils.detection.words.vocabulary import read_label, role_words, stop_labels

INLINE = frozenset({"b", "strong", "i", "em", "span", "u", "font", "a", "small", "cite", "abbr", "emphasis", "hi"})
"""Elements that set words off inside a paragraph."""

_PARAGRAPH = frozenset({"p", "div", "li", "dd", "dt", "td", "blockquote", "para", "section", "article", "body"})
_TAG = re.compile(r"[^.@\[]+")
_END = re.compile(r"[.。]?\s{0,4}(?:[:：]|(?<=[.。])(?=\s|\Z)|(?<=\s)[—–-]+(?=\s)|[—–]+|(?<=[\u3000\u2003\t]))\s*")
_DIRECTION = re.compile(r"[(\[（［](?P<inside>[^()\[\]（）［］]{1,60})[)\]）］]")
"""A paragraph that nobody says: ``[Laughter]``."""
_SENTENCE_END = re.compile(f"[{SENTENCE_ENDS}]")
_MAX_DIRECTION = 6
_MAX_CLOSED_DIRECTION = 3
_SPACE = re.compile(r"\s+")
_BOLD = frozenset({"b", "strong"})
_NUMBER = re.compile(r"\d{1,4}\s?[.):：]\s*")
_ENDS = SENTENCE_ENDS + '"”»)’」'
_MAX_LABEL = 60
_MAX_WORDS = 8
_MIN_ENTRIES = 4
_MIN_ALTERNATING = 0.6
_MIN_SHARE = 0.3
_MIN_ASKERS = 3
_MIN_COMPOUND = 5
_MIN_ASKING = 0.2
_CONFIDENCE = 0.95


class _Label(NamedTuple):
    """A name that opens a line of a paragraph: its text, the tag that sets it off, where the words begin, and whether
    no sign parts it from them."""

    name: str
    tag: str
    start: int
    body: int
    bare: bool


class _Block(NamedTuple):
    """A paragraph: its span, the element that it stands in ("" where unknown), the labels of its lines, its classes,
    and whether a label in bold stands in it."""

    span: Span
    parent: str
    labels: tuple[_Label, ...]
    classes: tuple[str, ...] = ()
    has_bold_label: bool = False


def find_run_in_names(text: str, sections: Sequence[Section]) -> Finding | None:
    """The dialogue of all paragraphs that open with a set-off name; those without one go on with what was said.

    Type that sets names off is better evidence than a colon alone, so that an answerer is enough who comes back
    between askers who are all called otherwise (readers' questions): their questions then are pairs.
    """
    blocks = list(_blocks(sections))
    counts = Counter(label.tag for block in blocks if block for label in block.labels)
    if not counts:
        return None
    tag = counts.most_common(1)[0][0]
    entries = list(_entries(text, blocks, tag))
    bare = any(label.bare for block in blocks if block for label in block.labels if label.tag == tag)
    if not _takes_turns(text, entries) or _are_phrases(text, entries) or (bare and not _ask_and_answer(text, entries)):
        return None
    reason = f"{len(entries)} paragraphs led by names that are set off"
    families = {read_label(entry.speaker).family for entry in entries}
    rule = "labelled pairs" if families <= {"question", "answer"} else "speaker names"
    return Finding(rule, to_drafts(_parted(entries)), _CONFIDENCE, reason)


def _blocks(sections: Sequence[Section]) -> Iterator[_Block | None]:
    """The paragraphs in order; None where something else (a heading, a table) stands between."""
    position = 0
    for section in sections:
        if section.kind == "text":
            if any(map(str.isalpha, section.text)):
                yield _block(section, position)
        else:
            yield None
        position += len(section.text)


def _block(section: Section, position: int) -> _Block:
    content = section.text.strip()
    start = position + section.text.index(content) if content else position
    parent = ""
    labels = []
    for place, value in enumerate(section.fields):
        *around, inner = _split(value.name)
        parent = parent or "/".join(around)
        label = _label(section, place, inner, position)
        if label:
            labels.append(label)
    classes = _classes(section.fields[0].name) if section.fields else ()
    in_bold = any(_is_bold_label(section.text, value) for value in section.fields)
    return _Block(Span(start, start + len(content)), parent, tuple(labels), classes, in_bold)


def _is_bold_label(text: str, value: Field) -> bool:
    return _split(value.name)[1] in _BOLD and text[value.span.start : value.span.end + 1].rstrip()[-1:] in (":", "：")


def _split(path: str) -> tuple[str, str]:
    """The path of the element that a paragraph stands in, and the tags below the paragraph."""
    steps = path.split("/")
    depth = len(steps)
    while depth > 1 and _tag(steps[depth - 1]) in INLINE:
        depth -= 1
    return "/".join(steps[: depth - 1]), _tag(steps[-1]) if depth < len(steps) else ""


def _classes(path: str) -> tuple[str, ...]:
    """The classes of the paragraph around the tags that set its words off."""
    steps = [read_step(step) for step in path.split("/")]
    return next((step.classes for step in reversed(steps) if step.tag not in INLINE), ())


def _tag(step: str) -> str:
    found = _TAG.match(step)
    return found[0] if found else ""


def _label(section: Section, place: int, tag: str, position: int) -> _Label | None:
    """The label that a set-off text is: alone at the beginning of a line, short, with a colon or full stop behind."""
    value: Field = section.fields[place]
    text = section.text
    start, end = value.span
    if not tag or end - start > _MAX_LABEL or "\n" in text[start:end] or text[:start].rpartition("\n")[2].strip():
        return None
    name = text[start:end].strip()
    bare = name.rstrip(":：.。—– ")
    told = tells_speaker(read_step(value.name.rpartition("/")[2]))
    mark = _mark_behind(text, start + text[start:end].index(bare) + len(bare), bare, tag, told) if bare else None
    if mark is None or len(bare.split()) > _MAX_WORDS or not any(map(str.isalpha, bare)) or mark.end() < end:
        return None
    number = _NUMBER.match(text, mark.end()) if read_label(bare).family in ("question", "answer") else None
    return _Label(bare, tag, position + start, position + (number or mark).end(), mark.re is _SPACE and not told)


def _mark_behind(text: str, end: int, name: str, tag: str, told: bool) -> re.Match[str] | None:
    """What parts a name from the words: a sign, or behind a bold name that begins as names do a space alone; so behind
    one whose class has ``told`` what it is."""
    may_name = (told or tag in _BOLD) and not name[:1].islower() and name.casefold() not in stop_labels()
    return _END.match(text, end) or (_SPACE.match(text, end) if may_name else None)


def _entries(text: str, blocks: Sequence[_Block | None], tag: str) -> Iterator[Said]:
    """What each label leads, with the paragraphs below it in the same element, up to a heading or table."""
    label: _Label | None = None
    pieces: list[Span] = []
    spoken = {
        name for block in blocks if block and any(one.tag == tag for one in block.labels) for name in block.classes
    }
    for block, goes_on in _followed(blocks, tag):
        labels = [found for found in block.labels if found.tag == tag]
        if not labels and goes_on and not (_is_direction(text, block.span) or _is_recorded(block, spoken)):
            pieces.append(block.span)
        if labels and labels[0].start > block.span.start:
            pieces.append(Span(block.span.start, labels[0].start))
        ends = [*(found.start for found in labels[1:]), block.span.end]
        for found, end in zip(labels, ends, strict=False):
            if label:
                yield Said(label.name, tuple(pieces), label.start)
            label, pieces = found, [Span(found.body, end)]
    if label:
        yield Said(label.name, tuple(_without_ending(text, pieces)), label.start)


def _is_direction(text: str, span: Span) -> bool:
    """Whether a paragraph in brackets tells in a few words what happens; a sentence somebody says."""
    found = _DIRECTION.fullmatch(text, *span)
    if not found:
        return False
    most = _MAX_CLOSED_DIRECTION if _SENTENCE_END.search(found["inside"]) else _MAX_DIRECTION
    return len(found["inside"].split()) <= most


def _is_recorded(block: _Block, spoken: set[str]) -> bool:
    """Whether a paragraph has a label of its own in bold, and classes, none of those that what is said has: the
    resolutions and tasks in minutes."""
    return block.has_bold_label and bool(block.classes) and spoken.isdisjoint(block.classes) and bool(spoken)


def _followed(blocks: Sequence[_Block | None], tag: str) -> Iterator[tuple[_Block, bool]]:
    """Every paragraph, and whether it goes on with a turn: where it stands beside a labelled one with no heading
    between; one of unknown place where another of that element follows."""
    parent = ""
    waiting: list[_Block] = []
    for block in blocks:
        if block is None:
            parent, waiting = "", []
        elif block.parent or block.labels:
            beside = bool(parent) and block.parent == parent
            yield from ((other, beside) for other in waiting)
            yield block, beside
            parent = block.parent if beside or any(label.tag == tag for label in block.labels) else parent
            waiting = []
        else:
            waiting.append(block)


def _without_ending(text: str, pieces: Sequence[Span]) -> Sequence[Span]:
    """The last turn without what stands below it and is no sentence: who typed it, where it was printed."""
    kept = len(pieces)
    while kept > 1 and text[pieces[kept - 1].end - 1] not in _ENDS:
        kept -= 1
    return pieces[:kept]


def _takes_turns(text: str, entries: Sequence[Said]) -> bool:
    counts = Counter(entry.speaker.casefold() for entry in entries)
    if len(entries) < _MIN_ENTRIES or len(counts) < 2:
        return False
    changes = sum(one.speaker != other.speaker for one, other in itertools.pairwise(entries))
    if changes < _MIN_ALTERNATING * (len(entries) - 1):
        return False
    families = {read_label(name).family for name in counts}
    if not families.isdisjoint(ASKERS) and not families.isdisjoint(ANSWERERS):
        return True
    again = [count for count in counts.values() if count > 1]
    asking = sum(any(asks(text[slice(*piece)]) for piece in entry.pieces) for entry in entries)
    if not again or asking < _MIN_ASKING * len(entries):
        return False
    if len(again) > 1 and sum(again) >= 2 * _MIN_SHARE * len(entries):
        return True
    usual = counts.most_common(1)[0][0]
    others = [entry for entry in entries if entry.speaker.casefold() != usual]
    asked = sum(any(asks(text[slice(*piece)]) for piece in entry.pieces) for entry in others)
    return max(again) >= _MIN_SHARE * len(entries) and (len(again) > 1 or asked * 2 >= len(others))


def _are_phrases(text: str, entries: Sequence[Said]) -> bool:
    """Whether most entries begin small and end with a full stop: they go on with the words in front, as what minutes
    report and fields say does. A chat is written small, too, but has no full stops."""
    said = [text[entry.pieces[0].start : entry.pieces[-1].end].strip() for entry in entries if entry.pieces]
    going_on = [words[:1].islower() and words[-1:] in _ENDS for words in said if words]
    return 2 * sum(going_on) > len(going_on)


def _ask_and_answer(text: str, entries: Sequence[Said]) -> bool:
    """Whether two come back in turn, one of them asks and the other never does, and one has a name as people have:
    words in bold with no sign behind them are as often the parts of a form, a lesson or a programme."""
    names = {entry.speaker for entry in entries}
    asking = {
        entry.speaker for entry in entries if any(ends_as_question(text[slice(*piece)]) for piece in entry.pieces)
    }
    asked = sum(ends_as_question(text[slice(*entry.pieces[-1])]) for entry in entries if entry.speaker in asking)
    turns = all(one.speaker != other.speaker for one, other in itertools.pairwise(entries))
    return turns and len(names) == 2 and len(asking) == 1 and 4 * asked >= len(entries) and any(map(_is_person, names))


def _is_person(name: str) -> bool:
    """Whether a name has a given one and a family's."""
    parts = name.split()
    return len(parts) > 1 and is_speaker_name(name) and all(part[0].isupper() and not part.isupper() for part in parts)


def _parted(entries: Sequence[Said]) -> list[Said]:
    """One thread, or one from question to question where the labels of the askers say so: ``Leserfrage von B.``"""
    asking = [_names_question(entry.speaker) for entry in entries]
    if sum(asking) * 3 < len(entries) or len({entry.speaker for entry in entries}) < _MIN_ASKERS:
        return list(entries)
    threads = itertools.accumulate(map(int, asking))
    return [replace(entry, thread=str(thread)) for entry, thread in zip(entries, threads, strict=True)]


@lru_cache(maxsize=1024)
def _names_question(label: str) -> bool:
    """Whether a word of a longer label is one for a question, or ends in one as compounds do."""
    parts = label.casefold().split()
    return len(parts) > 1 and any(part.endswith(_question_words()) for part in parts)


@cache
def _question_words() -> tuple[str, ...]:
    return tuple(word for word, family in role_words().items() if family == "question" and len(word) >= _MIN_COMPOUND)
