"""What a launch will do: which files go to whom, what the training takes and costs, and whether it was begun before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import orjson

from src.core.errors import DatasetError, UsageError
from src.core.fingerprints import sha256_of
from src.core.jsonl import read_rows
from src.core.specs import ModelLimits
from src.core.types import Issue, SplitName, TokenCount, ValidationReport
from src.persistence.jobs import TuningJob, TuningJobs
from src.providers.training_price import billed_tokens, training_usd
from src.providers.tuning_api import Method, TuningApi, TuningFile
from src.tuning.files import slug
from src.tuning.targets import Target
from src.utils.formats.registry import formats_of, match_format
from src.utils.training_file import validate_file, validate_split

TAG_LENGTH = 12
_SHOWN_ERRORS = 3


class Wishes(NamedTuple):
    """What a person may choose about a job. ``epochs`` None and ``suffix`` "" are chosen for them; ``again`` starts a
    job although an equal one was started before."""

    epochs: int | None = None
    suffix: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """A job to be launched. ``tokens`` and ``rows`` are those of each file; ``usd`` is None where no price is known, as
    for jobs on preference pairs. ``begun`` is what is known of the same job from an earlier launch."""

    target: Target
    dataset: str
    place: str
    files: Mapping[SplitName, TuningFile]
    rows: Mapping[SplitName, int]
    tokens: Mapping[SplitName, TokenCount]
    warnings: tuple[Issue, ...]
    epochs: int
    suffix: str
    method: Method
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
        """Tokens that are paid for, every epoch counted."""
        read = {side: count.tokens for side, count in self.tokens.items()}
        return billed_tokens(self.target.limits, self.epochs, read["train"], read.get("validation", 0))


def make_plan(
    target: Target, dataset: str, paths: Mapping[SplitName, Path], api: TuningApi, jobs: TuningJobs, wishes: Wishes
) -> LaunchPlan:
    """Check the files as the vendor will, and work out what training on them takes. Sends nothing.

    Raises DatasetError for files that would not train, UsageError for a wish that cannot be met.
    """
    limits = target.limits
    reports = _check_files(paths, limits)
    rows: dict[SplitName, int] = {side: report.rows for side, report in reports.items()}
    issues = tuple(issue for report in reports.values() for issue in report.issues)
    _refuse_errors(issues, target, paths)
    method = _method_of(paths, target, api)
    epochs = choose_epochs(wishes.epochs, rows["train"], api)
    suffix = _check_suffix(wishes.suffix) or slug(dataset)
    hashes = {side: sha256_of(path) for side, path in paths.items()}
    made_of = [target.service, api.place, target.model, epochs, suffix, hashes["train"], hashes.get("validation", "")]
    made_of += [] if method == "supervised" else [method]
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
        method=method,
        usd=None,
        base=base,
        number=number,
        begun=former if former and former.number == number else None,
    )
    return _with_files(plan, paths, hashes)


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
    # the prices of models.yaml are those of supervised training
    usd = training_usd(plan.target.limits, plan.billed_tokens) if plan.method == "supervised" else None
    return replace(plan, files=files, usd=usd)


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


def _method_of(paths: Mapping[SplitName, Path], target: Target, api: TuningApi) -> Method:
    """How a model learns from these files. A supervised job cannot read preference pairs, nor the other way round.

    Raises DatasetError where the files are of both kinds, or where the vendor has no job for pairs.
    """
    formats = formats_of(target.limits)
    holds_pairs = {
        form.holds.pair
        for path in paths.values()
        for form in (match_format(row.value, formats) for row in read_rows(path) if row.value is not None)
        if form is not None
    }
    if True not in holds_pairs:
        return "supervised"
    if False in holds_pairs:
        raise DatasetError(
            "Some rows are preference pairs and some are not; a job takes one kind. Nothing was sent.",
            fix="Put them into files of their own, for training and validation alike.",
        )
    if "preference" not in api.methods:
        raise DatasetError(
            f"These files hold preference pairs; {api.title} trains on single answers. Nothing was sent.",
            fix=f"Train on the better answers: 'python -m src.main convert {paths['train']} OUT --to {formats[0].name} "
            "--allow-loss', then launch OUT.",
        )
    return "preference"


def _check_suffix(text: str) -> str:
    if text and slug(text) != text:
        raise UsageError(
            f"--suffix {text!r} cannot be part of a model's name.",
            fix=f"Up to 40 lower-case letters, digits and hyphens, as in {slug(text)}.",
        )
    return text
