"""The subcommands that choose, group, join, show and hand on rows."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.actions.curation_places import check_places, needs_compiled_code, path_of
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.stage import show_stage, stage_facts
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.core.types import ProgressEvent
    from src.curation.select.balance import Mix
    from src.curation.select.filtering import Filters
    from src.curation.stages.manifest import Counts

Tell = Callable[["ProgressEvent"], None]


def filter_set(arguments: Namespace, session: Session) -> Outcome:
    """Keep the rows of IN that pass."""
    filters = filters_of(arguments)
    from src.curation.chain import filter_file

    source, out = path_of(arguments.source), path_of(arguments.out)
    return _stage(
        session,
        (source,),
        out,
        "filter",
        asdict(filters),
        lambda key, tell: filter_file(filters, source, out, key, tell),
    )


def filters_of(arguments: Namespace) -> Filters:
    """What the options ask of a row. Raises UsageError for a category that there is not."""
    with needs_compiled_code(arguments.command.name):
        from src.curation.select.categories import CATEGORIES
        from src.curation.select.filtering import Filters
    for name in arguments.category:
        if name not in CATEGORIES:
            raise UsageError(f"There is no category {name!r}.", fix=f"There are: {', '.join(CATEGORIES)}.")
    above = None if arguments.any_score else arguments.above
    return Filters(
        above,
        tuple(arguments.category),
        tuple(arguments.sources),
        tuple(arguments.without_source),
        arguments.min_chars,
        arguments.max_chars,
    )


def balance_set(arguments: Namespace, session: Session) -> Outcome:
    """Take the best rows of IN in the shares of the mix."""
    mix = mix_of(arguments)
    if mix is None:
        raise UsageError("balance needs --mix.", fix="As in --mix general=50,code=25,*=25, or --mix seed.")
    from src.curation.select.balance import balance

    source, out = path_of(arguments.source), path_of(arguments.out)
    return _stage(session, (source,), out, "balance", asdict(mix), lambda _key, tell: balance(source, out, mix, tell))


def mix_of(arguments: Namespace) -> Mix | None:
    """The mix that the options name; None where they name none. Raises UsageError."""
    with needs_compiled_code(arguments.command.name):
        from src.curation.select.balance import Mix, parse_mix
    if arguments.size < 0:
        raise UsageError("--size is 0 or more.", fix="As in --size 5000.")
    if not arguments.mix:
        if arguments.source_mix:
            raise UsageError("--source-mix needs --mix.", fix="As in --mix seed --source-mix alpaca=30,*=70.")
        return None
    if arguments.source_mix and arguments.by == "source":
        raise UsageError("--source-mix goes with a mix by category.", fix="Leave out --by source.")
    sources = parse_mix(arguments.source_mix) if arguments.source_mix else {}
    return Mix(parse_mix(arguments.mix), arguments.by, arguments.size, sources)


def merge_datasets(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows of every IN to OUT."""
    with needs_compiled_code("merge-datasets"):
        from src.curation.select.merging import merge_sets

    sources, out = tuple(path_of(name) for name in arguments.sources), path_of(arguments.out)
    return _stage(session, sources, out, "merge", {}, lambda _key, tell: merge_sets(sources, out, tell))


def cluster_set(arguments: Namespace, session: Session) -> Outcome:
    """Write the rows of IN with their topics to OUT and show the topics."""
    if arguments.clusters < 1:
        raise UsageError("--clusters is at least 1.", fix="As in --clusters 40.")
    with needs_compiled_code("cluster"):
        from src.curation.select.clustering import cluster
    from src.cli.screens import table
    from src.curation.stages.frame import run_stage

    source, out = path_of(arguments.source), path_of(arguments.out)
    check_places((source,), out)
    with Progress(session.console) as progress:
        settings = {"clusters": arguments.clusters}
        manifest = run_stage(
            "cluster", (source,), out, settings, lambda _key: cluster(source, out, arguments.clusters, progress)
        )
    counts, topics = manifest.counts, manifest.counts.facts["topics"]
    rows = [(str(one["number"]), one["name"], f"{one['rows']:,}") for one in topics]
    session.console.lines(table(("#", "topic", "rows"), rows, width=session.console.width, right=frozenset({0, 2})))
    session.console.success(f"{counts.kept:,} rows with their topics in {out}")
    return Outcome({"rows": counts.rows, "topics": topics, "file": str(out)})


def spot_check(arguments: Namespace, session: Session) -> Outcome:
    """Write the sheet for a person; broken code and wrong sums are shown, they are no bad news of the command."""
    with needs_compiled_code("spot-check"):
        from src.curation.verify.spot_check import Wish, spot_check
        from src.curation.verify.spot_verdicts import sheet_stem
    wish = Wish(arguments.random, arguments.code, arguments.math, arguments.reasoning)
    if min(asdict(wish).values()) < 0:
        raise UsageError("The numbers of rows are 0 or more.", fix="As in --random 100 --code 50.")
    source = path_of(arguments.source)
    stem = path_of(arguments.out) if arguments.out else sheet_stem(source)
    with Progress(session.console) as progress:
        sheet = spot_check(source, stem, wish, progress)
    console = session.console
    console.success(f"{len(sheet.drawn)} rows in {sheet.csv} and {sheet.html}")
    console.say(f"Code parsed and sums recomputed in {sheet.checked} of them: {sheet.broken} with something wrong.")
    for one in [one for one in sheet.drawn if one.broken][:10]:
        console.say(f"  line {one.row.line}: {one.check}")
    if sheet.unread:
        first = sheet.unread[0]
        console.warning(f"{len(sheet.unread):,} lines cannot be read; the first is line {first.line}: {first.reason}.")
    return Outcome(
        {
            "rows": len(sheet.drawn),
            "checked": sheet.checked,
            "broken": sheet.broken,
            "unread": len(sheet.unread),
            "files": [str(sheet.csv), str(sheet.html)],
        }
    )


def package_set(arguments: Namespace, session: Session) -> Outcome:
    """Copy a finished set and check what arrived."""
    with needs_compiled_code("package"):
        from src.curation.publish.packaging import package

    with Progress(session.console) as progress:
        found = package(path_of(arguments.source), arguments.to, progress)
    session.console.success(f"{len(found.files)} files in {found.target}, every hash checked")
    return Outcome({"to": found.target, "files": dict(found.files)})


def _stage(
    session: Session,
    sources: tuple[Path, ...],
    out: Path,
    name: str,
    settings: dict[str, Any],
    work: Callable[[str, Tell], Counts],
) -> Outcome:
    from src.curation.stages.frame import run_stage

    check_places(sources, out)
    with Progress(session.console) as progress:
        manifest = run_stage(name, sources, out, settings, lambda key: work(key, progress))
    show_stage(session, manifest, out)
    return Outcome(stage_facts(manifest, out))
