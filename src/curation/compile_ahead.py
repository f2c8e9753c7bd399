"""Compiles the joins before they are needed: what the first call would otherwise wait for, half a minute or more.

Run by ``make setup-curation``. Compiled code lies beside its source; after a change of the source it is made anew.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from src.curation.deduplicator import DedupeSettings, deduplicate
from src.utils.similarity.set_join import JoinSettings, Method, Piece, keep_best
from src.utils.similarity.spilled_join import Spill
from src.utils.similarity.text_clusters import cluster_texts
from src.utils.similarity.text_sets import shingle

_TEXT: Final = "one two three four five six seven eight nine ten"
_ROWS: Final = (
    f'{{"instruction": "{_TEXT}", "response": "a"}}\n'
    f'{{"instruction": "\\u006f{_TEXT[1:]}", "response": "b", "quality_score": 1.5}}\n'
)


def compile_ahead() -> None:
    """Put a small set through every join, so that each function that gets compiled is."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "rows.jsonl")
        source.write_text(_ROWS, encoding="utf-8")
        methods: tuple[Method, ...] = ("exact", "minhash")
        for method in methods:
            deduplicate(source, Path(folder, f"{method}.jsonl"), DedupeSettings(method=method), lambda _event: None)
        sets = shingle([_TEXT.encode(), f"{_TEXT} eleven".encode()], 5)
        spilled = JoinSettings(0.5, spill=Spill(Path(folder), room=1))
        keep_best([Piece(sets.sizes, sets.members.copy())], np.arange(2), spilled)
    cluster_texts([_TEXT, f"{_TEXT} eleven"], 0.5, 5)


if __name__ == "__main__":
    compile_ahead()
