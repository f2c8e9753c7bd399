"""Random kills over every command that writes: `python -m benchmarks.faults [--kills 200] [--seed 1]`.

``--only COMMAND``, which may be repeated, takes some of them.

Each kill is a SIGKILL before a step that writes, or at a moment of the run. Afterwards no accepted sample may be lost,
no file may be half written, and the same command once more must end as if nothing had happened; see tests/faults/.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.faults.cases import Case, cases_for, make_workspace
from tests.faults.kills import Finding, choose_moment, kill_once, survey
from tests.stub_server import StubServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, print what came of it; the exit code is 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], help="a command of the table; may be repeated")
    options = parser.parse_args(arguments)
    begun = time.perf_counter()
    with StubServer(latency_s=0.02) as stub, tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        seed = make_workspace(scratch / "seed", stub)
        cases = [case for case in cases_for(seed) if not options.only or case.name in options.only]
        shares = Counter(cases[number % len(cases)] for number in range(options.kills))
        print(f"{'command':<22}{'steps':>7}{'kills':>7}{'dead':>6}{'in time':>9}{'faults':>8}")
        found = {case: _kill(case, shares[case], options.seed, (scratch, seed, stub)) for case in cases}
    all_found = [finding for findings in found.values() for finding in findings]
    bad = [finding for finding in all_found if finding.faults]
    print(f"{len(all_found)} kills, {sum(one.killed for one in all_found)} hit the running process, ", end="")
    print(f"{len(bad)} with a fault, {time.perf_counter() - begun:.0f} s")
    return 1 if bad else 0


def _kill(case: Case, count: int, seed: int, place: tuple[Path, object, StubServer]) -> list[Finding]:
    scratch, workspace, stub = place
    inside = scratch / "case"
    inside.mkdir()
    course = survey(case, workspace, inside, stub)
    generator = random.Random(f"{seed} {case.name}")
    found = [kill_once(course, choose_moment(course, generator), inside, stub) for _ in range(count)]
    dead, finished = sum(one.killed for one in found), sum(one.finished for one in found)
    faults = sum(bool(one.faults) for one in found)
    print(f"{case.name:<22}{course.steps:>7}{count:>7}{dead:>6}{finished:>9}{faults:>8}", flush=True)
    for one in (finding for finding in found if finding.faults):
        print(f"  {one.when}: {'; '.join(one.faults)}", flush=True)
    shutil.rmtree(inside)
    return found


if __name__ == "__main__":
    sys.exit(main())
