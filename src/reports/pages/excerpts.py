"""A sample beside what it was made of: the words that came from there are marked, and those that did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from src.core.types import JUDGED, Sample, Span
from src.core.wording import JUDGEMENTS
from src.reports.metrics.catalogue import Judged
from src.reports.metrics.grounding import answer_text
from src.reports.metrics.sources import Excerpt
from src.reports.metrics.words import all_stems, content_stems, content_words
from src.reports.pages.figures import counted
from src.reports.pages.markup import Child, Markup, join, tag

_MOST_CHARS: Final = 3000
"""Characters of a source that are shown before lines without a mark are left out."""
_MOST_IN_LINE: Final = 1500
_MOST_IN_TURN: Final = 3000
_ROLES: Final = {"system": "System", "user": "User", "assistant": "Assistant"}


def show_sample(number: int, row: Judged, excerpt: Excerpt | None, missing: str) -> Markup:
    """One sample and its source, side by side; ``missing`` says why there is none."""
    sample = row.sample
    facts = [sample.origin, *(["demo quality"] if sample.metadata.get("quality") == "demo" else [])]
    facts += [str(sample.metadata[name]).replace("_", " ") for name in ("task", "persona") if sample.metadata.get(name)]
    facts += [counted(row.tokens, "token"), *sample.topic_keywords[:3]]
    return tag(
        "article",
        tag("h3", tag("span", str(number), class_="number"), " ", tag("span", " · ".join(facts), class_="facts")),
        tag(
            "div",
            tag("div", _show_turns(sample, excerpt), _show_verdict(sample, excerpt)),
            _show_source(sample, excerpt, missing),
            class_="pair",
        ),
        class_="sample",
    )


def _show_turns(sample: Sample, excerpt: Excerpt | None) -> Markup:
    known = None
    if excerpt is not None and sample.origin == "generated":
        known = all_stems(excerpt.text)
    turns: list[Child] = []
    for message in sample.messages:
        text = message.content[:_MOST_IN_TURN]
        more = len(message.content) - len(text)
        strange = _strange_words(text, known) if known is not None and message.role == "assistant" else ()
        turns.append(tag("dt", _ROLES[message.role]))
        turns.append(tag("dd", *_marked(text, strange, "strange"), _more(more), dir="auto"))
    return tag("dl", *turns, class_="turns")


def _show_verdict(sample: Sample, excerpt: Excerpt | None) -> Markup | None:
    """What the judge said, and the words of the source that it cites for it."""
    state = sample.metadata.get(JUDGED)
    if not state:
        return None
    cited = excerpt.cited if excerpt else ()
    places = (tag("li", f"line {line}: ", tag("q", words, dir="auto")) for line, words in cited)
    lead = tag("p", f"Judge: {JUDGEMENTS.get(state, state)}", class_="place")
    return tag("div", lead, tag("ul", *places, class_="plain quiet") if cited else None, class_="verdict")


def _show_source(sample: Sample, excerpt: Excerpt | None, missing: str) -> Markup:
    name = ", ".join(part for part in (sample.source_file, sample.locator) if part)
    if excerpt is None:
        return tag(
            "div", tag("p", tag("bdi", name) if name else None, class_="place"), tag("p", missing, class_="quiet")
        )
    marks = excerpt.pieces
    kind = "Cut from"
    if sample.origin == "generated":
        used = content_stems(answer_text(sample))
        marks = tuple(Span(word.start, word.end) for word in content_words(excerpt.text) if word.stem in used)
        kind = "Written from"
    note = " – no longer word for word" if excerpt.verbatim is False else ""
    return tag(
        "div",
        tag("p", f"{kind} ", tag("bdi", name), note, class_="place"),
        tag("ol", *_lines(excerpt, _joined(marks)), class_="source", start=excerpt.first_line),
    )


def _lines(excerpt: Excerpt, marks: Sequence[Span]) -> Iterator[Markup]:
    """The lines of a source with their numbers; of a long one those with marks, and their neighbours."""
    texts = excerpt.text.split("\n")
    starts, place = [], 0
    for text in texts:
        starts.append(place)
        place += len(text) + 1
    marked = {
        number
        for number, start in enumerate(starts)
        if any(mark.start < start + len(texts[number]) and mark.end > start for mark in marks)
    }
    shown = set(range(len(texts)))
    if len(excerpt.text) > _MOST_CHARS and marked:
        shown = {near for number in marked for near in (number - 1, number, number + 1)} & shown
    room, last = 2 * _MOST_CHARS, -1
    for number in sorted(shown):
        if room < 0:
            break
        if number != last + 1:
            yield _gap(number - last - 1, excerpt.first_line + last + 1)
        text = texts[number][:_MOST_IN_LINE]
        start = starts[number]
        inside = [
            Span(max(mark.start - start, 0), min(mark.end - start, len(text)))
            for mark in marks
            if mark.start < start + len(text) and mark.end > start
        ]
        more = _more(len(texts[number]) - len(text))
        line = tag("span", *_marked(text, inside, "used"), more, class_="line", dir="auto")
        yield tag("li", line, value=excerpt.first_line + number)
        room, last = room - len(text), number
    if last < len(texts) - 1:
        yield _gap(len(texts) - 1 - last, excerpt.first_line + last + 1)


def _gap(lines: int, first: int) -> Markup:
    return tag("li", tag("span", f"{counted(lines, 'line')} left out", class_="line"), class_="gap", value=first)


def _marked(text: str, marks: Iterable[Span], kind: str) -> Iterator[Child]:
    end = 0
    for mark in marks:
        yield text[end : mark.start]
        yield tag("mark", text[mark.start : mark.end], class_=kind)
        end = mark.end
    yield text[end:]


def _joined(marks: Iterable[Span]) -> list[Span]:
    """Marks in order, those that overlap made one."""
    joined: list[Span] = []
    for mark in sorted(marks):
        if joined and mark.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, mark.end))
        else:
            joined.append(Span(*mark))
    return joined


def _strange_words(text: str, known: set[str]) -> list[Span]:
    """The content words of an answer that its source does not have."""
    return _joined(Span(word.start, word.end) for word in content_words(text) if word.stem not in known)


def _more(characters: int) -> Markup | None:
    if characters <= 0:
        return None
    return join(" ", tag("span", f"… {counted(characters, 'more character')}", class_="quiet"))
