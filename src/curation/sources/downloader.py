"""Public sets by name, Hugging Face id, address or path: fetched, checked, brought into one shape, licence recorded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import quote, urlsplit

import yaml

from src.core.errors import InputFileError, UsageError
from src.core.fingerprints import sha256_of
from src.core.jsonl import make_folder
from src.core.types import ProgressEvent
from src.curation.sources.fetching import Remote, fetch, get_json
from src.curation.sources.stage import standardise_file
from src.curation.sources.tabling import as_lines
from src.curation.stages.frame import run_stage
from src.curation.stages.manifest import Manifest, read_manifest

Report = Callable[[ProgressEvent], None]
HUB: Final = "https://huggingface.co"
_HUB_ID: Final = re.compile(r"[\w.-]+/[\w.-]+")
_ROWS: Final = re.compile(r"\.(?:jsonl|json|parquet|ndjson)(?:\.gz)?$")
_NOT_ROWS: Final = re.compile(r"(?:^|/)(?:dataset_infos?|dataset_dict|state|config)\.json$")
_REVISION: Final = re.compile(r"/resolve/[^/]+/")
_PREFERRED: Final = (".jsonl", ".jsonl.gz", ".ndjson", ".json", ".json.gz", ".parquet")


@dataclass(frozen=True, slots=True)
class Known:
    """A set of catalogue.yaml."""

    title: str
    licence: str
    repository: str = ""
    files: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class DownloadSettings:
    """``endpoint`` is a mirror of the Hub, ``licence`` what is recorded where a source names none, ``sha256`` what a
    single file must hash to."""

    folder: Path
    licence: str = ""
    sha256: str = ""
    endpoint: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A set that lies here in the common shape. ``licence`` "" is not known."""

    source: str
    out: Path
    licence: str
    manifest: Manifest
    fetched: int


@cache
def known_sets() -> Mapping[str, Known]:
    """The sets that have a name."""
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("catalogue.yaml").read_text("utf-8"))
    return {name: Known(**{**entry, "files": tuple(entry.get("files", ()))}) for name, entry in content.items()}


def download(what: str, settings: DownloadSettings, report: Report) -> list[Downloaded]:
    """Fetch what ``what`` names and write each file as ``<folder>/<source>.jsonl``. Raises UsageError for what is no
    name, id, address or file; InputFileError, DatasetError and StorageError."""
    local = Path(what).expanduser()
    if local.is_file():
        _check_hash(local, settings.sha256)
        origin = str(local.resolve())
        source = _free_name(local.name.partition(".")[0], origin, settings.folder)
        return [_standardise(local, source, settings.licence, origin, settings, report)]
    done = []
    for remote in _hashed(resolve(what, settings), settings.sha256):
        origin = _REVISION.sub("/", remote.url)
        source = _free_name(remote.source, origin, settings.folder)
        # the file lies under a name of its own too: another address may have one of the same name
        named = replace(remote, name=f"{source}-{remote.name}" if source != remote.source else remote.name)
        found = fetch(named, settings.folder / "fetched", report)
        made = _standardise(found.path, source, remote.licence, origin, settings, report)
        done.append(made if found.reused else replace(made, fetched=found.bytes))
    return done


def _check_hash(path: Path, wished: str) -> None:
    found = sha256_of(path) if wished else ""
    if found != wished:
        raise InputFileError(f"{path} has the hash {found}, not {wished}.", fix="Fetch it again, or check the hash.")


def _hashed(remotes: list[Remote], wished: str) -> list[Remote]:
    """The files, of which the only one must have the hash that is wished."""
    if not wished:
        return remotes
    if len(remotes) > 1:
        raise UsageError(
            f"--sha256 is the hash of one file; these are {len(remotes)}.", fix="Give the address of one of them."
        )
    return [replace(remote, sha256=wished) for remote in remotes]


def _free_name(name: str, origin: str, folder: Path) -> str:
    """``name``, or another one where a set of that name came from elsewhere. The same origin finds its name again."""
    done = read_manifest(folder / f"{name}.jsonl")
    if done is None or done.settings.get("origin", "") in {"", _short(origin)}:
        return name
    return f"{name}-{_short(origin)}"


