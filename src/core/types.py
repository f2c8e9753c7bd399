"""The nouns that travel through the pipeline: from a source document to a finished run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, overload

import orjson

Role = Literal["system", "user", "assistant"]
Origin = Literal["extracted", "generated"]
ProviderName = Literal["openai", "anthropic", "google", "mistral", "llama", "local"]
Mode = Literal["create", "identify", "hybrid", "free"]
SplitName = Literal["train", "validation"]
FinishReason = Literal["stop", "length"]
Stage = Literal[
    "read",
    "generate",
    "validate",
    "split",
    "save",
    "mirror",
    "score",
    "distill",
    "rows",
    "compare",
    "files",
    "commits",
    "train",
]
SectionKind = Literal["text", "heading", "row", "turn", "record", "routing"]
"""``routing``: how a mail travelled; it is in the file, but no part of what anybody wrote."""
Status = Literal["running", "finished"]
Task = Literal[
    "question_answer",
    "conversation",
    "explanation",
    "summary",
    "extraction",
    "how_to",
    "comparison",
    "reasoning",
    "refusal",
    "preference",
]
"""What a generated sample is; the easiest first. What each means stands in prompts/system/tasks/."""

NO_LABEL = "(none)"
"""What a sample without a source file, or without a keyword, is counted under."""
OBJECTION = "objection"
"""Key in the metadata of a sample that was kept although a gate objected: the reason."""
QUALITY_SCORE = "quality_score"
"""Key in the metadata of a sample that was scored: from 1 to 10, the mean of what stands under ``scores``."""
ALTERED = "altered"
"""Key in the metadata of a sample from which private data were taken: how many places of each label."""
EDITED = "edited"
"""Key in the metadata of a sample whose text a person changed after it was made: ``of`` is the id that it had before
the first change (none where a person wrote it all), ``by`` and ``how`` tell of the last one. It is nobody's words any
more: nothing may call it verbatim."""
REJECTED = "rejected"
"""Key in the metadata of a preference pair: the answer that is worse than the last turn."""
JUDGED = "judge"
"""Key in the metadata of a sample that a judge has seen: what became of that (generation/judge.py)."""
EVIDENCE = "evidence"
"""Key in the metadata of a sample that a judge has found grounded: the places that it cites, as ``[start, end]`` of the
source's text. No words: these would outlive the privacy settings of the samples."""
PROVIDER_NAMES: tuple[ProviderName, ...] = ("openai", "anthropic", "google", "mistral", "llama", "local")


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of characters of a text."""

    start: int
    end: int


class Field(NamedTuple):
    """A named part of a section's text: a table cell, a JSON value, a speaker. ``span`` counts from the section."""

    name: str
    span: Span


