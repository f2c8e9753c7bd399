"""TRL's trainer, but for one thing: the held-out loss is the mean over tokens."""

from __future__ import annotations

from typing import Any

from src.training.training_rows import IGNORED


def trainer_class() -> Any:
    """The trainer. TRL's own takes the mean over batches of their means, in which a token of a short answer counts more
    than one of a long one; here exp of the loss is the perplexity that ``evaluate`` tells."""
    from trl import SFTTrainer

    class TokenMeanTrainer(SFTTrainer):  # type: ignore[misc]  # the package is not installed where types are checked
        _loss = 0.0
        _tokens = 0

        def prediction_step(self, model: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
            # the first token of a row is predicted by nothing
            tokens = int((inputs["labels"][:, 1:] != IGNORED).sum())
            found = super().prediction_step(model, inputs, *args, **kwargs)
            self._loss += float(found[0]) * tokens
            self._tokens += tokens
            return found

        def evaluation_loop(self, *args: Any, **kwargs: Any) -> Any:
            self._loss, self._tokens = 0.0, 0
            found = super().evaluation_loop(*args, **kwargs)
            found.metrics["eval_loss"] = self._loss / self._tokens
            return found

    return TokenMeanTrainer
