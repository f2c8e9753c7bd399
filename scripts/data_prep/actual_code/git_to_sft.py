"""Commits as training rows: `python -m src.main git-history`, from any folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from src.main import program

program("git-history")
