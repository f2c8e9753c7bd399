"""What models think before they answer, and what they call tools with, where it stands in the text of the answer."""

from __future__ import annotations

import re
from typing import Final

_THOUGHT: Final = r"(?:antml:)?(?:think|thinking|thoughts?|reasoning)|antThinking|Thinking|THINK(?:ING)?"
_CALL: Final = r"(?:antml:)?(?:tool_(?:calls?|use|results?|responses?)|function_(?:calls?|results?))"
_TAG: Final = re.compile(
    rf"<(?P<close>/?)(?P<name>(?P<thought>{_THOUGHT})|{_CALL})\b[^<>]*>"
    r"|\[(?P<shut>/?)THINK\]|<details type=\"reasoning\"[^<>]*>"
)
_CODE_OR_TAG: Final = re.compile(
    rf"```.*?(?:```|\Z)|`[^`\n]+`|^[ \t]*(?P<tag>{_TAG.pattern})", re.DOTALL | re.MULTILINE
)
_DATA: Final = re.compile(r"\s*[{\[<]")
"""What a call begins with: JSON, or tags of its own."""
_CHANNEL: Final = re.compile(r"<\|channel\|>\s*(\w+)[^<>]*<\|message\|>")
_CHANNEL_ENDS: Final = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
_FENCE: Final = "```"


def without_thoughts(text: str) -> str:
    """An answer without the thoughts and calls that some models write around it in tags or channels of their own; ""
    where it holds nothing else.

    Tags count where they begin a line outside of code; a closing one alone ends thoughts whose beginning was lost.
    One that is not closed takes the whole answer if it begins it, and the rest where that is nothing but data. Between
    blanks, as words about them are, tags are text; a call behind a colon is an example.
    """
    if "<|channel|>" in text:
        return _said_in_channels(text)
    if "<" not in text and "[" not in text:
        return text
    kept, begun, place = _without_headless(text), 0, 0
    pieces = []
    while tag := _next_tag(kept, place):
        start, name = tag
        end = _end_of(kept, start, name)
        if end < 0:
            if not kept[:start].strip() and not _is_in_sentence(kept, start):
                return ""
            if _is_broken_call(kept, start):
                kept = kept[:start].rstrip()
            break
        if not _is_example(kept, start):
            pieces.append(kept[begun:start].rstrip())
            begun = end
        place = end
    pieces.append(kept[begun:])
    return "\n\n".join(piece.strip() for piece in pieces if piece.strip()) if len(pieces) > 1 else kept


def _said_in_channels(text: str) -> str:
    """What the last channel says, if it is no thoughts; text without a message in a channel stays."""
    channels = list(_CHANNEL.finditer(text))
    if not channels:
        return text
    finals = [one for one in channels if one[1] == "final"]
    if not finals:
        return ""
    start = finals[-1].end()
    end = _CHANNEL_ENDS.search(text, start)
    return text[start : end.start() if end else len(text)].strip()


def _without_headless(text: str) -> str:
    """``text`` behind a closing tag that no opening one comes before."""
    first = _TAG.search(text)
    if first is None or not ((first["close"] and first["thought"]) or first["shut"]):
        return text
    around = text[first.start() - 1 : first.start()], text[first.end() : first.end() + 1]
    is_quoted = "`" in around or around == (" ", " ")
    is_in_code = text.count(_FENCE, 0, first.start()) % 2
    return text if is_quoted or is_in_code else text[first.end() :].lstrip()


def _next_tag(text: str, place: int) -> tuple[int, str] | None:
    """Where the next tag opens at ``place`` or at the beginning of a line outside of code, and what closes it."""
    at_once = _TAG.match(text, place)
    if at_once and _is_opening(at_once):
        return at_once.start(), _closing(at_once)
    for found in _CODE_OR_TAG.finditer(text, place):
        if found["tag"] and _is_opening(found):
            return found.start("tag"), _closing(found)
    return None


def _is_in_sentence(text: str, start: int) -> bool:
    """Whether words follow the tag at ``start`` behind a blank."""
    tag = _TAG.match(text, start)
    return bool(tag and text[tag.end() : tag.end() + 1] == " ")


def _is_example(text: str, start: int) -> bool:
    tag = _TAG.match(text, start)
    return bool(tag and tag["name"] and not tag["thought"] and text[:start].rstrip().endswith(":"))


def _is_broken_call(text: str, start: int) -> bool:
    """Whether a call that breaks off is all that stands from ``start`` on."""
    tag = _TAG.match(text, start)
    if not tag or not tag["name"] or tag["thought"] or not _DATA.match(text, tag.end()):
        return False
    return not any(line[:1].isalpha() for line in text[tag.end() :].splitlines())


def _is_opening(tag: re.Match[str]) -> bool:
    return not (tag["close"] or tag["shut"])


def _closing(tag: re.Match[str]) -> str:
    if tag["name"]:
        return f"</{tag['name']}>"
    return "[/THINK]" if "[" in tag[0] else "</details>"


def _end_of(text: str, start: int, closing: str) -> int:
    """Where what opens at ``start`` is over; -1 where it is not closed."""
    end = text.find(closing, start)
    return end if end < 0 else end + len(closing)
