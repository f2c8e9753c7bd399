"""Rows of other people's sets: every shape, fetched over a loopback server that breaks off, changes and refuses."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from src.core.errors import InputFileError, UsageError
from src.core.types import ProgressEvent
from src.curation.rows import RowError
from src.curation.sources.downloader import DownloadSettings, download, known_sets
from src.curation.sources.fetching import Remote, fetch, record_path
from src.curation.sources.shapes import standardise
from src.curation.sources.tabling import as_lines, json_line
from tests.curation.making import read_lines, write_lines


def ignore(_event: ProgressEvent) -> None:
    """Nobody watches."""


TURNS = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
MORE = [*TURNS, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        ({"instruction": "a", "input": "", "output": "b"}, {"instruction": "a", "response": "b"}),
        ({"instruction": "a", "input": "x", "output": "b"}, {"instruction": "a\n\nx", "response": "b"}),
        ({"messages": TURNS}, {"instruction": "a", "response": "b"}),
        ({"messages": MORE}, {"messages": MORE}),
        ({"messages": [*MORE, {"role": "user", "content": "e"}]}, {"messages": MORE}),
        (
            {"messages": [{"role": "system", "content": "s"}, *TURNS]},
            {"messages": [{"role": "system", "content": "s"}, *TURNS]},
        ),
        (
            {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]},
            {"instruction": "a", "response": "b"},
        ),
        (
            {"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: a\n\nAssistant: worse"},
            {"instruction": "a", "response": "b", "rejected": "worse"},
        ),
        ({"chosen": "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: d"}, {"messages": MORE}),
        ({"prompt": "a", "chosen": "b", "rejected": "c"}, {"instruction": "a", "response": "b", "rejected": "c"}),
        ({"prompt": "a", "completion": "b"}, {"instruction": "a", "response": "b"}),
        ({"question": "a", "answer": "b"}, {"instruction": "a", "response": "b"}),
        (
            {
                "prompt": {
                    "role": "prompter",
                    "text": "a",
                    "replies": [
                        {"role": "assistant", "text": "worse", "rank": 1, "replies": []},
                        {"role": "assistant", "text": "b", "rank": 0, "replies": []},
                        {"role": "assistant", "text": "gone", "rank": 0, "deleted": True},
                    ],
                }
            },
            {"instruction": "a", "response": "b"},
        ),
    ],
)
def test_every_shape_becomes_the_common_one(raw: dict[str, Any], texts: dict[str, Any]) -> None:
    assert standardise({"id": 7, **raw}, "somewhere") == {"id": 7, **texts, "source": "somewhere"}


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ({"text": "a"}, "unknown_shape"),
        ({"instruction": "a", "output": 5}, "wrong_type"),
        ({"instruction": "a", "output": " "}, "empty_answer"),
        ({"messages": [{"role": "robot", "content": "a"}]}, "wrong_type"),
        ({"messages": ["a"]}, "wrong_type"),
        ({"messages": [{"role": "user", "content": None}]}, "wrong_type"),
        ({"messages": [{"role": "assistant", "content": "a"}]}, "no_conversation"),
        ({"chosen": "a"}, "no_conversation"),
        ({"instruction": "a", "output": "b", "source": 5}, "wrong_type"),
        ({"instruction": "a", "output": "b", "id": 1.5}, "wrong_type"),
    ],
)
def test_what_has_no_known_shape_has_its_reason(raw: dict[str, Any], kind: str) -> None:
    with pytest.raises(RowError) as error:
        standardise(raw, "somewhere")
    assert error.value.kind == kind


def test_what_a_row_says_of_itself_is_kept() -> None:
    raw = {"message_tree_id": "x", "question": "a", "answer": "b", "source": "s", "category": "c", "quality_score": 4}
    row = standardise(raw, "somewhere")
    assert list(row) == ["id", "instruction", "response", "source", "quality_score", "category"]
    assert (row["id"], row["source"], row["category"], row["quality_score"]) == ("x", "s", "c", 4)


class Host(ThreadingHTTPServer):
    """Serves ``files``; ``breaks`` answers end in their middle, ``asked`` are the requests with their headers,
    ``refusals`` what is answered first."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.breaks = 0
        self.refusals: list[tuple[int, dict[str, str]]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        host = self.server
        path = self.path.partition("?")[0]
        host.asked.append((path, {name.lower(): value for name, value in self.headers.items()}))
        if host.refusals:
            code, headers = host.refusals.pop(0)
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            return
        if path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{host.server_port}/there")
            self.end_headers()
            return
        body = host.files.get(path)
        if body is None:
            self.send_error(404)
            return
        etag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
        start = 0
        wished = self.headers.get("Range", "")
        if wished.startswith("bytes=") and self.headers.get("If-Range") == etag:
            start = int(wished[6:].rstrip("-"))
        if start >= len(body) > 0:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(body)}")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        rest = body[start:]
        if host.breaks:
            host.breaks -= 1
            rest = rest[: len(rest) // 2]
        self.wfile.write(rest)

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture
def host() -> Iterator[Host]:
    server = Host()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


DATA = b"".join(json.dumps({"instruction": f"ask {n}", "output": f"answer {n}"}).encode() + b"\n" for n in range(200))


def test_a_file_that_breaks_off_goes_on_where_it_was(host: Host, tmp_path: Path) -> None:
    host.files["/rows.jsonl"] = DATA
    host.breaks = 2
    remote = Remote(f"{host.url}/rows.jsonl", "rows.jsonl", "rows", sha256=hashlib.sha256(DATA).hexdigest())
    pauses: list[float] = []
    found = fetch(remote, tmp_path, ignore, pauses.append)
    assert pauses == [1.0, 2.0]
    assert found.path.read_bytes() == DATA
    assert [headers.get("range") for _, headers in host.asked] == [
        None,
        f"bytes={len(DATA) // 2}-",
        f"bytes={len(DATA) // 2 + len(DATA) // 4}-",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.jsonl", "rows.jsonl.source.json"]
    assert fetch(remote, tmp_path, ignore).reused
    assert len(host.asked) == 3


def test_a_file_that_has_changed_meanwhile_begins_anew(host: Host, tmp_path: Path) -> None:
    host.files["/rows.jsonl"] = DATA
    (tmp_path / "rows.jsonl.part").write_bytes(b"half of an older file")
    (tmp_path / "rows.jsonl.part.etag").write_text('"old"')
    found = fetch(Remote(f"{host.url}/rows.jsonl", "rows.jsonl", "rows"), tmp_path, ignore)
    assert found.path.read_bytes() == DATA


@pytest.mark.parametrize(("part", "calls"), [(DATA, 1), (DATA + b"more than there is", 2)])
def test_a_kill_before_the_rename_costs_at_most_a_new_beginning(
    host: Host, tmp_path: Path, part: bytes, calls: int
) -> None:
    host.files["/rows.jsonl"] = DATA
    (tmp_path / "rows.jsonl.part").write_bytes(part)
    (tmp_path / "rows.jsonl.part.etag").write_text(f'"{hashlib.sha256(DATA).hexdigest()[:8]}"')
    found = fetch(Remote(f"{host.url}/rows.jsonl", "rows.jsonl", "rows"), tmp_path, ignore)
    assert found.path.read_bytes() == DATA
    assert len(host.asked) == calls
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.jsonl", "rows.jsonl.source.json"]


def test_a_busy_host_is_asked_again_when_it_says_so(host: Host, tmp_path: Path) -> None:
    host.files["/rows.jsonl"] = DATA
    host.refusals = [(429, {"Retry-After": "7"}), (503, {}), (503, {"Retry-After": "soon"})]
    pauses: list[float] = []
    remote = Remote(f"{host.url}/rows.jsonl", "rows.jsonl", "rows")
    assert fetch(remote, tmp_path, ignore, pauses.append).bytes == len(DATA)
    assert pauses == [7.0, 2.0, 4.0]
    host.refusals = [(503, {"Retry-After": "86400"})]
    with pytest.raises(InputFileError, match="503"):
        fetch(Remote(f"{host.url}/rows.jsonl?again", "again.jsonl", "rows"), tmp_path, ignore, pauses.append)
    assert len(pauses) == 3


def test_a_wrong_hash_leaves_nothing(host: Host, tmp_path: Path) -> None:
    host.files["/rows.jsonl"] = DATA
    with pytest.raises(InputFileError, match="has the hash"):
        fetch(Remote(f"{host.url}/rows.jsonl", "rows.jsonl", "rows", sha256="0" * 64), tmp_path, ignore)
    assert not list(tmp_path.iterdir())


def test_a_key_is_not_sent_on_to_another_host(host: Host, tmp_path: Path) -> None:
    host.files["/there"] = DATA
    fetch(Remote(f"{host.url}/elsewhere", "rows.jsonl", "rows", token="secret"), tmp_path, ignore)
    sent = {path: headers.get("authorization") for path, headers in host.asked}
    assert sent == {"/elsewhere": "Bearer secret", "/there": None}
    assert "secret" not in record_path(tmp_path / "rows.jsonl").read_text()


def test_an_address_without_a_file_says_what_to_do(host: Host, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="404"):
        fetch(Remote(f"{host.url}/none", "rows.jsonl", "rows"), tmp_path, ignore)
    with pytest.raises(InputFileError, match="no web address"):
        fetch(Remote("ftp://somewhere/rows", "rows.jsonl", "rows"), tmp_path, ignore)


def hub(host: Host, repository: str, files: dict[str, bytes], licence: str = "mit") -> None:
    siblings = [
        {"rfilename": name, "size": len(body), "lfs": {"sha256": hashlib.sha256(body).hexdigest()}}
        for name, body in files.items()
    ]
    said = {"sha": "abc", "cardData": {"license": licence}, "siblings": [*siblings, {"rfilename": "README.md"}]}
    host.files[f"/api/datasets/{repository}"] = json.dumps(said).encode()
    for name, body in files.items():
        host.files[f"/datasets/{repository}/resolve/abc/{name}"] = body


def test_a_repository_is_asked_for_its_files_and_its_licence(host: Host, tmp_path: Path) -> None:
    hub(host, "someone/rows", {"data/train.jsonl": DATA, "data/test.jsonl": b"{}", "dataset_infos.json": b"{}"})
    (done,) = download("someone/rows", DownloadSettings(tmp_path, endpoint=host.url), ignore)
    assert done.licence == "mit"
    rows = read_lines(done.out)
    assert len(rows) == 200
    assert rows[0] == {
        "id": "someone_rows-1",
        "instruction": "ask 0",
        "response": "answer 0",
        "source": "someone_rows",
        "category": "general",
        "licence": "mit",
    }
    asked = len(host.asked)
    (again,) = download("someone/rows", DownloadSettings(tmp_path, endpoint=host.url), ignore)
    assert again.fetched == 0
    assert len(host.asked) == asked + 1


def test_a_known_set_is_read_from_its_file(host: Host, tmp_path: Path) -> None:
    tree = {"message_tree_id": "t1", "prompt": {"role": "prompter", "text": "Hi?", "replies": []}}
    tree["prompt"]["replies"] = [{"role": "assistant", "text": "Hello.", "replies": []}]  # type: ignore[index]
    known = known_sets()["openassistant"]
    hub(host, known.repository, {known.files[0]: gzip.compress(json.dumps(tree).encode() + b"\n")}, "apache-2.0")
    (done,) = download("OpenAssistant", DownloadSettings(tmp_path, endpoint=host.url), ignore)
    (row,) = read_lines(done.out)
    assert (row["id"], row["source"], row["licence"]) == ("t1", "openassistant", "apache-2.0")


def test_a_repository_without_rows_says_what_it_has(host: Host, tmp_path: Path) -> None:
    hub(host, "someone/pictures", {"a.png": b"x"})
    with pytest.raises(InputFileError, match="no file of rows"):
        download("someone/pictures", DownloadSettings(tmp_path, endpoint=host.url), ignore)
    with pytest.raises(UsageError):
        download("nothing at all", DownloadSettings(tmp_path), ignore)


def test_an_address_and_a_local_file_work_too(host: Host, tmp_path: Path) -> None:
    host.files["/list.json"] = json.dumps([{"question": "a", "answer": "b"}, {"question": "c"}]).encode()
    settings = DownloadSettings(tmp_path / "raw", licence="cc0-1.0")
    (done,) = download(f"{host.url}/list.json", settings, ignore)
    assert done.manifest.counts.rejected == {"unknown_shape": 1}
    local = write_lines(tmp_path / "mine.jsonl", [{"prompt": "a", "completion": "b"}])
    (mine,) = download(str(local), settings, ignore)
    assert read_lines(mine.out)[0]["licence"] == "cc0-1.0"


def test_linked_messages_become_trees(tmp_path: Path) -> None:
    nodes = [
        {"message_id": "1", "parent_id": None, "role": "prompter", "text": "Hi?"},
        {"message_id": "3", "parent_id": "1", "role": "assistant", "text": "No.", "rank": 1},
        {"message_id": "2", "parent_id": "1", "role": "assistant", "text": "Hello.", "rank": 0},
    ]
    (tree,) = read_lines(as_lines(write_lines(tmp_path / "flat.jsonl", nodes), tmp_path))
    assert standardise(tree, "s")["response"] == "Hello."


def test_a_list_is_read_element_by_element_and_every_one_keeps_its_place(tmp_path: Path) -> None:
    source = tmp_path / "list.json"
    source.write_text(' [{"a": "\u00e9"}, 5, {"b": "\\ud800"}, {"c": [1, {"d": 2}]}]', encoding="utf-8-sig")
    assert read_lines(as_lines(source, tmp_path)) == [{"a": "\u00e9"}, None, None, {"c": [1, {"d": 2}]}]


def test_a_column_that_json_cannot_hold_is_left_out() -> None:
    row = {"question": "a", "picture": b"\x89PNG", "price": Decimal("1.5"), "answer": "b"}
    assert json_line(row) == b'{"question":"a","answer":"b"}\n'


def test_sets_of_the_same_name_from_elsewhere_stand_beside_each_other(host: Host, tmp_path: Path) -> None:
    settings = DownloadSettings(tmp_path / "raw")
    for place in ("one", "two"):
        host.files[f"/{place}/rows.jsonl"] = json.dumps({"question": place, "answer": place}).encode()
    local = write_lines(tmp_path / "rows.jsonl", [{"question": "three", "answer": "three"}])
    for _ in range(2):
        found = [
            download(what, settings, ignore)[0]
            for what in (f"{host.url}/one/rows.jsonl", f"{host.url}/two/rows.jsonl", str(local))
        ]
        assert [read_lines(one.out)[0]["response"] for one in found] == ["one", "two", "three"]
        assert len({one.source for one in found}) == 3
    assert [one.fetched for one in found] == [0, 0, 0]


def test_a_hash_is_checked_whatever_the_source(host: Host, tmp_path: Path) -> None:
    wrong = DownloadSettings(tmp_path / "raw", sha256="0" * 64, endpoint=host.url)
    local = tmp_path / "mine.jsonl"
    local.write_bytes(DATA)
    hub(host, "someone/rows", {"train.jsonl": DATA})
    hub(host, "someone/parts", {"train-1.jsonl": DATA, "train-2.jsonl": DATA})
    for what in (str(local), "someone/rows"):
        with pytest.raises(InputFileError, match="has the hash"):
            download(what, wrong, ignore)
    right = replace(wrong, sha256=hashlib.sha256(DATA).hexdigest())
    assert all(download(what, right, ignore) for what in (str(local), "someone/rows"))
    with pytest.raises(UsageError, match="these are 2"):
        download("someone/parts", right, ignore)


def test_a_rejected_element_is_said_to_be_of_the_file_that_was_named(tmp_path: Path) -> None:
    local = tmp_path / "list.json"
    local.write_text('[{"question": "a", "answer": "b"}, {"question": "c"}]')
    (done,) = download(str(local), DownloadSettings(tmp_path / "raw"), ignore)
    (rejected,) = read_lines(done.out.with_name("list_rejected.jsonl"))
    assert (rejected["file"], rejected["line"]) == (str(local), 2)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("e.json", b""),
        ("s.json", b" \n"),
        ("l.json", b"[{"),
        ("t.json", b'[{"a": 1}, {"a": 2}'),
        ("g.gz", b"\x1f\x8bxx"),
        ("z.gz", gzip.compress(b"{}")[:10] + b"\xff" * 9),
    ],
)
def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(InputFileError, match=name):
        as_lines(tmp_path / name, tmp_path)
