"""Detection: megabytes a second of prose, dialogue, pages and records, the memory that a large log takes, and linear
growth. The log has 20 MB, with ``--large`` 100 MB.
"""

from __future__ import annotations

import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.measure import answer_help, show
from src.agents.identify_files import identify_files
from src.core.types import SourceDocument
from src.utils.conversation_detector import detect_conversations
from src.utils.extractors.text import text_sections
from src.utils.reading.sections import iter_sections

MEGABYTES = 8
LARGE_MEGABYTES = (10, 100) if "--large" in sys.argv else (2, 20)
WORDS = ("the", "a", "river", "mill", "stone", "of", "and", "went", "down", "water", "house", "old", "over", "many")
_SECTION_CHARS = 4_000
_RSS_UNIT = 1e6 if sys.platform == "darwin" else 1e3
"""``ru_maxrss`` counts bytes on macOS and kilobytes elsewhere."""


def main() -> None:
    """Print the speeds, all of one text in one run, so that the ratios hold on any machine; then the large log."""
    answer_help(__doc__)
    rows = []
    for name, paragraph in _TEXTS.items():
        text = "".join(_repeat(paragraph, MEGABYTES))
        size = len(text.encode()) / 1e6
        found = size / _seconds(partial(detect_conversations, _document([text])))
        lines = size / _seconds(partial(_read_lines, text))
        rows.append((name, f"{found:.2f} MB/s", f"a plain loop over its lines {lines:.0f} MB/s"))
    rows.extend(_measured_file(name, paragraph) for name, paragraph in _FILES.items())
    small, large = (_measured_apart(megabytes) for megabytes in LARGE_MEGABYTES)
    ratio = (large[0] / LARGE_MEGABYTES[1]) / (small[0] / LARGE_MEGABYTES[0])
    rows.append(
        (
            f"log of {LARGE_MEGABYTES[1]} MB",
            f"{LARGE_MEGABYTES[1] / large[0]:.2f} MB/s",
            f"{large[1]:.0f} MB beyond it, {ratio:.2f} times as long a byte as one of {LARGE_MEGABYTES[0]} MB",
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


def _measured_file(name: str, paragraph: Callable[[random.Random], str]) -> tuple[str, str, str]:
    """Detection in a file with structure, beside the time that it takes to read it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text("".join(_repeat(paragraph, MEGABYTES)), encoding="utf-8")
        size = path.stat().st_size / 1e6
        started = time.process_time()
        sections = tuple(iter_sections(path))
        reading = size / max(time.process_time() - started, 1e-9)
    found = size / _seconds(partial(detect_conversations, SourceDocument(Path(name), name, sections, "")))
    return name, f"{found:.2f} MB/s", f"reading it {reading:.2f} MB/s"


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


def _bubbles(source: random.Random) -> str:
    """A message of one side and the reply of the other."""
    return "".join(
        f'<div class="msg {side}"><span class="name">{name}</span><div class="body"><p>{_sentence(source, 12)}</p>'
        f"<p>{_sentence(source, 9, source.choice('.?'))}</p></div></div>\n"
        for side, name in (("left", "Ana"), ("right", "Ben"))
    )


def _record(source: random.Random) -> str:
    roles = ("user", "assistant") * source.randrange(1, 4)
    turns = [{"role": role, "content": _sentence(source, 20, source.choice(".?"))} for role in roles]
    return json.dumps({"id": source.randrange(1_000_000), "messages": turns}) + "\n"


_FILES: dict[str, Callable[[random.Random], str]] = {"chat.html": _bubbles, "conversations.jsonl": _record}

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
