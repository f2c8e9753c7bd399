"""Takes what is private out of the texts of one conversation: the same value gets the same placeholder throughout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from src.utils.privacy.extras import Extra, find_more
from src.utils.privacy.repeats import KnownSecrets, telling_secrets
from src.utils.privacy.scan import find_in_conversation, find_private
from src.utils.privacy.spans import SECRETS, Label, PrivateSpan

_DOCUMENTATION_V4 = ("192.0.2", "198.51.100", "203.0.113")
"""The three networks of RFC 5737."""
_LAST_OF_NETWORK = 254


class Redactor:
    """Replaces secrets and personal data in texts that belong together, such as the turns of a conversation.

    A value becomes ``<EMAIL_1>``: its label, and the place at which it came first among those of its label. Addresses
    of hosts become addresses of documentation (RFC 5737, RFC 3849) and names of accounts ``user``, ``user2``, so that
    commands and paths (``/home/user``) stay what they are. Names of accounts and secrets that a text shows, or that
    ``users`` and ``secrets`` name, are replaced in every later text too. What was redacted is found no second time.
    ``extras`` are the detectors of optional packages to ask too.
    """

    def __init__(
        self, users: Iterable[str] = (), extras: Sequence[Extra] = (), secrets: Mapping[str, Label] | None = None
    ) -> None:
        self.counts: Counter[str] = Counter()
        """How many places of each label were replaced so far."""
        self._users = set(users)
        self._extras = extras
        self._secrets = KnownSecrets(secrets)
        self._substitutes: dict[tuple[str, str], str] = {}
        self._kinds: Counter[str] = Counter()

    def redact(self, text: str) -> str:
        """``text`` without what is private in it. Raises MissingPackageError for an extra that is not installed."""
        (more,) = find_more([text], self._extras)
        return self.replace(text, find_private(text, self._users, more, self._secrets))

    def redact_all(self, texts: Sequence[str], beside: Sequence[str] = ()) -> list[str]:
        """``texts``, each without what one of them, be it a later one, or of those ``beside`` them shows to be private.
        Raises MissingPackageError for an extra that is not installed."""
        found = find_in_conversation(texts, self._extras, self._users, beside)
        return list(map(self.replace, texts, found))

    def replace(self, text: str, spans: Iterable[PrivateSpan]) -> str:
        """``text`` with ``spans``, which are in order and do not overlap, replaced."""
        parts: list[str] = []
        done = 0
        found = list(spans)
        self._secrets.add(telling_secrets(text, found))
        for start, end, label in found:
            value = text[start:end]
            if label == "USER":
                self._users.add(value)
            self.counts[label] += 1
            parts += text[done:start], self._substitute(label, value)
            done = end
        return "".join([*parts, text[done:]])

    def took(self, word: str) -> bool:
        """Whether ``word`` is, or is part of, something that was replaced."""
        return any(word.casefold() in value for _label, value in self._substitutes)

    def _substitute(self, label: Label, value: str) -> str:
        key = ("" if label in SECRETS else label, value.casefold())  # a password stands in addresses and for itself
        if key not in self._substitutes:
            self._kinds[label] += 1
            self._substitutes[key] = _placeholder(label, self._kinds[label])
        return self._substitutes[key]


def _placeholder(label: Label, number: int) -> str:
    """What stands for value ``number`` (from 1) of ``label``."""
    match label:
        case "USER":
            return "user" if number == 1 else f"user{number}"
        case "IPV4":
            network, host = divmod(number - 1, _LAST_OF_NETWORK)
            return f"{_DOCUMENTATION_V4[network % len(_DOCUMENTATION_V4)]}.{host + 1}"
        case "IPV6":
            return f"2001:db8::{number:x}"
        case _:
            return f"<{label}_{number}>"
