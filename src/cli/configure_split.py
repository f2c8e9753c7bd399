"""Menu 1.5: whether to divide, the present distribution, and how."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from src.cli.progress import Progress
from src.cli.prompts import Prompter, parse_ratio
from src.cli.session import Session
from src.core.config import RunConfig
from src.core.errors import BuilderError
from src.persistence.sqlite_client import Store
from src.reports.tables import bar_table, count_samples

_RATIOS = ((0.9, "90-10"), (0.8, "80-20"), (0.7, "70-30"))
_SHOWN_LABELS = 12


class Distribution(NamedTuple):
    """What would be divided: counts by source file and by keyword, and of what they are."""

    title: str
    sources: Counter[str]
    keywords: Counter[str]


def ask_split(session: Session, prompter: Prompter, config: RunConfig) -> dict[str, Any]:
    """First whether to divide at all; then, with the distribution on the screen, ratio, strategy and weight."""
    console = session.console
    console.heading("Train/validation split")
    if not prompter.yes_no("Divide into training and validation files", default=config.split.enabled):
        return {"split.enabled": False}
    show_distribution(session, config)
    changes: dict[str, Any] = {"split.enabled": True, "split.ratio": _ask_ratio(prompter, config.split.ratio)}
    strategies = ("random", "weighted")
    index = prompter.choose(
        "Strategy",
        ("random     one shuffle over all samples", "weighted   every source or keyword is cut at the ratio"),
        default=strategies.index(config.split.strategy),
    )
    changes["split.strategy"] = strategies[index]
    if strategies[index] == "weighted":
        kinds = ("source", "keywords")
        index = prompter.choose(
            "Weighted by",
            ("source     every file stands on both sides", "keywords   every first keyword stands on both sides"),
            default=kinds.index(config.split.weight_by),
        )
        changes["split.weight_by"] = kinds[index]
    return changes


def show_distribution(session: Session, config: RunConfig) -> None:
    """The distribution by source and by keyword; when there is none to show, why."""
    console = session.console
    try:
        found = latest_distribution(session) or input_distribution(session, config)
    except BuilderError as error:
        console.warning(f"No distribution to show: {error}")
        return
    console.say(found.title)
    for name, counts in (("source", found.sources), ("keyword", found.keywords)):
        console.say()
        console.say(f"By {name}", "heading")
        console.lines(f"  {line}" for line in bar_table(counts, limit=_SHOWN_LABELS))
    console.say()


def latest_distribution(session: Session) -> Distribution | None:
    """The samples of the newest finished dataset; None when there is none."""
    if not session.workspace.database.exists():
        return None
    with Store(session.workspace.database) as store:
        record = store.latest()
        if record is None:
            return None
        by_source = count_samples((row.sample for row in store.samples(record.id)), "source")
        by_keyword = count_samples((row.sample for row in store.samples(record.id)), "keywords")
    title = f"The latest dataset, {record.name}: {record.total_samples:,} samples"
    return Distribution(title, by_source, by_keyword)


def input_distribution(session: Session, config: RunConfig) -> Distribution:
    """The passages of the input files. Raises InputFileError when nothing can be read."""
    from src.pipeline import read_documents
    from src.utils.chunker import make_passages
    from src.utils.keywords import KeywordExtractor

    with Progress(session.console) as progress:
        documents = read_documents(config, session.parts(progress)).documents
    passages = [passage for document in documents for passage in make_passages(document)]
    extractor = KeywordExtractor(passage.text for passage in passages)
    sources = Counter(passage.source_file for passage in passages)
    keywords = Counter(next(iter(extractor.keywords(passage.text, 1)), "(none)") for passage in passages)
    return Distribution(f"No dataset yet; the input files hold {len(passages):,} passages", sources, keywords)


def _ask_ratio(prompter: Prompter, present: float) -> float:
    known = [ratio for ratio, _ in _RATIOS]
    options = [*(name for _, name in _RATIOS), "another ratio"]
    default = known.index(present) if present in known else len(known)
    index = prompter.choose("Ratio of training to validation", options, default=default)
    if index < len(known):
        return known[index]
    return prompter.ask("Training share, as 0.85 or 85-15", parse_ratio, default=f"{present:g}")
