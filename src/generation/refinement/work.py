"""What a refinement keeps of a dataset, and what it has written anew: one order for each example that is wanted."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal, NamedTuple, cast, get_args

from src.core.types import Rejection, Sample, Span, Task
from src.generation.planning.plan import Plan
from src.generation.planning.refill import most_per_passage
from src.generation.refinement.borderline import find_doubt
from src.generation.refinement.faults import Fault
from src.utils.chunker import Passage

DROPPED = "dropped_by_user"
REPLACED = "replaced"
"""Reasons of samples that a refinement has not taken over; no order is made for them again."""
GIVEN_UP = "carries_no_sample"
"""Reason that names a passage all of whose examples were rejected, each for a reason of its own."""
Cause = Literal["uncovered", "dropped", "borderline", "rejected"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
"""Why an example is written anew, the most urgent first."""


@dataclass(frozen=True, slots=True)
class Order:
    """One example to be written from the passage ``index``. ``fault`` is what was wrong with an earlier one, None where
    there was none; ``task`` that of the earlier one, None where the mix decides. ``replaces`` is the doubtful sample
    that stays in the dataset unless a better one is written; ``failures`` counts what was written for it in vain."""

    index: int
    cause: Cause
    fault: Fault | None = None
    task: Task | None = None
    replaces: Sample | None = None
    failures: int = 0

    def after(self, rejection: Rejection) -> Order:
        """The order to be tried again, now that ``rejection`` came of it."""
        return replace(self, fault=Fault.of(rejection), failures=self.failures + 1)


class Placed(NamedTuple):
    """A sample and the number of its passage; None where that is not there (any more)."""

    sample: Sample
    passage: int | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The dataset that is refined: its samples, its rejections, what a person dropped of it (notes by ``Sample.id``),
    and the size that was wished."""

    samples: Sequence[Sample]
    rejections: Sequence[Rejection]
    dropped: Mapping[str, str]
    wished: int


@dataclass(frozen=True, slots=True)
class Work:
    """``kept`` go over as they are; ``orders`` are in the order of their urgency, those of ``borderline`` among them.
    ``wished`` is the size at which a refinement ends; no passage gets more than ``cap`` samples. ``unwanted`` are the
    ``dropped`` and what was dropped before them: none may come back."""

    kept: tuple[Placed, ...]
    dropped: tuple[Rejection, ...]
    orders: tuple[Order, ...]
    wished: int
    cap: int
    unwanted: tuple[Sample, ...] = ()

    @property
    def doubtful(self) -> list[Order]:
        """The orders for borderline samples."""
        return [order for order in self.orders if order.replaces is not None]

    @property
    def causes(self) -> dict[Cause, int]:
        """How many examples are written anew for which cause."""
        found = Counter(order.cause for order in self.orders)
        return {cause: found[cause] for cause in CAUSES if found[cause]}

    @property
    def first_round(self) -> int:
        """How many examples the first round asks for."""
        return len(self.take(self.orders, 0).chosen)

    def take(self, orders: Sequence[Order], written: int) -> Taken:
        """Those of ``orders`` for which there is room when ``written`` examples were added, and the others. What may
        take the place of a doubtful sample needs none."""
        room = self.wished - len(self.kept) - len(self.doubtful) - written
        chosen: list[Order] = []
        left: list[Order] = []
        for order in orders:
            fits = order.replaces is not None or room > 0
            room -= fits and order.replaces is None
            (chosen if fits else left).append(order)
        return Taken(chosen, left)


class Taken(NamedTuple):
    """Orders of a round, and those for later ones."""

    chosen: list[Order]
    left: list[Order]


