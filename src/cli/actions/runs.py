"""The subcommands that make or rewrite a dataset: generate, split, export."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from src.cli.actions.dataset_list import latest_name
from src.cli.preview import estimate_lines, writer_text
from src.cli.progress import Progress
from src.cli.prompts import AnswerError, Prompter, parse_ratio
from src.cli.screens import counted, pairs, show_path
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.views.facts import file_facts, report_facts
from src.cli.views.results import is_takeable, show_examples, show_refusal, show_report, show_sides
from src.core.config import RunConfig, with_values
from src.core.errors import BuilderError, RunStoppedError, UsageError

if TYPE_CHECKING:
    from src.core.types import RunReport
    from src.pipeline import Estimate


def generate(arguments: Namespace, session: Session) -> Outcome:
    """Build the dataset of the configuration and show what came of it. Fewer samples than were planned, or than the
    provider trains on, are bad news, unless that was allowed."""
    from src.pipeline import build_dataset

    if arguments.plan:
        return _show_plan(session)
    config = session.config()
    session.console.remark(
        f"{config.dataset_size:,} samples for {config.provider} {config.model}, mode {config.mode}; "
        f"{writer_text(config, session.secrets())}"
    )
    prompter = Prompter(sys.stdin, session.console)
    can_ask = sys.stdin.isatty()
    with Progress(session.console) as progress:
        ask = (lambda: _ask_instructions(prompter, progress)) if can_ask else None

        def confirm(estimate: Estimate) -> None:
            progress.close()
            _confirm(session, prompter if can_ask else None, estimate, said_yes=arguments.yes)

        try:
            report = build_dataset(config, session.parts(progress, ask), confirm=confirm, fresh=arguments.fresh)
        except BuilderError as error:
            if arguments.fresh and "so far are kept" in error.fix:
                error.fix += " Leave out --fresh then: it would begin anew."
            raise
    show_report(session, report, told=progress.noted)
    show_examples(session, report)
    is_enough = arguments.allow_short or _is_enough(session, config, report)
    show_refusal(session, report)
    return Outcome(
        report_facts(report, session.workspace.root),
        ok=is_enough and (arguments.allow_short or is_takeable(report.validation)),
    )


def split(arguments: Namespace, session: Session) -> Outcome:
    """Divide a stored dataset anew and write its files again."""
    from src.stored.exporting import resplit

    config = _with_split(session.config(), arguments)
    with Progress(session.console) as progress:
        report = resplit(config, session.parts(progress), arguments.dataset)
    show_report(session, report)
    show_sides(session, report.record.id)
    show_refusal(session, report)
    return Outcome(report_facts(report, session.workspace.root), ok=is_takeable(report.validation))


def export(arguments: Namespace, session: Session) -> Outcome:
    """Write the files of a stored dataset again."""
    from src.stored.exporting import export_scored, export_stored

    if arguments.min_score is not None and (arguments.format or arguments.csv):
        raise UsageError("--min-score writes JSONL for the provider.", fix="Leave out --format or --csv.")
    if arguments.format:
        from src.cli.actions.formats import export_format

        return export_format(arguments, session)
    both = arguments.jsonl == arguments.csv
    name = arguments.dataset or latest_name(session)
    with Progress(session.console) as progress:
        if arguments.min_score is not None:
            files = export_scored(session.parts(progress), name, arguments.min_score)
        else:
            files = export_stored(
                session.config(),
                session.parts(progress),
                name,
                jsonl=both or arguments.jsonl,
                csv=both or arguments.csv,
            )
    for path in files.values():
        session.console.success(f"Written: {show_path(path, session.workspace.root)}")
    return Outcome({"name": name, "files": file_facts(files, session.workspace.root)})


def _show_plan(session: Session) -> Outcome:
    """Read the documents and show what a run would ask for; nothing is sent and nothing is stored."""
    from src.cli.views.plan import NO_PLAN, plan_facts, plan_lines
    from src.pipeline import estimate_cost, preview_plan, read_documents

    config, console = session.config(), session.console
    with Progress(console) as progress:
        parts = session.parts(progress)
        documents = read_documents(config, parts)
    plan, estimate = preview_plan(config, parts, documents), estimate_cost(config, parts, documents)
    console.heading(f"Plan of a run in mode {config.mode}")
    console.lines(plan_lines(plan, estimate, width=console.width) if plan else [NO_PLAN])
    return Outcome(plan_facts(plan, estimate))


def _confirm(session: Session, prompter: Prompter | None, estimate: Estimate, *, said_yes: bool) -> None:
    """Show what a run may cost and ask. Raises UsageError where nobody can be asked, RunStoppedError after a no."""
    session.console.lines(pairs(estimate_lines(estimate), width=session.console.width))
    agree_to_cost(prompter, said_yes=said_yes)


def agree_to_cost(prompter: Prompter | None, *, said_yes: bool) -> None:
    """Ask about a cost that was shown. Raises as ``_confirm``; ``prompter`` is None where nobody can be asked."""
    if said_yes:
        return
    if prompter is None:
        raise UsageError(
            "This run may cost more than generation.ask_above_usd, and nobody is here to be asked.",
            fix="Add --yes to go ahead, or raise generation.ask_above_usd.",
        )
    if not prompter.yes_no("Go ahead", default=False):
        raise RunStoppedError("The run was not begun: nothing was paid.", fix="A smaller dataset_size costs less.")


def _is_enough(session: Session, config: RunConfig, report: RunReport) -> bool:
    """Whether as many samples were kept as planned; says so where not. What documents hold cannot be planned, and the
    embedded model promises nothing."""
    from src.pipeline import find_teachers

    missing = report.record.requested - report.record.total_samples
    if missing <= 0:
        return True
    text = f"{counted(missing, 'sample')} fewer than the {report.record.requested:,} that were wished."
    if config.mode in {"identify", "hybrid"}:
        session.console.remark(text)
        return True
    if any(teacher.writer.demo_quality for teacher in find_teachers(config, session.secrets())):
        session.console.warning(text)
        return True
    session.console.error(text, "Add documents or choose a smaller dataset_size; --allow-short takes what there is.")
    return False


def _with_split(config: RunConfig, arguments: Namespace) -> RunConfig:
    changes: dict[str, Any] = {"split.enabled": True}
    if arguments.ratio is not None:
        try:
            changes["split.ratio"] = parse_ratio(arguments.ratio)
        except AnswerError as error:
            raise UsageError(f"--ratio: {error}", fix="As in --ratio 0.8 or --ratio 80-20.") from error
    if arguments.strategy is not None:
        changes["split.strategy"] = arguments.strategy
    if arguments.weight_by is not None:
        changes["split.weight_by"] = arguments.weight_by
    return with_values(config, changes)


def _ask_instructions(prompter: Prompter, progress: Progress) -> str:
    progress.close()
    return prompter.paragraph("Instructions for free mode: what should the samples be?")
