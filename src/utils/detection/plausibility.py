"""Whether what a rule found can be a conversation at all: not a form, a survey, a guide, fields, or signatures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from src.core.types import Span
from src.utils.detection.lines.fields import hold_counts, hold_fields, hold_settings
from src.utils.detection.lines.points import is_worth
from src.utils.detection.lines.remarks import why_remarks
from src.utils.detection.lines.speech import count_words, is_personal, leaves_blanks
from src.utils.detection.types import ASKERS, Finding
from src.utils.detection.words.asking import asks
from src.utils.detection.words.signs import SENTENCE_ENDS
from src.utils.detection.words.vocabulary import words

_MIN_TURNS = 6
_MANY_TURNS = 12
_MAX_TEXT = 4000
_BLANK_SHARE = 0.3
_ASKING_ANSWERS = 0.6
_MIN_ANSWERS = 8
_MAX_ALIKE = 0.35
_MIN_COUNTED = 4
_MIN_SAME = 3
_SAME_SHARE = 0.8
_FEW_WORDS = 4
_PAIRED_SHARE = 0.8
_ASKED_SHARE = 0.4
_VALUE_SHARE = 0.3
_SIGNED_SHARE = 0.6
_SIGNED_BLANKS = 0.1
_ENDS = SENTENCE_ENDS + ";"
_KEYED = re.compile(r"[\w\"'-]{1,30}[ ]?:(?=\s)")
_RUNNING_ON = ",:，：、"
_CLOSERS = " \t\n*_`~\"'”’»」』)）"
_DASHES = "-–—―~ \t"
_ITEM_BELOW = re.compile(r"\n[ \t]*[-–—*][ \t]")
_NEXT_RECORD = re.compile(r"\A[^\n]{0,400}\n[ \t]*-[ ]+(?P<key>[\w\"'-]{1,30}):(?:[ ][^\n]*)?\s*\Z")
"""A value with one item of a list below it, which a key opens."""
_COMMENT = ("#:", "#,", "#.", "//", "/*", "%%", ";;", "--[")
_WRITTEN_FOR_TRAINING = frozenset({"records of turns", "records of pairs", "chat template", "captions"})
"""The keys or tokens of these name the turns outright; a classifier's answers may well be all alike."""
_LABELLED = frozenset({"labelled pairs", "labelled dialogue"})
_NAMED = frozenset({"speaker names", "blocks of a page"})


def implausible(text: str, finding: Finding) -> str:
    """Why nobody can have said the turns of ``finding`` to another, or "" where somebody may have.

    Judged by what stands in the turns alone, whatever rule found them: a rule reads labels and layout, and forms,
    surveys, logs and collections of quotations have both.
    """
    if finding.rule in _WRITTEN_FOR_TRAINING:
        return _why_no_records(text, finding)
    drafts = [[_content(text, turn.pieces) for turn in draft.utterances] for draft in finding.drafts]
    contents = [content for draft in drafts for content in draft]
    if hold_fields(_by_speaker(finding, contents).values()):
        return "fields: keys with their values stand below the labels"
    if hold_settings(_asked(finding, drafts), labelled=finding.rule in _LABELLED):
        return "settings: keys, or the arguments of a program, stand where something would be asked"
    headed = finding.rule in _LABELLED or finding.rule == "table of questions"
    if not headed and hold_counts([draft[1] for draft in drafts if len(draft) == 2]):
        return "a survey: what was counted stands below the questions"
    if len(contents) < _MIN_TURNS:
        return ""
    keyed = sum(_KEYED.match(content) is not None for content in contents)
    if finding.rule == "dialogue of dashes" and keyed * 2 >= len(contents):
        return "dashes lead keys and their values"
    pairs = _joined_pairs(finding, drafts) or [draft for draft in drafts if len(draft) == 2]
    if len(pairs) * 2 > len(drafts):
        reason = _why_no_pairs(pairs, labelled=finding.rule in _LABELLED)
    elif finding.rule == "dialogue of dashes":
        reason = "dashes lead signatures" if _are_signatures(contents, len(contents)) else ""
    else:
        reason = _why_no_dialogue(finding, contents) or _why_no_talk_of_two(text, finding)
    return reason


def _why_no_records(text: str, finding: Finding) -> str:
    """Keys tell what a record holds; only the counts of a survey give one question several times with few values."""
    pairs = [draft.utterances for draft in finding.drafts if len(draft.utterances) == 2]
    asked = Counter(_content(text, pair[0].pieces) for pair in pairs)
    told = Counter(_content(text, pair[1].pieces) for pair in pairs)
    if len(pairs) < _MIN_COUNTED or any(count_words(answer) >= _FEW_WORDS for answer in told):
        return ""
    again = 2 * len(asked) <= len(pairs) and 2 * len(told) <= len(pairs)
    return "the figures of a survey: few questions, each with every value" if again else ""


