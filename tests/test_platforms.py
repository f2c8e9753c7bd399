"""What only one system has is asked for only there: modules, and functions of `os` and `signal`."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.cli.driver import bare_environment
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("src", "scripts", "tiny_sft") for path in (ROOT / folder).rglob("*.py"))
MODULES: Final = {
    "curses": "posix",
    "fcntl": "posix",
    "grp": "posix",
    "msvcrt": "windows",
    "posix": "posix",
    "pty": "posix",
    "pwd": "posix",
    "readline": "posix",
    "resource": "posix",
    "syslog": "posix",
    "termios": "posix",
    "tty": "posix",
    "winreg": "windows",
}
"""https://docs.python.org/3/library/unix.html and windows.html"""
NAMES: Final = {
    "os": {
        *("chown", "chroot", "confstr", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid"),
        *("getgroups", "getloadavg", "getpgid", "getpgrp", "getsid", "getuid", "killpg", "lchown", "mkfifo", "nice"),
        *("openpty", "posix_fadvise", "pread", "pwrite", "register_at_fork", "sched_getaffinity", "setpgid", "setsid"),
        *("setuid", "statvfs", "sync", "sysconf", "ttyname", "uname", "wait", "O_DIRECTORY", "O_NOFOLLOW", "WNOHANG"),
    },
    "signal": {
        *("SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGTSTP", "SIGUSR1", "SIGUSR2"),
        *("SIGWINCH", "alarm", "pause", "pthread_kill", "pthread_sigmask", "setitimer", "siginterrupt", "sigwait"),
    },
}
"""What https://docs.python.org/3/library/os.html and signal.html name as available on Unix alone."""
_TELLING: Final = (
    *(f"{word} {module}" for word in ("import", "from") for module in MODULES),
    *(f"{module}.{name}" for module, names in NAMES.items() for name in names),
)


def _functions(tree: ast.Module) -> Iterator[ast.AST]:
    """Every function, and the module without its functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
    yield ast.Module([node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)], [])


def _imported(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield child.module


def _named(node: ast.AST) -> Iterator[str]:
    """`os.fork` and the like, as far as they are of one system."""
    for child in ast.walk(node):
        of = child.value.id if isinstance(child, ast.Attribute) and isinstance(child.value, ast.Name) else ""
        if isinstance(child, ast.Attribute) and child.attr in NAMES.get(of, ()):
            yield f"{of}.{child.attr}"


def _asks_for_the_system(node: ast.AST) -> bool:
    code = ast.unparse(node)
    return "sys.platform" in code or "hasattr(os" in code


def unguarded(text: str) -> list[str]:
    """The function (or "the module") and what of one system it asks for without asking which system it is on."""
    found = []
    for function in _functions(ast.parse(text)):
        asked = {*(name for name in _imported(function) if name in MODULES), *_named(function)}
        if asked and not _asks_for_the_system(function):
            found += [f"{getattr(function, 'name', 'the module')}: {name}" for name in sorted(asked)]
    return found


def test_what_one_system_has_is_asked_for_only_there() -> None:
    found = {}
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        if any(telling in text for telling in _TELLING):
            found[path.relative_to(ROOT).as_posix()] = unguarded(text)
    assert len(found) > 5
    assert {name: asked for name, asked in found.items() if asked} == {}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("import fcntl\n", ["the module: fcntl"]),
        ("import os\ndef end(pid):\n    os.killpg(pid, 9)\n", ["end: os.killpg"]),
        ("import os\ndef cores():\n    return os.getloadavg() if hasattr(os, 'getloadavg') else 0\n", []),
        ("import sys\ndef bound():\n    if sys.platform != 'win32':\n        import resource\n", []),
    ],
)
def test_what_is_asked_for_without_a_look_at_the_system_is_found(text: str, asked: list[str]) -> None:
    assert unguarded(text) == asked


def test_every_command_can_be_loaded_where_no_module_of_posix_is() -> None:
    script = f"""
import sys
import subprocess, asyncio, tempfile, multiprocessing, importlib  # of the standard library: whole here as there
for name in {sorted(name for name, system in MODULES.items() if system == "posix")!r}:
    if name != "posix":
        sys.modules[name] = None
from src.cli.commands import COMMANDS
for command in COMMANDS:
    command.load()
import src.cli.menu, src.cli.tool_items
print(len(COMMANDS))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=bare_environment(ROOT),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 40
