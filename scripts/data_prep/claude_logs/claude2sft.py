"""Turn chat logs into training rows: `python -m src.main chat-logs`, from any folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from src.main import program

program("chat-logs")
