"""The subcommands that work on files given as arguments, wherever they lie: identify, extract, validate."""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from src.cli.console import encodable
from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.config import RunConfig, with_values
from src.core.errors import InputFileError, UsageError
from src.core.jsonl import atomic_writer, dump_line
from src.core.types import ProviderName, Sample, SourceDocument, TokenCount

if TYPE_CHECKING:
    from src.utils.file_processor import InputFile
    from src.utils.reading.spool import Spool

_SHOWN_ISSUES = 50


def identify(arguments: Namespace, session: Session) -> Outcome:
    """Write one JSON line per conversation that was found, word for word. Raises InputFileError when nothing
    can be read."""
    if arguments.json and not arguments.out:
        raise UsageError("--json and the rows cannot both go to standard output.", fix="Add --out FILE.jsonl.")
    from src.documents import read_files

    config = with_values(session.config(), {"mode": "identify"})
    files = _input_files([Path(path).expanduser() for path in arguments.paths])
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(session.console))
        sink = stack.enter_context(atomic_writer(Path(arguments.out))) if arguments.out else sys.stdout.buffer
        for item in read_files(files, config, session.workspace, progress):
            if isinstance(item, SourceDocument):
                counts["documents"] += 1
                counts["conversations"] += _write_conversations(item, config, session, sink)
            else:
                counts["skipped"] += 1
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
    """Print the text of one document as it was read. Raises InputFileError, cause and fix in one line."""
    from src.documents import open_reader

    path = Path(arguments.file).expanduser()
    with open_reader(session.config()) as reader:
        try:
            spool = reader.read(path)
        except InputFileError as error:
            raise InputFileError(f"{error} {error.fix}".strip()) from error
        for warning in spool.summary.warnings:
            session.console.warning(warning)
        if not arguments.json:
            _print_text(spool.text_file)
            return Outcome({})
        return Outcome(_extract_facts(spool, path))


def validate(arguments: Namespace, session: Session) -> Outcome:
    """Check every line of a training file against the provider's format and the limits of the model."""
    from src.cli.facts import validation_facts
    from src.cli.screens import table, token_text
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


def _print_text(text_file: Path) -> None:
    """Copy the text to standard output: UTF-8 into a file or pipe, on a terminal only what it can show."""
    if sys.stdout.isatty():
        with text_file.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                sys.stdout.write(encodable(line, sys.stdout))
    else:
        with text_file.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.flush()


def _extract_facts(spool: Spool, path: Path) -> dict[str, Any]:
    summary = spool.summary
    sections = [
        {"locator": section.locator, "kind": section.kind, "level": section.level, "text": section.text}
        for section in spool.sections()
    ]
    return {
        "file": path.name,
        "sha256": summary.sha256,
        "characters": summary.characters,
        "warnings": list(summary.warnings),
        "sections": sections,
    }


def _input_files(paths: list[Path]) -> list[InputFile]:
    """The files at ``paths`` and below its folders. Raises InputFileError when one is missing."""
    from src.utils.file_processor import InputFile, find_input_files

    files: list[InputFile] = []
    for path in paths:
        if not path.exists():
            raise InputFileError(f"{path} is not there.", fix="Check the path.")
        files.extend(find_input_files(path) if path.is_dir() else [InputFile(path, path.name)])
    return files


def _write_conversations(document: SourceDocument, config: RunConfig, session: Session, sink: IO[bytes]) -> int:
    """Write the conversations of one document, whole as they stand there; returns how many. Asks no model."""
    import asyncio

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
