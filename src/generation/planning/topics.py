"""What part of the input a passage speaks of: the heading that divides its source, or else its keyword."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from src.utils.chunker import Passage
from src.utils.keywords import KeywordExtractor

_SEPARATOR = " > "
_MOST_BY_KEYWORD = 2000


def find_topics(passages: Sequence[Passage]) -> list[str]:
    """The topic of every passage, in order: its heading of the first level at which the headings of its source differ
    (a title above all of them divides nothing); its first keyword where there are no such headings. A source of very
    many passages without headings stays whole: whatever is chosen of it lies evenly over it anyway."""
    topics: list[str] = []
    for _, group in groupby(passages, key=lambda passage: passage.source_file):
        own = list(group)
        chains = [passage.heading.split(_SEPARATOR) if passage.heading else [] for passage in own]
        level = _dividing_level(chains)
        if level is not None:
            topics.extend(_heading(chain, level) for chain in chains)
        else:
            topics.extend(_by_keyword(own) if len(own) <= _MOST_BY_KEYWORD else [""] * len(own))
    return topics


def _dividing_level(chains: Sequence[Sequence[str]]) -> int | None:
    for level in range(max(map(len, chains))):
        if len({_heading(chain, level) for chain in chains}) > 1:
            return level
    return None


def _heading(chain: Sequence[str], level: int) -> str:
    return chain[min(level, len(chain) - 1)] if chain else ""


def _by_keyword(passages: Sequence[Passage]) -> list[str]:
    extractor = KeywordExtractor(passage.text for passage in passages)
    return [next(iter(extractor.keywords(passage.text, 1)), "") for passage in passages]
