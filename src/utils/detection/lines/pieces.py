"""Turns ranges of lines into spans of content: edges trimmed, common indentation and quote marks left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from src.core.types import Span
from src.utils.detection.lines.lines import COUNTED_RULE, Line
from src.utils.detection.words.vocabulary import html_tags

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]{0,200})?/?>")
_NAVIGATION = re.compile(r"[*_\[(]{0,4}(?:\[[^\[\]]{0,60}\]\(#[^()\s]{0,100}\)[*_\s|·•.)\]]*)+")
_ANCHOR = re.compile(r"\[\[[^\[\]]{1,80}\]\]|\.\.? _[^:]{1,80}:|\{#[^{}]{1,80}\}|:[a-z_-]{1,40}:")
_COMMAND = re.compile(
    r"\\(?:begin|end|item|newpage|clearpage|label)\b(?:\{[^{}]{0,60}\}|\[[^\[\]]{0,60}\])*"
    r"|@(?:node|[cfkptv]index|anchor|page|bye|menu|end menu)\b.{0,200}"
)
"""A line that only tells a typesetter something."""
_ATTRIBUTION = re.compile(r"(?:--|—|―)\s?\S")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_PLAIN_FENCE = re.compile(r"(?:`{3,}|~{3,})\s*(?:markdown|md|text|txt|plain|plaintext)\s*")
_COUNTED_RULE = re.compile(COUNTED_RULE)
_MAX_EDGE = 400


def collect(
    text: str,
    lines: Sequence[Line],
    first: int,
    stop: int,
    start: int | None = None,
    end: int | None = None,
    without: Collection[int] = (),
) -> tuple[Span, ...]:
    """The content of ``lines[first:stop]``.

    ``start`` replaces the beginning of the first line (what stands after a label), ``end`` its end;
    the lines ``without`` are left out.
    """
    spans: list[Span] = []
    indents: list[int] = []
    for index in range(first, stop):
        line = lines[index]
        if line.skip or index in without:
            continue
        own_start = start if index == first and start is not None else line.start
        own_end = end if index == first and end is not None else line.end
        spans.append(Span(own_start, max(own_start, own_end)))
        indents.append(-1 if index == first and start is not None else line.indent)
    return tidy(text, spans, indents)


def trimmed(text: str, start: int, end: int) -> Span:
    """``text[start:end]`` without the space around it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def tidy(text: str, spans: list[Span], indents: list[int]) -> tuple[Span, ...]:
    """Trim the edges, unwrap quoting and a fence around all, take off the common indentation, join neighbours."""
    spans, indents = _trim_edges(text, spans, indents)
    if not spans:
        return ()
    first = Span(_skip_space(text, spans[0]), spans[0].end)
    if len(spans) == 1 and not text.startswith(">", first.start):
        return (first,)
    plain = [first, *spans[1:]]
    if all(start == end or text[start].isalnum() for start, end in plain):  # no fence, quoting or indentation
        return _join(text, plain)
    spans, indents = _unwrap_fence(text, spans, indents)
    spans, indents = _drop_attribution(text, spans, indents)
    labelled = bool(indents) and indents[0] < 0
    spans = _unquote(text, spans, labelled=labelled)
    return _join(text, _dedent(text, spans, indents))


def _trim_edges(text: str, spans: list[Span], indents: list[int]) -> tuple[list[Span], list[int]]:
    low, high = 0, len(spans)
    while low < high and is_decoration(text, spans[low]):
        low += 1
    while high > low and is_decoration(text, spans[high - 1]) and not _closes_block(text, spans[low:high]):
        high -= 1
    return spans[low:high], indents[low:high]


def _closes_block(text: str, spans: Sequence[Span]) -> bool:
    """Whether the last line is a rule that closes a block opened by the same rule above (AsciiDoc listings)."""
    mark = text[spans[-1].start : spans[-1].end].strip()
    if len(mark) < 3 or mark[0] not in "-=_+*.`~":
        return False
    return sum(text[span.start : span.end].strip() == mark for span in spans) % 2 == 0


