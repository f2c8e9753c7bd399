"""Commits as training rows: `python -m src.main git-history`, from any folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from src.main import main

sys.exit(main(["git-history", *sys.argv[1:]]))
