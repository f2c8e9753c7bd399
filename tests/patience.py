"""How long a test waits for what surely comes. It ends a hang; how quick something is, is no matter of a test."""

from __future__ import annotations

from typing import Final

PATIENCE_S: Final = 240
"""Machines that run tests are busy: what takes two seconds alone was seen to take fifty."""
