"""Fine-tuning jobs: noted before every step of their launch, so that a killed launch goes on and starts none twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from src.core.errors import DatasetError
from src.core.types import SplitName
from src.persistence.models import from_timestamp, to_timestamp
from src.persistence.sqlite_client import Store

Step = Literal["", "upload train", "upload validation", "create"]
"""What a launch has begun last at the vendor, "" for nothing yet."""

_SHORTEST_KEY_PREFIX = 4


@dataclass(frozen=True, slots=True)
class TuningJob:
    """One job. ``key`` is the hash of all that makes it the job that it is; ``base`` the same without its ``number``,
    which tells a job from an equal one that was started before it.

    ``train_file``, ``validation_file`` and ``job`` are the vendor's names, "" as long as there is none. ``place`` is
    where the vendor keeps the job: an address, or project and region.
    """

    key: str
    base: str
    number: int
    service: str
    place: str
    model: str
    dataset: str
    created_at: datetime
    parameters: dict[str, Any] = field(default_factory=dict)
    step: Step = ""
    step_at: datetime | None = None
    train_file: str = ""
    validation_file: str = ""
    job: str = ""
    status: str = ""
    is_over: bool = False
    tuned_model: str = ""
    failure: str = ""
    updated_at: datetime | None = None

    @property
    def name(self) -> str:
        """What a person calls it: the last part of the vendor's id, or of our key while there is no job."""
        return self.job.rpartition("/")[2] or self.key[:12]

    def file(self, side: SplitName) -> str:
        """The vendor's name of one of its files."""
        return self.train_file if side == "train" else self.validation_file


class TuningJobs:
    """The jobs of a database. Every change is on the disk when its method returns."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, job: TuningJob) -> TuningJob:
        """Note that a job is going to be launched; what is known about it where it was begun before."""
        now = to_timestamp(self._store.clock())
        with self._store.database.transaction() as db:
            db.execute(
                """INSERT INTO tuning_jobs
                     (key, base, number, service, place, model, dataset, parameters, created_at, updated_at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                (
                    *(job.key, job.base, job.number, job.service, job.place, job.model, job.dataset),
                    *(orjson.dumps(job.parameters).decode(), to_timestamp(job.created_at), now),
                ),
            )
        return self.get(job.key)

    def begin_step(self, key: str, step: Step) -> TuningJob:
        """Note a step before it goes over the wire."""
        return self._change(key, step=step, step_at=to_timestamp(self._store.clock()))

    def set_file(self, key: str, side: SplitName, file: str) -> TuningJob:
        """What the vendor calls a file that it has."""
        return self._change(key, **{f"{side}_file": file})

    def set_job(self, key: str, job: str) -> TuningJob:
        """The vendor's id of the job, which is started."""
        return self._change(key, job=job, status="started")

    def set_state(self, key: str, status: str, *, is_over: bool, tuned_model: str, failure: str) -> TuningJob:
        """How far the vendor says that it is."""
        return self._change(key, status=status, is_over=int(is_over), tuned_model=tuned_model, failure=failure)

    def get(self, key: str) -> TuningJob:
        """The job of a key."""
        return _from_row(self._store.database.read("SELECT * FROM tuning_jobs WHERE key = ?", (key,))[0])

    def latest(self, base: str) -> TuningJob | None:
        """The last one among equal jobs."""
        rows = self._store.database.read(
            "SELECT * FROM tuning_jobs WHERE base = ? ORDER BY number DESC LIMIT 1", (base,)
        )
        return _from_row(rows[0]) if rows else None

    def all(self) -> list[TuningJob]:
        """Every job, the newest first."""
        rows = self._store.database.read("SELECT * FROM tuning_jobs ORDER BY created_at DESC, rowid DESC")
        return [_from_row(row) for row in rows]

    def find(self, text: str) -> TuningJob:
        """The job of that id, of that dataset, or whose key begins so. Raises DatasetError where there is none, or
        several."""
        wanted = text.strip()
        jobs = self.all()
        found = (
            [job for job in jobs if wanted in {job.job, job.name, job.key}]
            or [job for job in jobs if len(wanted) >= _SHORTEST_KEY_PREFIX and job.key.startswith(wanted)]
            or [job for job in jobs if job.dataset == wanted]
        )
        if len(found) == 1:
            return found[0]
        if not found:
            raise DatasetError(f"There is no fine-tuning job {text!r}.", fix="See 'python -m src.main jobs'.")
        names = ", ".join(job.name for job in found[:5])
        raise DatasetError(f"{text!r} is the name of several fine-tuning jobs.", fix=f"Name one of: {names}.")

    def _change(self, key: str, **values: str | int) -> TuningJob:
        values["updated_at"] = to_timestamp(self._store.clock())
        columns = ", ".join(f"{name} = ?" for name in values)  # names of ours, never of a person
        with self._store.database.transaction() as db:
            db.execute(f"UPDATE tuning_jobs SET {columns} WHERE key = ?", (*values.values(), key))  # noqa: S608
        return self.get(key)


def _from_row(row: Any) -> TuningJob:
    texts = ("key", "base", "service", "place", "model", "dataset", "step", "train_file", "validation_file", "job")
    return TuningJob(
        **{name: row[name] for name in (*texts, "number", "status", "tuned_model", "failure")},
        parameters=orjson.loads(row["parameters"]),
        is_over=bool(row["is_over"]),
        step_at=from_timestamp(row["step_at"]) if row["step_at"] else None,
        created_at=from_timestamp(row["created_at"]),
        updated_at=from_timestamp(row["updated_at"]),
    )
