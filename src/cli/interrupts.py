"""Signals: Ctrl-C within an import waits for its end; a request to end ends the program in order."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType

_LOADER = "<frozen importlib._bootstrap>"
_AGAIN_S = 0.02


def interrupt_between_loads() -> None:
    """Let Ctrl-C raise KeyboardInterrupt as ever, but never in the middle of an import.

    The menu loads what an item needs when it is picked. A module that is left half-way through its start is broken for
    the rest of the process: extension modules have been seen to crash the interpreter, which then ends without a word.
    Where Ctrl-C is ignored (a job in the background of a script), it stays ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


class Terminated(SystemExit):
    """Somebody asked the process to end (SIGTERM): every block that cleans up behind itself does so."""


def end_when_asked() -> None:
    """Let SIGTERM raise Terminated, but where it is ignored."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    if not _is_loading(frame):
        raise Terminated(128 + number)  # as shells tell it
    _again(signal.SIGTERM)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if not _is_loading(frame):
        signal.default_int_handler(number, frame)
    _again(signal.SIGINT)


def _again(number: signal.Signals) -> None:
    again = threading.Timer(_AGAIN_S, _send_to_main, (number,))
    again.daemon = True
    again.start()


def _send_to_main(number: signal.Signals) -> None:
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:  # to the main thread itself, which may be waiting for the system
        signal.pthread_kill(threading.main_thread().ident or 0, number)


def _is_loading(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == _LOADER:
            return True
        frame = frame.f_back
    return False
