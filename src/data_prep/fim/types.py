"""What a run is told, what it works on, and what it reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from src.data_prep.fim.forms import Form
from src.data_prep.fim.sentinels import DEFAULT_FAMILY
from src.data_prep.fim.source_text import SourceText
from src.data_prep.languages import Language
from src.data_prep.quality.broken import DEFAULT_MODEL


@dataclass(frozen=True, slots=True)
class FimSettings:
    """What a run makes. ``per_file`` is a maximum, ``max_len`` counts tokens of ``model`` for the whole row;
    ``licence`` stands in for what licence files say."""

    per_file: int = 6
    max_len: int = 1600
    form: Form = "chat"
    family: str = DEFAULT_FAMILY
    model: str = DEFAULT_MODEL
    balance: Literal["", "language"] = ""
    seed: int = 42
    licence: str = ""
    copyleft: bool = False


class Candidate(NamedTuple):
    """A file that may be used, and the licence it stands under ("" where nothing is said)."""

    path: str
    language: Language
    text: SourceText
    licence: str


class MadeRow(NamedTuple):
    """A row as it will be written, with its line break; language and kind are what its ``meta`` and ``fim`` say."""

    language: str
    kind: str
    line: bytes


@dataclass(slots=True)
class FimReport:
    """What a run did: ``files`` = ``used`` + the sum of ``skipped``. ``before`` counts rows of each language as they
    were made, ``rows`` as they were written. ``private`` counts what leads to a person in the ``used`` files, by label,
    and ``private_files`` those that hold some of it."""

    source: str
    commit: str
    licence: str
    exact: bool
    needs: str
    enry: bool
    files: int = 0
    used: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    too_long: int = 0
    before: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    private: Counter[str] = field(default_factory=Counter)
    private_files: int = 0
    first: Mapping[str, Any] | None = None
