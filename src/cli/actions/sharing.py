"""The subcommands that give a dataset to others: package, push, bundle, verify-bundle."""

from __future__ import annotations

import re
import shutil
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.actions.curation_places import path_of
from src.cli.progress import Progress
from src.cli.screens import counted, show_path, table
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from src.core.types import DatasetRecord
    from src.library.bundle.card import Terms
    from src.library.bundle.hub_folder import HubFolder
    from src.persistence.sqlite_client import Store

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_SHOWN = 40


def package(arguments: Namespace, session: Session) -> Outcome:
    """Copy a curated set with its papers, or write a stored dataset as the Hub lays it out; every hash is checked."""
    source = path_of(arguments.source)
    if source.is_file() or source.suffix in {".jsonl", ".gz"}:
        from src.cli.actions.select import package_set

        return package_set(arguments, session)
    return _package_stored(arguments, session)


def _package_stored(arguments: Namespace, session: Session) -> Outcome:
    from src.persistence.places import copy_files

    is_address = "://" in arguments.to
    with _stored(arguments.source, session) as (store, record):
        folder = _staging(session, record) if is_address else path_of(arguments.to)
        written = _write_folder(arguments, session, store, record, folder)
        if not is_address:
            from src.core.fingerprints import sha256_of

            hashes: Mapping[str, str] = {name: sha256_of(path) for name, path in written.files.items()}
        else:
            with _removed_afterwards(folder), Progress(session.console) as progress:
                hashes = copy_files(written.files, arguments.to, progress).files
    _show_rows(session, written)
    session.console.success(f"{counted(len(hashes), 'file')} in {arguments.to}, every hash checked")
    return Outcome({"to": arguments.to, "format": written.kind, "rows": dict(written.rows), "files": dict(hashes)})


def push(arguments: Namespace, session: Session) -> Outcome:
    """Show what would be sent to the Hub; with ``--yes`` send it. Nothing leaves this machine without it."""
    from src.library.bundle.card import private_data
    from src.library.bundle.push import check_repo_id
    from src.library.bundle.push import push as send
    from src.providers.hub_api import HUB_ENDPOINT, Hub

    repo_id = check_repo_id(arguments.repo_id)
    secrets = session.secrets()
    endpoint = secrets.cloud("HF_ENDPOINT") or HUB_ENDPOINT
    if arguments.yes and not secrets.cloud("HF_TOKEN"):
        raise ConfigError(
            "HF_TOKEN is not set.", fix="Put a token with write access into .env (huggingface.co/settings/tokens)."
        )
    with _stored(arguments.dataset, session) as (store, record):
        folder = _staging(session, record)
        with _removed_afterwards(folder):
            written = _write_folder(arguments, session, store, record, folder)
            sizes = {name: path.stat().st_size for name, path in written.files.items()}
            _show_order(session, written, sizes, f"{endpoint}/datasets/{repo_id}", is_public=arguments.public)
            if private_data(record):
                session.console.warning(private_data(record))
            facts: dict[str, Any] = {
                "repository": repo_id,
                "endpoint": endpoint,
                "visibility": "public" if arguments.public else "private",
                "format": written.kind,
                "rows": dict(written.rows),
                "files": sizes,
                "card": written.card,
                "private_data": private_data(record) or None,
                "sent": False,
            }
            if not arguments.yes:
                session.console.say()
                session.console.success("Nothing was sent. Add --yes to send it.")
                return Outcome(facts)
            session.console.remark(f"Sending {_size(sum(sizes.values()))} to {endpoint} ...")
            message = arguments.message or f"{record.name}, version {record.version}"
            done = send(
                Hub(secrets.cloud("HF_TOKEN"), endpoint), written, repo_id, message, is_private=not arguments.public
            )
    for name in done.removed:
        session.console.remark(f"Taken out there: {name}, of an earlier version.")
    session.console.success(
        f"{done.url} ({'private' if done.is_private else 'public'}): "
        + ("sent in one commit" if done.changed else "all of it was there already")
    )
    facts |= {
        "sent": done.changed,
        "visibility": "private" if done.is_private else "public",
        "url": done.url,
        "commit": done.commit,
        "created": done.created,
        "removed": list(done.removed),
    }
    return Outcome(facts)


