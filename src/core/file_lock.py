"""An advisory lock on an open file: the operating system frees it however its holder ends."""

from __future__ import annotations

import errno
import sys
from typing import IO

_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK})
_WITHOUT_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})
"""What file systems answer that know no locks."""


def take_lock(handle: IO[bytes], *, byte: int = 0) -> bool:
    """Take the lock of an open file without waiting; False when somebody has it. Closing the file frees it.

    ``byte`` is the place that is locked on Windows, where nobody else may then read it. Raises OSError.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(byte)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            handle.seek(0)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


def lock_where_possible(handle: IO[bytes], *, byte: int = 0) -> bool:
    """As ``take_lock``, but True on a file system that knows no locks. Raises OSError."""
    try:
        return take_lock(handle, byte=byte)
    except OSError as error:
        if error.errno in _WITHOUT_LOCKS:
            return True
        raise
