"""Train on the 26 rows beside this file: `python -m src.main train`, from any folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from src.main import main

ROWS = Path(__file__).with_name("dataset.jsonl")
HELD_OUT = Path(__file__).with_name("held_out.jsonl")

sys.exit(main(["train", "--dataset", str(ROWS), "--held-out", str(HELD_OUT), *sys.argv[1:]]))
