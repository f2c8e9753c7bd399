"""One file over HTTP: goes on where it stopped, whole or not at all, its hash checked and recorded."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from src import VERSION
from src.core.errors import InputFileError
from src.core.fingerprints import sha256_of
from src.core.jsonl import make_folder, storage_error
from src.core.types import ProgressEvent
from src.curation.stages.manifest import write_facts
from src.providers.wire_errors import retry_after_s

Report = Callable[[ProgressEvent], None]
_BLOCK: Final = 1 << 18
_TIMEOUT_S: Final = 60
_TRIES: Final = 4
_LONGEST_PAUSE_S: Final = 600.0
"""A host that asks for a longer pause is asked again by the user."""
_HASH_LENGTH: Final = 64


@dataclass(frozen=True, slots=True)
class Remote:
    """A file to fetch. ``sha256`` and ``size`` are what its host says of it, "" and 0 where it does not. ``token`` is
    sent to the host of ``url`` alone, never on to where it redirects."""

    url: str
    name: str
    source: str
    licence: str = ""
    sha256: str = ""
    size: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that lies here now. ``reused``: it was here before, unchanged."""

    path: Path
    sha256: str
    bytes: int
    licence: str
    reused: bool


def fetch(remote: Remote, folder: Path, report: Report, sleep: Callable[[float], None] = time.sleep) -> Fetched:
    """Bring ``remote`` to ``folder``; beside it a record of where it came from. What a stopped call has of it is used
    by the next one. Between its tries it waits with ``sleep``, as long as the host asks for. Raises InputFileError
    where it cannot be had or is not what it should be, StorageError."""
    make_folder(folder)
    path = folder / remote.name
    known = _read_record(path)
    if path.exists() and known.get("url") == remote.url:
        found = sha256_of(path)
        if found == known.get("sha256") and remote.sha256 in {"", found}:
            return Fetched(path, found, path.stat().st_size, remote.licence, reused=True)
    part = path.with_name(f"{path.name}.part")
    for attempt in range(_TRIES):
        try:
            _continue(remote, part, report)
            break
        except (TimeoutError, ConnectionError, http.client.HTTPException, urllib.error.URLError) as error:
            _raise_if_final(remote, error, is_last=attempt == _TRIES - 1)
            sleep(_pause_s(error, attempt))
    found, size = sha256_of(part), part.stat().st_size
    if remote.sha256 and found != remote.sha256:
        _discard(part)
        raise InputFileError(
            f"{remote.url} has the hash {found}, not {remote.sha256}.", fix="Fetch it again, or check the hash."
        )
    write_facts(record_path(path), {**asdict(remote), "token": "", "sha256": found, "bytes": size})
    try:
        part.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    _etag_path(part).unlink(missing_ok=True)
    return Fetched(path, found, size, remote.licence, reused=False)


def get_json(url: str, token: str = "") -> Any:
    """What an address answers. Raises InputFileError."""
    try:
        with _open(_request(url, token)) as answer:
            return orjson.loads(answer.read(50_000_000))
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise InputFileError(f"{url} cannot be read: {_why(error)}.", fix=_fix(error)) from error
    except orjson.JSONDecodeError as error:
        raise InputFileError(f"{url} does not answer with JSON.", fix="Check the address.") from error


def record_path(path: Path) -> Path:
    """Where a file came from is told beside it."""
    return path.with_name(f"{path.name}.source.json")


def _continue(remote: Remote, part: Path, report: Report) -> None:
    """Append to ``part`` what is missing. A file that has changed at its host since begins anew."""
    have = part.stat().st_size if part.exists() else 0
    tag = _etag_path(part)
    request = _request(remote.url, remote.token)
    if have and tag.exists():
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", tag.read_text(encoding="latin-1"))
    else:
        have = 0
    try:
        opened = _open(request)
    except urllib.error.HTTPError as error:
        if not have or error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        # a call was killed between the last byte and the rename, or what lies here is not of this file
        if error.headers.get("Content-Range", "").rpartition("/")[2] != str(have):
            _discard(part)
            _continue(remote, part, report)
        return
    with opened as answer:
        goes_on = answer.status == http.HTTPStatus.PARTIAL_CONTENT
        have = have if goes_on else 0
        etag = answer.headers.get("ETag", "")
        if etag and not etag.startswith("W/"):
            tag.write_text(etag, encoding="latin-1")
        left = int(answer.headers.get("Content-Length") or 0)
        total = have + left or remote.size or None
        try:
            with part.open("ab" if goes_on else "wb") as file:
                while block := answer.read(_BLOCK):
                    file.write(block)
                    have += len(block)
                    report(ProgressEvent("read", have, total, unit="bytes"))
        except OSError as error:
            if isinstance(error, TimeoutError | ConnectionError):
                raise
            raise storage_error(part, error) from error
    if left and total and have < total:
        raise http.client.IncompleteRead(b"", total - have)


def _request(url: str, token: str) -> urllib.request.Request:
    if not url.startswith(("https://", "http://")):
        raise InputFileError(f"{url} is no web address.", fix="It begins with https://")
    request = urllib.request.Request(url, headers={"User-Agent": f"dataset-builder/{VERSION}"})  # noqa: S310 checked above
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    return request


def _open(request: urllib.request.Request) -> Any:
    return urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310 the scheme was checked


def _raise_if_final(remote: Remote, error: Exception, *, is_last: bool) -> None:
    may_pass = not isinstance(error, urllib.error.HTTPError) or error.code >= 500 or error.code == 429
    may_pass = may_pass and (retry_after_s(error) or 0.0) <= _LONGEST_PAUSE_S
    if is_last or not may_pass:
        raise InputFileError(f"{remote.url} cannot be fetched: {_why(error)}.", fix=_fix(error)) from error


def _pause_s(error: Exception, attempt: int) -> float:
    """Seconds until the next try: what the host asks for, or twice as long each time."""
    asked = retry_after_s(error)
    return 2.0**attempt if asked is None else asked


def _discard(part: Path) -> None:
    """Nothing of what has come can be used."""
    part.unlink(missing_ok=True)
    _etag_path(part).unlink(missing_ok=True)


def _why(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code} {error.reason}"
    return str(getattr(error, "reason", "") or error or type(error).__name__)


def _fix(error: Exception) -> str:
    code = error.code if isinstance(error, urllib.error.HTTPError) else 0
    if code in {401, 403}:
        return "Accept the terms of the set on its page, and put HF_TOKEN into .env."
    if code == 404:
        return "Check the name; 'download --list' shows the known ones."
    return "Check the connection and run again: it goes on where it stopped."


def _etag_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.etag")


def _read_record(path: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(record_path(path).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def is_sha256(text: str) -> bool:
    """Whether a text can be such a hash."""
    return len(text) == _HASH_LENGTH and all(letter in "0123456789abcdef" for letter in text)
