"""Regular expressions that a person types: checked before they run, and stopped where one would never end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from src.core.errors import UsageError

TIMEOUT_S: Final = 1.0
"""Seconds of CPU that a pattern may take on one text. A sound one takes microseconds; one that tries every way to
divide a text would not end (OWASP: Regular expression Denial of Service)."""
_LONGEST_PATTERN: Final = 2_000
_LONGEST_REPLACEMENT: Final = 10_000
_MOST_GROWTH: Final = 1 << 20
"""Characters by which replacing may make one text longer."""
_FIX: Final = "Make it say less in more ways: as [^,]* in place of .*?, and no repetition inside of a repetition."


class Pattern:
    """A pattern as Python's ``re`` knows them. Raises UsageError for one that is none, or is far too long."""

    def __init__(self, text: str) -> None:
        import regex  # has a time limit, which Python's own module has not

        if len(text) > _LONGEST_PATTERN:
            raise UsageError(f"The pattern has {len(text):,} characters.", fix=f"Use {_LONGEST_PATTERN:,} at most.")
        self.text = text
        self.timeout_s = TIMEOUT_S
        try:
            self._compiled: Any = regex.compile(text)
        except (regex.error, OverflowError, RecursionError, MemoryError) as error:
            raise UsageError(f"{text!r} is no regular expression: {error}.", fix="See 'pydoc re'.") from error

    def matches(self, text: str) -> bool:
        """Whether it is found anywhere in ``text``. Raises UsageError where that would take too long."""
        return self._within(lambda: self._compiled.search(text, timeout=self.timeout_s)) is not None

    def replace(self, text: str, replacement: Callable[[Any], str]) -> tuple[str, int]:
        """``text`` with every place replaced, and how many there were. Raises UsageError where that would take too
        long, or blow up the text."""
        grown = 0

        def put(match: Any) -> str:
            nonlocal grown
            put_there = replacement(match)
            grown += len(put_there) - len(match.group())
            if grown > _MOST_GROWTH:
                raise UsageError(
                    f"Replacing {self.text!r} would make one text longer by more than {_MOST_GROWTH:,} characters.",
                    fix="A pattern that matches nothing at all is found between all letters: name what is meant.",
                )
            return put_there

        replaced: tuple[str, int] = self._within(lambda: self._compiled.subn(put, text, timeout=self.timeout_s))
        return replaced

    def read_replacement(self, text: str) -> Callable[[Any], str]:
        r"""What stands in the place of a match: ``text``, in which ``\1`` and ``\g<name>`` stand for groups. Raises
        UsageError for a group that the pattern does not have."""
        if len(text) > _LONGEST_REPLACEMENT:
            raise UsageError(
                f"The replacement has {len(text):,} characters.", fix=f"Use {_LONGEST_REPLACEMENT:,} at most."
            )
        import regex

        def expand(match: Any) -> str:
            expanded: str = match.expand(text)
            return expanded

        try:
            self._stand_in().expand(text)
        except (regex.error, IndexError) as error:
            raise UsageError(
                f"{text!r} cannot stand in place of {self.text!r}: {error}.",
                fix=r"Write \1 for the first group in brackets, and \\ for a backslash.",
            ) from error
        return expand

    def _stand_in(self) -> Any:
        """A match with the groups of this pattern, all of them empty: a replacement is only read where one is made."""
        import regex

        names = {number: name for name, number in self._compiled.groupindex.items()}
        groups = (
            f"(?P<{names[number]}>)" if number in names else "()" for number in range(1, self._compiled.groups + 1)
        )
        return regex.match("".join(groups), "")

    def _within(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except TimeoutError:
            raise UsageError(
                f"The pattern {self.text!r} takes more than {self.timeout_s:g} s on a single text: it would not end.",
                fix=_FIX,
            ) from None


class Replacement(NamedTuple):
    """What is looked for, and what stands in its place."""

    pattern: Pattern
    put: Callable[[Any], str]

    @classmethod
    def read(cls, pattern: str, replacement: str) -> Replacement:
        """Raises UsageError for a pattern or a replacement that is none."""
        compiled = Pattern(pattern)
        return cls(compiled, compiled.read_replacement(replacement))

    def apply(self, text: str) -> str:
        """``text`` with the pattern replaced wherever it is found."""
        return self.pattern.replace(text, self.put)[0]
