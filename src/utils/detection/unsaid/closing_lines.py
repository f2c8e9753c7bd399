"""The last paragraph below a conversation that nobody says: ``[End of tape 11]``, the links at the foot of a page."""

from __future__ import annotations

import re
from dataclasses import replace

from src.core.types import Span
from src.utils.detection.types import ASKERS, Finding, Utterance
from src.utils.detection.words.asking import ends_as_question
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.signs import SENTENCE_ENDS
from src.utils.detection.words.vocabulary import words

_GAP = re.compile(r"\n[ \t]*\n")
_BRACKETED = re.compile(
    r"[*_]{0,2}(?:\[[^\[\]\n]{1,100}\]|\([^()\n]{1,100}\)|（[^（）\n]{1,100}）|【[^【】\n]{1,100}】|<[^<>\n]{1,100}>|[-–—=*]{2,12}[^\n]{1,80}[-–—=*]{2,12})[*_]{0,2}"
)
_LINKS = re.compile(r"[^|·•\n.?!]{1,24}(?:[ ][|·•][ ][^|·•\n.?!]{1,24}){2,12}")
_LINK = r"[^\s|.?!:;,]{1,20}(?:[ ][^\s|.?!:;,]{1,20}){0,3}"
_APART = re.compile(rf"{_LINK}(?:[ ]{{3,12}}{_LINK}){{2,12}}")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]{2,}")
_MAX_LENGTH = 120
_MAX_CREDIT = 12
"""Words of a line that names who made an interview."""
_INSIDE = ",:;?!"
_MIN_TURNS = 6
_MIN_PAIRS = 3
_ANNOUNCING = (":", "：")
_LABELLED = frozenset({"speaker names", "labelled dialogue"})
_PAIRED = frozenset({"labelled pairs", "questions as number"})
_RIGHTS = re.compile(r"(?:©|\([cC]\)[ ]|[Cc]opyright\b)[ ]?[^\n]{0,100}")
_SIGNED = re.compile(r"[^\W\d_][^\n\t:?!]{2,60}?(?:\t[\t ]*|[ ]{4,})(?P<name>[^\W\d_a-z][^\n\t?!]{2,40})")
"""``Chair of the board        K. B. Marlow``"""
_TOKEN = re.compile(r"[^\W\d_]+|\d{1,4}")
_MAX_PAGE_TOKENS = 4
_MIN_PAGE = 500
_MOST_PAGES = 9
"""Characters of a page, and the pages that a few lines may be left of."""
_SHORT = 3
_MAX_NAME = 4
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)")
_MAX_DATE = 32
_SITE = re.compile(r"[ ]?(?:https?://|www\.)\S{3,100}")


def without_closing_lines(text: str, finding: Finding) -> Finding:
    """``finding`` without the last paragraphs of its last turn that only close the document: in brackets, between
    drawn lines, links side by side, what a chat program writes at the end, or its first line once more."""
    if not finding.drafts or not finding.drafts[-1].utterances:
        return finding
    *before, last = finding.drafts[-1].utterances
    asked = _content(text, before[-1]) if before and before[-1].family in ASKERS else ""
    pieces = _cut(text, last, asked)
    if pieces and (
        (finding.rule in _LABELLED and _say_one_paragraph(text, finding)) or _sets_pairs_apart(text, finding)
    ):
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


def _sets_pairs_apart(text: str, finding: Finding) -> bool:
    """Whether a gap stands behind every answer of a list and nowhere else: there one ends the list."""
    both = [draft.utterances for draft in finding.drafts if len(draft.utterances) == 2]
    pairs = [pair for pair in both if all(turn.pieces for turn in pair)]
    if finding.rule not in _PAIRED or len(pairs) <= _MIN_PAIRS or len(pairs) < len(finding.drafts):
        return False
    bounds = [(one.pieces[0].start, other.pieces[-1].end) for one, other in pairs[:-1]]
    last = pairs[-1]
    inside = any(_GAP.search(text, start, end) for start, end in bounds)
    inside = inside or _GAP.search(text, last[0].pieces[0].start, last[1].pieces[0].start) is not None
    starts = [*(start for start, _ in bounds[1:]), last[0].pieces[0].start]
    return not inside and all(_GAP.search(text, end, start) for (_, end), start in zip(bounds, starts, strict=True))


