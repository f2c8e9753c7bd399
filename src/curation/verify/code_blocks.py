"""Code in an answer: where it stands, and whether it can be parsed. Nothing is ever run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

import orjson

_OPENING: Final = re.compile(r" {0,3}(?P<mark>`{3,}+(?!.*`)|~{3,}+)[ \t]*+(?P<language>[\w+#.-]*+)")
_LONGEST_TEXT: Final = 1_000_000
"""Characters of a text that are looked through."""
_LONGEST: Final = 200_000
"""Characters of a block that is parsed: what is longer is left unchecked."""


class CodeBlock(NamedTuple):
    """``language`` is what stands behind the fence, in lower case; "" where nothing does."""

    language: str
    code: str


class CodeVerdict(NamedTuple):
    """``unchecked``: nothing here can parse that language."""

    state: Literal["parses", "broken", "unchecked"]
    problem: str = ""


def find_code(text: str) -> Iterator[CodeBlock]:
    """The fenced blocks of a text, in order (CommonMark 0.31, 4.5); one that is never closed is none. Line by line, so
    that no text takes longer than its length."""
    if "```" not in text and "~~~" not in text:
        return
    fence: re.Match[str] | None = None
    code: list[str] = []
    for line in text[:_LONGEST_TEXT].split("\n"):
        if fence is None:
            fence, code = _OPENING.match(line), []
        elif _closes(line.strip(), fence["mark"]):
            yield CodeBlock(fence["language"].lower(), "".join(code))
            fence = None
        else:
            code.append(f"{line}\n")


def _closes(line: str, mark: str) -> bool:
    """A closing fence is at least as long as the opening one, and nothing stands behind it."""
    return len(line) >= len(mark) and not line.strip(mark[0])


def check_code(block: CodeBlock) -> CodeVerdict:
    """Parse a block of Python or JSON."""
    parse = _PARSERS.get(block.language)
    if parse is None or len(block.code) > _LONGEST:
        return CodeVerdict("unchecked")
    problem = parse(block.code)
    return CodeVerdict("broken", problem) if problem else CodeVerdict("parses")


def _python_problem(code: str) -> str:
    if code.lstrip().startswith(">>>"):
        return ""  # a session with its output between the lines is no program
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(_dedented(code))
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


def _dedented(code: str) -> str:
    """A block within a list is indented as a whole."""
    lines = code.splitlines()
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)


def _json_problem(code: str) -> str:
    try:
        orjson.loads(code)
    except orjson.JSONDecodeError as error:
        return f"line {error.lineno}: {error.msg}"
    return ""


_PARSERS: Final[dict[str, Callable[[str], str]]] = {
    "python": _python_problem,
    "python3": _python_problem,
    "py": _python_problem,
    "json": _json_problem,
}
