"""The history that aider writes as Markdown: questions behind ``####``, its own lines behind ``>``, answers bare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from src.data_prep.chat_logs.cleaning import clean
from src.data_prep.chat_logs.types import HIDDEN, INTERRUPT, Conversation, Turn

NAME: Final = "aider"
BEGINNING: Final = "# aider chat started at"

_ASKED: Final = re.compile(r"#### ?(.*)", re.DOTALL)
_OF_PROGRAM: Final = re.compile(r">(?: (.*))?$", re.DOTALL)
_MARK: Final = "  "
"""Two blanks end every line of a person and of the program: that tells them from headings and quotations of answers."""
_TALK: Final = re.compile(r"/(?:ask|code|architect|context|help|editor-model|chat-mode \w+)\s+(?=\S)")
_OWN_COMMAND: Final = re.compile(
    r"!\S|/(?:add|architect|ask|chat-mode|clear|code|commit|context|copy|copy-context|diff|drop|edit|editor|editor-model|"
    r"exit|git|help|lint|load|ls|map|map-refresh|model|models|multiline-mode|ok|paste|quit|read-only|reasoning-effort|"
    r"report|reset|run|save|settings|test|think-tokens|tokens|undo|voice|weak-model|web)(?:\s|$)"
)
"""The commands that the program knows: a line of a question may begin with another word behind a slash."""
_FORGOTTEN: Final = re.compile(r"#### /(?:clear|reset)\s*$")
_COMMAND: Final = re.compile(r"/[a-z-]+(?:\s|$)|!\S")
_INTERRUPTED: Final = re.compile(r"\^C\b|KeyboardInterrupt")
_ANSWERED: Final = re.compile(r"Tokens: \S+ sent")
"""What the program says behind an answer that came to its end."""
_THOUGHTS: Final = re.compile(
    r"^-+\s*\n►\s*\*\*THINKING\*\*\s*\n.*?\n-+\s*\n►\s*\*\*ANSWER\*\*\s*\n", re.DOTALL | re.MULTILINE
)
_WITHOUT_TEXT: Final = "<blank>"


def is_history(head: str) -> bool:
    """Whether a text that begins like this is a history of aider."""
    return any(line.startswith(BEGINNING) for line in head.splitlines()[:20])


def read(text: str, name: str) -> Iterator[Conversation]:
    """One conversation for each start of aider, and each time that it was told to forget what was said."""
    lines = text.replace("\r\n", "\n").split("\n")
    # an editor that strips blanks at the ends of lines takes the marks away
    is_marked = any(line.startswith("#### ") and line.endswith(_MARK) for line in lines)
    for number, chat in enumerate(_chats(lines, is_marked=is_marked)):
        turns = tuple(_turns(chat, is_marked=is_marked))
        identity = f"{name}:{number}"
        yield Conversation(NAME, identity, turns, identity)


def _chats(lines: Sequence[str], *, is_marked: bool) -> Iterator[list[str]]:
    chat: list[str] = []
    for number, line in enumerate(lines):
        if line.startswith(BEGINNING) or _is_forgotten(lines, number, is_marked=is_marked):
            if any(chat):
                yield chat
            chat = []
        else:
            chat.append(line)
    if any(chat):
        yield chat


def _is_forgotten(lines: Sequence[str], number: int, *, is_marked: bool) -> bool:
    """Whether all that is asked at that line is to forget: the program says so below."""
    if not _FORGOTTEN.match(lines[number]) or (is_marked and not lines[number].endswith(_MARK)):
        return False
    above = lines[number - 1] if number else ""
    below = next((line for line in lines[number + 1 :] if line.strip()), ">")
    return not above.startswith("#### ") and below.startswith((">", BEGINNING))


def _turns(lines: Iterable[str], *, is_marked: bool) -> Iterator[Turn]:
    """The turns of one start. ``^C`` stops an answer, whose words up to there may follow it; behind a whole answer
    somebody only leaves."""
    asked: list[str] = []
    answered: list[str] = []
    is_whole = is_remark_open = False
    for line in lines:
        if is_remark_open and line.strip() and not line.startswith((">", "#### ")):
            is_remark_open = not line.endswith(_MARK)
            continue
        # inside an answer these marks are headings and quotations, unless the blanks say otherwise
        is_own = line.endswith(_MARK) or not is_marked
        question = _ASKED.match(line) if is_own and not line.startswith("#####") else None
        is_known = line.startswith("> ") and _remarks().match(line, 2) is not None
        remark = _OF_PROGRAM.match(line) if is_own or is_known else None
        # a remark of several lines has its mark before the first and its blanks behind the last
        is_remark_open = is_known and not line.endswith(_MARK)
        if question:
            yield from _answer(answered)
            answered = []
            is_whole = False
            asked.append(question[1].rstrip())
            continue
        yield from _question(asked)
        asked = []
        if remark is None:
            is_whole = is_whole and not line.strip()
            answered.append(line)
        elif _INTERRUPTED.search(remark[1] or ""):
            yield from _answer(answered)
            answered = []
            yield HIDDEN if is_whole else INTERRUPT
        else:
            is_whole = is_whole or _ANSWERED.match(remark[1] or "") is not None
    yield from _question(asked)
    yield from _answer(answered)


@cache
def _remarks() -> re.Pattern[str]:
    """What lines of the program say, so that they are known without their blanks."""
    text = files(__package__).joinpath("../data/aider_remarks.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return re.compile("|".join(f"(?:{line})" for line in lines))


def _question(lines: list[str]) -> Iterator[Turn]:
    """What was asked; commands to the program are none, but for those that only say how it shall answer. Lines that are
    all commands are one after the other: the last of these is the question."""
    if len(lines) > 1 and all(map(_OWN_COMMAND.match, lines)):
        lines = [line for line in lines if _TALK.match(line)][-1:] or lines[-1:]
    text = clean("\n".join(lines))
    words = _TALK.sub("", text, count=1) if text.startswith("/") else text
    if _COMMAND.match(words) and "\n" not in words:
        yield HIDDEN
    elif words and words != _WITHOUT_TEXT:
        yield Turn("user", words)


def _answer(lines: list[str]) -> Iterator[Turn]:
    text = clean(_THOUGHTS.sub("", "\n".join(lines)))
    if text:
        yield Turn("assistant", text)
