"""The subcommands that work on stored datasets and on the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Action, Room, Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _split(parser: ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", type=stored_dataset, help="name or id, see 'datasets'")
    parser.add_argument("--ratio", metavar="R", help="training share, as 0.8 or 80-20; default: config.yaml")
    parser.add_argument("--strategy", choices=("random", "weighted"), help="default: config.yaml")
    parser.add_argument(
        "--weight-by", choices=("source", "keywords"), help="what weighted cuts by; default: config.yaml"
    )


def _maybe_dataset(parser: ArgumentParser) -> None:
    parser.add_argument(
        "dataset", metavar="DATASET", nargs="?", type=stored_dataset, help="name or id; default: the latest"
    )


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
            name, metavar=name.upper(), type=stored_dataset, help="a stored dataset by name or id, or a JSONL file"
        )
    parser.add_argument("c", metavar="C", nargs="?", type=stored_dataset, help="a third one")
    parser.add_argument("--html", metavar="FILE", type=given, help="also write the comparison as a page")


def _whole(text: str) -> int:
    """The ``type`` of a number of things: 1 or more."""
    if text.isdecimal() and int(text):
        return int(text)
    from argparse import ArgumentTypeError

    raise ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")


def _refine(parser: ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", type=stored_dataset, help="name or id, see 'datasets'")
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
    parser.add_argument("name", metavar="NAME", type=stored_dataset, help="name or id of a dataset")
    parser.add_argument(
        "ids", metavar="SAMPLE_ID", nargs="+", type=given, help="of its CSV file; the first digits are enough"
    )
    parser.add_argument("--note", metavar="TEXT", help="why: the model that writes another one is told so")
    parser.add_argument("--undo", action="store_true", help="they are wanted after all")


def _show(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", type=stored_dataset, help="name or id of a dataset")


def _discard(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", type=given, help="name of an unfinished run")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _rename(parser: ArgumentParser) -> None:
    _show(parser)
    parser.add_argument("new_name", metavar="NEW_NAME", type=given, help="what it is called from now on")


def _delete(parser: ArgumentParser) -> None:
    _show(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _undo(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", type=given, help="name or id of a deleted dataset")


def _purge(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", type=given, help="a deleted dataset; default: all of them")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _rollback(parser: ArgumentParser) -> None:
    _show(parser)
    parser.add_argument("version", metavar="VERSION", type=_whole, help="its number in 'datasets versions'")
    parser.add_argument("--author", metavar="NAME", default="", help="who goes back; default: the name of the login")


def _stats(parser: ArgumentParser) -> None:
    parser.add_argument(
        "dataset",
        metavar="DATASET",
        nargs="?",
        type=stored_dataset,
        help="name or id, NAME@2 for its version 2, or a JSONL file; default: the latest dataset",
    )
    parser.add_argument(
        "--html", metavar="FILE", type=given, help="also write a page with plots, quality and ten samples"
    )


def _restore(parser: ArgumentParser) -> None:
    parser.add_argument(
        "backup", metavar="BACKUP", type=given, help="a file name of 'datasets backups', a path, or latest"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _push(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name", metavar="NAME", nargs="?", type=stored_dataset, help="name or id of a dataset; default: the latest"
    )


def _pull(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", type=given, help="name or id in the mirror, see 'datasets mirror'")


def _unmirror(parser: ArgumentParser) -> None:
    _pull(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")


STORED = Room(
    "Stored datasets",
    (
        Subcommand(
            name="split",
            summary="divide a stored dataset anew and write its files again",
            target="src.cli.actions.runs:split",
            examples=("my_dataset --ratio 0.9", "my_dataset --ratio 70-30 --strategy weighted --weight-by keywords"),
            add_arguments=_split,
        ),
        Subcommand(
            name="export",
            summary="write the JSONL and CSV files of a stored dataset again",
            target="src.cli.actions.runs:export",
            examples=("my_dataset", "my_dataset --csv", "my_dataset --format sharegpt"),
            add_arguments=_export,
        ),
        Subcommand(
            name="stats",
            summary="show tokens, distribution and sources of a stored dataset or a JSONL file",
            target="src.cli.actions.statistics:stats",
            examples=("", "my_dataset --json", "theirs.jsonl --html report.html"),
            add_arguments=_stats,
        ),
        Subcommand(
            name="compare",
            summary="put two or three datasets side by side: which is more varied, better grounded, and by how much",
            target="src.cli.actions.comparison:compare",
            examples=("my_dataset my_dataset-2", "old.jsonl new.jsonl my_dataset --html comparison.html"),
            add_arguments=_compare,
        ),
        Subcommand(
            name="refine",
            summary="write anew what a dataset lacks (rejected, dropped, borderline samples, passages without one), "
            "as a new dataset",
            target="src.cli.actions.refine:refine",
            examples=("my_dataset --plan", "my_dataset --rounds 2 --yes", "my_dataset --size 200 --json"),
            add_arguments=_refine,
        ),
        Subcommand(
            name="datasets",
            summary="list, show, rename, delete and roll back datasets; drop samples; list and restore backups",
            target="src.cli.actions.datasets:datasets",
            examples=(
                "",
                "show my_dataset",
                "drop my_dataset 3f9a02 --note vague",
                "versions my_dataset",
                "rollback my_dataset 1",
                "rename my_dataset pottery",
                "delete my_dataset",
                "undo my_dataset",
                "discard my_dataset-2",
                "backups",
                "restore latest",
                "push my_dataset",
                "pull my_dataset",
                "unmirror my_dataset",
            ),
            actions=(
                Action("list", "every stored dataset (what happens without an action)"),
                Action("show", "one dataset with its settings and three samples", _show),
                Action(
                    "versions", "how a dataset became what it is: reason, author and content of each version", _show
                ),
                Action("rollback", "a new version that is equal to an earlier one", _rollback),
                Action("rename", "another name for a dataset, all of its versions and its files", _rename),
                Action("delete", "take a dataset away, for 30 days; shows it first, and asks", _delete),
                Action("undo", "bring a deleted dataset back", _undo),
                Action("deleted", "the deleted datasets"),
                Action("purge", "remove deleted datasets for good; asks", _purge),
                Action("drop", "samples that you do not want: 'refine' leaves them out and writes others", _drop),
                Action("discard", "forget an unfinished run, which frees its name; shows it first, and asks", _discard),
                Action("backups", "the backups of the database"),
                Action("restore", "bring a backup back; shows first what it holds, and asks", _restore),
                Action("mirror", "what is copied to Supabase (SUPABASE_URL, SUPABASE_KEY)"),
                Action("push", "copy a dataset to Supabase; an interrupted copy goes on where it stopped", _push),
                Action("pull", "bring a dataset back from Supabase", _pull),
                Action("unmirror", "remove a dataset from Supabase; what is here stays; asks", _unmirror),
            ),
        ),
    ),
)
