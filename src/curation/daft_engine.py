"""Deduplication on Daft, for one machine or a cluster: candidates, comparison and choice are operations on tables.

Which rows stay is found in rounds, as one finds the first maximal independent set of a graph (Blelloch, Fineman, Shun:
Greedy sequential maximal independent set and matching are parallel on average, 2012): who has no better neighbour
stays, its neighbours go, and the rest is looked at again. Nothing of the pairs comes to this process but the witnesses.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from src.core.errors import ConfigError, MissingPackageError
from src.curation.shingling import ReadSpan, Task, shingle_span
from src.utils.similarity.join_kernels import Numbers, Places, Rows, Share
from src.utils.similarity.native import compiled
from src.utils.similarity.set_join import Found, JoinSettings, Piece, exact_share

_FIX: Final = "pip install -r requirements-distributed.txt, in an environment of its own."


def shingle_on_daft(tasks: Sequence[Task]) -> Iterator[ReadSpan]:
    """What ``shingle_spans`` gives. The files must be at the same paths for every machine that works. Raises
    MissingPackageError without Daft."""
    daft = _load()

    @daft.func(return_dtype=daft.DataType.binary())  # type: ignore[untyped-decorator]
    def read(task: bytes) -> bytes:
        return pickle.dumps(shingle_span(pickle.loads(task)))  # noqa: S301  (both ends are this program)

    table = daft.from_pydict({"number": list(range(len(tasks))), "task": [pickle.dumps(task) for task in tasks]})
    read_spans = table.into_batches(1).select("number", read(daft.col("task")).alias("span")).sort("number")
    for row in read_spans.iter_rows():
        yield pickle.loads(row["span"])  # noqa: S301


def _load() -> Any:
    try:
        import daft
    except ModuleNotFoundError as error:
        raise MissingPackageError(f"--engine daft needs the package {error.name}.", fix=_FIX) from error
    return daft


def keep_best_on_daft(
    pieces: Sequence[Piece], order: Places, settings: JoinSettings, report: Callable[[int, int], None]
) -> Found:
    """What ``keep_best`` finds by the exact method. The files of ``pieces`` must be readable for every machine that
    works. Raises MissingPackageError without Daft, ConfigError for another method."""
    daft = _load()
    if settings.method != "exact":
        raise ConfigError("The engine daft knows the exact method only.", fix="Leave --method away.")
    share = exact_share(settings.threshold)
    total = sum(len(piece.sizes) for piece in pieces)
    ranks = np.full(total, -1, np.int64)
    ranks[order] = np.arange(len(order))
    report(0, len(order))
    sets = _shared_members(daft, _read_sets(daft, pieces, ranks), share).collect()
    pairs = _similar(daft, sets, share).where(daft.col("worse") >= settings.pinned).collect()
    chosen = _witnesses(daft, pairs).to_pydict()
    report(len(order), len(order))
    found = Found(np.full(total, -1, np.int64), np.zeros(total))
    worse, better = order[np.array(chosen["worse"], np.int64)], order[np.array(chosen["better"], np.int64)]
    common = np.array(chosen["common"], np.int64)
    sizes = np.concatenate([np.zeros(0, np.int32), *(piece.sizes for piece in pieces)])
    found.witnesses[worse] = better
    found.similarities[worse] = common / (sizes[worse] + sizes[better] - common)
    return found


def _read_sets(daft: Any, pieces: Sequence[Piece], ranks: Places) -> Any:
    """A row for each set in the order: ``rank``, ``size``, ``members``."""
    import pyarrow as pa

    kind = pa.list_(pa.struct([("rank", pa.int64()), ("size", pa.int64()), ("members", pa.list_(pa.uint64()))]))

    @daft.func.batch(return_dtype=daft.DataType.from_arrow_type(kind))  # type: ignore[untyped-decorator]
    def load(files: Any, sizes: Any, places: Any) -> Any:
        found = []
        for file, counts, own in zip(files.to_pylist(), sizes.to_pylist(), places.to_pylist(), strict=True):
            found.append(_sets_of(Path(file), np.frombuffer(counts, np.int32), np.frombuffer(own, np.int64)))
        return pa.concat_arrays(found)

    ends = np.cumsum([len(piece.sizes) for piece in pieces])[:-1]
    table = daft.from_pydict(
        {
            "file": [str(piece.members) for piece in pieces],
            "sizes": [piece.sizes.tobytes() for piece in pieces],
            "ranks": [part.tobytes() for part in np.split(ranks, ends)],
        }
    )
    col = daft.col
    loaded = table.select(load(col("file"), col("sizes"), col("ranks")).alias("set")).explode("set")
    return loaded.where(col("set").not_null()).select(
        *(col("set").get(name).alias(name) for name in ("rank", "size", "members"))
    )


def _sets_of(file: Path, sizes: Rows, ranks: Places) -> Any:
    """One list with the wanted sets of a piece."""
    import pyarrow as pa

    members = np.fromfile(file, np.uint64)
    wanted = (ranks >= 0) & (sizes > 0)
    values = members[np.repeat(wanted, sizes)]
    ends = np.append(0, np.cumsum(sizes[wanted])).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), pa.array(values))
    rows = pa.StructArray.from_arrays(
        [pa.array(ranks[wanted]), pa.array(sizes[wanted].astype(np.int64)), lists], ["rank", "size", "members"]
    )
    return pa.ListArray.from_arrays(pa.array(np.array([0, len(rows)], np.int32)), rows)


def _shared_members(daft: Any, sets: Any, share: Share) -> Any:
    """Of every set that may have a partner the members that others hold too, ``keys``, and the rare ones among them by
    which it is found, ``prefix``, with their places in the order of rareness, ``places``."""
    import pyarrow as pa

    col = daft.col
    kind = pa.struct([(name, pa.list_(pa.uint64())) for name in ("keys", "prefix", "places")])

    @daft.func.batch(return_dtype=daft.DataType.from_arrow_type(kind))  # type: ignore[untyped-decorator]
    def order(sizes: Any, keys: Any, counts: Any) -> Any:
        columns = zip(sizes.to_pylist(), keys.to_arrow(), counts.to_arrow(), strict=True)
        return pa.array([_ordered(size, one, many, share) for size, one, many in columns], kind)

    single = sets.explode("members")
    counted = single.groupby("members").agg(col("rank").count().alias("count")).where(col("count") > 1)
    shared = single.join(counted, on="members")
    grouped = shared.groupby("rank").agg(
        col("size").any_value(), col("members").list_agg().alias("keys"), col("count").list_agg().alias("counts")
    )
    found = grouped.with_column("found", order(col("size"), col("keys"), col("counts")))
    names = ("keys", "prefix", "places")
    return found.select("rank", "size", *(col("found").get(name).alias(name) for name in names)).where(
        col("prefix").list_count() > 0
    )


def _ordered(size: int, keys: Any, counts: Any, share: Share) -> dict[str, Any]:
    own = np.array(keys.values, np.uint64)
    in_order = own[np.lexsort((own, np.array(counts.values, np.uint64)))]
    unshared = size - len(own)
    least = -(-size * share.top // share.bottom)
    length = max(0, size - least + 1 - unshared)
    prefix = in_order[:length]
    return {"keys": np.sort(own), "prefix": prefix, "places": np.arange(unshared, unshared + len(prefix))}


def _similar(daft: Any, sets: Any, share: Share) -> Any:
    """Every pair of similar sets: their ranks, ``better`` being the smaller one, and how many members they share."""
    col = daft.col
    found = sets.select("rank", "size", col("prefix").alias("key"), col("places").alias("place")).explode(
        "key", "place"
    )
    one = found.select("key", *(col(name).alias(f"b_{name}") for name in ("rank", "size", "place")))
    two = found.select("key", *(col(name).alias(f"w_{name}") for name in ("rank", "size", "place")))
    both = one.join(two, on="key").where(col("b_rank") < col("w_rank"))
    needed = ((col("b_size") + col("w_size")) * share.top + (share.top + share.bottom - 1)) // (
        share.top + share.bottom
    )
    first, second = col("b_size") - col("b_place").cast("int64"), col("w_size") - col("w_place").cast("int64")
    pairs = (
        both.with_column("needed", needed.cast("int64"))
        .where((first >= col("needed")) & (second >= col("needed")))
        .select(col("b_rank").alias("better"), col("w_rank").alias("worse"), "needed")
        .distinct()
    )

    @daft.func.batch(return_dtype=daft.DataType.int64())  # type: ignore[untyped-decorator]
    def common(better: Any, worse: Any) -> Any:
        return _common(*_flat(better.to_arrow()), *_flat(worse.to_arrow()))

    keys = sets.select("rank", "keys")
    joined = pairs.join(keys.select(col("rank").alias("better"), col("keys").alias("one")), on="better").join(
        keys.select(col("rank").alias("worse"), col("keys").alias("two")), on="worse"
    )
    compared = joined.with_column("common", common(col("one"), col("two")))
    return compared.where(col("common") >= col("needed")).select("better", "worse", "common")


def _flat(lists: Any) -> tuple[Numbers, Places]:
    values = lists.flatten().to_numpy(zero_copy_only=False).astype(np.uint64, copy=False)
    return values, np.cumsum(np.asarray(lists.value_lengths(), np.int64))


@compiled
def _common(one: Numbers, one_ends: Places, two: Numbers, two_ends: Places) -> Places:
    """How many members the n-th sets of two lists share; the members of each set ascend."""
    found = np.zeros(len(one_ends), np.int64)
    i = 0
    j = 0
    for pair in range(len(one_ends)):
        while i < one_ends[pair] and j < two_ends[pair]:
            if one[i] == two[j]:
                found[pair] += 1
                i += 1
                j += 1
            elif one[i] < two[j]:
                i += 1
            else:
                j += 1
        i = one_ends[pair]
        j = two_ends[pair]
    return found


def _witnesses(daft: Any, pairs: Any) -> Any:
    """Of every row that does not stay the best one that does and is similar to it."""
    col = daft.col
    left = pairs.select("better", "worse").collect()
    gone = None
    while left.count_rows():
        worse = left.select(col("worse").alias("row")).distinct()
        stay = left.select(col("better").alias("row")).distinct().join(worse, on="row", how="anti").collect()
        named = stay.select(col("row").alias("better"))
        go = left.join(named, on="better", how="semi").select(col("worse").alias("row")).distinct().collect()
        gone = go if gone is None else gone.concat(go).collect()
        for side in ("better", "worse"):
            left = left.join(go.select(col("row").alias(side)), on=side, how="anti")
        left = left.collect()
    if gone is None:
        return pairs
    kept = pairs.join(gone.select(col("row").alias("better")), on="better", how="anti")
    first = kept.groupby("worse").agg(col("better").min())
    return kept.join(first, on=["worse", "better"]).select("better", "worse", "common")
