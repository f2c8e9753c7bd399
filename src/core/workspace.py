"""Where everything lies: one folder with config.yaml, .env, prompts, inputs, outputs and the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from src.core.database_address import DatabaseAddress, DatabasePlace

PROGRAM_ROOT = Path(__file__).resolve().parents[2]
"""The folder that the program itself lies in, with the prompts that it ships."""


class LockPlace(NamedTuple):
    """A lock on a folder of ours, and on the database where that is kept on a server."""

    file: Path
    server: DatabaseAddress | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder that a run works in. ``config_name`` differs from config.yaml only with ``--config``."""

    root: Path
    config_name: str = "config.yaml"

    @property
    def config_file(self) -> Path:
        return self.root / self.config_name

    @property
    def env_file(self) -> Path:
        return self.root / ".env"

    @property
    def prompts(self) -> Path:
        return self.root / "prompts"

    @property
    def output_datasets(self) -> Path:
        return self.root / "output_datasets"

    @property
    def memory(self) -> Path:
        return self.root / "memory"

    @property
    def own_folders(self) -> tuple[Path, Path]:
        """What this program writes: nobody's input, even where the input folder lies around it."""
        return (self.memory, self.output_datasets)

    @property
    def database(self) -> DatabasePlace:
        """A file of SQLite, or what DATABASE_URL names. Raises ConfigError when that is no usable address."""
        return self._server() or self.memory / "dataset_builder.db"

    @property
    def backups(self) -> Path:
        return self.memory / "backups"

    @property
    def search_index(self) -> Path:
        return self.memory / "search_index.db"

    @property
    def deleted(self) -> Path:
        """The files of deleted datasets, a folder each."""
        return self.memory / "deleted"

    @property
    def former_files(self) -> Path:
        """The files of a dataset while those of its next version are written."""
        return self.memory / "former_files"

    @property
    def former_note(self) -> Path:
        """Whose those files are; there when all of them are."""
        return self.former_files / "note.json"

    @property
    def reading_cache(self) -> Path:
        return self.memory / "reading_cache"

    @property
    def drafts(self) -> Path:
        """What a person has decided about samples and not applied yet."""
        return self.memory / "drafts"

    def drafts_of(self, dataset: str) -> Path:
        """Where the decisions about a dataset lie: by its name, for they are about all of its versions."""
        return self.drafts / f"{dataset}.jsonl"

    @property
    def run_lock(self) -> LockPlace:
        return LockPlace(self.memory / "run.lock", self._server())

    @property
    def launch_lock(self) -> LockPlace:
        return LockPlace(self.memory / "launch.lock", self._server())

    @property
    def tuning_files(self) -> Path:
        """Training files that were written for a launch."""
        return self.memory / "tuning"

    @property
    def log_file(self) -> Path:
        return self.memory / "dataset_builder.log"

    def _server(self) -> DatabaseAddress | None:
        from src.core.secrets import load_secrets  # only now: a menu that shows itself needs no keys

        return load_secrets(self.env_file).database_address()
