"""The Hugging Face Hub, through its own client: is a dataset's repository there, make it, bring files in one commit."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from src.core.errors import ErrorKind, MissingPackageError, ProviderError
from src.providers.wire_errors import MAX_QUOTED, classify_error, kind_of_status

HUB_ENDPOINT: Final = "https://huggingface.co"
_DATASET: Final = "dataset"
_AGAIN: Final = "Run the same command again: what has arrived is not sent twice."
_FIXES: Final[Mapping[ErrorKind, str]] = {
    "auth": "Check HF_TOKEN in .env: it needs write access to that name (huggingface.co/settings/tokens).",
    "bad_request": "Follow the message.",
    "not_found": "Check the name and the address (HF_ENDPOINT).",
    "rate_limit": f"Wait a minute. {_AGAIN}",
    "connection": f"Check the network. {_AGAIN}",
}
_OWN_ERRORS: Final[Mapping[str, ErrorKind]] = {"OfflineModeIsEnabled": "connection"}


class Repository(NamedTuple):
    """A dataset's repository as it is: its visibility, its newest commit and the names of its files."""

    is_private: bool
    commit: str
    files: tuple[str, ...]


class Committed(NamedTuple):
    """The newest commit after bringing files: the one before, where nothing has changed."""

    commit: str
    url: str


class Hub:
    """One account at one endpoint. Every method raises ProviderError with its kind and a fix; none shows the token."""

    def __init__(self, token: str, endpoint: str = HUB_ENDPOINT) -> None:
        """Raises MissingPackageError."""
        try:
            from huggingface_hub import HfApi
            from huggingface_hub.utils import disable_progress_bars
        except ModuleNotFoundError as error:
            raise MissingPackageError(
                f"push needs the package {error.name}.", fix="make setup-hub, or: pip install -r requirements-hub.txt"
            ) from error
        disable_progress_bars()  # ours are drawn elsewhere, and standard output may belong to --json
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
        self.endpoint = endpoint.rstrip("/")
        self._api = HfApi(endpoint=self.endpoint, token=token)

    def look(self, repo_id: str) -> Repository | None:
        """The repository of that name; None where there is none that this account may see."""
        from huggingface_hub.errors import RepositoryNotFoundError

        with _explained(f"{repo_id} cannot be looked up"):
            try:
                found = self._api.dataset_info(repo_id)
            except RepositoryNotFoundError as error:
                if error.response.status_code != 404:  # a refused token, which the client takes for a missing name
                    raise
                return None
        names = tuple(sorted(one.rfilename for one in found.siblings or ()))
        return Repository(bool(found.private), found.sha or "", names)

    def create(self, repo_id: str, *, is_private: bool) -> None:
        """Make an empty repository."""
        with _explained(f"{repo_id} cannot be created"):
            self._api.create_repo(repo_id, repo_type=_DATASET, private=is_private, exist_ok=True)

    def commit(self, repo_id: str, add: Mapping[str, Path], remove: Sequence[str], message: str) -> Committed:
        """Bring ``add`` and take out ``remove``, all in one commit. Large files are brought one by one before: those
        that have arrived stay at the Hub, also when a later one fails, and are not sent again."""
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        operations = [CommitOperationAdd(name, str(path)) for name, path in add.items()]
        taken = [CommitOperationDelete(name) for name in remove]
        with _explained(f"{repo_id} was not changed"):
            made = self._api.create_commit(
                repo_id, [*operations, *taken], commit_message=message, repo_type=_DATASET, num_threads=1
            )
        return Committed(made.oid, f"{self.endpoint}/datasets/{repo_id}")


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        told = next(((cause, kind) for cause in _causes(error) if (kind := _kind(cause))), None)
        if told is None:
            raise
        cause, kind = told
        message = " ".join((getattr(cause, "server_message", None) or str(cause).partition("\n")[0]).split())
        said = message[:MAX_QUOTED] or type(cause).__name__
        raise ProviderError(f"{what}: {said}", kind=kind, fix=_FIXES.get(kind, _AGAIN)) from error


def _causes(error: BaseException | None) -> Iterator[Exception]:
    """The error and what it was raised from: the client wraps what the server said of a large file."""
    while isinstance(error, Exception):
        yield error
        error = error.__cause__


def _kind(error: Exception) -> ErrorKind | None:
    response = getattr(error, "response", None)
    if response is not None:
        return kind_of_status(response.status_code, str(error))
    return classify_error(error, _OWN_ERRORS)
