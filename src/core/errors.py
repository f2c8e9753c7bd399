"""The error tree: every failure has a cause and, wherever possible, a fix.

BuilderError
├── ConfigError           config.yaml, --set, an environment variable, a prompt file
├── UsageError            a command line that asks for something impossible (exit code 2)
├── InputFileError        a document that cannot be read
├── DatasetError          a dataset that is missing, empty or does not hold what was asked for
├── StorageError          the database or the disk
├── MissingPackageError   an optional package that is not installed
├── RunStoppedError       a run that was asked to stop; what was paid for is kept
└── ProviderError         a model call; carries ``kind`` and ``retry_after``
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from src.core.types import RateLimits, Usage

ErrorKind = Literal[
    "auth",
    "bad_request",
    "not_found",
    "too_long",
    "rate_limit",
    "server",
    "timeout",
    "connection",
    "malformed",
    "truncated",
    "refused",
]


class BuilderError(Exception):
    """Base of all errors that the program raises on purpose. ``fix`` tells what to do now."""

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.fix = fix


class ConfigError(BuilderError):
    """A setting is unknown, of the wrong type, out of range, or names something that is not there."""


class UsageError(BuilderError):
    """The command line asks for something that cannot be done."""


class InputFileError(BuilderError):
    """A document cannot be read: missing, empty, protected, damaged, or of an unknown kind."""


class DatasetError(BuilderError):
    """A dataset is missing, empty, or does not hold what was asked for."""


class StorageError(BuilderError):
    """The database or a file cannot be written or read."""


class MissingPackageError(BuilderError):
    """An optional package is not installed."""


class RunStoppedError(BuilderError):
    """Somebody asked the run to stop. Every answer that had been paid for by then is kept."""

    interrupted: bool = False
    """True when it was a person who asked (Ctrl-C), not a cap."""


class ProviderError(BuilderError):
    """A model call failed. ``retry_after`` is the provider's own wish in seconds, None when it said nothing."""

    usage: Usage | None = None
    """What an answer that cannot be used has cost; None when nothing was billed as far as one can know."""
    rate_limits: RateLimits | None = None
    """What the provider said about its limits with a refusal."""
    ends_run: bool = False
    """True when the same would happen to every further call."""

    def __init__(self, message: str, *, kind: ErrorKind, retry_after: float | None = None, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.kind: ErrorKind = kind
        self.retry_after = retry_after
