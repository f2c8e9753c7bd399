"""What is published of providers and their models: limits, prices, how each is reached (providers/models.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from src.core.types import ProviderName


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """What a vendor publishes about one model (providers/models.yaml). None means: no published figure.

    Prices are USD per million tokens. ``tunable`` is False where the vendor takes no new training job today; the
    model then stays selectable as "retired: format only". ``tokenizer`` is the key that token_counter understands.
    ``max_validation_share`` bounds the validation set as a share of the training set once it has over 1,000 examples.
    ``train_price_note`` says what is to be known about the training price, ``counted_by`` which model of the vendor's
    token counting counts for it. ``examples_count_both``: the limits on examples hold for the training and the
    validation file together. ``checked`` is the day of the last check, as 2026-11-21.
    """

    id: str
    provider: ProviderName
    title: str
    status: str
    tunable: bool
    tokenizer: str
    status_note: str = ""
    retired_on: str = ""
    replacement: str = ""
    route: str = ""
    context_window: int | None = None
    max_output_tokens: int | None = None
    max_example_tokens: int | None = None
    max_training_tokens: int | None = None
    min_examples: int | None = None
    recommended_examples: int | None = None
    max_examples: int | None = None
    examples_count_both: bool = False
    max_validation_examples: int | None = None
    max_validation_share: float | None = None
    max_file_mb: int | None = None
    train_price: float | None = None
    train_price_note: str = ""
    input_price: float | None = None
    output_price: float | None = None
    counted_by: str = ""
    formats: tuple[str, ...] = ()
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class WriterModel:
    """A model that can write samples: what the agent system runs on. Prices in USD per million tokens.

    ``takes_temperature`` is False where the vendor refuses sampling parameters. ``reasoning_effort`` goes with every
    request when set. ``preset`` names the endpoint that serves the model; empty: the vendor's own. ``source`` and
    ``checked`` are as for ModelLimits.
    """

    id: str
    context_window: int
    max_output_tokens: int
    input_price: float | None = None
    output_price: float | None = None
    takes_temperature: bool = True
    reasoning_effort: str = ""
    preset: str = ""
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class BatchOffer:
    """A vendor's batch API. ``discount`` is the share taken off the price; ``max_requests`` and ``max_mb`` bound one
    batch; ``presets`` are the endpoints that have it, where not all of the provider's do."""

    discount: float
    max_requests: int
    max_mb: int
    presets: tuple[str, ...] = ()
    source: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """One provider of models.yaml: its models to train, its models that write, and how to reach it.

    ``presets`` maps the names that ``endpoints.<provider>`` takes to base URLs; ``concurrency`` is how many requests
    may be in flight. ``demo_quality`` marks output that nobody should train on in earnest.
    """

    name: ProviderName
    title: str
    models: tuple[ModelLimits, ...]
    writers: tuple[WriterModel, ...]
    key_name: str = ""
    presets: Mapping[str, str] = field(default_factory=dict)
    concurrency: int = 8
    demo_quality: bool = False
    batch: BatchOffer | None = None
