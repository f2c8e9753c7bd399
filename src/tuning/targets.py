"""Who trains a model: the service behind it, or why nobody does and what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from src.core.errors import ConfigError
from src.core.specs import ModelLimits
from src.core.types import PROVIDER_NAMES
from src.providers.describe_model import status_label
from src.providers.limits import check_status
from src.providers.lookup import find_model
from src.providers.tuning_api import Service

_LOCAL = "the training tools of this program train it on your own hardware, without launch"


class _Refusal(NamedTuple):
    message: str
    fix: str


_NOT_OFFERED: Mapping[str, _Refusal] = {
    "anthropic": _Refusal(
        message="Anthropic tunes no model. The one that Amazon Bedrock tuned, Claude 3 Haiku, has ended on 2026-09-10.",
        fix="On Bedrock tune a Llama: --provider llama --model meta.llama3-1-8b-instruct-v1:0. Or show a Claude some "
        "examples of your dataset in its prompt.",
    ),
    "mistral": _Refusal(
        message="Mistral tunes no model any more: it has closed its fine-tuning service.",
        fix="The open weights (Mistral 7B, Nemo, Mixtral) can be tuned on your own hardware: export the dataset and "
        "train with axolotl, LLaMA-Factory or TRL. Hosted: --provider google, or --provider llama.",
    ),
    "local": _Refusal(
        message="A local model is not launched at a vendor.",
        fix="It comes with the training tools: export the dataset and train on your own hardware.",
    ),
}
_NOTICES: dict[Service, str] = {
    "openai": (
        "OpenAI takes new jobs only from organisations that have tuned before and used a tuned model lately, until "
        "2027-01-06; all others are answered with 'training_not_available'. Nothing is charged then."
    ),
    "together": "Together trains a LoRA of this model but does not serve the result: you download the weights.",
    "vertex": "Training files are copied into your Cloud Storage bucket and stay there until you delete them.",
    "bedrock": (
        "Training files are copied into your S3 bucket and stay there until you delete them. Using the tuned model "
        "takes provisioned throughput or a custom model deployment, which cost extra."
    ),
}


class Target(NamedTuple):
    """A model that can be tuned today, and who does it. ``notice`` is what a person should know before; ``model`` is
    what the vendor is told: the model of ``limits``, or one tuned before, which the job goes on from."""

    limits: ModelLimits
    service: Service
    notice: str
    model: str


def find_target(provider: str, model: str, today: date) -> Target:
    """The target of a job. Raises ConfigError for a model that nobody tunes today, with what can be done instead."""
    if provider not in PROVIDER_NAMES:
        raise ConfigError(f"There is no provider {provider!r}.", fix=f"Choose one of: {', '.join(PROVIDER_NAMES)}.")
    if provider in _NOT_OFFERED:
        refusal = _NOT_OFFERED[provider]
        raise ConfigError(refusal.message, fix=refusal.fix)
    limits = find_model(provider, model)
    if limits.status == "self-hosted":
        raise ConfigError(f"{limits.title} is not launched at a vendor.", fix=f"Export the dataset: {_LOCAL}.")
    if not limits.tunable or _is_over(limits, today):
        issues = check_status(limits)
        fix = issues[0].fix if issues else ""
        raise ConfigError(f"{limits.title} takes no new job: {status_label(limits)}.", fix=fix or _others(limits))
    service = _service_of(limits)
    return Target(limits, service, _NOTICES[service], _model_to_train(model.strip(), limits, service))


def _model_to_train(typed: str, limits: ModelLimits, service: Service) -> str:
    """OpenAI's jobs go on from a tuned model (``ft:<base>:...``), named as it is. Raises ConfigError elsewhere."""
    if not typed.lower().startswith("ft:"):
        return limits.id
    if service != "openai":
        raise ConfigError(
            f"{typed!r} is the name of a tuned model, which only OpenAI's jobs go on from.",
            fix=f"Train the model itself: --model {limits.id}.",
        )
    return typed


def _service_of(limits: ModelLimits) -> Service:
    by_provider: dict[str, Service] = {"openai": "openai", "google": "vertex"}
    if limits.provider in by_provider:
        return by_provider[limits.provider]
    routes: dict[str, Service] = {"together": "together", "aws bedrock": "bedrock"}
    for beginning, service in routes.items():
        if limits.route.startswith(beginning):
            return service
    raise ConfigError(f"launch does not reach {limits.title} ({limits.route}).", fix=_others(limits))


def _is_over(limits: ModelLimits, today: date) -> bool:
    """Whether the vendor's own date has passed since models.yaml was checked."""
    try:
        return bool(limits.retired_on) and date.fromisoformat(limits.retired_on) <= today
    except ValueError:
        return False  # a remark instead of a date, as "not before 2027-05-19"


def _others(limits: ModelLimits) -> str:
    return f"See 'python -m src.main models' for models that can be tuned; {limits.title} stays a format to export."
