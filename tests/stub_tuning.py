"""A loopback server that tunes models as OpenAI, Together, Vertex AI with Cloud Storage, and Bedrock with S3 do.

    with StubTuning() as stub:
        secrets = stub.secrets("openai")

``stub.hold(2, "before")`` stops the second request that would change something, before it does (it is then dropped) or
``"after"``; ``stub.reached`` says that it has come, and the caller can be killed there. ``stub.answer(pattern, reply)``
lets the next request whose path matches meet a failure.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit

from src.core.secrets import Secrets
from tests.patience import PATIENCE_S

KEY = "tuning-key-0123456789"
AWS_SECRET = "aws-secret-0123456789"
ARN = "arn:aws:bedrock:us-west-2:123456789012:model-customization-job/meta.llama3-1-8b-instruct-v1:0/"
_STATES = {
    "openai": ("queued", "running", "succeeded", "failed", "cancelled"),
    "together": ("pending", "running", "completed", "error", "cancelled"),
    "vertex": (
        "JOB_STATE_PENDING",
        "JOB_STATE_RUNNING",
        "JOB_STATE_SUCCEEDED",
        "JOB_STATE_FAILED",
        "JOB_STATE_CANCELLED",
    ),
    "bedrock": ("InProgress", "InProgress", "Completed", "Failed", "Stopped"),
}


class Call(NamedTuple):
    """One request as it arrived."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw or b"{}")  # type: ignore[no-any-return]


class Reply(NamedTuple):
    """What goes back; a dict is sent as JSON."""

    status: int
    body: Any = b""
    headers: Mapping[str, str] = {}


@dataclass
class Job:
    """A job as a vendor holds it: what was asked for, and how often it was looked at."""

    id: str
    vendor: str
    asked: dict[str, Any]
    looks: int = 0
    is_cancelled: bool = False

    def state(self, stub: StubTuning) -> str:
        waiting, running, good, bad, cancelled = _STATES[self.vendor]
        if self.is_cancelled:
            return cancelled
        if self.looks < stub.looks:
            return waiting if self.looks == 0 else running
        return bad if stub.fails else good


@dataclass
class Hold:
    """Where the next caller is stopped."""

    number: int
    when: Literal["before", "after"]