def is_decoration(text: str, span: Span) -> bool:
    """Whether a line at the edge of a turn says nothing: blank, a rule, markup alone, a link back to the top."""
    start, end = span
    if start >= end:
        return True
    if text[start].isalpha():
        return False
    content = text[start:end].strip()
    if not content:
        return True
    if len(content) > _MAX_EDGE or content[0].isalpha():
        return False
    bare = _TAG.sub(lambda tag: "" if tag[1].lower() in html_tags() else tag[0], content).strip()
    if (
        not bare
        or (len(bare) > 2 and len(set(bare) - {" "}) == 1 and bare[0] in "-*_=~#%+>")
        or bare in {"%", ">", "**", "\\"}
    ):
        return True
    return bool(
        _COUNTED_RULE.fullmatch(bare)
        or _NAVIGATION.fullmatch(bare)
        or _ANCHOR.fullmatch(bare)
        or _COMMAND.fullmatch(bare)
    )


def _unwrap_fence(text: str, spans: list[Span], indents: list[int]) -> tuple[list[Span], list[int]]:
    """An answer that is wholly fenced as prose stands without its fence; real code keeps it."""
    if len(spans) < 3 or not _PLAIN_FENCE.fullmatch(text[spans[0].start : spans[0].end].strip()):
        return spans, indents
    mark = text[spans[0].start : spans[0].end].strip()[:3]
    closers = [
        index for index in range(1, len(spans)) if text[spans[index].start : spans[index].end].strip().startswith(mark)
    ]
    if closers == [len(spans) - 1]:
        return _trim_edges(text, spans[1:-1], indents[1:-1])
    return spans, indents


def _drop_attribution(text: str, spans: list[Span], indents: list[int]) -> tuple[list[Span], list[int]]:
    """A last line ``-- Somebody``, set deeper than the rest, names a source: it is no part of what was said."""
    if len(spans) < 2 or not _ATTRIBUTION.match(text[spans[-1].start : spans[-1].end].lstrip()):
        return spans, indents
    others = [
        indent for span, indent in zip(spans[:-1], indents[:-1], strict=True) if indent >= 0 and span.end > span.start
    ]
    if indents[-1] > max(others, default=0):
        return _trim_edges(text, spans[:-1], indents[:-1])
    return spans, indents


def _unquote(text: str, spans: list[Span], *, labelled: bool) -> list[Span]:
    """Take off ``> `` where every line of the turn is quoted, but for a first one that follows a label."""
    rest = [span for span in spans[labelled:] if text[span.start : span.end].strip()]
    if not rest and not (spans and text[spans[0].start : spans[0].end].lstrip().startswith("> ")):
        return spans
    if not all(text[span.start : span.end].lstrip().startswith(">") for span in rest):
        return spans
    return [_without_quote(text, span) for span in spans]


def _without_quote(text: str, span: Span) -> Span:
    start = span.start
    while start < span.end and text[start] in " \t":
        start += 1
    mark = _QUOTE.match(text, start, span.end)
    return Span(mark.end(), span.end) if mark else span


def _dedent(text: str, spans: list[Span], indents: list[int]) -> list[Span]:
    common = min(
        (indent for span, indent in zip(spans, indents, strict=True) if indent >= 0 and _filled(text, span)), default=0
    )
    dedented = []
    for span, indent in zip(spans, indents, strict=True):
        if not _filled(text, span):
            dedented.append(Span(span.start, span.start))
        elif indent < 0:
            dedented.append(span)
        else:
            dedented.append(Span(_skip_columns(text, span, common), span.end))
    if dedented:
        dedented[0] = Span(_skip_space(text, dedented[0]), dedented[0].end)
    return dedented


def _filled(text: str, span: Span) -> bool:
    return span.end > span.start and not text[span.start : span.end].isspace()


def _skip_space(text: str, span: Span) -> int:
    start = span.start
    while start < span.end and text[start].isspace():
        start += 1
    return start


def _skip_columns(text: str, span: Span, columns: int) -> int:
    position, column = span.start, 0
    while position < span.end and column < columns and text[position].isspace():
        column += 8 - column % 8 if text[position] == "\t" else 1
        position += 1
    return position


def _join(text: str, spans: list[Span]) -> tuple[Span, ...]:
    """Neighbours with nothing but one line break between them become one span."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start == joined[-1].end + 1 and text[joined[-1].end] == "\n":
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
