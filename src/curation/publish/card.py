"""The card of a curated set: Markdown with the front matter that the Hugging Face Hub reads, from figures and costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from src.core.jsonl import atomic_writer
from src.core.wording import dollars
from src.curation.stages.manifest import Cost
from src.reports.cards import card_cell, count_table, front_matter, licence_matter, size_category

_SHOWN: Final = 20


def write_card(path: Path, title: str, facts: Mapping[str, Any], costs: Sequence[Cost], budget: float) -> Path:
    """Write the card. ``facts`` are those of ``figure_facts`` plus ``stages``: name, rows in, rows out, reasons."""
    text = "\n".join([_front_matter(title, path.parent, facts), *_body(title, facts), *_cost_table(costs, budget), ""])
    with atomic_writer(path) as file:
        file.write(text.encode("utf-8", "replace"))
    return path


def _front_matter(title: str, folder: Path, facts: Mapping[str, Any]) -> str:
    licences = list(facts["licences"])
    matter: dict[str, Any] = {
        "pretty_name": title,
        **licence_matter(licences if _covers_all(facts) else ()),
        "task_categories": ["text-generation"],
        "size_categories": [size_category(facts["rows"])],
        "tags": ["instruction-tuning", *sorted(name for name in facts["categories"] if name)[:_SHOWN]],
    }
    files = sorted(one.name for one in folder.glob(f"{title}.jsonl"))
    if files:
        matter["configs"] = [{"config_name": "default", "data_files": files[0]}]
    return front_matter(matter)


def _covers_all(facts: Mapping[str, Any]) -> bool:
    named: int = sum(facts["licences"].values())
    return bool(named == facts["rows"])


def _body(title: str, facts: Mapping[str, Any]) -> list[str]:
    mean = facts["mean_score"]
    lines = [f"# {title}", "", f"{facts['rows']:,} rows of one instruction and one response each, or of messages.", ""]
    lines += ["| figure | value |", "|---|---|", f"| rows | {facts['rows']:,} |"]
    lines += [f"| mean score | {mean:.2f} of 10 |" if mean is not None else "| mean score | not scored |"]
    lines += [f"| scored by | {_counts(facts['scored_by'])} |", f"| bands | {_counts(facts['bands'])} |"]
    lines += [f"| exact duplicates | {facts['exact_duplicates']:,} |"]
    if facts["near_duplicates"] is not None:
        lines += [f"| near-duplicates | {facts['near_duplicates']:,} |"]
    tokens = facts["tokens"]
    if tokens:
        for half in ("instruction", "response", "total"):
            found = tokens[half]
            lines.append(f"| tokens, {half} | {found['least']:,} to {found['most']:,}, mean {found['mean']:,} |")
        lines.append(f"| rows with counted tokens | {tokens['rows']:,} |")
    lines += ["", "Tokens are those of o200k_base. The score `heuristic` judges form, not truth.", ""]
    lines += count_table("Categories", facts["categories"], facts["rows"])
    lines += count_table("Teachers", facts["teachers"], facts["rows"])
    unnamed = facts["rows"] - sum(facts["licences"].values())
    licences = {**facts["licences"], **({"not recorded": unnamed} if unnamed else {})}
    lines += count_table("Licences", licences, facts["rows"])
    if unnamed:
        lines += ["Rows without a recorded licence: ask their sources before you publish them.", ""]
    lines += _stages(facts.get("stages", ()))
    return lines


def _stages(stages: Sequence[Mapping[str, Any]]) -> list[str]:
    if not stages:
        return []
    lines = [
        "## How it was made",
        "",
        "| stage | rows in | rows out | taken out | not readable |",
        "|---|---:|---:|---|---|",
    ]
    for stage in stages:
        counts = (f"{stage['rows']:,}", f"{stage['kept']:,}", _counts(stage["removed"]), _counts(stage["rejected"]))
        lines += [f"| {stage['stage']} | {' | '.join(counts)} |"]
    return [*lines, ""]


def _cost_table(costs: Sequence[Cost], budget: float) -> list[str]:
    lines = ["## Costs", "", "| component | provider | cost | notes |", "|---|---|---:|---|"]
    lines += [
        f"| {card_cell(one.component)} | {card_cell(one.provider)} | {_usd(one.usd)} | {card_cell(one.notes)} |"
        for one in costs
    ]
    total = total_cost(costs)
    spent = f"budget {dollars(budget)}" + (f", {_usd(budget - total)} left" if total is not None else "")
    return [*lines, f"| **total** | | {_usd(total)} | {spent} |"]


def total_cost(costs: Sequence[Cost]) -> float | None:
    """The sum in USD; None where one of the prices is not known."""
    known = [one.usd for one in costs if one.usd is not None]
    return sum(known) if len(known) == len(costs) else None


def _usd(value: float | None) -> str:
    return "no known price" if value is None else dollars(value)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{card_cell(name)} {count:,}" for name, count in counts.items()) or "-"
