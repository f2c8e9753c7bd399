"""The subcommands that give a dataset to others, and check what others give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _terms(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--licence", "--license", metavar="NAME", type=given, help="of the dataset, as mit or cc-by-4.0, for its card"
    )
    parser.add_argument(
        "--language", metavar="CODES", type=given, help="of its texts, as en,de; default: told by the texts"
    )


def _layout(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=("parquet", "jsonl"), help="of its rows; default: parquet where pyarrow is installed"
    )
    _terms(parser)


def _package(parser: ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="IN",
        type=stored_dataset,
        help="the file of a finished set, or a stored dataset by name or id",
    )
    parser.add_argument(
        "--to",
        metavar="PLACE",
        type=given,
        required=True,
        help="a folder, or hf://..., s3://... (requirements-hub.txt)",
    )
    _layout(parser)


def _push(parser: ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", type=stored_dataset, help="name or id, see 'datasets'")
    parser.add_argument("repo_id", metavar="REPO_ID", type=given, help="where to, as my-name/my-dataset")
    parser.add_argument("--yes", action="store_true", help="send it; without this nothing leaves the machine")
    parser.add_argument("--public", action="store_true", help="for everybody to see; default: private")
    parser.add_argument("--message", metavar="TEXT", type=given, help="of the commit; default: name and version")
    _layout(parser)


def _bundle(parser: ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", type=stored_dataset, help="name or id, see 'datasets'")
    parser.add_argument(
        "--out",
        metavar="PATH",
        type=given,
        help="a folder, or a file that ends with .zip or .tar.gz; default: output_datasets/<name>_bundle",
    )
    parser.add_argument(
        "--with-rejected",
        action="store_true",
        help="also the texts of what was rejected or dropped; else only how many, by reason",
    )
    _terms(parser)


def _verify_bundle(parser: ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", type=given, help="a folder, a .zip or a .tar.gz")


_ROOM = "src.cli.actions.sharing"

SHARING = Room(
    "Share datasets",
    (
        Subcommand(
            name="package",
            summary="copy a finished set with its card, or a stored dataset as the Hugging Face Hub lays it out; "
            "hashes are checked",
            target=f"{_ROOM}:package",
            examples=(
                "set.jsonl --to release/",
                "my_dataset --to release/ --licence cc-by-4.0",
                "set.jsonl --to s3://b/s",
            ),
            add_arguments=_package,
        ),
        Subcommand(
            name="push",
            summary="show what would be sent to the Hugging Face Hub; --yes sends it, private unless --public",
            target=f"{_ROOM}:push",
            examples=("my_dataset my-name/my-dataset --licence cc-by-4.0", "my_dataset my-name/my-dataset --yes"),
            add_arguments=_push,
        ),
        Subcommand(
            name="bundle",
            summary="write a release: data, card, configuration, prompts and a manifest with every hash",
            target=f"{_ROOM}:bundle",
            examples=("my_dataset", "my_dataset --out release.tar.gz --licence mit"),
            add_arguments=_bundle,
        ),
        Subcommand(
            name="verify-bundle",
            summary="compare a release with its manifest; exit code 1 where anything differs",
            target=f"{_ROOM}:verify_bundle",
            examples=("release.tar.gz", "output_datasets/my_dataset_bundle --json"),
            add_arguments=_verify_bundle,
        ),
    ),
)
