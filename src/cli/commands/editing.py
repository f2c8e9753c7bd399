"""The subcommands that change stored samples: by hand, by rules, by an edited table, by review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _length(text: str) -> int:
    """The ``type`` of a number of characters or tokens: 0 or more."""
    if text.isdecimal():
        return int(text)
    from argparse import ArgumentTypeError

    raise ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")


def _common(parser: ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", type=stored_dataset, help="name or id, see 'datasets'")
    parser.add_argument(
        "--author", metavar="NAME", default="", help="who makes the version; default: the name of the login"
    )
    parser.add_argument(
        "--leave-bad",
        action="store_true",
        help="samples that a change would spoil stay as they are; else nothing changes",
    )
    parser.add_argument("--yes", action="store_true", help="make the version without asking")


def _decisions(parser: ArgumentParser) -> None:
    parser.add_argument("--apply", action="store_true", help="make one version of what was decided so far")
    parser.add_argument("--discard", action="store_true", help="forget what was decided and not applied")


def _edit(parser: ArgumentParser) -> None:
    _common(parser)
    parser.add_argument(
        "sample", metavar="SAMPLE_ID", nargs="?", type=given, help="change this one only; the first digits are enough"
    )
    parser.add_argument("--text", metavar="FILE", type=given, help="take the text of the sample from FILE: no editor")
    parser.add_argument("--show", action="store_true", help="print the text of the sample, in the form that is edited")
    parser.add_argument("--table", metavar="FILE", type=given, help="write all samples whole as a CSV, for import-csv")
    _decisions(parser)


def _review(parser: ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--score", metavar="S", type=float, default=7.0, help="the score to be near to; default: 7")
    parser.add_argument("--margin", metavar="M", type=float, default=1.0, help="how near is borderline; default: 1")
    parser.add_argument(
        "--alike",
        metavar="J",
        type=float,
        default=0.6,
        help="ask about pairs this similar in wording; 0: none; default: 0.6",
    )
    parser.add_argument(
        "--meaning", action="store_true", help="also about pairs that mean the same (requirements-embed.txt)"
    )
    parser.add_argument("--list", action="store_true", help="only show what would be asked")
    _decisions(parser)


def _clean(parser: ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--plan", action="store_true", help="show what would change, and stop there")
    rules = parser.add_argument_group("samples that are dropped")
    rules.add_argument("--min-chars", metavar="N", type=_length, help="whose last answer is shorter")
    rules.add_argument("--max-chars", metavar="N", type=_length, help="whose last answer is longer")
    rules.add_argument("--max-tokens", metavar="N", type=_length, help="that have more tokens")
    rules.add_argument(
        "--language", metavar="CODE", action="append", default=[], help="whose answer is in none of these, as en,de"
    )
    rules.add_argument("--below-score", metavar="S", type=float, help="that score less")
    rules.add_argument("--refusals", action="store_true", help="whose answer declines")
    rules.add_argument(
        "--objection", metavar="REASON", nargs="*", help="that a check spoke against, for these reasons or for any"
    )
    rules.add_argument(
        "--matching", metavar="REGEX", action="append", default=[], type=given, help="where this is found"
    )
    rules.add_argument("--marked", action="store_true", help="that 'datasets drop' has marked")
    texts = parser.add_argument_group("what changes in the others")
    texts.add_argument(
        "--replace", metavar=("REGEX", "WITH"), nargs=2, action="append", default=[], help=r"as '(\d+) EUR' '\1 euros'"
    )
    texts.add_argument("--trim", action="store_true", help="white space around texts goes")
    texts.add_argument(
        "--relabel",
        metavar="FIELD:OLD=NEW",
        action="append",
        default=[],
        help="role:user=assistant, topic:OLD=NEW, split:train=validation; an empty OLD means any",
    )
    texts.add_argument(
        "--within",
        choices=("all", "question", "answer", "system"),
        default="all",
        help="where --matching and --replace look; default: all",
    )
    scope = parser.add_argument_group("which samples this is about; default: all")
    scope.add_argument(
        "--source", metavar="FILE", action="append", default=[], help="from this file, as guide.md or faq/*"
    )
    scope.add_argument("--topic", metavar="KEYWORD", action="append", default=[], help="with this keyword")
    scope.add_argument(
        "--split", action="append", default=[], choices=("train", "validation", "none"), help="on this side"
    )


def _import_csv(parser: ArgumentParser) -> None:
    _common(parser)
    parser.add_argument(
        "file", metavar="FILE", type=given, help="the CSV of 'export' or 'edit --table', after you changed it"
    )
    parser.add_argument(
        "--keep-missing", action="store_true", help="samples that FILE lacks stay; else they are removed"
    )
    parser.add_argument("--plan", action="store_true", help="show what would change, and stop there")


EDITING = Room(
    "Editing",
    (
        Subcommand(
            name="edit",
            summary="look through samples and keep, drop or fix each; or change one in your editor",
            target="src.cli.actions.edit:edit",
            examples=("my_dataset", "my_dataset 3f9a02", "my_dataset --apply", "my_dataset --table samples.csv"),
            add_arguments=_edit,
        ),
        Subcommand(
            name="review",
            summary="ask about borderline and similar samples, one by one; can be interrupted and taken up again",
            target="src.cli.actions.review:review",
            examples=("my_dataset", "my_dataset --list --json", "my_dataset --score 6 --alike 0.7"),
            add_arguments=_review,
        ),
        Subcommand(
            name="clean",
            summary="drop samples by rules, replace, trim and relabel in the others; shown first",
            target="src.cli.actions.clean:clean",
            examples=(
                "my_dataset --refusals --min-chars 20 --plan",
                "my_dataset --replace colour color --within answer --yes",
                "my_dataset --relabel topic:Kiln=kiln --trim",
            ),
            add_arguments=_clean,
        ),
        Subcommand(
            name="import-csv",
            summary="take over a table that was edited in a spreadsheet, after showing what it changes",
            target="src.cli.actions.import_csv:import_csv",
            examples=("my_dataset samples.csv --plan", "my_dataset samples.csv --keep-missing --yes"),
            add_arguments=_import_csv,
        ),
    ),
)
