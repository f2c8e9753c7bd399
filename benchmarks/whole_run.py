"""The shipped run with the embedded model, first and again: the second one answers from the journal."""

from __future__ import annotations

from benchmarks.measure import fresh_workspace, python, run_once, show

FIRST_LIMIT_S = 180.0
SECOND_START_LIMIT_S = 2.0


def main() -> None:
    """Measure and print."""
    with fresh_workspace() as folder:
        first = run_once(python("-m", "src.main", "generate"), folder)
        second = run_once(python("-m", "src.main", "generate"), folder)
    rows = [
        ("first run, whole", f"{first.total:.1f} s", f"limit {FIRST_LIMIT_S:.0f} s: {first.total / FIRST_LIMIT_S:.0%}"),
        ("first run, CPU", f"{first.cpu:.1f} s", ""),
        (
            "second run, first output",
            f"{second.first_output:.2f} s",
            f"limit {SECOND_START_LIMIT_S} s: {second.first_output / SECOND_START_LIMIT_S:.0%}",
        ),
        ("second run, whole", f"{second.total:.1f} s", f"{second.total / first.total:.0%} of the first"),
    ]
    show("make generate", rows)


if __name__ == "__main__":
    main()
