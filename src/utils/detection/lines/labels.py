"""The grammar of a labelled line: [indent][markup][time][name or label word][number][time][separator][rest]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from src.utils.detection.lines.cue_times import behind_moment
from src.utils.detection.lines.label_patterns import (
    ANGLE,
    BRACKET,
    COLON,
    COMMAND,
    EMPHASIS,
    EMPHASISED,
    HASHED,
    HINT,
    LEAD,
    OPEN_DASH,
    PROMPT,
    SENTENCE_END,
    SHAPES,
    TAG,
    WINDOW,
)
from src.utils.detection.lines.lines import Line, starts_block
from src.utils.detection.lines.name_forms import (
    MAX_HEAD_WORDS,
    apart_name,
    are_capitalised,
    capital_name,
    heads_paragraph,
    is_cue,
    is_set_in,
    marked_name,
    name_alone,
    stopped_name,
    titled_name,
)
from src.utils.detection.lines.word_forms import (
    begins_with_word,
    bracketed_answer,
    goes_before_colon,
    goes_before_name,
    short_word,
    word_behind_shape,
)
from src.utils.detection.words.names import is_speaker_name
from src.utils.detection.words.vocabulary import LabelWord, html_tags, read_label

_MAX_TITLE = 70
_BULLETS = "-*+•▪‣◦·"

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
    return _Reader(text, lines, index).read()


class _Reader:
    """Tries the forms of a label in turn, from the most to the least telling."""

    def __init__(self, text: str, lines: Sequence[Line], index: int) -> None:
        self._text = text
        self._lines = lines
        self._index = index
        self._line = lines[index]
        self._end = min(self._line.end, self._line.body + WINDOW)
        self._opens = starts_block(lines, index)

    def read(self) -> Label | None:
        position, mark = self._lead(self._line.body)
        position = behind_moment(self._text, position, self._end, self._line.end)
        if position >= self._end:
            return None
        text, end = self._text, self._end
        closed = begins_with_word(text, position, end)
        begins = text[position].isupper() and (self._opens or is_set_in(self._lines, self._index))
        return (
            self._angle(position)
            or (self._set_off(titled_name(text, position, end), "stop", ".") if begins else None)
            or (self._short(position, mark) if closed and goes_before_name(text, position, end) else None)
            or self._solution(position)
            or self._emphasised_dash(mark)
            or self._set_off(capital_name(text, position, end), "capital", ".")
            or (self._short(position, mark) if closed and goes_before_colon(text, position, end) else None)
            or self._colon(position, mark)
            or (self._short(position, mark) if closed and not PROMPT.match(text, position, end) else None)
            or self._bracket(position)
            or self._alone(position, mark)
            or self._emphasis()
            or self._open_dash(position, mark)
            or self._command(position)
            or self._set_off(marked_name(text, self._line.first, end), "marked")
            or self._set_off(apart_name(text, position, end), "apart")
            or self._coded(position)
            or (self._set_off(stopped_name(text, position, end), "stop", ".") if begins else None)
        )

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
        line = self._line
        begin = start
        while begin < line.end and self._text[begin] in " \t":
            begin += 1
        bulleted = self._text[line.first] in _BULLETS and self._text[line.first + 1 : line.first + 2] in (" ", "\t")
        return Label(
            clean, read_label(clean), form, line.start, begin, line.end, self._opens, separator, line.indent, bulleted
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
        name = found["name"] if found else "/"
        if not found or name.split()[0].strip("/").casefold() in html_tags() or name[0] in "/!?" or name[-2:] == "[]":
            return None
        if "://" in name or "=" in name or ("@" in name and "." in name):
            return None
        return self._make(name, "angle", found.end())

    def _colon(self, position: int, mark: str) -> Label | None:
        found = COLON.match(self._text, position, self._end)
        if not found:
            return None
        name = found["name"]
        label = self._make(name, "colon", found.end(), separator=":")
        close = found["space"] is None and label.word.family is None and self._text[found.end() - 1] != "："
        if close and not is_cue(self._text, self._line.body, position, found):
            return None
        if label.word.family is None and not is_speaker_name(name):
            return None
        return self._cut(label, mark, bool(found["close"] or found["after"]))

    def _short(self, position: int, mark: str) -> Label | None:
        found = short_word(self._text, position, self._end, opens=self._opens)
        if not found:
            return None
        return self._cut(self._make(found.name, found.form, found.end, separator=found.separator), mark, found.closed)

    def _solution(self, position: int) -> Label | None:
        found = bracketed_answer(self._text, position, self._line.end)
        if not found:
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
        content = self._text[position:stop].rstrip(" =" * (self._line.level > 0))
        name = name_alone(content, emphasised=bool(mark))
        if not name:
            return None
        if content[0] in SHAPES:
            word = word_behind_shape(name)
            return self._make(word, "alone", stop) if word else None
        placed = bool(mark or self._line.level)
        if len(name) > 1 and (self._opens or placed or not name[0].islower()) and read_label(name).family:
            return self._make(name, "alone", stop)
        set_off = placed or (name.isupper() and len(name) > 1)
        if (
            (set_off or heads_paragraph(self._lines, self._index, name))
            and is_speaker_name(name)
            and not SENTENCE_END.search(name.rstrip("."))
        ):
            return self._make(name, "alone", stop)._replace(plain=not set_off)
        return None

    def _open_dash(self, position: int, mark: str) -> Label | None:
        """A name and a dash: ``LE NOTAIRE. — ...``, ``LM — ...``."""
        if not self._opens and self._text[position].islower():
            return None
        found = OPEN_DASH.match(self._text, position, self._end)
        if not found or len(found["name"].split()) > MAX_HEAD_WORDS or not is_speaker_name(found["name"]):
            return None
        if not self._opens and any(word[0].islower() for word in found["name"].split()):
            return None
        title = self._text[found.end() : self._line.end]
        if (
            len(title) <= _MAX_TITLE
            and are_capitalised(title)
            and heads_paragraph(self._lines, self._index, found["name"])
        ):
            return self._make(found["name"], "alone", self._line.end)
        label = self._make(found["name"], "dash", found.end(), separator="—")
        return self._cut(label, mark, bool(found["close"] or found["after"]))

    def _set_off(self, found: re.Match[str] | None, form: Form, separator: str = "") -> Label | None:
        """The label of a name that nothing but its letters, a sign, a full stop or a gap sets off."""
        return self._make(found["name"], form, found.end(), separator=separator) if found else None

    def _coded(self, position: int) -> Label | None:
        """``P1<tab>text``: what may also number a line names somebody where a gap follows."""
        body = self._line.body
        coded = position > body and self._text[body].isalpha()
        return self._set_off(apart_name(self._text, body, self._end), "apart") if coded else None

    def _command(self, position: int) -> Label | None:
        found = COMMAND.match(self._text, position, self._end) if self._text[position] == "\\" else None
        if not found or not is_speaker_name(found["name"]):
            return None
        return self._make(found["name"], "command", found.end(), separator=found["command"])

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


def _with_bounds(label: Label, start: int, end: int) -> Label:
    return label._replace(text_start=min(start, end), text_end=end)
