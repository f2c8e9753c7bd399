"""The subcommand that fetches public sets."""

from __future__ import annotations

from argparse import Namespace

from src.cli.actions.curation_places import needs_compiled_code, path_of
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError


def download(arguments: Namespace, session: Session) -> Outcome:
    """Fetch every SET, check it, and write it in the common shape; its licence is shown and recorded."""
    with needs_compiled_code("download"):
        from src.core.fingerprints import sha256_of
        from src.curation.sources.downloader import DownloadSettings
        from src.curation.sources.downloader import download as fetch_set
        from src.curation.sources.fetching import is_sha256
    if arguments.list:
        return _list(session)
    if not arguments.what:
        raise UsageError("download needs the name of a set.", fix="'download --list' shows the known ones.")
    if arguments.sha256 and (len(arguments.what) > 1 or not is_sha256(arguments.sha256.lower())):
        raise UsageError("--sha256 is the hash of one file: 64 hexadecimal digits.", fix="Fetch one set at a time.")
    settings = DownloadSettings(
        path_of(arguments.to),
        arguments.licence,
        (arguments.sha256 or "").lower(),
        arguments.endpoint,
        session.secrets().cloud("HF_TOKEN"),
    )
    facts = []
    for what in arguments.what:
        with Progress(session.console) as progress:
            done = fetch_set(what, settings, progress)
        for one in done:
            counts = one.manifest.counts
            licence = one.licence or "not known: ask the source before you publish"
            session.console.success(f"{counts.kept:,} rows in {one.out}; licence: {licence}")
            if counts.rejected:
                kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.rejected.items())
                session.console.warning(f"not readable: {kinds}")
            facts.append(
                {
                    "source": one.source,
                    "file": str(one.out),
                    "rows": counts.kept,
                    "rejected": dict(counts.rejected),
                    "licence": one.licence or None,
                    "fetched_bytes": one.fetched,
                    "sha256": sha256_of(one.out),
                }
            )
    return Outcome({"sets": facts})


def _list(session: Session) -> Outcome:
    from src.cli.screens import table
    from src.curation.sources.downloader import known_sets

    rows = [(name, one.title, one.licence) for name, one in known_sets().items()]
    session.console.lines(table(("name", "what it is", "licence"), rows, width=session.console.width))
    session.console.say("Any id of the Hugging Face Hub (owner/name), web address or file works as well.")
    return Outcome({"sets": [{"name": name, "licence": licence} for name, _, licence in rows]})
