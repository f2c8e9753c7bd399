"""Questions as headings: picks the class of lines that asks, and takes what stands below each as its answer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from src.core.types import Span
from src.utils.detection.lines.labels import Label
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.pieces import collect
from src.utils.detection.lines.questions import Candidate, QuestionClass, find_candidates
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import is_option
from src.utils.detection.rules.solved_tasks import are_solved, names_answer
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.interview import calls_interview
from src.utils.detection.words.signs import QUESTION_MARKS

_MIN_ASKING = 3
_MIN_SHARE = 0.35
_MANY = 10
_MIN_SHARE_OF_MANY = 0.25
_WHOLE_CLASS_SHARE = 0.5
_TYPED_SHARE = 0.35
_SURE_SHARE = 0.9
_FENCED_SHARE = 0.6
_MAX_CONTENTS = 2000
_MIN_STATEMENT_WORDS = 2
_MIN_ANSWERED = 0.5
_KEYED_SHARE = 0.8
_MIN_OPTIONS = 2
_DECORATIONS = (">", ":", ";", "»", "→")
_OPTION = re.compile(r"[-*•(\[ ]{0,4}[^\W\d_][.)\]:、．][^\S\n]")
_KEY = re.compile(r"[*_]{0,2}(?P<word>[^:\n]{2,40}?)[*_]{0,2}\s?:[*_]{0,2}(?=[^\S\n]*\S)")
_TYPED = re.compile(r"[¿¡\"'«“(]?[^\W_]")
_CODE = re.compile(r"\w[(\[=]|[)\]}]$|[^\s?!]=|;$|^(?:import|from|print|def|for|if)\b")
_CONFIDENCE = {
    "heading": 0.9,
    "number": 0.85,
    "prefix": 0.85,
    "definition": 0.9,
    "label": 0.9,
    "tag": 0.85,
    "prompt": 0.85,
    "bold": 0.85,
    "capitals": 0.8,
    "indent": 0.8,
    "bullet": 0.7,
    "run-in": 0.7,
    "line": 0.6,
    "block": 0.45,
}


_MEMBERS = {
    "heading": "headings of one level",
    "number": "numbered lines",
    "prefix": "lines behind the same word",
    "definition": "defined terms",
    "label": "lines labelled as questions",
    "tag": "lines in the same tag",
    "prompt": "lines behind a prompt",
    "bold": "lines in emphasis",
    "capitals": "paragraphs in capitals",
    "indent": "lines above deeper text",
    "bullet": "items of a list",
    "run-in": "items that go on in their line",
    "line": "first lines of paragraphs",
    "block": "short paragraphs",
}
"""What a class of lines is called in a reason."""


class _Answer(NamedTuple):
    question: Candidate
    stop: int
    marker: int
    told_at: int = -1
    """Where the words of the answer begin on the line of a marker that is no label known by its word."""


def find_faq(text: str, lines: Sequence[Line], labels: dict[int, Label]) -> Finding | None:
    """The questions of the class that asks most, each with what stands below it; None when no class asks enough."""
    sides = Counter(label.word.family for label in labels.values())
    if (
        max(sides["question"], sides["answer"]) < _MIN_ASKING
        and sum(text.count(mark) for mark in (*QUESTION_MARKS, ";")) < _MIN_ASKING
    ):
        return None
    candidates = find_candidates(text, lines, labels)
    groups: dict[QuestionClass, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.kind].append(candidate)
    asking = {
        kind: members
        for kind, members in groups.items()
        if (_asks_enough(_below_opening(text, kind, members)) and not _outnumbered(groups, kind))
        or are_solved(text, lines, labels, kind, members)
    }
    numbered = [kind for kind in asking if kind[0] == "number"]
    if len(numbered) > 1:  # chapters and their sections ask alike: 2.1. and 2.1.3.
        merged = [member for kind in numbered for member in asking.pop(kind)]
        asking[("number", "of any depth")] = sorted(merged, key=lambda member: member.index)
    found = [_answer_class(text, lines, labels, kind, members) for kind, members in asking.items()]
    return max((finding for finding in found if finding), key=_rank, default=None)


def _rank(finding: Finding) -> tuple[float, int]:
    return len(finding.drafts) * finding.confidence, finding.weight


def _asks_enough(members: Sequence[Candidate]) -> bool:
    asking = sum(member.asks for member in members)
    share = _MIN_SHARE_OF_MANY if asking >= _MANY else _MIN_SHARE
    return asking >= _MIN_ASKING and asking >= share * len(members)


def _below_opening(text: str, kind: QuestionClass, members: Sequence[Candidate]) -> Sequence[Candidate]:
    """The paragraphs from the first question on, where those above it call what follows an interview."""
    if kind[0] != "block":
        return members
    first = next((place for place, member in enumerate(members) if member.asks), 0)
    return members[first:] if first and calls_interview(text, members[first].start) else members


def _outnumbered(groups: dict[QuestionClass, list[Candidate]], kind: QuestionClass) -> bool:
    """Whether most items of the same numbering or emphasis hold no question with its answer."""
    if kind[0] != "run-in":
        return False
    if not kind[1][:1].isalnum() and kind[1] != "bold" and "9" not in kind[1]:
        return False  # a mark stands behind each question
    others = ("bold", "**", kind[2]) if kind[1] == "bold" else ("number", kind[1], kind[2])
    return len(groups.get(others, ())) > len(groups[kind])


def _answer_class(
    text: str, lines: Sequence[Line], labels: dict[int, Label], kind: QuestionClass, members: Sequence[Candidate]
) -> Finding | None:
    asking = sum(member.asks for member in members)
    share = asking / len(members)
    typed = kind[0] == "prompt"
    telling = kind[0] in ("heading", "number", "definition", "label", "prompt") or share >= _SURE_SHARE
    whole = telling and share >= (_TYPED_SHARE if typed else _WHOLE_CLASS_SHARE)
    whole = whole or are_solved(text, lines, labels, kind, members)
    is_put = _is_said if typed else _is_statement
    questions = [member for member in members if member.asks or (whole and is_put(text, member))]
    enders = [member for member in members if member.asks or whole or kind[0] == "heading"]
    told = {index for index, label in labels.items() if names_answer(label)}
    answers = [_Answer(question, _stop(lines, question, enders, told), -1) for question in questions]
    answers = _with_markers(text, lines, labels, answers)
    known = {_letters(text, member.start, member.end) for member in questions}
    fenced = _fenced_share(text, lines, answers) >= _FENCED_SHARE
    drafts = []
    for answer in answers:
        draft = _draft(text, lines, labels, answer, fenced)
        if draft and not _lists_questions(text, draft, known):
            drafts.append(draft)
    drafts = _without_decoration(text, drafts)
    if sum(_lists_options(text, draft) for draft in drafts) * 2 > len(drafts):
        return None  # an exam without its key
    if sum(_is_table(text, draft) for draft in drafts) * 2 > len(drafts):
        return None  # the figures of a survey
    least = _MIN_ASKING if kind[0] == "block" else _MIN_ASKING - 1  # an essay has paragraphs that ask, too
    if len(drafts) < least or len(drafts) < _MIN_ANSWERED * len(known):
        return None
    reason = f"{asking} of {len(members)} {_MEMBERS[kind[0]]} ask a question; {len(drafts)} have an answer below"
    return Finding(f"questions as {kind[0]}", tuple(drafts), _CONFIDENCE[kind[0]], reason)


def _letters(text: str, start: int, end: int) -> str:
    return "".join(filter(str.isalpha, text[start:end].casefold()))


def _lists_questions(text: str, draft: Draft, known: set[str]) -> bool:
    """Whether an answer only repeats questions: a table of contents."""
    told = "\n".join(text[slice(*piece)] for piece in draft.utterances[-1].pieces)
    found = [_letters(line, 0, len(line)) for line in told[:_MAX_CONTENTS].splitlines() if line.strip()]
    listed = sum(line in known or line[1:] in known for line in found)
    return listed * 2 > len(found)


def _without_decoration(text: str, drafts: list[Draft]) -> list[Draft]:
    """Without the mark that opens every question, or every answer: ``> Why?``, ``: Because.``"""
    for place in (0, -1):
        starts = [draft.utterances[place].pieces[0] for draft in drafts if draft.utterances[place].pieces]
        marks = {text[piece.start : piece.start + 1] for piece in starts}
        mark = marks.pop() if len(marks) == 1 else ""
        if mark not in _DECORATIONS:
            continue
        if all(text.startswith(f"{mark} ", piece.start) for piece in starts):
            mark += " "
        elif mark != ":":  # a wiki sets no space behind it
            continue
        drafts = [_undecorated(text, draft, place, mark) for draft in drafts]
    return drafts


def _undecorated(text: str, draft: Draft, place: int, mark: str) -> Draft:
    turns = list(draft.utterances)
    pieces = []
    for piece in turns[place].pieces:
        start = piece.start
        for line_start in _line_starts(text, piece):
            if not text.startswith(mark, line_start):
                continue
            if line_start > start:
                pieces.append(Span(start, line_start - 1))
            start = line_start + len(mark)
        pieces.append(Span(start, piece.end))
    turns[place] = turns[place]._replace(pieces=tuple(pieces))
    return draft._replace(utterances=tuple(turns))


def _line_starts(text: str, piece: Span) -> list[int]:
    starts = [piece.start]
    while (found := text.find("\n", starts[-1], piece.end)) >= 0:
        starts.append(found + 1)
    return starts


def _lists_options(text: str, draft: Draft) -> bool:
    """Whether an answer is nothing but lettered options to choose from."""
    told = "\n".join(text[slice(*piece)] for piece in draft.utterances[-1].pieces)
    filled = [line for line in told.splitlines() if line.strip()]
    options = sum(_OPTION.match(line.strip()) is not None for line in filled)
    return options == len(filled) >= _MIN_OPTIONS


def _is_table(text: str, draft: Draft) -> bool:
    """Whether an answer is nothing but rows of a table."""
    told = "\n".join(text[slice(*piece)] for piece in draft.utterances[-1].pieces)
    return all(line.lstrip().startswith("|") for line in told.splitlines() if line.strip())


def _fenced_share(text: str, lines: Sequence[Line], answers: Sequence[_Answer]) -> float:
    """The share of answers that hold exactly one fence marked as prose: there the fence is the answer."""
    return sum(_prose_fence(text, lines, answer) is not None for answer in answers) / max(1, len(answers))


def _prose_fence(text: str, lines: Sequence[Line], answer: _Answer) -> tuple[int, int] | None:
    """First and last line of the only fence below a question, when it is marked as Markdown."""
    marks = [
        index
        for index in range(answer.question.last + 1, answer.stop)
        if lines[index].code and text.startswith(("```", "~~~"), lines[index].first)
    ]
    if len(marks) == 2 and text[lines[marks[0]].first : lines[marks[0]].end].strip("`~ ").casefold() in (
        "markdown",
        "md",
    ):
        return marks[0], marks[1]
    return None


def _is_said(text: str, member: Candidate) -> bool:
    """Whether what is typed behind a prompt is said to somebody: no command (``/bye``), no code."""
    content = text[member.start : member.end]
    return _TYPED.match(content) is not None and _CODE.search(content) is None


def _is_statement(text: str, member: Candidate) -> bool:
    """Whether a member that does not ask is long enough to be a problem put as a statement."""
    return len(text[member.start : member.end].split()) >= _MIN_STATEMENT_WORDS


def _stop(lines: Sequence[Line], question: Candidate, enders: Sequence[Candidate], told: set[int]) -> int:
    """The line where the answer ends: the next member of the class, a heading of the same or a higher level, a rule."""
    following = _next_member(enders, question)
    stop = following.index if following else len(lines)
    for index in range(question.last + 1, stop):
        line = lines[index]
        if line.blank or line.code or line.skip or index in told:
            continue
        if line.level and (not question.is_heading or line.level <= question.level):
            return index
        if line.rule and _stands_free(lines, index):
            return index
        if question.kind[0] == "indent" and line.indent <= lines[question.index].indent and starts_block(lines, index):
            return index
        if question.kind[0] == "number" and not line.level and _ends_number(lines, question, index):
            return index
    return stop


def _next_member(enders: Sequence[Candidate], question: Candidate) -> Candidate | None:
    low, high = 0, len(enders)
    while low < high:
        middle = (low + high) // 2
        if enders[middle].index <= question.index:
            low = middle + 1
        else:
            high = middle
    return enders[low] if low < len(enders) else None


def _stands_free(lines: Sequence[Line], index: int) -> bool:
    return starts_block(lines, index) and (
        index + 1 >= len(lines)
        or lines[index + 1].blank
        or lines[index + 1].section != lines[index].section
        or lines[index].end - lines[index].first <= 3
    )


def _ends_number(lines: Sequence[Line], question: Candidate, index: int) -> bool:
    """Where answers are set deeper than numbered questions, a chapter's number at the margin ends the answer."""
    below = question.last + 1
    while below < len(lines) and lines[below].blank:
        below += 1
    deeper = below < len(lines) and lines[below].indent > lines[question.index].indent
    return (
        deeper and lines[index].indent <= lines[question.index].indent and starts_block(lines, index) and index > below
    )


