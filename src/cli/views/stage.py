"""How a stage of curation is shown when it is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from src.cli.session import Session
from src.core.wording import dollars

if TYPE_CHECKING:
    from src.curation.stages.manifest import Manifest


def show_stage(session: Session, manifest: Manifest, out: Path) -> None:
    """Counts by reason, and where everything lies."""
    from src.cli.screens import counted, table

    counts = manifest.counts
    lines = [("kept", counts.kept), *counts.removed.items(), *counts.rejected.items()]
    rows = [(reason.replace("_", " "), f"{count:,}") for reason, count in lines]
    console = session.console
    console.lines(table(("rows", "count"), rows, width=console.width, right=frozenset({1})))
    console.success(f"{counted(counts.kept, 'row')} of {counts.rows:,} in {out}")
    for name in (one.name for one in manifest.outputs[1:]):
        console.say(f"Not in it, with the reasons: {out.with_name(name)}")
    paid = [cost for cost in counts.costs if cost.usd or cost.usd is None]
    for cost in paid:
        price = "no known price" if cost.usd is None else dollars(cost.usd)
        console.say(f"Paid for {cost.component} by {cost.provider}: {price} ({cost.notes})")


def stage_facts(manifest: Manifest, out: Path) -> dict[str, Any]:
    """What ``--json`` prints of a stage."""
    counts = manifest.counts
    return {
        "stage": manifest.stage,
        "rows": counts.rows,
        "kept": counts.kept,
        "removed": dict(counts.removed),
        "rejected": dict(counts.rejected),
        "facts": dict(counts.facts),
        "seconds": manifest.seconds,
        "files": [str(out.with_name(one.name)) for one in manifest.outputs],
    }