class RowFields(Sequence[Field]):
    """The fields of a table row, whose text is one cell per name, joined by tabs; no cell holds a tab.

    They are made when they are asked for: tables have millions of cells, and most readers want the text alone.
    Equal to a tuple of the same fields.
    """

    __slots__ = ("names", "text")

    def __init__(self, names: Sequence[str], text: str) -> None:
        self.names = names
        self.text = text

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[Field]:
        end = -1
        for name, cell in zip(self.names, self.text.split("\t"), strict=True):
            start, end = end + 1, end + 1 + len(cell)
            yield Field(name, Span(start, end))

    @overload
    def __getitem__(self, index: int) -> Field: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Field, ...]: ...
    def __getitem__(self, index: int | slice) -> Field | tuple[Field, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | RowFields) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class Section(NamedTuple):
    """One piece of a document in reading order. (A tuple: tables have millions, and it is made in a third of the time.)

    ``text`` ends with its own line break, so that a document's text is the sections joined by nothing.
    ``locator`` names the place in the file for a person: ``page 3``, ``sheet Prices A2:D2``, ``slide 4``, ``line 12``.
    ``level`` is the depth of a heading (1 = top), 0 for everything else.
    """

    text: str
    locator: str = ""
    kind: SectionKind = "text"
    level: int = 0
    fields: Sequence[Field] = ()


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """The text of one input file. ``sha256`` is the hash of ``text`` in UTF-8: what every span refers to.

    ``name`` is the path below the input folder (or the bare file name of a path given as an argument).
    """

    path: Path
    name: str
    sections: tuple[Section, ...]
    sha256: str
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole text; spans of samples and turns count characters of it. Bind it once, it is joined anew."""
        return "".join(section.text for section in self.sections)

    def locate(self, position: int) -> str:
        """The locator of the section that holds the character at ``position``; "" past the end."""
        start = 0
        for section in self.sections:
            start += len(section.text)
            if position < start:
                return section.locator
        return ""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. ``pieces`` are the spans of the source text that make up ``content`` when joined by line breaks;
    empty for a generated turn."""

    role: Role
    content: str
    pieces: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One training example, from the agent to the exporter.

    ``group`` names what a split must not tear apart (one conversation's windows, one passage's samples);
    empty means that the sample stands alone. ``metadata`` holds plain JSON values only.
    """

    messages: tuple[Message, ...]
    origin: Origin
    source_file: str = ""
    span: Span | None = None
    topic_keywords: tuple[str, ...] = ()
    group: str = ""
    locator: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Hash of the content (roles and texts): the same conversation has the same id wherever it was found."""
        turns = [[message.role, message.content] for message in self.messages]
        return hashlib.sha256(orjson.dumps(turns)).hexdigest()

    @property
    def rejected(self) -> str:
        """The worse answer of a preference pair, in place of the last turn; "" for every other sample."""
        return str(self.metadata.get(REJECTED, ""))

    @property
    def source_label(self) -> str:
        """What the sample is counted under by source: its file, or ``(none)``."""
        return self.source_file or NO_LABEL

    @property
    def keyword_label(self) -> str:
        """What the sample is counted under by keyword: its first one, or ``(none)``."""
        return self.topic_keywords[0] if self.topic_keywords else NO_LABEL


@dataclass(frozen=True, slots=True)
class Rejection:
    """What did not become a sample, and why. ``reason`` is a short snake_case code, ``detail`` is for a person."""

    reason: str
    detail: str = ""
    sample: Sample | None = None
    source_file: str = ""
    span: Span | None = None
    raw: str = ""


class Verdict(NamedTuple):
    """The answer of a check: keep the sample, or a reason why not; ``detail`` is for a person."""

    keep: bool
    reason: str = ""
    detail: str = ""