def bundle(arguments: Namespace, session: Session) -> Outcome:
    """Write a release bundle of a stored dataset."""
    from src.library.bundle.card import private_data
    from src.library.bundle.release import write_bundle

    with _stored(arguments.dataset, session) as (store, record):
        default = session.workspace.output_datasets / f"{record.name}_bundle"
        target = path_of(arguments.out) if arguments.out else default
        made = write_bundle(
            store,
            record,
            target,
            _terms(arguments),
            session.workspace.prompts,
            with_rejected=arguments.with_rejected,
        )
    shown = show_path(made.path, session.workspace.root)
    rows = [(one.path, f"{one.bytes:,}", f"{one.rows:,}" if one.rows is not None else "") for one in made.files]
    console = session.console
    console.lines(table(("file", "bytes", "rows"), rows[:_SHOWN], width=console.width, right=frozenset({1, 2})))
    if len(rows) > _SHOWN:
        console.say(f"and {len(rows) - _SHOWN} more")
    console.say(f"SHA-256 of its manifest: {made.sha256}")
    private = private_data(record)
    if private:
        console.warning(private)
    if arguments.with_rejected and record.rejected:
        console.warning(f"It holds the texts of {counted(sum(record.rejected.values()), 'rejected row')}, too.")
    console.success(f"{counted(made.rows, 'sample')} in {shown}")
    return Outcome(
        {
            "bundle": shown,
            "manifest_sha256": made.sha256,
            "rows": made.rows,
            "private_data": private or None,
            "files": {one.path: one.sha256 for one in made.files},
        }
    )


def verify_bundle(arguments: Namespace, session: Session) -> Outcome:
    """Compare a bundle with its manifest; whatever differs is named, and is bad news."""
    from src.library.bundle.check import verify_bundle as check

    with Progress(session.console) as progress:
        found = check(path_of(arguments.path), progress)
    console = session.console
    for path, problem in found.differences[:_SHOWN]:
        console.say(f"{path}: {problem}")
    if len(found.differences) > _SHOWN:
        console.say(f"and {len(found.differences) - _SHOWN} more")
    dataset = found.manifest.dataset
    console.say(f"SHA-256 of its manifest: {found.sha256}")
    what = f"{dataset.name}, version {dataset.version}: {counted(found.files, 'file')}, {counted(found.rows, 'row')}"
    if found.ok:
        console.success(f"{what}, all as the manifest says")
    else:
        console.error(f"{what}; {counted(len(found.differences), 'difference')}.", "Fetch the bundle again.")
    return Outcome(
        {
            "ok": found.ok,
            "dataset": dataset.name,
            "version": dataset.version,
            "files": found.files,
            "rows": found.rows,
            "manifest_sha256": found.sha256,
            "differences": [one._asdict() for one in found.differences],
        },
        ok=found.ok,
    )


@contextmanager
def _stored(name: str, session: Session) -> Iterator[tuple[Store, DatasetRecord]]:
    """The store and a finished dataset, while no other run writes here. Raises DatasetError, StorageError."""
    from src.dataset_files import hold_workspace
    from src.persistence.sqlite_client import Store
    from src.persistence.versions import find_version

    workspace = session.workspace
    with hold_workspace(workspace), Store(workspace.database) as store:
        yield store, find_version(store, name)


def _write_folder(
    arguments: Namespace, session: Session, store: Store, record: DatasetRecord, folder: Path
) -> HubFolder:
    from src.library.bundle.hub_folder import write_hub_folder
    from src.library.bundle.shards import best_kind

    kind = arguments.format or best_kind()
    if not arguments.format and kind == "jsonl":
        session.console.warning(
            "Without the package pyarrow the rows are written as JSON Lines, which load_dataset reads as well; "
            "make setup-hub adds Parquet."
        )
    return write_hub_folder(store, record, folder, _terms(arguments), kind)


def _terms(arguments: Namespace) -> Terms:
    """What the owner says. Raises UsageError."""
    from src.library.bundle.card import Terms

    languages = tuple(filter(None, re.split(r"[,\s]+", arguments.language or "")))
    wrong = [language for language in languages if not _LANGUAGE.fullmatch(language)]
    if wrong:
        raise UsageError(f"--language {wrong[0]!r} is no code of a language.", fix="As in --language en,de.")
    return Terms(arguments.licence or "", languages)


def _staging(session: Session, record: DatasetRecord) -> Path:
    return session.workspace.memory / "hub" / record.name


@contextmanager
def _removed_afterwards(folder: Path) -> Iterator[None]:
    """What lies in ``folder`` is made again whenever it is needed."""
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _show_order(session: Session, written: HubFolder, sizes: Mapping[str, int], place: str, *, is_public: bool) -> None:
    console = session.console
    console.heading(f"To {place}, {'PUBLIC' if is_public else 'private'}, in one commit")
    rows = [(name, f"{size:,}") for name, size in [*sizes.items()][:_SHOWN]]
    rows += [(f"and {len(sizes) - _SHOWN} more", "")] if len(sizes) > _SHOWN else []
    console.lines(table(("file", "bytes"), rows, width=console.width, right=frozenset({1})))
    console.say(f"{counted(len(sizes), 'file')}, {_size(sum(sizes.values()))}")
    _show_rows(session, written)
    console.heading("Card (README.md)")
    console.say(written.card.rstrip())


def _show_rows(session: Session, written: HubFolder) -> None:
    rows = ", ".join(f"{count:,} {side}" for side, count in written.rows.items())
    session.console.say(f"Rows: {rows}, as {'Parquet' if written.kind == 'parquet' else 'JSON Lines'}")


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"
