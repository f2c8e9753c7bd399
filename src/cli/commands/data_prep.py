"""The subcommands that turn chat logs, git history and code into training sets."""

from __future__ import annotations

from src.cli.commands.chat_logs import CHAT_LOGS
from src.cli.commands.fim import FIM
from src.cli.commands.git_history import GIT_HISTORY
from src.cli.commands.lengths import LENGTHS
from src.cli.commands.merge_split import MERGE_SPLIT
from src.cli.commands.prepare import PREPARE
from src.cli.commands.qc import QC
from src.cli.subcommand import Room, Subcommand

_COMMANDS: tuple[Subcommand, ...] = (
    PREPARE,
    CHAT_LOGS,
    GIT_HISTORY,
    FIM,
    QC,
    LENGTHS,
    MERGE_SPLIT,
)

DATA_PREP = Room("Prepare chat logs, git history and code", _COMMANDS)
