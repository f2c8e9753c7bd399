"""A loopback server that keeps tables as Supabase's PostgREST does, for the official client to talk to.

    with StubPostgrest() as stub:
        project = stub.project

``stub.fail(503, path="samples", skip=2)`` lets the third request for that table meet a failure; ``drop`` ends the
connection after the request was carried out, or before. ``stub.requests`` holds what came.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit

from src.core.secrets import Secrets, SupabaseProject

KEY = "sb_secret_0123456789abcdefghij"
KEYS_OF_TABLES = {"mirrored_datasets": ("id",), "mirrored_samples": ("dataset_id", "position")}
MAX_ROWS = 1000
"""What a project gives at most per request."""

Row = dict[str, Any]


class Request(NamedTuple):
    """One request as it came."""

    method: str
    table: str
    query: tuple[tuple[str, str], ...]
    body: Any


@dataclass
class _Failure:
    status: int
    body: str
    table: str
    method: str
    skip: int
    times: int
    carry_out: bool


@dataclass
class StubPostgrest:
    """Tables by name, each a dict of rows by primary key."""

    tables: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=lambda: {name: {} for name in KEYS_OF_TABLES})
    requests: list[Request] = field(default_factory=list)
    _failures: list[_Failure] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def project(self) -> SupabaseProject:
        return SupabaseProject(self.url, KEY)

    @property
    def secrets(self) -> Secrets:
        return Secrets({"SUPABASE_URL": self.url, "SUPABASE_KEY": KEY})

    def rows(self, table: str) -> list[Row]:
        return [row for _, row in sorted(self.tables[table].items())]

    def fail(
        self, status: int, *, body: str = "", table: str = "", method: str = "", skip: int = 0, times: int = 1
    ) -> None:
        """``times`` requests after the next ``skip`` ones to that table are answered so, and not carried out."""
        self._failures.append(_Failure(status, body, table, method, skip, times, carry_out=False))

    def drop(self, *, table: str, method: str, skip: int = 0, times: int = 1, carry_out: bool) -> None:
        """The same, but the connection ends without an answer."""
        self._failures.append(_Failure(0, "", table, method, skip, times, carry_out))

    def answer(self, request: Request, key: str, prefer: str) -> tuple[int, Any] | None:
        """Status and body of an answer; None for a connection that ends."""
        self.requests.append(request)
        if key != KEY:
            return 401, {"message": "Invalid API key", "hint": "Double check your API key."}
        failure = self._next_failure(request)
        if failure is not None:
            if failure.carry_out:
                self._carry_out(request, prefer)
            return (failure.status, failure.body) if failure.status else None
        return self._carry_out(request, prefer)

    def _next_failure(self, request: Request) -> _Failure | None:
        for failure in self._failures:
            if failure.table not in request.table or failure.method not in ("", request.method) or not failure.times:
                continue
            if failure.skip:
                failure.skip -= 1
                return None
            failure.times -= 1
            return failure
        return None

    def _carry_out(self, request: Request, prefer: str) -> tuple[int, Any]:
        if request.table not in self.tables:
            return 404, {
                "code": "PGRST205",
                "message": f"Could not find the table 'public.{request.table}' in the schema cache",
                "hint": None,
                "details": None,
            }
        table, query = self.tables[request.table], dict(request.query)
        chosen = [row for row in self.rows(request.table) if _matches(row, request.query)]
        if request.method == "GET":
            return 200, _page(chosen, query)
        if request.method == "POST":
            assert "resolution=merge-duplicates" in prefer
            assert tuple(query["on_conflict"].split(",")) == KEYS_OF_TABLES[request.table]
            for row in request.body if isinstance(request.body, list) else [request.body]:
                key = tuple(row[name] for name in KEYS_OF_TABLES[request.table])
                table[key] = {**table.get(key, {}), **row}
            return 201, None
        for row in chosen:
            key = tuple(row[name] for name in KEYS_OF_TABLES[request.table])
            if request.method == "PATCH":
                table[key] = {**row, **request.body}
            else:
                del table[key]
        return 204, None

    def _make_handler(stub) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                table = parts.path.removeprefix("/rest/v1/")
                request = Request(self.command, table, tuple(parse_qsl(parts.query)), json.loads(raw) if raw else None)
                reply = stub.answer(request, self.headers.get("apikey", ""), self.headers.get("Prefer", ""))
                if reply is None:
                    self.close_connection = True
                    return
                status, body = reply
                text = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                if status != 204:
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server calls them so

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler


def _matches(row: Row, query: tuple[tuple[str, str], ...]) -> bool:
    for name, value in query:
        operator, _, wanted = value.partition(".")
        if name in {"select", "order", "limit", "offset", "columns", "on_conflict"}:
            continue
        if operator == "eq":
            if str(row[name]) != re.sub(r'^"(.*)"$', r"\1", wanted):
                return False
        elif operator == "gte":
            if row[name] < int(wanted):
                return False
        else:
            raise AssertionError(f"the stub knows no {operator!r}")
    return True


def _page(rows: list[Row], query: dict[str, str]) -> list[Row]:
    for rule in reversed(query.get("order", "").split(",")):
        name, _, way = rule.partition(".")
        if name:
            rows = sorted(rows, key=lambda row, name=name: row[name], reverse=way.startswith("desc"))  # type: ignore[misc]
    start = int(query.get("offset", 0))
    page = rows[start : start + min(MAX_ROWS, int(query.get("limit", MAX_ROWS)))]
    wanted = query.get("select", "*")
    return page if wanted == "*" else [{name: row[name] for name in wanted.split(",")} for row in page]
