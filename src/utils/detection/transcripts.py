"""Labelled text: decides whether the labels of a document are speakers, and cuts it into conversations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from src.utils.detection.labels import Label
from src.utils.detection.lines import Line, starts_block
from src.utils.detection.turns import Cut, Mark, bare_key, bare_speaker, cut_turns, holds_inline_answer, is_option, split_inline
from src.utils.detection.types import Draft, Family, Finding, Utterance
from src.utils.detection.vocabulary import letter_pairs, stop_labels

_ASKERS = ("question", "user")
_ANSWERERS = ("answer", "assistant")
_LOG_LEVELS = frozenset("debug trace notice warn warning error fatal critical info verbose severe".split())
_MAX_LOG_SHARE = 0.2
_MIN_NAMED = 6
_MIN_STAMPED = 2
_MIN_ALTERNATION = 0.5
_MIN_COVER = 0.3
_MAX_DISTINCT = 0.5
_MAX_IMBALANCE = 4
_MIN_MEDIAN_WORDS = 4
_FEW_TURNS = 6
_MAX_TURNS_PER_QUESTION = 40


def find_closed(text: str, lines: Sequence[Line], labels: Sequence[Mark]) -> Finding | None:
    """Turns labelled with words of the closed vocabulary: an asker's and an answerer's word are both needed."""
    marks = _consistent(text, [mark for mark in labels if mark.label.word.family and not is_option(text, lines, mark)])
    askers = [mark for mark in marks if mark.label.word.family in _ASKERS]
    answerers = [mark for mark in marks if mark.label.word.family in _ANSWERERS]
    inline = bool(askers) and not answerers and _mostly_inline(text, lines, askers)
    if not askers or not (answerers or inline):
        return None
    if not inline and min(len(askers), len(answerers)) * _MAX_IMBALANCE < max(len(askers), len(answerers)):
        return None
    pairs = _is_pairs(askers, answerers)
    if not pairs:
        marks = _with_companions(marks, labels)
    cuts = cut_turns(text, lines, marks, closed_pairs=pairs)
    drafts = _pair_drafts(text, cuts) if pairs else _dialogue_drafts(text, cuts)
    if not drafts or not _is_spoken(text, drafts):
        return None
    kind = "question and answer labels" if pairs else "speaker labels"
    reason = f"{kind}: {len(askers)} of askers, {len(answerers) or 'inline ones'} of answerers"
    return Finding("labelled pairs" if pairs else "labelled dialogue", tuple(drafts), 0.95 if len(marks) > 3 else 0.8, reason)


def find_named(text: str, lines: Sequence[Line], labels: Sequence[Mark]) -> Finding | None:
    """Turns labelled with names: taken only when the labels of the whole document behave like speakers."""
    groups: dict[tuple[str, bool, bool], list[Mark]] = defaultdict(list)
    for mark in labels:
        if mark.label.word.family in (None, "user", "assistant"):
            groups[(mark.label.form, mark.label.stamped, mark.label.bulleted)].append(mark)
    best: Finding | None = None
    for marks in groups.values():
        found = _named_group(text, lines, marks)
        if found and (best is None or found.weight > best.weight):
            best = found
    return best


def looks_like_log(text: str, lines: Sequence[Line]) -> bool:
    """Whether many lines carry a log level among their first words."""
    seen = levels = 0
    for line in lines[:4000]:
        if line.blank:
            continue
        seen += 1
        head = text[line.first : min(line.end, line.first + 80)].casefold()
        words = head.replace("[", " ").replace("]", " ").replace(":", " ").replace("|", " ").split()[:6]
        levels += any(word in _LOG_LEVELS for word in words) and any(character.isdigit() for character in head[:24])
    return seen >= 5 and levels / seen >= _MAX_LOG_SHARE


def _consistent(text: str, marks: list[Mark]) -> list[Mark]:
    """Keep the labels that go together: letters need a partner of the same form, rare forms beside common ones go."""
    marks = _partnered(text, marks)
    forms = Counter(mark.label.form for mark in marks)
    kept = {form for form, count in forms.items() if count * 8 >= max(forms.values())}
    marks = [mark for mark in marks if mark.label.form in kept]
    if marks:
        indent = Counter(_indent(mark) for mark in marks).most_common(1)[0][0]
        marks = [mark for mark in marks if _indent(mark) <= indent + 4]
    return marks


def _indent(mark: Mark) -> int:
    return mark.label.indent


def _partnered(text: str, marks: list[Mark]) -> list[Mark]:
    """Letters get the role that their partner of the same form gives them; letters without one are no labels (``A.`` may
    open a list or be an initial), but for ``Q:`` and ``A:`` beside a whole word."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for mark in marks:
        if _is_letter(mark.label):
            counts[(mark.label.form, mark.label.separator)][bare_key(mark.label)] += 1
    pairs = {shape: _best_pair(letters) for shape, letters in counts.items()}
    pairs = {shape: pair if _letters_ask(text, marks, shape, pair) else ("", "") for shape, pair in pairs.items()}
    words = {mark.label.word.family in _ASKERS for mark in marks if not _is_letter(mark.label)}
    kept = []
    for mark in marks:
        if not _is_letter(mark.label):
            kept.append(mark)
            continue
        family = _letter_family(mark.label, pairs[(mark.label.form, mark.label.separator)], words)
        if family:
            word = mark.label.word._replace(family=family)
            kept.append(Mark(mark.index, replace(mark.label, word=word)))
    return kept


