"""Rules that hold for the whole house: its drawn tree, its layers, what may be used where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
DRAWN = """
.env.example .gitignore requirements.txt config.yaml Makefile CLAUDE.md instructions.txt README.md
input_files/.gitkeep output_datasets/.gitkeep memory/.gitkeep
prompts/system/create_mode.txt prompts/system/identify_mode.txt prompts/system/hybrid_mode.txt
prompts/free_mode/prompt.txt prompts/free_mode/README.md context_files/fine_tunable_llms_research.md
src/__init__.py src/main.py
src/agents/__init__.py src/agents/base_agent.py src/agents/create_agent.py src/agents/identify_agent.py
src/agents/hybrid_agent.py src/agents/free_agent.py
src/providers/__init__.py src/providers/base_provider.py src/providers/openai_provider.py
src/providers/anthropic_provider.py src/providers/google_provider.py src/providers/mistral_provider.py
src/providers/llama_provider.py
src/utils/__init__.py src/utils/file_processor.py src/utils/token_counter.py src/utils/validator.py
src/utils/formatter.py src/utils/splitter.py src/utils/conversation_detector.py
src/persistence/__init__.py src/persistence/sqlite_client.py src/persistence/models.py
src/cli/__init__.py src/cli/menu.py src/cli/prompts.py
""".split()
SDKS = {"openai", "anthropic", "google", "mistralai", "xllamacpp", "httpx2", "boto3", "botocore"}


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", DRAWN)
def test_every_drawn_file_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_its_job_in_one_line(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring.splitlines()[0]) <= 120


def top_level_imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_a_heavy_package_when_it_is_loaded(path: Path) -> None:
    heavy = SDKS | {"tiktoken", "tqdm", "pypdf", "pypdfium2", "docx", "openpyxl", "pptx", "lxml", "torch", "ruamel"}
    assert not top_level_imports(path) & heavy


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_screen_and_keyboard_belong_to_the_cli(path: Path) -> None:
    if "cli" in path.parts:
        return
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert not {"print", "input"} & set(calls)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_environment_is_read_in_two_places_only(path: Path) -> None:
    if path.relative_to(ROOT / "src").as_posix() in {"core/secrets.py", "cli/console.py"}:
        return
    text = path.read_text(encoding="utf-8")
    reads = re.findall(r"os\.getenv|os\.environ(?!\.setdefault|\[\"OMP_WAIT_POLICY\"\])", text)
    assert not reads


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_swallows_every_exception(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            names = ast.unparse(node.type) if node.type else "everything"
            assert names != "everything", f"line {node.lineno}"
            if names in {"Exception", "BaseException"}:
                assert any(isinstance(inner, ast.Raise) for inner in ast.walk(node)), f"line {node.lineno}"


def test_importing_the_pipeline_loads_no_sdk() -> None:
    program = "import sys, src.pipeline, src.main; print(sorted(set(sys.modules) & set(sys.argv[1].split())))"
    names = "openai anthropic google.genai mistralai xllamacpp tiktoken pypdf docx openpyxl pptx"
    result = subprocess.run(
        [sys.executable, "-c", program, names], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_committed_files_hold_no_path_of_a_machine_and_no_key() -> None:
    home = re.compile(r"/(?:ho" + r"me|Users)/\w+/")
    work = re.compile(r"/wo" + r"rk/")
    key = re.compile(r"\b(?:sk-[A-Za-z0-9]{32,}|AIza[A-Za-z0-9_-]{30,})")
    for file in tracked_files():
        if file.suffix in {".gz", ".pdf", ".docx", ".xlsx", ".pptx", ".png", ".gif"}:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        is_about_homes = file.relative_to(ROOT).as_posix().startswith(("tests/utils/privacy/", "tests/data_prep/"))
        assert is_about_homes or not home.search(text), file
        assert not work.search(text), file
        assert not key.search(text), file


def test_no_committed_file_is_large() -> None:
    for file in tracked_files():
        assert file.stat().st_size < 3_000_000, file
