"""The way in: the command line becomes the menu or a subcommand, an error becomes two lines and an exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from src.cli.console import Console, prepare_streams
from src.cli.start import run
from src.core.errors import UsageError
from src.core.workspace import Workspace

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    prepare_streams()
    sys.excepthook = _report_defect
    try:
        return run(sys.argv[1:] if argv is None else argv)
    except UsageError as error:
        _console().error(str(error), error.fix)
        return WRONG_USAGE
    except KeyboardInterrupt:
        console = _console()
        console.remark("")
        console.warning("interrupted; what was finished is kept, and the same run goes on where it stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has left, as `head` does; the interpreter must not complain when it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _console() -> Console:
    return Console(sys.stdout, sys.stderr)


def _report_defect(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """An error that nobody foresaw: the traceback goes to the log, the screen gets one line. The message stays in the
    log, where keys are blotted out."""
    import logging

    logger = logging.getLogger("src")
    if not logger.handlers:
        from src.core.log import start_log

        start_log(Workspace(Path.cwd()).log_file)
    logger.critical("unexpected", exc_info=(kind, error, traceback))
    _console().error(
        f"unexpected {kind.__name__}: this is a defect of the program.",
        "memory/dataset_builder.log has the details; what was finished is kept.",
    )


if __name__ == "__main__":
    sys.exit(main())
