"""Figures of a set against targets: the nine lines of the report, the table of criteria, passed or not."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

from src.core.wording import dollars
from src.curation.verify.figures import BANDS, Figures, TokenFigures
from src.curation.verify.teachers import UNKNOWN

_NAMED_TEACHERS: Final = 5
_BAND_WORDS: Final = {"9-10": "excellent", "8-9": "good", "7-8": "acceptable"}


@dataclass(frozen=True, slots=True)
class Targets:
    """What a set must reach. ``max_duplicates`` and ``format_share`` are shares of all rows; ``max_cost`` is USD."""

    min_rows: int = 1
    min_quality: float = 8.0
    max_duplicates: float = 0.01
    max_cost: float = 150.0
    min_teachers: int = 3
    format_share: float = 1.0


class Criterion(NamedTuple):
    """One line of the table; ``met`` decides."""

    name: str
    target: str
    actual: str
    met: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The report as lines with whether each is good news, and the table behind them."""

    lines: tuple[tuple[str, bool], ...]
    criteria: tuple[Criterion, ...]

    @property
    def passed(self) -> bool:
        """Every target is met."""
        return all(criterion.met for criterion in self.criteria)


def judge(figures: Figures, targets: Targets, cost_usd: float | None, *, recorded: bool = True) -> Verdict:
    """``cost_usd`` is what was paid for the set; None where one of the prices is not known, which meets no target.
    ``recorded`` is False where no papers of the set say so."""
    cost = "not known: a price is missing" if cost_usd is None else dollars(cost_usd)
    criteria = _criteria(figures, targets, cost_usd, cost if recorded else f"{cost} (no record beside the set)")
    met = {criterion.name: criterion.met for criterion in criteria}
    return Verdict(_lines(figures, met), criteria)


def figure_facts(figures: Figures) -> dict[str, Any]:
    """The figures as plain JSON values, for ``--json``, manifests and cards."""
    return {
        "rows": figures.rows,
        "rejected": dict(figures.rejected),
        "first_rejected": [asdict(one) for one in figures.rejected_lines],
        "valid_share": figures.valid_share,
        "exact_duplicates": figures.exact,
        "near_duplicates": figures.near,
        "duplicate_share": figures.duplicate_share,
        "scored": figures.scored,
        "mean_score": figures.mean_score,
        "bands": dict(figures.bands),
        "scored_by": dict(figures.scored_by),
        "categories": dict(figures.categories.most_common()),
        "teachers": {name or "unknown": count for name, count in figures.teachers.most_common(50)},
        "teacher_count": _named(figures.teachers),
        "licences": dict(figures.licences.most_common()),
        "tokens": _token_facts(figures),
    }


def _token_facts(figures: Figures) -> dict[str, Any] | None:
    tokens = figures.tokens
    if tokens is None:
        return None
    return {
        "rows": tokens.rows,
        **{name: getattr(tokens, name)._asdict() for name in ("instruction", "response", "total")},
    }


def _criteria(figures: Figures, targets: Targets, cost: float | None, cost_text: str) -> tuple[Criterion, ...]:
    teachers = _named(figures.teachers)
    mean = figures.mean_score
    all_scored = figures.scored == figures.rows
    score = "no row has a score" if mean is None else f"{mean:.2f}/10"
    if mean is not None and not all_scored:
        score += f" ({figures.rows - figures.scored:,} rows without)"
    return (
        Criterion(
            "Dataset size", f">= {targets.min_rows:,}", f"{figures.rows:,}", figures.rows >= max(1, targets.min_rows)
        ),
        Criterion(
            "Quality score",
            f">= {targets.min_quality:g}/10",
            score,
            mean is not None and all_scored and mean >= targets.min_quality,
        ),
        Criterion(
            "Duplicate rate",
            f"<= {targets.max_duplicates:.4g}",
            _percent(figures.duplicate_share),
            figures.duplicate_share <= targets.max_duplicates,
        ),
        Criterion(
            "Cost",
            f"<= ${targets.max_cost:g}",
            cost_text,
            (math.inf if cost is None else cost) <= targets.max_cost,
        ),
        Criterion("Teachers", f">= {targets.min_teachers}", str(teachers), teachers >= targets.min_teachers),
        Criterion(
            "Valid format",
            f">= {targets.format_share:.4g}",
            _percent(figures.valid_share),
            figures.valid_share >= targets.format_share,
        ),
    )


def _lines(figures: Figures, met: dict[str, bool]) -> tuple[tuple[str, bool], ...]:
    bands = ", ".join(
        f"{_percent(_share(figures.bands[name], figures.scored), 0)} {_BAND_WORDS[name]} ({name})" for name, _ in BANDS
    )
    below = figures.scored - sum(figures.bands[name] for name, _ in BANDS)
    bands += f", {_percent(_share(below, figures.scored), 0)} below 7" if below else ""
    categories = sum(1 for name in figures.categories if name)
    mean = figures.mean_score
    rejected = sum(figures.rejected.values())
    looked = "exact and near" if figures.near is not None else "exact"
    format_line = "Valid instruction-response pairs"
    if rejected:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in figures.rejected.most_common())
        format_line = f"{rejected:,} lines are no rows ({kinds})"
    scored_by = ", ".join(f"{name} {count:,}" for name, count in figures.scored_by.most_common(3))
    return (
        (f"Total examples: {figures.rows:,}", met["Dataset size"]),
        (f"Format: {format_line}", met["Valid format"]),
        (
            f"Average quality: {mean:.1f}/10 (scored by: {scored_by})"
            if mean is not None
            else "Average quality: no row has a score",
            met["Quality score"],
        ),
        (f"Duplicates: {_percent(figures.duplicate_share)} ({looked})", met["Duplicate rate"]),
        (f"Average instruction length: {_tokens(figures, 'instruction')}", True),
        (f"Average response length: {_tokens(figures, 'response')}", True),
        (f"Quality distribution: {bands}" if figures.scored else "Quality distribution: no scores", figures.scored > 0),
        (f"Content diversity: {categories} categories represented", categories > 0),
        (f"Teacher diversity: {_teachers(figures)}", met["Teachers"]),
    )


def _teachers(figures: Figures) -> str:
    named = [name for name, _ in figures.teachers.most_common(_NAMED_TEACHERS + 1) if name][:_NAMED_TEACHERS]
    count = _named(figures.teachers)
    more = ", ..." if count > len(named) else ""
    unknown = figures.teachers[UNKNOWN]
    silent = f"; {unknown:,} rows do not tell theirs" if unknown else ""
    return f"{count} models" + (f" ({', '.join(named)}{more})" if named else "") + silent


def _tokens(figures: Figures, half: str) -> str:
    if figures.tokens is None:
        return "not counted"
    found: TokenFigures = getattr(figures.tokens, half)
    return f"{found.mean:,.0f} tokens (fewest {found.least:,}, most {found.most:,})"


def _named(counts: dict[str, int]) -> int:
    return sum(1 for name in counts if name)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _percent(share: float, decimals: int = 2) -> str:
    """A share in percent that is shown as all or nothing only where it is."""
    text = f"{100 * share:.{decimals}f}"
    bare = text.rstrip("0").rstrip(".") if "." in text else text
    if bare in {"0", "100"} and share not in {0.0, 1.0} and decimals:
        return f"{100 * share:.4g} %".replace(" ", "") if share < 1 else f"{bare}%"
    return f"{bare}%"
