"""What is no part of anybody's words in any log: marks of terminals, halves of characters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

_ANSI: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALVES: Final = re.compile(r"[\ud800-\udfff]")
_FINE: Final = bytes(byte for byte in range(256) if byte in b"\t\n" or (byte >= 0x20 and byte != 0x7F))

_SENTENCE_END: Final = tuple(".!?:;)]}`\"'*|>\u3002\uff01\uff1f")
_CLOSING: Final = tuple(".,;:!?)]}%\u201d\u2019\u3002\uff0c\uff01\uff1f\u2026")
_BLANKS: Final = (" ", "\t")
_DISLIKES: Final = frozenset({"thumbsdown", "down", "downvote", "downvoted", "dislike", "disliked", "negative", "bad"})
_NO_CONTENT: Final = "(no content)"
"""What programs write where a block is empty."""
_NO_LETTERS: Final = re.compile(r"[^a-z]")


def clean(text: str) -> str:
    """``text`` with plain line breaks, without escape sequences, control characters and blank edges."""
    if _needs_cleaning(text):
        text = _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
        text = _HALVES.sub("\ufffd", _CONTROLS.sub("", text))
    return text.strip()


def writable(text: str) -> str:
    """``text`` without halves of characters, which no file of UTF-8 can hold: names of files and ids may have them."""
    return _HALVES.sub("\ufffd", text)


def _needs_cleaning(text: str) -> bool:
    """Asked of every text there is: bytes are looked through many times faster than by a regular expression."""
    try:
        return bool(text.encode().translate(None, _FINE))
    except UnicodeEncodeError:  # half a character
        return True


def join_blocks(blocks: Iterable[str | None]) -> str:
    """The blocks of text of one message. None stands for what is left out between two, which sets them apart by a
    blank line. Where nothing lies between, a sentence that a citation cut in two is made whole again: what goes on with
    it begins with a blank, a small letter or closing punctuation. All other blocks are set apart too."""
    blocks = list(blocks)
    if len(blocks) == 1:
        return blocks[0] or ""
    joined = ""
    apart = False
    for block in blocks:
        if block is None:
            apart = True
        elif block.strip():
            if joined and (apart or not _goes_on(joined, block)):
                joined = joined.rstrip("\n") + "\n\n" + block.lstrip("\n")
            else:
                joined += block
            apart = False
    return joined


def _goes_on(before: str, block: str) -> bool:
    if block[0].isspace() or block.startswith(_CLOSING):
        return True
    is_open = not before.endswith(_SENTENCE_END)
    return is_open and (block[0].islower() or (before.endswith(_BLANKS) and block[0].isalnum()))


def join_apart(blocks: Iterable[str | None]) -> str:
    """The blocks of text of one message, where every block is a paragraph of its own."""
    return "\n\n".join(block.strip("\n") for block in blocks if block and block.strip())


def block_texts(content: Any, kinds: Collection[str]) -> list[str | None]:
    """The texts of a message's content (itself, or its blocks whose ``type`` is one of ``kinds``), for join_blocks."""
    if isinstance(content, str):
        return [content]
    if not isinstance(content, list):
        return []
    return [_block_text(block, kinds) for block in content]


def _block_text(block: Any, kinds: Collection[str]) -> str | None:
    if isinstance(block, str):
        return block
    if not isinstance(block, dict) or text_at(block, "type") not in kinds:
        return None
    text = block.get("text")
    return text if isinstance(text, str) and text.strip() != _NO_CONTENT else None


def text_at(record: Any, *path: str) -> str:
    """The text that stands at the keys of ``path``; "" where there is none."""
    for key in path:
        if not isinstance(record, dict):
            return ""
        record = record.get(key)
    return record if isinstance(record, str) else ""


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a JSON list; an empty list for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


NO_TIME: Final = float("-inf")


def instant(value: Any) -> float:
    """The moment that ``value`` names, to be compared: of a text in ISO 8601 (UTC where no zone is named) the seconds,
    of a number itself; NO_TIME, which comes before all, of what is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) if isfinite(value) else NO_TIME
        time = datetime.fromisoformat(value)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return NO_TIME


def is_dislike(value: Any) -> bool:
    """Whether a rating, as logs write it in many ways, says that an answer was bad."""
    if isinstance(value, dict):
        return any(is_dislike(value.get(key)) for key in ("type", "rating", "reaction", "value"))
    return isinstance(value, str) and _NO_LETTERS.sub("", value.casefold()) in _DISLIKES
