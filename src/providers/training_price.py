"""What a training job is billed: one rule for every place that names a price."""

from __future__ import annotations

from src.core.specs import ModelLimits


def billed_tokens(limits: ModelLimits, epochs: int, train: int, validation: int = 0) -> int:
    """The tokens that are paid for: every epoch reads the training file, and at Together, where a launch asks for one
    evaluation an epoch, also the validation file (context_files reference, section 5: TO5).

    ``train`` and ``validation`` are the tokens of each file.
    """
    reads_both = limits.route.startswith("together")
    return epochs * (train + (validation if reads_both else 0))


def training_usd(limits: ModelLimits, tokens: int) -> float | None:
    """What training on ``tokens``, epochs counted, costs; None where models.yaml has no price."""
    return None if limits.train_price is None else tokens * limits.train_price / 1_000_000
