"""What `make setup-curation` compiles is all that the first deduplication needs."""

from __future__ import annotations

import pytest

pytest.importorskip("numba")

from src.curation.compile_ahead import compile_ahead
from src.utils.similarity import join_kernels, minhash, shingle_kernels


def test_every_join_is_compiled_ahead() -> None:
    compile_ahead()
    for function in (
        shingle_kernels.shingle_texts,
        join_kernels.find_witnesses,
        join_kernels.join_rows,
        minhash.take_bands,
    ):
        assert function.signatures, function.__name__
