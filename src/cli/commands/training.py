"""The subcommands that train on this machine and show what it changed."""

from __future__ import annotations

from src.cli.commands.evaluate import EVALUATE
from src.cli.commands.sweep import SWEEP
from src.cli.commands.train import TRAIN
from src.cli.commands.try_tuned import TRY
from src.cli.subcommand import Room

TRAINING = Room("Train on this machine", (TRAIN, EVALUATE, SWEEP, TRY))
