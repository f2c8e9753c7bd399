"""The Vendi score: how many entirely different texts would be as varied as these (Friedman and Dieng 2023)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from operator import mul
from typing import Final

_MOST_STEPS: Final = 60
"""QL needs two or three steps per eigenvalue; more means that a number is not one."""


def vendi_score(texts: Sequence[str]) -> float | None:
    """exp of the entropy of the eigenvalues of K / n, where K holds the cosines of the texts' character 3-grams (log
    counts). From 1 (all alike) to n (nothing in common); None without texts. Cubic in their number."""
    vectors = [_vector(text) for text in texts]
    if not vectors:
        return None
    size = len(vectors)
    kernel = [[0.0] * size for _ in vectors]
    for row, first in enumerate(vectors):
        kernel[row][row] = 1.0 / size
        for column in range(row):
            kernel[row][column] = kernel[column][row] = _dot(first, vectors[column]) / size
    values = [value for value in symmetric_eigenvalues(kernel) if value > 1e-12]
    return math.exp(-math.fsum(value * math.log(value) for value in values))


def symmetric_eigenvalues(matrix: Sequence[Sequence[float]]) -> list[float]:
    """The eigenvalues of a symmetric matrix, ascending: Householder reflections to a tridiagonal one, then implicit QL
    (Press et al., Numerical Recipes, 11.2 and 11.3)."""
    diagonal, beside = _tridiagonal([list(row) for row in matrix])
    for low in range(len(diagonal)):
        for _ in range(_MOST_STEPS):
            high = _first_gap(diagonal, beside, low)
            if high == low:
                break
            _ql_step(diagonal, beside, low, high)
        else:
            raise ArithmeticError("the matrix holds something that is no number")
    return sorted(diagonal)


def _vector(text: str) -> dict[int, float]:
    """Log counts of character 3-grams, of length one; words in lower case, one space between them, and spaces around.

    A 3-gram is the number of its three code points: sets of numbers, unlike sets of texts, have one order in every
    process.
    """
    codes = list(map(ord, f" {' '.join(text.lower().split())}  "))
    grams = zip(codes, codes[1:], codes[2:], strict=False)
    counts = Counter((first << 42) | (second << 21) | third for first, second, third in grams)
    logs = {gram: math.log1p(count) for gram, count in counts.items()}
    norm = math.sqrt(sum(value * value for value in logs.values()))
    return {gram: value / norm for gram, value in logs.items()}


def _dot(first: dict[int, float], second: dict[int, float]) -> float:
    return sum([first[gram] * second[gram] for gram in first.keys() & second.keys()])


def _tridiagonal(rows: list[list[float]]) -> tuple[list[float], list[float]]:
    """The diagonal, and what stands beside it (a zero at its end), of a similar matrix; ``rows`` are used up."""
    diagonal: list[float] = []
    beside: list[float] = []
    while len(rows) > 2:
        head, *rows = rows
        diagonal.append(head[0])
        column = head[1:]
        rows = [row[1:] for row in rows]
        norm = math.sqrt(sum(map(mul, column, column)))
        edge = -math.copysign(norm, column[0])
        beside.append(edge)
        if norm:
            column[0] -= edge
            rows = _reflect(rows, column)
    diagonal += [row[place] for place, row in enumerate(rows)]
    return diagonal, [*beside, *([rows[0][1]] if len(rows) == 2 else []), 0.0]


def _reflect(rows: list[list[float]], normal: list[float]) -> list[list[float]]:
    """The matrix after a reflection at the plane of ``normal`` from both sides."""
    scale = 2.0 / sum(map(mul, normal, normal))
    image = [scale * sum(map(mul, row, normal)) for row in rows]
    half = scale / 2.0 * sum(map(mul, normal, image))
    shift = [there - half * part for there, part in zip(image, normal, strict=True)]
    return [
        [value - part * other - move * one for value, other, one in zip(row, shift, normal, strict=True)]
        for row, part, move in zip(rows, normal, shift, strict=True)
    ]


def _first_gap(diagonal: list[float], beside: list[float], low: int) -> int:
    """Where the block that begins at ``low`` ends: what stands beside the diagonal there is nothing."""
    for place in range(low, len(diagonal) - 1):
        around = abs(diagonal[place]) + abs(diagonal[place + 1])
        if abs(beside[place]) <= 1e-15 * around or abs(beside[place]) < 1e-300:
            return place
    return len(diagonal) - 1


def _ql_step(diagonal: list[float], beside: list[float], low: int, high: int) -> None:
    """One implicit QL step with Wilkinson's shift on the block from ``low`` to ``high``."""
    slope = (diagonal[low + 1] - diagonal[low]) / (2.0 * beside[low])
    root = math.hypot(slope, 1.0)
    rest = diagonal[high] - diagonal[low] + beside[low] / (slope + math.copysign(root, slope))
    sine = cosine = 1.0
    moved = 0.0
    for place in range(high - 1, low - 1, -1):
        turned, kept = sine * beside[place], cosine * beside[place]
        root = math.hypot(turned, rest)
        beside[place + 1] = root
        if root == 0.0:
            diagonal[place + 1] -= moved
            beside[high] = 0.0
            return
        sine, cosine = turned / root, rest / root
        rest = diagonal[place + 1] - moved
        root = (diagonal[place] - rest) * sine + 2.0 * cosine * kept
        moved = sine * root
        diagonal[place + 1] = rest + moved
        rest = cosine * root - kept
    diagonal[low] -= moved
    beside[low] = rest
    beside[high] = 0.0
