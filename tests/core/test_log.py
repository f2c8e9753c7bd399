"""The log file holds details and never a key."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.log import start_log
from src.core.secrets import Secrets


@pytest.fixture(autouse=True)
def close_log() -> Iterator[None]:
    yield
    logger = logging.getLogger("src")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = True


def test_log_redacts_keys_also_in_tracebacks(tmp_path: Path) -> None:
    start_log(tmp_path / "memory" / "run.log", Secrets({"OPENAI_API_KEY": "sk-very-secret"}))
    try:
        raise ValueError("bad key sk-very-secret")
    except ValueError:
        logging.getLogger("src.test").exception("failed with sk-very-secret")
    text = (tmp_path / "memory" / "run.log").read_text(encoding="utf-8")
    assert "failed with ***" in text
    assert "sk-very-secret" not in text


def test_second_start_does_not_double_the_lines(tmp_path: Path) -> None:
    start_log(tmp_path / "run.log")
    start_log(tmp_path / "run.log")
    logging.getLogger("src.test").info("once")
    assert (tmp_path / "run.log").read_text(encoding="utf-8").count("once") == 1


def test_unwritable_folder_does_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    start_log(tmp_path / "file" / "run.log")
    logging.getLogger("src.test").info("nowhere")


def test_file_name_that_is_no_utf8_is_logged_with_escapes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    start_log(tmp_path / "run.log")
    logging.getLogger("src.test").error("cannot read %s", "caf\udce9.txt")
    assert r"caf\udce9.txt" in (tmp_path / "run.log").read_text(encoding="utf-8")
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_full_disk_does_not_print_a_traceback(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "run.log").symlink_to("/dev/full")
    start_log(tmp_path / "run.log")
    logging.getLogger("src.test").error("nowhere to go")
    assert capfd.readouterr().err == ""
