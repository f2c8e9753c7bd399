"""A loopback server that answers as every provider does, with scripted answers and faults.

    with StubServer(lambda request: "A kiln fires clay.") as stub:
        Connection(api_key="k", base_url=stub.url("openai"))

Faults are asked for by the model's name (``fault-429_2``: status 429 with Retry-After 2, ``fault-500x3``: only the
first three calls) or, for models that must have a real name, by ``stub.script("429_2", "ok", "html")``: one entry for
each call to come. Known faults: any status (400 .. 599), toolong, quota, badkey, noschema, badjson, html, empty,
slow_SECONDS, close, nousage, length, refusal, nochoice.

From a shell: ``python -m tests.stub_server --port 8799 [--script 429_1,ok]``; then ``GET /calls`` and
``POST /script`` with a JSON list.
"""

from __future__ import annotations

import argparse
import json
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from tests.stub_batches import StubBatches
from tests.stub_wires import StubRequest, answer_body, count_body, default_answer, error_body, read_request

Responder = Callable[[StubRequest], str]

PREFIXES = {
    "openai": "/openai/v1",
    "llama": "/llama/v1",
    "mistral": "/mistral",
    "anthropic": "/anthropic",
    "google": "/google",
}
_FLAWS = {"nousage", "length", "refusal", "nochoice"}
_FAULT = re.compile(r"(?P<name>[a-z]+|\d{3})(?:_(?P<value>[\d.]+))?(?:x(?P<times>\d+))?")
_ROUTES = r"/chat/completions$|/v1/messages$|/v1/messages/count_tokens$|:generateContent$|:countTokens$"
_TOO_LONG = "prompt is too long: this model's maximum context length is 8192 tokens, however you requested 9000 tokens"
_SPECIAL = {
    "toolong": (400, _TOO_LONG),
    "quota": (429, "You exceeded your current quota (insufficient_quota), please check your plan and billing details."),
    "noschema": (400, "response_format of type json_schema is not supported by this model"),
    "badkey": (400, "API key not valid. Please pass a valid API key."),
}


class Fault(NamedTuple):
    """What goes wrong with one call: ``name`` as listed above, ``value`` seconds."""

    name: str
    value: str = ""


class StubServer:
    """Listens on 127.0.0.1; ``calls`` are the requests so far, ``responder`` may be replaced at any time; ``headers``
    go with every answer."""

    def __init__(self, responder: Responder = default_answer, *, port: int = 0, latency_s: float = 0.0) -> None:
        self.responder = responder
        self.latency_s = latency_s
        self.headers: dict[str, str] = {}
        self.calls: list[StubRequest] = []
        self.most_at_once = 0
        self.batches = StubBatches(lambda request: self.responder(request))  # noqa: PLW0108 it may be replaced
        self.lock = threading.RLock()
        self._active = 0
        self._script: deque[str] = deque()
        self._seen: Counter[str] = Counter()
        self._server = _Server(("127.0.0.1", port), type("Bound", (_Handler,), {"stub": self}))
        self.port: int = self._server.server_address[1]

    def url(self, provider: str) -> str:
        """The base URL of a provider, as ``Connection.base_url`` and ``endpoints.<provider>`` take it."""
        return f"http://127.0.0.1:{self.port}{PREFIXES[provider]}"

    def script(self, *faults: str) -> None:
        """What happens to the next calls, one entry each; "ok" lets a call through."""
        with self.lock:
            self._script.extend(faults)

    def serve(self) -> None:
        """Answer until ``close`` is called from another thread."""
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def arrive(self, request: StubRequest) -> Fault:
        """Record a call and say what shall go wrong with it."""
        with self.lock:
            self.calls.append(request)
            self._active += 1
            self.most_at_once = max(self.most_at_once, self._active)
            if self._script:
                return _parse_fault(self._script.popleft(), 0)
            if not request.model.startswith("fault-"):
                return Fault("ok")
            self._seen[f"{request.provider} {request.model}"] += 1
            return _parse_fault(request.model.removeprefix("fault-"), self._seen[f"{request.provider} {request.model}"])

    def leave(self) -> None:
        """The call is answered."""
        with self.lock:
            self._active -= 1


def _parse_fault(text: str, seen: int) -> Fault:
    match = _FAULT.fullmatch(text)
    if match is None:
        raise ValueError(f"unknown fault {text!r}")
    if match["times"] and seen > int(match["times"]):
        return Fault("ok")
    return Fault(match["name"], match["value"] or "")


