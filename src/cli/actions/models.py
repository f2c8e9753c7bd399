"""The subcommands that show models and compare costs."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from src.cli.progress import Progress
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.cli.targets import provider_named
from src.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from src.core.types import ProviderName

MOST_EPOCHS = 100


def models(arguments: Namespace, session: Session) -> Outcome:
    """All models, those of one provider, or everything about one; with ``--check`` what should be looked up again."""
    from src.cli.views.catalogue import model_facts, show_catalogue, show_model
    from src.core.types import PROVIDER_NAMES
    from src.providers.lookup import find_model, find_model_anywhere, provider_spec

    provider = provider_named(arguments.provider)
    if arguments.model:
        shown = find_model(provider, arguments.model) if provider else find_model_anywhere(arguments.model)
        show_model(session.console, shown)
        return Outcome({"models": [model_facts(shown)]})
    names: list[ProviderName] = [provider] if provider else [name for name in PROVIDER_NAMES if name != "local"]
    if arguments.check:
        return Outcome({"outdated": _check(names, session)})
    specs = [provider_spec(name) for name in names]
    show_catalogue(session.console, specs)
    return Outcome({"models": [model_facts(model) for spec in specs for model in spec.models]})


def estimate(arguments: Namespace, session: Session) -> Outcome:
    """A table of models with what training would cost; no good news where none of them takes the dataset."""
    from src.cli.views.cost import estimate_facts, show_estimate
    from src.stored.estimating import estimate_costs, models_to_compare

    if not 1 <= arguments.epochs <= MOST_EPOCHS:
        raise UsageError(f"--epochs {arguments.epochs} is not possible.", fix=f"Give 1 to {MOST_EPOCHS}.")
    provider = provider_named(arguments.provider)
    if arguments.all and (provider or arguments.model):
        raise UsageError("--all means every model.", fix="Leave out --all, or --provider and --model.")
    compared = models_to_compare(provider, arguments.model)
    with Progress(session.console) as progress:
        found = estimate_costs(
            arguments.source, compared, session.config(), session.parts(progress), epochs=arguments.epochs
        )
    show_estimate(session.console, found)
    return Outcome(estimate_facts(found), any(model.fits for model in found.models))


def _check(names: Sequence[ProviderName], session: Session) -> list[dict[str, Any]]:
    """Warn of every entry that should be looked up again; returns them."""
    from src.providers.ages import MOST_DAYS, outdated_entries

    found = outdated_entries(names, datetime.now(UTC).date())
    for entry in found:
        age = "at no known day" if entry.days is None else f"{entry.days} days ago"
        session.console.warning(f"{entry.provider} {entry.name}: checked {age} (source: {entry.source or 'none'}).")
    if found:
        session.console.say(
            f"{len(found):,} checked over {MOST_DAYS} days ago: look them up, and put what has changed into "
            "models.local.yaml."
        )
    else:
        session.console.success(f"Every entry was checked in the last {MOST_DAYS} days.")
    return [entry._asdict() for entry in found]
