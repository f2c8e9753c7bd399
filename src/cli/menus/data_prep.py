"""Menu 8: prepare data; each screen asks for files and does what the subcommand of that name does."""

from __future__ import annotations

from pathlib import Path

from src.cli.actions.data_prep_places import project_root
from src.cli.file_questions import file_to_write, files_in, folder_in, path_in, run_line, some_text
from src.cli.prompts import Prompter
from src.cli.screens import show_path
from src.cli.session import Session

_LOGS = "claude_logs/train.jsonl"
_GIT = "git_history/git_sft.jsonl"
_FIM = "actual_code/train.fim.jsonl"


def prepare_all(session: Session, prompter: Prompter) -> None:
    """8: all of it, on what lies in data/ and in a repository."""
    repo = prompter.text("Folder of a git repository (- for none)", _folder_or_none, default="-")
    run_line(session, "prepare", *(("--repo", repo) if repo else ()))


def convert_logs(session: Session, prompter: Prompter) -> None:
    """8.1: chat logs become training rows, which are then checked."""
    source = prompter.text("Chat log, or folder of chat logs", path_in, default=_data(session, "claude_logs"))
    _convert(session, prompter, _LOGS, "chat-logs", "--src", source)


def convert_history(session: Session, prompter: Prompter) -> None:
    """8.2: the commits of a repository become training rows, which are then checked."""
    _convert(session, prompter, _GIT, "git-history", "--repo", _repository(prompter))


def convert_code(session: Session, prompter: Prompter) -> None:
    """8.3: the files of a repository become gaps to fill, which are then checked."""
    _convert(session, prompter, _FIM, "fim", "--repo", _repository(prompter))


def check_rows(session: Session, prompter: Prompter) -> None:
    """8.4: broken rows and duplicates go; lengths are shown."""
    sources = prompter.text("JSONL files, with spaces between", files_in)
    first = Path(sources[0])
    clean = first.with_name(f"{first.name.removesuffix('.jsonl')}.clean.jsonl")
    out = prompter.text("Write the rows that stay to", file_to_write, default=str(clean))
    run_line(session, "qc", *sources, "--out", out, "--rejects")
    run_line(session, "lengths", out)


def merge_rows(session: Session, prompter: Prompter) -> None:
    """8.5: prepared files become a training and an evaluation set."""
    ready = " ".join(show_path(path, Path.cwd()) for path in _clean_files(session))
    sources = prompter.text("Clean files to merge, with spaces between", files_in, default=ready)
    name = prompter.text("Name of the set", some_text, default="full")
    share = prompter.text("Share of the rows for evaluation", some_text, default="0.15")
    run_line(session, "merge-split", *sources, "--name", name, "--eval_frac", share)


def _convert(session: Session, prompter: Prompter, default: str, command: str, option: str, source: str) -> None:
    out = prompter.text("Write to", file_to_write, default=_data(session, default))
    if run_line(session, command, option, source, "--out", out).ok:
        run_line(session, "qc", out, "--rejects")


def _data(session: Session, name: str) -> str:
    return show_path(project_root(session) / "data" / name, Path.cwd())


def _clean_files(session: Session) -> list[Path]:
    """What there is to merge: the pieces of follow-ups are in the conversations as well."""
    folder = project_root(session) / "data"
    kinds = ("claude_logs", "git_history", "actual_code")
    found = (path for kind in kinds for path in sorted((folder / kind).glob("*.clean.jsonl")))
    return [path for path in found if ".follow" not in path.name]


def _repository(prompter: Prompter) -> str:
    return prompter.text("Folder of the git repository", folder_in, default=".")


def _folder_or_none(text: str) -> str:
    return "" if text.strip() == "-" else folder_in(text)
