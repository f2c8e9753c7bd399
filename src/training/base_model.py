"""Base models as something that can be trained: the embedded one, a folder, a GGUF file, a Hugging Face id."""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import re
import shutil
import warnings
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from src.core.errors import BuilderError, ConfigError, MissingPackageError, UsageError
from src.core.jsonl import make_folder
from src.providers.base_provider import Connection
from src.providers.local_provider import find_model_file
from src.training.chat_template import ensure_template
from src.training.saving import saving_to
from src.training.settings import EMBEDDED, TINY_LLAMA, TrainSettings, defaults_for

Model = Any
Tokenizer = Any

MODELS: Final = Path("memory/models")
"""Where converted models lie, in the folder that the program works in; 540 MB for the embedded one."""
_STACK: Final = ("torch", "transformers", "peft", "trl", "accelerate", "datasets", "gguf")
_HUB_ID: Final = re.compile(r"[\w.-]+/[\w.-]+")
_WANTED: Final = ("*.json", "*.safetensors", "*.model", "*.txt", "*.jinja")
"""What is fetched of a model: never weights as pickles, which can run code."""
_NAMES: Final = f"Name the embedded model ({EMBEDDED}), a folder, a GGUF file, or a Hugging Face id as {TINY_LLAMA}."


class Loaded(NamedTuple):
    """A model with its tokenizer, ready to answer."""

    model: Model
    tokenizer: Tokenizer


def require_stack() -> None:
    """Raises MissingPackageError unless everything that training needs is installed."""
    missing = [name for name in _STACK if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingPackageError(
            f"Training needs packages that are not installed: {', '.join(missing)}.",
            fix="Run make setup-train (1.6 GB), or .venv/bin/pip install -r requirements-train.txt.",
        )
    # read by the libraries when they are loaded: nothing is sent about what is done with them
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def quiet_stack() -> None:
    """Let the libraries draw no bars and give no advice: what a person has to know, the program says itself."""
    import datasets
    import transformers

    # the libraries announce to each other what they will remove
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"(transformers|peft|trl)\b")
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    datasets.disable_progress_bars()


def prepare_base(name: str, models: Path = MODELS) -> Path:
    """The folder with the weights of ``name`` as safetensors and its tokenizer.

    A GGUF file is converted once, into ``models``; a Hugging Face id is fetched once, into the cache of its own
    library. Raises ConfigError for a name that means nothing or a model that cannot be had, MissingPackageError.
    """
    require_stack()
    if name == EMBEDDED:
        return _convert(find_model_file(Connection()), models)
    path = Path(name).expanduser()
    if path.is_dir():
        return _check_folder(path)
    if path.is_file() and path.suffix.lower() == ".gguf":
        return _convert(path, models)
    if _HUB_ID.fullmatch(name) and not path.exists():
        return _fetch(name)
    raise ConfigError(f"There is no base model {name!r}.", fix=_NAMES)


def settings_for(name: str, rows: int | None = None, models: Path = MODELS) -> TrainSettings:
    """The default settings for the base model ``name``, by its size and ``rows``. Raises as ``prepare_base``."""
    return defaults_for(count_parameters(prepare_base(name, models)), name, rows)


def count_parameters(folder: Path) -> int:
    """Numbers in the safetensors files of ``folder``, told by their headers alone."""
    return sum(_count_in(path) for path in folder.glob("*.safetensors"))


def load_base(name: str, *, quantize: bool = False, models: Path = MODELS) -> Loaded:
    """The model, on the GPU where there is one, and its tokenizer with a chat template.

    Weights are 16-bit (bfloat16) where the GPU computes in it, else 32-bit; with ``quantize`` they are 4-bit. Raises
    as ``prepare_base``, and UsageError where 4 bits are asked for without a GPU.
    """
    require_stack()
    if quantize:
        _require_quantizing()
    folder = prepare_base(name, models)
    quiet_stack()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, **_weights(quantize=quantize))
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(
            f"The model in {folder} cannot be loaded: {_first_line(error)}",
            fix="The folder needs config.json, *.safetensors and the tokenizer of one text model.",
        ) from error
    ensure_template(tokenizer)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if not quantize:
        model.to(device())
    return Loaded(model, tokenizer)


