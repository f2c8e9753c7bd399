"""Tests that need the training stack: the libraries in it warn each other of things that are none of ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.training.tiny_model import make_model


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("train"):
            for category in ("FutureWarning", "DeprecationWarning", "UserWarning", "ResourceWarning"):
                item.add_marker(pytest.mark.filterwarnings(f"ignore::{category}"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a random model that is made once."""
    return make_model(tmp_path_factory.mktemp("model"))
