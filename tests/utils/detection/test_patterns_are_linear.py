"""No pattern of detection takes more than linear time, whatever a long line holds."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import pytest

import src.utils.detection
from src.core.types import Section, SourceDocument
from src.utils.conversation_detector import detect_conversations
from tests.growth import is_linear

_LARGE = 100_000
_LARGE_SEARCHED = 10_000
"""Every place of the text is tried: as much work as a longer text that is tried once."""
_FLOOR_S = 0.2
_TIMEOUT_S = 300

_SIZE = 64_000
"""Characters of a whole text of repeated lines."""

_SLICES = {
    "attributions._NAME": 600,
    "attributions._wrote": 600,
    "attributions._original": 600,
    "candidates._SUFFIX": 260,
}
"""Patterns that are only searched for in so many characters."""

_UNITS = (
    " ",
    "\t",
    "a",
    "A",
    "1",
    ":",
    "-",
    "—",
    "?",
    "*",
    "_",
    "`",
    "#",
    "=",
    "| ",
    "<a ",
    "</a",
    "> ",
    "[",
    "(",
    '"',
)
_UNITS += (
    "\\a{",
    "a: ",
    "Q: ",
    "ab, ",
    "A. ",
    "12:30 ",
    "1.1.",
    "2021-01-02 ",
    "12 May ",
    "a@b.",
    "問：",
    "a\u0301",
    "😀",
)


class _Used(NamedTuple):
    """A compiled pattern of a module, and whether it is searched for at every place of a text or only tried at one."""

    name: str
    pattern: re.Pattern[str]
    searched: bool


def _patterns() -> Iterator[_Used]:
    """Every pattern that a module of detection compiles, and those that it makes of its word lists."""
    for found in pkgutil.walk_packages(src.utils.detection.__path__, "src.utils.detection."):
        module, room = importlib.import_module(found.name), found.name.rpartition(".")[2]
        for name, value in vars(module).items():
            made = hasattr(value, "cache_info") and not inspect.signature(value).parameters
            held = value() if made else value
            for pattern in held if isinstance(held, tuple) else (held,):
                if isinstance(pattern, re.Pattern):
                    yield _Used(f"{room}.{name}", pattern, name in _searched(room))


@cache
def _searched(module: str) -> frozenset[str]:
    """The names of patterns that a module searches with, and of those that any other one does and that it may share."""
    folder = Path(src.utils.detection.__file__).parent
    found = {
        path.stem: set(re.findall(r"(\w+)(?:\(\))?\.(?:search|finditer|findall|sub|split)\(", path.read_text("utf-8")))
        for path in folder.rglob("[a-z]*.py")
    }
    shared = {name for names in found.values() for name in names if not name.startswith("_")}
    return frozenset(found.get(module, set()) | shared)


def _use(used: _Used, text: str) -> None:
    """Use a pattern on a line in the ways of detection, with a line before and behind it."""
    used.pattern.match(text)
    used.pattern.match(text, 1)
    used.pattern.fullmatch(text, 1, len(text) - 1)
    if used.searched:
        for _ in used.pattern.finditer(text, 0, _SLICES.get(used.name, len(text))):
            pass


def _grows_too_fast(used: _Used, unit: str) -> bool:
    def work(size: int) -> Callable[[], object]:
        return partial(_use, used, f"\n{unit * (size // len(unit))}\n")

    return not is_linear(work, _LARGE_SEARCHED if used.searched else _LARGE, _FLOOR_S)


def _find_slow() -> list[str]:
    different = {id(used.pattern): used for used in _patterns()}.values()
    return [f"{used.name} on {unit!r}" for used in different for unit in _UNITS if _grows_too_fast(used, unit)]


def test_the_patterns_are_found():
    assert len(list(_patterns())) > 100


@pytest.mark.no_cover
@pytest.mark.parametrize("unit", ["a: ", "12:30 <a ", "- ?", "> ", "| -- ", "🙂 Q? "])
def test_a_line_of_a_megabyte_is_read_without_harm(unit: str):
    text = f"{unit * (1_000_000 // len(unit))}\n"
    document = SourceDocument(Path("line.txt"), "line.txt", (Section(text, "line 1"),), "")
    assert detect_conversations(document).conversations == ()


@pytest.mark.no_cover
@pytest.mark.timeout(_TIMEOUT_S)
@pytest.mark.parametrize(
    "unit",
    [
        "From: a\n\nTo: b\n\n",
        "From: a\nTo: b\n",
        "author:\ta\n--\nb\n\n--\n",
        'Is it?\t"a\n',
        "#### a\n",
        "- key: a\nIda: why?\n",
        "- a?\nb.\n" * 4 + "— a?\nb.\n" * 4,
    ],
)
def test_lines_of_headers_without_end_are_each_read_once(unit: str):
    assert is_linear(lambda size: _detection(unit * (size // len(unit))), _SIZE, _FLOOR_S)


@pytest.mark.no_cover
@pytest.mark.timeout(_TIMEOUT_S)
@pytest.mark.parametrize(
    ("begin", "unit", "end"),
    [
        ("1 hello\tgood day\n2 a b c\td e f\n3 a b c\td e f\t\t", "|", "\tz\n4 a b c\td\n"),
        ("q {=a}\n\n", "q\n", ""),
        ("q {=a}\n\n", "q {=a b\n", ""),
        ("q {=a}\n\n", "q\n" * 999 + "}\n{", ""),
    ],
)
def test_exports_that_go_on_without_end_are_read_once(begin: str, unit: str, end: str):
    assert is_linear(lambda size: _detection(begin + unit * (size // len(unit)) + end), _SIZE, _FLOOR_S)


def _detection(text: str) -> Callable[[], object]:
    document = SourceDocument(Path("lines.txt"), "lines.txt", (Section(text, "line 1"),), "")
    return partial(detect_conversations, document)


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.timeout(_TIMEOUT_S)
def test_no_pattern_grows_faster_than_its_text():
    """In a process of its own, which can be ended: a pattern at work hears nothing."""
    found = subprocess.run(
        [sys.executable, "-m", __name__], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


if __name__ == "__main__":
    for line in _find_slow():
        print(line)
