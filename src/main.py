"""The way in: the command line becomes the menu or a subcommand, an error becomes two lines and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from src.cli.console import Console, buffer_output, prepare_streams, swallow
from src.cli.interrupts import Terminated, end_when_asked, interrupt_between_loads
from src.cli.prompts import QuestionInterrupt
from src.cli.session import known_secrets
from src.cli.start import print_json, run
from src.core.errors import UsageError
from src.core.workspace import Workspace

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def program(*arguments: str) -> NoReturn:
    """A process of its own: ``main`` with these arguments and those that were typed."""
    interrupt_between_loads()
    end_when_asked()
    _open_missing_streams()
    buffer_output()
    sys.exit(main([*arguments, *sys.argv[1:]]))


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143 told to end."""
    _open_missing_streams()
    prepare_streams()
    arguments = sys.argv[1:] if argv is None else argv
    as_json = "--json" in arguments
    sys.excepthook = partial(_report_defect, as_json=as_json)
    try:
        return _flush(run(arguments))
    except UsageError as error:
        # what was typed is quoted: it may be a key in a wrong place
        cause, fix = map(known_secrets(Workspace(Path())).redact, (str(error), error.fix))
        _report(cause, fix, as_json=as_json)
        return WRONG_USAGE
    except KeyboardInterrupt as interrupt:
        console = _console()
        console.remark("")
        is_idle = isinstance(interrupt, QuestionInterrupt)
        resumes = "" if is_idle else ", and the same command goes on from there, or begins anew"
        said = f"interrupted; what was finished is kept{resumes}."
        console.warning(said)
        if as_json:
            print_json({"error": said, "fix": ""})
        return INTERRUPTED
    except Terminated as end:
        said = "told to end; what was finished is kept."
        _console().warning(said)
        if as_json:
            print_json({"error": said, "fix": ""})
        return int(end.code or 0)
    except BrokenPipeError:
        # whoever read our output has left, as `head` does; the interpreter must not complain when it flushes
        swallow(sys.stdout)
        return FAILED
    except OSError as error:
        with suppress(OSError):  # standard output itself may be what fails
            _report(f"{error.strerror or error}.", _system_fix(), as_json=as_json)
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


def _report(message: str, fix: str, *, as_json: bool) -> None:
    """Cause and fix on standard error, and with ``--json`` as the one object on standard output."""
    _console().error(message, fix)
    if as_json:
        print_json({"error": message, "fix": fix})


def _report_defect(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None, *, as_json: bool = False
) -> None:
    """An error that nobody foresaw: the traceback goes to the log, the screen gets one line. The message stays in the
    log, where keys are blotted out."""
    import logging

    logger = logging.getLogger("src")
    if not logger.handlers and _has_folder():
        from src.core.log import start_log

        workspace = Workspace(Path.cwd())
        start_log(workspace.log_file, known_secrets(workspace))
    logger.critical("unexpected", exc_info=(kind, error, traceback))
    _report(
        f"unexpected {kind.__name__}: this is a defect of the program.",
        "memory/dataset_builder.log has the details; what was finished is kept.",
        as_json=as_json,
    )


if __name__ == "__main__":
    program()
