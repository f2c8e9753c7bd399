"""The grammar of a labelled line: [indent][markup][time][name or label word][number][time][separator][rest]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from src.utils.detection.lines.label_patterns import (
    ALONE,
    ANGLE,
    BRACKET,
    BRACKETED,
    CLOSERS,
    COLON,
    COMMAND,
    DASH,
    DOT,
    EMPHASIS,
    EMPHASISED,
    FIRST_WORD,
    GAP,
    HASHED,
    HINT,
    LEAD,
    MARKED,
    NUMBERED,
    OPEN_DASH,
    PROMPT,
    SENTENCE_END,
    TAG,
    TITLED,
    WINDOW,
)
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.name_forms import apart_name, capital_name, is_set_in, stopped_name, titled_name
from src.utils.detection.words.moments import read_moment
from src.utils.detection.words.names import is_speaker_name
from src.utils.detection.words.vocabulary import LabelWord, first_words, html_tags, read_label

_MAX_NAME_WORDS = 4
_MAX_TITLE = 70

Form = Literal[
    "angle", "colon", "dash", "dot", "alone", "bracket", "emphasis", "capital", "command", "marked", "apart", "stop"
]


class Label(NamedTuple):
    """A label found at the start of a line.

    ``name`` as it stands, ``word`` to compare; ``text_start`` and ``text_end`` bound the rest of the line.
    """

    name: str
    word: LabelWord
    form: Form
    start: int
    text_start: int
    text_end: int
    opens_block: bool = False
    separator: str = ""
    indent: int = 0
    bulleted: bool = False
    plain: bool = False
    """Whether only capitals and the paragraph below set a name off, as they do a heading."""

    @property
    def alone(self) -> bool:
        """Whether nothing stands behind the label in its line."""
        return self.text_start >= self.text_end

    @property
    def named(self) -> bool:
        """Whether the label may be a person's name: no label word, no stop word, shaped like a name."""
        return self.word.family is None


def find_label(text: str, lines: Sequence[Line], index: int) -> Label | None:
    """The label that line ``index`` begins with, or None. Reads at most 240 characters of it: linear in the text."""
    line = lines[index]
    if line.blank or line.skip or line.code or line.foreign or line.rule:
        return None
    if not HINT.match(text, line.body, line.end):
        return None
    end = min(line.end, line.body + WINDOW)
    opens = starts_block(lines, index)
    return _Reader(text, lines, index, end, opens).read()


