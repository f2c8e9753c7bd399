"""Which models there are: those that can be trained and those that write samples, by the names that people use."""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING

from src.core.errors import ConfigError
from src.core.specs import ModelLimits, ProviderSpec, WriterModel
from src.core.types import PROVIDER_NAMES, ProviderName

if TYPE_CHECKING:
    from src.providers.catalogue import Catalogue


def provider_spec(name: ProviderName) -> ProviderSpec:
    """Everything models.yaml says about one provider; read once."""
    return _catalogue(name).spec


def find_model(provider: ProviderName, model: str) -> ModelLimits:
    """The limits of a model, by its id, an alias (``gpt-4o``) or a tuned name (``ft:<base>:...``), in any case.

    Raises ConfigError with the closest names when ``provider`` has no such model.
    """
    catalogue = _catalogue(provider)
    name = model.strip().lower()
    if name.startswith("ft:"):
        name = name.split(":")[1]
    found = catalogue.aliases.get(name)
    for limits in catalogue.spec.models:
        if limits.id == found:
            return limits
    raise ConfigError(
        f"{catalogue.spec.title} has no model {model!r} to make a dataset for.",
        fix=_suggest(name, sorted(catalogue.aliases), [limits.id for limits in catalogue.spec.models]),
    )


def find_model_anywhere(model: str) -> ModelLimits:
    """As ``find_model``, whichever provider has it. Raises ConfigError with the closest names of all of them."""
    for provider in PROVIDER_NAMES:
        with suppress(ConfigError):
            return find_model(provider, model)
    catalogues = [_catalogue(provider) for provider in PROVIDER_NAMES]
    names = sorted(alias for catalogue in catalogues for alias in catalogue.aliases)
    all_names = [limits.id for catalogue in catalogues for limits in catalogue.spec.models]
    raise ConfigError(f"No provider has a model {model!r} to train.", fix=_suggest(model, names, all_names))


def find_writer(provider: ProviderName, model: str, endpoint: str = "") -> WriterModel:
    """A model that can write samples, by its id. ``endpoint`` is what ``endpoints.<provider>`` says.

    Servers of one's own (llama) take any name; for one that is not in models.yaml the windows are a cautious guess.
    Raises ConfigError with the closest names when the vendor's list does not have it.
    """
    catalogue = _catalogue(provider)
    known = [writer for writer in catalogue.spec.writers if writer.id.lower() == model.strip().lower()]
    if known:
        return next((writer for writer in known if writer.preset == endpoint.strip().lower()), known[0])
    if catalogue.open_writers and model.strip():
        return WriterModel(id=model.strip(), context_window=8192, max_output_tokens=4096)
    names = [writer.id for writer in catalogue.spec.writers]
    raise ConfigError(
        f"{catalogue.spec.title} has no model {model!r} that writes samples.", fix=_suggest(model, names, names)
    )


def default_writer(provider: ProviderName, endpoint: str = "") -> WriterModel:
    """The cheapest suitable model of a provider; for ``llama`` the one that the preset ``endpoint`` serves."""
    writers = provider_spec(provider).writers
    return next(
        (writer for writer in writers if writer.preset and writer.preset == endpoint.strip().lower()), writers[0]
    )


def _catalogue(provider: ProviderName) -> Catalogue:
    # pydantic and yaml cost a tenth of a second: only who asks for a model pays it
    from src.providers.catalogue import load_catalogue

    return load_catalogue()[provider]


def _suggest(name: str, names: list[str], all_names: list[str]) -> str:
    close = get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(close)}?" if close else f"Choose one of: {', '.join(all_names)}."
