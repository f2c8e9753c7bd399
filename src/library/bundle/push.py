"""A dataset's folder brought to the Hugging Face Hub: into a private repository, in one commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from src.core.errors import UsageError
from src.library.bundle.hub_folder import HubFolder, is_shard
from src.providers.hub_api import Hub

_PART: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?"
_REPO_ID: Final = re.compile(rf"(?:{_PART}/)?{_PART}")
_LONGEST: Final = 96


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was done. ``removed`` are shards of an earlier version; nothing ``changed`` where all was there before."""

    url: str
    commit: str
    created: bool
    changed: bool
    is_private: bool
    removed: tuple[str, ...]


def check_repo_id(repo_id: str) -> str:
    """``repo_id`` where the Hub takes it as a name (https://huggingface.co/docs/huggingface_hub, validate_repo_id).
    Raises UsageError."""
    fits = _REPO_ID.fullmatch(repo_id) and len(repo_id) <= _LONGEST and not repo_id.endswith(".git")
    if not fits or "--" in repo_id or ".." in repo_id:
        raise UsageError(f"{repo_id!r} is no name of a repository.", fix="As in my-name/my-dataset.")
    return repo_id


def push(hub: Hub, folder: HubFolder, repo_id: str, message: str, *, is_private: bool = True) -> Pushed:
    """Bring ``folder``'s files to ``repo_id``, which is made where there is none. Files of the same names are replaced
    and shards of an earlier version taken out; anything else there stays. What is the same there is not sent.

    Raises UsageError where a private repository is wanted and that one is public; ProviderError.
    """
    found = hub.look(repo_id)
    if found and is_private and not found.is_private:
        raise UsageError(
            f"{repo_id} is public, and the dataset was to stay private.",
            fix="Name another repository, make that one private, or add --public.",
        )
    if found is None:
        hub.create(repo_id, is_private=is_private)
    stale = tuple(name for name in (found.files if found else ()) if is_shard(name) and name not in folder.files)
    done = hub.commit(repo_id, folder.files, stale, message)
    return Pushed(
        url=done.url,
        commit=done.commit,
        created=found is None,
        changed=found is None or done.commit != found.commit,
        is_private=found.is_private if found else is_private,
        removed=stale,
    )
