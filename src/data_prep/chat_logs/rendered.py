"""Tells the HTML in which the page of a chat shows an answer from HTML that somebody talks about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    {"p", "pre", "ul", "ol", "blockquote", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br"}
)
_VOID: Final = frozenset({"br", "hr", "img", "input", "wbr", "col"})
_WRAPPER: Final = re.compile(r"\b(?:markdown|prose|message|response|model-response-text)", re.IGNORECASE)


def is_rendered(text: str) -> bool:
    """Whether all of ``text`` lies in blocks of prose as pages write them: paragraphs, lists, code in ``pre``, or a
    ``div`` around them whose class says that it shows an answer."""
    if not text.lstrip().startswith("<") or "```" in text:
        return False
    outline = _Outline()
    outline.feed(text)
    outline.close()
    return outline.is_prose and outline.blocks > 0 and not outline.unclosed


class _Outline(HTMLParser):
    """Looks at what stands outside of all other elements, the wrapper left aside."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.is_prose = True
        self.blocks = 0
        self.unclosed: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Open an element."""
        if not self.unclosed:
            is_wrapper = tag == "div" and any(name == "class" and _WRAPPER.search(value or "") for name, value in attrs)
            self.is_prose = self.is_prose and (tag in _BLOCKS or is_wrapper)
            self.blocks += 1
        if tag not in _VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those inside that nobody closed."""
        if tag in self.unclosed:
            while self.unclosed.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Words outside of all blocks are no page's."""
        if not self.unclosed and data.strip():
            self.is_prose = False
