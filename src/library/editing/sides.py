"""The sides of an edited dataset: every sample stays on its own, unless an edited one would give another away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from src.core.types import SplitName
from src.utils.sample_groups import SplitKey, group_samples


class HeldSides(NamedTuple):
    """The side of each sample by its number, and the numbers of those that followed another one to its side."""

    sides: list[SplitName | None]
    followed: tuple[int, ...]


def hold_sides(
    keys: Iterable[SplitKey], sides: Sequence[SplitName | None], pinned: Collection[int], leak_threshold: float | None
) -> HeldSides:
    """The sides of samples of which the ``pinned`` ones were edited, added, or put on their side by a person.

    Whatever belongs together with a pinned sample (sample_groups.group_samples) goes to its side; where two pinned ones
    on different sides belong together, to where most of them are, and to training for as many. Groups without a
    pinned sample stay as they are. ``leak_threshold`` None: nothing belongs together.
    """
    held = list(sides)
    if not pinned or leak_threshold is None or len({side for side in sides if side}) < 2:
        return HeldSides(held, ())
    followed: list[int] = []
    wanted = frozenset(pinned)
    for group in group_samples(keys, leak_threshold=leak_threshold).groups:
        own = wanted.intersection(group)
        if own and len({sides[number] for number in group}) > 1:
            counts = Counter(sides[number] for number in own)
            side: SplitName = "validation" if counts["validation"] > counts["train"] else "train"
            followed += [number for number in group if sides[number] != side]
            for number in group:
                held[number] = side
    return HeldSides(held, tuple(sorted(followed)))
