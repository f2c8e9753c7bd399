"""What a training job is billed, by the vendor that trains."""

from __future__ import annotations

import pytest

from src.core.types import ProviderName
from src.providers.lookup import find_model
from src.providers.training_price import billed_tokens, training_usd


@pytest.mark.parametrize(
    ("provider", "model", "billed"),
    [
        ("openai", "gpt-4.1-mini", 3 * 1000),
        ("llama", "llama-3.1-8b", 3 * 1200),
        ("llama", "meta.llama3-1-8b-instruct-v1:0", 3 * 1000),
    ],
)
def test_every_epoch_is_billed_and_at_together_its_evaluation_too(
    provider: ProviderName, model: str, billed: int
) -> None:
    assert billed_tokens(find_model(provider, model), 3, 1000, 200) == billed


def test_a_price_is_per_million_tokens_and_none_where_none_is_published() -> None:
    assert training_usd(find_model("openai", "gpt-4.1-mini"), 2_000_000) == 10.0
    assert training_usd(find_model("llama", "meta.llama3-1-8b-instruct-v1:0"), 2_000_000) is None
