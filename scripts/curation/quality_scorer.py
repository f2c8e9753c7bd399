"""Score rows: `python -m src.main score`, from any folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from src.main import program

program("score")
