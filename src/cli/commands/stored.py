"""The subcommands that work on stored datasets and on the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Action, Room, Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _split(parser: ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", type=given, help="name or id, see 'datasets'")
    parser.add_argument("--ratio", metavar="R", help="training share, as 0.8 or 80-20; default: config.yaml")
    parser.add_argument("--strategy", choices=("random", "weighted"), help="default: config.yaml")
    parser.add_argument(
        "--weight-by", choices=("source", "keywords"), help="what weighted cuts by; default: config.yaml"
    )


def _maybe_dataset(parser: ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", nargs="?", type=given, help="name or id; default: the latest")


def _export(parser: ArgumentParser) -> None:
    _maybe_dataset(parser)
    parser.add_argument("--jsonl", action="store_true", help="only the JSONL files")
    parser.add_argument("--csv", action="store_true", help="only the CSV file")
    parser.add_argument(
        "--format", metavar="F", type=given, help="another training format, as sharegpt or trl; see convert"
    )
    parser.add_argument("--allow-loss", action="store_true", help="write even what --format cannot hold whole")
    parser.add_argument(
        "--min-score", metavar="Q", type=float, help="only samples that score Q or more, into files of their own"
    )


def _compare(parser: ArgumentParser) -> None:
    for name in ("a", "b"):
        parser.add_argument(
            name, metavar=name.upper(), type=given, help="a stored dataset by name or id, or a JSONL file"
        )
    parser.add_argument("c", metavar="C", nargs="?", type=given, help="a third one")
    parser.add_argument("--html", metavar="FILE", type=given, help="also write the comparison as a page")


def _whole(text: str) -> int:
    """The ``type`` of a number of things: 1 or more."""
    if text.isdecimal() and int(text):
        return int(text)
    from argparse import ArgumentTypeError

    raise ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")


def _refine(parser: ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", type=given, help="name or id, see 'datasets'")
    parser.add_argument(
        "--size",
        metavar="N",
        type=_whole,
        help="samples at which to end; default: the wished ones, or one for everything that is missing",
    )
    parser.add_argument("--rounds", metavar="N", type=_whole, default=3, help="rounds at most; default: 3")
    parser.add_argument(
        "--plan", action="store_true", help="show what would be written anew and what it may cost, and stop there"
    )
    parser.add_argument("--yes", action="store_true", help="go ahead whatever it may cost: nobody is asked")


def _drop(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", type=given, help="name or id of a dataset")
    parser.add_argument(
        "ids", metavar="SAMPLE_ID", nargs="+", type=given, help="of its CSV file; the first digits are enough"
    )
    parser.add_argument("--note", metavar="TEXT", help="why: the model that writes another one is told so")
    parser.add_argument("--undo", action="store_true", help="they are wanted after all")


def _show(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", type=given, help="name or id of a dataset")


def _discard(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", type=given, help="name of an unfinished run")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _restore(parser: ArgumentParser) -> None:
    parser.add_argument(
        "backup", metavar="BACKUP", type=given, help="a file name of 'datasets backups', a path, or latest"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")


STORED = Room(
    "Stored datasets",
    (
        Subcommand(
            name="split",
            summary="divide a stored dataset anew and write its files again",
            target="src.cli.run_commands:split",
            examples=("my_dataset --ratio 0.9", "my_dataset --ratio 70-30 --strategy weighted --weight-by keywords"),
            add_arguments=_split,
        ),
        Subcommand(
            name="export",
            summary="write the JSONL and CSV files of a stored dataset again",
            target="src.cli.run_commands:export",
            examples=("my_dataset", "my_dataset --csv", "my_dataset --format sharegpt"),
            add_arguments=_export,
        ),
        Subcommand(
            name="stats",
            summary="show tokens, distribution and sources of a stored dataset",
            target="src.cli.dataset_commands:stats",
            examples=("", "my_dataset --json"),
            add_arguments=_maybe_dataset,
        ),
        Subcommand(
            name="compare",
            summary="put two or three datasets side by side: which is more varied, better grounded, and by how much",
            target="src.cli.comparison_commands:compare",
            examples=("my_dataset my_dataset-2", "old.jsonl new.jsonl my_dataset --html comparison.html"),
            add_arguments=_compare,
        ),
        Subcommand(
            name="refine",
            summary="write anew what a dataset lacks (rejected, dropped, borderline samples, passages without one), "
            "as a new dataset",
            target="src.cli.refine_commands:refine",
            examples=("my_dataset --plan", "my_dataset --rounds 2 --yes", "my_dataset --size 200 --json"),
            add_arguments=_refine,
        ),
        Subcommand(
            name="datasets",
            summary="list, show and discard datasets; drop samples; list and restore backups",
            target="src.cli.dataset_commands:datasets",
            examples=(
                "",
                "show my_dataset",
                "drop my_dataset 3f9a02 --note vague",
                "discard my_dataset-2",
                "backups",
                "restore latest",
            ),
            actions=(
                Action("list", "every stored dataset (what happens without an action)"),
                Action("show", "one dataset with its settings and three samples", _show),
                Action("drop", "samples that you do not want: 'refine' leaves them out and writes others", _drop),
                Action("discard", "forget an unfinished run, which frees its name; shows it first, and asks", _discard),
                Action("backups", "the backups of the database"),
                Action("restore", "bring a backup back; shows first what it holds, and asks", _restore),
            ),
        ),
    ),
)
