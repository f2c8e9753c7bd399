"""Labelled text: decides whether the labels of a document are speakers, and cuts it into conversations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from src.utils.detection.labels import Label
from src.utils.detection.lines import Line, starts_block
from src.utils.detection.turns import Cut, Mark, cut_turns, holds_inline_answer, split_inline
from src.utils.detection.types import Draft, Finding, Utterance
from src.utils.detection.vocabulary import stop_labels

_ASKERS = ("question", "user")
_ANSWERERS = ("answer", "assistant")
_LOG_LEVELS = frozenset("debug trace notice warn warning error fatal critical info verbose severe".split())
_MAX_LOG_SHARE = 0.2
_MIN_NAMED = 6
_MIN_STAMPED = 2
_MIN_ALTERNATION = 0.5
_MIN_COVER = 0.3
_MAX_DISTINCT = 0.5


def find_closed(text: str, lines: Sequence[Line], labels: Sequence[Mark]) -> Finding | None:
    """Turns labelled with words of the closed vocabulary: an asker's and an answerer's word are both needed."""
    marks = _consistent([mark for mark in labels if mark.label.word.family])
    askers = [mark for mark in marks if mark.label.word.family in _ASKERS]
    answerers = [mark for mark in marks if mark.label.word.family in _ANSWERERS]
    inline = bool(askers) and not answerers and _mostly_inline(text, lines, askers)
    if not askers or not (answerers or inline):
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
    groups: dict[tuple[str, bool], list[Mark]] = defaultdict(list)
    for mark in labels:
        if mark.label.word.family in (None, "user", "assistant"):
            groups[(mark.label.form, mark.label.stamped)].append(mark)
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


def _consistent(marks: list[Mark]) -> list[Mark]:
    """Keep the labels that go together: letters need a partner of the same form, rare forms beside common ones go."""
    marks = _partnered(marks)
    forms = Counter(mark.label.form for mark in marks)
    kept = {form for form, count in forms.items() if count * 8 >= max(forms.values())}
    marks = [mark for mark in marks if mark.label.form in kept]
    if marks:
        indent = Counter(_indent(mark) for mark in marks).most_common(1)[0][0]
        marks = [mark for mark in marks if _indent(mark) <= indent + 4]
    return marks


def _indent(mark: Mark) -> int:
    return mark.label.indent


def _partnered(marks: list[Mark]) -> list[Mark]:
    """A single letter is a label only beside its partner: ``A.`` may open a list or be an initial."""
    sides: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for mark in marks:
        if _is_letter(mark.label):
            sides[(mark.label.form, mark.label.separator)].add(mark.label.word.family in _ASKERS)
    words_ask = any(not _is_letter(mark.label) and mark.label.word.family in _ASKERS for mark in marks)
    kept = []
    for mark in marks:
        label = mark.label
        lonely = _is_letter(label) and len(sides[(label.form, label.separator)]) < 2
        asks = label.word.family in _ASKERS
        if not lonely or (asks and (label.word.number or label.separator == ":")) or (words_ask and label.separator == ":"):
            kept.append(mark)
    return kept


def _is_letter(label: Label) -> bool:
    word = label.word.key.rstrip("0123456789 .#")
    return len(word) == 1 and word.isascii()


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
    for cut in cuts:
        for position, utterance in enumerate(split_inline(text, cut)):
            word = utterance.speaker.rstrip("0123456789 .#")
            asks = utterance.family in _ASKERS and (word == first_word or not drafts or drafts[-1][-1].family not in _ASKERS)
            fresh = (cut.after_rule and not position) if grouped else asks or (cut.after_heading and not position)
            if fresh or not drafts:
                drafts.append([])
                starts.append(cut.mark.label.start)
            drafts[-1].append(utterance)
    return [Draft(tuple(turns), start) for turns, start in zip(drafts, starts, strict=True)]


def _first_word(cuts: Sequence[Cut]) -> str:
    words = Counter(cut.mark.label.word.key.rstrip("0123456789 .#") for cut in cuts if cut.mark.label.word.family in _ASKERS)
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
    if any(mark in content for content in contents for mark in "?？؟;՞"):
        return True
    words = sorted(_count_words(content) for content in contents)
    return bool(words) and words[len(words) // 2] >= 4


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
        enough = len(marks) >= _MIN_NAMED and len(repeated) >= 2 and len(counts) <= _MAX_DISTINCT * len(marks)
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
    asking = sum(any(mark in content for mark in "?？؟;") for content in contents)
    words = sum(map(_count_words, contents)) / max(1, len(contents))
    if strong_shape:
        return bool(contents) and (asking > 0 or len(contents) < 20) and words >= 1
    return words >= 4 or asking * 8 >= len(contents)
