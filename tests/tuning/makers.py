"""What the tests of tuning share: rows, files, keys and addresses of the loopback server."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from src.core.config import RunConfig, with_values
from src.core.secrets import Secrets
from src.providers.together_tuning import TogetherTuning
from src.providers.tuning_api import Service, TuningApi, TuningFile, TuningOrder, open_tuning_api
from tests.stub_tuning import StubTuning

SERVICES: tuple[Service, ...] = ("openai", "together", "vertex", "bedrock")
MODELS = {
    "openai": ("openai", "gpt-4.1-mini-2025-04-14"),
    "together": ("llama", "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference"),
    "vertex": ("google", "gemini-3.5-flash-lite"),
    "bedrock": ("llama", "meta.llama3-1-8b-instruct-v1:0:128k"),
}
TUNING = {
    "tuning.google_project": "own-project",
    "tuning.google_bucket": "gs://my-bucket/tuning",
    "tuning.aws_bucket": "my-bucket/tuning",
    "tuning.aws_role": "arn:aws:iam::123456789012:role/tuner",
}


def make_config(**changes: Any) -> RunConfig:
    """The defaults with buckets and roles; ``a__b`` stands for ``a.b``."""
    return with_values(RunConfig(), {**TUNING, **{key.replace("__", "."): value for key, value in changes.items()}})


def make_secrets(stub: StubTuning, service: str, folder: Path) -> Secrets:
    """What leads ``service`` to the loopback server."""
    key_file = stub.write_key_file(folder / "account.json") if service == "vertex" else None
    return stub.secrets(service, key_file)


def open_api(stub: StubTuning, service: Service, folder: Path, place: str = "", **changes: Any) -> TuningApi:
    """An API that talks to the loopback server."""
    changes = {"endpoints__openai": f"{stub.url}/openai/v1", **changes} if service == "openai" else changes
    api = open_tuning_api(service, make_config(**changes), make_secrets(stub, service, folder), place)
    if isinstance(api, TogetherTuning):
        api.check_every_s = 0.01
    return api


def make_file(folder: Path, name: str = "bikes-abc-train.jsonl", rows: int = 12) -> TuningFile:
    """A training file of some rows."""
    path = folder / name
    write_rows(path, rows, to_messages)
    content = path.read_bytes()
    return TuningFile(path, name, len(content), sha256(content).hexdigest())


def make_order(**changes: Any) -> TuningOrder:
    """A job to be started."""
    values = {
        "model": "m",
        "train": "file-1",
        "validation": "",
        "epochs": 3,
        "suffix": "bikes",
        "tag": "0123456789ab",
        **changes,
    }
    return TuningOrder(**values)


def write_rows(path: Path, rows: int, to_row: Callable[[int], dict[str, Any]], start: int = 0) -> Path:
    """A JSONL file with that many different rows."""
    lines = (json.dumps(to_row(number)) for number in range(start, start + rows))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def to_messages(number: int) -> dict[str, Any]:
    """A row of OpenAI's format, which Together reads too."""
    turns = [
        ("user", f"How wide is tyre {number}?"),
        ("assistant", f"Tyre {number} is {20 + number} millimetres wide."),
    ]
    return {"messages": [{"role": role, "content": text} for role, text in turns]}


def to_contents(number: int) -> dict[str, Any]:
    """A row of Gemini's format."""
    turns = to_messages(number)["messages"]
    roles = {"user": "user", "assistant": "model"}
    return {"contents": [{"role": roles[turn["role"]], "parts": [{"text": turn["content"]}]} for turn in turns]}


def to_pair(number: int) -> dict[str, Any]:
    """A row of Bedrock's format for Llama 3.1."""
    turns = to_messages(number)["messages"]
    return {"prompt": turns[0]["content"], "completion": turns[1]["content"]}


ROWS: dict[str, Callable[[int], dict[str, Any]]] = {
    "openai": to_messages,
    "together": to_messages,
    "vertex": to_contents,
    "bedrock": to_pair,
}


class Clock:
    """A time that goes on only when somebody waits."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
