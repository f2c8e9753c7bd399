"""One kill of one command: the workspace before, what the dead process left, and what a second start makes of it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

from src.core.workspace import Workspace
from tests.cli.driver import bare_environment
from tests.faults.cases import Case
from tests.faults.forks import ask
from tests.faults.state import State, half_written, read_state
from tests.stub_server import StubServer

_TRACES = re.compile(r'File "[^"]*/src/\w|this is a defect of the program')


class Ended(NamedTuple):
    """How a process ended: its exit code (negative: the signal) and what it said."""

    code: int
    said: str


@dataclass(frozen=True, slots=True)
class Course:
    """A case, the workspace that it begins in, and what comes of it when nobody disturbs it.

    ``varying`` are the files that are not the same in two such runs, for they name the time.
    """

    case: Case
    seed: Workspace
    before: State
    whole: State
    varying: frozenset[str]
    ended: Ended
    steps: int
    seconds: float


class Finding(NamedTuple):
    """What one kill has shown. ``faults`` is empty when all is well; ``finished``: it had ended in time."""

    when: str
    killed: bool
    finished: bool
    faults: tuple[str, ...]


def survey(case: Case, seed: Workspace, scratch: Path, stub: StubServer, runs: int = 2) -> Course:
    """Run ``case`` from the same beginning, undisturbed; twice, to see which files vary. Raises RuntimeError when it
    does not end well."""
    states, ended, counts = [], Ended(0, ""), ("0", "0")
    for number in range(runs):
        workspace = copy_of(seed, scratch / f"whole{number}")
        counted = scratch / f"steps{number}"
        ended = run(case, workspace, f"count:{counted}", stub)
        if ended.code < 0 or _traces(ended.said) or not counted.exists():
            raise RuntimeError(f"{case.name} ended with {ended.code}: {ended.said}")
        counts = counted.read_text(encoding="ascii").split()
        states.append(read_state(workspace))
        shutil.rmtree(workspace.root)
    first, last = states[0].files, states[-1].files
    varying = frozenset(name for name in first if first[name] != last.get(name))
    return Course(case, seed, read_state(seed), states[-1], varying, ended, int(counts[0]), float(counts[1]))


def choose_moment(course: Course, random: Random) -> str:
    """A step, or a time, of the run that is killed there."""
    if random.random() < 0.5:
        return choose_step(course, random)
    return f"after:{random.uniform(0, course.seconds):.3f}"


def choose_step(course: Course, random: Random) -> str:
    """A step of the run, which is reached however fast the machine is just then."""
    return f"step:{random.randint(1, max(1, course.steps))}"


def kill_once(course: Course, when: str, scratch: Path, stub: StubServer) -> Finding:
    """Kill the command at ``when``, look at what is left, start it again, and look again."""
    workspace = copy_of(course.seed, scratch / "killed")
    dead = run(course.case, workspace, when, stub)
    left = read_state(workspace)
    faults = [*_look(course, workspace, left), *_traces(dead.said)]
    finished = _same_results(course, left)
    if not (finished and course.case.once):
        again = run(course.case, workspace, "step:0", stub)
        faults += _compare(course, left, read_state(workspace), again)
    shutil.rmtree(workspace.root)
    return Finding(when, dead.code < 0, finished, tuple(faults))


def copy_of(seed: Workspace, root: Path) -> Workspace:
    """The workspace once more, at another place."""
    shutil.copytree(seed.root, root, symlinks=True)
    return Workspace(root)


def run(case: Case, workspace: Workspace, when: str, stub: StubServer) -> Ended:
    """The command in a process group of its own; returns when every process of it has ended."""
    model = (
        ("--set", f"endpoints.openai={stub.url('openai')}") if "generate" in case.name or "judge" in case.name else ()
    )
    code, said = ask(workspace.root, _environment(workspace, stub), (when, *case.arguments, *model), case.typed)
    return Ended(code, said)


def _environment(workspace: Workspace, stub: StubServer) -> dict[str, str]:
    return bare_environment(
        workspace.root,
        OPENAI_API_KEY="test-key",
        OPENAI_BASE_URL=stub.url("openai"),
        NO_COLOR="1",
        HOME=os.environ.get("HOME", str(workspace.root)),
    )


def _look(course: Course, workspace: Workspace, left: State) -> list[str]:
    """What is wrong with the workspace right after the kill."""
    faults = [f"the database is damaged: {left.damage}"] if left.damage else []
    faults += _lost("dataset", course.before.finished, left.finished, course.whole.finished)
    if not left.paid >= course.before.paid & course.whole.paid:
        faults.append("answers that were paid for are gone")
    for name, before in course.before.files.items():
        if name not in left.files and name in course.whole.files:
            faults.append(f"{name} is gone")
        elif name in left.files and left.files[name] not in {before, course.whole.files.get(name)}:
            faults += _half(course, workspace, name)
    for name in left.files.keys() - course.before.files.keys():
        if name in course.whole.files and left.files[name] != course.whole.files[name]:
            faults += _half(course, workspace, name)
    return faults


def _half(course: Course, workspace: Workspace, name: str) -> list[str]:
    if name not in course.varying:
        return [f"{name} is neither the old nor the new file"]
    found = half_written(workspace.root / name)
    return [found] if found else []


def _lost(
    what: str,
    before: Mapping[str, tuple[str, ...]],
    left: Mapping[str, tuple[str, ...]],
    whole: Mapping[str, tuple[str, ...]],
) -> list[str]:
    """Samples that were there, that the undisturbed run keeps, and that are missing."""
    return [
        f"{what} {name} has lost samples"
        for name, samples in before.items()
        if name in whole and not set(left.get(name, ())) >= set(samples)
    ]


def _same_results(course: Course, state: State) -> bool:
    same = all(
        state.files.get(name) == value or (name in course.varying and name in state.files)
        for name, value in course.whole.files.items()
    )
    return same and _contents(state.finished) == _contents(course.whole.finished) and state.marks == course.whole.marks


def _contents(datasets: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What the datasets hold, whatever their ids, which depend on the time."""
    return sorted(datasets.values())


def _compare(course: Course, left: State, state: State, again: Ended) -> list[str]:
    """What is wrong after the second start."""
    faults = list(_traces(again.said))
    if again.code != course.ended.code:
        faults.append(f"the second start ended with {again.code}: {again.said.strip()[-300:]}")
    for name in sorted(course.whole.files.keys() | state.files.keys()):
        if name not in state.files:
            faults.append(f"{name} is missing in the end")
        elif name not in course.whole.files:
            faults.append(f"{name} is left over in the end")
        elif state.files[name] != course.whole.files[name] and name not in course.varying:
            faults.append(f"{name} has other bytes in the end")
    if _contents(state.finished) != _contents(course.whole.finished):
        faults.append("the datasets hold something else in the end")
    if state.marks != course.whole.marks:
        faults.append("the marks of dropped samples differ in the end")
    accepted = {sample for samples in left.begun.values() for sample in samples}
    if not {sample for samples in state.finished.values() for sample in samples} >= accepted:
        faults.append("accepted samples are lost")
    if not state.paid >= left.paid & course.whole.paid:
        faults.append("answers that were paid for are lost")
    return faults


def _traces(said: str) -> tuple[str, ...]:
    return (f"a defect: {said[-400:]}",) if _TRACES.search(said) else ()