def plan_work(earlier: Earlier, plan: Plan, size: int | None = None) -> Work:
    """What to keep of ``earlier`` and what to write anew, over the passages of ``plan``.

    Orders are made for planned passages without a sample (topics without any first), for dropped samples, for
    borderline ones, and for rejected ones. ``size`` is where to end; None: the size that was wished, or as much more as
    it takes to have one example for each of these, where of the rejected ones each passage counts once.
    """
    places = _Places(plan.passages)
    kept: list[Placed] = []
    dropped: list[Order | None] = []
    borderline: list[Order] = []
    gone: list[Rejection] = []
    for sample in earlier.samples:
        index = places.find(sample.source_file, sample.span) if sample.origin == "generated" else None
        note = earlier.dropped.get(sample.id)
        doubt = find_doubt(sample, None if index is None else plan.passages[index]) if note is None else None
        if note is not None:
            gone.append(Rejection(DROPPED, note, sample, sample.source_file, sample.span))
            fault = Fault.of(gone[-1])
            dropped.append(None if index is None else Order(index, "dropped", fault, _task(sample)))
        elif doubt is not None and index is not None:
            borderline.append(Order(index, "borderline", doubt, _task(sample), sample))
        else:
            kept.append(Placed(sample, index))
    used = Counter(index for _, index in kept if index is not None)
    used.update(order.index for order in borderline)
    failed = _by_passage(earlier.rejections, places)
    uncovered = list(_uncovered(plan, used, failed))
    first, further = _rejected(failed, {order.index for order in uncovered})
    urgent = [*uncovered, *(order for order in dropped if order), *first]
    wished = size or max(earlier.wished, len(kept) + len(borderline) + len(urgent))
    cap = most_per_passage(wished, len(plan.passages))
    fitting = _within_cap([*urgent[: len(urgent) - len(first)], *borderline, *first, *further], used, cap)
    before = [rejection for rejection in earlier.rejections if rejection.reason == DROPPED]
    unwanted = tuple(rejection.sample for rejection in [*gone, *before] if rejection.sample)
    return Work(tuple(kept), tuple(gone), tuple(fitting), wished, cap, unwanted)


class _Places:
    """Finds the passage that a span shares most with."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)
        for number, passage in enumerate(passages):
            self._numbers[passage.source_file].append(number)
        self._passages = passages
        self._ends = {name: [passages[n].span.end for n in numbers] for name, numbers in self._numbers.items()}

    def find(self, source: str, span: Span | None) -> int | None:
        """The number of that passage; without a span the one passage that has no source either."""
        numbers = self._numbers.get(source, [])
        if span is None:
            return numbers[0] if numbers and not self._passages[numbers[0]].text else None
        best, most = None, 0
        for place in range(bisect_right(self._ends.get(source, []), span.start), len(numbers)):
            own = self._passages[numbers[place]].span
            if own.start >= span.end:
                break
            shared = min(span.end, own.end) - max(span.start, own.start)
            if shared > most:
                best, most = numbers[place], shared
        return best


def _by_passage(rejections: Iterable[Rejection], places: _Places) -> dict[int, list[Order]]:
    """The orders for what was rejected while it was written, the latest first; what was only taken out of a document
    cannot be written anew."""
    found: defaultdict[int, list[Order]] = defaultdict(list)
    for rejection in rejections:
        is_over = rejection.reason in {DROPPED, REPLACED, GIVEN_UP}
        is_taken = rejection.sample is not None and rejection.sample.origin == "extracted"
        index = None if is_over or is_taken else places.find(rejection.source_file, rejection.span)
        if index is not None:
            task = _task(rejection.sample) if rejection.sample else None
            found[index].insert(0, Order(index, "rejected", Fault.of(rejection), task))
    return dict(found)


def _uncovered(plan: Plan, used: Mapping[int, int], failed: Mapping[int, Sequence[Order]]) -> Iterator[Order]:
    """Orders for passages that were planned and have no sample: first one for each topic that has none, then the
    others, in the order in which the plan comes to them."""
    labels = plan.labels
    reached = {labels[index] for index in used}
    empty = [index for index in plan.order if plan.quotas[index] and not used.get(index)]
    firsts: dict[tuple[str, str], int] = {}
    for index in empty:
        if labels[index] not in reached:
            firsts.setdefault(labels[index], index)
    for index in dict.fromkeys([*firsts.values(), *empty]):
        fault = failed[index][0].fault if index in failed else None
        yield Order(index, "uncovered", fault)


def _rejected(failed: Mapping[int, Sequence[Order]], asked: set[int]) -> tuple[list[Order], list[Order]]:
    """One order for every passage where something was rejected and that is not ``asked`` for anyway, and those that are
    left of all passages, which take turns."""
    first = [orders[0] for index, orders in failed.items() if index not in asked]
    rest = zip_longest(*(orders[1:] for orders in failed.values()))
    return first, [order for turn in rest for order in turn if order is not None]


def _within_cap(orders: Iterable[Order], used: Mapping[int, int], cap: int) -> Iterator[Order]:
    """Those of ``orders`` by which no passage comes to more than ``cap`` samples."""
    room = Counter(used)
    for order in orders:
        if order.replaces is not None:
            yield order
        elif room[order.index] < cap:
            room[order.index] += 1
            yield order


def _task(sample: Sample) -> Task | None:
    named = sample.metadata.get("task")
    return cast("Task", named) if named in get_args(Task) else None
