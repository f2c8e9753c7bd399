"""What of a text is a secret or leads to a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from src.utils.privacy.accounts import find_again, find_users
from src.utils.privacy.extras import Extra, find_more
from src.utils.privacy.git_names import find_names_of_git
from src.utils.privacy.names_abroad import find_names_abroad
from src.utils.privacy.people import find_names
from src.utils.privacy.personal_rules import find_personal
from src.utils.privacy.secret_rules import find_secrets
from src.utils.privacy.spans import PrivateSpan, without_overlaps


def find_private(text: str, known_users: Iterable[str] = (), more: Iterable[PrivateSpan] = ()) -> list[PrivateSpan]:
    """Every secret and personal detail of ``text`` in order, none overlapping another.

    ``known_users`` are names of accounts from elsewhere in the conversation; those that ``text`` itself shows (in a
    path, a prompt, a listing) are found wherever they stand in it. ``more`` was found by other detectors.
    """
    users = list(find_users(text))
    names = {text[span.start : span.end] for span in users} | set(known_users)
    people = [*find_names(text), *find_names_abroad(text), *find_names_of_git(text)]
    found = [*find_secrets(text), *find_personal(text), *people, *users, *find_again(text, names)]
    return without_overlaps([*found, *more])


def find_in_conversation(texts: Sequence[str], extras: Sequence[Extra] = ()) -> list[list[PrivateSpan]]:
    """As ``find_private``, for texts that belong together: what one of them shows is known in all. ``extras`` are the
    detectors of optional packages to ask too. Raises MissingPackageError for one that is not installed."""
    users = users_of(texts)
    more = find_more(texts, extras)
    return [find_private(text, users, others) for text, others in zip(texts, more, strict=True)]


def holds_secret(text: str) -> bool:
    """Whether a key, a token, a password or the like stands in ``text``; names and addresses of people do not count."""
    return any(True for _ in find_secrets(text))


def users_of(texts: Iterable[str]) -> set[str]:
    """The names of accounts that ``texts`` show: to be looked for in the other texts of the same conversation."""
    return {text[span.start : span.end] for text in texts for span in find_users(text)}
