"""edit: samples looked through and changed by hand; what is decided becomes one new version when it is asked for."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from src.cli.actions.making_versions import Agree, agreement, editor_of, show_and_make
from src.cli.browser.browser import Browser
from src.cli.browser.editor import read_edited
from src.cli.browser.fixing import Fixing
from src.cli.browser.shelf import Shelf
from src.cli.prompts import Prompter
from src.cli.screens import counted, show_path
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import DatasetError, UsageError
from src.library.editing.drafts import Choice, Decision, Drafts
from src.library.editing.sample_text import write_sample_text
from src.persistence.sqlite_client import Store
from src.stored.revising import Edit, sample_check

if TYPE_CHECKING:
    from src.core.types import DatasetRecord
    from src.library.editing.review_queue import Item


def edit(arguments: Namespace, session: Session) -> Outcome:
    """Look through a dataset, change one sample of it, or write it as a table; by the options."""
    if arguments.table:
        return _write_table(arguments, session)
    if arguments.discard:
        return discard_decisions(arguments.dataset, session)
    if arguments.apply:
        return apply_decisions(arguments, session, "edit", agreement(arguments, session))
    if arguments.sample:
        return _edit_one(arguments, session)
    prompter = Prompter(sys.stdin, session.console)
    return browse(arguments, session, prompter, "edit", agreement(arguments, session))


def browse(
    arguments: Namespace,
    session: Session,
    prompter: Prompter,
    how: str,
    agree: Agree,
    queue: Sequence[Item] | None = None,
) -> Outcome:
    """Go through the samples of a dataset, or the questions of a ``queue``; make the version where the person asks."""
    with Store(session.workspace.database) as store:
        record = store.find(arguments.dataset)
        if not record.total_samples:
            raise DatasetError(f"Dataset {record.name!r} holds no samples.", fix="Pick another one: see 'datasets'.")
        drafts = _drafts(session, record)
        fixing = Fixing(record, session.workspace.drafts, editor_of(arguments, how), sample_check(record), prompter)
        ending = Browser(Shelf(store, record, queue), drafts, fixing, prompter).run()
    if ending == "write" and drafts.changes:
        return apply_decisions(arguments, session, how, agree)
    return _say_waiting(session, record.name, drafts, how)


def apply_decisions(arguments: Namespace, session: Session, how: str, agree: Agree) -> Outcome:
    """Make a version of everything that was decided about a dataset, and forget those that changed something."""
    with Store(session.workspace.database) as store:
        record = store.find(arguments.dataset)
    drafts = _drafts(session, record)
    if not drafts.changes:
        raise DatasetError(
            f"Nothing is decided that would change {record.name!r}.", fix=f"Look through it with '{how} {record.name}'."
        )
    counts = drafts.counts
    kinds: tuple[tuple[Choice, str], ...] = (("fix", "rewritten"), ("drop", "dropped"))
    said = [f"{counts[kind]:,} {word}" for kind, word in kinds if counts[kind]]
    reason = f"{'reviewed' if how == 'review' else 'edited by hand'}: {', '.join(said)}"
    editor = editor_of(arguments, how)
    change = Edit(
        reason=reason,
        author=arguments.author,
        revise=partial(drafts.revise, editor=editor),
        leave_bad=arguments.leave_bad,
    )
    outcome = show_and_make(session, record.name, change, agree)
    if outcome.ok or (outcome.facts and outcome.facts["made"]):  # made, or made before the program was killed
        drafts.forget_changes()
    return outcome


def discard_decisions(name: str, session: Session) -> Outcome:
    """Forget what was decided about a dataset and not applied."""
    with Store(session.workspace.database) as store:
        record = store.find(name)
    drafts = _drafts(session, record)
    forgotten = len(drafts.decisions)
    drafts.clear()
    session.console.success(f"{counted(forgotten, 'decision')} about {record.name} forgotten.")
    return Outcome({"dataset": record.name, "forgotten": forgotten})


def _edit_one(arguments: Namespace, session: Session) -> Outcome:
    """One sample: in the editor, from a file, or shown; a change becomes a version at once."""
    from src.persistence.drops import find_content_hash
    from src.persistence.sample_lookup import find_by_hash

    prompter = Prompter(sys.stdin, session.console)
    with Store(session.workspace.database) as store:
        record = store.find(arguments.dataset)
        found = find_by_hash(store, record.id, find_content_hash(store, record, arguments.sample))
    assert found is not None, "its id was found"
    if arguments.show:
        text = write_sample_text(found, record.name)
        session.console.say(text)
        return Outcome({"dataset": record.name, "sample": found.sample.id, "text": text})
    fixing = Fixing(record, session.workspace.drafts, editor_of(arguments, "edit"), sample_check(record), prompter)
    drafts = _drafts(session, record)
    known = drafts.decisions.get(found.sample.id)
    if arguments.text:
        text = read_edited(Path(arguments.text).expanduser())
        problem = fixing.find_problem(found, text)
        if problem is not None:
            raise DatasetError(problem[0], fix=problem[1])
    elif sys.stdin.isatty():
        text = fixing.fix(found, known.text if known else "")
    else:
        raise UsageError(
            "An editor needs a terminal.", fix="Give the text as a file with --text FILE; --show writes it."
        )
    if not text:
        session.console.success("Nothing was changed.")
        return Outcome({"dataset": record.name, "made": False})
    drafts.decide(found.sample.id, Decision("fix", text))
    return apply_decisions(arguments, session, "edit", agreement(arguments, session))


def _write_table(arguments: Namespace, session: Session) -> Outcome:
    from src.library.editing.table import LONGEST_CELL, version_mark, write_table

    path = Path(arguments.table).expanduser()
    with Store(session.workspace.database) as store:
        record = store.find(arguments.dataset)
        too_long = write_table(path, store.samples(record.id), version_mark(record))
    shown = show_path(path, session.workspace.root)
    session.console.success(f"Written: {shown}, one row for each of {counted(record.total_samples, 'sample')}.")
    if too_long:
        session.console.warning(
            f"{counted(too_long, 'text')} longer than the {LONGEST_CELL:,} characters of a cell in Excel: it would cut "
            "them, and they would not be taken back."
        )
    session.console.say(f"Take it back with: import-csv {record.name} {shown}")
    return Outcome(
        {"dataset": record.name, "file": shown, "rows": record.total_samples, "too_long_for_excel": too_long}
    )


def _say_waiting(session: Session, name: str, drafts: Drafts, how: str) -> Outcome:
    counts = drafts.counts
    if drafts.changes:
        session.console.success(
            f"{counted(drafts.changes, 'change')} noted, none made yet. '{how} {name} --apply' makes a version of them."
        )
    return Outcome({"dataset": name, "made": False, "decided": dict(counts)})


def _drafts(session: Session, record: DatasetRecord) -> Drafts:
    return Drafts(session.workspace.drafts_of(record.name))