def _joined_pairs(finding: Finding, drafts: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The pairs of an interview, which is one draft of questions and answers."""
    if len(drafts) > 1 or any(turn.family not in ("question", "answer") for turn in finding.drafts[0].utterances):
        return []
    return [drafts[0][place : place + 2] for place in range(0, len(drafts[0]) - 1, 2)]


def _why_no_pairs(pairs: Sequence[Sequence[str]], *, labelled: bool) -> str:
    questions = [pair[0] for pair in pairs]
    answers = [pair[1] for pair in pairs]
    left_open = _why_left_open(pairs, labelled=labelled)
    if left_open:
        return left_open
    dashed = [answer for answer in answers if answer.lstrip()[:1] in tuple(_DASHES) and not _ITEM_BELOW.search(answer)]
    if _are_signatures([answer.lstrip(_DASHES) for answer in dashed], len(answers)):
        return "names below quotations, not answers"
    if not labelled and _are_bylines(answers):
        return "what stands below the questions tells who asked them, or when"
    alike = len(set(answers)) <= _MAX_ALIKE * len(answers)
    if sum(answer.rstrip(_CLOSERS)[-1:] in tuple(_RUNNING_ON) for answer in answers) * 2 >= len(answers):
        return "what stands below the questions runs on: no answers"
    usual, times = Counter(answers).most_common(1)[0]
    if times >= max(_MIN_SAME, _SAME_SHARE * len(answers)) and count_words(usual) < _FEW_WORDS:
        return "a form: the same choice stands below the questions"
    if len(answers) >= _MIN_ANSWERS and alike and sum(map(count_words, answers)) < _FEW_WORDS * len(answers):
        return "a survey: the same few values answer everything"
    if sum(question.startswith(_COMMENT) for question in questions) * 2 >= len(questions):
        return "comments of a program or catalogue, not questions"
    return ""


def _are_bylines(answers: Sequence[str]) -> bool:
    """Whether all tell who asked or answered, and none is a sentence: ``asked by Ann, 2 answers``."""
    told = all(answer.casefold().startswith(tuple(words("bylines"))) for answer in answers)
    return len(answers) >= _MIN_SAME and told and not any(map(_ends_sentence, answers))


def _is_refrain(contents: Sequence[str]) -> bool:
    """Whether a third of what is said, or more, is the same few lines."""
    usual, times = Counter(contents).most_common(1)[0]
    return times >= max(_MIN_SAME, len(contents) / 3) and count_words(usual) >= _FEW_WORDS


def _why_no_dialogue(finding: Finding, contents: Sequence[str]) -> str:
    if _is_refrain(contents):
        return "a song: the same lines come again and again"
    if sum(map(_is_blank, contents)) >= max(2, _SIGNED_BLANKS * len(contents)):
        return "a form or contract: labels lead lines to sign on"
    if finding.rule not in _NAMED:
        return ""
    return _why_no_speech(finding, contents) or _why_no_speakers(finding, contents)


def _why_no_speech(finding: Finding, contents: Sequence[str]) -> str:
    """Why what stands behind the names is nothing that people say."""
    if _says_one_thing(finding, contents):
        return "fields: one of the labels always leads the same"
    if _are_clauses(contents):
        return "clauses or minutes: what stands behind the names goes on from them"
    begun = Counter(match["key"] for content in contents if (match := _NEXT_RECORD.search(content)))
    if begun and max(begun.values()) >= _VALUE_SHARE * len(contents):
        return "fields: what stands behind the keys ends with the next record"
    return ""


def _why_no_speakers(finding: Finding, contents: Sequence[str]) -> str:
    """Why those named in many turns do not talk to each other."""
    if len(contents) < _MANY_TURNS:
        return ""
    firsts = [content.strip().split("\n", 1)[0].strip() for content in contents]
    counts = Counter(firsts)
    values = sum(counts[first] > 2 and not _ends_sentence(first) for first in firsts)
    if values >= _VALUE_SHARE * len(firsts):
        return "fields: the same values come again and again"
    turns = [turn for draft in finding.drafts for turn in draft.utterances]
    if all(turn.family is None for turn in turns) and any(map(asks, contents)):
        answered = any(
            _ends_asking(content) and turn.speaker != other.speaker
            for (turn, content), (other, _) in pairwise(zip(turns, contents, strict=True))
        )
        return "" if answered else "nobody is asked: no entry leaves its question to the next"
    return ""


def _is_blank(content: str) -> bool:
    """Whether a turn is nothing but a line to write on."""
    return leaves_blanks(content) and not any(map(str.isalnum, content))


def _says_one_thing(finding: Finding, contents: Sequence[str]) -> bool:
    """Whether one of two labels stands before the same lines each time: a value, or nothing that is asked for. Who is
    asked may well say the same sentence again: ``No comment.``"""
    told = list(_by_speaker(finding, contents).values())
    if len(told) != 2:
        return False
    lines = [{frozenset(filter(None, content.split("\n"))) for content in side} for side in told]
    return any(
        len(side) >= _MIN_SAME
        and len(same) == 1
        and not (_ends_sentence(side[0]) and 2 * sum(map(_ends_asking, other)) >= len(other))
        for side, same, other in zip(told, lines, reversed(told), strict=True)
    )


def _asked(finding: Finding, drafts: Sequence[Sequence[str]]) -> list[str]:
    """What those say who ask and are answered."""
    told = [
        zip(one.utterances, said, strict=True) for one, said in zip(finding.drafts, drafts, strict=True) if said[1:]
    ]
    return [content for pairs in told for turn, content in pairs if turn.family in ASKERS]


def _by_speaker(finding: Finding, contents: Sequence[str]) -> dict[str, list[str]]:
    """What each label stands before."""
    turns = [turn for draft in finding.drafts for turn in draft.utterances]
    told: dict[str, list[str]] = {}
    for turn, content in zip(turns, contents, strict=True):
        told.setdefault(turn.speaker, []).append(content.strip())
    return told


def _are_clauses(contents: Sequence[str]) -> bool:
    """Whether most turns begin small and end as sentences, and nobody asks or says I or you: they go on with the name
    in front."""
    going_on = sum(content.lstrip()[:1].islower() and _ends_sentence(content) for content in contents)
    return 2 * going_on > len(contents) and not any(map(asks, contents)) and not is_personal(contents)


def _why_no_talk_of_two(text: str, finding: Finding) -> str:
    """Two labels that only ever stand as a pair (``Wrong:`` / ``Right:``, ``CY:`` / ``EN:``): a list of pairs, where
    the first hardly asks. Either the pairs are set apart, or the labels are words for opposites or languages."""
    turns = [turn for draft in finding.drafts for turn in draft.utterances]
    speakers = list(dict.fromkeys(turn.speaker for turn in turns))
    if finding.rule not in _NAMED or len(speakers) != 2 or any(turn.family for turn in turns):
        return ""
    if any(turn.speaker != speakers[place % 2] for place, turn in enumerate(turns)):
        return ""
    first = [_content(text, turn.pieces) for turn in turns[::2]]
    if sum(map(asks, first)) >= _ASKED_SHARE * len(first):
        return ""
    if all(speaker in words("contrasts") or speaker in words("language_codes") for speaker in speakers):
        return "pairs of opposites or translations, nobody is asked"
    breaks = [
        text.count("\n", one.pieces[-1].end, other.pieces[0].start) if one.pieces and other.pieces else 0
        for one, other in pairwise(turns)
    ]
    inside, between = breaks[::2], breaks[1::2]
    set_apart = sum(gap > max(inside) for gap in between)
    return "a list of pairs, nobody is asked" if set_apart >= _PAIRED_SHARE * len(between) > 0 else ""


def _why_left_open(pairs: Sequence[Sequence[str]], *, labelled: bool) -> str:
    """Why what stands below the questions answers none of them; what a label calls an answer is no points."""
    answers = [pair[1] for pair in pairs]
    if sum(map(leaves_blanks, answers)) >= _BLANK_SHARE * len(answers):
        return "a form: the answers are left blank"
    if not labelled and sum(is_worth(question, answer) for question, answer in pairs) * 2 >= len(pairs):
        return "an exam: points behind the questions, and no answers"
    if sum(_asks_back(answer) for answer in answers) >= _ASKING_ANSWERS * len(answers):
        return "a guide or questionnaire: questions are followed by questions"
    return "" if labelled else why_remarks(answers)


def _asks_back(answer: str) -> bool:
    """Whether an answer begins with a line that is a question."""
    first = answer.strip().split("\n", 1)[0]
    return _ends_asking(first)


def _are_signatures(contents: Sequence[str], of: int) -> bool:
    """Whether a few words without the end of a sentence, and a gap, follow most dashes: names below quotations."""
    heads = [content.strip().split("\n\n", 1)[0] for content in contents]
    signed = sum(count_words(head) <= _FEW_WORDS and not _ends_sentence(head) for head in heads)
    return signed >= _SIGNED_SHARE * of


def _ends_asking(content: str) -> bool:
    bare = content.rstrip(_CLOSERS)
    return asks(bare[-1:]) or bare.endswith(("か。", "か")) or (bare.endswith(";") and asks(bare))


def _ends_sentence(content: str) -> bool:
    return content.rstrip(_CLOSERS)[-1:] in tuple(_ENDS)


def _content(text: str, pieces: Sequence[Span]) -> str:
    return "\n".join(text[piece.start : piece.end] for piece in pieces)[:_MAX_TEXT]
