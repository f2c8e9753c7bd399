"""clean: samples dropped by rules, texts replaced and trimmed, labels changed; shown before anything happens."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from src.cli.actions.making_versions import agreement, editor_of, show_and_make
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError

if TYPE_CHECKING:
    from src.library.editing.cleaning import Cleaning
    from src.library.editing.rules import Rule
    from src.stored.revising import Edit


def clean(arguments: Namespace, session: Session) -> Outcome:
    """Change the samples that the options are about, as one new version."""
    cleaning = read_cleaning(arguments, session)
    return show_and_make(
        session,
        arguments.dataset,
        make_edit(arguments, cleaning),
        agreement(arguments, session),
        only_show=arguments.plan,
    )


def make_edit(arguments: Namespace, cleaning: Cleaning) -> Edit:
    """The change that a cleaning makes, with the options as its reason."""
    from src.stored.revising import Edit

    return Edit(
        reason=f"cleaned: {', '.join(_said(arguments))}",
        author=arguments.author,
        revise=cleaning.revise,
        leave_bad=arguments.leave_bad,
    )


def read_cleaning(arguments: Namespace, session: Session) -> Cleaning:
    """What the options ask for. Raises UsageError for options that mean nothing, or none at all."""
    from src.library.editing.cleaning import Cleaning
    from src.library.editing.labels import Relabelling
    from src.library.editing.patterns import Replacement
    from src.library.editing.rules import Scope

    cleaning = Cleaning(
        editor_of(arguments, "clean"),
        Scope(tuple(arguments.source), tuple(arguments.topic), tuple(arguments.split)),
        tuple(_rules(arguments, session)),
        tuple(Replacement.read(*pair) for pair in arguments.replace),
        arguments.within,
        arguments.trim,
        Relabelling.read(arguments.relabel),
    )
    if cleaning.does_nothing:
        raise UsageError("Nothing says what to clean.", fix="Name a rule, as --refusals or --trim; see 'clean --help'.")
    return cleaning


def _rules(arguments: Namespace, session: Session) -> list[Rule]:
    from src.library.editing import rules
    from src.library.editing.patterns import Pattern

    found: list[Rule] = []
    if arguments.min_chars is not None or arguments.max_chars is not None:
        found.append(rules.by_length(arguments.min_chars, arguments.max_chars))
    if arguments.max_tokens is not None:
        found.append(rules.by_tokens(arguments.max_tokens))
    if arguments.language:
        found.append(rules.by_language(frozenset(_languages(arguments.language))))
    if arguments.below_score is not None:
        found.append(rules.by_score(arguments.below_score))
    if arguments.refusals:
        found.append(rules.refusals)
    if arguments.objection is not None:
        found.append(rules.by_objection(frozenset(arguments.objection)))
    found += [rules.by_pattern(Pattern(text), arguments.within) for text in arguments.matching]
    if arguments.marked:
        found.append(rules.by_mark(_marked(arguments.dataset, session)))
    return found


def _languages(texts: list[str]) -> list[str]:
    from src.library.editing.rules import KNOWN_LANGUAGES

    wanted = [code.strip().lower() for text in texts for code in text.split(",") if code.strip()]
    for code in wanted:
        if code not in KNOWN_LANGUAGES:
            raise UsageError(f"The language {code!r} cannot be told.", fix=f"Use {', '.join(KNOWN_LANGUAGES)}.")
    return wanted


def _marked(name: str, session: Session) -> frozenset[str]:
    from src.persistence.drops import dropped_samples
    from src.persistence.sqlite_client import Store

    with Store(session.workspace.database) as store:
        return frozenset(dropped_samples(store, store.find(name)))


_SAID = (
    ("min_chars", "answers of {} characters or more"),
    ("max_chars", "answers of {} characters or fewer"),
    ("max_tokens", "{} tokens or fewer"),
    ("language", "language {}"),
    ("below_score", "score {} or more"),
    ("refusals", "no refusals"),
    ("objection", "no objections"),
    ("matching", "nothing that matches {}"),
    ("marked", "nothing that was marked"),
    ("replace", "replaced {}"),
    ("trim", "trimmed"),
    ("relabel", "relabelled {}"),
)


def _said(arguments: Namespace) -> list[str]:
    """The options in words, for the version's reason."""
    return [
        text.format(_shown(value))
        for name, text in _SAID
        if (value := getattr(arguments, name)) not in (None, False, [], ())
    ]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(" by ".join(map(repr, one)) if isinstance(one, list | tuple) else str(one) for one in value)
    return str(value)
