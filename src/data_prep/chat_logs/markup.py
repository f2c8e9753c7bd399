"""What programs write into the turns of a person: reminders, the state of an editor, commands and their output."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple

Kind = Literal["inline", "whole", "begins"]

_CODE: Final = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_REQUEST: Final = re.compile(r"^#+ My request for (?:Codex|ChatGPT)[^\n]*\n", re.MULTILINE)
_IDE: Final = "# Context from my IDE setup"


class _Patterns(NamedTuple):
    inline: re.Pattern[str]
    unclosed: re.Pattern[str]
    whole: re.Pattern[str]
    begins: tuple[str, ...]


def words_of_person(text: str) -> str:
    """``text`` without what the program added; "" where all of it is the program's.

    Reminders and notes of editors go wherever they stand as blocks. The marks of commands and of their output, which
    people quote too, count only where they are all there is. What stands in code stays.
    """
    patterns = _patterns()
    stripped = text.strip()
    if stripped.startswith(patterns.begins):
        return ""
    if "<" in stripped:
        stripped = _without_inline(stripped, patterns)
        if patterns.whole.fullmatch(stripped):
            return ""
    if stripped.startswith(_IDE):
        request = _REQUEST.search(stripped)
        stripped = stripped[request.end() :].strip() if request else ""
    return stripped


def _without_inline(text: str, patterns: _Patterns) -> str:
    if patterns.inline.search(text) is None and patterns.unclosed.match(text) is None:
        return text
    code = [match.span() for match in _CODE.finditer(text)]

    def unless_code(match: re.Match[str]) -> str:
        inside = any(start < match.start() and match.end() <= end for start, end in code)
        return match[0] if inside else "\n" if match[0].startswith("\n") else ""

    return patterns.unclosed.sub("", patterns.inline.sub(unless_code, text)).strip()


@cache
def _patterns() -> _Patterns:
    """Compiled from the list of marks: ``kind name`` a line."""
    text = files(__package__).joinpath("data/program_marks.txt").read_text(encoding="utf-8")
    lines = [line.split(" ", 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    names = {kind: [name for one, name in lines if one == kind] for kind in ("inline", "whole", "begins")}
    inline = _alternatives(names["inline"])
    whole = _alternatives([*names["inline"], *names["whole"]])
    return _Patterns(
        re.compile(rf"\n?[ \t]*<({inline})(?:\s[^<>]*)?>.*?</\1>[ \t]*", re.DOTALL),
        re.compile(rf"\A<(?:{inline})>(?:(?!</).)*\Z", re.DOTALL),
        re.compile(rf"(?:\s*<({whole})(?:\s[^<>]*)?>(?:.*?</\1>|(?:(?!</).)*\Z)\s*)+", re.DOTALL),
        tuple(names["begins"]),
    )


def _alternatives(names: list[str]) -> str:
    return "|".join(re.escape(name) if not name.endswith("*") else re.escape(name[:-1]) + r"[\w-]*" for name in names)
