"""The last paragraph below a conversation that nobody says: ``[End of tape 11]``, the links at the foot of a page."""

from __future__ import annotations

import re
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.lines.questions import ends_as_question
from src.utils.detection.types import Finding, Utterance
from src.utils.detection.words.vocabulary import words

_GAP = re.compile(r"\n[ \t]*\n")
_BRACKETED = re.compile(
    r"[*_]{0,2}(?:\[[^\[\]\n]{1,100}\]|\([^()\n]{1,100}\)|（[^（）\n]{1,100}）|【[^【】\n]{1,100}】|<[^<>\n]{1,100}>|[-–—=*]{2,12}[^\n]{1,80}[-–—=*]{2,12})[*_]{0,2}"
)
_LINKS = re.compile(r"[^|·•\n.?!]{1,24}(?:[ ][|·•][ ][^|·•\n.?!]{1,24}){2,12}")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]{2,}")
_MAX_LENGTH = 120
_MAX_CREDIT = 12
"""Words of a line that names who made an interview."""
_INSIDE = ",:;?!"
_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")
_MIN_TURNS = 6
_LABELLED = frozenset({"speaker names", "labelled dialogue"})


def without_closing_lines(text: str, finding: Finding) -> Finding:
    """``finding`` without the last paragraphs of its last turn that only close the document: in brackets, between
    drawn lines, links side by side, what a chat program writes at the end, or its first line once more."""
    if not finding.drafts or not finding.drafts[-1].utterances:
        return finding
    *before, last = finding.drafts[-1].utterances
    pieces = _cut(text, last)
    if finding.rule in _LABELLED and pieces and _say_one_paragraph(text, finding):
        pieces = _first_paragraph(text, pieces)
    if pieces == last.pieces or not pieces:
        return finding
    draft = finding.drafts[-1]._replace(utterances=(*before, last._replace(pieces=pieces)))
    return replace(finding, drafts=(*finding.drafts[:-1], draft))


def _say_one_paragraph(text: str, finding: Finding) -> bool:
    """Whether every turn before the last is one paragraph, and there are enough of them to tell."""
    turns = [turn for draft in finding.drafts for turn in draft.utterances][:-1]
    return len(turns) >= _MIN_TURNS and not any(
        turn.pieces and _GAP.search(text, turn.pieces[0].start, turn.pieces[-1].end) for turn in turns
    )


def _first_paragraph(text: str, pieces: tuple[Span, ...]) -> tuple[Span, ...]:
    gap = _GAP.search(text, pieces[0].start, pieces[-1].end)
    if not gap or ends_as_question(text[gap.end() : pieces[-1].end]):
        return pieces  # who asks goes on
    return tuple(Span(start, min(end, gap.start())) for start, end in pieces if start < gap.start())


def _cut(text: str, turn: Utterance) -> tuple[Span, ...]:
    pieces = list(turn.pieces)
    title = text[: _MAX_LENGTH + 1].lstrip().split("\n", 1)[0].strip()
    while pieces:
        start, end = pieces[-1]
        gaps = list(_GAP.finditer(text, max(start, end - _MAX_LENGTH - 8), end))
        if gaps:
            if not _closes(text[gaps[-1].end() : end], title):
                break
            pieces[-1] = Span(start, gaps[-1].start())
        else:
            apart = len(pieces) > 1 and _GAP.search(text, pieces[-2].end, start)
            if not apart or not _closes(text[start:end], title):
                break
            pieces.pop()
    return tuple(pieces)


def _closes(paragraph: str, title: str) -> bool:
    content = paragraph.strip()
    if not content or len(content) > _MAX_LENGTH or "\n" in content:
        return False
    if _BRACKETED.fullmatch(content) or _LINKS.fullmatch(content) or content == title:
        return True
    bare = content.strip(" .*_-–—=").casefold()
    return bare in words("session_notices") or _is_credit(content) or _is_page_foot(bare)


def _is_page_foot(bare: str) -> bool:
    """Whether a line says that an assistant, which it names, makes mistakes."""
    if not any(part in bare for part in words("page_feet")):
        return False
    said = {*_LETTERS.findall(bare), *_LATIN.findall(bare)}
    return any(name in said or (name in bare and not name.isascii()) for name in words("assistant_names"))


def _is_credit(content: str) -> bool:
    """Whether a line without the end of a sentence begins with who asked, wrote or took pictures, or is to be asked:
    ``Interview: Ann Bell``, ``*Беседовала Вера Ким*``."""
    written = content.strip("*_ ()（）[]")
    bare = written.casefold()
    if bare.endswith(_ENDS):
        return False
    known = [credit for credit in words("credits") if bare.startswith(credit)]
    if known:
        return _names_somebody(written[max(map(len, known)) :])
    name, mark, role = bare.rpartition("(" if "(" in bare else " ")
    if mark == " " and role in words("interview"):
        return False  # what was said just now is called so, too
    if role in words("credits_behind") and written[: len(name)].strip():
        return _names_somebody(written[: len(name)]) and not set(bare) & set(_INSIDE)
    key, colon, value = bare.replace("：", ":", 1).partition(":")
    return bool(colon) and key.strip() in words("contact") and any(map(str.isdigit, value))


def _names_somebody(rest: str) -> bool:
    """Whether what stands behind a credit is short, and a name: capitals on at least half of its words, where the
    script has them."""
    said = _LETTERS.findall(rest)
    return len(said) <= _MAX_CREDIT and sum(not word[0].islower() for word in said) * 2 >= len(said)
