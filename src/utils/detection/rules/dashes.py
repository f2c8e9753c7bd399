"""Dialogue in which a dash opens every turn and nobody is named: textbooks, subtitles, interviews, plays of words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from src.core.types import Section, Span
from src.utils.detection.lines.cue_times import cue_lines
from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.lines.pieces import collect
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks
from src.utils.detection.words.signs import QUESTION_MARKS, SENTENCE_ENDS

_DASH = re.compile(
    r"(?P<dash>[—–―‒]{1,2}|--?|−)(?!\w(?:,|[ \t]*$)|[\w-]{1,30},?[ ]--?\w)[ \t\u00a0]*(?=[^\W_]|[\"'“”«„¿¡(.…])"
)
"""A dash that opens a turn; the options of a command (``-a, --all``) do so too, and are none."""
_CHANGE = re.compile(r"(?P<dash>(?:>>|＞＞)>?)[ \t]*(?:[A-ZÀ-ÞΑ-ΩА-ЯЁ][A-ZÀ-ÞΑ-ΩА-ЯЁ .'’-]{1,30}:[ \t]+(?=\S))?")
"""What captions set before a change of speakers, with the name in capitals that may follow it."""
_NAMED_ANSWER = re.compile(r"[^\W\d_][^\n:：。、\u3000]{0,15}(?:\u3000+|[ ]{2,}|[:：][ ]?)(?=\S)")
_QUOTED = re.compile(r"[«“„\"「][ \u00a0\u202f]?(?=\S)")
_UNQUOTED = re.compile(r"[ \u00a0\u202f]?[»”\"」]$")
_MIN_TURNS = 4
_MIN_WEAK_TURNS = 6
_MIN_ASKING = 0.2
_MAX_GAP = 2
_ASKED_SHARE = 0.7
_ASKING = QUESTION_MARKS + ";"
_ENDS = SENTENCE_ENDS + '"”»)'


def find_dashes(text: str, lines: Sequence[Line], sections: Sequence[Section]) -> Finding | None:
    """Runs of lines that begin with a dash, each run a conversation of two who take turns.

    A list has no questions; so a run must ask and say sentences. Text below a turn that opens no new paragraph, or
    stands between two turns in a paragraph of its own where most turns do so, belongs to the turn.
    """
    captions = {number for number, section in enumerate(sections) if section.kind == "turn"}
    captions |= {lines[index].section for index in cue_lines(text, lines)}
    runs = [run for run in _runs(text, lines, captions) if len(run) >= _MIN_TURNS]
    stops = [*(run[0][0] for run in runs[1:]), len(lines)]
    found = (_draft(text, lines, run, stop, captions) for run, stop in zip(runs, stops, strict=False))
    drafts = [draft for draft in found if draft is not None]
    if not drafts:
        return None
    turns = sum(len(draft.utterances) for draft in drafts)
    return Finding("dialogue of dashes", tuple(drafts), 0.8, f"{turns} turns led by dashes in {len(drafts)} runs")


def _runs(text: str, lines: Sequence[Line], captions: set[int]) -> Iterator[list[tuple[int, int]]]:
    """Runs of (line, start of text) that begin with one kind of dash. Where turns follow each other without a gap,
    another paragraph ends the run; where they are paragraphs, two paragraphs between them belong to a turn."""
    run: list[tuple[int, int]] = []
    kind = ""
    between = allowed = 0
    for index, line in enumerate(lines):
        if line.blank or line.skip:
            continue
        captioned = line.section in captions
        found = None if line.code or line.foreign else _DASH.match(text, line.first, line.end)
        found = found or (_CHANGE.match(text, line.first, line.end) if captioned else None)
        if run and (line.level or line.rule or (found and found["dash"] != kind) or between > allowed):
            yield run
            run, between = [], 0
        if found:
            kind, between = found["dash"], 0
            run.append((index, found.end()))
            if len(run) <= 2:
                allowed = _allowed(run, lines, kind)
        elif run:
            between += starts_block(lines, index)
    if run:
        yield run


def _allowed(run: Sequence[tuple[int, int]], lines: Sequence[Line], kind: str) -> int:
    """How many paragraphs may stand between two turns."""
    if kind[:1] in (">", "＞"):
        return len(lines)
    tight = len(run) > 1 and not any(line.blank for line in lines[run[0][0] : run[1][0]])
    return 0 if tight else _MAX_GAP


def _draft(
    text: str, lines: Sequence[Line], run: Sequence[tuple[int, int]], end: int, captions: set[int]
) -> Draft | None:
    """The turns of a run, the last of which stands before line ``end``; None where they are no dialogue."""
    spoken = _turns(text, lines, run, end)
    contents = ["".join(text[piece.start : piece.end] for piece in turn.pieces).strip() for turn in spoken]
    asking = sum(any(mark in content for mark in _ASKING) for content in contents)
    sentences = sum(content[-1:] in _ENDS for content in contents)
    first = lines[run[0][0]]
    changes = text[first.first] in ">＞"
    weak = text[first.first] in "-−" and first.section not in captions  # what also leads a list
    least = 0.3 if weak else 0 if changes else _MIN_ASKING
    answered = _named_answers(text, lines, run, end) or _answered(text, lines, run, end)
    if answered:
        return Draft(tuple(answered), lines[run[0][0]].start)
    if weak and len(spoken) < _MIN_WEAK_TURNS:
        return None
    if asking < max(2, least * len(contents)) or sentences < (0.8 if weak else 0.6) * len(contents):
        return None
    if asking == len(contents):
        return None
    return Draft(tuple(spoken), lines[run[0][0]].start)


def _answered(text: str, lines: Sequence[Line], run: Sequence[tuple[int, int]], end: int) -> list[Utterance]:
    """Dashes that open questions only, each with its answer in the paragraphs below; [] where they open every turn."""
    below = min(next_filled(lines, _paragraph_end(lines, run[-1][0], end)), end)
    stops = [*(index for index, _ in run[1:]), _paragraph_end(lines, below, end)]
    ends = [_paragraph_end(lines, index, stop) for (index, _), stop in zip(run, stops, strict=True)]
    if any(below == stop for below, stop in zip(ends, stops, strict=True)):
        return []  # a turn stands in the next line
    signing = sum(not starts_block(lines, index) for index, _ in run)
    if signing * 2 > len(run):
        return []  # whoever said the lines above
    asked = [collect(text, lines, index, below, start) for (index, start), below in zip(run, ends, strict=True)]
    told = [collect(text, lines, below, stop) for below, stop in zip(ends, stops, strict=True)]
    asking = sum(asks("".join(text[slice(*piece)] for piece in pieces)) for pieces in asked)
    doubled = run[0][1] - lines[run[0][0]].first > 1 and text[lines[run[0][0]].first] in "—―"
    if not all(told) or not all(asked) or not (doubled or asking >= _ASKED_SHARE * len(asked)):
        return []
    return [
        turn
        for question, answer in zip(asked, told, strict=True)
        for turn in (Utterance("question", "question", question), Utterance("answer", "answer", answer))
    ]


def _turns(text: str, lines: Sequence[Line], run: Sequence[tuple[int, int]], end: int) -> list[Utterance]:
    turns = []
    inner = sum(_holds_paragraph(lines, one[0], other[0]) for one, other in pairwise(run))
    for number, (index, start) in enumerate(run):
        last = number + 1 == len(run)
        stop = end if last else run[number + 1][0]
        one_paragraph = text[lines[index].first] not in ">＞" if last else not inner
        if one_paragraph:
            stop = _paragraph_end(lines, index, stop)
        pieces = collect(text, lines, index, stop, start)
        turns.append(Utterance(f"speaker {number % 2 + 1}", None, pieces))
    turns = _with_quoted_ends(text, lines, run, turns)
    return [turn for turn in turns if turn.pieces]


def _with_quoted_ends(
    text: str, lines: Sequence[Line], run: Sequence[tuple[int, int]], turns: list[Utterance]
) -> list[Utterance]:
    """A quotation mark that opens the line above the first dash and closes the last turn holds the whole dialogue."""
    above = run[0][0] - 1
    if above < 0 or lines[above].blank or not turns or not turns[-1].pieces:
        return turns
    opened = _QUOTED.match(text, lines[above].first, lines[above].end)
    last = turns[-1].pieces[-1]
    closed = _UNQUOTED.search(text[last.start : last.end])
    if not opened or not closed or _UNQUOTED.search(text[opened.end() : lines[above].end]):
        return turns
    end = (*turns[-1].pieces[:-1], Span(last.start, last.start + closed.start()))
    first = Utterance("speaker 2", None, (Span(opened.end(), lines[above].end),))
    return [first, *turns[:-1], turns[-1]._replace(pieces=end)]


def _named_answers(text: str, lines: Sequence[Line], run: Sequence[tuple[int, int]], end: int) -> list[Utterance]:
    """Dashes that open questions, each answered in the next line by a name and a wide gap or colon; [] otherwise, and
    where few of them ask: the fields of a list of records are written so, too."""
    turns: list[Utterance] = []
    for number, (index, start) in enumerate(run):
        stop = run[number + 1][0] if number + 1 < len(run) else _paragraph_end(lines, index, end)
        heads = [
            (below, found)
            for below in range(index + 1, stop)
            if (found := _NAMED_ANSWER.match(text, lines[below].first, lines[below].end))
        ]
        if not heads:
            return []
        below, found = heads[0]
        turns.append(Utterance("question", "question", collect(text, lines, index, below, start)))
        turns.append(Utterance("answer", "answer", collect(text, lines, below, stop, found.end())))
    asking = sum(any(asks(text[slice(*piece)]) for piece in turn.pieces) for turn in turns[::2])
    return turns if all(turn.pieces for turn in turns) and 2 * asking >= len(run) else []


def _holds_paragraph(lines: Sequence[Line], index: int, stop: int) -> bool:
    return any(not lines[other].blank for other in range(_paragraph_end(lines, index, stop), stop))


def _paragraph_end(lines: Sequence[Line], index: int, stop: int) -> int:
    """Where the paragraph that line ``index`` is in ends, or ``stop`` if it goes on there."""
    end = min(index + 1, stop)
    while end < stop and not starts_block(lines, end) and not lines[end].blank:
        end += 1
    return end
