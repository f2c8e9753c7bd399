"""Menu 2: read, write, validate, save; each alone or all in order, each keeping what the one before has made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.preview import estimate_lines, writer_text
from src.cli.progress import Progress
from src.cli.prompts import BackRequestedError, Prompter
from src.cli.screens import counted, pairs, table, token_text
from src.cli.session import Session
from src.cli.views.found import preview_table
from src.cli.views.results import SHOWN_ISSUES, issue_text, show_examples, show_refusal, show_report, show_sides
from src.core.errors import DatasetError
from src.core.types import TokenCount
from src.core.wording import of_file
from src.persistence.sqlite_client import Store

if TYPE_CHECKING:
    from src.core.config import RunConfig
    from src.pipeline import Documents

_SHOWN_REASONS = 10


def generate_all(session: Session, prompter: Prompter) -> None:
    """2: all four steps."""
    process_input(session, prompter)
    run_selected_agent(session, prompter)
    validate_output(session, prompter)
    save_dataset(session, prompter)


def process_input(session: Session, _prompter: Prompter) -> None:
    """2.1: read the input files and list them."""
    from src.pipeline import read_documents

    config = session.config()
    console = session.console
    console.heading("2.1 Process Input Files")
    with Progress(console) as progress:
        documents = read_documents(config, session.parts(progress))
    session.products.documents = documents
    session.products.read_with = config
    session.products.forget_proposed()
    rows = [
        (document.name, f"{len(document.sections):,}", f"{sum(len(section.text) for section in document.sections):,}")
        for document in documents.documents
    ]
    if rows:
        console.lines(table(("file", "sections", "characters"), rows, width=console.width, right=frozenset({1, 2})))
    for document in documents.documents:
        for warning in document.warnings:
            console.warning(of_file(document.name, warning))
    skipped = f", {len(documents.rejections):,} skipped" if documents.rejections else ""
    console.success(f"{counted(len(documents.documents), 'file')} read{skipped}.")


def run_selected_agent(session: Session, prompter: Prompter) -> None:
    """2.2: let the agent of the chosen mode propose samples; asks first when that costs money. Where conversations are
    taken over, shows what each document holds."""
    from src.pipeline import run_agent

    config = session.config()
    documents = session.products.documents
    if documents is None or session.products.read_with is None:
        raise DatasetError("No input files have been read yet.", fix="Pick 2.1 first, or 2 for all steps.")
    if session.products.read_with.input != config.input or (config.mode != "free" and not documents.documents):
        raise DatasetError("The input settings have changed since the files were read.", fix="Pick 2.1 again.")
    console = session.console
    console.heading(f"2.2 Run Selected Agent ({config.mode})")
    _show_plan(session, config, documents)
    if not _agreed(session, prompter, config, documents):
        raise BackRequestedError
    console.remark(writer_text(config, session.secrets()))
    with Progress(console) as progress:

        def ask() -> str:
            progress.close()
            return prompter.paragraph("Instructions for free mode: what should the samples be?")

        record = run_agent(config, session.parts(progress, ask), documents)
    session.products.proposed = record
    session.products.written_with = config
    session.products.checked = None
    for notice in record.run.warnings:
        if notice not in documents.warnings:
            console.warning(notice)
    _show_conversations(session, config, documents)
    (console.success if record.total_samples else console.warning)(
        f"{counted(record.proposed, 'sample')} proposed, {record.proposed - record.total_samples:,} of them rejected."
    )


def validate_output(session: Session, _prompter: Prompter) -> None:
    """2.3: check the samples against the limits of the model that will be trained."""
    from src.pipeline import check_proposed

    config = session.config()
    record = session.products.proposed
    if record is None:
        raise DatasetError("There are no samples to validate yet.", fix="Pick 2.2 first, or 2 for all steps.")
    _require_unchanged(session, config)
    console = session.console
    console.heading("2.3 Validate Output")
    with Progress(console) as progress:
        report = check_proposed(config, session.parts(progress), record)
    session.products.checked = report
    rows = [("Kept", f"{record.total_samples:,}"), ("Rejected", f"{record.proposed - record.total_samples:,}")]
    rows += [(f"  {reason}", f"{count:,}") for reason, count in sorted(record.rejected.items())[:_SHOWN_REASONS]]
    rows.append(("Tokens", token_text(TokenCount(report.total_tokens, report.exact))))
    console.lines(pairs(rows, width=console.width))
    for issue in report.issues[:SHOWN_ISSUES]:
        (console.warning if issue.severity == "warning" else console.error)(issue_text(issue))
    console.success(f"{counted(record.total_samples, 'sample')} ready to be saved.")


def save_dataset(session: Session, _prompter: Prompter) -> None:
    """2.4: split, store and export; shows the sides, where the files lie and three samples."""
    from src.pipeline import save_proposed

    config = session.config()
    record, checked = session.products.proposed, session.products.checked
    if record is None or checked is None:
        missing = "2.3" if record else "2.2 and then 2.3"
        raise DatasetError("There are no validated samples to save.", fix=f"Pick {missing} first, or 2 for all steps.")
    _require_unchanged(session, config)
    _require_unsaved(session, record.name)
    session.console.heading("2.4 Save Dataset")
    with Progress(session.console) as progress:
        report = save_proposed(config, session.parts(progress), record)
    session.products.forget_proposed()
    told = {*record.run.warnings, *(issue.message for issue in checked.issues)}
    show_report(session, report, told=told)
    show_sides(session, report.record.id)
    show_examples(session, report)
    show_refusal(session, report)


def _show_plan(session: Session, config: RunConfig, documents: Documents) -> None:
    """What will be asked for, before anything is."""
    from src.cli.views.plan import plan_lines
    from src.pipeline import preview_plan

    plan = preview_plan(config, session.parts(lambda _event: None), documents)
    if plan is not None:
        session.console.lines(plan_lines(plan, None, width=session.console.width))
        session.console.say()


def _show_conversations(session: Session, config: RunConfig, documents: Documents) -> None:
    """What the rules see in each document, in the modes that take it over; a model may find more in undecided ones."""
    if config.mode not in {"identify", "hybrid"}:
        return
    from src.agents.identify_files import preview_conversations

    console = session.console
    console.heading("Conversations in the documents")
    previews = tuple(preview_conversations(documents.documents, min_turns=config.agent.identify.min_turns))
    console.lines(preview_table(previews, width=console.width))
    console.say()


def _require_unchanged(session: Session, config: RunConfig) -> None:
    """Raises DatasetError when the samples were made with other settings; the split and the output may change."""
    made_with = session.products.written_with
    later = {"split": config.split, "output": config.output}
    if made_with is None or made_with.model_copy(update=later) != config:
        raise DatasetError("The settings have changed since the agent ran.", fix="Pick 2.2 again, or 2 for all steps.")


def _require_unsaved(session: Session, name: str) -> None:
    """Raises DatasetError when the samples were stored before, by a step that could not write their files."""
    with Store(session.workspace.database) as store:
        if not any(record.name == name and record.status == "finished" for record in store.datasets()):
            return
    session.products.forget_proposed()
    raise DatasetError(f"Dataset {name} is stored already.", fix="Write its files with menu 4.")


def _agreed(session: Session, prompter: Prompter, config: RunConfig, documents: Documents) -> bool:
    """True when nothing is paid, or the person says yes to what it may cost."""
    from src.pipeline import estimate_cost

    estimate = estimate_cost(config, session.parts(lambda _event: None), documents)
    if estimate is None or estimate.most_usd == 0:
        return True
    session.console.lines(pairs(estimate_lines(estimate), width=session.console.width))
    return prompter.yes_no("Go ahead", default=False)
