"""The registry imports lazily: no SDK before the first call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from src.core.errors import MissingPackageError
from src.core.types import PROVIDER_NAMES
from src.providers import load_provider

ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = """
import sys
from src.core.types import Message, Sample
from src.providers import load_provider
sample = Sample((Message("user", "q"), Message("assistant", "a")), "generated")
for name in ("openai", "anthropic", "google", "mistral", "llama"):
    provider = load_provider(name)()
    provider.format_example(sample)
    assert provider.get_models()
heavy = {"openai", "anthropic", "google.genai", "mistralai", "httpx", "httpx2", "aiohttp"} & set(sys.modules)
print(sorted(heavy))
"""


def test_formatting_and_limits_import_no_sdk() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_importing_the_limits_alone_imports_neither_pydantic_nor_yaml() -> None:
    modules = "src.providers.limits, src.providers.lookup"
    program = f"import sys, {modules}; print(sorted({{'pydantic', 'yaml'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_every_remote_provider_is_registered_under_its_name() -> None:
    for name in PROVIDER_NAMES:
        if name != "local":
            assert load_provider(name).name == name


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "src.providers.mistral_provider", None)
    with pytest.raises(MissingPackageError, match="'mistral' needs"):
        load_provider("mistral")
