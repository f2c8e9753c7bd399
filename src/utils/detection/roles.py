"""From speakers to roles: merges neighbours, decides who asks and who answers, windows logs of many speakers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter

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
)
from src.utils.detection.words.vocabulary import read_label, words

WINDOW_TURNS = 40
"""Turns of one window of a log with three or more speakers: even, so that every window begins with a user."""

_CLEAR_LEAD = 3


def to_conversations(
    text: str, finding: Finding, contexts: dict[int, Span | None], min_turns: int
) -> Iterator[Conversation]:
    """The conversations of a finding that have ``min_turns`` turns or more, not counting system turns.

    Every conversation begins with a user or system turn: a leading answer (a greeting) becomes a system turn, so that
    nothing said is lost and every provider's format accepts the sample.
    """
    for draft in finding.drafts:
        utterances = _spoken([utterance for utterance in draft.utterances if _says_something(text, utterance)])
        if not utterances:
            continue
        assigned = _assign(text, utterances)
        windows = list(_windows(assigned, _count_speakers(utterances)))
        whole = _cover(assigned) if len(windows) > 1 else None
        for turns in windows:
            roles = [turn.role for turn in turns]
            spoken = len(roles) - roles.count("system") + _opening(turns)
            if spoken < min_turns or "user" not in roles or "assistant" not in roles:
                continue
            span = _cover(turns)
            context = contexts.get(draft.start)
            yield Conversation(tuple(turns), span, context, finding.rule, finding.confidence, whole or span)


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
        return [utterance for utterance in utterances if utterance.speaker not in words("tools")]
    answered = any(one.family in ASKERS and other.family == "system" for one, other in pairwise(utterances))
    return [_as_assistant(utterance) for utterance in utterances] if answered else utterances


def _as_assistant(utterance: Utterance) -> Utterance:
    return utterance._replace(family="assistant") if utterance.family == "system" else utterance


def _cover(turns: Sequence[Turn]) -> Span:
    starts = [piece.start for turn in turns for piece in turn.pieces]
    ends = [piece.end for turn in turns for piece in turn.pieces]
    return Span(min(starts), max(ends))


def _opening(turns: Sequence[Turn]) -> int:
    return 1 if len(turns) > 2 and turns[0].role == "system" and turns[0].label != "system" else 0


def _count_speakers(utterances: Sequence[Utterance]) -> int:
    return len({utterance.speaker for utterance in utterances})


def _assign(text: str, utterances: Sequence[Utterance]) -> list[Turn]:
    families = {utterance.family for utterance in utterances}
    if len(utterances) == 2 and utterances[0].family in ASKERS and utterances[1].family in ANSWERERS:
        asked, answered = utterances
        return [Turn("user", asked.speaker, asked.pieces), Turn("assistant", answered.speaker, answered.pieces)]
    speakers = _count_speakers(utterances)
    if None not in families and (families & {"question", "user"}) and (families & {"answer", "assistant"}):
        roles: list[Role] = [ROLE_OF_FAMILY[utterance.family] for utterance in utterances if utterance.family]
        return _start_with_user(_merge(zip(roles, utterances, strict=True)))
    if speakers > 2:
        return _alternate(utterances)
    return _start_with_user(_merge(_two_sided(text, utterances)))


def _two_sided(text: str, utterances: Sequence[Utterance]) -> Iterator[tuple[Role, Utterance]]:
    """Two names: who asks clearly more questions is the user, else who speaks first; known words go before."""
    asker = _asker(text, utterances)
    for utterance in utterances:
        if utterance.family == "system":
            yield "system", utterance
        else:
            yield ("user" if utterance.speaker == asker else "assistant"), utterance


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
        return next(utterance.speaker for utterance in utterances if utterance.speaker not in answering)
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
    return len(parts) > 1 and any(len(part) > 1 and read_label(part).family in families for part in parts)


def _merge(pairs: Iterable[tuple[Role, Utterance]]) -> list[Turn]:
    """Neighbouring turns of one role become one."""
    turns = []
    for role, group in groupby(pairs, key=itemgetter(0)):
        members = [utterance for _, utterance in group]
        turns.append(Turn(role, members[0].speaker, _pieces(members)))
    return turns


def _alternate(utterances: Sequence[Utterance]) -> list[Turn]:
    """Three or more speakers: each turn answers the one before it, so the roles take turns."""
    turns: list[Turn] = []
    for speaker, group in groupby(utterances, key=attrgetter("speaker")):
        role: Role = "assistant" if len(turns) % 2 else "user"
        turns.append(Turn(role, speaker, _pieces(list(group))))
    return turns


def _pieces(members: Sequence[Utterance]) -> tuple[Span, ...]:
    if len(members) == 1:
        return members[0].pieces
    return tuple(piece for member in members for piece in member.pieces)


def _start_with_user(turns: list[Turn]) -> list[Turn]:
    if len(turns) > 2 and turns[0].role == "assistant":
        return [Turn("system", turns[0].label, turns[0].pieces), *turns[1:]]
    return turns[1:] if turns and turns[0].role == "assistant" else turns


def _windows(turns: list[Turn], speakers: int) -> Iterator[list[Turn]]:
    if speakers <= 2 or len(turns) <= WINDOW_TURNS or any(turn.role == "system" for turn in turns):
        yield turns
        return
    for start in range(0, len(turns), WINDOW_TURNS):
        yield turns[start : start + WINDOW_TURNS]
