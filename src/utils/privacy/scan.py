"""What of a text is a secret or leads to a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from src.utils.privacy.accounts import find_again, find_users
from src.utils.privacy.extras import Extra, find_more
from src.utils.privacy.git_names import find_names_of_git
from src.utils.privacy.names_abroad import find_names_abroad
from src.utils.privacy.people import find_names
from src.utils.privacy.personal_rules import find_personal
from src.utils.privacy.repeats import KnownSecrets, telling_secrets
from src.utils.privacy.secret_rules import find_secrets
from src.utils.privacy.spans import Label, PrivateSpan, without_overlaps


def find_private(
    text: str,
    known_users: Iterable[str] = (),
    more: Iterable[PrivateSpan] = (),
    known_secrets: KnownSecrets | None = None,
) -> list[PrivateSpan]:
    """Every secret and personal detail of ``text`` in order, none overlapping another.

    ``known_users`` and ``known_secrets`` are names of accounts and secrets from elsewhere in the conversation; those
    that ``text`` itself shows (in a path, a prompt, an assignment) are found wherever they stand in it. ``more`` was
    found by other detectors.
    """
    return _with_repeats([text], [_find_shown(text, known_users, more)], known_secrets or KnownSecrets())[0]


def find_in_conversation(
    texts: Sequence[str], extras: Sequence[Extra] = (), known_users: Iterable[str] = (), beside: Sequence[str] = ()
) -> list[list[PrivateSpan]]:
    """As ``find_private``, for texts that belong together: what one of them, be it the last, or of those ``beside``
    them shows is known in all. ``extras`` are the detectors of optional packages to ask too. Raises MissingPackageError
    for one that is not installed."""
    users = users_of([*texts, *beside]) | set(known_users)
    more = find_more(texts, extras)
    shown = [_find_shown(text, users, others) for text, others in zip(texts, more, strict=True)]
    return _with_repeats(texts, shown, KnownSecrets(secrets_of(beside)))


def holds_secret(text: str) -> bool:
    """Whether a key, a token, a password or the like stands in ``text``; names and addresses of people do not count."""
    return any(True for _ in find_secrets(text))


def users_of(texts: Iterable[str]) -> set[str]:
    """The names of accounts that ``texts`` show: to be looked for in the other texts of the same conversation."""
    return {text[span.start : span.end] for text in texts for span in find_users(text)}


def secrets_of(texts: Iterable[str]) -> dict[str, Label]:
    """The secrets that ``texts`` show, and what they are: as ``users_of``."""
    return {value: label for text in texts for value, label in telling_secrets(text, find_secrets(text)).items()}


def _find_shown(text: str, known_users: Iterable[str], more: Iterable[PrivateSpan]) -> list[PrivateSpan]:
    """What is private in ``text`` by itself, or by the names of accounts that are known."""
    users = list(find_users(text))
    names = {text[span.start : span.end] for span in users} | set(known_users)
    people = [*find_names(text), *find_names_abroad(text), *find_names_of_git(text)]
    found = [*find_secrets(text), *find_personal(text), *people, *users, *find_again(text, names)]
    return without_overlaps([*found, *more])


def _with_repeats(texts: Sequence[str], shown: list[list[PrivateSpan]], known: KnownSecrets) -> list[list[PrivateSpan]]:
    """What is shown in each of ``texts``, and the other places of their secrets and of those that are known."""
    own: dict[str, Label] = {}
    for text, spans in zip(texts, shown, strict=True):
        own |= telling_secrets(text, spans)
    searches = (KnownSecrets(own), known)
    return [
        without_overlaps([*spans, *(span for search in searches for span in search.find(text))])
        for text, spans in zip(texts, shown, strict=True)
    ]
