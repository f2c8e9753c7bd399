"""Where everything lies: one folder with config.yaml, .env, prompts, inputs, outputs and the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
    def database(self) -> Path:
        return self.memory / "dataset_builder.db"

    @property
    def backups(self) -> Path:
        return self.memory / "backups"

    @property
    def reading_cache(self) -> Path:
        return self.memory / "reading_cache"

    @property
    def run_lock(self) -> Path:
        return self.memory / "run.lock"

    @property
    def launch_lock(self) -> Path:
        return self.memory / "launch.lock"

    @property
    def tuning_files(self) -> Path:
        """Training files that were written for a launch."""
        return self.memory / "tuning"

    @property
    def log_file(self) -> Path:
        return self.memory / "dataset_builder.log"
