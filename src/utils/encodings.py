"""OpenAI's public encodings, built from the vocabularies in token_ranks/: no download, no cache folder."""

from __future__ import annotations

import binascii
import gzip
import hashlib
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from src.core.errors import MissingPackageError, StorageError

if TYPE_CHECKING:
    from tiktoken import Encoding

RANKS_FOLDER = Path(__file__).parent / "token_ranks"


class _Published(NamedTuple):
    """What tiktoken publishes of an encoding: the hash of its vocabulary and the pattern that cuts text into words."""

    sha256: str
    pattern: str


_O200K_WORD = r"[^\r\n\p{L}\p{N}]?"
_O200K_SUFFIX = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"

# https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py
_PUBLISHED = {
    "o200k_base": _Published(
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        "|".join(
            (
                _O200K_WORD + r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + _O200K_SUFFIX,
                _O200K_WORD + r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + _O200K_SUFFIX,
                r"\p{N}{1,3}",
                r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
                r"\s*[\r\n]+",
                r"\s+(?!\S)",
                r"\s+",
            )
        ),
    ),
    "cl100k_base": _Published(
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]"
        r"|\s+(?!\S)|\s",
    ),
}

ENCODING_NAMES = tuple(_PUBLISHED)


@cache
def load_encoding(name: str, folder: Path = RANKS_FOLDER) -> Encoding:
    """The encoding ``name``, one of ENCODING_NAMES, loaded once per process (about half a second of CPU).

    Only ordinary text can be encoded: special tokens are left out, so that ``<|endoftext|>`` in a document is text.
    Raises MissingPackageError without tiktoken, StorageError when a vocabulary is missing or not the published one.
    """
    try:
        import tiktoken
    except ModuleNotFoundError as error:
        raise MissingPackageError("Counting tokens needs 'tiktoken'.", fix="pip install tiktoken") from error
    published = _PUBLISHED[name]
    ranks = _read_ranks(folder / f"{name}.tiktoken.gz", published.sha256)
    return tiktoken.Encoding(name, pat_str=published.pattern, mergeable_ranks=ranks, special_tokens={})


def _read_ranks(path: Path, sha256: str) -> dict[bytes, int]:
    fix = "Restore the file from the repository: git checkout -- src/utils/token_ranks"
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise StorageError(f"The vocabulary {path} cannot be read: {error}.", fix=fix) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StorageError(f"The vocabulary {path} is damaged: its SHA-256 is not the published one.", fix=fix)
    pairs = (line.split() for line in content.splitlines())
    return {binascii.a2b_base64(token): int(rank) for token, rank in pairs}
