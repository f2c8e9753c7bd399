"""Turns labelled with names: taken only when the labels of the whole document behave like speakers."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from src.utils.detection.lines.lines import Line, next_filled, starts_block
from src.utils.detection.lines.same_person import with_one_name
from src.utils.detection.lines.speech import count_words, is_personal
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import Cut
from src.utils.detection.rules.named_dialogues import named_drafts
from src.utils.detection.rules.unnamed_askers import askers_without_name
from src.utils.detection.rules.unsaid_labels import are_close, come_round, cut_said, without_unsaid
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.words.asking import asks, ends_as_question
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
_MIN_LEFT = 2
_MAX_PER_LEFT = 4
"""Questions left to another speaker, and turns for each of them, where names look like headings."""
_MAX_FIELD = 40
_DENSE_SHARE = 0.8
_MANY_UNASKED = 20
_SELF_SHARE = 0.1
_MIN_UNASKED = 8
_MIN_UNASKED_WORDS = 3
"""Turns, and words of a turn, of a talk in which nobody sets a question mark."""
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
    tasks = [mark for mark in labels if mark.label.word.family == "question" and mark.label.opens_block]
    best: Finding | None = None
    for marks in groups.values():
        found = _named_group(text, lines, marks, tasks)
        if found and (best is None or found.weight > best.weight):
            best = found
    return best


def _named_group(text: str, lines: Sequence[Line], marks: Sequence[Mark], tasks: Sequence[Mark]) -> Finding | None:
    angle = marks[0].label.form == "angle"
    marks = with_one_name(text, lines, _same_kind_of_line(lines, _same_place(_same_indent(marks))))
    marks, unsaid, between = (marks, [], []) if angle else without_unsaid(text, lines, _spoken(text, lines, marks))
    counts = _count_names(marks)
    if not _behave_like_speakers(lines, marks, counts):
        return None
    asked, tasks = _asked_between(text, marks, tasks) if are_close(marks, counts) else ([], [])
    strangers = {mark.index for mark in asked}
    marks = sorted([*marks, *asked], key=lambda mark: mark.index)
    cuts = cut_said(text, lines, marks, unsaid, [*between, *tasks])
    cuts = [
        _without_family(cut) if mark.index in strangers or _is_lettered(mark, counts) else cut
        for mark, cut in zip(marks, cuts, strict=True)
    ]
    drafts = named_drafts([cut for cut in cuts if cut.turn.pieces])
    if sum(mark.label.plain for mark in marks) * 2 > len(marks) and not _leave_questions(text, drafts):
        return None
    if not _is_conversational(text, drafts, angle) or (marks[0].label.form == "apart" and _is_table(text, drafts)):
        return None
    confidence = 0.9 if angle else 0.85
    reason = f"{len(marks)} turns of {len(counts)} speakers, {marks[0].label.form} labels"
    return Finding("speaker names", tuple(drafts), confidence, reason)


def _asked_between(text: str, marks: Sequence[Mark], tasks: Sequence[Mark]) -> tuple[Sequence[Mark], Sequence[Mark]]:
    """Of ``tasks`` those that somebody in the room asks, right above one who speaks, and the exercises of a lesson."""
    heads = {mark.index for mark in marks}
    asked, exercises = [], []
    for mark in tasks:
        if mark.index + 1 not in heads:
            exercises.append(mark)
        elif mark.index not in heads and ends_as_question(text[mark.label.text_start : mark.label.text_end]):
            asked.append(mark)
    return asked, exercises


def _count_names(marks: Sequence[Mark]) -> Counter[str]:
    return Counter(mark.label.word.key for mark in marks)


def _spoken(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> list[Mark]:
    """The labels of what is said: of names that come back, or at the beginning of a paragraph, or among those that
    fill every line; none where these are a few of many labels, of a glossary."""
    named = _count_names(marks)
    said = [mark for mark in marks if not (_is_field(text, mark) or _is_legend(text, mark, named))]
    said = _below_the_head(_with_text(lines, said))
    counts = _count_names(said)
    lonely = _lonely_speakers(lines, [mark for mark in said if counts[mark.label.word.key] > 1], said)
    kept = [
        mark
        for mark in said
        if counts[mark.label.word.key] > 1 or mark.index in lonely or starts_block(lines, mark.index)
    ]
    return kept if len(kept) >= min(_MIN_NAMED, len(said)) else []


def _is_lettered(mark: Mark, counts: Counter[str]) -> bool:
    """``A:`` and ``B:``, the speakers of a course book, which name no role; nor do ``V1:`` and ``V2:`` that come back,
    as no number of a question does."""
    key = mark.label.word.key
    again = counts[key] > 1 and _NUMBERED_LETTER.fullmatch(key) is not None
    apart = mark.label.form == "dot" and mark.label.separator == " " and key != "q"
    numbered = again and mark.label.form == "apart"
    return numbered or ((mark.label.form in ("colon", "dash") or apart) and (len(key) == 1 or again))


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
    plain = [mark for mark in marks if mark.label.alone or not lines[mark.index].level]
    return plain if len(plain) * 2 > len(marks) else marks


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


def _behave_like_speakers(lines: Sequence[Line], marks: Sequence[Mark], counts: Counter[str]) -> bool:
    if not marks:
        return False
    if marks[0].label.form == "angle":
        behave = len(marks) >= _MIN_ANGLE and len(counts) >= 2
    else:
        behave = _come_back(lines, marks, counts) and _take_turns(marks, counts)
    few = len(marks) < _MIN_NAMED and not all(mark.label.alone for mark in marks)
    return behave and _cover(lines, marks) >= (_MIN_COVER_OF_FEW if few else _MIN_COVER)


def _come_back(lines: Sequence[Line], marks: Sequence[Mark], counts: Counter[str]) -> bool:
    """Whether a few names stand before many turns: more are needed of items of a list than of whole paragraphs."""
    bulleted = marks[0].label.bulleted
    whole = all(mark.label.opens_block for mark in marks) and _cover(lines, marks) >= _WHOLE
    distinct = _MAX_DISTINCT / 2 if bulleted else _MAX_DISTINCT_OF_PARAGRAPHS if whole else _MAX_DISTINCT
    least = _MIN_OF_TWO if not bulleted and (whole or len(counts) == 2) else _MIN_NAMED
    repeated = sum(count > 1 for count in counts.values())
    return len(marks) >= least and repeated >= 2 and len(counts) <= distinct * len(marks)


def _take_turns(marks: Sequence[Mark], counts: Counter[str]) -> bool:
    """Whether another name follows often enough, after each of a few turns, and in no order that comes round."""
    keys = [mark.label.word.key for mark in marks]
    changes = sum(one != other for one, other in itertools.pairwise(keys))
    least = _MIN_ALTERNATION * (len(keys) - 1) if len(keys) >= _MIN_NAMED else len(keys) - 1
    return changes >= least and not come_round(keys, len(counts))


def _cover(lines: Sequence[Line], marks: Sequence[Mark]) -> float:
    """The share of paragraphs, between the first and the last label, that begin with a label, or that of lines where it
    is larger or they are one paragraph."""
    labelled = {mark.index for mark in marks}
    first, last = marks[0].index, marks[-1].index
    blocks = [index for index in range(first, last + 1) if not lines[index].blank and starts_block(lines, index)]
    inner = sum(not lines[index].blank for index in range(first, last + 1))
    share = len(marks) / max(1, inner)
    return max(share, sum(index in labelled for index in blocks) / len(blocks)) if len(blocks) > 1 else share


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
