"""Asks whether to go ahead with what cannot be undone by itself."""

from __future__ import annotations

import sys

from src.cli.prompts import EndOfInputError, Prompter, parse_yes_no
from src.cli.session import Session
from src.core.errors import UsageError


def agreed(session: Session, question: str, refusal: str) -> bool:
    """What the person says to ``question``; no where the input ends. Raises UsageError with ``refusal`` where nobody is
    there to ask."""
    if not sys.stdin.isatty():
        raise UsageError(refusal, fix="Add --yes to go ahead.")
    try:
        return Prompter(sys.stdin, session.console).ask(question, parse_yes_no, default="n", back=False)
    except EndOfInputError:
        return False