def _with_markers(text: str, lines: Sequence[Line], labels: dict[int, Label], answers: list[_Answer]) -> list[_Answer]:
    """Where most questions are followed by an answer label, what stands before it belongs to the question."""
    marked = [answer._replace(marker=_find_marker(text, lines, labels, answer)) for answer in answers]
    if all(answer.marker < 0 for answer in marked):
        return _with_keys(text, lines, answers)
    with_marker = sum(answer.marker >= 0 for answer in marked)
    return marked if with_marker * 2 >= len(marked) else answers


def _with_keys(text: str, lines: Sequence[Line], answers: list[_Answer]) -> list[_Answer]:
    """Where the options of an exam are followed by a word and a colon, the same each time, the answer begins there."""
    found = [_key_line(text, lines, answer) for answer in answers]
    counts = Counter(word for _, word in found if word)
    word, count = counts.most_common(1)[0] if counts else ("", 0)
    if count < _MIN_ASKING or count < _KEYED_SHARE * len(answers):
        return answers
    return [
        answer._replace(marker=index, told_at=text.index(":", lines[index].first) + 1 if index >= 0 else -1)
        if own == word
        else answer
        for answer, (index, own) in zip(answers, found, strict=True)
    ]


def _key_line(text: str, lines: Sequence[Line], answer: _Answer) -> tuple[int, str]:
    """The first line below two options or more that is none itself, and its words before a colon."""
    options = 0
    for index in range(answer.question.last + 1, answer.stop):
        line = lines[index]
        if line.blank:
            continue
        if _OPTION.match(text, line.first, line.end):
            options += 1
        elif options >= _MIN_OPTIONS:
            key = _KEY.match(text, line.first, line.end)
            return (index, key["word"].casefold()) if key else (-1, "")
    return -1, ""


