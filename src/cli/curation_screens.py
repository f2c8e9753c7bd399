"""Menu 7: curate large sets; each screen asks for files and does what the subcommand of that name does."""

from __future__ import annotations

from pathlib import Path

from src.cli.prompts import AnswerError, Prompter
from src.cli.session import Session

_DEFAULT_OUT = "data/curation/public_500k_filtered.jsonl"


def curate_all(session: Session, prompter: Prompter) -> None:
    """7: standardise, deduplicate, score by form, filter, verify."""
    sources = prompter.text("Files to curate, with spaces between", _files_in)
    out = prompter.text("Write the set to", _file_to_write, default=_DEFAULT_OUT)
    _run(session, "curate", *sources, "--out", out)


def download_set(session: Session, prompter: Prompter) -> None:
    """7.1: a public set by name, id or address."""
    _run(session, "download", "--list")
    what = prompter.text("Name, Hugging Face id, address or file", _some_text)
    _run(session, "download", what)


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
    _run(session, "filter", source, _out(prompter, source, "filtered"), "--above", above)


def balance_set(session: Session, prompter: Prompter) -> None:
    """7.5: wished shares of categories."""
    source = _source(prompter)
    mix = prompter.text("Shares, as general=50,code=25,*=25", _some_text, default="seed")
    _run(session, "balance", source, _out(prompter, source, "balanced"), "--mix", mix)


def verify_set(session: Session, prompter: Prompter) -> None:
    """7.6: figures and targets."""
    _run(session, "verify", _source(prompter))


def spot_check_set(session: Session, prompter: Prompter) -> None:
    """7.7: a sheet of rows for a person."""
    _run(session, "spot-check", _source(prompter))


def package_set(session: Session, prompter: Prompter) -> None:
    """7.8: a copy with its papers and hashes."""
    source = _source(prompter)
    _run(session, "package", source, "--to", prompter.text("Folder or address to copy it to", _some_text))


def _one_to_one(session: Session, prompter: Prompter, command: str, suffix: str) -> None:
    source = _source(prompter)
    _run(session, command, source, _out(prompter, source, suffix))


def _run(session: Session, *line: str) -> None:
    from src.cli.arguments import parse_arguments

    arguments = parse_arguments(list(line))
    arguments.command.load()(arguments, session)


def _source(prompter: Prompter) -> str:
    return prompter.text("JSONL file", lambda text: str(_file_in(text)), default=_DEFAULT_OUT)


def _out(prompter: Prompter, source: str, suffix: str) -> str:
    path = Path(source)
    beside = path.with_name(f"{path.name.partition('.')[0]}_{suffix}.jsonl")
    return prompter.text("Write to", _file_to_write, default=str(beside))


def _files_in(text: str) -> list[str]:
    whole = Path(text.strip()).expanduser()
    if whole.is_file():  # a name with spaces
        return [str(whole)]
    return [str(_file_in(word)) for word in text.split()]


def _file_in(text: str) -> Path:
    path = Path(text.strip()).expanduser()
    if not path.is_file():
        raise AnswerError(f"There is no file {text.strip()!r}.")
    return path


def _file_to_write(text: str) -> str:
    path = Path(text.strip()).expanduser()
    if not text.strip() or path.is_dir():
        raise AnswerError("Name a file, as in data/curation/set.jsonl.")
    return str(path)


def _number_in(text: str) -> str:
    try:
        return str(float(text))
    except ValueError:
        raise AnswerError(f"{text.strip()!r} is no number: type one as 7 or 7.5.") from None


def _some_text(text: str) -> str:
    if not text.strip():
        raise AnswerError("Type something, or b to go back.")
    return text.strip()
