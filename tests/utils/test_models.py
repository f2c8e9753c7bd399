"""Every model of models.yaml: a dataset is written in each of its formats and passes its own check."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.jsonl import write_jsonl
from src.core.specs import ModelLimits
from src.core.types import PROVIDER_NAMES, Message, Sample
from src.providers import load_provider
from src.providers.conversation import conversation_of
from src.providers.lookup import provider_spec
from src.utils.formats.form import Format
from src.utils.formats.registry import formats_of
from src.utils.training_file import validate_file
from tests.fakes import make_sample

MODELS = [model for name in PROVIDER_NAMES for model in provider_spec(name).models]
CASES = [(model, form) for model in MODELS for form in formats_of(model)]
ROWS = 120


def samples(form: Format) -> list[Sample]:
    """Enough for every model; as many turns and system texts as the format holds."""
    worse = {"rejected": "It cannot be known."} if form.holds.pair else {}
    plain = [make_sample(f"What is kiln {n}?", f"It is kiln number {n}.", **worse) for n in range(ROWS)]
    if not form.holds.many_turns:
        return plain
    turns = (
        Message("system", "You run a pottery."),
        *plain[0].messages,
        Message("user", "Sure?"),
        Message("assistant", "Yes."),
    )
    return [*plain[1:], Sample(turns, "generated", metadata=worse)]


@pytest.mark.parametrize(("model", "form"), CASES, ids=[f"{model.id}-{form.name}" for model, form in CASES])
def test_what_is_exported_for_a_model_passes_its_check(model: ModelLimits, form: Format, tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    write_jsonl(path, (form.to_row(conversation_of(sample)) for sample in samples(form)))
    report = validate_file(path, model.provider, model.id)
    assert report.ok, report.issues
    assert not [issue for issue in report.issues if issue.row]
    assert report.rows == ROWS
    assert report.total_tokens > ROWS * 10


@pytest.mark.parametrize("model", MODELS, ids=[model.id for model in MODELS])
def test_the_adapter_of_a_provider_and_its_first_format_write_the_same_row(model: ModelLimits) -> None:
    form = formats_of(model)[0]
    adapter = load_provider(model.provider)(model=model.id)
    for sample in samples(form)[-3:]:
        assert adapter.format_example(sample) == form.to_row(conversation_of(sample))