class StubTuning:
    """``jobs`` and ``files`` are all that the vendors hold; a job is over after ``looks`` looks, without a model where
    ``fails``; ``page`` is how many jobs or files a page of a list holds."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.files: dict[str, dict[str, Any]] = {}
        self.objects: dict[str, bytes] = {}
        self.calls: list[Call] = []
        self.looks = 2
        self.fails = False
        self.page = 100
        self.reached = threading.Event()
        self.file_status = ["RUNNING", "COMPLETED"]
        self._hold: Hold | None = None
        self._released = threading.Event()
        self._answers: list[tuple[str, Reply]] = []
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._server = serve(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def secrets(self, vendor: str, key_file: Path | None = None) -> Secrets:
        """The keys and addresses with which a program finds this server in the place of ``vendor``."""
        return Secrets(self.environment(vendor, key_file))

    def environment(self, vendor: str, key_file: Path | None = None) -> dict[str, str]:
        """As ``secrets``, for the environment of a process."""
        return {
            "openai": {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{self.url}/openai/v1"},
            "together": {"TOGETHER_API_KEY": KEY, "TOGETHER_BASE_URL": f"{self.url}/together/v1"},
            "vertex": {
                "GOOGLE_APPLICATION_CREDENTIALS": str(key_file),
                "GOOGLE_VERTEX_BASE_URL": f"{self.url}/vertex",
                "STORAGE_EMULATOR_HOST": f"{self.url}/gcs",
            },
            "bedrock": {
                "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY": AWS_SECRET,
                "AWS_ENDPOINT_URL": self.url,
            },
        }[vendor]

    def write_key_file(self, path: Path) -> Path:
        """The key file of a service account whose tokens this server gives."""
        account = {
            "type": "service_account",
            "project_id": "own-project",
            "private_key_id": "1",
            "private_key": _private_key(),
            "client_email": "tuner@own-project.iam.gserviceaccount.com",
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(account), encoding="utf-8")
        return path

    def hold(self, number: int, when: Literal["before", "after"]) -> None:
        """Stop the ``number``-th changing request from now on."""
        self.reached.clear()
        self._released.clear()
        self._hold = Hold(number, when)

    def release(self) -> None:
        """Let go of whoever is held: their caller is gone."""
        self._hold = None
        self._released.set()

    def answer(self, pattern: str, *replies: Reply) -> None:
        """What the next requests whose method and path match ``pattern`` are answered with."""
        self._answers += [(pattern, reply) for reply in replies]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def handle(self, call: Call) -> Reply:
        """Answer one request."""
        with self._lock:
            self.calls.append(call)
            scripted = next(
                (found for found in self._answers if re.search(found[0], f"{call.method} {call.path}")), None
            )
            if scripted:
                self._answers.remove(scripted)
                return scripted[1]
        is_change = call.method in {"POST", "PUT"} and call.path != "/token"
        when = self._count(is_change)
        if when == "before":
            self._stop()
            return Reply(500)
        with self._lock:
            reply = self._route(call)
        if when == "after":
            self._stop()
        return reply

    def _count(self, is_change: bool) -> str:
        with self._lock:
            if self._hold is None or not is_change:
                return ""
            self._hold.number -= 1
            return self._hold.when if self._hold.number == 0 else ""

    def _stop(self) -> None:
        self.reached.set()
        self._released.wait(PATIENCE_S)

    def _route(self, call: Call) -> Reply:
        routes: dict[str, Callable[[Call], Reply]] = {
            "/openai/v1": self._openai,
            "/together/": self._together,
            "/vertex/": self._vertex,
            "/gcs/": self._cloud_storage,
            "/model-customization-jobs": self._bedrock,
        }
        if call.path == "/token":
            return Reply(200, {"access_token": "google-token", "expires_in": 3600, "token_type": "Bearer"})
        handler = next((route for beginning, route in routes.items() if call.path.startswith(beginning)), self._s3)
        return handler(call)

    def _openai(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {KEY}":
            return Reply(401, {"error": {"message": f"Incorrect API key: {call.headers.get('Authorization')}"}})
        path = call.path.removeprefix("/openai/v1")
        if path == "/files" and call.method == "POST":
            found = re.search(rb'filename="([^"]+)".*?\r\n\r\n(.*?)\r\n--', call.raw, re.DOTALL)
            assert found, call.raw[:200]
            return Reply(200, self._new_file("file", found[1].decode(), found[2], status="processed"))
        if path == "/files":
            return Reply(200, self._page(call, [file for file in self.files.values() if "status" in file]))
        if path.startswith("/files/"):
            file = self.files.get(path.removeprefix("/files/"))
            return Reply(200, _shown(file)) if file else Reply(404, {"error": {"message": "No such File object"}})
        return self._job_route(call, path.removeprefix("/fine_tuning/jobs"), "openai", "ftjob")

    def _together(self, call: Call) -> Reply:
        path = call.path.removeprefix("/together/v1")
        if path.startswith("/upload/"):
            assert "authorization" not in call.headers, "the key goes to Together alone"
            self.files[path.removeprefix("/upload/")]["content"] = call.raw
            self.files[path.removeprefix("/upload/")]["bytes"] = len(call.raw)
            return Reply(200)
        if call.headers.get("authorization") != f"Bearer {KEY}":
            return Reply(401, {"error": {"message": "Invalid API key provided"}})
        if path.startswith("/files"):
            return self._together_file(call, path.removeprefix("/files"))
        return self._job_route(call, path.removeprefix("/fine-tunes"), "together", "ft")

    def _together_file(self, call: Call, path: str) -> Reply:
        if path == "" and call.method == "POST":
            asked = _read_form(call.raw)
            same = [name for name, file in self.files.items() if file.get("checksum") == asked["checksum"]]
            if same and self.files[same[0]]["is_read"]:
                return Reply(409, {"error": {"message": "file exists"}, "file_id": same[0]})
            file = self._new_file("file", asked["file_name"], b"", checksum=asked["checksum"], is_read=False)
            headers = {"Location": f"{self.url}/together/v1/upload/{file['id']}", "X-Together-File-Id": file["id"]}
            return Reply(302, b"", headers)
        if path == "":
            states = {True: "COMPLETED", False: "PENDING"}
            listed = [{**_shown(file), "processing_status": states[file["is_read"]]} for file in self.files.values()]
            return Reply(200, {"data": listed})
        name = path.split("/")[1]
        if name not in self.files:
            return Reply(404, {"error": {"message": "no such file"}})
        if path.endswith("/preprocess"):
            self.files[name]["is_read"] = True
            return Reply(200, _shown(self.files[name]))
        status = self.file_status.pop(0) if len(self.file_status) > 1 else self.file_status[0]
        report = {"validation_report": {"error": "row 3 has no messages"}} if status == "INVALID_FORMAT" else {}
        return Reply(200, {**_shown(self.files[name]), "processing_status": status, **report})

    def _job_route(self, call: Call, path: str, vendor: str, prefix: str) -> Reply:
        """The jobs of OpenAI's protocol."""
        if path == "" and call.method == "POST":
            named = [call.body[name] for name in ("training_file", "validation_file") if name in call.body]
            if not all(name in self.files and self.files[name].get("is_read", True) for name in named):
                return Reply(400, {"error": {"message": "file is not ready"}})
            job = self._new_job(vendor, prefix, call.body)
            return Reply(200, self._show(job))
        if path == "":
            jobs = [self._show(job) for job in reversed(self.jobs) if job.vendor == vendor]
            return Reply(200, self._page(call, jobs) if vendor == "openai" else {"data": jobs})
        job_ = self._find(path.split("/")[1])
        if job_ is None:
            return Reply(404, {"error": {"message": "no such job"}})
        if path.endswith("/events"):
            return Reply(200, self._events(call, job_))
        if path.endswith("/cancel"):
            job_.is_cancelled = True
        else:
            job_.looks += 1
        return Reply(200, self._show(job_))

    def _events(self, call: Call, job: Job) -> dict[str, Any]:
        texts = ["Created", *(f"Step {number}" for number in range(1, job.looks + 1))]
        if job.vendor == "together":
            events = [
                {
                    "created_at": f"2026-01-01T00:00:0{number}Z",
                    "message": text,
                    "type": "job_info",
                    "object": "fine-tune-event",
                }
                for number, text in enumerate(texts)
            ]
            return {"data": events}
        events = [{"id": f"ev-{number}", "created_at": number, "message": text} for number, text in enumerate(texts)]
        return self._page(call, events[::-1])

    def _vertex(self, call: Call) -> Reply:
        if call.headers.get("authorization") != "Bearer google-token":
            return Reply(401, {"error": {"code": 401, "message": "no login", "status": "UNAUTHENTICATED"}})
        found = re.search(r"(projects/[^/]+/locations/[^/]+)/tuningJobs(?:/([^/:]+))?(:cancel)?$", call.path)
        assert found, call.path
        if found[2] is None and call.method == "POST":
            job = self._new_job("vertex", f"{found[1]}/tuningJobs/", call.body)
            return Reply(200, self._show(job))
        if found[2] is None:
            jobs = [self._show(job) for job in reversed(self.jobs) if job.vendor == "vertex"]
            start = int(call.query.get("pageToken", ["0"])[0])
            more = {"nextPageToken": str(start + self.page)} if start + self.page < len(jobs) else {}
            return Reply(200, {"tuningJobs": jobs[start : start + self.page], **more})
        job_ = self._find(f"{found[1]}/tuningJobs/{found[2]}")
        if job_ is None:
            return Reply(404, {"error": {"code": 404, "message": "no such job", "status": "NOT_FOUND"}})
        if found[3]:
            job_.is_cancelled = True
            return Reply(200, {})
        job_.looks += 1
        return Reply(200, self._show(job_))

    def _cloud_storage(self, call: Call) -> Reply:
        if call.headers.get("authorization") != "Bearer google-token":
            return Reply(401, {"error": {"message": "no login"}})
        if call.method == "POST":
            bucket = re.search(r"/b/([^/]+)/o", call.path)
            assert bucket
            self.objects[f"gs://{bucket[1]}/{call.query['name'][0]}"] = call.raw
            return Reply(200, {"name": call.query["name"][0], "size": str(len(call.raw))})
        found = re.search(r"/b/([^/]+)/o/(.+)$", call.path)
        assert found
        content = self.objects.get(f"gs://{found[1]}/{unquote(found[2])}")
        return Reply(404, b"not found") if content is None else Reply(200, {"size": str(len(content))})

    def _s3(self, call: Call) -> Reply:
        name = f"s3:/{unquote(call.path)}"
        if call.method == "PUT":
            self.objects[name] = call.raw
            return Reply(200, b"", {"ETag": '"1"'})
        if name not in self.objects:
            return Reply(404)
        return Reply(200, self.objects[name])

    def _bedrock(self, call: Call) -> Reply:
        path = unquote(call.path.removeprefix("/model-customization-jobs"))
        if path == "" and call.method == "POST":
            asked = call.body
            if any(job.asked.get("jobName") == asked["jobName"] for job in self.jobs):
                return Reply(400, {"message": "the job name is taken"}, {"x-amzn-ErrorType": "ConflictException"})
            job = self._new_job("bedrock", ARN, asked)
            return Reply(201, {"jobArn": job.id})
        if path == "":
            part = call.query.get("nameContains", [""])[0]
            jobs = [self._show(job) for job in self.jobs if part in job.asked["jobName"]]
            return Reply(200, {"modelCustomizationJobSummaries": jobs})
        job_ = self._find(path.removeprefix("/").removesuffix("/stop"))
        if job_ is None:
            return Reply(404, {"message": "no such job"}, {"x-amzn-ErrorType": "ResourceNotFoundException"})
        if path.endswith("/stop"):
            job_.is_cancelled = True
            return Reply(200, {})
        job_.looks += 1
        return Reply(200, self._show(job_))

    def _show(self, job: Job) -> dict[str, Any]:
        state, asked = job.state(self), job.asked
        is_good = state == _STATES[job.vendor][2]
        said = "the data broke" if state == _STATES[job.vendor][3] else ""
        if job.vendor == "vertex":
            tuned = {"tunedModel": {"model": "projects/1/models/9", "endpoint": "projects/1/endpoints/7"}}
            error = {"error": {"code": 3, "message": said}} if said else {}
            spec = {"supervisedTuningSpec": asked.get("supervisedTuningSpec"), "labels": asked.get("labels", {})}
            return {"name": job.id, "state": state, **spec, **(tuned if is_good else {}), **error}
        if job.vendor == "bedrock":
            model = {"outputModelArn": "arn:aws:bedrock:us-west-2:123456789012:custom-model/meta/9"} if is_good else {}
            told = {"failureMessage": said} if said else {}
            times = {"creationTime": "2026-01-01T00:00:00Z", "baseModelArn": "arn:aws:bedrock:::foundation-model/m"}
            return {"jobArn": job.id, "jobName": asked["jobName"], "status": state, **times, **model, **told}
        if job.vendor == "together":
            shown = {
                "id": job.id,
                "status": state,
                "suffix": asked.get("suffix"),
                "model_output_name": "me/llama-tuned",
            }
            return {**shown, "events": [{"message": said}] if said else []}
        tuned_ = "ft:gpt-4.1-mini:me:bikes:1" if is_good else None
        error_ = {"message": said} if said else None
        return {
            "id": job.id,
            "status": state,
            "metadata": asked.get("metadata"),
            "fine_tuned_model": tuned_,
            "error": error_,
        }

    def _page(self, call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
        ids = [item["id"] for item in items]
        start = ids.index(call.query["after"][0]) + 1 if "after" in call.query else 0
        shown = [_shown(item) for item in items[start : start + self.page]]
        return {"object": "list", "data": shown, "has_more": start + self.page < len(items)}

    def _new_file(self, prefix: str, name: str, content: bytes, **more: Any) -> dict[str, Any]:
        number = f"{prefix}-{next(self._numbers)}"
        kind = {"object": "file", "purpose": "fine-tune", "created_at": 1}
        self.files[number] = {"id": number, "filename": name, "bytes": len(content), "content": content, **kind, **more}
        return _shown(self.files[number])

    def _new_job(self, vendor: str, prefix: str, asked: dict[str, Any]) -> Job:
        joint = "" if prefix.endswith("/") else "-"
        job = Job(f"{prefix}{joint}{next(self._numbers):012d}", vendor, asked)
        self.jobs.append(job)
        return job

    def _find(self, name: str) -> Job | None:
        return next((job for job in self.jobs if job.id == name), None)


@cache
def _private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _read_form(raw: bytes) -> dict[str, str]:
    found = re.findall(rb'name="([^"]+)"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', raw, re.DOTALL)
    return {name.decode(): value.decode() for name, value in found}


def _shown(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in {"content", "checksum", "is_read"}}


def serve(stub: Any) -> ThreadingHTTPServer:
    """A server on loopback whose requests are answered by ``stub.handle(call)``; it is not started yet."""
    return _Server(("127.0.0.1", 0), type("Bound", (_Handler,), {"stub": stub}))


class _Handler(BaseHTTPRequestHandler):
    stub: Any
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        """Nothing on the screen: the calls are kept."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        raw = self._read_body()
        call = Call(
            self.command,
            parts.path,
            parse_qs(parts.query),
            {name.lower(): value for name, value in self.headers.items()},
            raw,
        )
        reply = self.stub.handle(call)
        is_json = not isinstance(reply.body, bytes)
        content = json.dumps(reply.body).encode() if is_json else reply.body
        self.send_response(reply.status)
        kind = "application/json" if is_json else "application/octet-stream"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        try:
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the caller was killed

    do_GET = do_POST = do_PUT = do_HEAD = _serve  # noqa: N815 the names are given by http.server

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = b""
        while size := int(self.rfile.readline(), 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content


class _Server(ThreadingHTTPServer):
    daemon_threads = True