def _find_marker(text: str, lines: Sequence[Line], labels: dict[int, Label], answer: _Answer) -> int:
    for index in range(answer.question.last + 1, answer.stop):
        label = labels.get(index)
        if label is not None and names_answer(label) and not is_option(text, lines, Mark(index, label)):
            return index
    return -1


def _draft(text: str, lines: Sequence[Line], labels: dict[int, Label], answer: _Answer, fenced: bool) -> Draft | None:
    question = answer.question
    asked: tuple[Span, ...] = (Span(question.start, question.end),)
    if question.last > question.index:
        asked = _cut_end(collect(text, lines, question.index, question.last + 1, question.start), question.end)
    fence = _prose_fence(text, lines, answer) if fenced else None
    if fence:
        told = collect(text, lines, fence[0] + 1, fence[1])
    elif question.answer_at >= 0:
        told = collect(text, lines, question.last, answer.stop, question.answer_at)
    elif answer.marker < 0:
        told = collect(text, lines, question.last + 1, answer.stop)
    else:
        asked += collect(text, lines, question.last + 1, answer.marker)
        if answer.told_at >= 0:
            told = collect(text, lines, answer.marker, answer.stop, answer.told_at)
        else:
            told = _below_marker(text, lines, labels, answer.marker, answer.stop)
    if (
        not told
        or question.end <= question.start
        or not any(character.isalnum() for character in text[question.start : question.end])
    ):
        return None
    return Draft(
        (Utterance("question", "question", asked), Utterance("answer", "answer", told)), lines[question.index].start
    )


def _cut_end(pieces: tuple[Span, ...], end: int) -> tuple[Span, ...]:
    return tuple(Span(piece.start, min(piece.end, end)) for piece in pieces if piece.start < end)


def _below_marker(
    text: str, lines: Sequence[Line], labels: dict[int, Label], marker: int, stop: int
) -> tuple[Span, ...]:
    """The answer below its label; a second label right below the first (a summary, then a heading) is left out too."""
    for _ in range(2):
        label = labels[marker]
        if not label.alone:
            return collect(text, lines, marker, stop, label.text_start, label.text_end)
        below = marker + 1
        while below < stop and (lines[below].blank or not collect(text, lines, below, below + 1)):
            below += 1
        second = labels.get(below)
        if below >= stop or second is None or second.word.family != "answer":
            return collect(text, lines, marker + 1, stop)
        marker = below
    return collect(text, lines, marker, stop, labels[marker].text_start, labels[marker].text_end)
