"""Menu 7: curate large sets; each screen asks for files and does what the subcommand of that name does."""

from __future__ import annotations

from pathlib import Path

from src.cli.commands.curation import CURATED_SET
from src.cli.file_questions import file_in, file_to_write, files_in, run_line, some_text
from src.cli.prompts import AnswerError, Prompter
from src.cli.session import Session


def curate_all(session: Session, prompter: Prompter) -> None:
    """7: standardise, deduplicate, score by form, filter, verify."""
    sources = prompter.text("Files to curate, with spaces between", files_in)
    out = prompter.text("Write the set to", file_to_write, default=CURATED_SET)
    run_line(session, "curate", *sources, "--out", out)


def download_set(session: Session, prompter: Prompter) -> None:
    """7.1: a public set by name, id or address."""
    run_line(session, "download", "--list")
    what = prompter.text("Name, Hugging Face id, address or file", some_text)
    run_line(session, "download", what)


def dedupe_set(session: Session, prompter: Prompter) -> None:
    """7.2: the best row of everything that is alike stays."""
    _one_to_one(session, prompter, "dedupe", "clean")


def score_set(session: Session, prompter: Prompter) -> None:
    """7.3: by form, for nothing."""
    _one_to_one(session, prompter, "score", "scored")


def filter_set(session: Session, prompter: Prompter) -> None:
    """7.4: rows above a score."""
    source = _source(prompter)
    above = prompter.text("Keep rows that score above", _number_in, default="7")
    run_line(session, "filter", source, _out(prompter, source, "filtered"), "--above", above)


def balance_set(session: Session, prompter: Prompter) -> None:
    """7.5: wished shares of categories."""
    source = _source(prompter)
    mix = prompter.text("Shares, as general=50,code=25,*=25", some_text, default="seed")
    run_line(session, "balance", source, _out(prompter, source, "balanced"), "--mix", mix)


def verify_set(session: Session, prompter: Prompter) -> None:
    """7.6: figures and targets."""
    run_line(session, "verify", _source(prompter))


def spot_check_set(session: Session, prompter: Prompter) -> None:
    """7.7: a sheet of rows for a person."""
    run_line(session, "spot-check", _source(prompter))


def package_set(session: Session, prompter: Prompter) -> None:
    """7.8: a copy with its papers and hashes."""
    source = _source(prompter)
    run_line(session, "package", source, "--to", prompter.text("Folder or address to copy it to", some_text))


def distil_set(session: Session, prompter: Prompter) -> None:
    """7.9: who would write the answers, then what it costs, then the answers."""
    source = _source(prompter)
    out = _out(prompter, source, "distilled")
    run_line(session, "distil", source, out, "--plan")
    run_line(session, "distil", source, out, "--budget", prompter.text("USD at most", _number_in, default="20"))


def cluster_set(session: Session, prompter: Prompter) -> None:
    """7.10: topics with names."""
    _one_to_one(session, prompter, "cluster", "topics")


def merge_sets(session: Session, prompter: Prompter) -> None:
    """7.11: several sets as one; each row says where it came from."""
    sources = prompter.text("Files to merge, with spaces between", files_in)
    out = prompter.text("Write the rows to", file_to_write, default="data/curation/merged.jsonl")
    run_line(session, "merge-datasets", out, *sources)


def _one_to_one(session: Session, prompter: Prompter, command: str, suffix: str) -> None:
    source = _source(prompter)
    run_line(session, command, source, _out(prompter, source, suffix))


def _source(prompter: Prompter) -> str:
    return prompter.text("JSONL file", lambda text: str(file_in(text)), default=CURATED_SET)


def _out(prompter: Prompter, source: str, suffix: str) -> str:
    path = Path(source)
    beside = path.with_name(f"{path.name.partition('.')[0]}_{suffix}.jsonl")
    return prompter.text("Write to", file_to_write, default=str(beside))


def _number_in(text: str) -> str:
    try:
        return str(float(text))
    except ValueError:
        raise AnswerError(f"{text.strip()!r} is no number: type one as 7 or 7.5.") from None
