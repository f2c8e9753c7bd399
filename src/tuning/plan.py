"""What a launch will do: which files go to whom, what the training takes and costs, and whether it was begun before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import orjson

from src.core.errors import DatasetError, UsageError
from src.core.types import Issue, ModelLimits, SplitName, TokenCount, ValidationReport
from src.persistence.jobs import TuningJob, TuningJobs
from src.providers.limits import check_size
from src.providers.tuning_api import TuningApi, TuningFile
from src.tuning.files import hash_file, slug
from src.tuning.targets import Target
from src.utils.training_file import validate_file, validate_split

TAG_LENGTH = 12
_OF_THE_WHOLE = frozenset({"too_few_examples", "few_examples", "too_many_examples"})
_SHOWN_ERRORS = 3


class Wishes(NamedTuple):
    """What a person may choose about a job. ``epochs`` None and ``suffix`` "" are chosen for them; ``again`` starts a
    job although an equal one was started before."""

    epochs: int | None = None
    suffix: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """A job to be launched. ``tokens`` and ``rows`` are those of each file; ``usd`` is None where no price is
    published. ``begun`` is what is known of the same job from an earlier launch."""

    target: Target
    dataset: str
    place: str
    files: Mapping[SplitName, TuningFile]
    rows: Mapping[SplitName, int]
    tokens: Mapping[SplitName, TokenCount]
    warnings: tuple[Issue, ...]
    epochs: int
    suffix: str
    usd: float | None
    base: str
    number: int
    begun: TuningJob | None

    @property
    def key(self) -> str:
        """The name of this job among all: a hash of everything that it is made of."""
        return hashlib.sha256(f"{self.base} {self.number}".encode()).hexdigest()

    @property
    def tag(self) -> str:
        """What the vendor is told of ``key``."""
        return self.key[:TAG_LENGTH]

    @property
    def is_started(self) -> bool:
        """Whether the vendor has this job already."""
        return self.begun is not None and self.begun.job != ""

    @property
    def billed_tokens(self) -> int:
        """Tokens that are paid for: every epoch reads the training file, and at Together also the validation file."""
        read = ["train", "validation"] if self.target.service == "together" else ["train"]
        return self.epochs * sum(count.tokens for side, count in self.tokens.items() if side in read)


def make_plan(
    target: Target, dataset: str, paths: Mapping[SplitName, Path], api: TuningApi, jobs: TuningJobs, wishes: Wishes
) -> LaunchPlan:
    """Check the files as the vendor will, and work out what training on them takes. Sends nothing.

    Raises DatasetError for files that would not train, UsageError for a wish that cannot be met.
    """
    limits = target.limits
    reports = _check_files(paths, limits)
    rows: dict[SplitName, int] = {side: report.rows for side, report in reports.items()}
    issues = find_issues(target, reports, rows)
    _refuse_errors(issues, target, paths)
    epochs = choose_epochs(wishes.epochs, rows["train"], api)
    suffix = _check_suffix(wishes.suffix) or slug(dataset)
    hashes = {side: hash_file(path) for side, path in paths.items()}
    made_of = [target.service, api.place, limits.id, epochs, suffix, hashes["train"], hashes.get("validation", "")]
    base = hashlib.sha256(orjson.dumps(made_of)).hexdigest()
    former = jobs.latest(base)
    number = (former.number if former else 1) + int(bool(former and former.job and wishes.again))
    plan = LaunchPlan(
        target=target,
        dataset=dataset,
        place=api.place,
        files={},
        rows=rows,
        tokens={side: TokenCount(report.total_tokens, report.exact) for side, report in reports.items()},
        warnings=tuple(issue for issue in issues if issue.severity == "warning"),
        epochs=epochs,
        suffix=suffix,
        usd=None,
        base=base,
        number=number,
        begun=former if former and former.number == number else None,
    )
    return _with_files(plan, paths, hashes)


def find_issues(
    target: Target, reports: Mapping[SplitName, ValidationReport], rows: Mapping[SplitName, int]
) -> tuple[Issue, ...]:
    """What the vendor would say of the files. How many examples there must be is asked of the training file; Bedrock
    asks it of both files together."""
    issues = tuple(issue for report in reports.values() for issue in report.issues)
    if target.service != "bedrock":
        return issues
    of_rows = (issue for issue in issues if issue.code not in _OF_THE_WHOLE)
    return (*check_size(sum(rows.values()), target.limits), *of_rows)


def choose_epochs(wished: int | None, rows: int, api: TuningApi) -> int:
    """``wished``, or as OpenAI's guide to preparing data chooses for a number of rows: three times over the data, more
    often for very small sets, less often for large ones (openai-cookbook, Chat_finetuning_data_prep).

    Raises UsageError for a number that the vendor does not take.
    """
    most = api.max_epochs
    if wished is not None:
        if wished < 1 or (most is not None and wished > most):
            allowed = f"1 to {most}" if most else "1 or more"
            raise UsageError(f"{wished} epochs: {api.title} takes {allowed}.", fix="As in --epochs 3.")
        return wished
    epochs = 3
    if 3 * rows < 100:
        epochs = min(25, 100 // max(1, rows))
    elif 3 * rows > 25_000:
        epochs = max(1, 25_000 // rows)
    return epochs if most is None else min(epochs, most)


def training_usd(limits: ModelLimits, tokens: int) -> float | None:
    """What training on ``tokens``, epochs counted, costs; None where models.yaml has no price."""
    return None if limits.train_price is None else tokens * limits.train_price / 1_000_000


def _check_files(paths: Mapping[SplitName, Path], limits: ModelLimits) -> dict[SplitName, ValidationReport]:
    if "validation" not in paths:
        return {"train": validate_file(paths["train"], limits.provider, limits.id)}
    both = validate_split(paths["train"], paths["validation"], limits.provider, limits.id)
    return {"train": both.train, "validation": both.validation}


def _with_files(plan: LaunchPlan, paths: Mapping[SplitName, Path], hashes: Mapping[SplitName, str]) -> LaunchPlan:
    stem = slug(plan.dataset)
    files: dict[SplitName, TuningFile] = {
        side: TuningFile(path, f"{stem}-{plan.tag}-{side}.jsonl", path.stat().st_size, hashes[side])
        for side, path in paths.items()
    }
    return replace(plan, files=files, usd=training_usd(plan.target.limits, plan.billed_tokens))


def _refuse_errors(issues: Sequence[Issue], target: Target, paths: Mapping[SplitName, Path]) -> None:
    errors = [issue for issue in issues if issue.severity == "error"]
    if not errors:
        return
    first = " ".join(f"{f'Row {issue.row}: ' if issue.row else ''}{issue.message}" for issue in errors[:_SHOWN_ERRORS])
    more = f" And {len(errors) - _SHOWN_ERRORS:,} more." if len(errors) > _SHOWN_ERRORS else ""
    limits = target.limits
    listed = f"python -m src.main validate {paths['train']} --provider {limits.provider} --model {limits.id}"
    fix = f"{errors[0].fix} All findings: {listed}".strip()
    raise DatasetError(f"These files would not train: {first}{more} Nothing was sent.", fix=fix)


def _check_suffix(text: str) -> str:
    if text and slug(text) != text:
        raise UsageError(
            f"--suffix {text!r} cannot be part of a model's name.",
            fix=f"Up to 40 lower-case letters, digits and hyphens, as in {slug(text)}.",
        )
    return text
