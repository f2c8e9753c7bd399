"""review: borderline and similar samples of a dataset, asked about one by one."""

from __future__ import annotations

import sys
from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING, cast

from src.cli.actions.edit import apply_decisions, browse, discard_decisions
from src.cli.actions.making_versions import Agree, agreement
from src.cli.prompts import Prompter
from src.cli.screens import counted, fold
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.library.editing.review_queue import Item

_SHOWN = 20


def review(arguments: Namespace, session: Session) -> Outcome:
    """Ask about what is borderline; ``--list`` only shows what would be asked."""
    if arguments.discard:
        return discard_decisions(arguments.dataset, session)
    if arguments.apply:
        return apply_decisions(arguments, session, "review", agreement(arguments, session))
    return run_review(arguments, session, Prompter(sys.stdin, session.console), agreement(arguments, session))


def run_review(arguments: Namespace, session: Session, prompter: Prompter, agree: Agree) -> Outcome:
    """The open questions of a dataset: listed, or asked one by one."""
    from src.library.editing.drafts import Drafts
    from src.library.editing.review_queue import open_items
    from src.persistence.sqlite_client import Store

    queue = _queue(arguments, session)
    with Store(session.workspace.database) as store:
        record = store.find(arguments.dataset)
    drafts = Drafts(session.workspace.drafts_of(record.name))
    left = open_items(queue, drafts)
    console = session.console
    console.remark(
        f"{counted(len(queue), 'question')} about {record.name}, {len(queue) - len(left):,} of them decided before."
    )
    if arguments.list:
        for item in left[:_SHOWN]:
            twin = "" if item.twin is None else f" and {item.twin + 1}"
            console.lines(fold(f"  sample {item.number + 1}{twin}: {item.why}", console.width, limit=2))
        if len(left) > _SHOWN:
            console.say(f"  ... {len(left) - _SHOWN:,} more")
        return Outcome({"dataset": record.name, "questions": len(queue), "open": [item._asdict() for item in left]})
    if not left:
        if drafts.changes:
            return apply_decisions(arguments, session, "review", agree)
        console.success("Nothing is left to be asked.")
        return Outcome({"dataset": record.name, "questions": len(queue), "open": [], "made": False})
    return browse(arguments, session, prompter, "review", agree, left)


def _queue(arguments: Namespace, session: Session) -> list[Item]:
    from src.core.types import ProviderName
    from src.library.editing.review_queue import Wanted, build_queue
    from src.persistence.sqlite_client import Store
    from src.providers.lookup import find_model

    if not 0 <= arguments.alike <= 1:
        raise UsageError(f"--alike lies between 0 and 1, not at {arguments.alike:g}.", fix="0 looks for no pairs.")
    wanted = Wanted(arguments.score, arguments.margin, arguments.alike)
    with Store(session.workspace.database) as store:
        record = store.find(arguments.dataset)
        limits = find_model(cast("ProviderName", record.provider), record.model)
        rows = partial(store.samples, record.id)
        queue = build_queue(rows, wanted, limits)
        if not arguments.meaning:
            return queue
        from src.generation.answer_first.embedder import require_vectors
        from src.library.editing.meaning_pairs import meaning_pairs

        known = {item.key for item in queue}
        return [*queue, *(item for item in meaning_pairs(rows, require_vectors()) if item.key not in known)]
