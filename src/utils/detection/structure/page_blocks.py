"""Web pages: blocks of one make-up (bubbles of a chat, posts of a forum, an accordion) as rows of a table."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from operator import itemgetter

from src.core.types import Section, Span
from src.utils.detection.lines.speech import count_words
from src.utils.detection.structure.activity_pages import find_activity
from src.utils.detection.structure.columns import Row, Table, find_pairs
from src.utils.detection.structure.page_marks import FLOWING, Piece, find_by_marks, names_of, split_name, tells_speaker
from src.utils.detection.structure.page_tree import (
    STEPS,
    Element,
    Group,
    Step,
    headings,
    read_blocks,
    read_step,
    read_tree,
)
from src.utils.detection.structure.run_in_names import INLINE, find_run_in_names
from src.utils.detection.structure.set_off_questions import find_set_off_questions
from src.utils.detection.structure.speaker_columns import DialogueColumns, find_dialogue, in_order
from src.utils.detection.structure.speakers import to_drafts
from src.utils.detection.structure.tables import read_dialogue
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.moments import find_moment, is_moment
from src.utils.detection.words.vocabulary import words

_CONFIDENCE = 0.95
_MIN_ITEMS = 3
_STABLE = 0.8
_MAX_BYLINE = 60
_FURNITURE = 0.3
_PARAGRAPHS = frozenset({"p", "li", "dd", "para", "blockquote"})
_OWN_TEXT = ("content", "body", "text", "message")
"""Ends of the classes of a quotation that a page uses for what the post itself says: ``postcontent``."""
_REPLY = re.compile(r"(?:[^\W\d_]{1,3}[:：]\s?)+")
"""What stands before the subject of an answer: ``Re: ``, ``AW: ``."""
_TAG_NAME = re.compile(r"\d*(?:\..*)?$")


def find_in_pages(text: str, sections: Sequence[Section]) -> Finding | None:
    """The dialogue or the questions of the blocks that say most; None where no blocks of one make-up hold any."""
    root = read_tree(sections)
    if root is None:
        return None
    activity = find_activity(text, sections)
    if activity:
        return activity
    heads = headings(sections)
    found = [_read_groups(text, groups, heads) for groups in read_blocks(root).values()]
    found.append(find_run_in_names(text, sections))
    best = max((finding for finding in found if finding), key=lambda finding: finding.weight, default=None)
    set_off = find_set_off_questions(text, sections)
    return set_off if set_off and (best is None or set_off.weight > 2 * best.weight) else best


def _read_groups(text: str, groups: Sequence[Group], heads: Sequence[int]) -> Finding | None:
    """All groups as one table, or else the one that says most."""
    if sum(map(len, groups)) < _MIN_ITEMS:
        return None
    whole = _read_blocks(text, groups, heads)
    if whole or len(groups) == 1:
        return whole
    found = (_read_blocks(text, [group], heads) for group in groups if len(group) >= _MIN_ITEMS)
    return max((finding for finding in found if finding), key=lambda finding: finding.weight, default=None)


def _read_blocks(text: str, groups: Sequence[Group], heads: Sequence[int]) -> Finding | None:
    """``heads``: where headings stand; one before a group begins another conversation."""
    blocks = [(number, step, block) for number, group in enumerate(groups) for step, block in group]
    filled = [(number, found) for number, step, block in blocks if (found := _pieces(step, block))]
    if len(filled) < _MIN_ITEMS:
        return None
    filled.sort(key=lambda entry: entry[1][0][2])
    pieces = [found for _, found in filled]
    counts = Counter(name for block in pieces for name in names_of(block))
    stable = {name for name, count in counts.items() if count >= _STABLE * len(blocks)}
    threads = _threads(filled, heads)
    column = _column_namer(stable)
    table = Table(text, [_row(block, column, thread) for block, thread in zip(pieces, threads, strict=True)])
    pairs = find_pairs(table)
    if pairs:
        whole = [found for _, step, block in blocks if (found := _pieces(step, block, quoted=True))]
        whole.sort(key=lambda block: block[0][2])
        return _pairs(text, whole, table, pairs) if len(whole) == len(pieces) else None
    dialogue = find_dialogue(table)
    if dialogue is None and len(groups) == 1:
        dialogue = find_by_marks(table, pieces, stable)
    if dialogue is None or _runs_in(read_step(pieces[0][0][0]).tag, dialogue):
        return None
    places = range(len(table.rows))
    order = in_order(table, places)
    if order != list(places):  # newest first
        table = Table(text, [table.rows[place] for place in order])
        speakers, names = ([column[place] for place in order] for column in (dialogue.speakers, dialogue.threads))
        dialogue = dialogue._replace(speakers=speakers, threads=names)
    entries = read_dialogue(_with_all_text(table, dialogue.said, dialogue.named), dialogue._replace(said="said"))
    if len({entry.speaker for entry in entries}) < 2:
        return None
    return Finding("blocks of a page", to_drafts(entries), _CONFIDENCE, f"{len(entries)} blocks with speakers")


def _runs_in(tag: str, dialogue: DialogueColumns) -> bool:
    """Whether the name stands in the same paragraph as the words: ``<b>Ann:</b> Hello`` (run_in_names.py)."""
    head, _, last = dialogue.named.rpartition("/")
    inner = tag if not head else head.rpartition("/")[2].partition(".")[0]
    return bool(dialogue.named) and head == dialogue.said and inner in _PARAGRAPHS and _TAG_NAME.sub("", last) in INLINE


def _pieces(step: str, block: Element, *, quoted: bool = False) -> list[Piece]:
    """The texts of a block, in order, with the path to each, quotations and signatures left out unless ``quoted``."""
    waiting = [("", block)]
    found: list[Piece] = []
    while waiting:
        path, node = waiting.pop()
        found.extend((step, path, span) for span in node.texts)
        for name, child in node.children.items():
            if quoted or not _is_aside(name):
                waiting.append((f"{path}/{name}" if path else name, child))
    found.sort(key=itemgetter(2))
    return found


@lru_cache(maxsize=STEPS)
def _is_aside(name: str) -> bool:
    """A quotation of another post, a signature: not what this block says."""
    step = read_step(name)
    parts = [part for name in step.classes for part in split_name(name)]
    if any(part in words("page_asides") for part in parts):
        return True
    if step.tag == "blockquote":
        return not any(part.endswith(_OWN_TEXT) for part in parts)
    if step.tag == "footer":
        return step.place != "1"  # above the words, blogs name in it who wrote them
    return step.tag == "cite" and not tells_speaker(step)


def _threads(blocks: Sequence[tuple[int, list[Piece]]], heads: Sequence[int]) -> list[str]:
    """The conversation of each block: another one where another group begins below a heading of its own."""
    thread, last, end = 0, -1, 0
    threads = []
    for number, pieces in blocks:
        start = pieces[0][2].start
        thread += number != last and bisect_left(heads, end) < bisect_left(heads, start)
        last, end = number, pieces[-1][2].end
        threads.append(str(thread))
    return threads


def _row(block: Sequence[Piece], column: Callable[[str], str], thread: str) -> Row:
    cells: dict[str, list[Span]] = defaultdict(list)
    for _, path, span in block:
        cells[column(path)].append(span)
    return Row(block[0][2].start, {name: tuple(spans) for name, spans in cells.items()}, thread)


def _column_namer(stable: set[str]) -> Callable[[str], str]:
    """Names the column of each path: blocks of one make-up share a few paths, each is named once."""

    @cache
    def name(path: str) -> str:
        return "/".join(_column(read_step(step), stable) for step in path.split("/")) if path else ""

    return name


def _column(step: Step, stable: set[str]) -> str:
    """An element without what differs from block to block: its tag with its common classes, or with its place.

    Tags inside a paragraph are one where classes name the column: a member's name is a link, a guest's is none.
    """
    names = [name for name in step.classes if name in stable]
    if names or step.tag in FLOWING:
        return ".".join(["span" if names and step.tag in INLINE else step.tag, *names])
    return f"{step.tag}{step.place}"


def _pairs(text: str, blocks: Sequence[Sequence[Piece]], table: Table, columns: tuple[str, str]) -> Finding | None:
    """In each block the question, and all that stands behind it, without what every block says ("Helpful? Yes No")."""
    drafts = []
    asked, told = columns
    furniture = [name for name in table.names() if _is_constant(table, name) and _top(name) != _top(told)]
    for row, block in zip(table.rows, blocks, strict=True):
        question = _joined(text, row.cells.get(asked, ()))
        fixed = {span for name in furniture for span in row.cells.get(name, ())}
        behind = [span for *_, span in block if question and span.start >= question[-1].end and span not in fixed]
        answer = _joined(text, behind)
        if question and answer:
            turns = (Utterance("question", "question", question), Utterance("answer", "answer", answer))
            drafts.append(Draft(turns, row.start))
    if len(drafts) < 2:
        return None
    return Finding("questions in blocks", tuple(drafts), _CONFIDENCE, f"{len(drafts)} blocks of question and answer")


def _with_all_text(table: Table, said: str, beside: str) -> Table:
    """The rows with all that stands in the largest element around ``said`` that holds no name, time or button."""
    blockers = [name for name in table.names() if name == beside or (name != said and _is_furniture(table, name))]
    steps = said.split("/")
    area = said
    for depth in range(len(steps) - 1, -1, -1):
        around = "/".join(steps[:depth])
        if any(_is_below(name, around) for name in blockers):
            break
        area = around
    rows = []
    for row in table.rows:
        spans = sorted(span for name, cell in row.cells.items() if _is_below(name, area) for span in cell)
        rows.append(row._replace(cells={"said": _joined(table.text, spans)} if spans else {}))
    return Table(table.text, rows)


def _is_below(name: str, area: str) -> bool:
    return not area or name == area or name.startswith(f"{area}/")


def _is_furniture(table: Table, name: str) -> bool:
    """A time, a number, a button: short, and the same or of the same kind in most blocks; or the subject of all."""
    filled = [value for value in table.values(name) if value]
    if len(filled) * 2 < len(table.rows):
        return False
    subjects = {_REPLY.sub("", value) for value in filled}
    if all(map(_is_byline, filled)) or (len(subjects) == 1 and len(filled) >= _MIN_ITEMS):
        return True
    short = sum(map(count_words, filled)) <= 4 * len(filled)
    alike = len(subjects) <= max(1, _FURNITURE * len(filled))
    times = sum(is_moment(value) or not any(map(str.isalpha, value)) for value in filled)
    return short and (alike or times * 2 > len(filled))


def _is_byline(value: str) -> bool:
    """Who wrote and when: ``by mossgather » 2 May 2021, 10:04``, ``« Reply #2 on: 4 May 2021, 10:04 »``"""
    if len(value) > _MAX_BYLINE or "\n" in value:
        return False
    found = find_moment(value, 0, len(value), len(value))
    return found is not None and found[0] > 0 and not value[found[1] :].strip(" .)]»›>|")


def _top(name: str) -> str:
    return name.split("/", 1)[0]


def _is_constant(table: Table, name: str) -> bool:
    values = table.values(name)
    return len(set(values)) == 1 and len(values) >= _MIN_ITEMS


def _joined(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Pieces with nothing but space between them as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