class _Reader:
    """Tries the forms of a label in turn, from the most to the least telling."""

    def __init__(self, text: str, lines: Sequence[Line], index: int, end: int, opens: bool) -> None:
        self._text = text
        self._lines = lines
        self._index = index
        self._line = lines[index]
        self._end = end
        self._opens = opens

    def read(self) -> Label | None:
        position, mark = self._lead(self._line.body)
        position = self._skip_moment(position)
        if position >= self._end:
            return None
        closed = self._begins_closed(position)
        begins = self._text[position].isupper() and (self._opens or is_set_in(self._lines, self._index))
        return (
            self._angle(position)
            or (self._set_off(titled_name(self._text, position, self._end), "stop") if begins else None)
            or (self._letter(position, mark) if closed else None)
            or self._solution(position)
            or self._emphasised_dash(mark)
            or self._set_off(capital_name(self._text, position, self._end), "capital")
            or (self._word_before_colon(position, mark) if closed else None)
            or self._colon(position, mark)
            or (self._short(position, mark) if closed and not self._is_prompt(position) else None)
            or self._bracket(position)
            or self._alone(position, mark)
            or self._emphasis()
            or self._open_dash(position, mark)
            or self._command(position)
            or self._marked()
            or self._set_off(apart_name(self._text, position, self._end), "apart")
            or (self._set_off(stopped_name(self._text, position, self._end), "stop") if begins else None)
        )

    def _begins_closed(self, position: int) -> bool:
        """Whether the first word is one that a label of the closed vocabulary begins with."""
        word = FIRST_WORD.match(self._text, position, self._end)
        return word is not None and word[0].casefold() in first_words()

    def _lead(self, position: int) -> tuple[int, str]:
        lead = LEAD.match(self._text, position, self._end)
        position = lead.end() if lead else position
        for _ in range(4):
            tag = TAG.match(self._text, position, self._end)
            if not tag or tag[1].lower() not in html_tags():
                break
            position = tag.end()
        mark = EMPHASIS.match(self._text, position, self._end)
        if not mark:
            return position, ""
        position = mark.end()
        inner = LEAD.match(self._text, position, self._end)
        return (inner.end() if inner else position), mark[0]

    def _make(self, name: str, form: Form, start: int, *, separator: str = "") -> Label:
        clean = name.strip(" \t*_`~.\u200e\u200f\ufeff")
        text_end = self._line.end
        begin = start
        while begin < text_end and self._text[begin] in " \t":
            begin += 1
        bulleted = self._text[self._line.first] in "-*+•▪‣◦·" and self._text[
            self._line.first + 1 : self._line.first + 2
        ] in (" ", "\t")
        return Label(
            clean,
            read_label(clean),
            form,
            self._line.start,
            begin,
            text_end,
            self._opens,
            separator,
            self._line.indent,
            bulleted,
        )

    def _cut(self, label: Label, mark: str, closed: bool) -> Label:
        """Where emphasis opened before the label and closes at the end of the line, both marks are left out."""
        tail = self._text[label.text_start : label.text_end]
        if mark and not closed and tail.endswith(mark) and tail.count(mark) % 2:
            return _with_bounds(label, label.text_start, label.text_end - len(mark))
        return label

    def _angle(self, position: int) -> Label | None:
        hashed = HASHED.match(self._text, position, self._end) if self._text[position] == "#" else None
        if hashed:
            return self._make(hashed["name"], "colon", hashed.end())
        found = ANGLE.match(self._text, position, self._end) if self._text[position] == "<" else None
        if not found or found["name"].split()[0].strip("/").casefold() in html_tags() or found["name"][0] in "/!?":
            return None
        if "://" in found["name"] or "=" in found["name"] or ("@" in found["name"] and "." in found["name"]):
            return None
        return self._make(found["name"], "angle", found.end())

    def _skip_moment(self, position: int) -> int:
        """Past a time in front of a label: ``[00:12] Q: ...``."""
        start = position + (self._text[position : position + 1] in ("[", "(", "<"))
        if not self._text[start : start + 1].isdigit():
            return position
        stop = read_moment(self._text, start, self._end)
        closers = CLOSERS.match(self._text, stop, self._line.end) if stop > 0 else None
        return closers.end() if closers else position

    def _colon(self, position: int, mark: str) -> Label | None:
        found = COLON.match(self._text, position, self._end)
        if not found:
            return None
        name = found["name"]
        label = self._make(name, "colon", found.end(), separator=":")
        if found["space"] is None and label.word.family is None and self._text[found.end() - 1] != "：":
            return None
        if label.word.family is None and not is_speaker_name(name):
            return None
        return self._cut(label, mark, bool(found["close"] or found["after"]))

    def _letter(self, position: int, mark: str) -> Label | None:
        """``A6. Patient: ...``, ``A    He asked me: ...``: a letter with its number, or set apart, goes before a name
        with a colon."""
        set_apart = GAP.match(self._text, position, self._end)
        if set_apart and len(set_apart["name"]) == 1:
            return self._short(position, mark)
        found = DOT.match(self._text, position, self._end)
        if found and len(found["name"].rstrip("0123456789.-")) == 1 and read_label(found["name"]).number:
            return self._short(position, mark)
        return None

    def _word_before_colon(self, position: int, mark: str) -> Label | None:
        """``Answer. Once: as a courtesy``: the word goes before what else stands before the colon."""
        found = DOT.match(self._text, position, self._end)
        if found and len(found["name"]) > 1 and read_label(found["name"]).family in ("question", "answer"):
            return self._short(position, mark)
        return None

    def _short(self, position: int, mark: str) -> Label | None:
        """``Q. text``, ``A1) text``, ``Q - text``: only words of the closed vocabulary."""
        for pattern, form in ((DASH, "dash"), (DOT, "dot"), (GAP, "dot"), (NUMBERED, "dot")):
            found = pattern.match(self._text, position, self._end)
            if found and read_label(found["name"]).family and not self._runs_on(found["name"]):
                close = bool(found["close"] or found.groupdict().get("after"))
                separator = found[0].strip()[-1:] if pattern not in (GAP, NUMBERED) else " "
                label = self._make(found["name"], "dash" if form == "dash" else "dot", found.end(), separator=separator)
                return self._cut(label, mark, close)
        return None

    def _runs_on(self, name: str) -> bool:
        """Whether a word without a capital stands at the beginning of a line by chance: the line above runs on."""
        return len(name) > 1 and name[0].islower() and not self._opens and not name[-1].isdigit()

    def _solution(self, position: int) -> Label | None:
        """``(Answer: a lemon)``: a word for an answer in the brackets that hold it."""
        found = BRACKETED.match(self._text, position, self._line.end) if self._text[position] in "[【(（［" else None
        if not found or read_label(found["name"]).family != "answer":
            return None
        return _with_bounds(self._make(found["name"], "bracket", found.start("told")), *found.span("told"))

    def _bracket(self, position: int) -> Label | None:
        found = BRACKET.match(self._text, position, self._end) if self._text[position] in "[【(（〔［" else None
        if not found:
            return None
        name = found["square"] or found["cjk"] or found["wide"] or found["round"]
        word = read_label(name)
        if word.family is None and (found["round"] or not is_speaker_name(name)):
            return None
        return self._make(name, "bracket", found.end())

    def _alone(self, position: int, mark: str) -> Label | None:
        """A label word, or an emphasised or capital name, alone in its line."""
        stop = self._line.end
        bare = self._text[position:stop]
        for _ in range(4):
            tag = re.search(r"</([a-zA-Z][a-zA-Z0-9]{0,9})>\s*$", bare)
            if not tag or tag[1].lower() not in html_tags():
                break
            bare = bare[: tag.start()]
        titled = TITLED.fullmatch(bare) if len(bare) <= 120 else None
        if titled and not (titled["close"] if mark else titled["name"].isupper() and not titled["dash"]):
            titled = None
        found = titled or (ALONE.fullmatch(bare) if len(bare) <= 60 else None)
        if found is None:
            return None
        name = found["name"].strip()
        if (
            read_label(name).family
            and len(name) > 1
            and (self._opens or mark or self._line.level or not name[0].islower())
        ):
            return self._make(name, "alone", stop)
        loud = name.isupper() and len(name) > 1
        set_off = bool(mark or loud or self._line.level)
        if (
            (set_off or self._heads_paragraph(name))
            and is_speaker_name(name)
            and not SENTENCE_END.search(name.rstrip("."))
        ):
            return self._make(name, "alone", stop)._replace(plain=not set_off)
        return None

    def _heads_paragraph(self, name: str) -> bool:
        """Whether a few words with capitals stand above a paragraph, as the name of who says it does."""
        if not self._opens or len(name.split()) > _MAX_NAME_WORDS or not _are_capitalised(name):
            return False
        below = self._index + 1
        return (
            below < len(self._lines)
            and not (self._lines[below].blank or self._lines[below].level or self._lines[below].rule)
            and not starts_block(self._lines, below)
            and self._lines[below].indent == self._line.indent
        )

    def _open_dash(self, position: int, mark: str) -> Label | None:
        """A name and a dash: ``LE NOTAIRE. — ...``, ``LM — ...``."""
        if not self._opens and self._text[position].islower():
            return None
        found = OPEN_DASH.match(self._text, position, self._end)
        if not found or len(found["name"].split()) > 4 or not is_speaker_name(found["name"]):
            return None
        if not self._opens and any(word[0].islower() for word in found["name"].split()):
            return None
        title = self._text[found.end() : self._line.end]
        if len(title) <= _MAX_TITLE and _are_capitalised(title) and self._heads_paragraph(found["name"]):
            return self._make(found["name"], "alone", self._line.end)
        label = self._make(found["name"], "dash", found.end(), separator="—")
        return self._cut(label, mark, bool(found["close"] or found["after"]))

    def _set_off(self, found: re.Match[str] | None, form: Form) -> Label | None:
        """The label of a name that nothing but its letters, a full stop or a gap sets off."""
        if not found:
            return None
        return self._make(found["name"], form, found.end(), separator="" if form == "apart" else ".")

    def _command(self, position: int) -> Label | None:
        found = COMMAND.match(self._text, position, self._end) if self._text[position] == "\\" else None
        if not found or not is_speaker_name(found["name"]):
            return None
        return self._make(found["name"], "command", found.end(), separator=found["command"])

    def _marked(self) -> Label | None:
        if self._text[self._line.first].isalnum():
            return None
        found = MARKED.match(self._text, self._line.first, self._end)
        if not found or not is_speaker_name(found["name"]):
            return None
        return self._make(found["name"], "marked", found.end())

    def _is_prompt(self, position: int) -> bool:
        return PROMPT.match(self._text, position, self._end) is not None

    def _emphasised_dash(self, mark: str) -> Label | None:
        """``*Name* - text``, ``_Name._--text``: emphasis and a dash, of whatever width."""
        label = self._emphasis() if mark else None
        if label is None or label.form != "dash" or label.word.family:
            return None
        return label

    def _emphasis(self) -> Label | None:
        """``**Name** text``: emphasis alone sets the name off."""
        if self._text[self._line.body].isalpha():
            return None
        lead = LEAD.match(self._text, self._line.body, self._end)
        found = EMPHASISED.match(self._text, lead.end() if lead else self._line.body, self._end)
        if not found or not (read_label(found["name"]).family or is_speaker_name(found["name"])):
            return None
        if found["dash"]:
            return self._make(found["name"], "dash", found.end(), separator="—")
        return self._make(found["name"], "emphasis", found.end())


def _are_capitalised(content: str) -> bool:
    """Whether most words begin with a capital and no sentence ends: a name, or what somebody is."""
    found = [word for word in content.split() if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in found)
    return bool(found) and capitals * 3 >= len(found) * 2 and content.rstrip()[-1:] not in ".!?…:;,"


def _with_bounds(label: Label, start: int, end: int) -> Label:
    return label._replace(text_start=min(start, end), text_end=end)
