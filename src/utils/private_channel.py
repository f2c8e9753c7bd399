"""Standard output kept for answers, in a process that another one asks."""

from __future__ import annotations

import os
import sys
from typing import IO


def open_private_channel() -> IO[bytes]:
    """The pipe to the other side; what a library prints from now on goes to standard error instead."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return channel
