"""How long until the first prompt of the menu, beside a bare interpreter and the limit of 0.3 s."""

from __future__ import annotations

from benchmarks.measure import fresh_workspace, median_of, python, show

LIMIT_S = 0.3


def main() -> None:
    """Measure and print."""
    with fresh_workspace() as folder:
        bare = median_of(python("-c", "print('x')"), folder)
        menu = median_of(python("-m", "src.main"), folder)
        usage = median_of(python("-m", "src.main", "--help"), folder)
    rows = [
        ("bare interpreter", f"{bare.first_output:.3f} s", "the floor"),
        ("menu, first prompt", f"{menu.first_output:.3f} s", f"limit {LIMIT_S} s: {menu.first_output / LIMIT_S:.0%}"),
        ("menu / bare interpreter", f"{menu.first_output / bare.first_output:.1f} x", ""),
        ("--help", f"{usage.first_output:.3f} s", ""),
    ]
    show("Start-up", rows)


if __name__ == "__main__":
    main()
