"""The bold words that open a paragraph of a Word document: a name that runs in before what is said."""

from __future__ import annotations

from typing import Any

from src.core.types import Field, Section, Span
from src.utils.extractors.drawing import paragraph_text
from src.utils.extractors.package import local_name
from src.utils.extractors.sections import clean_text

_OFF = frozenset({"0", "false", "off", "none"})
_STRONG = "strong"
"""The built-in style of bold words; its id is English in every language's Word."""


def with_opening(section: Section, element: Any, number: int) -> Section:
    """``section``, the text of paragraph ``number``, with a field for its bold opening and one for the rest, their
    places named as on a web page; as it is where nothing, or all, is bold."""
    opening = clean_text(_bold_opening(element)).strip()
    body = section.text.rstrip("\n")
    if not opening or len(opening) == len(body) or not body.startswith(opening):
        return section
    place = f"body[1]/p[{number}]"
    fields = (Field(f"{place}/b[1]", Span(0, len(opening))), Field(place, Span(len(opening), len(body))))
    return section._replace(fields=fields)


def _bold_opening(element: Any) -> str:
    """The text of the first runs up to one that is not bold."""
    opening = ""
    for child in element:
        if local_name(child) == "pPr":
            continue
        text = paragraph_text(child)
        if text and not (local_name(child) == "r" and _is_bold(child)):
            return opening
        opening += text
    return opening


def _is_bold(run: Any) -> bool:
    for properties in run.iterchildren("{*}rPr"):
        for node in properties.iterchildren("{*}b", "{*}rStyle"):
            value = next((given for name, given in node.attrib.items() if name.rpartition("}")[2] == "val"), "")
            if local_name(node) == "b":
                return value not in _OFF
            if value.casefold() == _STRONG:
                return True
    return False
