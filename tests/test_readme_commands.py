"""The commands of README.md, run block by block in a copy: all that need neither the network nor PyTorch."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from src.core.workspace import Workspace
from src.main import main
from src.persistence.sqlite_client import Store
from tests.cli.driver import type_into_menu
from tests.curation.making import make_row as make_curated
from tests.data_prep.making import make_row, write_lines
from tests.documents_commands import PROGRAM, arguments_of, steps_of
from tests.stub_server import StubServer
from tests.truthful import answer_truthfully

ROOT = Path(__file__).parents[1]
SAMPLE_ID: Final = "3f9a02"
"""The id that README writes where its reader puts one of their own."""
NOT_RUN: Final = {"download", "train", "evaluate", "try", "sweep"}
"""From the network; and what needs PyTorch: tests/training."""
ASKS: Final = {("datasets", "delete")}
ENDS_WITH: Final = {"verify": 1}
"""A few rows are not the 50,000 that README wants of a set, which ``verify`` has to say."""


def blocks() -> list[tuple[str, ...]]:
    """The blocks of README, each with those of its commands that are run here."""
    runnable = (
        tuple(line for line in step.lines if line.startswith(PROGRAM) and arguments_of(line)[0] not in NOT_RUN)
        for step in steps_of(ROOT / "README.md")
    )
    return [lines for lines in runnable if lines]


@pytest.fixture(scope="module")
def model() -> Iterator[StubServer]:
    with StubServer() as server:
        server.responder = answer_truthfully
        yield server


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory, model: StubServer) -> Path:
    """What a reader has who has come so far: small datasets of the sample documents, and rows of their own."""
    folder = tmp_path_factory.mktemp("stock") / "copy"
    shutil.copytree(ROOT / "prompts", folder / "prompts")
    (folder / "input_files").mkdir()
    for name in ("bike_workshop_chats.txt", "pottery_studio_handbook.docx", "seed_library_faq.csv"):
        shutil.copy(ROOT / "input_files" / name, folder / "input_files")
    settings = (ROOT / "config.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(settings.replace("dataset_size: 24", "dataset_size: 2"), encoding="utf-8")
    _add_rows(folder)
    with pytest.MonkeyPatch.context() as patch:
        _enter(folder, model, patch)
        assert main(["generate", "--set", "dataset_size=20"]) == 0
        assert main(["generate", "--set", "mode=identify"]) == 0  # my_dataset-2
        assert main(["split", "my_dataset", "--ratio", "0.7"]) == 0
    return folder


def _add_rows(folder: Path) -> None:
    """The files that the commands read, by the names that README gives them."""
    for place in ("data/curation/raw", "data/staging"):
        (folder / place).mkdir(parents=True)
    rows = [make_row(number) for number in range(20)]
    haiku = [
        {"messages": [{"role": "user", "content": f"And {number}?"}, {"role": "assistant", "content": "One more."}]}
        for number in range(40)
    ]
    for name in ("rows", "a.clean", "b.clean", "data/staging/train.full", "train", "theirs", "old", "new"):
        write_lines(folder / f"{name}.jsonl", rows)
    write_lines(folder / "benchmark.jsonl", [make_row(900)])
    for name in ("data/curation/raw/alpaca", "data/curation/raw/wizardlm"):
        write_lines(folder / f"{name}.jsonl", [make_curated(number) for number in range(20)])
    write_lines(folder / "train_haiku.jsonl", haiku)
    (folder / "alpaca.json").write_bytes(orjson.dumps([{"instruction": "Name a colour.", "output": "Red."}] * 2))


def _enter(folder: Path, model: StubServer, patch: pytest.MonkeyPatch) -> None:
    patch.chdir(folder)
    patch.setattr("sys.stdin", io.StringIO())
    patch.setenv("OPENAI_API_KEY", "test-key")
    patch.setenv("OPENAI_BASE_URL", model.url("openai"))


@pytest.mark.no_cover
@pytest.mark.parametrize("lines", blocks(), ids=lambda lines: " ".join(arguments_of(lines[0])[:2]))
def test_every_command_of_a_block_of_the_readme_ends_well(
    lines: tuple[str, ...], stock: Path, model: StubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(stock, folder)
    _enter(folder, model, monkeypatch)
    with Store(Workspace(folder).database) as store:
        known = next(store.samples(store.find("my_dataset").id)).sample.id
    for line in lines:
        words = [known if word == SAMPLE_ID else word for word in arguments_of(line)]
        agreed = ["--yes"] if tuple(words[:2]) in ASKS else []
        assert main(words + agreed) == ENDS_WITH.get(words[0], 0), f"{line}\n{capfd.readouterr()}"


def test_the_menu_is_the_one_that_the_readme_shows(workspace: Workspace) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- menu screen -->\n```\n")[2].partition("\n```\n")[0]
    assert shown.splitlines() == type_into_menu(workspace, "6").strip().splitlines()
