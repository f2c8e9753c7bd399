"""What one would write with a MinHash library: tokens and shingles in Python, best rows first, no verification."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TOKEN = re.compile(r"\w+")


def read(path: Path) -> Iterator[tuple[int, float, set[str]]]:
    """Number, quality and 5-grams of every row."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            tokens = TOKEN.findall(f"{row['instruction']}\n{row['response']}".lower())
            grams = {" ".join(tokens[start : start + 5]) for start in range(max(1, len(tokens) - 4))}
            yield number, row["quality_score"], grams


def rensa(path: Path) -> int:
    """Rows that rensa's locality-sensitive hashing keeps."""
    from rensa import RMinHash, RMinHashLSH

    def sign(grams: set[str]) -> Any:
        signature = RMinHash(num_perm=128, seed=1)
        signature.update(list(grams))
        return signature

    index = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    return _keep(path, sign, index.insert, lambda signature: bool(index.query(signature)))


def datasketch(path: Path) -> int:
    """Rows that datasketch's locality-sensitive hashing keeps."""
    from datasketch import MinHash, MinHashLSH

    def sign(grams: set[str]) -> Any:
        signature = MinHash(num_perm=128)
        signature.update_batch([gram.encode() for gram in grams])
        return signature

    index = MinHashLSH(threshold=0.8, num_perm=128)
    return _keep(path, sign, index.insert, lambda signature: bool(index.query(signature)))


def _keep(
    path: Path, sign: Callable[[set[str]], Any], insert: Callable[[int, Any], Any], is_known: Callable[[Any], bool]
) -> int:
    signed = [(-quality, number, sign(grams)) for number, quality, grams in read(path)]
    kept = 0
    for _, number, signature in sorted(signed, key=lambda one: one[:2]):
        if not is_known(signature):
            insert(number, signature)
            kept += 1
    return kept


if __name__ == "__main__":
    print({"rensa": rensa, "datasketch": datasketch}[sys.argv[1]](Path(sys.argv[2])))
