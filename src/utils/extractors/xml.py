"""Reads XML that is no HTML: books and plays as headings and paragraphs, data as one section per record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.entities import html5
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

from src.core.types import Field, Section, Span
from src.utils.extractors import text
from src.utils.extractors.html import text_html_sections
from src.utils.extractors.html_paths import PathStack
from src.utils.extractors.json_records import value_sections
from src.utils.extractors.package import local_name
from src.utils.extractors.sections import Warn, clean_text, heading, ignore_warning

_PROSE = frozenset({"p", "para", "simpara", "ab"})
"""A paragraph in TEI, DocBook, JATS, DITA and FictionBook: where one is, the file is written text, else data."""
_HEADS = frozenset({"title", "head"})
_VERBATIM = frozenset({"programlisting", "screen", "literallayout", "codeblock", "pre", "verbatim"})
_BREAKS = frozenset({"br", "lb"})
_ASIDES = frozenset({"metadata"})
_SPEECHES = frozenset({"speech", "sp", "u", "said", "turn", "intervention", "contribution"})
_SPOKEN = _SPEECHES | {"p", "question", "answer"}
_SPEAKER_ATTRIBUTES = ("speakername", "speaker", "agent")
_WRITER_ATTRIBUTES = ("who", "by")
_SPEAKER_NAMES = frozenset({"speaker", "from", "name", "who"})
"""What is said in TEI, Akoma Ntoso, Hansard and TTML, the attributes that name who says it (on other elements than
speeches some name who wrote or does it), and the elements."""
_MIN_VOICES = 2
_MIN_FIELDS = 2
_LOWEST = 6
_HTML_ENTITY = re.compile(rb"&((?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w*;)")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?(?P<closed>/?)>")
_BLOCKS = frozenset({"p", "div", "ul", "ol", "pre", "blockquote", "table", *(f"h{level}" for level in range(1, 7))})
_CODE = _VERBATIM | {"code", "snippet", "example", "source", "script"}
_VOID = frozenset({"br", "hr", "img", "wbr", "input", "col"})
_GAP = "\n\n"
_WORD = re.compile(r"\w+")
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
        self._voices = _voices(root)
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
        if name in _ASIDES and not self.holds_prose(element):
            pass
        elif element in self._voices:
            yield from self._turn(element)
        elif name in _VERBATIM:
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

    def _turn(self, element: Any) -> Iterator[Section]:
        """What somebody says, a field for each of its paragraphs, without directions between them."""
        inner = list(element.iterdescendants(*(f"{{*}}{name}" for name in _PROSE)))
        said = [words for part in inner or [element] if (words := clean_text(_collapse(_words(part))))]
        ends = accumulate(len(words) + len(_GAP) for words in said)
        places = (Span(end - len(_GAP) - len(words), end - len(_GAP)) for end, words in zip(ends, said, strict=True))
        if said:
            fields = tuple(Field(self._voices[element], place) for place in places)
            yield Section("".join(f"{words}{_GAP}" for words in said), self._locator(), "turn", 0, fields)

    def _locator(self) -> str:
        self._count += 1
        return f"block {self._count}"


def _voices(root: Any) -> dict[Any, str]:
    """The elements that an attribute names the speaker of, where several speak and no element inside names them."""
    voices: dict[Any, str] = {}
    for element in root.iter(*(f"{{*}}{name}" for name in _SPOKEN)):
        speaker = _speaker_of(element)
        if speaker and not any(local_name(child) in _SPEAKER_NAMES for child in _children(element)):
            voices[element] = speaker.lstrip("#")
    return voices if len(set(voices.values())) >= _MIN_VOICES else {}


def _speaker_of(element: Any) -> str:
    given = {name.rpartition("}")[2]: value.strip() for name, value in element.attrib.items()}
    names = (*_SPEAKER_ATTRIBUTES, *(_WRITER_ATTRIBUTES if local_name(element) in _SPEECHES else ()))
    return next((given[name] for name in names if given.get(name)), "")


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
    attributes = {name.rpartition("}")[2]: _without_markup(given) for name, given in element.attrib.items()}
    if _is_mixed(element) or not children:
        words = _collapse(_words(element))
        words = words if local_name(element) in _CODE else _without_markup(words)
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
    for child in element:
        if isinstance(child.tag, str) and local_name(child) in _BREAKS:
            pieces.append("\v")
        elif not isinstance(child.tag, str):
            pieces.append(child.text or "")
        elif not _is_said_beside(child, element):
            pieces.append(_words(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _is_said_beside(element: Any, around: Any) -> bool:
    """Whether an element only tells in fields what the words behind it say, which are all others of the paragraph and
    a label: ``<first>Ada</first><last>Lund</last>`` in front of ``Ada Lund:``."""
    behind = (element.tail or "").rstrip()
    is_alone = element.getnext() is None and element.getprevious() is None  # len() would count all of them
    if not is_alone or _is_worded(around.text) or not behind.endswith((":", "：")):
        return False
    leaves = [inner for inner in element.iterdescendants() if not len(inner) and _is_worded(inner.text)]
    names = {local_name(inner) for inner in leaves if isinstance(inner.tag, str)}
    if not _MIN_FIELDS <= len(names) == len(leaves):
        return False
    return set(_WORD.findall(behind)).issuperset(_WORD.findall(" ".join(element.itertext())))


def _without_markup(words: str) -> str:
    """The plain text of words that are a piece of a page as a whole (feeds, trackers); others, that may tell of code,
    as they are."""
    if not _is_page(words):
        return words
    return "".join(section.text for section in text_html_sections(words, "markup")).strip()


def _is_page(words: str) -> bool:
    """Whether blocks follow each other with nothing between them, each tag with its end."""
    if not (words.startswith("<") and words.endswith(">")):
        return False
    open_tags: list[str] = []
    end = 0
    for tag in _TAG.finditer(words):
        name = tag["name"].lower()
        if not open_tags and (words[end : tag.start()].strip() or name not in _BLOCKS or tag["end"]):
            return False
        end = tag.end()
        if tag["end"]:
            if open_tags.pop() != name:
                return False
        elif name not in _VOID and not tag["closed"]:
            open_tags.append(name)
    return not open_tags and end == len(words)


def _collapse(words: str) -> str:
    return "\n".join(_SPACE.sub(" ", line).strip() for line in words.split("\v")).strip()
