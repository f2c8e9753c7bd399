"""The subcommand merge-split."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.actions.curation_places import path_of
from src.cli.actions.data_prep_places import check_share, check_written, project_root
from src.cli.actions.qc import show_rejected
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.core.config import RunConfig
    from src.data_prep.merging.merge import MergeReport

_SHOWN_HITS = 5


def merge_split(arguments: Namespace, session: Session) -> Outcome:
    """Write train.NAME.jsonl and eval.NAME.jsonl; a leak is bad news. Raises UsageError, InputFileError, DatasetError,
    ConfigError, StorageError."""
    _check_options(arguments)
    config = _settings(session)
    from src.cli.screens import show_path
    from src.data_prep.merging.merge import MergedFiles, MergeSettings, merge_and_split, merge_facts
    from src.data_prep.quality.broken import DEFAULT_MODEL
    from src.data_prep.quality.cleaning import CleaningSettings

    folder = path_of(arguments.out_dir) if arguments.out_dir else project_root(session) / "data" / "staging"
    sources, benchmarks = ([path_of(name) for name in names] for names in (arguments.sources, arguments.decontaminate))
    files = MergedFiles.of(folder, arguments.name)
    check_written([*sources, *benchmarks], files)
    settings = MergeSettings(
        arguments.eval_frac,
        config.split.leak_threshold,
        config.system.seed,
        CleaningSettings(arguments.threshold, arguments.model or DEFAULT_MODEL),
        tuple(benchmarks),
        arguments.overlap,
    )
    with Progress(session.console) as progress:
        done = merge_and_split(sources, files, settings, progress)
    _show(session, done, settings.share)
    kinds = {"train": files.train, "eval": files.evaluation, "report": files.report}
    if done.rejected:
        kinds["rejected"] = files.rejected
    for kind, path in kinds.items():
        session.console.say(f"{kind:<9} {show_path(path, Path.cwd())}")
    _show_leaks(session, done, settings.leak_threshold)
    return Outcome(
        {**merge_facts(done), "files": {kind: str(path) for kind, path in kinds.items()}}, ok=_is_clean(done)
    )


def _settings(session: Session) -> RunConfig:
    """The seed and the threshold of leaks; no key is read, and no log begun in the folder that a script is called
    from."""
    from src.core.config import load_config

    place = session.workspace.config_file
    return load_config(place, session.overrides, environment={}, required=session.config_required)


def _check_options(arguments: Namespace) -> None:
    from src.core.names import check_output_name

    check_share("--eval_frac", arguments.eval_frac, "As in --eval_frac 0.15.", may_be_one=False)
    check_share("--threshold", arguments.threshold, "As in --threshold 0.8.")
    check_share("--overlap", arguments.overlap, "As in --overlap 0.4.")
    try:
        check_output_name(arguments.name)
    except ValueError as error:
        raise UsageError(f"--name {arguments.name!r}: {error}.", fix="As in --name full.") from error


def _is_clean(done: MergeReport) -> bool:
    return not done.leaks.total


def _show(session: Session, done: MergeReport, wished: float) -> None:
    from src.cli.screens import table
    from src.data_prep.merging.merge import misses_share

    console = session.console
    show_rejected(session, done.train + done.evaluation, done.rejected)
    console.say()
    rows = [
        (kind, name, f"{both[0]:,}", f"{both[1]:,}")
        for kind, names in done.counts.items()
        for name, both in sorted(names.items())
    ]
    rows.append(("all", "", f"{done.train:,}", f"{done.evaluation:,}"))
    console.lines(table(("by", "", "train", "eval"), rows, width=console.width, right=frozenset({2, 3})))
    shares = ", ".join(f"{kind} {value:.3f}" for kind, value in done.drifts.items())
    console.say(f"Evaluation has {done.share:.1%} of the rows ({wished:.1%} wished); largest drift by {shares}")
    if misses_share(done.evaluation, done.train + done.evaluation, wished):
        console.warning(
            f"The share is off: what belongs together stays together, and the largest of {done.groups:,} groups has "
            f"{done.largest_group:,} rows."
        )
    if not done.every_file:
        console.remark(
            "Commits over several files connect too many rows for that share: each counts for its first file only."
        )
    _show_benchmarks(session, done)


def _show_benchmarks(session: Session, done: MergeReport) -> None:
    console = session.console
    if not done.benchmark_items + done.too_short:
        return
    short = f"; {done.too_short:,} items have no text of 8 words and were not looked for" if done.too_short else ""
    console.say(f"Benchmarks: {len(done.contaminated):,} rows held one of {done.benchmark_items:,} items{short}")
    for hit in done.contaminated[:_SHOWN_HITS]:
        console.say(f"  {hit['file']}, line {hit['line']}: {hit['overlap']:.0%} of {hit['item']}")


def _show_leaks(session: Session, done: MergeReport, threshold: float) -> None:
    leaks = done.leaks
    text = (
        f"Leaks: {leaks.total} ({leaks.by_name} evaluation rows share a conversation, file or commit with training, "
        f"{leaks.by_text} are alike from {threshold} on)"
    )
    (session.console.success if _is_clean(done) else session.console.error)(text)
