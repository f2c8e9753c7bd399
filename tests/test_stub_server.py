"""The stub server and the fixtures that every test stands on."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from src.core.workspace import Workspace
from tests.conftest import NetworkUsedError
from tests.stub_server import StubServer
from tests.stub_wires import StubRequest, default_answer, follow_schema

ROOT = Path(__file__).resolve().parent.parent


def post(url: str, body: Any, key: str = "k") -> Any:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_the_server_runs_from_the_command_line_with_a_script() -> None:
    command = [sys.executable, "-m", "tests.stub_server", "--port", "0", "--script", "ok,length"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            urls = json.loads(process.stdout.readline())
            body = {"model": "m", "messages": [{"role": "user", "content": "abcd"}]}
            first = post(f"{urls['openai']}/chat/completions", body)
            second = post(f"{urls['llama']}/chat/completions", body)
            assert first["choices"][0]["message"]["content"] == "You said: abcd"
            assert second["choices"][0]["finish_reason"] == "length"
            with urllib.request.urlopen(urls["openai"].replace("/openai/v1", "/calls"), timeout=10) as answer:
                calls = json.load(answer)
            assert [call["provider"] for call in calls] == ["openai", "llama"]
        finally:
            process.terminate()


def test_a_model_name_can_ask_for_a_fault_a_number_of_times(stub: StubServer) -> None:
    url = f"{stub.url('openai')}/chat/completions"
    body = {"model": "fault-503x1", "messages": [{"role": "user", "content": "x"}]}
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(url, body)
    assert caught.value.code == 503
    caught.value.close()
    assert post(url, body)["choices"]


def test_a_script_can_be_posted(stub: StubServer) -> None:
    assert post(stub.url("openai").replace("/openai/v1", "/script"), ["nochoice"]) == {}
    answer = post(f"{stub.url('openai')}/chat/completions", {"model": "m", "messages": []})
    assert answer["choices"] == []


def test_default_answers_follow_the_schema_and_the_prompt_and_stay_the_same() -> None:
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string"},
            "b": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/n"}},
            "c": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
            "d": {"const": "x"},
            "e": {"type": ["number", "null"]},
        },
        "$defs": {"n": {"type": "string", "maxLength": 3}},
    }
    request = StubRequest("openai", "m", "/", (("user", "first line\n\nsecond line"),), schema=schema)
    answer = json.loads(default_answer(request))
    assert answer == {"a": "first line", "b": ["sec", "fir"], "c": True, "d": "x", "e": 1.0}
    assert default_answer(request) == default_answer(request)
    assert follow_schema({"type": "string", "minLength": 4}, ["ab"]) == "ab.."


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "8.8.8.8"])
def test_no_test_reaches_another_host(host: str) -> None:
    with pytest.raises(NetworkUsedError, match=host.replace(".", r"\.")):
        socket.create_connection((host, 80), timeout=1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram, pytest.raises(NetworkUsedError):
        datagram.sendto(b"x", (host, 53))
    with socket.socket() as stream, pytest.raises(NetworkUsedError):
        stream.connect_ex((host, 80))


def test_no_key_or_endpoint_reaches_a_test_from_outside() -> None:
    assert not [name for name in os.environ if name.endswith(("_API_KEY", "_BASE_URL"))]


def test_the_workspace_is_a_folder_of_its_own(workspace: Workspace, tmp_path: Path) -> None:
    assert workspace.root.is_relative_to(tmp_path)
    assert (workspace.root / "input_files").is_dir()
    assert workspace.prompts.is_dir() == (ROOT / "prompts").is_dir()
