"""Labels under which samples stand, written as ``role:user=assistant``, ``topic:Kiln=kiln``, ``split:=validation``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, cast, get_args

from src.core.errors import UsageError
from src.core.types import Message, Role, SplitName

_FIELDS: Final = ("role", "topic", "split")
_FIX: Final = (
    "Write role:OLD=NEW, topic:OLD=NEW or split:OLD=NEW; an empty OLD means any, an empty NEW takes a topic away."
)


class Relabelling(NamedTuple):
    """Old to new names; "" as an old topic or side means any. All of a kind are changed at once, so that two of them
    can change places."""

    roles: Mapping[Role, Role]
    topics: Mapping[str, str]
    splits: Mapping[str, SplitName]

    @classmethod
    def read(cls, texts: Sequence[str]) -> Relabelling:
        """Raises UsageError for anything that is not ``FIELD:OLD=NEW`` with names that there are."""
        found: dict[str, dict[str, str]] = {name: {} for name in _FIELDS}
        for text in texts:
            field, colon, rest = text.partition(":")
            old, equals, new = (part.strip() for part in rest.partition("="))
            if field not in _FIELDS or not colon or not equals:
                raise UsageError(f"{text!r} is no relabelling.", fix=_FIX)
            if old in found[field]:
                raise UsageError(f"{text!r}: {old or 'any'!r} is relabelled twice.", fix="Say it once.")
            found[field][old] = new
        for old, new in found["role"].items():
            _require(old, get_args(Role), "role")
            _require(new, get_args(Role), "role")
        for old, new in found["split"].items():
            _require(old, ("", "none", *get_args(SplitName)), "split")
            _require(new, get_args(SplitName), "split")
        return cls(
            cast("dict[Role, Role]", found["role"]), found["topic"], cast("dict[str, SplitName]", found["split"])
        )

    def turns(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        """``messages`` under their new roles."""
        return tuple(replace(message, role=self.roles.get(message.role, message.role)) for message in messages)

    def keywords(self, keywords: Sequence[str]) -> tuple[str, ...]:
        """``keywords`` under their new names, none of them twice."""
        renamed = (self.topics.get(word, self.topics.get("", word)) for word in keywords)
        return tuple(dict.fromkeys(word for word in renamed if word))

    def side(self, split: SplitName | None) -> SplitName | None:
        """The side that takes the place of ``split``."""
        new = self.splits.get(split or "none") or self.splits.get("")
        return new or split


def _require(name: str, known: Sequence[str], field: str) -> None:
    if name not in known:
        raise UsageError(f"There is no {field} {name!r}.", fix=f"Use {', '.join(filter(None, known))}. {_FIX}")