def _short(origin: str) -> str:
    """An address or a path by its hash: a manifest is handed on, and where a person keeps files stays here."""
    return hashlib.sha256(origin.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def resolve(what: str, settings: DownloadSettings) -> list[Remote]:
    """The files that are meant. A repository is asked which files it has. Raises UsageError and InputFileError."""
    known = known_sets().get(what.lower())
    if known is not None and known.url:
        return [_address(known.url, what.lower(), known.licence, settings)]
    if known is not None:
        return _repository(known.repository, what.lower(), settings, known)
    if what.startswith(("https://", "http://")):
        name = Path(urlsplit(what).path).name.partition(".")[0] or "download"
        return [_address(what, name, settings.licence, settings)]
    if _HUB_ID.fullmatch(what):
        return _repository(what, what.replace("/", "_"), settings, None)
    raise UsageError(
        f"{what!r} is no name of a set, no id, no address and no file.",
        fix=f"Names: {', '.join(known_sets())}; an id looks like tatsu-lab/alpaca.",
    )


def _address(url: str, name: str, licence: str, settings: DownloadSettings) -> Remote:
    file = Path(urlsplit(url).path).name or "download"
    return Remote(url, f"{name}-{file}" if not file.startswith(name) else file, name, licence, settings.sha256)


def _repository(repository: str, name: str, settings: DownloadSettings, known: Known | None) -> list[Remote]:
    hub = (settings.endpoint or HUB).rstrip("/")
    said = get_json(f"{hub}/api/datasets/{quote(repository)}?blobs=true", settings.token)
    files = {one["rfilename"]: one for one in said.get("siblings", ()) if isinstance(one, dict) and "rfilename" in one}
    wanted = list(known.files) if known else _choose_files(files)
    missing = [file for file in wanted if file not in files]
    if missing or not wanted:
        raise InputFileError(
            f"{repository} has no {missing[0] if missing else 'file of rows'}.",
            fix=f"It has: {', '.join(sorted(files)[:10]) or 'nothing'}. Give the address of a file instead.",
        )
    licence = _licence(said) or (known.licence if known else "") or settings.licence
    revision = said.get("sha") or "main"
    remotes = []
    for number, file in enumerate(wanted):
        blob = files[file].get("lfs") or {}
        remotes.append(
            Remote(
                f"{hub}/datasets/{quote(repository)}/resolve/{quote(str(revision))}/{quote(file)}",
                f"{name}-{file.replace('/', '-')}",
                name if len(wanted) == 1 else f"{name}-{number + 1:03}",
                licence,
                str(blob.get("sha256") or ""),
                int(files[file].get("size") or 0),
                settings.token,
            )
        )
    return remotes


def _choose_files(files: Mapping[str, Any]) -> list[str]:
    """The files of rows of one kind, the training ones where files say what they are for."""
    rows = sorted(name for name in files if _ROWS.search(name) and not _NOT_ROWS.search(name))
    training = [name for name in rows if "train" in name.lower()] or rows
    for suffix in _PREFERRED:
        found = [name for name in training if name.endswith(suffix)]
        if found:
            return found
    return []


def _licence(said: Mapping[str, Any]) -> str:
    card = said.get("cardData") or {}
    found = card.get("license") if isinstance(card, dict) else None
    if isinstance(found, list):
        found = ", ".join(map(str, found))
    return str(found) if found else ""


def _standardise(
    path: Path, source: str, licence: str, origin: str, settings: DownloadSettings, report: Report
) -> Downloaded:
    make_folder(settings.folder)
    out = settings.folder / f"{source}.jsonl"
    if out.resolve() == path.resolve():
        out = settings.folder / f"{source}_rows.jsonl"
    with TemporaryDirectory(dir=settings.folder) as folder:

        def work(key: str) -> Any:
            return standardise_file(as_lines(path, Path(folder)), out, key, source, report, licence, str(path))

        facts = {"source": source, "licence": licence, "origin": _short(origin)}
        manifest = run_stage("download", [path], out, facts, work)
    return Downloaded(source, out, licence, manifest, 0)
