"""What one run of the program holds: where it works, how it was called, and what the last steps of the menu made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from src.cli.console import Console
from src.core.errors import BuilderError, UsageError
from src.core.workspace import Workspace

if TYPE_CHECKING:
    from src.core.config import RunConfig
    from src.core.parts import Parts
    from src.core.secrets import Secrets
    from src.core.types import DatasetRecord, ProgressEvent, ValidationReport
    from src.pipeline import Documents


@dataclass
class Products:
    """What the steps of menu 2 made so far, each with the configuration that it was made with."""

    documents: Documents | None = None
    proposed: DatasetRecord | None = None
    checked: ValidationReport | None = None
    read_with: RunConfig | None = None
    written_with: RunConfig | None = None

    def forget_proposed(self) -> None:
        """After saving, or when the settings behind the samples have changed."""
        self.proposed = self.checked = self.written_with = None


@dataclass
class Session:
    """Loads configuration and keys when they are first needed: a menu that only shows itself needs neither."""

    workspace: Workspace
    console: Console
    overrides: tuple[str, ...] = ()
    config_required: bool = False
    products: Products = field(default_factory=Products)
    _secrets: Secrets | None = field(default=None, repr=False)
    _has_warned: bool = field(default=False, repr=False)

    def secrets(self) -> Secrets:
        """Keys and endpoints, read anew: the person may be filling in .env meanwhile. Raises ConfigError."""
        from src.core.log import start_log
        from src.core.secrets import load_secrets

        found = load_secrets(self.workspace.env_file)
        if found != self._secrets:
            start_log(self.workspace.log_file, found)
        self._secrets = found
        return found

    def config(self) -> RunConfig:
        """The present configuration, read anew, so that an edit in another window counts. Raises ConfigError."""
        from src.core.config import load_config

        self._warn_of_missing()
        return load_config(
            self.workspace.config_file,
            self.overrides,
            environment=self.secrets().config_environment(),
            required=self.config_required,
        )

    def _warn_of_missing(self) -> None:
        """Say once that the settings are the defaults."""
        path = self.workspace.config_file
        if self.config_required or self._has_warned or path.exists():
            return
        self._has_warned = True
        self.console.warning(f"There is no {path.name}: the defaults count. Menu 5.1 writes one with them.")

    def parts(
        self, on_event: Callable[[ProgressEvent], None], ask_instructions: Callable[[], str] | None = None
    ) -> Parts:
        """What the pipeline needs from outside."""
        from src.core.parts import Parts

        return Parts(self.workspace, self.secrets(), on_event, ask_instructions)

    def redact(self, text: str) -> str:
        """``text`` without any key that is known."""
        return (self._secrets or known_secrets(self.workspace)).redact(text)

    def show_error(self, error: Exception) -> None:
        """Cause and fix on the screen, the details in the log."""
        import logging

        from src.core.log import start_log

        if self._secrets is None:
            start_log(self.workspace.log_file, known_secrets(self.workspace))
        logging.getLogger(__name__).error("%s", type(error).__name__, exc_info=error)
        fix = error.fix if isinstance(error, BuilderError) else ""
        if isinstance(error, OSError):
            fix = "Check the path, its permissions and the free space on the disk."
        self.console.error(self.redact(str(error) or type(error).__name__), self.redact(fix))


def known_secrets(workspace: Workspace) -> Secrets:
    """The keys that no message may show; none of a .env that cannot be read, for then only their shapes are known."""
    from src.core.errors import ConfigError
    from src.core.secrets import Secrets, load_secrets

    try:
        return load_secrets(workspace.env_file)
    except ConfigError:
        return Secrets({})


def quiet_libraries() -> None:
    """Let packages that log (PDF readers, SDKs) not write on the screen: with no handler at all, Python would."""
    import logging

    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())


def check_overrides(overrides: tuple[str, ...]) -> None:
    """Raises UsageError for a ``--set`` that could never be right, before anything else is read."""
    if not overrides:
        return
    from src.core.config import check_value
    from src.core.errors import ConfigError

    for override in overrides:
        key, separator, text = override.partition("=")
        if not separator:
            raise UsageError(f"--set {override!r} has no '='.", fix="Write key=value, as in --set dataset_size=50.")
        try:
            check_value(key.strip(), text.strip())
        except ConfigError as error:
            raise UsageError(f"--set: {str(error).removeprefix('input: ')}", fix=error.fix) from error
