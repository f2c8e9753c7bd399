"""Menu 1.5: whether to divide, the present distribution, and how."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from src.cli.menus.questions import Asked, Question
from src.cli.progress import Progress
from src.cli.prompts import BackRequestedError, parse_ratio
from src.cli.session import Session
from src.core.config import RunConfig
from src.core.errors import BuilderError
from src.persistence.sqlite_client import Store
from src.reports.tables import bar_table
from src.reports.tally import sum_sides, tally

_RATIOS = ((0.9, "90-10"), (0.8, "80-20"), (0.7, "70-30"))
_STRATEGIES = (
    ("random", "one shuffle over all samples"),
    ("weighted", "every source or keyword is cut at the ratio"),
)
_WEIGHTS = (
    ("source", "every file is cut at the ratio"),
    ("keywords", "every first keyword is cut at the ratio"),
)
_SHOWN_LABELS = 12


class Distribution(NamedTuple):
    """What would be divided: counts by source file and by keyword, and of what they are."""

    title: str
    sources: Counter[str]
    keywords: Counter[str]


def show_distribution(session: Session, config: RunConfig) -> None:
    """The distribution by source and by keyword; when there is none to show, why."""
    console = session.console
    try:
        found = latest_distribution(session) or input_distribution(session, config)
    except BuilderError as error:
        console.warning(f"No distribution to show yet: {error} {error.fix}".strip())
        return
    console.say(found.title)
    for name, counts in (("source", found.sources), ("keyword", found.keywords)):
        console.say()
        console.say(f"By {name}", "heading")
        console.lines(f"  {line}" for line in bar_table(counts, limit=_SHOWN_LABELS, width=console.width - 2))
    console.say()


def latest_distribution(session: Session) -> Distribution | None:
    """The samples of the newest finished dataset; None when there is none."""
    place = session.workspace.database
    if isinstance(place, Path) and not place.exists():
        return None
    with Store(place) as store:
        record = store.latest()
        if record is None:
            return None
        counts = tally(store.samples(record.id))
    title = f"The latest dataset, {record.name}: {record.total_samples:,} samples"
    return Distribution(title, sum_sides(counts.sources), sum_sides(counts.keywords))


def input_distribution(session: Session, config: RunConfig) -> Distribution:
    """The passages of the input files. Raises InputFileError when nothing can be read."""
    from src.pipeline import count_passages, read_documents

    with Progress(session.console) as progress:
        documents = read_documents(config, session.parts(progress))
    counts = count_passages(documents)
    return Distribution(
        f"No dataset yet; the input files hold {counts.sources.total():,} passages", counts.sources, counts.keywords
    )


def _whether(asked: Asked) -> dict[str, Any]:
    asked.session.console.heading("Train/validation split")
    return {
        "split.enabled": asked.prompter.yes_no(
            "Divide into training and validation files", default=asked.config.split.enabled
        )
    }


def _ratio(asked: Asked) -> dict[str, Any] | None:
    """With the distribution on the screen."""
    if not asked.config.split.enabled:
        return None
    show_distribution(asked.session, asked.config)
    present = asked.config.split.ratio
    known = [ratio for ratio, _ in _RATIOS]
    options = [*(name for _, name in _RATIOS), "custom"]
    default = known.index(present) if present in known else len(known)
    while True:
        index = asked.prompter.choose("Ratio of training to validation", options, default=default)
        if index < len(known):
            return {"split.ratio": known[index]}
        with suppress(BackRequestedError):  # back to the list
            share = asked.prompter.text("Training share, as 0.85 or 85-15", parse_ratio, default=f"{present:g}")
            return {"split.ratio": share}


def _strategy(asked: Asked) -> dict[str, Any] | None:
    if not asked.config.split.enabled:
        return None
    asked.session.console.say()
    return _one_of(asked, "Strategy", "split.strategy", asked.config.split.strategy, _STRATEGIES)


def _weight(asked: Asked) -> dict[str, Any] | None:
    if not asked.config.split.enabled or asked.config.split.strategy != "weighted":
        return None
    asked.session.console.say()
    return _one_of(asked, "Weighted by", "split.weight_by", asked.config.split.weight_by, _WEIGHTS)


def _one_of(
    asked: Asked, question: str, key: str, present: str, meanings: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    names = [name for name, _ in meanings]
    options = [f"{name:<10} {meaning}" for name, meaning in meanings]
    return {key: names[asked.prompter.choose(question, options, default=names.index(present))]}


SPLIT_QUESTIONS: tuple[Question, ...] = (_whether, _ratio, _strategy, _weight)
"""First whether to divide at all; then ratio, strategy and weight."""
