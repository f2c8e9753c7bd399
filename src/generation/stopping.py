"""How a run is stopped: the first wish lets finish what is in flight, the second leaves at once."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from src.core.errors import RunStoppedError

GO_ON = "Answers so far are kept: run again to go on."


class StopSwitch:
    """Off until somebody asks to stop. An engine looks at it before every call and while it waits for one."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._why = ""

    @property
    def is_on(self) -> bool:
        """True once somebody has asked to stop."""
        return self._asked.is_set()

    def turn_on(self, why: str = "The run was stopped.") -> None:
        """Ask to stop: no further call is made. Safe to call twice; the first reason stays."""
        self._why = self._why or why
        self._asked.set()

    def check(self) -> None:
        """Raise RunStoppedError with the reason once somebody has asked to stop."""
        if self.is_on:
            raise RunStoppedError(self._why, fix=GO_ON)

    async def sleep(self, seconds: float) -> None:
        """Wait; raise RunStoppedError as soon as somebody asks to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._asked.wait()
        self.check()


@contextmanager
def stop_on_interrupt(switch: StopSwitch, tell: Callable[[str], None]) -> Iterator[None]:
    """Inside of this block, in the main thread's event loop, the first Ctrl-C turns ``switch`` on and the second one
    cancels the present task, which then raises RunStoppedError. ``tell`` gets one line for the user. In any other
    thread, where Python delivers no signal, the block runs as it is."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    task = asyncio.current_task()
    assert task is not None, "stop_on_interrupt needs a running task"
    loop = asyncio.get_running_loop()

    def interrupted(*_: object) -> None:
        if switch.is_on:
            loop.call_soon_threadsafe(task.cancel)
        else:
            loop.call_soon_threadsafe(switch.turn_on)
            tell("Stopping: waiting for the answers in flight. Press Ctrl-C again to leave at once.")

    # signal.signal, not loop.add_signal_handler: Windows has only the former
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    except asyncio.CancelledError:
        if not switch.is_on:
            raise
        task.uncancel()
        raise RunStoppedError("The run was stopped at once.", fix=GO_ON) from None
    finally:
        signal.signal(signal.SIGINT, before)
