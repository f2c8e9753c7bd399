"""A change of a dataset is shown, agreed to, and made: the same steps for every command that changes samples."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from src.cli.progress import Progress
from src.cli.prompts import BackRequestedError, EndOfInputError, Prompter
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.change import preview_facts, preview_lines
from src.cli.views.facts import report_facts
from src.cli.views.results import is_takeable, show_refusal, show_report
from src.core.author import author_of
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.library.editing.revision import Editor
    from src.stored.revising import Edit

Agree = Callable[[], bool]
"""Asks whether to go ahead."""


def show_and_make(session: Session, name: str, edit: Edit, agree: Agree, *, only_show: bool = False) -> Outcome:
    """Show what ``edit`` would do to a dataset, ask, and make it as a new version. Not good news when nothing was made
    though it was wanted. Raises DatasetError, also for a change that would spoil samples."""
    from src.stored.revising import apply_edit, preview_edit, spoilt_error

    console = session.console
    preview = preview_edit(session.workspace, name, edit)
    console.heading(f"What changes in {name}")
    console.lines(preview_lines(preview, width=console.width))
    facts = preview_facts(preview)
    if only_show:
        return Outcome({"dataset": name, "made": False, **facts})
    if not preview.total and not preview.bad:
        console.success("Nothing would change: no version was made.")
        return Outcome({"dataset": name, "made": False, **facts})
    if preview.bad and not edit.leave_bad:
        raise spoilt_error(name, tuple(preview.bad.values()))
    if not agree():
        console.warning("Nothing was changed.")
        return Outcome({"dataset": name, "made": False, **facts}, ok=False)
    with Progress(console) as progress:
        report = apply_edit(session.config(), session.parts(progress), name, edit, preview)
    show_report(session, report, told=progress.noted)
    console.say(f"This is version {report.record.version}; the one before stays in the database.")
    show_refusal(session, report)
    made = {"dataset": name, "made": True, "version": report.record.version, **facts}
    return Outcome({**report_facts(report, session.workspace.root), **made}, ok=is_takeable(report.validation))


def editor_of(arguments: Namespace, how: str) -> Editor:
    """Who changes samples, as each of them will say: ``--author``, else the name of the login."""
    from src.library.editing.revision import Editor

    return Editor(author_of(arguments.author), how)


def agreement(arguments: Namespace, session: Session) -> Agree:
    """Yes where ``--yes`` was given; else the person is asked. Raises UsageError where nobody is there to ask."""

    def agree() -> bool:
        if arguments.yes:
            return True
        if not sys.stdin.isatty():
            raise UsageError("A new version would be made, and nobody is there to ask.", fix="Add --yes to go ahead.")
        return ask_to_go_ahead(Prompter(sys.stdin, session.console))

    return agree


def ask_to_go_ahead(prompter: Prompter) -> bool:
    """Whether a new version is to be made."""
    try:
        return prompter.yes_no("Make this a new version", default=False)
    except (BackRequestedError, EndOfInputError):
        return False