def _best_pair(letters: Counter[str]) -> tuple[str, str]:
    """The pair whose letters both stand in the document, most often; ("", "") when no letter has its partner."""
    known = [pair for pair in letter_pairs() if pair[0] in letters and pair[1] in letters]
    return max(known, key=lambda pair: min(letters[pair[0]], letters[pair[1]]), default=("", ""))


def _letters_ask(text: str, marks: Sequence[Mark], shape: tuple[str, str], pair: tuple[str, str]) -> bool:
    """Whether a pair of letters is no part of an alphabetical list: q and a are taken as they are, others must ask."""
    if pair == ("q", "a") and shape[0] != "dot":
        return True
    asking = [mark.label for mark in marks if (mark.label.form, mark.label.separator) == shape and bare_key(mark.label) == pair[0]]
    asked = sum(any(sign in text[label.text_start : label.text_start + 600] for sign in "?？؟՞") for label in asking)
    return asked * 3 >= len(asking)


def _letter_family(label: Label, pair: tuple[str, str], words: set[bool]) -> Family | None:
    letter = bare_key(label)
    if letter in pair:
        return "question" if letter == pair[0] else "answer"
    if pair != ("", "") or letter not in ("q", "a") or label.separator != ":":
        return None
    asks = letter == "q"
    return ("question" if asks else "answer") if (not asks) in words or (asks and not words) else None


def _is_letter(label: Label) -> bool:
    return len(bare_key(label)) == 1


def _mostly_inline(text: str, lines: Sequence[Line], askers: Sequence[Mark]) -> bool:
    return sum(holds_inline_answer(text, lines, mark) for mark in askers) * 2 >= len(askers)


def _is_pairs(askers: Sequence[Mark], answerers: Sequence[Mark]) -> bool:
    questions = sum(mark.label.word.family == "question" for mark in askers)
    answers = sum(mark.label.word.family == "answer" for mark in answerers)
    return questions * 2 > len(askers) and answers * 2 >= len(answerers)


def _with_companions(marks: list[Mark], labels: Sequence[Mark]) -> list[Mark]:
    """Named speakers beside the label words (``Moderator:`` and two names): same form, seen more than once."""
    shapes = {(mark.label.form, mark.label.stamped) for mark in marks}
    taken = {mark.index for mark in marks}
    indent = max(_indent(mark) for mark in marks)
    others = [
        mark
        for mark in labels
        if mark.index not in taken
        and mark.label.word.family is None
        and (mark.label.form, mark.label.stamped) in shapes
        and _indent(mark) <= indent
        and (mark.label.opens_block or mark.label.stamped)
    ]
    counts = Counter(mark.label.word.key for mark in others)
    chosen = [mark for mark in others if counts[mark.label.word.key] >= 3 and mark.label.word.key not in stop_labels()]
    return sorted([*marks, *chosen], key=lambda mark: mark.index)