class _Handler(BaseHTTPRequestHandler):
    stub: StubServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write for head and body: else every answer on a kept connection waits 40 ms

    def log_message(self, *_: object) -> None:
        """Nothing on the screen: the calls are kept."""

    def do_GET(self) -> None:
        if self.stub.batches.takes(self.path):
            self._answer_batch(b"")
        elif self.path == "/calls":
            self._send_json(200, [asdict(call) for call in self.stub.calls])
        else:
            self._send_json(404, {"error": {"message": f"no route {self.path}"}})

    def do_PUT(self) -> None:
        self._answer_batch(self._read_body())

    def do_POST(self) -> None:
        raw = self._read_body()
        if self.stub.batches.takes(self.path):
            self._answer_batch(raw)
            return
        body = json.loads(raw or b"{}")
        if self.path == "/script":
            self.stub.script(*body)
            self._send_json(200, {})
            return
        request = self._read(body)
        fault = self.stub.arrive(request)
        try:
            self._answer(request, fault)
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the caller did not wait
        finally:
            self.stub.leave()

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = b""
        while size := int(self.rfile.readline(), 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def _answer_batch(self, raw: bytes) -> None:
        path = self.path.partition("?")[0]
        with self.stub.lock:
            reply = self.stub.batches.handle(
                self.command, path, self.headers, raw, f"http://127.0.0.1:{self.stub.port}"
            )
        is_file = isinstance(reply.body, bytes)
        content = reply.body if is_file else json.dumps(reply.body).encode()
        kind = "application/octet-stream" if is_file else "application/json"
        self._send(reply.status, content, kind, dict(reply.headers))

    def _read(self, body: dict[str, Any]) -> StubRequest:
        path = self.path.partition("?")[0]
        provider = path.split("/")[1]
        found = re.search(r"/models/(.+):(?:generateContent|countTokens)$", path)
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return StubRequest(
            provider=provider,
            model=found[1] if found else body.get("model", ""),
            path=path,
            key=key or self.headers.get("x-api-key") or self.headers.get("x-goog-api-key") or "",
            headers=dict(self.headers),
            body=body,
            at=time.monotonic(),
            **read_request(provider, body),
        )

    def _answer(self, request: StubRequest, fault: Fault) -> None:
        if not re.search(_ROUTES, request.path):
            self._send_error(request, 404, f"no route {request.path}", "")
        elif not request.key or request.key == "bad-key":
            self._send_error(request, 401, f"Incorrect API key provided: {request.key}", "")
        elif fault.name in _SPECIAL:
            self._send_error(request, *_SPECIAL[fault.name], fault.value)
        elif fault.name.isdigit():
            self._send_error(request, int(fault.name), f"scripted {fault.name} for key {request.key}", fault.value)
        elif fault.name in {"badjson", "html", "empty", "close"}:
            self._send_broken(fault.name)
        else:
            time.sleep(float(fault.value or 1) if fault.name == "slow" else self.stub.latency_s)
            flaw = fault.name if fault.name in _FLAWS else ""
            if re.search(r"/count_tokens$|:countTokens$", request.path):
                self._send_json(200, count_body(request, flaw))
            else:
                self._send_json(200, answer_body(request, self.stub.responder(request), flaw))

    def _send_broken(self, fault: str) -> None:
        if fault == "close":
            self.close_connection = True
            self.connection.shutdown(2)
            return
        contents = {"badjson": b'{"id": "x", "choices": [{"mess', "html": b"<html><body>502 Bad Gateway</body></html>"}
        self._send(200, contents.get(fault, b""), "text/html" if fault == "html" else "application/json")

    def _send_error(self, request: StubRequest, status: int, message: str, retry_after: str) -> None:
        headers = {"Retry-After": retry_after} if retry_after else {}
        body = error_body(request.provider, status, message, retry_after)
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def _send_json(self, status: int, value: Any) -> None:
        self._send(status, json.dumps(value).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        own = {"Content-Type": kind, "Content-Length": str(len(content))}
        for name, value in {**own, **self.stub.headers, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A loopback server that answers as every provider does.")
    parser.add_argument("--port", type=int, default=8799)
    parser.add_argument("--script", default="", help="faults of the first calls, as 429_1,ok,html")
    arguments = parser.parse_args()
    stub = StubServer(port=arguments.port)
    stub.script(*filter(None, arguments.script.split(",")))
    print(json.dumps({provider: stub.url(provider) for provider in PREFIXES}), flush=True)
    try:
        stub.serve()
    except KeyboardInterrupt:
        print("stopped", flush=True)


if __name__ == "__main__":
    main()
