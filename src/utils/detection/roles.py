"""From speakers to roles: merges neighbours, decides who asks and who answers, windows logs of many speakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, compress, count, islice, pairwise
from operator import ne

from src.core.types import Role, Span
from src.utils.detection.types import (
    ANSWERERS,
    ASKERS,
    ROLE_OF_FAMILY,
    Conversation,
    Family,
    Finding,
    Turn,
    Utterance,
    make_all,
)
from src.utils.detection.words.vocabulary import read_label, words

WINDOW_TURNS = 40
"""Turns of one window of a log with three or more speakers: even, so that every window begins with a user."""

_CLEAR_LEAD = 3
_SHORTEST_TITLE = 4


def to_conversations(
    text: str, finding: Finding, contexts: dict[int, Span | None], min_turns: int, before: int = 0
) -> Iterator[Conversation]:
    """The conversations of a finding that have ``min_turns`` turns or more, not counting system turns; their spans are
    those of a whole text that holds ``before`` characters before this ``text``.

    Every conversation begins with a user or system turn: a leading answer (a greeting) becomes a system turn, so that
    nothing said is lost and every provider's format accepts the sample.
    """
    spoken = [
        _spoken([utterance for utterance in draft.utterances if _says_something(text, utterance)])
        for draft in finding.drafts
    ]
    places = iter(_moved([utterance.pieces for utterances in spoken for utterance in utterances], before))
    for draft, utterances in zip(finding.drafts, spoken, strict=True):
        windows = _cut(text, utterances, list(islice(places, len(utterances))))
        if not windows:
            continue
        spans = [_cover([piece for turn in turns for piece in turn.pieces]) for turns in windows]
        thread = spans[0] if len(spans) == 1 else _cover(spans)
        context = contexts.get(draft.start)
        if context and before:
            context = Span(context.start + before, context.end + before)
        for turns, span in zip(windows, spans, strict=True):
            if _is_whole(turns, min_turns):
                yield Conversation(tuple(turns), span, context, finding.rule, finding.confidence, thread)


def _cut(text: str, utterances: Sequence[Utterance], places: Sequence[tuple[Span, ...]]) -> list[list[Turn]]:
    """The turns of ``utterances``, which stand at ``places``, in windows; none where nobody talks to anybody."""
    if len(utterances) == 2:  # long lists of questions are nothing else
        (asker, asks, _), (answerer, answers, _) = utterances
        if asks in ASKERS and answers in ANSWERERS:
            return [list(make_all(Turn, (("user", asker, places[0]), ("assistant", answerer, places[1]))))]
    turns = _turns(text, utterances, places) if utterances else []
    return _windows(turns, utterances) if turns else []


def _is_whole(turns: Sequence[Turn], min_turns: int) -> bool:
    roles = [turn.role for turn in turns]
    counted = len(roles) - roles.count("system") + _opening(turns)
    return counted >= min_turns and "user" in roles and "assistant" in roles


def _moved(pieces: list[tuple[Span, ...]], before: int) -> list[tuple[Span, ...]]:
    """The ``pieces`` of each utterance in a text that holds ``before`` characters more before them."""
    if not before:
        return pieces
    moved = list(make_all(Span, [(start + before, end + before) for spans in pieces for start, end in spans]))
    if len(moved) == len(pieces):
        return [(piece,) for piece in moved]
    places = list(accumulate(map(len, pieces), initial=0))
    return [tuple(moved[begin:end]) for begin, end in pairwise(places)]


def _says_something(text: str, utterance: Utterance) -> bool:
    for start, end in utterance.pieces:
        if end > start and not (text[start].isspace() and text[start:end].isspace()):
            return True
    return False


def _spoken(utterances: list[Utterance]) -> list[Utterance]:
    """What people and models say: without the output of tools between them; a "system" that answers is the assistant
    (recordings of dialogue systems have no other)."""
    families = {utterance.family for utterance in utterances}
    if families.isdisjoint(ASKERS):
        return utterances
    if not families.isdisjoint(ANSWERERS):
        tools = words("tools")
        return [utterance for utterance in utterances if utterance.speaker not in tools]
    answered = any(one.family in ASKERS and other.family == "system" for one, other in pairwise(utterances))
    return [_as_assistant(utterance) for utterance in utterances] if answered else utterances


def _as_assistant(utterance: Utterance) -> Utterance:
    return utterance._replace(family="assistant") if utterance.family == "system" else utterance


def _cover(pieces: Sequence[Span]) -> Span:
    return Span(min(pieces).start, max([end for _, end in pieces]))


def _opening(turns: Sequence[Turn]) -> int:
    return 1 if len(turns) > 2 and turns[0].role == "system" and turns[0].label != "system" else 0


def _count_speakers(utterances: Sequence[Utterance]) -> int:
    return len({utterance.speaker for utterance in utterances})


def _turns(text: str, utterances: Sequence[Utterance], places: Sequence[tuple[Span, ...]]) -> list[Turn]:
    """The turns of ``utterances``, which stand at ``places``; neighbours of one role become one."""
    roles = _roles(text, utterances)
    turns = [
        (roles[begin], utterances[begin].speaker, places[begin] if end == begin + 1 else (*chain(*places[begin:end]),))
        for begin, end in _runs(roles)
    ]
    return _start_with_user(list(make_all(Turn, turns)))


def _roles(text: str, utterances: Sequence[Utterance]) -> list[Role]:
    families = [utterance.family for utterance in utterances]
    known = set(families)
    if None not in known and not known.isdisjoint(ASKERS) and not known.isdisjoint(ANSWERERS):
        return [ROLE_OF_FAMILY[family] for family in families if family]
    return _alternating(utterances) if _count_speakers(utterances) > 2 else _two_sided(text, utterances)


def _two_sided(text: str, utterances: Sequence[Utterance]) -> list[Role]:
    """Two names: who asks clearly more questions is the user, else who speaks first; known words go before."""
    asker = _asker(text, utterances)
    return [
        "system" if utterance.family == "system" else "user" if utterance.speaker == asker else "assistant"
        for utterance in utterances
    ]


def _asker(text: str, utterances: Sequence[Utterance]) -> str:
    for utterance in utterances:
        if utterance.family in ("question", "user"):
            return utterance.speaker
    known = {utterance.speaker for utterance in utterances if utterance.family in ("answer", "assistant", "system")}
    others = [utterance.speaker for utterance in utterances if utterance.speaker not in known]
    if known and others:
        return others[0]
    speakers = {utterance.speaker for utterance in utterances}
    answering = {speaker for speaker in speakers if _is_titled(speaker, ANSWERERS)}
    asking = {speaker for speaker in speakers if _is_titled(speaker, ASKERS)}
    if len(asking) == 1 and not answering:
        return asking.pop()
    if len(answering) == 1 and not asking:
        asked = [utterance.speaker for utterance in utterances if utterance.speaker not in answering]
        return asked[0] if asked else ""
    questions = Counter(
        utterance.speaker
        for utterance in utterances
        if any(text[piece.start : piece.end].rstrip()[-1:] in ("?", "？", "؟") for piece in utterance.pieces[-1:])
    )
    first = utterances[0].speaker
    ranked = questions.most_common(2)
    if ranked and ranked[0][0] != first and ranked[0][1] >= _CLEAR_LEAD and ranked[0][1] >= 2 * questions[first]:
        return ranked[0][0]
    return first


def _is_titled(speaker: str, families: Sequence[Family]) -> bool:
    """Whether one word of a longer name tells the side: ``Visitor 4471``, ``GitHub Copilot``."""
    parts = [part.strip("()[]（）,") for part in speaker.split()]
    return len(parts) > 1 and any(_title(part) in families for part in parts)


def _title(part: str) -> Family | None:
    """The side that a word of a name tells; words for a question and an answer are names where they are short."""
    family = read_label(part).family
    shortest = _SHORTEST_TITLE if family in ("question", "answer") else 2
    return family if len(part) >= shortest else None


def _alternating(utterances: Sequence[Utterance]) -> list[Role]:
    """Three or more speakers: each turn answers the one before it, so the roles take turns."""
    speakers = [utterance.speaker for utterance in utterances]
    changes = accumulate(map(ne, speakers, islice(speakers, 1, None)), initial=0)
    return ["assistant" if number % 2 else "user" for number in changes]


def _runs(sides: Sequence[str]) -> list[tuple[int, int]]:
    """Where each run of equal ``sides`` begins and ends."""
    changes = compress(count(1), map(ne, sides, islice(sides, 1, None)))
    return list(pairwise([0, *changes, len(sides)]))


def _start_with_user(turns: list[Turn]) -> list[Turn]:
    if len(turns) > 2 and turns[0].role == "assistant":
        return [Turn("system", turns[0].label, turns[0].pieces), *turns[1:]]
    return turns[1:] if turns and turns[0].role == "assistant" else turns


def _windows(turns: list[Turn], utterances: Sequence[Utterance]) -> list[list[Turn]]:
    if len(turns) <= WINDOW_TURNS or _count_speakers(utterances) <= 2 or any(turn.role == "system" for turn in turns):
        return [turns]
    return [turns[start : start + WINDOW_TURNS] for start in range(0, len(turns), WINDOW_TURNS)]