def load_tuned(base: str, adapter: Path, *, models: Path = MODELS) -> Loaded:
    """``base`` with the adapter that was trained on it. Raises ConfigError when the two do not belong together."""
    require_stack()
    if not (adapter / "adapter_config.json").is_file():
        raise ConfigError(
            f"{adapter} holds no adapter.", fix="Name the folder adapter/ that 'train' has written below its --out."
        )
    from peft import PeftModel

    loaded = load_base(base, models=models)
    try:
        tuned = PeftModel.from_pretrained(loaded.model, str(adapter))
    except (RuntimeError, ValueError, OSError) as error:
        raise ConfigError(
            f"The adapter in {adapter} does not fit {base}: {_first_line(error)}",
            fix="Name the base that it was trained on: it stands in train_report.json beside the adapter.",
        ) from error
    return Loaded(tuned, loaded.tokenizer)


def device() -> str:
    """``cuda``, ``mps`` or ``cpu``: the quickest that is there."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def has_bfloat16() -> bool:
    """Whether the device computes in bfloat16. A CPU may, but is not quicker with it."""
    import torch

    return bool(torch.cuda.is_available() and torch.cuda.is_bf16_supported())


def _weights(*, quantize: bool) -> dict[str, Any]:
    import torch

    dtype = torch.bfloat16 if has_bfloat16() else torch.float32
    if not quantize:
        return {"dtype": dtype}
    from transformers import BitsAndBytesConfig

    four_bits = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=dtype
    )
    return {"dtype": dtype, "quantization_config": four_bits, "device_map": {"": 0}}


def _require_quantizing() -> None:
    if device() != "cuda":
        raise UsageError(
            "Training over a base in 4 bits needs a CUDA GPU, and there is none here.",
            fix="Leave --quantize out: on a CPU the adapter is trained over the whole weights.",
        )
    if importlib.util.find_spec("bitsandbytes") is None:
        raise MissingPackageError(
            "Training over a base in 4 bits needs the package bitsandbytes.",
            fix=".venv/bin/pip install -r requirements-qlora.txt",
        )


def _count_in(path: Path) -> int:
    """A safetensors file begins with the length of its header, 8 bytes, little endian, then the header as JSON."""
    try:
        with path.open("rb") as file:
            header = orjson.loads(file.read(int.from_bytes(file.read(8), "little")))
        return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, MemoryError, OverflowError) as error:
        raise ConfigError(f"{path} is no safetensors file.", fix="Fetch the model again.") from error


def _check_folder(folder: Path) -> Path:
    if not (folder / "config.json").is_file():
        raise ConfigError(f"{folder} holds no model: it has no config.json.", fix=_NAMES)
    return folder


def _convert(gguf: Path, models: Path) -> Path:
    """The GGUF file as a folder of 32-bit safetensors, made once; half a minute for the embedded model."""
    with gguf.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = models / f"{gguf.stem}-{digest[:8]}"
    if folder.is_dir():
        return folder
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    make_folder(part)
    try:
        _write_safetensors(gguf, part)
        with saving_to(folder):
            part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _write_safetensors(gguf: Path, folder: Path) -> None:
    quiet_stack()
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, modeling_gguf_pytorch_utils

    # the bar of this one module asks nobody whether it may be drawn
    modeling_gguf_pytorch_utils.tqdm = partial(modeling_gguf_pytorch_utils.tqdm, disable=True)
    try:
        tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
        model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    except (OSError, ValueError, KeyError, NotImplementedError) as error:
        raise ConfigError(
            f"{gguf.name} cannot be converted: {_first_line(error)}",
            fix="Take the model's safetensors instead: a folder, or its Hugging Face id.",
        ) from error
    # The weights are whole numbers no more, but transformers goes on calling them quantised, in two places, and
    # refuses to save a model that was read from GGUF ("not serializable") until both are gone.
    model.hf_quantizer = None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    with saving_to(folder):
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)


def _fetch(name: str) -> Path:
    """The files of a Hugging Face model, fetched unless they are there already."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=list(_WANTED)))
    except GatedRepoError as error:
        raise _cannot_fetch(
            name, "its owner asks for consent first", "Agree on its page, then: hf auth login"
        ) from error
    except RepositoryNotFoundError as error:
        raise _cannot_fetch(name, "Hugging Face has no such model, or it is private", _NAMES) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        fix = f"Check the network, or train the embedded model, which needs none: --base {EMBEDDED}"
        raise _cannot_fetch(name, _first_line(error), fix) from error


def _cannot_fetch(name: str, cause: str, fix: str) -> BuilderError:
    return ConfigError(f"{name} cannot be fetched: {cause.rstrip('.')}.", fix=fix)


def _first_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]