def _first_paragraph(text: str, pieces: tuple[Span, ...]) -> tuple[Span, ...]:
    gap = _GAP.search(text, pieces[0].start, pieces[-1].end)
    if not gap or ends_as_question(text[gap.end() : pieces[-1].end]):
        return pieces  # who asks goes on
    return tuple(Span(start, min(end, gap.start())) for start, end in pieces if start < gap.start())


def _content(text: str, turn: Utterance) -> str:
    return "\n".join(text[slice(*piece)] for piece in turn.pieces)


def _cut(text: str, turn: Utterance, asked: str) -> tuple[Span, ...]:
    """The pieces of the last turn without what closes the document, unless the question before it asks for that."""
    pieces = list(turn.pieces)
    while pieces:
        start, end = pieces[-1]
        gaps = list(_GAP.finditer(text, max(start, end - _MAX_LENGTH - 8), end))
        if gaps:
            closing = text[gaps[-1].end() : end]
            announced = text[start : gaps[-1].start()].rstrip().endswith(_ANNOUNCING)
            if announced or not _closes(text, closing, asked):
                break
            pieces[-1] = Span(start, gaps[-1].start())
        else:
            apart = len(pieces) > 1 and _GAP.search(text, pieces[-2].end, start)
            if not apart or not _closes(text, text[start:end], asked):
                break
            pieces.pop()
    return tuple(pieces)


def _closes(text: str, paragraph: str, asked: str) -> bool:
    content = paragraph.strip()
    title = text[: _MAX_LENGTH + 1].lstrip().split("\n", 1)[0].strip()
    if not content or len(content) > _MAX_LENGTH or "\n" in content or _share_words(content, asked):
        return False
    if content == title or any(known.fullmatch(content) for known in (_BRACKETED, _LINKS, _APART, _RIGHTS)):
        return True
    bare = content.strip(" .*_-–—=").casefold()
    if bare in words("session_notices") or _is_credit(content) or _is_page_foot(bare):
        return True
    return _is_foot(bare) or _is_page_number(bare, _MOST_PAGES + len(text) // _MIN_PAGE) or _is_signature(content)


def _share_words(content: str, asked: str) -> bool:
    """Whether a word of ``content``, of its longest ones, also stands in the question."""
    said = _LETTERS.findall(content.casefold())
    longest = max(map(len, said), default=0)
    return any(len(word) == longest and word in said for word in _LETTERS.findall(asked.casefold()))


def _is_foot(bare: str) -> bool:
    """Whether a line ends the document in as many words, leads back to its top, or tells when it was last changed."""
    if bare.strip("()[]<>↑▲^ ") in words("foot_words"):
        return True
    phrase = max((known for known in words("foot_dates") if bare.startswith(known)), key=len, default="")
    behind = bare[len(phrase) :].lstrip() if phrase else ""
    rest = behind.lstrip(" :：")
    headed = rest[:1].isdigit() or rest != behind
    return len(rest) <= _MAX_DATE and (is_moment(rest) or (headed and _YEAR.search(rest) is not None))


def _is_page_number(bare: str, most: int) -> bool:
    """``page 1 of 3``, in any language: a word for a page, figures and one short word at most; of a figure alone only
    up to ``most``, how many pages the text may have."""
    told = _TOKEN.findall(bare)
    named = [token for token in told if token in words("pages")]
    others = [token for token in told if not token.isdecimal() and token not in words("pages")]
    if not named or told[0] in others or len(told) > _MAX_PAGE_TOKENS or len(others) > 1:
        return False
    figures = [int(token) for token in told if token.isdecimal()]
    counted = len(figures) > 1 or (bool(figures) and figures[0] <= most)
    return counted and all(len(token) <= _SHORT for token in others)


def _is_signature(content: str) -> bool:
    """Whether a wide gap parts what somebody is from a name: nothing but words with capitals, no sentence."""
    found = _SIGNED.fullmatch(content)
    named = found["name"].split() if found else ()
    return 1 < len(named) <= _MAX_NAME and all(word[0].isupper() for word in named)


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
    if bare.endswith(tuple(SENTENCE_ENDS)):
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
    script has them; or the site that did it."""
    if _SITE.fullmatch(rest):
        return True
    said = _LETTERS.findall(rest)
    return len(said) <= _MAX_CREDIT and sum(not word[0].islower() for word in said) * 2 >= len(said)
