"""Menu 11: the models that can be trained, what they cost, and training files in other formats."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from src.cli.file_questions import file_in, file_to_write
from src.cli.prompts import AnswerError, Prompter
from src.cli.screens import show_path, table
from src.cli.session import Session
from src.cli.views.models import PROVIDER_HEADS, PROVIDER_NUMBERS, provider_rows


def show_models(session: Session, prompter: Prompter) -> None:
    """11.1: the models of one provider, or of all."""
    from src.cli.views.catalogue import show_catalogue
    from src.providers.lookup import provider_spec

    names, rows = provider_rows(session.secrets())
    rows.append((str(len(rows) + 1), "All", "", "", ""))
    session.console.say()
    session.console.lines(table(PROVIDER_HEADS, rows, width=session.console.width, right=PROVIDER_NUMBERS))
    index = prompter.pick_number("Provider", len(rows), [*names, "all"], default=len(names))
    picked = names if index == len(names) else [names[index]]
    show_catalogue(session.console, [provider_spec(name) for name in picked])


def compare_costs(session: Session, prompter: Prompter) -> None:
    """11.2: what training on a stored dataset would cost with every model."""
    from src.cli.actions.models import MOST_EPOCHS
    from src.cli.menus.stored import choose_dataset
    from src.cli.progress import Progress
    from src.cli.prompts import parse_whole
    from src.cli.views.cost import show_estimate
    from src.stored.estimating import DEFAULT_EPOCHS, estimate_costs, models_to_compare

    def epochs_in(text: str) -> int:
        number = parse_whole(text, "a number of epochs")
        if not 1 <= number <= MOST_EPOCHS:
            raise AnswerError(f"{number} is not possible: type 1 to {MOST_EPOCHS}.")
        return number

    name = choose_dataset(session, prompter)
    epochs = prompter.text("Epochs, passes over the rows", epochs_in, default=str(DEFAULT_EPOCHS))
    with Progress(session.console) as progress:
        found = estimate_costs(
            name, models_to_compare(None, None), session.config(), session.parts(progress), epochs=epochs
        )
    show_estimate(session.console, found)


def convert_file(session: Session, prompter: Prompter) -> None:
    """11.3: a training file in another format; asks again before something is lost."""
    from src.cli.actions.formats import convert
    from src.utils.formats.registry import FORMATS

    session.console.heading("Convert a training file")
    newest = max(
        session.workspace.output_datasets.glob("*_train.jsonl"), key=lambda path: path.stat().st_mtime, default=None
    )
    source = prompter.text("File to convert", file_in, default=show_path(newest, Path.cwd()) if newest else "")
    names = list(FORMATS)
    target = names[prompter.choose("Format", [f"{name}  {FORMATS[name].title}" for name in names])]
    out = prompter.text("File to write", file_to_write, default=str(source.with_name(f"{source.stem}_{target}.jsonl")))
    wish = Namespace(source=str(source), out=None, to=target, source_format=None, allow_loss=True, preview=True)
    losses = (convert(wish, session).facts or {}).get("losses")
    if losses and not prompter.yes_no("Write it all the same, without that", default=False):
        session.console.say("Nothing was written.")
        return
    convert(Namespace(**{**vars(wish), "out": out, "preview": False}), session)
