"""What every provider can do: name its models and limits, format and check training rows, answer a request."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from src.core.specs import ModelLimits
from src.core.types import ChatRequest, GenerationResult, ProviderName, Sample, TokenCount, ValidationReport
from src.providers import limits
from src.providers.lookup import find_model, provider_spec

CountTokens = Callable[[Sample], TokenCount]


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a provider. ``base_url`` "" is the vendor's own; ``timeout_s`` bounds one request."""

    api_key: str = ""
    base_url: str = ""
    timeout_s: float = 60.0
    model_path: str = ""

    def __repr__(self) -> str:
        return f"Connection(base_url={self.base_url!r}, timeout_s={self.timeout_s})"


class BaseProvider(ABC):
    """One vendor. Formatting and limits need no SDK and no key; the SDK is imported by the first ``generate``."""

    name: ClassVar[ProviderName]

    def __init__(self, connection: Connection | None = None, *, model: str = "") -> None:
        """``model`` is the model to be trained; it matters where a vendor's row layouts differ by model."""
        self.connection = connection or Connection()
        self.model = model

    def get_models(self) -> tuple[ModelLimits, ...]:
        """The models that can be chosen as training target, tunable ones first."""
        return provider_spec(self.name).models

    def get_limits(self, model: str) -> ModelLimits:
        """Everything published about ``model``. Raises ConfigError for a model this provider does not have."""
        return find_model(self.name, model)

    def get_token_limit(self, model: str) -> int | None:
        """Tokens that one training example may have; None where the vendor publishes no figure."""
        return self.get_limits(model).max_example_tokens

    def get_max_training_tokens(self, model: str) -> int | None:
        """Tokens that a whole training file may have; None where the vendor publishes no figure."""
        return self.get_limits(model).max_training_tokens

    @abstractmethod
    def format_example(self, sample: Sample) -> dict[str, Any]:
        """The JSON object of one line of this provider's training file."""

    def format_preference(self, sample: Sample) -> dict[str, Any]:  # noqa: ARG002 - adapters with the format need it
        """The JSON object of one line of this provider's preference file, for a sample with a ``rejected`` answer.
        Raises ValueError when the provider has no such format."""
        raise ValueError(f"{self.name} has no format for preference pairs")

    def validate_dataset(self, dataset: Sequence[Sample], count: CountTokens, model: str) -> ValidationReport:
        """Check samples against the limits of ``model``; ``count`` gives the tokens of a sample."""
        return limits.check_dataset(dataset, self.get_limits(model), count)

    @property
    def endpoint(self) -> str:
        """The address that requests go to, "" for the vendor's own: what its answers depend on beside the model."""
        return ""

    @abstractmethod
    async def generate(self, request: ChatRequest) -> GenerationResult:
        """Send one request. Raises ProviderError with its kind; never retries."""

    async def aclose(self) -> None:  # noqa: B027 a provider without connections has nothing to release
        """Release connections. Safe to call twice."""
