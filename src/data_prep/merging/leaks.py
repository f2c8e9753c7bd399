"""What of the evaluation rows is known from training: counted on the files as they were written."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import NamedTuple

from src.data_prep.merging.links import links_of
from src.data_prep.quality.cleaning import comparable
from src.data_prep.quality.reading import read_lines
from src.utils.similarity.exact_join import near_duplicate_clusters


class Leaks(NamedTuple):
    """Evaluation rows that share a name with a training row (a conversation, a file, a commit), and those that are
    like one."""

    by_name: int
    by_text: int

    @property
    def total(self) -> int:
        """All of them; a row that leaks both ways counts twice."""
        return self.by_name + self.by_text


def count_leaks(train: Path, evaluation: Path, threshold: float, *, every_file: bool = True) -> Leaks:
    """Read both files again and compare every row with every other one. Rows that are alike only through others in
    between count as well. ``every_file`` is as for ``links_of``. Raises InputFileError."""
    known = {name for line in read_lines([train]) for name in links_of(line.value or {}, every_file=every_file)}
    by_name = sum(
        _shares(links_of(line.value or {}, every_file=every_file), known) for line in read_lines([evaluation])
    )
    first_of_evaluation = sum(1 for _ in read_lines([train]))
    texts = (comparable(line.value or {}).text for line in read_lines([train, evaluation]))
    by_text = 0
    for cluster in near_duplicate_clusters(texts, threshold):
        held_out = sum(number >= first_of_evaluation for number in cluster)
        by_text += held_out if held_out < len(cluster) else 0
    return Leaks(by_name, by_text)


def _shares(names: Iterable[Hashable], known: set[Hashable]) -> bool:
    return any(name in known for name in names)
