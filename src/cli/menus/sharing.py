"""Menu screens that give a dataset to others: bundle, check, folder for the Hub, push. Each does what its subcommand
does."""

from __future__ import annotations

from src.cli.file_questions import path_in, run_line, some_text
from src.cli.menus.stored import choose_dataset
from src.cli.prompts import AnswerError, Prompter
from src.cli.session import Session
from src.core.errors import UsageError

_NO_LICENCE = "none"


def make_bundle(session: Session, prompter: Prompter) -> None:
    """10.16: a release of a stored dataset."""
    name = choose_dataset(session, prompter)
    out = prompter.text("Folder, or file that ends with .zip or .tar.gz", some_text, default=_default(name, "bundle"))
    run_line(session, "bundle", name, "--out", out, *_licence(prompter))


def check_bundle(session: Session, prompter: Prompter) -> None:
    """10.17: what differs from the manifest of a release."""
    run_line(session, "verify-bundle", prompter.text("Folder, .zip or .tar.gz", path_in))


def write_hub_folder(session: Session, prompter: Prompter) -> None:
    """10.18: a stored dataset as the Hugging Face Hub lays it out."""
    name = choose_dataset(session, prompter)
    out = prompter.text("Folder or address to write it to", some_text, default=_default(name, "hub"))
    run_line(session, "package", name, "--to", out, *_licence(prompter))


def push_to_hub(session: Session, prompter: Prompter) -> None:
    """10.19: show what would be sent, then send it after a yes; always private."""
    name = choose_dataset(session, prompter)
    repo_id = prompter.text("Repository on the Hugging Face Hub, as my-name/my-dataset", _repo_id_in)
    line = ("push", name, repo_id, *_licence(prompter))
    run_line(session, *line)
    if prompter.yes_no("Send it now", default=False):
        run_line(session, *line, "--yes")


def _default(name: str, kind: str) -> str:
    return f"output_datasets/{name}_{kind}"


def _licence(prompter: Prompter) -> tuple[str, ...]:
    licence = prompter.text("Licence, as cc-by-4.0", some_text, default=_NO_LICENCE)
    return () if licence == _NO_LICENCE else ("--licence", licence)


def _repo_id_in(text: str) -> str:
    from src.library.bundle.push import check_repo_id

    try:
        return check_repo_id(text.strip())
    except UsageError as error:
        raise AnswerError(f"{error} {error.fix}") from None
