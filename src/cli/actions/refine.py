"""The subcommands that improve a stored dataset: refine, and dropping samples of it."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from src.cli.actions.runs import agree_to_cost
from src.cli.preview import writer_text
from src.cli.progress import Progress
from src.cli.prompts import Prompter
from src.cli.screens import counted
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.facts import report_facts
from src.cli.views.refine import preview_facts, preview_lines, round_line, round_lines
from src.cli.views.results import is_takeable, show_examples, show_refusal, show_report

if TYPE_CHECKING:
    from src.stored.refining import Preview, RoundFigures, Wish


def refine(arguments: Namespace, session: Session) -> Outcome:
    """Write anew what a dataset lacks, as a dataset of its own, and show how it got better round by round."""
    wish = _wish(arguments, session)
    if arguments.plan:
        return _show_plan(arguments.dataset, wish, session)
    prompter = Prompter(sys.stdin, session.console) if sys.stdin.isatty() else None
    threshold = session.config().generation.ask_above_usd

    def agree(preview: Preview) -> None:
        if preview.estimate is not None and preview.estimate.is_above(threshold):
            agree_to_cost(prompter, said_yes=arguments.yes)

    return run_refinement(session, arguments.dataset, wish, agree)


def run_refinement(session: Session, name: str, wish: Wish, agree: Callable[[Preview], None]) -> Outcome:
    """Show what a refinement would do and cost, ask ``agree``, which raises for a no, and refine."""
    from src.stored.refining import refine_dataset

    console, config = session.console, session.config()
    rounds: list[RoundFigures] = []
    shown: list[Preview] = []
    with Progress(console) as progress:

        def confirm(preview: Preview) -> None:
            progress.close()
            shown.append(preview)
            console.heading(f"Refining {preview.name}")
            console.lines(preview_lines(preview, width=console.width))
            console.remark(writer_text(config, session.secrets()))
            agree(preview)

        def tell(figures: RoundFigures) -> None:
            rounds.append(figures)
            progress.close()
            console.remark(round_line(figures))

        report = refine_dataset(config, session.parts(progress), name, wish, confirm=confirm, on_round=tell)
    show_report(session, report, told=progress.noted)
    console.heading("Rounds")
    console.lines(round_lines(rounds, width=console.width))
    show_examples(session, report)
    show_refusal(session, report)
    facts = {
        **report_facts(report, session.workspace.root),
        **preview_facts(shown[0]),
        "rounds": [figures.as_json() for figures in rounds],
    }
    return Outcome(facts, ok=is_takeable(report.validation))


def drop(arguments: Namespace, session: Session) -> Outcome:
    """Mark samples of a dataset as not wanted, or take such marks back; its files stay as they are."""
    from src.persistence.drops import drop_samples, dropped_samples, take_back
    from src.persistence.sqlite_client import Store

    with Store(session.workspace.database) as store:
        record = store.find(arguments.name)
        if arguments.undo:
            changed = take_back(store, record, arguments.ids)
        else:
            changed = drop_samples(store, record, arguments.ids, arguments.note or "")
        marked = dropped_samples(store, record)
    done = "taken back" if arguments.undo else "dropped"
    session.console.success(f"{counted(changed, 'sample')} {done}; {len(marked):,} of {record.name} are dropped now.")
    session.console.say(f"The next 'refine {record.name}' leaves them out and writes others in their place.")
    return Outcome({"dataset": record.name, "changed": changed, "dropped": marked})


def _show_plan(name: str, wish: Wish, session: Session) -> Outcome:
    """What a refinement would do and cost; nothing is sent and nothing is stored."""
    from src.stored.refining import preview_refinement

    with Progress(session.console) as progress:
        preview = preview_refinement(session.config(), session.parts(progress), name, wish)
    session.console.heading(f"Plan of refining {name}")
    session.console.lines(preview_lines(preview, width=session.console.width))
    return Outcome(preview_facts(preview))


def _wish(arguments: Namespace, session: Session) -> Wish:
    from src.stored.refining import Wish

    changed = tuple(override.partition("=")[0].strip() for override in session.overrides)
    return Wish(arguments.size, arguments.rounds, changed)
