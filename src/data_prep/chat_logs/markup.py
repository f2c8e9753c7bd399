"""What programs write into the turns of a person: reminders, the state of an editor, commands and their output."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple, get_args

Kind = Literal["inline", "lines", "whole", "begins", "notice"]

_CODE: Final = re.compile(r"```.*?```|~~~.*?~~~|(?<!`)`[^`\n]+`", re.DOTALL)
_REQUEST: Final = re.compile(r"^#+ My request for (?:Codex|ChatGPT)[^\n]*\n", re.MULTILINE)
_REST_OF_LINE: Final = re.compile(r"[ \t]*(?:\n|\Z)|\s*<")
_BLANKS: Final = (" ", "\t")
_CONTEXTS: Final = ("# Context from my IDE setup:", "# Files mentioned by the user:")
_IMAGES: Final = re.compile(
    r"\A\s*(?:<image name=\[Image #\d{1,4}\]>\s*(?:</image>)?\s*|</image>\s*(?=\Z|#)|\[Image #\d{1,4}\]\s*)+"
    r"|(?:\s*\[Image #\d{1,4}\])+\s*\Z"
)
"""Where a picture was pasted before or behind the words; the log has it in a block of its own."""
_ALONE: Final = re.compile(r"[ \t]*(?:\n|\Z)")


class _Patterns(NamedTuple):
    opening: re.Pattern[str]
    whole: re.Pattern[str]
    leading: re.Pattern[str]
    begins: tuple[str, ...]
    notices: tuple[str, ...]


def words_of_blocks(texts: Iterable[str]) -> str:
    """What the person says in the blocks of one turn: the program adds its context as blocks of their own."""
    return "\n\n".join(filter(None, map(words_of_person, texts)))


def words_of_person(text: str) -> str:
    """``text`` without what the program added; "" where all of it is the program's.

    Reminders and notes of editors go wherever they stand as blocks, the output of commands where it has lines of its
    own. Other marks of commands, which people quote too, count only where they are all there is, or before a line break
    at the beginning. What stands in code stays.
    """
    patterns = _patterns()
    stripped = (_IMAGES.sub("", text) if "[Image #" in text or "</image>" in text else text).strip()
    is_notice = stripped.startswith(patterns.notices) and "\n" not in stripped and "?" not in stripped
    if is_notice or stripped.startswith(patterns.begins):
        return ""
    if "<" in stripped:
        stripped = _without_inline(stripped, patterns)
        if patterns.whole.fullmatch(stripped):
            return ""
        stripped = patterns.leading.sub("", stripped, count=1).strip()
    if stripped.startswith(_CONTEXTS):
        request = _REQUEST.search(stripped)
        stripped = stripped[request.end() :].strip() if request else ""
    return stripped


def _without_inline(text: str, patterns: _Patterns) -> str:
    masked = _CODE.sub(_masked, text)
    code = [match.span() for match in _CODE.finditer(masked)]
    kept = []
    end = 0
    for start, stop, is_closed in _inline_spans(masked, patterns.opening):
        before = bisect_left(code, (start, start)) - 1
        in_code = before >= 0 and (stop if is_closed else start) <= code[before][1]
        if start >= end and not in_code:
            kept.append(text[end:start])
            end = stop
    return "".join([*kept, text[end:]]).strip()


def _masked(code: re.Match[str]) -> str:
    """Code within a line without its characters: a tag that is quoted there opens and closes nothing."""
    return code[0] if code[0].startswith(("```", "~~~")) else "x" * len(code[0])


def _inline_spans(text: str, opening: re.Pattern[str]) -> Iterator[tuple[int, int, bool]]:
    """Where the tags lie that are cut out, with the blanks beside them, and whether they are closed. One that stands
    alone in a line and is never closed goes on to the end. Every name is looked for in vain only once, so that many
    tags without an end take no longer than one."""
    never_closed: set[str] = set()
    place = 0
    while tag := opening.search(text, place):
        place = tag.end()
        name = (tag[1] or tag[2]).casefold()
        end = -1 if name in never_closed else _end_of(text, place, name)
        start = tag.start()
        if end < 0:
            never_closed.add(name)
            if tag[1] and text[start - 1 : start] in ("", "\n") and _ALONE.match(text, place):
                yield start, len(text), False
            continue
        place = end
        if tag[2] and _REST_OF_LINE.match(text, place) is None:
            continue
        while start and text[start - 1] in _BLANKS:
            start -= 1
        if not start or text[start - 1] == "\n":
            while text[place : place + 1] in _BLANKS:
                place += 1
        yield start, place, True


def _end_of(text: str, place: int, name: str) -> int:
    """Where the tag ``name`` that was opened before ``place`` is closed, with what begins a line within it under the
    same name; its last end where one of those is not closed, -1 where there is none."""
    depth, end = 1, -1
    for tag in _tags_of(name).finditer(text, place):
        if not tag[1]:
            depth += tag.start() == place or text[tag.start() - 1] == "\n"
            continue
        depth, end = depth - 1, tag.end()
        if not depth:
            break
    return end


@cache
def _tags_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){re.escape(name)}(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)


@cache
def _patterns() -> _Patterns:
    """Compiled from the list of marks: ``kind name`` a line. Where a tag was matched nothing goes back into it."""
    text = files(__package__).joinpath("data/program_marks.txt").read_text(encoding="utf-8")
    lines = [line.split(" ", 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    names = {kind: [name for one, name in lines if one == kind] for kind in get_args(Kind)}
    joined = _alternatives([name for name in names["inline"] if not name.isalpha()])
    other = _alternatives([name for name in names["inline"] if name.isalpha()])
    lines_of = _alternatives(names["lines"])
    whole = _alternatives([*names["inline"], *names["lines"], *names["whole"]])
    return _Patterns(
        re.compile(rf"<((?i:{joined})|{other})(?:\s[^<>]*)?(?<!/)>|^<({lines_of})>", re.MULTILINE),
        re.compile(rf"(?:\s*<({whole})(?:\s[^<>]*)?>(?>.*?</\1>|(?:(?!</).)*\Z)\s*+)++", re.DOTALL),
        re.compile(rf"\A(?:\s*<({whole})(?:\s[^<>]*)?>(?>.*?</\1>)[ \t]*+)++\n", re.DOTALL),
        tuple(names["begins"]),
        tuple(names["notice"]),
    )


def _alternatives(names: list[str]) -> str:
    return "|".join(re.escape(name) if not name.endswith("*") else re.escape(name[:-1]) + r"[\w-]*" for name in names)
