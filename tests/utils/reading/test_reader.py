"""Reading in worker processes: bounded, several at once, one bad file loses no other, nothing is read twice."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from pypdf import PdfWriter

from src.core.errors import InputFileError
from src.persistence.cache import ReadingCache
from src.utils.reading import watch
from src.utils.reading.job import Job
from src.utils.reading.process import WorkerFailedError, WorkerProcess
from src.utils.reading.reader import Reader, ReadingLimits
from src.utils.reading.spool import Spool
from src.utils.reading.watch import resident_mb

LIMITS = ReadingLimits(seconds=60, memory_mb=1000)
NO_TIME = ReadingLimits(seconds=0.001, memory_mb=1000)
GUIDE = Path(__file__).parents[3] / "input_files" / "observatory_guide.pdf"


def write(folder: Path, name: str, text: str = "words\n") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def text_of(spool: Spool | InputFileError) -> str:
    assert isinstance(spool, Spool)
    return spool.text_file.read_text(encoding="utf-8")


def ignore(_done: int, _total: int) -> None:
    """Nobody counts."""


def test_a_file_is_read_into_a_spool_with_its_warnings(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("café one\n".encode() + "café two\n".encode("latin-1"))
    with Reader(LIMITS) as reader:
        spool = reader.read(path)
        assert text_of(spool) == "café one\ncafé two\n"
        assert "mixes UTF-8" in spool.summary.warnings[0]


def test_a_file_name_of_any_bytes_is_read(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    try:
        path.write_text("words\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system wants UTF-8")
    with Reader(LIMITS) as reader:
        assert text_of(reader.read(path)) == "words\n"


def test_many_files_come_in_order_and_a_bad_one_loses_no_other(tmp_path):
    paths = [write(tmp_path, f"{number}.txt", f"file {number}\n") for number in range(6)]
    paths[2].write_bytes(b"%PDF-1.4 nonsense")
    paths.append(tmp_path / "missing.txt")
    told: list[tuple[int, int]] = []
    with Reader(LIMITS) as reader:
        results = list(reader.read_all(paths, lambda done, total: told.append((done, total))))
        texts = [text_of(result) if isinstance(result, Spool) else str(result) for result in results]
    assert texts[:2] == ["file 0\n", "file 1\n"]
    assert "damaged" in texts[2]
    assert texts[3:6] == ["file 3\n", "file 4\n", "file 5\n"]
    assert "is not there" in texts[6]
    total = sum(path.stat().st_size for path in paths[:6])
    assert told[-1] == (total, total)
    assert told == sorted(told)


def test_a_large_file_counts_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("src.utils.reading.reader._TELL_S", 0.01)
    path = write(tmp_path, "long.csv", "lamp,hours\n" + "north,12\n" * 300_000)
    told: list[int] = []
    with Reader(LIMITS) as reader:
        list(reader.read_all([path], lambda done, _total: told.append(done)))
    size = path.stat().st_size
    assert any(0 < done < size for done in told)
    assert told == sorted(told)
    assert told[-1] == size


def test_large_files_are_shared_between_workers(tmp_path):
    paths = [write(tmp_path, f"{number}.txt", f"file {number}\n" * 80_000) for number in range(2)]
    with Reader(LIMITS) as reader:
        results = list(reader.read_all(paths, ignore))
        assert [text_of(result)[:7] for result in results] == ["file 0\n", "file 1\n"]


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(tmp_path):
    slow, quick = write(tmp_path, "slow.txt", "words\n\n" * 500_000), write(tmp_path, "quick.txt")
    with Reader(NO_TIME) as reader, pytest.raises(InputFileError, match=r"slow\.txt took longer than") as caught:
        reader.read(slow)
    assert "input.file_seconds" in caught.value.fix
    with Reader(LIMITS) as reader:
        assert text_of(reader.read(quick)) == "words\n"


def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path):
    if not resident_mb(os.getpid()):
        pytest.skip("this system does not say what a process occupies")
    path = write(tmp_path, "large.txt", "words\n\n" * 500_000)
    with Reader(ReadingLimits(60, 1)) as reader, pytest.raises(InputFileError, match="needs more than 1 MB") as caught:
        reader.read(path)
    assert "input.file_memory_mb" in caught.value.fix


def test_a_worker_that_stands_still_is_given_up(tmp_path, monkeypatch):
    # not a moment may pass without words: however quick the machine is, the first look finds none
    for name, value in (("_STILL_S", 0.0), ("_STILL_S_PER_MB", 0.0), ("_LOOK_EVERY_S", 0.001)):
        monkeypatch.setattr(watch, name, value)
    path = write(tmp_path, "still.txt", "words\n\n" * 500_000)
    with Reader(LIMITS) as reader, pytest.raises(InputFileError, match="hung"):
        reader.read(path)


def test_a_worker_that_breaks_is_reported_and_replaced(tmp_path):
    path = write(tmp_path, "a.txt")
    (tmp_path / "spool").mkdir()
    broken = Job(str(path), str(tmp_path / "spool"), math.nan, 1000)  # no number of seconds: nothing foresees it
    worker = WorkerProcess()
    worker.start()
    with pytest.raises(WorkerFailedError, match=r"a\.txt cannot be read: its reader broke \(ValueError\)") as caught:
        worker.read(broken)
    assert "Traceback" in caught.value.details
    worker.start()
    assert not worker.read(Job(str(path), str(tmp_path / "spool"), 60, 1000)).cause
    worker.close()
    worker.close()


def test_a_worker_that_is_killed_from_outside_is_reported(tmp_path):
    path = write(tmp_path, "a.txt", "words\n\n" * 500_000)
    (tmp_path / "spool").mkdir()
    worker = WorkerProcess()
    worker.start()
    timer = threading.Timer(0.3, worker.stop)
    timer.start()
    with pytest.raises(WorkerFailedError, match="Killed"):
        worker.read(Job(str(path), str(tmp_path / "spool"), 60, 1000))
    timer.join()


def test_text_that_cannot_be_stored_is_an_error_of_its_own(tmp_path):
    worker = WorkerProcess()
    worker.start()
    summary = worker.read(Job(str(write(tmp_path, "a.txt")), str(tmp_path / "nowhere"), 60, 1000))
    worker.close()
    assert "cannot be stored" in summary.cause
    assert summary.passing


def test_whoever_leaves_early_leaves_no_worker_behind(tmp_path):
    paths = [write(tmp_path, "a.txt"), *(write(tmp_path, f"{n}.txt", "words\n\n" * 400_000) for n in range(3))]
    began = time.monotonic()
    with Reader(LIMITS) as reader:
        results = reader.read_all(paths, ignore)
        next(results)
        results.close()
    assert time.monotonic() - began < 60


def test_a_second_reader_finds_what_the_first_one_kept(tmp_path):
    path, cache = write(tmp_path, "a.txt", "words\n\n" * 500_000), tmp_path / "cache"
    with Reader(LIMITS, ReadingCache(cache, 100)) as reader:
        first = text_of(reader.read(path))
    # no worker could read it in no time: it comes from the cache
    with Reader(NO_TIME, ReadingCache(cache, 100)) as reader:
        assert text_of(reader.read(path)) == first
    path.write_text("other words\n" * 500_000, encoding="utf-8")
    with Reader(NO_TIME, ReadingCache(cache, 100)) as reader, pytest.raises(InputFileError):
        reader.read(path)


def test_a_refusal_is_kept_too(tmp_path):
    path, cache = tmp_path / "a.pdf", tmp_path / "cache"
    path.write_bytes(b"%PDF-1.4 nonsense")
    for limits in (LIMITS, NO_TIME):
        with Reader(limits, ReadingCache(cache, 100)) as reader, pytest.raises(InputFileError, match="damaged"):
            reader.read(path)


def test_a_refusal_is_one_line_whatever_is_said_of_the_damage(tmp_path):
    path = tmp_path / "two\nlines.pdf"
    path.write_bytes(b"%PDF-1.4 nonsense")
    with Reader(LIMITS) as reader, pytest.raises(InputFileError, match=r"two lines\.pdf is no readable PDF"):
        reader.read(path)


def test_what_may_pass_is_not_kept(tmp_path):
    path, cache = write(tmp_path, "a.txt", "words\n\n" * 500_000), tmp_path / "cache"
    with Reader(NO_TIME, ReadingCache(cache, 100)) as reader, pytest.raises(InputFileError):
        reader.read(path)
    assert not list(cache.iterdir())
    with Reader(LIMITS, ReadingCache(cache, 100)) as reader:
        assert reader.read(path).summary.sections


@pytest.mark.parametrize("part", ["text.txt", "summary.json"])
def test_a_damaged_text_in_the_cache_is_read_anew(tmp_path, part):
    path, cache = write(tmp_path, "a.txt"), tmp_path / "cache"
    with Reader(LIMITS, ReadingCache(cache, 100)) as reader:
        (reader.read(path).folder / part).write_bytes(b"x")
        document = reader.document(reader.read(path), path, "a.txt")
    assert document.text == "words\n"
    assert bool(document.warnings) == (part == "text.txt")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    writer = PdfWriter()
    for _ in range(2):
        writer.add_blank_page(60, 40)
    path = tmp_path / "scan.pdf"
    writer.write(path)
    return path


def install(monkeypatch, tmp_path: Path, name: str, program: str) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / name
    script.write_text(f"#!{sys.executable}\nimport shutil, sys\n{program}\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_a_scan_without_an_ocr_program_is_named_as_such(tmp_path, monkeypatch, scan):
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        Reader(ReadingLimits(60, 1000, "eng")) as reader,
        pytest.raises(InputFileError, match="no text layer") as caught,
    ):
        reader.read(scan)
    assert "OCR is not included" in str(caught.value)
    assert "ocrmypdf or tesseract" in caught.value.fix


def test_a_scan_is_read_by_ocrmypdf_where_it_is_installed(tmp_path, monkeypatch, scan):
    install(monkeypatch, tmp_path, "ocrmypdf", f"assert 'deu' in sys.argv\nshutil.copy({str(GUIDE)!r}, sys.argv[-1])")
    with Reader(ReadingLimits(60, 1000, "deu")) as reader:
        spool = reader.read(scan)
        assert "page 1" in next(spool.sections()).locator
        assert "read by OCR (ocrmypdf)" in spool.summary.warnings[0]
    with Reader(ReadingLimits(60, 1000, "")) as reader, pytest.raises(InputFileError, match="no text layer"):
        reader.read(scan)


def test_a_scan_is_read_by_tesseract_from_drawn_pages(tmp_path, monkeypatch, scan):
    program = f"""
pages = open(sys.argv[1]).read().split()
assert len(pages) == 2
for page in pages:
    head, size = open(page, "rb").read(), (251, 167)
    assert head.startswith(b"P5 %d %d 255\\n" % size), head[:20]
    assert len(head) == 15 + 251 * 167
shutil.copy({str(GUIDE)!r}, sys.argv[2] + ".pdf")"""
    install(monkeypatch, tmp_path, "tesseract", program)
    with Reader(ReadingLimits(60, 1000, "eng")) as reader:
        assert "OCR (tesseract)" in reader.read(scan).summary.warnings[0]


def test_an_ocr_program_that_fails_says_why_and_may_be_tried_again(tmp_path, monkeypatch, scan):
    install(monkeypatch, tmp_path, "ocrmypdf", "sys.exit('language deu is not installed')")
    cache = ReadingCache(tmp_path / "cache", 100)
    with Reader(ReadingLimits(60, 1000, "deu"), cache) as reader, pytest.raises(InputFileError) as caught:
        reader.read(scan)
    assert "language deu is not installed" in str(caught.value)
    assert not list((tmp_path / "cache").iterdir())
