"""Reads XML that is no HTML: books and plays as headings and paragraphs, data as one section per record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.entities import html5
from itertools import groupby
from pathlib import Path
from typing import Any

from src.core.types import Field, Section, Span
from src.utils.extractors import text
from src.utils.extractors.html_paths import PathStack
from src.utils.extractors.json_records import value_sections
from src.utils.extractors.package import local_name
from src.utils.extractors.sections import Warn, clean_text, heading, ignore_warning

_PROSE = frozenset({"p", "para", "simpara", "ab"})
"""A paragraph in TEI, DocBook, JATS, DITA and FictionBook: where one is, the file is written text, else data."""
_HEADS = frozenset({"title", "head"})
_VERBATIM = frozenset({"programlisting", "screen", "literallayout", "codeblock", "pre", "verbatim"})
_BREAKS = frozenset({"br", "lb"})
_LOWEST = 6
_HTML_ENTITY = re.compile(rb"&((?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w*;)")
_SPACE = re.compile(r"\s+")


def extract(path: Path, warn: Warn = ignore_warning) -> Iterator[Section]:
    """Sections of an XML document in the order of its elements; one that is not well-formed is read as plain text.

    Entities are never resolved and nothing is fetched; libxml2's limits on depth and size stay on.
    """
    from lxml import etree

    try:
        root = _parse(path)
    except etree.XMLSyntaxError as error:
        warn(f"{path.name} is no well-formed XML and was read as plain text ({error.msg}).")
        yield from text.extract(path, warn)
        return
    written = _Written(root)
    if written.holds_prose(root):
        yield from written.sections(root)
    else:
        yield from value_sections([_data(root)])


def _parse(path: Path) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(_HTML_ENTITY.sub(_character, path.read_bytes()), parser)


def _character(found: re.Match[bytes]) -> bytes:
    """The character that HTML knows by this name, by its number: its definition is never fetched."""
    known = html5.get(found[1].decode("ascii"), "")
    return b"".join(b"&#%d;" % ord(letter) for letter in known) or found[0]


class _Written:
    """The blocks of a text: an element is one where it holds words itself; what only holds elements is walked."""

    def __init__(self, root: Any) -> None:
        self._holders: set[Any] = set()
        for element in root.iter(*(f"{{*}}{name}" for name in _PROSE)):
            for holder in element.iterancestors():
                if holder in self._holders:
                    break
                self._holders.add(holder)
        self._path = PathStack()
        self._count = 0

    def holds_prose(self, element: Any) -> bool:
        """Whether a paragraph stands anywhere below ``element``."""
        return element in self._holders

    def sections(self, element: Any, level: int = 1) -> Iterator[Section]:
        """The sections of an element; ``level`` is the depth of headings right below it."""
        name = local_name(element)
        self._path.enter(element, name)
        children = _children(element)
        if name in _VERBATIM:
            yield from self._block(_words(element).strip("\n").rstrip())
        elif name in _HEADS:
            if title := _collapse(_words(element)):
                yield heading(title, min(level, _LOWEST), self._locator())
        elif not self.holds_prose(element) and (name in _PROSE or _is_mixed(element) or not children):
            yield from self._block(_collapse(_words(element)))
        else:
            below = level + any(local_name(child) in _HEADS for child in children)
            yield from self._block(_collapse(element.text or ""))
            for child in children:
                inner = level if local_name(child) in _HEADS else below
                yield from self.sections(child, inner)
                yield from self._block(_collapse(child.tail or ""))
        self._path.leave()

    def _block(self, words: str) -> Iterator[Section]:
        words = clean_text(words)
        if words:
            place = Field(str(self._path), Span(0, len(words)))
            yield Section(f"{words}\n\n", self._locator(), fields=(place,))

    def _locator(self) -> str:
        self._count += 1
        return f"block {self._count}"


def _data(element: Any) -> Any:
    """The value of an element as JSON would hold it: attributes and elements are members, several alike a list.

    The element at the top is looked through as long as it wraps one other; its elements are the records.
    """
    children = _children(element)
    while len(children) == 1 and _children(children[0]):
        children = _children(children[0])
    return [_record(child) for child in children] or _record(element)


def _record(element: Any) -> Any:
    value = _value(element)
    return value if isinstance(value, dict | list) else {local_name(element): value}


def _value(element: Any) -> Any:
    children = _children(element)
    attributes = {name.rpartition("}")[2]: given for name, given in element.attrib.items()}
    if _is_mixed(element) or not children:
        words = _collapse(_words(element))
        return {**attributes, **({"text": words} if words else {})} if attributes else words
    members = _members(children)
    if isinstance(members, list):
        return {**attributes, "content": members} if attributes else members
    return {**attributes, **members}


def _members(children: Sequence[Any]) -> dict[str, Any] | list[dict[str, Any]]:
    """Elements by their names; a list in their order where those of one name do not stand together."""
    runs = [(name, [_value(child) for child in run]) for name, run in groupby(children, local_name)]
    if len({name for name, _ in runs}) < len(runs):
        return [{name: value} for name, run in runs for value in run]
    return {name: run if len(run) > 1 else run[0] for name, run in runs}


def _children(element: Any) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str)]


def _is_mixed(element: Any) -> bool:
    """Whether words stand in the element itself, beside those in its elements."""
    return _is_worded(element.text) or any(_is_worded(child.tail) for child in element)


def _is_worded(words: str | None) -> bool:
    return words is not None and bool(words.strip())


def _words(element: Any) -> str:
    """All text below an element, marks of a new line as \\v; an entity of the file's own stays as it is written."""
    pieces = [element.text or ""]
    for inner in element.iterdescendants():
        is_break = isinstance(inner.tag, str) and local_name(inner) in _BREAKS
        pieces.append("\v" if is_break else inner.text or "")
        pieces.append(inner.tail or "")
    return "".join(pieces)


def _collapse(words: str) -> str:
    return "\n".join(_SPACE.sub(" ", line).strip() for line in words.split("\v")).strip()
