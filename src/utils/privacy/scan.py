"""What of a text is a secret or leads to a person."""

from __future__ import annotations

from collections.abc import Iterable

from src.utils.privacy.people import find_again, find_names, find_users
from src.utils.privacy.personal_rules import find_personal
from src.utils.privacy.secret_rules import find_secrets
from src.utils.privacy.spans import PrivateSpan, without_overlaps


def find_private(text: str, known_users: Iterable[str] = ()) -> list[PrivateSpan]:
    """Every secret and personal detail of ``text`` in order, none overlapping another.

    ``known_users`` are names of accounts from elsewhere in the conversation; those that ``text`` itself shows (in a
    path, a prompt, a listing) are found wherever they stand in it.
    """
    users = list(find_users(text))
    names = {text[span.start : span.end] for span in users} | set(known_users)
    found = [*find_secrets(text), *find_personal(text), *find_names(text), *users, *find_again(text, names)]
    return without_overlaps(found)


def users_of(texts: Iterable[str]) -> set[str]:
    """The names of accounts that ``texts`` show: to be looked for in the other texts of the same conversation."""
    return {text[span.start : span.end] for text in texts for span in find_users(text)}
