"""Every subcommand, in rooms as the help shows them. A room's file says what there is; the work is done elsewhere."""

from __future__ import annotations

from src.cli.commands.build import BUILD
from src.cli.commands.curation import CURATION
from src.cli.commands.data_prep import DATA_PREP
from src.cli.commands.documents import DOCUMENTS
from src.cli.commands.editing import EDITING
from src.cli.commands.formats import FORMATS_ROOM
from src.cli.commands.library import LIBRARY
from src.cli.commands.models import MODELS
from src.cli.commands.sharing import SHARING
from src.cli.commands.shell import SHELL
from src.cli.commands.stored import STORED
from src.cli.commands.training import TRAINING
from src.cli.commands.tuning import TUNING
from src.cli.subcommand import Room, Subcommand

ROOMS: tuple[Room, ...] = (
    BUILD,
    DOCUMENTS,
    STORED,
    LIBRARY,
    EDITING,
    SHARING,
    FORMATS_ROOM,
    CURATION,
    DATA_PREP,
    MODELS,
    TUNING,
    TRAINING,
    SHELL,
)
COMMANDS: tuple[Subcommand, ...] = tuple(command for room in ROOMS for command in room.commands)
