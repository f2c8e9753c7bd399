"""Logging to memory/dataset_builder.log: details for a bug report, never a key, never on the screen."""

from __future__ import annotations

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from src.core.key_shapes import hide_keys
from src.core.secrets import Secrets

MAX_LOG_BYTES = 2_000_000


class _File(RotatingFileHandler):
    """A log that cannot be written (a full disk) stops nothing and shows nothing on the screen."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is given by logging
        """Let the record go: logging itself would print a traceback."""

    def close(self) -> None:
        """Close the file, whether or not its last lines found room."""
        with suppress(OSError):
            super().close()


class _Redacting(logging.Formatter):
    def __init__(self, secrets: Secrets | None) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return self._secrets.redact(text) if self._secrets else hide_keys(text)


def start_log(path: Path, secrets: Secrets | None = None) -> None:
    """Send the records of ``src`` to ``path`` (two files of 2 MB at most). An unwritable folder is not an error."""
    logger = logging.getLogger("src")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _File(
            path,
            maxBytes=MAX_LOG_BYTES,
            backupCount=1,
            encoding="utf-8",
            delay=True,
            errors="backslashreplace",  # file names may hold what is no UTF-8
        )
        handler.setFormatter(_Redacting(secrets))
        logger.addHandler(handler)
    except OSError:
        logger.addHandler(logging.NullHandler())
