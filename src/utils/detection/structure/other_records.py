"""Records that are no turns of a talk: the entries of a log, goods, articles, issues, quotations."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from src.utils.detection.lines.speech import is_personal
from src.utils.detection.structure.speakers import Said, leaves_questions, speaks_in_roles
from src.utils.detection.words.vocabulary import compact_key, json_keys

_REPLY_MARK = re.compile(r"(?:[^\W\d_]{2,5}[:：]\s*)+")
"""What a program sets before the subject of an answer: ``Re:``, ``AW:``, ``Sv:``."""
_MIN_REPEATED = 4
_DISTINCT = 0.5
_MANY_TEXTS = 50
_DISTINCT_OF_MANY = 0.25
"""Of many texts more may come again: a long talk says "yes" and "thanks" all the time, and much else."""
_MIN_HEADED = 3
_HEADED_SHARE = 0.8
_ANSWERING_SHARE = 0.75
_MARKS_OF_POSTS = {"score", "ratings", "voto"}
"""What the posts of a talk may have, too: votes."""


def are_no_turns(
    text: str, keys: Iterable[str], entries: Sequence[Said], headings: Sequence[str], *, trusted: bool = False
) -> bool:
    """Whether the objects or rows that ``entries`` were read from stand each for itself.

    ``keys`` are their keys or the headers of their columns, ``headings`` what they are called. Few values that come
    again and again are settings; a text with a heading of its own is an article or an issue, whatever it asks; the
    others are no turns where nobody is asked and nobody seems to answer, unless the list of them is called a talk
    (``trusted``).
    """
    if speaks_in_roles(entries):
        return False
    if _repeat(text, entries):
        return True
    names = {compact_key(key.rsplit("/", 1)[-1]) for key in keys}
    if _differ(headings, len(entries)) and not (names & json_keys("who_speaks").keys() and _return(entries)):
        return True
    if trusted:
        return False
    rated = bool(names & (json_keys("rating").keys() - _MARKS_OF_POSTS)) and not _answer_by_turns(entries)
    if rated or names & json_keys("history_of_changes").keys():
        return True
    if leaves_questions(text, entries):
        return False
    return (
        _tell_of_other(names)
        or _log_events(text, names, entries)
        or (_name_writers(names) and not (_answer_by_turns(entries) and _may_answer(names)))
    )


def _repeat(text: str, entries: Sequence[Said]) -> bool:
    texts = {(entry.thread, *(text[slice(*piece)] for piece in entry.pieces)) for entry in entries}
    return len(entries) >= _MIN_REPEATED and come_again(len(texts), len(entries))


def come_again(texts: int, entries: int) -> bool:
    """Whether so few different texts in so many entries are the values of settings or of a timetable."""
    return texts < (_DISTINCT if texts < _MANY_TEXTS else _DISTINCT_OF_MANY) * entries


def _differ(headings: Sequence[str], of: int) -> bool:
    """Whether most of the entries have a heading that no other has."""
    told = [_REPLY_MARK.sub("", heading.strip()).casefold() for heading in headings]
    return of >= _MIN_HEADED and len(set(filter(None, told))) >= _HEADED_SHARE * of


def _return(entries: Sequence[Said]) -> bool:
    """Whether speakers come back: several, and each twice on average."""
    counts = Counter(entry.speaker.casefold() for entry in entries)
    return sum(count > 1 for count in counts.values()) > 1 and 2 * len(counts) <= len(entries)


def _answer_by_turns(entries: Sequence[Said]) -> bool:
    """Whether writers come back, and one nearly always follows the other; a collection is in no such order."""
    changes = sum(one.speaker != other.speaker for one, other in itertools.pairwise(entries))
    return _return(entries) and changes >= _ANSWERING_SHARE * (len(entries) - 1)


def _may_answer(names: set[str]) -> bool:
    """Whether no key says that a text is a quotation, or tells of a thing."""
    return not names & json_keys("told_of").keys()


def _tell_of_other(names: set[str]) -> bool:
    """Whether the keys are those of a log, a history of changes or a list of goods: one that nothing else has, or one
    or several that a chat may have too, by whether another key says plainly who speaks."""
    beside = len(names & json_keys("beside_other").keys())
    least = 2 if names & json_keys("plain_speaker").keys() else 1
    return bool(names & json_keys("record_of_other").keys()) or beside >= least


def _log_events(text: str, names: set[str], entries: Sequence[Said]) -> bool:
    """Whether a key names what happened, and hardly a text is said to somebody: a log of what people did."""
    contents = [text[slice(*entry.pieces[0])] for entry in entries if entry.pieces]
    return bool(names & json_keys("log_event").keys()) and not is_personal(contents)


def _name_writers(names: set[str]) -> bool:
    """Whether the keys name who wrote a text, and none says plainly who speaks."""
    return bool(names & json_keys("writer").keys()) and not names & json_keys("plain_speaker").keys()
