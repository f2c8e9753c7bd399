"""The engine on Daft gives the bytes of the local one; without Daft it says what to install."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from src.core.errors import ConfigError, MissingPackageError
from src.curation.deduplicator import DedupeSettings, deduplicate
from tests.curation.test_deduplicator import many_rows, write


def ignore(_event: object) -> None:
    """Nobody watches."""


@pytest.mark.peers
@pytest.mark.filterwarnings("default")
def test_daft_gives_the_bytes_of_the_local_engine(tmp_path: Path) -> None:
    pytest.importorskip("daft")
    source = write(tmp_path / "rows.jsonl", [*many_rows(200), b"{oops"])
    held = write(tmp_path / "held.jsonl", many_rows(20))
    written = []
    for engine in ("local", "daft"):
        settings = DedupeSettings(against=(held,), engine=engine)  # type: ignore[arg-type]
        report = deduplicate(source, tmp_path / f"{engine}.jsonl", settings, ignore)
        written.append([path.read_bytes() for path in (report.files.kept, report.files.removed, report.files.rejected)])
    assert written[0] == written[1]
    assert json.loads(written[0][2])["kind"] == "malformed_json"


@pytest.mark.peers
@pytest.mark.filterwarnings("default")
def test_daft_refuses_the_method_that_it_does_not_know(tmp_path: Path) -> None:
    pytest.importorskip("daft")
    source = write(tmp_path / "rows.jsonl", many_rows(2))
    with pytest.raises(ConfigError, match="exact"):
        deduplicate(source, tmp_path / "out.jsonl", DedupeSettings(engine="daft", method="minhash"), ignore)


@pytest.mark.skipif(find_spec("daft") is not None, reason="Daft is installed")
def test_without_daft_the_engine_says_what_to_install(tmp_path: Path) -> None:
    source = write(tmp_path / "rows.jsonl", many_rows(2))
    with pytest.raises(MissingPackageError) as caught:
        deduplicate(source, tmp_path / "out.jsonl", DedupeSettings(engine="daft"), ignore)
    assert "requirements-distributed.txt" in caught.value.fix