class TokenCount(NamedTuple):
    """A number of tokens; ``exact`` is False where the tokenizer is not public and the number is an estimate."""

    tokens: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of model calls, as billed by the provider; ``estimated`` where it did not say and we have counted."""

    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.estimated or other.estimated,
        )

    @property
    def tokens(self) -> int:
        """Both ways together."""
        return self.input_tokens + self.output_tokens


class RateLimit(NamedTuple):
    """One limit of a provider: how many units it allows, how many are left, and in how many seconds all are back
    (None: it did not say)."""

    limit: float
    remaining: float
    reset_s: float | None = None


class RateLimits(NamedTuple):
    """What the headers of an answer say about the limits that hold for this account and model."""

    requests: RateLimit | None = None
    tokens: RateLimit | None = None


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question to a model.

    ``json_schema`` asks for an answer of that shape (schema-constrained where the provider can).
    ``style="completion"`` sends the text of the single message as a raw prompt to be continued: only the local
    provider can do that. ``grammar`` is a GBNF grammar for that case, ``stop`` ends the answer before a string.
    """

    model: str
    messages: tuple[Message, ...]
    temperature: float = 0.7
    max_tokens: int = 1024
    json_schema: Mapping[str, Any] | None = None
    seed: int | None = None
    style: Literal["chat", "completion"] = "chat"
    grammar: str = ""
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """A model's answer. ``cached`` is True when it came from the journal and cost nothing now.

    ``teacher`` names provider and model where several share a run; ``failover_from`` is the one that should have
    answered, and could not.
    """

    text: str
    model: str
    usage: Usage = Usage()
    finish_reason: FinishReason = "stop"
    cached: bool = False
    rate_limits: RateLimits | None = None
    teacher: str = ""
    failover_from: str = ""


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """What a long stage says of itself; the bar, ``--json`` and later front ends read the same stream.

    ``total`` is None where it cannot be known; ``unit`` says what both count. ``note`` is one line for a person
    (a skipped file, a warning); ``figure`` stands beside the bar (``loss 2.31``).
    """

    stage: Stage
    done: int
    total: int | None = None
    kept: int = 0
    rejected: int = 0
    usage: Usage = Usage()
    cost_usd: float | None = None
    note: str = ""
    unit: Literal["items", "bytes"] = "items"
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding of a check of a file or dataset. ``row`` counts from 1; 0 means the dataset as a whole.

    ``field`` is the place in the row (``messages[2].content``), ``found`` and ``allowed`` say what stands there and
    what may; ``source`` names where the rule comes from (a key of context_files/fine_tunable_llms_research.md).
    """

    severity: Literal["error", "warning"]
    code: str
    message: str
    row: int = 0
    fix: str = ""
    field: str = ""
    found: str = ""
    allowed: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What a provider would say of a dataset before training on it."""

    rows: int
    total_tokens: int
    exact: bool
    issues: tuple[Issue, ...] = ()

    @property
    def ok(self) -> bool:
        """True when nothing would stop a training job."""
        return not any(issue.severity == "error" for issue in self.issues)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the making of a dataset took and said; None where it is not known.

    Only ``warnings``, ``split_warnings`` and ``plan`` are the same for two runs that make the same dataset. ``writer``
    names the provider and model that wrote, "" for none; ``cost_usd`` is None too where no price is known. Of
    ``calls``, ``estimated_calls`` came without token counts: these were estimated here. ``plan`` sums up what was asked
    for, as plain JSON values; empty where there was no plan. ``rounds`` are the figures after each round of a
    refinement. ``exact_tokens`` says whether the tokens of its samples were counted with the model's own vocabulary.
    ``privacy`` says what was done about private data and how many places of each label there were, never a value.
    ``prompts`` are the hashes of the prompts that were used, by their paths; empty where no model was asked.
    """

    writer: str = ""
    usage: Usage | None = None
    cost_usd: float | None = None
    calls: int | None = None
    cached_calls: int | None = None
    seconds: float | None = None
    warnings: tuple[str, ...] = ()
    split_warnings: tuple[str, ...] = ()
    estimated_calls: int | None = None
    plan: Mapping[str, Any] = field(default_factory=dict)
    rounds: tuple[Mapping[str, Any], ...] = ()
    exact_tokens: bool | None = None
    privacy: Mapping[str, Any] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """One version of a dataset, without its samples.

    ``config`` is the JSON of the configuration that made it, ``config_hash`` what a resumed run is found by.
    ``requested`` is the size that was asked for (after the provider's cap), ``proposed`` what the agent brought
    forward; ``rejected`` maps a reason to a count, and ``proposed == total_samples + sum(rejected.values())`` once all
    samples are in. A version that was derived names its ``parent`` and the ``reason``, and so does a dataset of another
    name that was made by refining one. ``author`` is who made the version, as that person is called in the
    configuration; ``content_hash`` is the same for versions that hold the same samples in the same order on the same
    sides, "" until it is finished. ``deleted_at`` says since when the dataset lies among the deleted ones. Times are
    aware, in UTC.
    """

    id: str
    name: str
    provider: str
    model: str
    mode: str
    created_at: datetime
    total_samples: int = 0
    total_tokens: int = 0
    config: str = "{}"
    status: Status = "running"
    config_hash: str = ""
    finished_at: datetime | None = None
    requested: int = 0
    proposed: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    run: RunFacts = field(default_factory=RunFacts)
    parent: str | None = None
    version: int = 1
    reason: str = ""
    author: str = ""
    content_hash: str = ""
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run did: the dataset as it is stored, what the provider would say of it, the samples on each side, and
    where its files lie (train, validation, csv, stats, rejected). ``warnings`` tell what went wrong after all was
    stored and written. ``judged`` counts its samples by what the judge said of them, empty where there was none."""

    record: DatasetRecord
    validation: ValidationReport
    splits: Mapping[SplitName, int]
    files: Mapping[str, Path]
    examples: tuple[Sample, ...] = ()
    warnings: tuple[str, ...] = ()
    judged: Mapping[str, int] = field(default_factory=dict)
