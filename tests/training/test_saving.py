"""A disk that takes no more is said to be full, whichever library found out; nothing half written stays."""

from __future__ import annotations

import errno
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from src.core.errors import DatasetError, StorageError
from src.training.saving import saving_to

resource = pytest.importorskip("resource")


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes, as on a disk with no more room than that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_is_no_failed_write_goes_through(tmp_path: Path) -> None:
    for error in (RuntimeError("mat1 and mat2 shapes"), ValueError("target modules"), DatasetError("not a number")):
        with pytest.raises(type(error)) as found, saving_to(tmp_path):
            raise error
        assert found.value is error


def test_a_failed_write_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="x cannot be written: No space left") as found, saving_to(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "x"))
    assert "The disk is full" in found.value.fix


@pytest.mark.parametrize(
    "said",
    [
        'Error while serializing: IoError(Os { code: 28, kind: StorageFull, message: "No space left on device" })',
        "Error while serializing: I/O error: No space left on device (os error 28)",
    ],
)
def test_the_number_of_the_system_is_found_in_what_a_library_says(tmp_path: Path, said: str) -> None:
    with pytest.raises(StorageError, match="cannot be written: No space left") as found, saving_to(tmp_path):
        raise RuntimeError(said)
    assert "The disk is full" in found.value.fix


def test_what_torch_says_without_a_number_is_a_failed_write_too(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written") as found, saving_to(tmp_path / "new" / "weights.pt"):
        raise RuntimeError("PytorchStreamWriter failed writing file data/0: file write failed")
    assert found.value.fix


@pytest.mark.train
def test_libraries_that_can_write_no_more_are_understood(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    weights = {"weights": torch.zeros(100_000)}
    for save in (save_file, torch.save):
        with (
            pytest.raises(StorageError, match="cannot be written") as found,
            saving_to(tmp_path),
            files_up_to(1000),
        ):
            save(weights, str(tmp_path / "weights"))
        assert found.value.fix


@pytest.mark.train
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the training stack")
def test_training_and_merging_on_a_full_disk_end_with_a_way_out(tiny: Path, tmp_path: Path) -> None:
    from src.training.export import merge_adapter
    from src.training.runs import find_run
    from src.training.settings import TrainSettings
    from src.training.train import train
    from tests.training.tiny_model import data_of, rows
    from tests.training.tiny_run import make_run

    with pytest.raises(StorageError), files_up_to(20_000):
        train(data_of(rows(2)), TrainSettings(base=str(tiny), epochs=1, threads=1), tmp_path / "out")
    run = find_run(make_run(tmp_path, tiny))
    with pytest.raises(StorageError), files_up_to(20_000):
        merge_adapter(run, tmp_path / "tuned")
    assert not list(tmp_path.glob("tuned*"))
