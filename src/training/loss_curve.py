"""The loss of a training run as an SVG picture that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from src.reports.pages.markup import Markup, tag
from src.training.outcome import HeldOutLoss, StepLoss

_WIDTH: Final = 640
_HEIGHT: Final = 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 16, 28, 34
_SMOOTHING: Final = 0.9
_STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#444}.axis,.grid{stroke:#888;stroke-width:1}.grid{stroke:#ddd}"
    ".step{fill:none;stroke:#9ab8d8;stroke-width:1}.mean{fill:none;stroke:#1f5fa8;stroke-width:2}"
    ".held{fill:none;stroke:#c05a1a;stroke-width:2}.dot{fill:#c05a1a}"
    "@media(prefers-color-scheme:dark){text{fill:#bbb}.grid{stroke:#444}}"
)


class _Point(NamedTuple):
    step: int
    loss: float


def draw_curve(losses: Sequence[StepLoss], held_out: Sequence[HeldOutLoss] = ()) -> str:
    """The loss by step: every step pale, their moving mean dark, the held-out rows in another colour."""
    steps = [_Point(one.step, one.loss) for one in losses if math.isfinite(one.loss)]
    others = [_Point(one.step, one.loss) for one in held_out if math.isfinite(one.loss)]
    if not steps:
        return _picture(tag("text", "No losses were written.", x=_LEFT, y=_HEIGHT / 2))
    frame = _Frame.around([*steps, *others])
    means = [
        _Point(one.step, value)
        for one, value in zip(
            steps,
            accumulate((one.loss for one in steps), lambda mean, loss: _SMOOTHING * mean + (1 - _SMOOTHING) * loss),
            strict=True,
        )
    ]
    parts = [
        *_grid(frame),
        tag("polyline", points=frame.line(steps), class_="step"),
        tag("polyline", points=frame.line(means), class_="mean"),
        tag("text", "loss per learnt token; dark: moving mean", x=_LEFT, y=16),
    ]
    if others:
        parts += [tag("polyline", points=frame.line(others), class_="held")]
        parts += [tag("circle", "", cx=frame.x(one.step), cy=frame.y(one.loss), r=3, class_="dot") for one in others]
        parts += [tag("text", "held-out rows: orange", x=_WIDTH - _RIGHT, y=16, text_anchor="end")]
    return _picture(*parts)


class _Frame(NamedTuple):
    """Where a step and a loss stand in the picture."""

    last: int
    low: float
    high: float

    @classmethod
    def around(cls, points: Sequence[_Point]) -> _Frame:
        low = min(point.loss for point in points)
        high = max(point.loss for point in points)
        margin = (high - low) * 0.05 or 0.5
        return cls(max(point.step for point in points), max(0.0, low - margin), high + margin)

    def x(self, step: int) -> float:
        return round(_LEFT + step / self.last * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, loss: float) -> float:
        share = (loss - self.low) / (self.high - self.low)
        return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)

    def line(self, points: Sequence[_Point]) -> str:
        return " ".join(f"{self.x(point.step)},{self.y(point.loss)}" for point in points)


def _grid(frame: _Frame) -> list[Markup]:
    drawn = []
    for number in range(5):
        loss = frame.low + (frame.high - frame.low) * number / 4
        height = frame.y(loss)
        drawn.append(tag("line", x1=_LEFT, y1=height, x2=_WIDTH - _RIGHT, y2=height, class_="grid"))
        drawn.append(tag("text", f"{loss:.2f}", x=_LEFT - 6, y=height + 4, text_anchor="end"))
    base = _HEIGHT - _BOTTOM
    drawn.append(tag("line", x1=_LEFT, y1=base, x2=_WIDTH - _RIGHT, y2=base, class_="axis"))
    drawn.append(tag("text", "0", x=_LEFT, y=base + 18))
    drawn.append(tag("text", f"step {frame.last:,}", x=_WIDTH - _RIGHT, y=base + 18, text_anchor="end"))
    return drawn


def _picture(*parts: Markup) -> str:
    return tag(
        "svg",
        tag("style", Markup(_STYLE)),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label="Training loss by step",
    )
