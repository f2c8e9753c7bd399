"""From the command line to the menu or one subcommand, each loaded only when it is called."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.console import Console, swallow
from src.cli.prompts import BackRequestedError, EndOfInputError
from src.cli.session import Session, check_overrides, quiet_libraries
from src.core.errors import BuilderError, RunStoppedError, StorageError, UsageError
from src.core.workspace import Workspace

if TYPE_CHECKING:
    from argparse import Namespace


def run(argv: list[str]) -> int:
    """Run the menu or a subcommand in the present folder; returns the exit code, 130 for a run stopped by Ctrl-C.

    Raises UsageError, KeyboardInterrupt and BrokenPipeError; every other foreseen error is shown here.
    """
    if not argv:
        # the menu shows itself at once: not even argparse is loaded for it
        from src.cli.menu import run_menu

        session = Session(Workspace(Path.cwd()), Console(sys.stdout, sys.stdout))
        _put_back(session)
        run_menu(session, sys.stdin)
        return 0
    from src.cli.arguments import parse_arguments

    arguments = parse_arguments(argv)
    check_overrides(arguments.overrides)
    return _run_command(arguments, _make_session(arguments))


def _make_session(arguments: Namespace) -> Session:
    is_menu = arguments.command.name == "menu"
    # with --json standard output belongs to the one object; in the menu all is one conversation
    out = sys.stderr if arguments.json else sys.stdout
    console = Console(out, sys.stdout if is_menu else sys.stderr, colour=False if arguments.no_color else None)
    root = Path.cwd()
    # an absolute path wins over the folder it is joined to
    config_name = str(Path(arguments.config).expanduser().absolute()) if arguments.config else "config.yaml"
    return Session(Workspace(root, config_name), console, arguments.overrides, config_required=bool(arguments.config))


def _run_command(arguments: Namespace, session: Session) -> int:
    quiet_libraries()
    _put_back(session)
    command = arguments.command.load()
    try:
        outcome = command(arguments, session)
    except (UsageError, BrokenPipeError):
        raise
    except (BackRequestedError, EndOfInputError):
        message, fix = "The question was not answered.", "Answer it, or see the README for what to set instead."
        session.console.error(message, fix)
        if arguments.json:
            print_json({"error": message, "fix": fix})
        return 1
    except (BuilderError, OSError) as error:
        session.show_error(error)
        if arguments.json:
            print_json({"error": session.redact(str(error)), "fix": session.redact(getattr(error, "fix", ""))})
        return 130 if isinstance(error, RunStoppedError) and error.interrupted else 1
    if arguments.json and outcome.facts is not None:
        print_json(outcome.facts)
    return 0 if outcome.ok else 1


def _put_back(session: Session) -> None:
    """Where a program was killed while it replaced the files of a dataset, put the former ones back. Where that cannot
    be done now, as while another program is replacing them, whoever next changes a dataset does it, or says why not."""
    if not session.workspace.former_note.exists():
        return
    from src.dataset_files import hold_workspace

    with suppress(StorageError), hold_workspace(session.workspace) as name:
        if name:
            said = f"A change of {name} was cut short: its files are those of the version before again."
            session.console.warning(said)


def print_json(facts: dict[str, Any]) -> None:
    """Write ``facts`` as one line to standard output, where somebody still reads it."""
    import json

    try:
        print(json.dumps(facts, ensure_ascii=True, default=str))
        sys.stdout.flush()
    except BrokenPipeError:
        swallow(sys.stdout)
