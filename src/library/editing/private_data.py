"""Private data in changed samples: counted as the run that made the dataset did, and refused where it has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from src.core.types import DatasetRecord, Message, Sample
from src.utils.privacy.screening import PRIVATE, Screening
from src.utils.sample_checks import Problem


class PrivateData:
    """What is private in samples of one dataset, by the detectors that it was made with; nothing where it was made
    with privacy: off."""

    def __init__(self, record: DatasetRecord) -> None:
        """Raises MissingPackageError for a detector that is not installed."""
        made_with = orjson.loads(record.config)
        self._policy: str = made_with.get("privacy", "off")
        self._screening = Screening("off" if self._policy == "off" else "report", made_with.get("privacy_extras", ()))

    @property
    def is_counted(self) -> bool:
        """Whether private data may stand in the dataset, and is told of."""
        return self._policy == "report"

    def find(self, sample: Sample) -> Counter[str]:
        """How many places of each label the turns and the worse answer of a sample hold."""
        return Counter(self._screening.screen(sample).found)

    def count(self, sample: Sample) -> None:
        """Count what a sample of the new version holds, for ``describe``."""
        self._screening.count(self.find(sample))

    def describe(self) -> dict[str, Any]:
        """What was counted, as ``RunFacts.privacy`` has it."""
        return self._screening.describe()

    def problem(self, sample: Sample) -> Problem | None:
        """Why the texts of a sample may not stand in the dataset."""
        return self._refusal(self.find(sample)) if self._is_refused else None

    def label_problem(self, sample: Sample) -> Problem | None:
        """Why the keywords of a sample may not stand in the dataset: they are published beside the texts."""
        if not self._is_refused or not sample.topic_keywords:
            return None
        words = tuple(Message("user", word) for word in sample.topic_keywords)
        return self._refusal(self.find(Sample(words, sample.origin)))

    @property
    def _is_refused(self) -> bool:
        return self._policy in {"redact", "drop"}

    def _refusal(self, found: Mapping[str, int]) -> Problem | None:
        if not found:
            return None
        return Problem(
            PRIVATE,
            f"It holds private data ({say_found(found)}), and the dataset was made with privacy: {self._policy}.",
        )


def say_found(found: Mapping[str, int]) -> str:
    """Counts by label, as ``EMAIL 1, PHONE 2``."""
    return ", ".join(f"{label} {count:,}" for label, count in sorted(found.items()))
