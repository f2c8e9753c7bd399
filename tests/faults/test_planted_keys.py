"""Keys planted in .env are looked for in every file and every word that runs leave, however they fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from src.main import main
from tests.cli.driver import add_documents
from tests.stub_server import StubServer
from tests.truthful import answer_truthfully

KEYS = {
    "OPENAI_API_KEY": "sk-planted-openai-4f9d2c7a1b6e8d30",
    "ANTHROPIC_API_KEY": "sk-ant-planted-71c0e5a9d2b84f36",
    "GOOGLE_API_KEY": "AIzaPlanted9d3f6b1c8e2a7045",
    "MISTRAL_API_KEY": "plantedmistral5b2e9c7d1f8a3064",
    "LLAMA_API_KEY": "plantedllama8e1d4a6c9b3f7052",
    "TOGETHER_API_KEY": "tgp_planted_2c6f8b1e9d4a7035",
    "AWS_ACCESS_KEY_ID": "AKIAPLANTED7Q2W9E5R",
    "AWS_SECRET_ACCESS_KEY": "plantedaws/3d9f6b1c8e2a7045+X",
    "HF_TOKEN": "hf_planted6a1c9e4d8b2f7053",
    "SUPABASE_KEY": "sb_secret_planted_9c4e7a2d6f1b8035",
}
PROVIDERS = ("openai", "anthropic", "google", "mistral", "llama")


class _Echo(BaseHTTPRequestHandler):
    """Refuses every request, and repeats in its answer all that it was sent of headers and address."""

    status = 401
    page = False
    calls = 0

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""

    def do_POST(self) -> None:
        type(self).calls += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = f"Incorrect API key provided: {self.path} {dict(self.headers)}"
        body = f"<html><body>{said}</body></html>" if self.page else json.dumps({"error": {"message": said}})
        data = body.encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "text/html" if self.page else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST  # noqa: N815 - the name is given by http.server


@pytest.fixture
def echo() -> Iterator[tuple[str, type[_Echo]]]:
    """The address of a server that repeats what it is sent, and the class that says how it refuses."""
    handler = type("Bound", (_Echo,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def planted(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    lines = [f"{name}={key}\n" for name, key in KEYS.items()]
    workspace.env_file.write_text("".join([*lines, "SUPABASE_URL=http://127.0.0.1:9\n"]), encoding="utf-8")
    add_documents(workspace)
    monkeypatch.chdir(workspace.root)
    return workspace


def leaks(workspace: Workspace, said: str) -> list[str]:
    """Where planted keys are found: in what was said, and in any file but .env."""
    found = [f"the screen: {name}" for name, key in KEYS.items() if key in said]
    for path in sorted(workspace.root.rglob("*")):
        if path.is_file() and path != workspace.env_file:
            data = path.read_bytes()
            found += [f"{path.name}: {name}" for name, key in KEYS.items() if key.encode() in data]
    return found


def generate(provider: str, address: str, *more: str) -> int:
    values = {
        "mode": "create",
        "dataset_size": 2,
        "system.agentic_llm": provider,
        "system.max_retries": 0,
        f"endpoints.{provider}": address,
    }
    chosen = [part for key, value in values.items() for part in ("--set", f"{key}={value}")]
    return main(["generate", "--yes", *chosen, *more])


@pytest.mark.parametrize(("status", "page"), [(401, False), (400, False), (500, True), (200, True)])
def test_service_that_repeats_the_key_in_its_refusal_does_not_make_us_repeat_it(
    planted: Workspace,
    echo: tuple[str, type[_Echo]],
    capfd: pytest.CaptureFixture[str],
    status: int,
    page: bool,
) -> None:
    address, handler = echo
    handler.status, handler.page = status, page
    for provider in PROVIDERS:
        before = handler.calls
        assert generate(provider, address, "--json") == 1
        assert handler.calls > before
    said = "".join(capfd.readouterr())
    assert "error" in said
    assert not leaks(planted, said)


def test_run_that_ends_well_leaves_no_key(
    planted: Workspace, stub: StubServer, capfd: pytest.CaptureFixture[str]
) -> None:
    stub.responder = answer_truthfully
    generate("openai", stub.url("openai"), "--allow-short")
    assert (planted.output_datasets / "my_dataset_train.jsonl").exists()
    main(["score", "my_dataset"])
    main(["export", "my_dataset", "--format", "sharegpt"])
    main(["curate", "output_datasets/my_dataset_train.jsonl", "--out", "set.jsonl", "--any-score"])
    main(["package", "set.jsonl", "--to", "release"])
    assert len(list(planted.root.rglob("*.json*"))) > 4
    assert not leaks(planted, "".join(capfd.readouterr()))


@pytest.mark.parametrize("name", sorted(KEYS))
def test_key_in_a_wrong_place_is_not_shown_back(
    planted: Workspace, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    key = KEYS[name]
    for arguments in (
        # the second one of AWS has no shape by which it would be known
        *([["generate", "--set", f"system.agentic_model={key}"]] if name != "AWS_SECRET_ACCESS_KEY" else []),
        ["generate", "--set", f"dataset_size={key}"],
        ["generate", "--set", f"{key}=1"],
        ["generate", "--set", key],
        ["generate", "--set", "mode=create", "--set", f"endpoints.openai=http://user:{key}@127.0.0.1:1/v1"],
        ["stats", key],
        ["datasets", "show", key],
        ["export", key, "--json"],
    ):
        assert main(arguments) != 0
    planted.config_file.write_text(f"output_name: {key}/\n{key}: 1\n", encoding="utf-8")
    assert main(["generate"]) == 1
    planted.config_file.unlink()
    assert not leaks(planted, "".join(capfd.readouterr()))


def test_traceback_of_a_defect_is_kept_without_keys(planted: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    from src.core.log import start_log
    from src.core.secrets import load_secrets
    from src.main import _report_defect

    start_log(planted.log_file, load_secrets(planted.env_file, {}))
    try:
        raise RuntimeError(f"refused: {' '.join(KEYS.values())}")
    except RuntimeError as error:
        _report_defect(type(error), error, error.__traceback__)  # type: ignore[arg-type]
    assert "refused" in planted.log_file.read_text(encoding="utf-8")
    assert not leaks(planted, "".join(capfd.readouterr()))


def test_files_that_hold_a_planted_key_are_found_by_this_test(planted: Workspace) -> None:
    (planted.root / "note.txt").write_bytes(b"x" + KEYS["HF_TOKEN"].encode())
    assert leaks(planted, KEYS["OPENAI_API_KEY"]) == ["the screen: OPENAI_API_KEY", "note.txt: HF_TOKEN"]


def test_every_name_of_a_key_in_the_example_is_planted() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    names = {line.strip("# ").partition("=")[0] for line in example.splitlines() if "=" in line}
    secret = {name for name in names if name.endswith(("_KEY", "_TOKEN", "_KEY_ID")) and " " not in name}
    assert secret <= KEYS.keys() | {"GEMINI_API_KEY", "AWS_SESSION_TOKEN"}
