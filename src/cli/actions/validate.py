"""The subcommand that checks and mends training files: validate."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.targets import provider_named
from src.core.errors import UsageError
from src.core.specs import ModelLimits
from src.core.types import Issue, ProviderName, TokenCount, ValidationReport

if TYPE_CHECKING:
    from src.utils.repairs import RepairReport

_SHOWN_ISSUES = 50
_SHOWN_REPAIRS = 20


def validate(arguments: Namespace, session: Session) -> Outcome:
    """Check every line of a training file against the provider's format and the limits of the model; with ``--fix`` the
    repaired copy of it."""
    from src.cli.actions.formats import out_file
    from src.cli.views.facts import validation_facts
    from src.providers.lookup import find_model
    from src.utils.training_file import validate_file, validate_split

    provider, model = _target(arguments, session)
    limits = find_model(provider, model)
    path = Path(arguments.file).expanduser()
    facts: dict[str, Any] = {"file": arguments.file, "provider": provider, "model": limits.id}
    if arguments.fix:
        if arguments.validation is not None:
            out_file(arguments.fix, Path(arguments.validation).expanduser())  # it is read too: never written over
        path, repairs = _fix(path, arguments.fix, limits, session)
        facts |= {"out": arguments.fix, "repaired": repairs}
    if arguments.validation is None:
        report = validate_file(path, provider, limits.id)
        _show(report, path, limits, session)
        return Outcome({**facts, **validation_facts(report)}, report.ok)
    held_out = Path(arguments.validation).expanduser()
    train, validation = validate_split(path, held_out, provider, limits.id)
    _show(train, path, limits, session)
    _show(validation, held_out, limits, session)
    beside = {"file": arguments.validation, **validation_facts(validation)}
    return Outcome({**facts, **validation_facts(train), "validation_file": beside}, train.ok and validation.ok)


def _show(report: ValidationReport, path: Path, limits: ModelLimits, session: Session) -> None:
    from src.cli.screens import counted, table, token_phrase
    from src.providers.lookup import provider_spec

    console = session.console
    tokens = token_phrase(TokenCount(report.total_tokens, report.exact))
    title = provider_spec(limits.provider).title
    console.say(f"{path}: {counted(report.rows, 'example')}, {tokens}, for {title} {limits.id}")
    shown = sorted(report.issues, key=lambda issue: issue.severity)[:_SHOWN_ISSUES]
    if shown:
        console.say()
        rows = [(str(issue.row or "-"), issue.severity, issue.field or "-", _finding(issue)) for issue in shown]
        heads = ("row", "kind", "field", "finding")
        console.lines(table(heads, rows, width=max(console.width, 220), right=frozenset({0})))
    if len(report.issues) > len(shown):
        console.say(f"... and {counted(len(report.issues) - len(shown), 'more finding')} (--json shows all)")
    console.say()
    if report.ok:
        console.success("Valid: no errors.")
    else:
        errors = sum(issue.severity == "error" for issue in report.issues)
        console.error(f"{counted(errors, 'error')}: this file would not train.", "Mend or remove the rows above.")


def _finding(issue: Issue) -> str:
    source = f"[{issue.source}]" if issue.source else ""
    return " ".join(part for part in (issue.message, issue.fix, source) if part)


def _fix(path: Path, typed: str, limits: ModelLimits, session: Session) -> tuple[Path, list[dict[str, Any]]]:
    """Write the repaired copy and say what was done; gives back where it lies, and the repairs as plain values."""
    from src.cli.actions.formats import out_file
    from src.utils.repairs import repair_file

    out = out_file(typed, path)
    report = repair_file(path, out, limits)
    _show_repairs(report, out, session)
    return out, [{"row": row.number, "repairs": list(row.repairs)} for row in report.repaired]


def _show_repairs(report: RepairReport, out: Path, session: Session) -> None:
    from src.cli.screens import counted
    from src.utils.repairs import REPAIRS

    console = session.console
    console.success(f"Written: {out}, {counted(report.rows, 'row')}, {len(report.repaired):,} of them repaired")
    for row in report.repaired[:_SHOWN_REPAIRS]:
        console.say(f"  row {row.number}: {'; '.join(REPAIRS[name] for name in row.repairs)}")
    if len(report.repaired) > _SHOWN_REPAIRS:
        console.say(f"  ... and {len(report.repaired) - _SHOWN_REPAIRS:,} more (--json shows all)")


def _target(arguments: Namespace, session: Session) -> tuple[ProviderName, str]:
    """Provider and model from the arguments; what is missing there, from the configuration."""
    provider = provider_named(arguments.provider)
    if provider is None:
        config = session.config()
        return config.provider, arguments.model or config.model
    if arguments.model is not None:
        return provider, arguments.model
    config = session.config()
    if config.provider != provider:
        raise UsageError(f"--provider {provider} needs --model.", fix="Name the model that will be trained.")
    return provider, config.model
