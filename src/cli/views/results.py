"""Shows what a run made: its numbers, its sides, its first samples. The menu and the subcommands share it."""

from __future__ import annotations

from collections.abc import Collection

from src.cli.screens import counted, report_lines, sample_lines, show_path
from src.cli.session import Session
from src.core.types import Issue, RunReport, SplitName, ValidationReport
from src.reports.tables import side_counts, side_table
from src.reports.tally import tally

_SHOWN_EXAMPLES = 3
_SHOWN_LABELS = 12
SHOWN_ISSUES = 10
SPLITS: tuple[SplitName, ...] = ("train", "validation")


def issue_text(issue: Issue) -> str:
    """Where something is wrong, what, and what to do."""
    row = f"row {issue.row}: " if issue.row else ""
    return f"{row}{issue.message} {issue.fix}".strip()


def show_report(session: Session, report: RunReport, *, told: Collection[str] = ()) -> None:
    """Warnings, but for those whose text was ``told`` before, numbers, and last, in green, where the dataset lies."""
    console = session.console
    run = report.record.run
    for warning in (*run.warnings, *run.split_warnings, *report.warnings):
        if warning not in told:
            console.warning(warning)
    for issue in report.validation.issues[:SHOWN_ISSUES]:
        if issue.severity == "warning" and issue.message not in told:
            console.warning(issue_text(issue))
    is_demo = any(sample.metadata.get("quality") == "demo" for sample in report.examples)
    console.heading(f"Dataset {report.record.name}" + (" (demo quality)" if is_demo else ""))
    console.lines(report_lines(report, session.workspace.root, width=console.width))
    paths = [show_path(report.files[side], session.workspace.root) for side in SPLITS if side in report.files]
    console.say()
    saved = counted(report.record.total_samples, "sample")
    console.success(f"Saved: {saved} in " + ",\n  ".join(paths))


def show_refusal(session: Session, report: RunReport) -> None:
    """What would make the provider refuse the dataset, in red: the last that is said of a run, so that it is seen."""
    errors = [issue for issue in report.validation.issues if issue.severity == "error"]
    for issue in errors[:SHOWN_ISSUES]:
        row = f"row {issue.row}: " if issue.row else ""
        refused = f"{report.record.model} cannot be trained on this dataset: {row}{issue.message}"
        session.console.error(refused, issue.fix)
    if len(errors) > SHOWN_ISSUES:
        session.console.error(f"and {counted(len(errors) - SHOWN_ISSUES, 'more error')}.")


def is_takeable(report: ValidationReport) -> bool:
    """Whether the provider would refuse nothing but a size that is too small yet: more documents may follow, and where
    fewer samples came than were planned, that has been said."""
    return all(issue.severity != "error" or issue.code == "too_few_examples" for issue in report.issues)


def show_examples(session: Session, report: RunReport) -> None:
    """The first three samples, folded and cut to the screen."""
    examples = report.examples[:_SHOWN_EXAMPLES]
    if not examples:
        return
    console = session.console
    console.heading("Three samples" if len(examples) == _SHOWN_EXAMPLES else "Samples")
    for number, sample in enumerate(examples, start=1):
        console.lines(sample_lines(sample, number, width=console.width))


def show_sides(session: Session, dataset_id: str) -> None:
    """The counts of a stored dataset per side, by source file and by first keyword."""
    from src.persistence.sqlite_client import Store

    with Store(session.workspace.database) as store:
        counts = tally(store.samples(dataset_id))
    session.console.heading("By source")
    session.console.lines(
        side_table(side_counts(counts.sources), "source file", limit=_SHOWN_LABELS, width=session.console.width)
    )
    session.console.heading("By keyword")
    session.console.lines(
        side_table(side_counts(counts.keywords), "first keyword", limit=_SHOWN_LABELS, width=session.console.width)
    )
