"""Detection: megabytes a second of prose and dialogue, what a document of 100 MB takes of memory, and linear growth."""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.measure import show
from src.agents.identify_files import identify_files
from src.core.types import SourceDocument
from src.utils.conversation_detector import detect_conversations
from src.utils.extractors.text import text_sections

MEGABYTES = 2
LARGE_MEGABYTES = (10, 100)
WORDS = ("the", "a", "river", "mill", "stone", "of", "and", "went", "down", "water", "house", "old", "over", "many")
_SECTION_CHARS = 4_000
_RSS_UNIT = 1e6 if sys.platform == "darwin" else 1e3
"""``ru_maxrss`` counts bytes on macOS and kilobytes elsewhere."""


def main() -> None:
    """Print the speeds, all of one text in one run, so that the ratios hold on any machine; then the large log."""
    rows = []
    for name, paragraph in _TEXTS.items():
        text = "".join(_repeat(paragraph, MEGABYTES))
        size = len(text.encode()) / 1e6
        found = size / _seconds(partial(detect_conversations, _document([text])))
        lines = size / _seconds(partial(_read_lines, text))
        rows.append((name, f"{found:.2f} MB/s", f"a plain loop over its lines {lines:.0f} MB/s"))
    small, large = (_measured_apart(megabytes) for megabytes in LARGE_MEGABYTES)
    ratio = (large[0] / LARGE_MEGABYTES[1]) / (small[0] / LARGE_MEGABYTES[0])
    rows.append(
        (
            f"log of {LARGE_MEGABYTES[1]} MB",
            f"{LARGE_MEGABYTES[1] / large[0]:.2f} MB/s",
            f"{large[1]:.0f} MB of memory beyond the document, {ratio:.2f} times as long a byte as one of 10 MB",
        )
    )
    show("Detection of conversations", rows)


def read_large(megabytes: int) -> None:
    """Print the CPU seconds for a log of that size, and the megabytes that memory grew by meanwhile."""
    document = _document(_repeat(_message, megabytes))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = _seconds(lambda: sum(1 for _ in identify_files([document])))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / _RSS_UNIT
    print(seconds, grown)


def _measured_apart(megabytes: int) -> tuple[float, float]:
    """``read_large`` in a process of its own, whose memory holds nothing else."""
    call = f"from benchmarks.identify import read_large; read_large({megabytes})"
    output = subprocess.run([sys.executable, "-c", call], check=True, capture_output=True, text=True).stdout
    seconds, grown = map(float, output.split())
    return seconds, grown


def _document(parts: Iterable[str]) -> SourceDocument:
    return SourceDocument(Path("text.txt"), "text.txt", tuple(text_sections(parts, _SECTION_CHARS)), "")


def _read_lines(text: str) -> int:
    return sum(len(line) for line in io.StringIO(text))


def _sentence(source: random.Random, words: int, end: str = ".") -> str:
    return " ".join(source.choice(WORDS) for _ in range(words)).capitalize() + end


def _prose(source: random.Random) -> str:
    end = source.choice("......?!")
    return (
        "\n".join([*(_sentence(source, 15, source.choice(".,;")) for _ in range(5)), _sentence(source, 9, end)])
        + "\n\n"
    )


def _mixed(source: random.Random) -> str:
    """Prose with a few questions and answers now and then."""
    if source.random() < 0.002:
        return "".join(_pair(source) for _ in range(4))
    return _prose(source)


def _pair(source: random.Random) -> str:
    return f"Q: {_sentence(source, 9, '?')}\nA: {_sentence(source, 25)}\n\n"


def _labelled(source: random.Random) -> str:
    return f"User: {_sentence(source, 14, '?')}\nAssistant: {_sentence(source, 30)}\n{_sentence(source, 12)}\n\n"


def _message(source: random.Random) -> str:
    name = source.choice(("ana", "ben", "cy"))
    end = source.choice(".?")
    return f"[{source.randrange(24):02}:{source.randrange(60):02}] <{name}> {_sentence(source, 9, end)}\n"


_TEXTS: dict[str, Callable[[random.Random], str]] = {
    "prose": _prose,
    "prose with dialogues": _mixed,
    "questions and answers": _pair,
    "labelled chat": _labelled,
    "chat with times": _message,
}


def _repeat(paragraph: Callable[[random.Random], str], megabytes: int) -> Iterator[str]:
    """Paragraphs, in pieces of a thousand."""
    source = random.Random(7)
    made = 0
    while made < megabytes * 1_000_000:
        piece = "".join(paragraph(source) for _ in range(1000))
        made += len(piece)
        yield piece


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return max(time.process_time() - started, 1e-9)


if __name__ == "__main__":
    main()