def _pair_drafts(text: str, cuts: Sequence[Cut]) -> list[Draft]:
    """Question and answer pairs, each a conversation; where rules set groups of them apart, the groups."""
    grouped = sum(cut.after_rule for cut in cuts) * 4 >= len(cuts)
    first_word = _first_word(cuts)
    drafts: list[list[Utterance]] = []
    starts: list[int] = []
    for number, cut in enumerate(cuts):
        answered = number + 1 < len(cuts) and cuts[number + 1].mark.label.word.family in _ANSWERERS
        alone = answered or cut.mark.label.word.family not in _ASKERS
        for position, utterance in enumerate([_utterance(cut)] if alone else split_inline(text, cut)):
            word = bare_speaker(utterance.speaker)
            asks = utterance.family in _ASKERS and (word == first_word or not drafts or drafts[-1][-1].family not in _ASKERS)
            fresh = (cut.after_rule and not position) if grouped else asks or (cut.after_heading and not position)
            if fresh or not drafts:
                drafts.append([])
                starts.append(cut.mark.label.start)
            drafts[-1].append(utterance)
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True)]


def _first_word(cuts: Sequence[Cut]) -> str:
    words = Counter(bare_key(cut.mark.label) for cut in cuts if cut.mark.label.word.family in _ASKERS)
    return words.most_common(1)[0][0] if words else ""


def _dialogue_drafts(text: str, cuts: Sequence[Cut]) -> list[Draft]:
    drafts: list[list[Utterance]] = []
    starts: list[int] = []
    for cut in cuts:
        inner = split_inline(text, cut) if cut.mark.label.word.family == "question" else [_utterance(cut)]
        family = inner[0].family
        answered = bool(drafts) and any(turn.family in _ANSWERERS for turn in drafts[-1])
        apart = (cut.after_rule or cut.after_heading) and (family not in _ANSWERERS or answered)
        fresh_system = family == "system" and bool(drafts) and drafts[-1][-1].family != "system"
        if not drafts or apart or fresh_system:
            drafts.append([])
            starts.append(cut.mark.label.start)
        drafts[-1].extend(inner)
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True)]


def _utterance(cut: Cut) -> Utterance:
    return Utterance(cut.mark.label.word.key, cut.mark.label.word.family, cut.pieces)


