"""A push to Supabase whose process is killed while a batch is on its way: the next one ends with a whole copy."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from src.core.workspace import Workspace
from src.main import main
from src.persistence.sqlite_client import Store
from tests.cli.driver import PROGRAM, unmeasured_environment
from tests.patience import PATIENCE_S
from tests.persistence.rows import make_record, make_rows, store_dataset
from tests.stub_postgrest import Request as Sent
from tests.stub_postgrest import StubPostgrest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")


@dataclass
class Holding(StubPostgrest):
    """Keeps the sender of the ``batch``-th batch waiting, once; the batch is stored before or not at all."""

    batch: int = 2
    stored: bool = True
    reached: threading.Event = field(default_factory=threading.Event)
    killed: threading.Event = field(default_factory=threading.Event)
    _batches: int = 0

    def answer(self, request: Sent, key: str, prefer: str) -> tuple[int, Any] | None:
        if request.method == "POST" and request.table == "mirrored_samples":
            self._batches += 1
            if self._batches == self.batch:
                answer = super().answer(request, key, prefer) if self.stored else None
                self.reached.set()
                self.killed.wait(PATIENCE_S)
                return answer
        return super().answer(request, key, prefer)


@pytest.mark.parametrize("stored", [True, False])
def test_a_killed_push_goes_on_and_the_copy_is_whole(
    workspace: Workspace, stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(workspace.database) as store:
        record = store_dataset(store, make_record(), make_rows(1200))
    with Holding(stored=stored) as server:
        keys = {"SUPABASE_URL": server.project.url, "SUPABASE_KEY": server.project.key}
        _kill_within_a_batch(workspace.root, server, keys)
        assert len(server.rows("mirrored_samples")) == (1000 if stored else 500)
        monkeypatch.chdir(workspace.root)
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        assert main(["datasets", "push", record.name]) == 0
        positions = sorted(row["position"] for row in server.rows("mirrored_samples"))
        assert positions == list(range(1200))
    with Store(workspace.database) as store:
        assert store.find(record.name) == record, "what is here stays as it was"


def _kill_within_a_batch(root: Path, server: Holding, keys: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "datasets", "push", "pots"],
        cwd=root,
        env=unmeasured_environment(root, **keys),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert server.reached.wait(PATIENCE_S)
    finally:
        process.kill()
        process.wait()
        server.killed.set()
