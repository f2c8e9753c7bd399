"""The way in: the command line becomes the menu or a subcommand, an error becomes two lines and an exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from src.cli.console import Console, prepare_streams, swallow
from src.cli.interrupts import interrupt_between_loads
from src.cli.prompts import QuestionInterrupt
from src.cli.start import print_json, run
from src.core.errors import UsageError
from src.core.workspace import Workspace

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    _open_missing_streams()
    prepare_streams()
    sys.excepthook = _report_defect
    arguments = sys.argv[1:] if argv is None else argv
    try:
        return _flush(run(arguments))
    except UsageError as error:
        _console().error(str(error), error.fix)
        if "--json" in arguments:
            print_json({"error": str(error), "fix": error.fix})
        return WRONG_USAGE
    except KeyboardInterrupt as interrupt:
        console = _console()
        console.remark("")
        is_idle = isinstance(interrupt, QuestionInterrupt)
        resumes = "" if is_idle else ", and the same run goes on where it stopped"
        console.warning(f"interrupted; what was finished is kept{resumes}.")
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has left, as `head` does; the interpreter must not complain when it flushes
        swallow(sys.stdout)
        return FAILED
    except OSError as error:
        _console().error(f"{error.strerror or error}.", _system_fix())
        swallow(sys.stdout)
        return FAILED


def _open_missing_streams() -> None:
    """A stream that whoever started us has closed is None: it becomes one that is empty, or that swallows all."""
    nowhere = Path(os.devnull)
    sys.stdin = sys.stdin or nowhere.open(encoding="utf-8")
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")


def _flush(code: int) -> int:
    """``code``, once everything is written. Raises OSError where that fails and was not said before."""
    try:
        sys.stdout.flush()
    except OSError:
        if code == 0:
            raise
        swallow(sys.stdout)
    return code


def _system_fix() -> str:
    """What to do about an error of the system itself, as the standard output or the present folder meet it."""
    if not _has_folder():
        return "The present folder is not there any more: change into the folder of the program."
    return "Check where the output goes, and the free space there."


def _has_folder() -> bool:
    try:
        return Path.cwd().is_dir()
    except OSError:
        return False


def _console() -> Console:
    return Console(sys.stdout, sys.stderr)


def _report_defect(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """An error that nobody foresaw: the traceback goes to the log, the screen gets one line. The message stays in the
    log, where keys are blotted out."""
    import logging

    logger = logging.getLogger("src")
    if not logger.handlers and _has_folder():
        from src.core.log import start_log

        start_log(Workspace(Path.cwd()).log_file)
    logger.critical("unexpected", exc_info=(kind, error, traceback))
    _console().error(
        f"unexpected {kind.__name__}: this is a defect of the program.",
        "memory/dataset_builder.log has the details; what was finished is kept.",
    )


if __name__ == "__main__":
    interrupt_between_loads()
    sys.exit(main())
