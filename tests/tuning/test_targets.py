"""Who trains a model, and what is said about one that nobody trains."""

from __future__ import annotations

from datetime import date

import pytest

from src.core.errors import ConfigError
from src.providers.lookup import provider_spec
from src.tuning.targets import find_target

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("provider", "model", "service"),
    [
        ("openai", "gpt-4.1-mini", "openai"),
        ("google", "gemini-3.5-flash", "vertex"),
        ("llama", "llama-3.1-8b", "together"),
        ("llama", "meta.llama3-1-70b-instruct-v1:0", "bedrock"),
    ],
)
def test_each_model_has_the_service_that_trains_it(provider: str, model: str, service: str) -> None:
    target = find_target(provider, model, TODAY)
    assert target.service == service
    assert target.notice


def test_the_vendor_is_told_the_model_or_the_tuned_one_that_was_named() -> None:
    assert find_target("openai", "gpt-4.1", TODAY).model == "gpt-4.1-2025-04-14"
    tuned = find_target("openai", " ft:gpt-4.1-2025-04-14:Acme::a1 ", TODAY)
    assert (tuned.model, tuned.limits.id) == ("ft:gpt-4.1-2025-04-14:Acme::a1", "gpt-4.1-2025-04-14")


def test_openai_says_who_may_start_jobs() -> None:
    assert "training_not_available" in find_target("openai", "gpt-4.1", TODAY).notice


@pytest.mark.parametrize(
    ("provider", "model", "cause", "fix"),
    [
        ("anthropic", "claude-3-haiku", "Anthropic tunes no model", "Bedrock"),
        ("mistral", "open-mistral-nemo", "Mistral tunes no model", "own hardware"),
        ("local", "smollm2", "not launched at a vendor", "training tools"),
        ("llama", "llama-3.1-8b-local", "not launched at a vendor", "training tools"),
        ("google", "gemini-2.5-pro", "takes no new job", "gemini-3.5-flash"),
        ("openai", "gpt-3.5-turbo", "takes no new job", "gpt-5.6-terra"),
        ("nobody", "m", "no provider 'nobody'", "openai"),
        ("openai", "gpt-9", "no model", "gpt"),
        ("openai", "ft:gpt-3.5-turbo-0125:acme::a1", "takes no new job", "gpt-5.6-terra"),
        ("google", "ft:gemini-3.5-flash:acme::a1", "only OpenAI's jobs go on from", "--model gemini-3.5-flash"),
    ],
)
def test_a_model_that_nobody_trains_is_refused_with_what_to_do_instead(
    provider: str, model: str, cause: str, fix: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        find_target(provider, model, TODAY)
    assert cause in str(caught.value)
    assert fix in caught.value.fix


def test_a_model_is_refused_from_the_day_on_that_its_vendor_named() -> None:
    find_target("openai", "gpt-4.1", date(2027, 1, 13))
    with pytest.raises(ConfigError, match="takes no new job"):
        find_target("openai", "gpt-4.1", date(2027, 1, 14))


def test_every_model_is_either_launched_or_refused_with_a_way_out() -> None:
    for provider in ("openai", "anthropic", "google", "mistral", "llama"):
        for model in provider_spec(provider).models:
            try:
                assert find_target(provider, model.id, TODAY).service
            except ConfigError as refusal:
                assert refusal.fix, model.id
