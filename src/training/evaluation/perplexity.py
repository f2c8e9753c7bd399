"""Perplexity from the losses of rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class RowLoss(NamedTuple):
    """What a model makes of one row: the sum of -ln p over the tokens that the assistant writes, and their number."""

    loss: float
    tokens: int


def perplexity_of(rows: Sequence[RowLoss]) -> float:
    """exp of the mean loss per token over all rows (Jelinek et al., Perplexity, 1977): 1 is certain, the size of the
    vocabulary is blind guessing. NaN without tokens.

    Comparable only between models with the same tokenizer.
    """
    tokens = sum(row.tokens for row in rows)
    return math.exp(sum(row.loss for row in rows) / tokens) if tokens else math.nan
