"""What a run may cost, said before it begins: calls and dollars, estimated from above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from src.core.config import RunConfig
from src.core.secrets import Secrets
from src.core.types import SourceDocument, Usage
from src.providers.limits import cap_size, cost_usd, find_model

CALLS_PER_SAMPLE_AT_MOST = 6
"""Three rounds over the slots, each with one re-ask (generation/sample_writer.py)."""
WRITING_CALL = Usage(input_tokens=1_600, output_tokens=400)
"""A prompt of 3,500 characters, a passage of up to 2,000, examples; one answer. Rounded up."""
READING_CALL = Usage(input_tokens=4_000, output_tokens=600)
"""A window of 12,000 characters with its prompt; one list of line numbers. Rounded up."""
_WINDOW_CHARACTERS = 12_000


@dataclass(frozen=True, slots=True)
class PaidWork:
    """Who is asked how often. ``expected_usd`` and ``most_usd`` are None where no price is known."""

    provider: str
    model: str
    expected_calls: int
    most_calls: int
    expected_usd: float | None
    most_usd: float | None

    def lines(self) -> list[tuple[str, str]]:
        """Labels and values for the screen."""
        calls = f"about {self.expected_calls:,}, at most {self.most_calls:,}"
        cost = "no price is known for this model"
        if self.expected_usd is not None and self.most_usd is not None:
            cost = f"about ${self.expected_usd:.2f}, at most ${self.most_usd:.2f} (estimate)"
        return [("Provider", self.provider), ("Model", self.model), ("Calls", calls), ("Cost", cost)]


def estimate_work(config: RunConfig, secrets: Secrets, documents: Sequence[SourceDocument]) -> PaidWork | None:
    """What a run of ``config`` over ``documents`` may cost; None when nothing is paid. Answers that are in the journal
    already cost nothing, which is not known before. Raises ConfigError when no writer can be chosen."""
    from src.generation.writer import find_writer

    writer = find_writer(config, secrets)
    if writer is None or writer.provider == "local" or writer.model.input_price == writer.model.output_price == 0:
        return None
    writing = _samples_to_write(config)
    reading = _windows(documents) if config.mode in {"identify", "hybrid"} else 0
    size = cap_size(config.dataset_size, find_model(config.provider, config.model)).used if writing else 0
    most_writing = size * CALLS_PER_SAMPLE_AT_MOST
    usages = [_sum(writing, 0), _sum(most_writing, 2 * reading)]
    expected, most = (cost_usd(writer.model, usage) for usage in usages)
    return PaidWork(writer.provider, writer.model.id, writing, most_writing + 2 * reading, expected, most)


def writer_text(config: RunConfig, secrets: Secrets) -> str:
    """Who writes, in a few words."""
    from src.generation.writer import find_writer

    writer = find_writer(config, secrets)
    if writer is None:
        return "no model is needed"
    return f"writer: {writer.provider} {writer.model.id}" + (" (demo quality)" if writer.demo_quality else "")


def _samples_to_write(config: RunConfig) -> int:
    size = cap_size(config.dataset_size, find_model(config.provider, config.model)).used
    share = {"identify": 0.0, "hybrid": config.agent.hybrid.generation_ratio}.get(config.mode, 1.0)
    return round(size * share)


def _windows(documents: Sequence[SourceDocument]) -> int:
    """Pieces of documents that a model is asked about where no rule finds the conversations."""
    lengths = (sum(len(section.text) for section in document.sections) for document in documents)
    return sum(-(-length // _WINDOW_CHARACTERS) for length in lengths)


def _sum(writing_calls: int, reading_calls: int) -> Usage:
    return Usage(
        writing_calls * WRITING_CALL.input_tokens + reading_calls * READING_CALL.input_tokens,
        writing_calls * WRITING_CALL.output_tokens + reading_calls * READING_CALL.output_tokens,
    )
