"""Names that no colon sets off: in capitals, behind a title or a sign, before a full stop or a gap, alone in a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from src.utils.detection.lines.label_patterns import (
    ALONE,
    APART,
    CAPITAL,
    CAPITAL_APART,
    COLON,
    DESCRIBED_CAPITAL,
    FIRST_CAPITAL,
    FIRST_WORD,
    MARKED,
    PROMPT,
    STOPPED,
    TITLED,
    TITLED_STOP,
)
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.words.moments import names_day
from src.utils.detection.words.names import is_speaker_name
from src.utils.detection.words.vocabulary import html_tags, read_label, words

MAX_HEAD_WORDS = 4
"""Words of a name that stands above what is said, or before a dash."""
_MIN_INDENT = 2
_REACH = 8
"""Lines of a paragraph that tell whether others stand further left."""
_MAX_WORDS = 3
_MAX_ALONE = 60
_MAX_TITLED = 120
_MAX_CLOSING_TAGS = 4
_CLOSING_TAG = re.compile(r"</([a-zA-Z][a-zA-Z0-9]{0,9})>\s*$")


def capital_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``SIR PIERS. text``, ``Mr. COLE. text``: a name that ends in capitals, and a full stop."""
    if not text[position].isupper():
        return None
    found = CAPITAL.match(text, position, end)
    if found and not found["name"].split()[-1].isupper():
        found = FIRST_CAPITAL.match(text, position, end)
    found = found or DESCRIBED_CAPITAL.match(text, position, end)
    if not found or not found["name"].split()[-1].isupper() or not is_speaker_name(found["name"]):
        return None
    colon = COLON.match(text, position, end)
    named_later = colon is not None and colon["name"].isupper()  # MR. COLE: text
    return None if named_later or read_label(found["name"]).family else found


def titled_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``Ms. Cole. text``: a title, a name not in capitals, and a full stop."""
    first = FIRST_WORD.match(text, position, end)
    if not first or first[0].casefold() not in words("titles"):
        return None
    found = TITLED_STOP.match(text, position, end)
    return None if found and found["name"].split()[-1].isupper() else found


def stopped_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``Name. text``, each word of the name with a capital; no short answer ("Yes. ...")."""
    found = STOPPED.match(text, position, end)
    if not found or not is_speaker_name(found["name"]) or found["name"].casefold() in words("replies"):
        return None
    lower = any(word[0].islower() for word in found["name"].split())
    return None if lower or read_label(found["name"]).family else found


def apart_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``Name<tab>text``, ``name> text``: a gap, or what a terminal sets behind a name; a day of the week is none."""
    found = PROMPT.match(text, position, end) or APART.match(text, position, end)
    if not found and text[position : position + 2].isupper():
        found = CAPITAL_APART.match(text, position, end)
        found = found if found and found["name"].isupper() else None
    if not found or len(found["name"].split()) > _MAX_WORDS or not is_speaker_name(found["name"]):
        return None
    return None if names_day(found["name"].split()[0]) else found


def marked_name(text: str, position: int, end: int) -> re.Match[str] | None:
    """``◆ Name> text``: a sign before the name of every speaker."""
    found = None if text[position].isalnum() else MARKED.match(text, position, end)
    return found if found and is_speaker_name(found["name"]) else None


def name_alone(content: str, *, emphasised: bool) -> str:
    """The name or label word that is all of ``content``, a title or direction behind it aside; "" where there is none.

    A name with a title is in capitals, or ``emphasised``: emphasis opens before it and closes behind it.
    """
    bare = content
    for _ in range(_MAX_CLOSING_TAGS):
        tag = _CLOSING_TAG.search(bare)
        if not tag or tag[1].lower() not in html_tags():
            break
        bare = bare[: tag.start()]
    titled = TITLED.fullmatch(bare) if len(bare) <= _MAX_TITLED else None
    if titled and (titled["close"] if emphasised else titled["name"].isupper() and not titled["dash"]):
        return titled["name"].strip()
    found = ALONE.fullmatch(bare) if len(bare) <= _MAX_ALONE else None
    return found["name"].strip() if found else ""


def heads_paragraph(lines: Sequence[Line], index: int, name: str) -> bool:
    """Whether a few words with capitals stand above a paragraph, as the name of who says it does."""
    if not starts_block(lines, index) or len(name.split()) > MAX_HEAD_WORDS or not are_capitalised(name):
        return False
    if index + 1 >= len(lines):
        return False
    below = lines[index + 1]
    return (
        not (below.blank or below.level or below.rule)
        and not starts_block(lines, index + 1)
        and below.indent == lines[index].indent
    )


def are_capitalised(content: str) -> bool:
    """Whether most words begin with a capital and no sentence ends: a name, or what somebody is."""
    found = [word for word in content.split() if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in found)
    return bool(found) and capitals * 3 >= len(found) * 2 and content.rstrip()[-1:] not in ".!?…:;,"


def is_cue(text: str, body: int, position: int, found: re.Match[str]) -> bool:
    """``12  ANNA:Text``: a name in capitals behind the number of a cue, no space behind its colon."""
    numbered = text[body:position].strip().isdecimal()
    return numbered and found["name"].isupper() and text[found.end() : found.end() + 1].isalpha()


def is_set_in(lines: Sequence[Line], index: int) -> bool:
    """Whether a line begins a paragraph by its indent alone: lines of its block run on further left."""
    indent = lines[index].indent
    if indent < _MIN_INDENT or lines[index - 1].blank or lines[index - 1].indent > indent:
        return False
    return any(_steps_out(lines, index, step, indent) for step in (1, -1))


def _steps_out(lines: Sequence[Line], index: int, step: int, indent: int) -> bool:
    for place in range(index + step, index + step * (_REACH + 1), step):
        if not 0 <= place < len(lines) or lines[place].blank:
            return False
        if lines[place].indent < indent:
            return True
    return False
