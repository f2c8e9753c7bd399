"""All benchmarks, one after the other: `make bench`; with --dedup, deduplication beside its peers too, with --dataprep
the preparation of data (minutes)."""

from __future__ import annotations

import sys

from benchmarks import dataprep, dedup, engine, extract, identify, kills, report, start_up, tokens, whole_run
from benchmarks.measure import answer_help

if __name__ == "__main__":
    answer_help(__doc__)
    with_dedup = "--dedup" in sys.argv
    with_dataprep = "--dataprep" in sys.argv
    sys.argv = [argument for argument in sys.argv if argument not in {"--dedup", "--dataprep"}]
    start_up.main()
    whole_run.main()
    engine.main()
    kills.main()
    extract.main()
    identify.main()
    report.main()
    tokens.main()
    if with_dedup:
        dedup.main()
    if with_dataprep:
        dataprep.main()
