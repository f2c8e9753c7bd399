"""Turns labelled with names: taken only when the labels of the whole document behave like speakers."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.lines.questions import ends_as_question
from src.utils.detection.lines.same_person import with_one_name
from src.utils.detection.lines.speech import asks, count_words, is_personal
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import Cut, cut_turns
from src.utils.detection.rules.unnamed_askers import askers_without_name
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.signs import SENTENCE_ENDS
from src.utils.detection.words.vocabulary import words, words_of

_MIN_NAMED = 6
_MIN_OF_TWO = 4
"""Turns of people who take turns throughout, where hardly anything stands between them."""
_MIN_COVER_OF_FEW = 0.4
_MIN_ANGLE = 2
_MIN_ALTERNATION = 0.5
_MIN_COVER = 0.3
_MAX_DISTINCT = 0.5
_MAX_DISTINCT_OF_PARAGRAPHS = 0.6
_WHOLE = 0.9
_MAX_TURNS_PER_QUESTION = 40
_MIN_TURNS_OF_DIVISION = 4
_MIN_LEFT = 2
_LETTER_ROWS = ("abcd", "абвг", "αβγδ", "甲乙丙丁", "가나다라")
_FIRST_LETTERS = frozenset(row[0] for row in _LETTER_ROWS)
"""Letters that tell speakers apart and name nobody."""
_MAX_PER_LEFT = 4
"""Questions left to another speaker, and turns for each of them, where names look like headings."""
_MAX_FIELD = 40
_DENSE_SHARE = 0.8
_MANY_UNASKED = 20
_SELF_SHARE = 0.1
_MIN_UNASKED = 8
_MIN_UNASKED_WORDS = 3
"""Turns, and words of a turn, of a talk in which nobody sets a question mark."""
_RULED_SHARE = 0.75
_MAX_LEGEND = 160
_EXPLAINED = re.compile(r"[,;，；、]\s*(?P<name>[^\W\d_][\w.]{0,19})[ ]?(?P<mark>[:：=]|[–—-](?=\s))")
_NUMBERED_LETTER = re.compile(r"[^\W\d_][1-9]\d?")


def find_named(text: str, lines: Sequence[Line], labels: Sequence[Mark]) -> Finding | None:
    """Turns labelled with names: taken only when the labels of the whole document behave like speakers."""
    groups: dict[tuple[str, bool], list[Mark]] = defaultdict(list)
    counts = Counter(mark.label.word.key for mark in labels)
    unnamed = askers_without_name(labels, counts)
    for mark in labels:
        if mark.label.word.key in unnamed:
            groups[("colon", mark.label.bulleted)].append(mark)
        elif mark.label.word.family in (None, "user", "assistant") or _is_lettered(mark, counts):
            groups[(mark.label.form, mark.label.bulleted)].append(mark)
    best: Finding | None = None
    for marks in groups.values():
        found = _named_group(text, lines, marks)
        if found and (best is None or found.weight > best.weight):
            best = found
    return best


def _named_group(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> Finding | None:
    angle = marks[0].label.form == "angle"
    marks = _same_kind_of_line(lines, _same_place(_same_indent(marks)))
    marks = with_one_name(lines, marks)
    counts = Counter(mark.label.word.key for mark in marks)
    if not angle:
        spoken = [mark for mark in marks if not (_is_field(text, mark) or _is_legend(text, mark, counts))]
        marks = _below_the_head(_with_text(lines, spoken))
        counts = Counter(mark.label.word.key for mark in marks)
        lonely = _lonely_speakers(lines, [mark for mark in marks if counts[mark.label.word.key] > 1], marks)
        marks = [
            mark
            for mark in marks
            if counts[mark.label.word.key] > 1 or mark.index in lonely or _is_covered(lines, mark)
        ]
        if len(marks) < min(_MIN_NAMED, sum(counts.values())):
            return None  # a few of many labels, of a glossary
        counts = Counter(mark.label.word.key for mark in marks)
    if not _behave_like_speakers(lines, marks, counts):
        return None
    cuts = cut_turns(text, lines, marks, closed_pairs=False)
    cuts = [_without_family(cut) if _is_lettered(mark, counts) else cut for mark, cut in zip(marks, cuts, strict=True)]
    cuts = [cut for cut in cuts if cut.turn.pieces]
    drafts = named_drafts(cuts)
    if sum(mark.label.plain for mark in marks) * 2 > len(marks) and not _leave_questions(text, drafts):
        return None
    if not _is_conversational(text, drafts, angle) or (marks[0].label.form == "apart" and _is_table(text, drafts)):
        return None
    confidence = 0.9 if angle else 0.85
    reason = f"{len(marks)} turns of {len(counts)} speakers, {marks[0].label.form} labels"
    return Finding("speaker names", tuple(drafts), confidence, reason)


def _is_lettered(mark: Mark, counts: Counter[str]) -> bool:
    """``A:`` and ``B:``, the speakers of a course book, which name no role; nor do ``V1:`` and ``V2:`` that come back,
    as no number of a question does."""
    key = mark.label.word.key
    again = counts[key] > 1 and _NUMBERED_LETTER.fullmatch(key) is not None
    apart = mark.label.form == "dot" and mark.label.separator == " " and key != "q"
    return (mark.label.form in ("colon", "dash") or apart) and (len(key) == 1 or again)


def _without_family(cut: Cut) -> Cut:
    return cut._replace(turn=cut.turn._replace(family=None))


def _same_indent(marks: Sequence[Mark]) -> list[Mark]:
    usual = Counter(mark.label.indent for mark in marks).most_common(1)[0][0]
    return [mark for mark in marks if abs(mark.label.indent - usual) <= 1]


def _same_place(marks: list[Mark]) -> list[Mark]:
    """Where the names that come back stand alone in their lines, a label with text behind it is none: ``I say: no.``"""
    counts = Counter(mark.label.word.key for mark in marks)
    repeated = [mark for mark in marks if counts[mark.label.word.key] > 1]
    alone = sum(mark.label.alone for mark in repeated)
    return [mark for mark in marks if mark.label.alone] if alone * 4 > len(repeated) * 3 else marks


def _same_kind_of_line(lines: Sequence[Line], marks: list[Mark]) -> list[Mark]:
    """Where most names stand in lines of text, what a heading has before its colon is none: ``Dialogue 2: At noon``"""
    headed = [mark for mark in marks if lines[mark.index].level and not mark.label.alone]
    return [mark for mark in marks if mark not in headed] if len(headed) * 2 < len(marks) else marks


def _with_text(lines: Sequence[Line], marks: Sequence[Mark]) -> list[Mark]:
    """Labels with something said: not those alone in their line right above another label or heading (a cast)."""
    heads = {mark.index for mark in marks}
    kept = []
    for mark in marks:
        below = next_filled(lines, mark.index + 1)
        silent = below == len(lines) or below in heads or lines[below].division
        if not (mark.label.alone and silent):
            kept.append(mark)
    return kept


def _is_field(text: str, mark: Mark) -> bool:
    """Whether nothing but a moment stands behind the label: when a call ended."""
    label = mark.label
    return (
        not label.alone
        and label.text_end - label.text_start <= _MAX_FIELD
        and is_moment(text[label.text_start : label.text_end])
    )


def _is_legend(text: str, mark: Mark, counts: Counter[str]) -> bool:
    """Whether a line explains the labels: ``E – the examiner, C – the candidate``"""
    label = mark.label
    rest = text[label.text_start : min(label.text_end, label.text_start + _MAX_LEGEND)]
    colon = label.form == "colon"
    others = (found["name"].casefold() for found in _EXPLAINED.finditer(rest) if (found["mark"] in ":：") == colon)
    return any(counts[other] > 1 and other != label.word.key for other in others)


def _below_the_head(marks: Sequence[Mark]) -> list[Mark]:
    """Without the labels above the first name that comes back: titles, and the fields of a head."""
    counts = Counter(mark.label.word.key for mark in marks)
    return list(itertools.dropwhile(lambda mark: counts[mark.label.word.key] == 1, marks))


def _lonely_speakers(lines: Sequence[Line], again: Sequence[Mark], marks: Sequence[Mark]) -> set[int]:
    """Where nearly every line between the names that come back begins with one, the lines of those who speak once: one
    word before the colon, right below another labelled line."""
    if len(again) < _MIN_NAMED:
        return set()
    inside = (lines[index] for index in range(again[0].index, again[-1].index + 1))
    if len(again) < _DENSE_SHARE * sum(not (line.blank or line.level or line.rule) for line in inside):
        return set()
    heads = {mark.index for mark in again}
    for mark in marks:
        if mark.index - 1 in heads and " " not in mark.label.name:
            heads.add(mark.index)
    return heads


def _is_covered(lines: Sequence[Line], mark: Mark) -> bool:
    return starts_block(lines, mark.index)


def _behave_like_speakers(lines: Sequence[Line], marks: Sequence[Mark], counts: Counter[str]) -> bool:
    if not marks:
        return False
    label = marks[0].label
    strong_shape = label.form == "angle"
    repeated = [key for key, count in counts.items() if count > 1]
    if strong_shape:
        enough = len(marks) >= _MIN_ANGLE and len(counts) >= 2
    else:
        whole = all(mark.label.opens_block for mark in marks) and _cover(lines, marks) >= _WHOLE
        distinct = _MAX_DISTINCT / 2 if label.bulleted else _MAX_DISTINCT_OF_PARAGRAPHS if whole else _MAX_DISTINCT
        least = _MIN_OF_TWO if not label.bulleted and (whole or len(counts) == 2) else _MIN_NAMED
        enough = len(marks) >= least and len(repeated) >= 2 and len(counts) <= distinct * len(marks)
    if not enough:
        return False
    keys = [mark.label.word.key for mark in marks]
    changes = sum(one != other for one, other in itertools.pairwise(keys))
    if changes < _MIN_ALTERNATION * (len(keys) - 1) and not strong_shape:
        return False
    fields = not strong_shape and _is_cyclic(keys, len(counts))
    if fields or (len(marks) < _MIN_NAMED and not strong_shape and changes < len(keys) - 1):
        return False
    few = len(marks) < _MIN_NAMED and not all(mark.label.alone for mark in marks)
    return _cover(lines, marks) >= (_MIN_COVER_OF_FEW if few else _MIN_COVER)


def _is_cyclic(keys: Sequence[str], period: int) -> bool:
    """Three or more labels that come round in the same order are the fields of records."""
    if period < 3 or len(keys) < 2 * period:
        return False
    same = sum(
        keys[index] == keys[index - period] and len(set(keys[index - period : index])) == period
        for index in range(period, len(keys))
    )
    return same >= 0.8 * (len(keys) - period)


def _cover(lines: Sequence[Line], marks: Sequence[Mark]) -> float:
    """The share of paragraphs, between the first and the last label, that begin with a label."""
    labelled = {mark.index for mark in marks}
    first, last = marks[0].index, marks[-1].index
    blocks = [index for index in range(first, last + 1) if not lines[index].blank and starts_block(lines, index)]
    covered = sum(index in labelled for index in blocks)
    inner = sum(1 for index in range(first, last + 1) if not lines[index].blank)
    return (
        max(covered / max(1, len(blocks)), len(marks) / max(1, inner))
        if len(blocks) > 1
        else len(marks) / max(1, inner)
    )


def named_drafts(cuts: Sequence[Cut]) -> list[Draft]:
    """Turns of speakers; other people below a heading, divisions and rules begin another dialogue."""
    splits = sum(cut.after.rule for cut in cuts)
    by_rules = splits * 8 >= len(cuts) and splits < _RULED_SHARE * len(cuts)  # above nearly all, rules part turns
    others = _starts_of_other_casts(cuts)
    by_divisions = sum(cut.after.division for cut in cuts) * _MIN_TURNS_OF_DIVISION <= len(cuts)
    drafts: list[list[Utterance]] = []
    starts: list[int] = []
    for number, cut in enumerate(cuts):
        apart = (
            number in others
            or (by_divisions and cut.after.division)
            or (by_rules and cut.after.rule)
            or (cut.after.gap and bool(drafts) and len(drafts[-1]) >= _MIN_TURNS_OF_DIVISION)
        )
        if not drafts or apart:
            drafts.append([])
            starts.append(cut.start)
        drafts[-1].append(cut.turn)
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True)]


def _starts_of_other_casts(cuts: Sequence[Cut]) -> set[int]:
    """The turns below a heading with which other people begin to talk: at most one of them spoke above it, or letters
    that name nobody (the dialogues of a lesson) begin again with the first."""
    parts: list[tuple[int, set[str], int]] = []
    heads = [0, *(number for number, cut in enumerate(cuts) if number and cut.after.heading)]
    for begin, stop in itertools.pairwise([*heads, len(cuts)]):
        parts.append((begin, {cut.turn.speaker for cut in cuts[begin:stop]}, stop - begin))
    return {
        other[0]
        for one, other in itertools.pairwise(parts)
        if (min(one[2], other[2]) >= _MIN_NAMED and len(one[1] & other[1]) <= 1)
        or (min(one[2], other[2]) > 1 and _begin_again(cuts[one[0]].turn, cuts[other[0]].turn, one[1] | other[1]))
    }


def _begin_again(one: Utterance, other: Utterance, speakers: set[str]) -> bool:
    """Whether two dialogues of the same places in the alphabet both begin with its first letter."""
    return one.speaker == other.speaker in _FIRST_LETTERS and any(speakers <= set(row) for row in _LETTER_ROWS)


def _is_conversational(text: str, drafts: Sequence[Draft], strong_shape: bool) -> bool:
    turns = [turn for draft in drafts for turn in draft.utterances]
    contents = ["".join(text[piece.start : piece.end] for piece in turn.pieces[:3])[:400] for turn in turns]
    asking = sum(map(asks, contents))
    length = sum(map(count_words, contents)) / max(1, len(contents))
    if strong_shape:
        spoken = asking > 0 or len(contents) < _MANY_UNASKED or _speak_of_themselves(contents)
        return bool(contents) and spoken and length >= 1
    if asking * _MAX_TURNS_PER_QUESTION < len(contents) or not _is_answered(turns, contents):
        return len(contents) >= _MIN_UNASKED and is_personal(contents) and length >= _MIN_UNASKED_WORDS
    figures = sum(content.rstrip(" .?\n")[-1:].isdigit() for content in contents)
    return figures * 2 <= len(contents) and (length >= 4 or asking * 8 >= len(contents))


def _speak_of_themselves(contents: Sequence[str]) -> bool:
    """Whether some say "I"; "you" is also said by the tips of a program."""
    return sum(not words("first_person").isdisjoint(words_of(said.casefold())) for said in contents) >= (
        _SELF_SHARE * len(contents)
    )


def _leave_questions(text: str, drafts: Sequence[Draft]) -> bool:
    """Whether turns end with questions that another answers, many of them or among people who say I and you."""
    turns = [turn for draft in drafts for turn in draft.utterances]
    contents = [text[turn.pieces[0].start : turn.pieces[-1].end] for turn in turns]
    left = sum(
        ends_as_question(content) and turn.speaker != other.speaker
        for (turn, other), content in zip(itertools.pairwise(turns), contents, strict=False)
    )
    return left >= _MIN_LEFT and (left * _MAX_PER_LEFT >= len(turns) or is_personal(contents))


def _is_table(text: str, drafts: Sequence[Draft]) -> bool:
    """Whether what stands behind the gaps are the values of a table: few words, and hardly a sentence."""
    contents = [text[slice(*turn.pieces[0])].rstrip() for draft in drafts for turn in draft.utterances]
    ended = sum(content[-1:] in SENTENCE_ENDS for content in contents)
    return ended * 2 < len(contents)


def _is_answered(turns: Sequence[Utterance], contents: Sequence[str]) -> bool:
    """Whether somebody speaks after another one's question."""
    pairs = itertools.pairwise(zip(turns, contents, strict=True))
    return any(asks(content) and turn.speaker != other.speaker for (turn, content), (other, _) in pairs)
