"""Turns the HTML in which pages show an answer back into the Markdown that it was made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    {"p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "table", "blockquote"}
)
_INLINE_MARKS: Final = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}
_SKIPPED: Final = frozenset({"script", "style", "svg", "button", "noscript", "template", "head", "title"})
_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "source", "col"})
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_MANY_BREAKS: Final = re.compile(r"\n{3,}")
_LANGUAGE_NAME: Final = re.compile(r"[\w+#.-]{1,20}")
_LANGUAGE: Final = re.compile(r"\b(?:language|lang|hljs language)-([\w+#.-]+)")


def html_to_markdown(html: str) -> str:
    """The text of ``html`` as Markdown: paragraphs, headings, lists, quotations, tables, emphasis and code."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return writer.text()


class _Writer(HTMLParser):
    """Writes Markdown while it reads tags; what opens a block ends the one before."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._lists: list[int | None] = []
        """The number of the next entry of every open list; None for a bulleted one."""
        self._skipped = 0
        self._fence: list[str] | None = None
        """The texts of the open block of code, and before them its language."""
        self._has_bar = False
        """Whether a box was opened in it before any text: pages put a bar with buttons above code."""
        self._row: list[str] | None = None
        self._rows: list[list[str]] = []
        self._quoted_from: list[int] = []

    def text(self) -> str:
        """What was written so far."""
        return _MANY_BREAKS.sub("\n\n", "".join(self._out)).strip()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Open an element."""
        if self._skipped or (tag in _SKIPPED and tag not in _VOID):
            self._skipped += tag not in _VOID
        elif self._fence is not None:
            self._in_fence(tag, attrs)
        elif tag == "br":
            self._out.append("\n")
        elif tag in _INLINE_MARKS:
            self._out.append(_INLINE_MARKS[tag])
        elif tag == "code":
            self._out.append("`")
        elif tag == "hr":
            self._out.append("\n\n---\n\n")
        else:
            self._open_block(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if self._skipped:
            self._skipped -= tag not in _VOID
        elif self._fence is not None:
            if tag == "pre":
                self._close_fence(self._fence)
        elif tag in _INLINE_MARKS:
            self._out.append(_INLINE_MARKS[tag])
        elif tag == "code":
            self._out.append("`")
        else:
            self._close_block(tag)

    def handle_data(self, data: str) -> None:
        """Write text: as it stands inside code, else with one blank for any number of them."""
        if self._skipped:
            return
        if self._fence is not None:
            self._fence.append(data)
            return
        text = _SPACE.sub(" ", data)
        if text == " " and (not self._out or self._out[-1].endswith("\n")):
            return
        self._out.append(text.lstrip() if not self._out or self._out[-1].endswith("\n") else text)

    def _in_fence(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        assert self._fence is not None
        language = _LANGUAGE.search(dict(attrs).get("class") or "")
        if tag == "code" and self._has_bar:  # what stands above the code: its language, buttons
            bar = "".join(self._fence[1:]).strip()
            self._has_bar = False
            if not bar or _LANGUAGE_NAME.fullmatch(bar):
                self._fence[:] = [bar]
        if tag == "code" and language and len(self._fence) == 1:
            self._fence[0] = language[1]
        elif tag == "div":
            self._has_bar = self._has_bar or len(self._fence) == 1
        elif tag == "br":
            self._fence.append("\n")

    def _open_block(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self._break(1 if self._lists else 2)
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._break(1)
            self._out.append(self._bullet())
        elif tag in {"tr", "td", "th"}:
            self._open_cell(tag)
        elif tag in _BLOCKS:
            self._break(2 if not self._lists or tag in {"pre", "table"} else 1)
            if tag[0] == "h" and tag[1:].isdigit():
                self._out.append("#" * int(tag[1:]) + " ")
            elif tag == "pre":
                self._fence, self._has_bar = [""], False
            elif tag == "blockquote":
                self._quoted_from.append(len(self._out))

    def _close_block(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
            self._break(1 if self._lists else 2)
        elif tag in {"td", "th"} and self._row is not None and self._cell_from is not None:
            self._row.append("".join(self._out[self._cell_from :]).strip().replace("\n", " "))
            del self._out[self._cell_from :]
        elif tag == "table":
            self._close_table()
        elif tag == "blockquote" and self._quoted_from:
            self._close_quotation(self._quoted_from.pop())
        elif tag in _BLOCKS:
            self._break(2 if not self._lists else 1)

    _cell_from: int | None = None

    def _open_cell(self, tag: str) -> None:
        if tag == "tr":
            self._row = []
            self._rows.append(self._row)
        else:
            self._cell_from = len(self._out)

    def _close_table(self) -> None:
        rows = [row for row in self._rows if row]
        self._rows, self._row, self._cell_from = [], None, None
        if not rows:
            return
        width = max(map(len, rows))
        lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
        lines.insert(1, "|" + " --- |" * width)
        self._break(2)
        self._out.append("\n".join(lines) + "\n\n")

    def _close_fence(self, fence: list[str]) -> None:
        language, *texts = fence
        self._fence = None
        code = "".join(texts).strip("\n")
        marks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`{3,}", code)), default=0))
        self._out.append(f"{marks}{language}\n{code}\n{marks}\n\n")

    def _close_quotation(self, start: int) -> None:
        quoted = "".join(self._out[start:]).strip()
        del self._out[start:]
        self._out.append("\n".join(f"> {line}".rstrip() for line in quoted.split("\n")) + "\n\n")

    def _bullet(self) -> str:
        indent = "   " * (len(self._lists) - 1)
        number = self._lists[-1] if self._lists else None
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _break(self, lines: int) -> None:
        """End the line, or with 2 the paragraph, but for right behind a bullet."""
        tail = "".join(self._out[-2:])
        if not tail or (tail.endswith((". ", "- ")) and self._is_bullet(self._out[-1])):
            return
        have = len(tail) - len(tail.rstrip("\n"))
        self._out.append("\n" * max(0, lines - have))

    @staticmethod
    def _is_bullet(piece: str) -> bool:
        return re.fullmatch(r"\s*(?:-|\d+\.) ", piece) is not None
