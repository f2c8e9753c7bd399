"""Menu: launch a stored dataset, look at the jobs, follow and cancel one."""

from __future__ import annotations

from src.cli.actions.tuning import cancel_job, follow_job, launch_with, list_jobs
from src.cli.menus.stored import choose_dataset
from src.cli.prompts import AnswerError, Prompter, parse_whole
from src.cli.session import Session
from src.core.errors import DatasetError
from src.persistence.jobs import TuningJob, TuningJobs
from src.persistence.sqlite_client import Store

FOLLOW_EVERY_S = 15.0


def launch_dataset(session: Session, prompter: Prompter) -> None:
    """Ask for dataset, epochs and name; show the plan; launch after a yes."""
    from src.tuning.opening import LaunchRequest
    from src.tuning.plan import Wishes

    dataset = choose_dataset(session, prompter)
    epochs = prompter.text("Epochs (0 = as many as suit the size)", _epochs, default="0")
    request = LaunchRequest(dataset, wishes=Wishes(epochs or None))
    launch_with(session, prompter, request, said_yes=False)


def show_jobs(session: Session, prompter: Prompter) -> None:  # noqa: ARG001 every screen is called alike
    """The table of all jobs, as they stand now."""
    with Store(session.workspace.database) as store:
        list_jobs(session, store)


def follow_one_job(session: Session, prompter: Prompter) -> None:
    """Pick a job and follow it to its end; Ctrl-C leaves it going on at the vendor."""
    with Store(session.workspace.database) as store:
        follow_job(session, store, _pick(session, prompter, store), FOLLOW_EVERY_S)


def cancel_one_job(session: Session, prompter: Prompter) -> None:
    """Pick a job and stop it, after a yes."""
    with Store(session.workspace.database) as store:
        cancel_job(session, prompter, store, _pick(session, prompter, store), said_yes=False)


def _pick(session: Session, prompter: Prompter, store: Store) -> TuningJob:
    known = [job for job in TuningJobs(store).all() if job.job]
    if not known:
        raise DatasetError("There is no fine-tuning job yet.", fix="Launch a dataset first.")
    list_jobs(session, store)
    names = [f"{job.name} {job.dataset}" for job in known]
    return known[prompter.choose("Which job", names)]


def _epochs(text: str) -> int:
    number = parse_whole(text, "a number of epochs")
    if number < 0:
        raise AnswerError(f"{number} is too small: type 0 or more.")
    return number
