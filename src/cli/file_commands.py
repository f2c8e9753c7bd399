"""The subcommands that work on files given as arguments, wherever they lie: identify, extract, validate."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from src.cli.console import encodable
from src.cli.facts import validation_facts
from src.cli.progress import Progress
from src.cli.screens import table, token_text
from src.cli.session import Session
from src.cli.start import Outcome
from src.core.config import RunConfig, with_values
from src.core.errors import InputFileError, UsageError
from src.core.jsonl import atomic_writer, dump_line
from src.core.types import ProgressEvent, ProviderName, Rejection, Sample, SourceDocument, TokenCount

_SHOWN_ISSUES = 50


def identify(arguments: Namespace, session: Session) -> Outcome:
    """Write one JSON line per conversation that was found, word for word. Raises InputFileError when nothing
    can be read."""
    if arguments.json and not arguments.out:
        raise UsageError("--json and the rows cannot both go to standard output.", fix="Add --out FILE.jsonl.")
    config = with_values(session.config(), {"mode": "identify"})
    paths = [Path(path).expanduser() for path in arguments.paths]
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise InputFileError(f"{missing[0]} is not there.", fix="Check the path.")
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(session.console))
        sink = stack.enter_context(atomic_writer(Path(arguments.out))) if arguments.out else sys.stdout.buffer
        for number, item in enumerate(_read_paths(paths), start=1):
            skipped = isinstance(item, Rejection)
            note = f"{item.source_file} skipped: {item.detail}" if isinstance(item, Rejection) else ""
            counts["skipped" if skipped else "documents"] += 1
            if isinstance(item, SourceDocument):
                counts["conversations"] += _write_conversations(item, config, session, sink)
            progress(ProgressEvent("read", number, kept=counts["conversations"], note=note))
        if not counts["documents"]:
            raise InputFileError("None of the files can be read.", fix="The reason stands with each of them above.")
    where = f" in {arguments.out}" if arguments.out else ""
    summary = f"{counts['conversations']:,} conversations from {counts['documents']:,} documents{where}"
    if arguments.out:
        session.console.success(summary)
    else:
        session.console.remark(summary)
    names = ("documents", "skipped", "conversations")
    return Outcome({**{name: counts[name] for name in names}, "out": arguments.out})


def extract(arguments: Namespace, session: Session) -> Outcome:
    """Print the text of one document as it was read."""
    from src.utils.file_processor import read_file

    document = read_file(Path(arguments.file).expanduser())
    for warning in document.warnings:
        session.console.warning(warning)
    text = document.text
    if not arguments.json:
        # unchanged but for what the terminal cannot encode: this is data for a pipe, not a screen
        sys.stdout.write(encodable(text, sys.stdout))
        sys.stdout.flush()
    return Outcome(
        {
            "file": document.name,
            "sha256": document.sha256,
            "sections": len(document.sections),
            "characters": len(text),
            "warnings": list(document.warnings),
            "text": text,
        }
    )


def validate(arguments: Namespace, session: Session) -> Outcome:
    """Check every line of a training file against the provider's format and the limits of the model."""
    from src.providers.limits import find_model, provider_spec
    from src.utils.validator import validate_file

    provider, model = _target(arguments, session)
    limits = find_model(provider, model)
    report = validate_file(Path(arguments.file).expanduser(), provider, limits.id)
    console = session.console
    errors = [issue for issue in report.issues if issue.severity == "error"]
    tokens = token_text(TokenCount(report.total_tokens, report.exact))
    console.say(
        f"{arguments.file}: {report.rows:,} examples, {tokens}, for {provider_spec(provider).title} {limits.id}"
    )
    shown = sorted(report.issues, key=lambda issue: issue.severity)[:_SHOWN_ISSUES]
    if shown:
        console.say()
        rows = [(str(issue.row or "-"), issue.severity, f"{issue.message} {issue.fix}".strip()) for issue in shown]
        console.lines(table(("row", "kind", "finding"), rows, width=max(console.width, 200), right=frozenset({0})))
    if len(report.issues) > len(shown):
        console.say(f"... and {len(report.issues) - len(shown):,} more findings (--json shows all)")
    console.say()
    if report.ok:
        console.success("Valid: no errors.")
    else:
        console.error(f"{len(errors):,} errors: this file would not train.", "Mend or remove the rows above.")
    return Outcome(
        {"file": arguments.file, "provider": provider, "model": limits.id, **validation_facts(report)}, report.ok
    )


def _read_paths(paths: list[Path]) -> Iterator[SourceDocument | Rejection]:
    from src.utils.file_processor import read_file, read_folder

    for path in paths:
        if path.is_dir():
            yield from read_folder(path)
            continue
        try:
            yield read_file(path)
        except InputFileError as error:
            yield Rejection("unreadable_file", f"{error} {error.fix}".strip(), source_file=path.name)


def _write_conversations(document: SourceDocument, config: RunConfig, session: Session, sink: IO[bytes]) -> int:
    """Write the conversations of one document, whole as they stand there; returns how many. Asks no model."""
    from src.agents.base_agent import AgentTools
    from src.agents.identify_agent import IdentifyAgent

    agent = IdentifyAgent(AgentTools(config, session.workspace.prompts))
    found = asyncio.run(agent.find((document,), whole=True))
    for sample in found.samples:
        sink.write(dump_line(_conversation_row(sample)))
    return len(found.samples)


def _conversation_row(sample: Sample) -> dict[str, Any]:
    """Texts, and where they stand: ``spans`` holds the pieces of each turn as character offsets of the document."""
    row: dict[str, Any] = {
        "messages": [{"role": message.role, "content": message.content} for message in sample.messages],
        "source_file": sample.source_file,
        "spans": [[list(piece) for piece in message.pieces] for message in sample.messages],
        "locator": sample.locator,
        "confidence": sample.metadata.get("confidence"),
    }
    if sample.metadata.get("context"):
        row["context"] = sample.metadata["context"]
    return row


def _target(arguments: Namespace, session: Session) -> tuple[ProviderName, str]:
    """Provider and model from the arguments; what is missing there, from the configuration."""
    from src.core.config import check_value
    from src.core.errors import ConfigError

    if arguments.provider is None:
        config = session.config()
        return config.provider, arguments.model or config.model
    try:
        provider: ProviderName = check_value("provider", arguments.provider)
    except ConfigError as error:
        raise UsageError(f"--provider: {str(error).removeprefix('input: provider: ')}", fix=error.fix) from error
    if arguments.model is not None:
        return provider, arguments.model
    config = session.config()
    if config.provider != provider:
        raise UsageError(f"--provider {provider} needs --model.", fix="Name the model that will be trained.")
    return provider, config.model
