"""The subcommand try: the same words to the tuned model and its base, the answers side by side."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from src.cli.actions.curation_places import path_of
from src.cli.prompts import BackRequestedError, EndOfInputError, Prompter
from src.cli.screens import fold
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.errors import UsageError
from src.reports.tables import display_width

if TYPE_CHECKING:
    from src.training.chat import Answers, SideBySide

_GAP = "  |  "
_LEAST_COLUMN = 30
_MOST_LINES = 400
_NEW = "/new"


def try_tuned(arguments: Namespace, session: Session) -> Outcome:
    """Answer every ``--prompt`` by itself, or talk until the person has enough."""
    if arguments.max_tokens is not None and arguments.max_tokens < 1:
        raise UsageError(f"--max-tokens {arguments.max_tokens} is not possible.", fix="Give 1 or more.")
    if not arguments.prompt and arguments.json:
        raise UsageError("--json needs --prompt.", fix='As in --prompt "How do I patch a tyre?" --json.')
    from src.training.chat import open_chat
    from src.training.replies import MAX_NEW_TOKENS
    from src.training.runs import find_run

    run = find_run(path_of(arguments.run))
    session.console.remark(f"Loading {run.base} with {run.adapter} ...")
    limit = arguments.max_tokens or MAX_NEW_TOKENS
    chat = open_chat(run, system=arguments.system or "", max_new_tokens=limit)
    if not arguments.prompt:
        talk(session, Prompter(sys.stdin, session.console), chat)
        return Outcome({})
    answers = []
    for prompt in arguments.prompt:
        chat.forget()
        said = chat.ask(prompt)
        session.console.heading(prompt)
        session.console.lines(side_by_side(said, session.console.width))
        answers.append({"prompt": prompt, **said._asdict()})
    return Outcome({"base_model": run.base, "adapter": str(run.adapter), "answers": answers})


def talk(session: Session, prompter: Prompter, chat: SideBySide) -> None:
    """Ask both until ``b`` or the end of input."""
    console = session.console
    console.say(f"Both remember what was said; {_NEW} begins anew, b ends.")
    try:
        while True:
            text = prompter.ask("You", str.strip)
            if text == _NEW:
                chat.forget()
                console.say("A new conversation.", "quiet")
            elif text:
                console.lines(side_by_side(chat.ask(text), console.width))
                console.say()
    except (BackRequestedError, EndOfInputError):
        console.say("Goodbye.", "quiet")


def side_by_side(answers: Answers, width: int) -> list[str]:
    """The base on the left, the tuned model on the right; one below the other where the screen is narrow."""
    column = (width - len(_GAP)) // 2
    if column < _LEAST_COLUMN:
        lines = []
        for name, text in (("base", answers.base), ("tuned", answers.tuned)):
            lines += [f"{name}:", *(f"  {line}" for line in fold(text or "(nothing)", width - 2, limit=_MOST_LINES))]
        return lines
    left, right = (fold(text or "(nothing)", column, limit=_MOST_LINES) for text in answers)
    left, right = ["base", "-" * column, *left], ["tuned", "-" * column, *right]
    height = max(len(left), len(right))
    left, right = (lines + [""] * (height - len(lines)) for lines in (left, right))
    return [
        f"{one}{' ' * (column - display_width(one))}{_GAP}{other}".rstrip()
        for one, other in zip(left, right, strict=True)
    ]
