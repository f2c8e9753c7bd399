"""A loopback server that keeps repositories of datasets as the Hugging Face Hub does, with its large files.

    with StubHub() as hub:
        Hub(hub.token, hub.url).look("me/pots")

``hub.large`` are the endings of names that are brought by Git LFS; everything else comes with the commit.
``hub.answer(pattern, reply)`` lets the next request whose method and path match meet a failure.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.stub_tuning import Call, Reply, serve

TOKEN = "hf_StubTokenThatOpensNothing0123456789"


@dataclass
class Repo:
    """A repository: its files, and how many commits it has seen."""

    is_private: bool
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)

    @property
    def head(self) -> str:
        return hashlib.sha1(json.dumps(self.commits).encode(), usedforsecurity=False).hexdigest()


class StubHub:
    """``repos`` is all that is there, ``objects`` the large files by hash, ``calls`` every request."""

    def __init__(self) -> None:
        self.token = TOKEN
        self.repos: dict[str, Repo] = {}
        self.objects: dict[str, bytes] = {}
        self.calls: list[Call] = []
        self.large: tuple[str, ...] = ()
        self._answers: list[tuple[str, Reply]] = []
        self._lock = threading.RLock()
        self._server = serve(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, pattern: str, *replies: Reply) -> None:
        """What the next requests whose method and path match ``pattern`` are answered with."""
        self._answers += [(pattern, reply) for reply in replies]

    def sent(self, method: str, pattern: str) -> list[Call]:
        """The requests that match."""
        return [call for call in self.calls if call.method == method and re.search(pattern, call.path)]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def handle(self, call: Call) -> Reply:
        """Answer one request."""
        with self._lock:
            self.calls.append(call)
            scripted = next((one for one in self._answers if re.search(one[0], f"{call.method} {call.path}")), None)
            if scripted:
                self._answers.remove(scripted)
                return scripted[1]
            return self._route(call)

    def _route(self, call: Call) -> Reply:
        if call.path.startswith("/objects/"):
            assert "authorization" not in call.headers, "the token goes to the Hub alone"
            self.objects[call.path.removeprefix("/objects/")] = call.raw
            return Reply(200)
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, {"error": "Invalid username or password."})
        routes: dict[str, Callable[..., Reply]] = {
            r"/api/repos/create": self._create,
            r"/api/validate-yaml": lambda _call: Reply(200, {"errors": [], "warnings": []}),
            r"/api/datasets/([\w.-]+/[\w.-]+)/preupload/main": self._modes,
            r"/datasets/([\w.-]+/[\w.-]+)\.git/info/lfs/objects/batch": self._batch,
            r"/api/datasets/([\w.-]+/[\w.-]+)/commit/main": self._commit,
            r"/api/datasets/([\w.-]+/[\w.-]+)(?:/revision/main)?": self._look,
        }
        for pattern, route in routes.items():
            found = re.fullmatch(pattern, call.path)
            if found:
                return route(call, *found.groups())
        return Reply(404, {"error": "Not found"})

    def _create(self, call: Call) -> Reply:
        name = f"{call.body['organization']}/{call.body['name']}"
        if name in self.repos:
            return Reply(409, {"error": "You already created this dataset repo", "url": f"{self.url}/datasets/{name}"})
        self.repos[name] = Repo(call.body.get("visibility") == "private", {".gitattributes": b"*.parquet lfs\n"})
        return Reply(200, {"url": f"{self.url}/datasets/{name}", "name": name, "id": "1"})

    def _look(self, _call: Call, name: str) -> Reply:
        repo = self.repos.get(name)
        if repo is None:
            return Reply(404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"})
        siblings = [{"rfilename": path} for path in sorted(repo.files)]
        return Reply(200, {"id": name, "sha": repo.head, "private": repo.is_private, "siblings": siblings})

    def _modes(self, call: Call, name: str) -> Reply:
        files = [self._mode(self.repos[name], one["path"]) for one in call.body["files"]]
        return Reply(200, {"files": files})

    def _mode(self, repo: Repo, path: str) -> dict[str, Any]:
        mode = "lfs" if path.endswith(self.large or ("\0",)) else "regular"
        found: dict[str, Any] = {"path": path, "uploadMode": mode, "shouldIgnore": False}
        if path in repo.files:
            content = repo.files[path]
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
            found["oid"] = hashlib.sha256(content).hexdigest() if mode == "lfs" else blob
        return found

    def _batch(self, call: Call, _name: str) -> Reply:
        objects = []
        for one in call.body["objects"]:
            entry: dict[str, Any] = {"oid": one["oid"], "size": one["size"]}
            if one["oid"] not in self.objects:
                entry["actions"] = {"upload": {"href": f"{self.url}/objects/{one['oid']}"}}
            objects.append(entry)
        return Reply(200, {"transfer": "basic", "objects": objects})

    def _commit(self, call: Call, name: str) -> Reply:
        repo = self.repos[name]
        for line in call.raw.splitlines():
            entry = json.loads(line)
            value = entry["value"]
            if entry["key"] == "header":
                repo.commits.append(value["summary"])
            elif entry["key"] == "file":
                repo.files[value["path"]] = base64.b64decode(value["content"])
            elif entry["key"] == "lfsFile":
                repo.files[value["path"]] = self.objects[value["oid"]]
            elif entry["key"] == "deletedFile":
                del repo.files[value["path"]]
        return Reply(200, {"commitUrl": f"{self.url}/datasets/{name}/commit/{repo.head}", "commitOid": repo.head})
