"""The subcommands that curate large sets of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from src.cli.subcommand import Room, Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser

CURATED_SET: Final = "data/curation/public_500k_filtered.jsonl"
"""Where a curated set is written unless another place is named."""


def _one_in_one_out(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="IN", type=given, help="a JSONL file with one row a line; .gz is unpacked")
    parser.add_argument("out", metavar="OUT", type=given, help="the JSONL file for the rows that stay")


def _duplicates(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--field",
        metavar="NAME",
        action="append",
        type=given,
        default=[],
        help="what is compared; may be repeated; default: instruction and response, or messages",
    )
    parser.add_argument(
        "--threshold", metavar="T", type=float, default=0.8, help="Jaccard similarity of duplicates; default: 0.8"
    )
    parser.add_argument("--ngram", metavar="N", type=int, default=5, help="tokens of a shingle; default: 5")
    parser.add_argument(
        "--method",
        choices=("exact", "minhash"),
        default="exact",
        help="exact finds every duplicate; minhash nearly every one; default: exact",
    )
    parser.add_argument(
        "--against",
        metavar="OTHER",
        action="append",
        type=given,
        default=[],
        help="a JSONL file whose rows IN must not repeat, as a benchmark; may be repeated",
    )
    parser.add_argument(
        "--workers", metavar="N", type=int, default=1, help="threads; the result is the same; default: 1"
    )
    parser.add_argument(
        "--engine",
        choices=("local", "daft"),
        default="local",
        help="daft: the same on a cluster (requirements-distributed.txt); default: local",
    )
    parser.add_argument(
        "--semantic",
        action="store_true",
        help="mark rows that ask and answer the same in other words, for you to look at (requirements-embed.txt); slow",
    )
    parser.add_argument(
        "--spill",
        action="store_true",
        help="compare on disk, for sets that do not fit into memory; slower, same result",
    )


def _dedupe(parser: ArgumentParser) -> None:
    _one_in_one_out(parser)
    _duplicates(parser)


def _targets(parser: ArgumentParser) -> None:
    parser.add_argument("--min-rows", metavar="N", type=int, default=1, help="rows; default: 1")
    parser.add_argument("--min-quality", metavar="Q", type=float, default=8.0, help="mean score; default: 8.0")
    parser.add_argument(
        "--max-duplicates", metavar="SHARE", type=float, default=0.01, help="share of all rows; default: 0.01"
    )
    parser.add_argument("--max-cost", metavar="USD", type=float, default=150.0, help="USD paid; default: 150")
    parser.add_argument("--min-teachers", metavar="N", type=int, default=3, help="models that answered; default: 3")
    parser.add_argument(
        "--format", metavar="SHARE", type=float, default=1.0, help="share of lines that are rows; default: 1.0"
    )


def _verify(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="IN", nargs="?", type=given, help="a JSONL file with one row a line")
    parser.add_argument("--input", metavar="IN", dest="named", type=given, help="the same")
    _targets(parser)
    parser.add_argument("--near", action="store_true", help="look for near-duplicates too, as dedupe does")
    parser.add_argument(
        "--tokens", metavar="N", type=int, default=10_000, help="rows whose tokens are counted; 0: none; default: 10000"
    )


def _score(parser: ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="IN",
        type=stored_dataset,
        help="a JSONL file with one row a line, or the name of a stored dataset",
    )
    parser.add_argument(
        "out", metavar="OUT", nargs="?", type=given, help="the JSONL file for the scored rows; none for a dataset"
    )
    _scoring(parser)


def _scoring(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--by",
        choices=("heuristic", "judge"),
        default="heuristic",
        help="heuristic: by form, free; judge: the model of system.agentic_llm, which costs; default: heuristic",
    )
    parser.add_argument("--keep-own", action="store_true", help="rows that have a score keep it")
    _budget(parser)


def _budget(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--budget", metavar="USD", type=float, default=150.0, help="what models may cost at most; default: 150"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before models are paid")


def _filters(parser: ArgumentParser) -> None:
    parser.add_argument("--above", metavar="Q", type=float, default=7.0, help="the score to exceed; default: 7")
    parser.add_argument("--any-score", action="store_true", help="rows stay whatever their score")
    parser.add_argument("--category", metavar="NAME", action="append", type=given, default=[], help="may be repeated")
    parser.add_argument("--source", metavar="NAME", action="append", type=given, default=[], dest="sources")
    parser.add_argument("--without-source", metavar="NAME", action="append", type=given, default=[])
    parser.add_argument("--min-chars", metavar="N", type=int, default=1, help="of the answer; default: 1")
    parser.add_argument("--max-chars", metavar="N", type=int, default=0, help="of the answer; default: 0, any")


def _filter(parser: ArgumentParser) -> None:
    _one_in_one_out(parser)
    _filters(parser)


def _mix(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--mix",
        metavar="SHARES",
        type=given,
        help="as general=50,code=25,*=25 (* is everything else), or seed: 50, 25, 15, 6 and 4 of the five categories",
    )
    parser.add_argument("--by", choices=("category", "source"), default="category", help="default: category")
    parser.add_argument(
        "--source-mix", metavar="SHARES", type=given, help="shares of sources, each of them in the shares of --mix"
    )
    parser.add_argument("--size", metavar="N", type=int, default=0, help="rows; default: as many as the mix allows")


def _balance(parser: ArgumentParser) -> None:
    _one_in_one_out(parser)
    _mix(parser)


def _cluster(parser: ArgumentParser) -> None:
    _one_in_one_out(parser)
    parser.add_argument("--clusters", metavar="K", type=int, default=50, help="topics; default: 50")


def _merge(parser: ArgumentParser) -> None:
    parser.add_argument("out", metavar="OUT", type=given, help="the JSONL file for all rows")
    parser.add_argument("sources", metavar="IN", nargs="+", type=given, help="JSONL files")


def _spot_check(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="IN", type=given, help="a JSONL file with one row a line")
    parser.add_argument("--random", metavar="N", type=int, default=100, help="rows of any kind; default: 100")
    parser.add_argument("--code", metavar="N", type=int, default=50, help="rows with code; default: 50")
    parser.add_argument("--math", metavar="N", type=int, default=50, help="rows with sums; default: 50")
    parser.add_argument("--reasoning", metavar="N", type=int, default=50, help="rows that reason; default: 50")
    parser.add_argument("--out", metavar="STEM", type=given, help="default: IN with _spot_check")


def _download(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what", metavar="SET", nargs="*", type=given, help="a name, a Hugging Face id, an address or a file"
    )
    parser.add_argument(
        "--to", metavar="DIR", type=given, default="data/curation/raw", help="default: data/curation/raw"
    )
    parser.add_argument("--sha256", metavar="HASH", type=given, help="what the file must hash to")
    parser.add_argument("--licence", "--license", metavar="NAME", default="", help="where the source names none")
    parser.add_argument("--endpoint", metavar="URL", default="", help="a mirror of the Hugging Face Hub")
    parser.add_argument("--list", action="store_true", help="show the sets that have a name")


def _distil(parser: ArgumentParser) -> None:
    _one_in_one_out(parser)
    parser.add_argument(
        "--route",
        metavar="CATEGORY=MODEL",
        action="append",
        type=given,
        default=[],
        help="as code=qwen; may be repeated",
    )
    parser.add_argument("--plan", action="store_true", help="show the teachers and their shares; nothing is asked")
    _budget(parser)


def _curate(parser: ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        metavar="IN",
        nargs="+",
        type=given,
        help="files of any known shape, .gz is unpacked; or what download knows: a name, an id, an address",
    )
    parser.add_argument("--package", metavar="PLACE", type=given, help="copy the finished set there, as package does")
    parser.add_argument(
        "--out",
        metavar="OUT",
        type=given,
        default=CURATED_SET,
        help=f"default: {CURATED_SET}",
    )
    _duplicates(parser)
    parser.add_argument("--score-by", choices=("heuristic", "judge"), default="heuristic", help="default: heuristic")
    parser.add_argument("--rescore", action="store_true", help="score rows that have a score too")
    parser.add_argument("--distil", action="store_true", help="let the teachers write the answers anew")
    parser.add_argument("--licence", "--license", metavar="NAME", default="", help="of rows that name none")
    _filters(parser)
    _mix(parser)
    _targets(parser)
    _budget(parser)


_ROOM = "src.cli.actions.curation"

CURATION = Room(
    "Curate large sets",
    (
        Subcommand(
            name="curate",
            summary="standardise, deduplicate, score, filter, balance and verify in one run; resumes; needs no key",
            target="src.cli.actions.curate:curate",
            examples=(
                "rows.jsonl.gz",
                "alpaca.jsonl hh.jsonl --mix seed --out set.jsonl",
                "rows.jsonl --rescore --json",
            ),
            add_arguments=_curate,
        ),
        Subcommand(
            name="download",
            summary="fetch public sets by name, Hugging Face id or address; resumes, checks and records licences",
            target="src.cli.actions.download:download",
            examples=("--list", "alpaca wizardlm", "https://example.org/rows.jsonl --licence cc-by-4.0"),
            add_arguments=_download,
        ),
        Subcommand(
            name="dedupe",
            summary="remove exact and near-duplicate rows, the best of each stays; needs no key",
            target=f"{_ROOM}:dedupe",
            examples=(
                "rows.jsonl clean.jsonl",
                "rows.jsonl.gz clean.jsonl --threshold 0.7 --field response --workers 4",
                "train.jsonl clean.jsonl --against benchmark.jsonl --json",
            ),
            add_arguments=_dedupe,
        ),
        Subcommand(
            name="distil",
            summary="let several models write the answers anew, by weight; needs their keys",
            target="src.cli.actions.model_stages:distil",
            examples=("rows.jsonl distilled.jsonl --plan", "rows.jsonl distilled.jsonl --route code=qwen --budget 20"),
            add_arguments=_distil,
        ),
        Subcommand(
            name="score",
            summary="score rows in four dimensions, by form (free) or by a model",
            target="src.cli.actions.model_stages:score",
            examples=("rows.jsonl scored.jsonl", "rows.jsonl scored.jsonl --by judge --budget 5", "my_dataset"),
            add_arguments=_score,
        ),
        Subcommand(
            name="filter",
            summary="keep rows above a score, of some categories, sources or lengths",
            target="src.cli.actions.select:filter_set",
            examples=("scored.jsonl good.jsonl", "scored.jsonl code.jsonl --category code --above 8"),
            add_arguments=_filter,
        ),
        Subcommand(
            name="balance",
            summary="take the best rows in wished shares of categories or sources",
            target="src.cli.actions.select:balance_set",
            examples=("good.jsonl set.jsonl --mix seed", "good.jsonl set.jsonl --mix code=60,*=40 --size 5000"),
            add_arguments=_balance,
        ),
        Subcommand(
            name="cluster",
            summary="group rows by topic and name the topics; needs no key",
            target="src.cli.actions.select:cluster_set",
            examples=("set.jsonl topics.jsonl --clusters 40",),
            add_arguments=_cluster,
        ),
        Subcommand(
            name="merge-datasets",
            summary="put several sets into one; each row says where it came from",
            target="src.cli.actions.select:merge_datasets",
            examples=("all.jsonl first.jsonl second.jsonl",),
            add_arguments=_merge,
        ),
        Subcommand(
            name="verify",
            summary="recompute what a set holds and compare it with targets; exit code 1 where one is missed",
            target=f"{_ROOM}:verify",
            examples=("set.jsonl", "--input set.jsonl --min-rows 500000 --near --json"),
            add_arguments=_verify,
        ),
        Subcommand(
            name="spot-check",
            summary="draw rows for a person to look at; parses code and recomputes sums",
            target="src.cli.actions.select:spot_check",
            examples=("set.jsonl", "set.jsonl --random 20 --code 10 --math 10 --reasoning 10"),
            add_arguments=_spot_check,
        ),
    ),
)