def _is_spoken(text: str, drafts: Sequence[Draft]) -> bool:
    """Whether the turns say something: sentences or questions, not the values of a form."""
    turns = [turn for draft in drafts for turn in draft.utterances]
    contents = ["".join(text[piece.start : piece.end] for piece in turn.pieces[:3])[:400] for turn in turns]
    if any(mark in content for content in contents for mark in "?？؟՞"):
        return True
    words = sorted(_count_words(content) for content in contents)
    if not words or words[len(words) // 2] < _MIN_MEDIAN_WORDS:
        return False
    sentences = sum(content.rstrip()[-1:] in ".!。！…\"”»)" for content in contents)
    return len(contents) > _FEW_TURNS or sentences * 2 >= len(contents)


def _count_words(content: str) -> int:
    """Words, where a script without spaces counts two characters as one."""
    wide = sum(character > "\u2e80" for character in content)
    return len(content.split()) + wide // 2


def _named_group(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> Finding | None:
    stamped = marks[0].label.stamped
    marks = _same_indent(marks)
    counts = Counter(mark.label.word.key for mark in marks)
    if not stamped and marks[0].label.form != "angle":
        marks = [mark for mark in marks if counts[mark.label.word.key] > 1 or _is_covered(lines, mark)]
        counts = Counter(mark.label.word.key for mark in marks)
    if not _behave_like_speakers(text, lines, marks, counts):
        return None
    cuts = [cut for cut in cut_turns(text, lines, marks, closed_pairs=False) if cut.pieces]
    drafts = _named_drafts(cuts)
    if not _is_conversational(text, drafts, stamped or marks[0].label.form == "angle"):
        return None
    confidence = 0.9 if stamped or marks[0].label.form == "angle" else 0.85
    reason = f"{len(marks)} turns of {len(counts)} speakers, {marks[0].label.form} labels{' with times' if stamped else ''}"
    return Finding("speaker names", tuple(drafts), confidence, reason)


def _same_indent(marks: Sequence[Mark]) -> list[Mark]:
    usual = Counter(_indent(mark) for mark in marks).most_common(1)[0][0]
    return [mark for mark in marks if abs(_indent(mark) - usual) <= 1]


def _is_covered(lines: Sequence[Line], mark: Mark) -> bool:
    return starts_block(lines, mark.index)


def _behave_like_speakers(text: str, lines: Sequence[Line], marks: Sequence[Mark], counts: Counter[str]) -> bool:
    if not marks:
        return False
    label = marks[0].label
    strong_shape = label.stamped or label.form == "angle"
    repeated = [key for key, count in counts.items() if count > 1]
    if strong_shape:
        enough = len(marks) >= _MIN_STAMPED and len(counts) >= 2
    else:
        distinct = _MAX_DISTINCT / 2 if label.bulleted else _MAX_DISTINCT
        enough = len(marks) >= _MIN_NAMED and len(repeated) >= 2 and len(counts) <= distinct * len(marks)
    if not enough:
        return False
    keys = [mark.label.word.key for mark in marks]
    changes = sum(one != other for one, other in zip(keys, keys[1:], strict=False))
    if changes < _MIN_ALTERNATION * (len(keys) - 1) and not strong_shape:
        return False
    return not _is_cyclic(keys, len(counts)) and _cover(lines, marks) >= _MIN_COVER


def _is_cyclic(keys: Sequence[str], period: int) -> bool:
    """Three or more labels that come round in the same order are the fields of records."""
    if period < 3 or len(keys) < 2 * period:
        return False
    same = sum(keys[index] == keys[index - period] for index in range(period, len(keys)))
    return same >= 0.8 * (len(keys) - period)


def _cover(lines: Sequence[Line], marks: Sequence[Mark]) -> float:
    """The share of paragraphs, between the first and the last label, that begin with a label."""
    labelled = {mark.index for mark in marks}
    first, last = marks[0].index, marks[-1].index
    blocks = [index for index in range(first, last + 1) if not lines[index].blank and starts_block(lines, index)]
    covered = sum(index in labelled for index in blocks)
    inner = sum(1 for index in range(first, last + 1) if not lines[index].blank)
    return max(covered / max(1, len(blocks)), len(marks) / max(1, inner)) if len(blocks) > 1 else len(marks) / max(1, inner)


def _named_drafts(cuts: Sequence[Cut]) -> list[Draft]:
    splits = sum(cut.after_rule for cut in cuts)
    by_rules = splits * 8 >= len(cuts)
    drafts: list[list[Utterance]] = []
    starts: list[int] = []
    for cut in cuts:
        if not drafts or (by_rules and cut.after_rule):
            drafts.append([])
            starts.append(cut.mark.label.start)
        drafts[-1].append(_utterance(cut))
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True)]


def _is_conversational(text: str, drafts: Sequence[Draft], strong_shape: bool) -> bool:
    turns = [turn for draft in drafts for turn in draft.utterances]
    contents = ["".join(text[piece.start : piece.end] for piece in turn.pieces[:3])[:400] for turn in turns]
    asking = sum(any(mark in content for mark in "?？؟՞") for content in contents)
    words = sum(map(_count_words, contents)) / max(1, len(contents))
    if strong_shape:
        return bool(contents) and (asking > 0 or len(contents) < 20) and words >= 1
    if not strong_shape and asking * _MAX_TURNS_PER_QUESTION < len(contents):
        return False
    return words >= 4 or asking * 8 >= len(contents)
