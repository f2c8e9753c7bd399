"""A finished training run of the tiny model, made without training: the adapter holds random weights."""

from __future__ import annotations

from pathlib import Path

from src.training.outcome import TrainPlan, TrainReport, write_report
from src.training.settings import TrainSettings
from tests.training.tiny_model import make_model


def make_run(folder: Path, base: Path | None = None) -> Path:
    """A folder as ``train`` leaves it, its adapter for ``base``, or else for a new tiny model beside it."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    base = base or make_model(folder / "base")
    torch.manual_seed(5)
    model = AutoModelForCausalLM.from_pretrained(base)
    settings = TrainSettings(base=str(base), rank=4, alpha=8)
    tuned = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, target_modules=list(settings.targets)))
    for name, weights in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weights, std=0.5)
    out = folder / "run"
    tuned.save_pretrained(out / "adapter")
    write_report(finished(settings, out / "adapter"), out)
    return out


def finished(settings: TrainSettings, adapter: Path) -> TrainReport:
    """The report of a run of one step."""
    plan = TrainPlan(
        rows=4,
        held_out=0,
        tokens=80,
        learnt=40,
        steps=1,
        parameters=30_000,
        trainable=1_000,
        device="cpu",
        dtype="float32",
        threads=1,
        seconds=1.0,
    )
    return TrainReport(
        settings=settings,
        plan=plan,
        losses=(),
        held_out=(),
        seconds=1.0,
        tokens_per_second=80.0,
        peak_memory_mb=100.0,
        warnings=(),
        adapter=adapter,
    )
