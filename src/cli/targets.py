"""The provider and the model that a command line names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.core.types import ProviderName


def provider_named(typed: str | None) -> ProviderName | None:
    """What ``--provider`` says, None where it says nothing. Raises UsageError with what is allowed."""
    from src.core.config import check_value
    from src.core.errors import ConfigError

    if typed is None:
        return None
    try:
        provider: ProviderName = check_value("provider", typed)
    except ConfigError as error:
        raise UsageError(f"--provider: {str(error).removeprefix('input: provider: ')}", fix=error.fix) from error
    return provider
