"""Make fill-in-the-middle examples from code: `python -m src.main fim`, from any folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from src.main import program

program("fim")
