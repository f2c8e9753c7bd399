"""Detection: megabytes a second of prose and dialogue, beside a plain loop over the lines and four plain patterns."""

from __future__ import annotations

import io
import random
import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.measure import show
from src.core.types import SourceDocument
from src.utils.conversation_detector import detect_conversations
from src.utils.extractors.text import text_sections

MEGABYTES = 2
WORDS = ("the", "a", "river", "mill", "stone", "of", "and", "went", "down", "water", "house", "old", "over", "many")
PLAIN = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"Q:\s*(.+?)\nA:\s*(.+?)(?=\nQ:|\Z)",
        r"User:\s*(.+?)\nAssistant:\s*(.+?)(?=\nUser:|\Z)",
        r"Question:\s*(.+?)\nAnswer:\s*(.+?)(?=\nQuestion:|\Z)",
        r"\*\*Question\*\*:\s*(.+?)\n\*\*Answer\*\*:\s*(.+?)(?=\n\*\*Question|\Z)",
    )
]
"""The patterns that most programs begin with; they see one style and one line of an answer."""


def main() -> None:
    """Print the speeds; all of one text in one run, so that the ratios hold on any machine."""
    source = random.Random(7)
    rows = []
    for name, paragraph in _TEXTS.items():
        text = _repeat(paragraph, source)
        document = SourceDocument(Path("text.txt"), "text.txt", tuple(text_sections(io.StringIO(text))), "")
        size = len(text.encode()) / 1e6
        found = size / _seconds(partial(detect_conversations, document))
        lines = size / _seconds(partial(_read_lines, text))
        plain = size / _seconds(partial(_search, text))
        rows.append((name, f"{found:.2f} MB/s", f"line loop {lines:.0f} MB/s, four patterns {plain:.0f} MB/s"))
    show("Detection of conversations", rows)


def _read_lines(text: str) -> int:
    return sum(len(line) for line in io.StringIO(text))


def _search(text: str) -> int:
    return sum(len(pattern.findall(text)) for pattern in PLAIN)


def _sentence(source: random.Random, words: int, end: str = ".") -> str:
    return " ".join(source.choice(WORDS) for _ in range(words)).capitalize() + end


def _prose(source: random.Random) -> str:
    return "\n".join(_sentence(source, 15) for _ in range(6)) + "\n\n"


def _pair(source: random.Random) -> str:
    return f"Q: {_sentence(source, 9, '?')}\nA: {_sentence(source, 25)}\n\n"


def _message(source: random.Random) -> str:
    name = source.choice(("ana", "ben", "cy"))
    end = source.choice(".?")
    return f"[{source.randrange(24):02}:{source.randrange(60):02}] <{name}> {_sentence(source, 9, end)}\n"


_TEXTS: dict[str, Callable[[random.Random], str]] = {
    "prose": _prose,
    "questions and answers": _pair,
    "chat with times": _message,
}


def _repeat(paragraph: Callable[[random.Random], str], source: random.Random) -> str:
    parts: list[str] = []
    size = 0
    while size < MEGABYTES * 1_000_000:
        parts.append(paragraph(source))
        size += len(parts[-1])
    return "".join(parts)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return max(time.process_time() - started, 1e-9)


if __name__ == "__main__":
    main()
