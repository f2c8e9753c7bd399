"""Turns labelled with words of the closed vocabulary: questions and answers, users and assistants."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from src.utils.detection.lines.labels import Form
from src.utils.detection.lines.lines import Line
from src.utils.detection.lines.speech import is_personal, is_spoken
from src.utils.detection.lines.turn_ends import Mark
from src.utils.detection.lines.turns import (
    Cut,
    bare_key,
    bare_speaker,
    cut_turns,
    holds_inline_answer,
    is_option,
    split_inline,
)
from src.utils.detection.rules.letters import with_letters_before_colons, with_partners
from src.utils.detection.rules.unsaid_labels import come_round, cut_said
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Finding, Utterance
from src.utils.detection.words.vocabulary import stop_labels, words

_MAX_IMBALANCE = 4
_MOST = 0.75
_MIN_LISTED = 5
_SAME_INDENT = 4
_MAX_OFFICIALS = 1.5
"""Speakers with names, for each question and answer of a hearing."""
_FIELD_SHARE = 0.75
"""Questions that have the same part once: a field of each, nobody who speaks."""


def find_closed(text: str, lines: Sequence[Line], labels: Sequence[Mark]) -> Finding | None:
    """Turns labelled with words of the closed vocabulary: an asker's and an answerer's word are both needed."""
    labels = with_letters_before_colons(text, labels)
    marks = _consistent(
        text, lines, [mark for mark in labels if mark.label.word.family and not is_option(text, lines, mark)]
    )
    if _are_listed(marks):
        return None
    askers = [mark for mark in marks if mark.label.word.family in ASKERS]
    answerers = [mark for mark in marks if mark.label.word.family in ANSWERERS]
    inline = bool(askers) and not answerers and _mostly_inline(text, askers)
    if not askers or not (answerers or inline):
        return None
    if not inline and min(len(askers), len(answerers)) * _MAX_IMBALANCE < max(len(askers), len(answerers)):
        return None
    if answerers and _are_strangers(askers, answerers):
        return None
    pairs = _is_pairs(askers, answerers)
    others = _officials(text, marks, labels) if pairs else ()
    if others:  # the record of a hearing: one conversation
        pairs = False
        marks = sorted([*marks, *others], key=lambda mark: mark.index)
    if pairs:
        cuts = cut_turns(text, lines, marks, closed_pairs=True)
    else:
        cuts = _cut_dialogue(text, lines, marks, () if others else _companions(marks, labels))
    drafts = pair_drafts(text, cuts) if pairs else dialogue_drafts(text, cuts)
    if not drafts or not is_spoken(text, drafts):
        return None
    kind = "question and answer labels" if pairs else "speaker labels"
    reason = f"{kind}: {len(askers)} of askers, {len(answerers) or 'inline ones'} of answerers"
    return Finding(
        "labelled pairs" if pairs else "labelled dialogue", tuple(drafts), 0.95 if len(cuts) > 3 else 0.8, reason
    )


def _are_listed(marks: Sequence[Mark]) -> bool:
    """Whether many words alone in their lines stand once each: entries of a list of words."""
    keys = {mark.label.word.key for mark in marks}
    return (
        len(keys) == len(marks) >= _MIN_LISTED
        and all(mark.label.alone for mark in marks)
        and not any(map(_counts, keys))
    )


def _counts(key: str) -> bool:
    return " " in key or key[-1].isdigit()


def _are_strangers(askers: Sequence[Mark], answerers: Sequence[Mark]) -> bool:
    """Whether words for questions, but none for an asker, stand beside words for people, but none for an answer, are
    set otherwise, and do not take turns with them: ``Exercise 1.`` and ``Waiter:``."""
    told = any(mark.label.word.family == "user" for mark in askers)
    told = told or any(mark.label.word.family == "answer" for mark in answerers)
    asked = {mark.index for mark in askers}
    sides = [index in asked for index in sorted(mark.index for mark in (*askers, *answerers))]
    by_turns = sum(one != other for one, other in pairwise(sides)) > _MOST * (len(sides) - 1)
    return not (told or by_turns) and {mark.label.form for mark in askers}.isdisjoint(
        mark.label.form for mark in answerers
    )


def _cut_dialogue(text: str, lines: Sequence[Line], marks: Sequence[Mark], beside: Sequence[Mark]) -> list[Cut]:
    """The turns of label words and of the named speakers ``beside`` them; a label that comes round below each answer
    names a field of it, which ends the turn."""
    spoken = sorted([*marks, *beside], key=lambda mark: mark.index)
    keys = [mark.label.word.key for mark in spoken]
    told = [text[mark.label.text_start : mark.label.text_end] for mark in beside]
    if come_round(keys, len(set(keys))) and not is_personal(told):
        return cut_said(text, lines, marks, (), beside)
    return cut_turns(text, lines, spoken, closed_pairs=False)


def _consistent(text: str, lines: Sequence[Line], marks: list[Mark]) -> list[Mark]:
    """Keep the labels that go together: letters need a partner of the same form, rare forms beside common ones go."""
    marks = with_partners(text, marks)
    forms = Counter(mark.label.form for mark in marks)
    kept = {form for form, count in forms.items() if count * 8 >= max(forms.values())}
    marks = [mark for mark in marks if mark.label.form in kept]
    marks = _below_fields(marks, forms)
    headings = [mark for mark in marks if lines[mark.index].level]
    if len(headings) > _MOST * len(marks):  # "Model: ..." below the title is none
        marks = headings
    opening = sum(mark.label.opens_block for mark in marks)
    if opening * 10 >= len(marks) * 9:  # "Dr. Hales" at the beginning of a line is none
        marks = [mark for mark in marks if mark.label.opens_block]
    asking = [mark for mark in marks if mark.label.word.family in ASKERS]
    others = [mark for mark in marks if mark.label.word.family not in ASKERS]
    return sorted([*_evenly_indented(asking), *_evenly_indented(others)], key=lambda mark: mark.index)


def _below_fields(marks: list[Mark], forms: Counter[Form]) -> list[Mark]:
    """Without the labels of rarer forms above the first of the usual one, whose words do not come back below: the
    fields of a head (``Guest: Ida Brand`` above ``[Host] ...``)."""
    usual, count = forms.most_common(1)[0] if forms else ("colon", 0)
    if count * 2 <= len(marks):
        return marks
    first = next(place for place, mark in enumerate(marks) if mark.label.form == usual)
    keys = {bare_key(mark.label) for mark in marks[first:]}
    return [mark for mark in marks[:first] if bare_key(mark.label) in keys] + marks[first:]


def _evenly_indented(side: Sequence[Mark]) -> list[Mark]:
    """The labels of one side near its usual indent; set flush right, those of both sides begin far apart."""
    usual = Counter(mark.label.indent for mark in side).most_common(1)
    return [mark for mark in side if abs(mark.label.indent - usual[0][0]) <= _SAME_INDENT]


def _mostly_inline(text: str, askers: Sequence[Mark]) -> bool:
    return sum(holds_inline_answer(text, mark) for mark in askers) * 2 >= len(askers)


def _is_pairs(askers: Sequence[Mark], answerers: Sequence[Mark]) -> bool:
    questions = sum(mark.label.word.family == "question" for mark in askers)
    answers = sum(mark.label.word.family == "answer" for mark in answerers)
    return questions * 2 > len(askers) and answers * 2 >= len(answerers)


def _companions(marks: Sequence[Mark], labels: Sequence[Mark]) -> list[Mark]:
    """Named speakers beside the label words (``Moderator:`` and two names): same form, seen more than once."""
    shapes = {mark.label.form for mark in marks}
    taken = {mark.index for mark in marks}
    indent = max(mark.label.indent for mark in marks)
    others = [
        mark
        for mark in labels
        if mark.index not in taken
        and mark.label.word.family is None
        and mark.label.form in shapes
        and mark.label.indent <= indent
        and mark.label.opens_block
    ]
    counts = Counter(mark.label.word.key for mark in others)
    return [mark for mark in others if counts[mark.label.word.key] >= 3 and mark.label.word.key not in stop_labels()]


def _officials(text: str, marks: Sequence[Mark], labels: Sequence[Mark]) -> list[Mark]:
    """Speakers in capitals beside questions and answers: ``MR. COLE:``, ``THE WITNESS:``; before the first question and
    behind the last answer those who also speak between them, or often. ``BY MR. COLE:`` says nothing and ends a turn.
    """
    taken = {mark.index for mark in marks}
    heads = {mark.index for mark in labels}
    named = [
        mark
        for mark in labels
        if mark.index not in taken
        and (mark.label.form == "colon" or mark.label.alone)
        and (not mark.label.alone or mark.index + 1 in heads)
        and mark.label.name.isupper()
        and 2 <= len(mark.label.name.split()) <= 4
    ]
    inside = _persons(text, marks, [mark for mark in named if marks[0].index < mark.index < marks[-1].index])
    counts = Counter(mark.label.word.key for mark in named)
    if not inside or len(named) > _MAX_OFFICIALS * len(marks):
        return []
    returning = sum(counts[mark.label.word.key] > 1 for mark in inside)
    if (not returning and len(inside) > 2) or (len(inside) * 2 > len(marks) and returning * 2 < len(inside)):
        return []  # so many different ones are headings
    known = {mark.label.word.key for mark in inside}
    return [mark for mark in named if mark.label.word.key in known or counts[mark.label.word.key] > 1]


def _persons(text: str, marks: Sequence[Mark], named: Sequence[Mark]) -> list[Mark]:
    """``named`` where these speak: some have titles, come between a question and its answer or speak twice behind one,
    or a witness is sworn in above. Parts of the answers (``SIDE EFFECTS:``) do none of this, nor do fields that every
    question has."""
    titled = any(word.endswith(".") for mark in named for word in mark.label.name.split()[:-1])
    if titled or _tells_of_witness(text, marks[0].label.start):
        return list(named)
    indexes = [mark.index for mark in marks]
    behind = [bisect(indexes, mark.index) - 1 for mark in named]
    times = Counter((mark.label.word.key, place) for mark, place in zip(named, behind, strict=True))
    if any(count > 1 for count in times.values()):
        return list(named)
    asked = sum(mark.label.word.family in ASKERS for mark in marks)
    places = Counter(key for key, _ in times)
    if any(count >= max(_FIELD_SHARE * asked, 3) for count in places.values()):
        return []
    return list(named) if any(marks[place].label.word.family in ASKERS for place in behind) else []


def _tells_of_witness(text: str, end: int) -> bool:
    above = text[:end].casefold()
    return any(phrase in above for phrase in words("testimony"))


def pair_drafts(text: str, cuts: Sequence[Cut]) -> list[Draft]:
    """Question and answer pairs, each a conversation; where rules set groups of them apart, the groups."""
    grouped = sum(cut.after.rule for cut in cuts) * 4 >= len(cuts)
    first_word = _first_word(cuts)
    drafts: list[list[Utterance]] = []
    starts: list[int] = []
    for number, cut in enumerate(cuts):
        answered = number + 1 < len(cuts) and cuts[number + 1].turn.family in ANSWERERS
        alone = answered or cut.turn.family not in ASKERS
        for position, utterance in enumerate([cut.turn] if alone else split_inline(text, cut.turn)):
            word = bare_speaker(utterance.speaker)
            asks = utterance.family in ASKERS and (
                word == first_word or not drafts or drafts[-1][-1].family not in ASKERS
            )
            fresh = (cut.after.rule and not position) if grouped else asks or (cut.after.heading and not position)
            if fresh or not drafts:
                drafts.append([])
                starts.append(cut.start)
            drafts[-1].append(utterance)
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True)]


def _first_word(cuts: Sequence[Cut]) -> str:
    words = Counter(bare_speaker(cut.turn.speaker) for cut in cuts if cut.turn.family in ASKERS)
    return words.most_common(1)[0][0] if words else ""


def dialogue_drafts(text: str, cuts: Sequence[Cut]) -> list[Draft]:
    """Turns that go on from each other; a rule or heading behind an answer, or a system turn, begins another one."""
    drafts: list[list[Utterance]] = []
    starts: list[int] = []
    answers = [cut for cut in cuts if cut.turn.family in ANSWERERS]
    between_all = sum(cut.after.rule for cut in answers) * 2 > len(answers)  # rules part turns, not dialogues
    for cut in cuts:
        inner = split_inline(text, cut.turn) if cut.turn.family == "question" else [cut.turn]
        family = inner[0].family
        parted = bool(drafts) and ((cut.after.rule and not between_all) or cut.after.heading)
        apart = parted and (family not in ANSWERERS or any(turn.family in ANSWERERS for turn in drafts[-1]))
        fresh_system = family == "system" and bool(drafts) and drafts[-1][-1].family != "system"
        if not drafts or apart or fresh_system:
            drafts.append([])
            starts.append(cut.start)
        drafts[-1].extend(inner)
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True)]
