"""Shares: whole numbers after weights, and a choice that leaves no part of the input out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

_Key = TypeVar("_Key", bound=Hashable)


def largest_remainder(weights: Mapping[_Key, float], total: int) -> dict[_Key, int]:
    """``total`` divided after ``weights`` (Hamilton's method): every share is its exact one rounded down or up, and the
    largest remainders are rounded up; of equal ones the earlier. Nothing for weights that are all 0."""
    whole = sum(weights.values())
    if whole <= 0:
        return dict.fromkeys(weights, 0)
    exact = {key: total * weight / whole for key, weight in weights.items()}
    shares = {key: int(share) for key, share in exact.items()}
    left = total - sum(shares.values())
    for key in sorted(exact, key=lambda key: shares[key] - exact[key])[:left]:
        shares[key] += 1
    return shares


def pick_evenly(labels: Sequence[str | tuple[str, ...]], count: int) -> tuple[int, ...]:
    """The indexes of ``count`` items, in order: every label gets the same number (one that has fewer gives all of its
    own, and the others share the rest), and the chosen ones lie evenly from the start of a label to its end.

    A label of several parts (source, topic) is shared out part by part: first among the sources, then among the topics
    of each.
    """
    paths = [(label,) if isinstance(label, str) else label for label in labels]
    return tuple(sorted(_pick(range(len(paths)), paths, 0, min(count, len(paths)))))


def _pick(indexes: Sequence[int], paths: Sequence[tuple[str, ...]], depth: int, count: int) -> list[int]:
    if depth == len(paths[indexes[0]] if indexes else ()):
        return [indexes[place] for place in _even_places(len(indexes), count)]
    members: dict[str, list[int]] = {}
    for index in indexes:
        members.setdefault(paths[index][depth], []).append(index)
    quotas = _fill_evenly([len(own) for own in members.values()], count)
    return [
        index
        for own, quota in zip(members.values(), quotas, strict=True)
        for index in _pick(own, paths, depth + 1, quota)
    ]


def _fill_evenly(room: Sequence[int], count: int) -> list[int]:
    """``count`` poured into vessels of ``room``, all to one level; what is left over goes to some that have room still,
    evenly from the first to the last of them."""
    level, left = 0, count
    filling = sorted(room)
    for place, size in enumerate(filling):
        step = min(size - level, left // (len(filling) - place))
        level, left = level + step, left - step * (len(filling) - place)
        if level < size:
            break
    open_ones = [place for place, size in enumerate(room) if size > level]
    quotas = [min(size, level) for size in room]
    for place in _even_places(len(open_ones), left):
        quotas[open_ones[place]] += 1
    return quotas


def _even_places(length: int, count: int) -> list[int]:
    return [(2 * place + 1) * length // (2 * count) for place in range(count)]
