"""All benchmarks, one after the other: `make bench`."""

from __future__ import annotations

from benchmarks import engine, extract, identify, kills, report, start_up, whole_run

if __name__ == "__main__":
    start_up.main()
    whole_run.main()
    engine.main()
    kills.main()
    extract.main()
    identify.main()
    report.main()
