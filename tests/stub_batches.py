"""The batch APIs of the vendors, for stub_server: files, jobs and results, with faults of whole jobs and of lines.

``stub.batches.script("full", "ok")`` says what happens to the next jobs: full (refused with 429), a status, page (an
answer that is none), lost (the same, but the job was taken), late (taken, and answered with 503), failed (refused after
a look at the file), queue (refused for the length of the queue), gone (unknown when asked for later). A line fails by a
mark in its prompt: ``[500]``, ``[expired]``, ``[missing]`` (no line comes back), ``[refusal]``, ``[nousage]``,
``[length]``; with ``x1`` only the first time that it is sent.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.stub_wires import StubRequest, answer_body, error_body, read_request

_MARK = re.compile(r"\[(expired|missing|refusal|nousage|length|\d{3})(?:x(\d+))?\]")
_FLAWS = {"refusal", "nousage", "length"}
_PATHS = re.compile(r"/files|/upload/|/batches|/batch/jobs|:batchGenerateContent")


class Reply(NamedTuple):
    """What goes over the wire."""

    status: int
    body: Any
    headers: Mapping[str, str] = {}


@dataclass
class StubJob:
    """One batch as the server holds it."""

    id: str
    provider: str
    model: str
    lines: list[dict[str, Any]]
    fate: str
    tag: str = ""
    file: str = ""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    looks: int = 0
    is_cancelled: bool = False
    results: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)


class StubBatches:
    """``jobs`` are all that were created; each is done after ``looks`` looks at it; the next ``outage`` looks
    meet a fault; a new job is answered after ``delay_s``, and ``arrived`` tells when the first one came."""

    def __init__(self, answer: Callable[[StubRequest], str]) -> None:
        self.answer = answer
        self.looks = 1
        self.jobs: list[StubJob] = []
        self.outage = 0
        self.upload_host = ""
        self.delay_s = 0.0
        self.arrived = threading.Event()
        self._numbers = itertools.count(1)
        self.files: dict[str, bytes] = {}
        self.names: dict[str, str] = {}
        self._fates: deque[str] = deque()
        self._seen: Counter[str] = Counter()

    def script(self, *fates: str) -> None:
        """What happens to the next jobs, one entry each."""
        self._fates.extend(fates)

    def takes(self, path: str) -> bool:
        """Whether a path belongs to a batch API."""
        return _PATHS.search(path) is not None

    def handle(self, method: str, path: str, headers: Mapping[str, str], raw: bytes, address: str) -> Reply:
        """Answer one call; ``address`` is the server's own."""
        provider = path.split("/")[1]
        if "/upload/" in path:
            return self._google_upload(path, headers, raw, address) if provider == "google" else self._put(path, raw)
        if re.search(r"/files(/|$)", path):
            return self._file(method, provider, path, raw, address)
        if method == "GET" and re.search(r"/batches$|/batch/jobs$", path):
            return self._list(provider)
        created = method == "POST" and re.search(r"/batches$|/batch/jobs$|:batchGenerateContent$", path)
        if created:
            return self._create(provider, path, json.loads(raw))
        return self._job(provider, path)

    def _put(self, path: str, raw: bytes) -> Reply:
        self.files[path.rpartition("/")[2]] = raw
        return Reply(200, {})

    def _google_upload(self, path: str, headers: Mapping[str, str], raw: bytes, address: str) -> Reply:
        if headers.get("X-Goog-Upload-Command") == "start":
            name = self._name("file")
            return Reply(200, {}, {"X-Goog-Upload-URL": f"{address}/google/upload/{name}"})
        name = path.rpartition("/")[2]
        self.files[name] = self.files.get(name, b"") + raw
        return Reply(200, {"file": {"name": f"files/{name}"}}, {"X-Goog-Upload-Status": "final"})

    def _list(self, provider: str) -> Reply:
        """The newest first."""
        shown = [self._show(job) for job in reversed(self.jobs) if job.provider == provider and job.fate != "gone"]
        if provider == "llama":
            return Reply(200, shown)
        if provider == "google":
            return Reply(200, {"operations": shown})
        more = {"total": len(shown), "object": "list"} if provider == "mistral" else {"has_more": False}
        return Reply(200, {"data": shown, **more})

    def _file(self, method: str, provider: str, path: str, raw: bytes, address: str) -> Reply:
        if method == "GET":
            name = re.search(r"/files/([^/:]+)", path)
            assert name
            if provider == "llama" and not path.endswith("/content"):
                if name[1] not in self.names:
                    return Reply(404, error_body(provider, 404, "no such file", ""))
                return Reply(200, {"id": name[1], "filename": self.names[name[1]]})
            return Reply(200, self.files[name[1]])
        if path.endswith("/preprocess"):
            return Reply(200, {"id": path.split("/")[-2]})
        name_ = self._name("file")
        if provider == "llama":
            named = re.search(rb'name="file_name"\r\n\r\n(.*?)\r\n--', raw, re.DOTALL)
            assert named, raw[:300]
            self.names[name_] = named[1].decode()
            headers = {"Location": f"{self.upload_host or address}/llama/upload/{name_}", "X-Together-File-Id": name_}
            return Reply(302, b"", headers)
        found = re.search(rb'filename="requests\.jsonl".*?\r\n\r\n(.*?)\r\n--', raw, re.DOTALL)
        assert found, raw[:300]
        self.files[name_] = found[1]
        kind = {"object": "file", "bytes": len(found[1]), "created_at": 1, "filename": "requests.jsonl"}
        more = {"purpose": "batch", "sample_type": "batch_request", "source": "upload", "status": "processed"}
        return Reply(200, {"id": name_, **kind, **more})

    def _create(self, provider: str, path: str, asked: Mapping[str, Any]) -> Reply:
        self.arrived.set()
        time.sleep(self.delay_s)
        fate = self._fates.popleft() if self._fates else "ok"
        if fate == "full":
            return Reply(429, error_body(provider, 429, "too many pending batch requests", ""))
        if fate == "page":
            return Reply(200, b"<html>")
        if fate.isdigit():
            return Reply(int(fate), error_body(provider, int(fate), "scripted", ""))
        if provider == "anthropic":
            lines = list(asked["requests"])
        else:
            config = asked.get("batch", {}).get("inputConfig", {})
            name = asked.get("input_file_id") or (asked.get("input_files") or [config.get("fileName")])[0]
            lines = [json.loads(line) for line in self.files[name.removeprefix("files/")].splitlines()]
        model = re.search(r"models/(.+):batch", path)
        named = model[1] if model else asked.get("model") or ""
        tag = (asked.get("metadata") or {}).get("batch") or asked.get("batch", {}).get("displayName", "")
        job = StubJob(self._name("batch"), provider, named, lines, fate, tag, str(asked.get("input_file_id")))
        self.jobs.append(job)
        if fate == "lost":  # taken, but nobody hears of it
            return Reply(200, b"<html>")
        if fate == "late":
            return Reply(503, error_body(provider, 503, "scripted", ""))
        shown = self._show(job)
        return Reply(200, {"job": shown} if provider == "llama" else shown)

    def _job(self, provider: str, path: str) -> Reply:
        if self.outage:
            self.outage -= 1
            return Reply(503, error_body(provider, 503, "scripted", ""))
        found = re.search(r"/(?:batches|jobs)/([^/:]+)", path)
        job = next((one for one in self.jobs if found and one.id == found[1]), None)
        if job is None or job.fate == "gone":
            return Reply(404, error_body(provider, 404, "no such batch", ""))
        if path.endswith("/results"):
            lines = [*job.results, *job.errors]
            return Reply(200, "".join(json.dumps(line) + "\n" for line in lines).encode())
        if path.endswith("cancel"):
            job.is_cancelled = True
        else:
            job.looks += 1
        if self._is_done(job) and not job.results and not job.errors:
            self._work(job)
        return Reply(200, self._show(job))

    def _is_done(self, job: StubJob) -> bool:
        return job.is_cancelled or job.looks > self.looks or job.fate in {"failed", "queue"}

    def _work(self, job: StubJob) -> None:
        if job.fate in {"failed", "queue"}:
            return
        for line in job.lines:
            request = _read_line(job, line)
            key = line.get("custom_id") or line["key"]
            mark = _MARK.search(request.prompt)
            self._seen[key] += 1
            fault = mark[1] if mark and (not mark[2] or self._seen[key] <= int(mark[2])) else ""
            if fault != "missing":
                self._write_line(job, key, request, fault)
        self.files[f"{job.id}-output"] = _jsonl(job.results)
        self.files[f"{job.id}-errors"] = _jsonl(job.errors)

    def _write_line(self, job: StubJob, key: str, request: StubRequest, fault: str) -> None:
        is_good = not fault or fault in _FLAWS
        answer = answer_body(request, self.answer(request), fault if fault in _FLAWS else "") if is_good else {}
        status = int(fault) if fault.isdigit() else 0
        if job.provider == "anthropic":
            error = error_body("anthropic", status or 500, f"scripted {status}", "")
            bad = {"type": "expired"} if fault == "expired" else {"type": "errored", "error": error}
            result = {"type": "succeeded", "message": answer} if is_good else bad
            job.results.append({"custom_id": key, "result": result})
        elif job.provider == "google":
            bad_line = {"key": key, "error": {"code": {500: 13, 400: 3}.get(status, 4), "message": f"scripted {fault}"}}
            job.results.append({"key": key, "response": answer} if is_good else bad_line)
        elif is_good:
            job.results.append({"custom_id": key, "response": {"status_code": 200, "body": answer}, "error": None})
        elif fault == "expired":
            error = {"code": "batch_expired", "message": "This request could not be executed in time."}
            job.errors.append({"custom_id": key, "response": None, "error": error})
        else:
            body = error_body(job.provider, status, f"scripted {status}", "")
            job.errors.append({"custom_id": key, "response": {"status_code": status, "body": body}, "error": None})

    def _show(self, job: StubJob) -> dict[str, Any]:
        is_done, is_bad = self._is_done(job), job.fate in {"failed", "queue"}
        total, done = len(job.lines), len(job.lines) if self._is_done(job) else 0
        files = {
            "output": f"{job.id}-output" if job.results else None,
            "errors": f"{job.id}-errors" if job.errors else None,
        }
        said = "Enqueued token limit reached for this model." if job.fate == "queue" else "line 1 is not valid"
        if job.provider == "anthropic":
            counts = {"processing": total - done, "succeeded": done, "errored": 0, "canceled": 0, "expired": 0}
            return {
                "id": job.id,
                "type": "message_batch",
                "processing_status": "ended" if is_done else "in_progress",
                "request_counts": counts,
                "created_at": job.created_at.isoformat(),
            }
        if job.provider == "google":
            state = "FAILED" if is_bad else ("CANCELLED" if job.is_cancelled else "SUCCEEDED") if is_done else "RUNNING"
            output = {"output": {"responsesFile": f"files/{files['output']}"}} if files["output"] else {}
            return {
                "name": f"batches/{job.id}",
                "metadata": {"state": f"BATCH_STATE_{state}", "model": job.model, "displayName": job.tag, **output},
            }
        if job.provider == "mistral":
            state = "FAILED" if is_bad else ("CANCELLED" if job.is_cancelled else "SUCCESS") if is_done else "RUNNING"
            counts = {
                "total_requests": total,
                "completed_requests": done,
                "succeeded_requests": done,
                "failed_requests": 0,
            }
            found = {"output_file": files["output"], "error_file": files["errors"]}
            errors = [{"message": said, "count": 1}] if is_bad else []
            own = {"input_files": ["x"], "endpoint": "/v1/chat/completions", "created_at": 1, "object": "batch"}
            notes = {"metadata": {"batch": job.tag}}
            return {"id": job.id, "status": state, "errors": errors, **own, **notes, **counts, **found}
        state = "failed" if is_bad else ("cancelled" if job.is_cancelled else "completed") if is_done else "in_progress"
        found = {"output_file_id": files["output"], "error_file_id": files["errors"]}
        if job.provider == "llama":
            return {
                "id": job.id,
                "status": state.upper(),
                "input_file_id": job.file,
                "created_at": job.created_at.isoformat(),
                "progress": 100.0 * done / total,
                "error": said if is_bad else None,
                **found,
            }
        code = "token_limit_exceeded" if job.fate == "queue" else "invalid_json_line"
        errors = {"object": "list", "data": [{"code": code, "message": said}]} if is_bad else None
        counts = {"total": total, "completed": done, "failed": 0}
        own = {"id": job.id, "object": "batch", "metadata": {"batch": job.tag}}
        return {**own, "status": state, "errors": errors, "request_counts": counts, **found}

    def _name(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"


def _read_line(job: StubJob, line: Mapping[str, Any]) -> StubRequest:
    body = line.get("body") or line.get("params") or line["request"]
    model = body.get("model") or job.model
    return StubRequest(job.provider, model, "batch", body=body, **read_request(job.provider, body))


def _jsonl(lines: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in lines).encode()
