"""The Vendi score and the eigenvalues behind it."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.reports.metrics.vendi import symmetric_eigenvalues, vendi_score


def test_score_is_the_number_of_texts_that_have_nothing_in_common():
    assert vendi_score(["aaaa", "bbbb", "cccc"]) == pytest.approx(3, abs=0.1)
    assert vendi_score(["aaaa", "AAAA ", "aaaa", "bbbb"]) == pytest.approx(
        math.exp(-0.75 * math.log(0.75) - 0.25 * math.log(0.25))
    )


def test_score_takes_texts_without_letters():
    assert vendi_score(["", "", " "]) == pytest.approx(1)


def test_eigenvalues_of_known_matrices():
    assert symmetric_eigenvalues([[5.0]]) == [5.0]
    assert symmetric_eigenvalues([[2.0, 1.0], [1.0, 2.0]]) == pytest.approx([1, 3])
    assert symmetric_eigenvalues([[2.0, 0, 0], [0, 3, 4], [0, 4, 9]]) == pytest.approx([1, 2, 11])
    # -1 at both sides of 2: 2 - 2 cos(k pi / (n + 1))
    chain = [[2.0 if i == j else -1.0 if abs(i - j) == 1 else 0.0 for j in range(30)] for i in range(30)]
    assert symmetric_eigenvalues(chain) == pytest.approx([2 - 2 * math.cos(k * math.pi / 31) for k in range(1, 31)])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 14), st.integers(0, 10**6))
def test_eigenvalues_keep_the_traces_of_the_matrix(size: int, seed: int):
    source = random.Random(seed)
    low = [[source.uniform(-3, 3) for _ in range(row + 1)] for row in range(size)]
    matrix = [[low[max(i, j)][min(i, j)] for j in range(size)] for i in range(size)]
    values = symmetric_eigenvalues(matrix)
    assert sum(values) == pytest.approx(sum(matrix[i][i] for i in range(size)), abs=1e-9)
    assert sum(value**2 for value in values) == pytest.approx(sum(x * x for row in matrix for x in row), abs=1e-9)
    squares = [[sum(a * b for a, b in zip(row, other, strict=True)) for other in matrix] for row in matrix]
    assert sum(value**4 for value in values) == pytest.approx(
        sum(x * x for row in squares for x in row), rel=1e-9, abs=1e-9
    )


def test_matrix_with_something_that_is_no_number_is_refused():
    with pytest.raises(ArithmeticError):
        symmetric_eigenvalues([[math.nan, 1.0, 0.0], [1.0, math.nan, 1.0], [0.0, 1.0, 1.0]])
