"""Web pages: blocks of one make-up (bubbles of a chat, posts of a forum, an accordion) as rows of a table."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from src.core.types import Section, Span
from src.utils.detection.columns import DialogueColumns, Row, Table, find_dialogue, find_pairs, is_prose
from src.utils.detection.moments import is_moment
from src.utils.detection.run_in_names import INLINE, find_run_in_names
from src.utils.detection.speakers import to_drafts
from src.utils.detection.speech import count_words
from src.utils.detection.tables import read_dialogue
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Finding, Utterance
from src.utils.detection.vocabulary import read_label, words

_CONFIDENCE = 0.95
_MIN_ITEMS = 3
_STABLE = 0.8
_FURNITURE = 0.3
_FLOWING = frozenset({"p", "ul", "ol", "li", "pre", "br", "blockquote", "b", "i", "em", "strong", "a", "code", "u"})
"""Elements that follow each other in running text: their position says nothing of their part."""

_PARAGRAPHS = frozenset({"p", "li", "dd", "para", "blockquote"})
_TAG_NAME = re.compile(r"\d*(?:\..*)?$")
_STEP = re.compile(r"(?P<tag>[^.@\[]+)(?P<classes>(?:\.[^.@\[]+)*)(?P<marks>(?:@[^@\[]+)*)\[(?P<place>\d+)\]")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


@dataclass(slots=True)
class _Element:
    """An element of the page: its texts, in order with those of its children, each with the steps below it."""

    texts: list[Span] = field(default_factory=list)
    children: dict[str, _Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Step:
    tag: str
    classes: tuple[str, ...]
    marks: tuple[str, ...]
    place: str


_Piece = tuple[tuple[_Step, ...], Span]
"""A text of a block, and the steps that lead to it."""


def find_in_pages(text: str, sections: Sequence[Section]) -> Finding | None:
    """The dialogue or the questions of the blocks that say most; None where no blocks of one make-up hold any."""
    root = _tree(sections)
    if root is None:
        return None
    heads = _headings(text, sections)
    found = [_read_groups(text, groups, heads) for groups in _blocks(root).values()]
    found.append(find_run_in_names(text, sections))
    return max((finding for finding in found if finding), key=lambda finding: finding.weight, default=None)


def _tree(sections: Sequence[Section]) -> _Element | None:
    """The elements of the page, of a book those of each chapter: a chapter counts its elements from the start."""
    root = _Element()
    page, last = "page[1]", ""
    position = 0
    for section in sections:
        if section.kind in ("text", "heading"):
            for value in section.fields:
                if last and _is_before(value.name, last):
                    page = f"page[{len(root.children) + 1}]"
                last = value.name
                node = root.children.setdefault(page, _Element())
                for step in value.name.split("/"):
                    node = node.children.setdefault(step, _Element())
                node.texts.append(Span(position + value.span.start, position + value.span.end))
        position += len(section.text)
    return root if root.children else None


def _is_before(path: str, other: str) -> bool:
    """Whether an element stands before another: what comes later in a file does so only on a page of its own."""
    for step, last in zip(path.split("/"), other.split("/"), strict=False):
        if step != last:
            places = _read_step(step).place, _read_step(last).place
            return all(places) and int(places[0]) <= int(places[1])
    return False


def _headings(text: str, sections: Sequence[Section]) -> list[int]:
    """Where headings stand; the days of a chat are none."""
    starts = []
    position = 0
    for section in sections:
        if section.kind == "heading" and not is_moment(section.text.strip()):
            starts.append(position)
        position += len(section.text)
    return starts


_Group = list[tuple[str, _Element]]
"""Children of one element that have the same tag, each with its step."""


def _blocks(root: _Element) -> dict[str, list[_Group]]:
    """Groups by the tags that lead to their blocks: those of one chapter, section or day each."""
    found: dict[str, list[_Group]] = defaultdict(list)
    waiting = [("", root)]
    while waiting:
        path, node = waiting.pop()
        groups: dict[str, _Group] = defaultdict(list)
        for step, child in node.children.items():
            tag = f"{path}/{_read_step(step).tag}"
            groups[tag].append((step, child))
            waiting.append((tag, child))
        for tag, group in groups.items():
            found[tag].append(group)
    return found


def _read_groups(text: str, groups: Sequence[_Group], heads: Sequence[int]) -> Finding | None:
    """All groups as one table, or else the one that says most."""
    if sum(map(len, groups)) < _MIN_ITEMS:
        return None
    whole = _read_blocks(text, [block for group in groups for block in group], heads)
    if whole or len(groups) == 1:
        return whole
    found = (_read_blocks(text, group, heads) for group in groups if len(group) >= _MIN_ITEMS)
    return max((finding for finding in found if finding), key=lambda finding: finding.weight, default=None)


@cache
def _read_step(step: str) -> _Step:
    found = _STEP.fullmatch(step)
    if not found:
        return _Step(step, (), (), "")
    return _Step(
        found["tag"], tuple(found["classes"].split(".")[1:]), tuple(found["marks"].split("@")[1:]), found["place"]
    )


def _read_blocks(text: str, blocks: _Group, heads: Sequence[int]) -> Finding | None:
    pieces = [block for block in (list(_pieces(step, block)) for step, block in blocks) if block]
    if len(pieces) < _MIN_ITEMS:
        return None
    pieces.sort(key=lambda block: block[0][1])
    counts = Counter(name for block in pieces for name in {name for steps, _ in block for name in _names(steps)})
    stable = {name for name, count in counts.items() if count >= _STABLE * len(blocks)}
    table = Table(text, [_row(block, stable, heads) for block in pieces])
    pairs = find_pairs(table)
    if pairs:
        whole = [block for block in (list(_pieces(step, block, quoted=True)) for step, block in blocks) if block]
        whole.sort(key=lambda block: block[0][1])
        return _pairs(text, whole, table, pairs[0]) if len(whole) == len(pieces) else None
    dialogue = find_dialogue(table)
    if dialogue is None:
        dialogue = _by_marks(table, pieces, stable)
        if dialogue is None:
            return None
    if _runs_in(pieces[0][0][0][0].tag, dialogue):
        return None
    entries = read_dialogue(_with_all_text(table, dialogue.said, dialogue.named), dialogue._replace(said="said"))
    if len({entry.speaker for entry in entries}) < 2:
        return None
    return Finding("blocks of a page", to_drafts(entries), _CONFIDENCE, f"{len(entries)} blocks with speakers")


def _runs_in(tag: str, dialogue: DialogueColumns) -> bool:
    """Whether the name stands in the same paragraph as the words: ``<b>Ann:</b> Hello`` (run_in_names.py)."""
    head, _, last = dialogue.named.rpartition("/")
    inner = tag if not head else head.rpartition("/")[2].partition(".")[0]
    return bool(dialogue.named) and head == dialogue.said and inner in _PARAGRAPHS and _TAG_NAME.sub("", last) in INLINE


def _pieces(step: str, block: _Element, *, quoted: bool = False) -> Iterator[_Piece]:
    """The texts of a block with the steps that lead to each, quotations and signatures left out unless ``quoted``."""
    waiting: list[tuple[tuple[_Step, ...], _Element]] = [((_read_step(step),), block)]
    found: list[_Piece] = []
    while waiting:
        steps, node = waiting.pop()
        found.extend((steps, span) for span in node.texts)
        for name, child in node.children.items():
            inner = _read_step(name)
            if quoted or not _is_aside(inner):
                waiting.append(((*steps, inner), child))
    yield from sorted(found, key=lambda piece: piece[1])


def _is_aside(step: _Step) -> bool:
    """A quotation of another post, a signature: not what this block says."""
    if step.tag in ("blockquote", "cite", "footer"):
        return True
    return any(part in words("page_asides") for name in step.classes for part in _split(name))


@cache
def _split(name: str) -> tuple[str, ...]:
    return tuple(part.casefold() for part in _PARTS.findall(name))


def _names(steps: tuple[_Step, ...]) -> set[str]:
    return {name for step in steps for name in (*step.classes, *step.marks)}


def _row(block: Sequence[_Piece], stable: set[str], heads: Sequence[int]) -> Row:
    cells: dict[str, list[Span]] = defaultdict(list)
    for steps, span in block:
        cells["/".join(_column(step, stable) for step in steps[1:])].append(span)
    start = block[0][1].start
    return Row(start, {name: tuple(spans) for name, spans in cells.items()}, str(bisect_right(heads, start)))


def _column(step: _Step, stable: set[str]) -> str:
    """An element without what differs from block to block: its tag with its common classes, or with its place."""
    names = [name for name in step.classes if name in stable]
    if names or step.tag in _FLOWING:
        return ".".join([step.tag, *names])
    return f"{step.tag}{step.place}"


def _pairs(text: str, blocks: Sequence[Sequence[_Piece]], table: Table, asked: str) -> Finding | None:
    """In each block the question, and all that stands behind it."""
    drafts = []
    for row, block in zip(table.rows, blocks, strict=True):
        question = _joined(text, row.cells.get(asked, ()))
        answer = _joined(text, [span for _, span in block if question and span.start >= question[-1].end])
        if question and answer:
            turns = (Utterance("question", "question", question), Utterance("answer", "answer", answer))
            drafts.append(Draft(turns, row.start))
    if len(drafts) < 2:
        return None
    return Finding("questions in blocks", tuple(drafts), _CONFIDENCE, f"{len(drafts)} blocks of question and answer")


def _by_marks(table: Table, blocks: Sequence[Sequence[_Piece]], stable: set[str]) -> DialogueColumns | None:
    """Who speaks, by a class or attribute alone: a word for a role, or a mark that some blocks have and others lack."""
    told = [name for name in table.names() if is_prose(table.values(name))]
    if not told:
        return None
    said = max(told, key=lambda name: sum(map(len, table.values(name))))
    marks = [{name for steps, _ in block for name in _names(steps)} - stable for block in blocks]
    speakers = [_role_in(names) for names in marks]
    families = {read_label(speaker).family for speaker in speakers if speaker}
    named = sum(map(bool, speakers))
    if named < 0.9 * len(speakers) or not families & set(ASKERS) or not families & set(ANSWERERS):
        flowing = blocks[0][0][0][0].tag in _FLOWING - {"li"}
        speakers = [] if flowing else _by_alternating(table.values(said), marks)
    if not speakers:
        return None
    return DialogueColumns(said, speakers, [row.thread for row in table.rows])


def _role_in(names: set[str]) -> str:
    """The only word for a role among the parts of class names and attributes."""
    found = {part for name in names for part in _split(name) if len(part) > 1 or name in ("q", "a")}
    roles = {part for part in found if read_label(part).family in (*ASKERS, *ANSWERERS)}
    sides = {read_label(part).family in ASKERS for part in roles}
    return sorted(roles, key=len)[-1] if len(sides) == 1 else ""


def _by_alternating(texts: Sequence[str], marks: Sequence[set[str]]) -> list[str]:
    """A mark of some blocks (``right``, ``mine``) that comes and goes as speakers do, among blocks that ask."""
    asking = sum(any(sign in value for sign in "?？؟") for value in texts)
    if asking * 8 < len(texts):
        return []
    counts = Counter(name for names in marks for name in names)
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        has = [name in names for names in marks]
        changes = sum(one != other for one, other in itertools.pairwise(has))
        if (
            2 <= count <= len(marks) - 2
            and changes * 2 >= len(marks) - 1
            and not words("page_stripes") & set(_split(name))
        ):
            return [name if present else "other" for present in has]
    return []


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
    """A time, a number, a button: short, and the same or of the same kind in most blocks."""
    filled = [value for value in table.values(name) if value]
    if len(filled) * 2 < len(table.rows):
        return False
    short = sum(map(count_words, filled)) <= 4 * len(filled)
    alike = len(set(filled)) <= max(1, _FURNITURE * len(filled))
    times = sum(is_moment(value) or not any(map(str.isalpha, value)) for value in filled)
    return short and (alike or times * 2 > len(filled))


def _joined(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Pieces with nothing but space between them as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
