"""The licences of what the program is built on: `python -m tests.docs_licences --write` makes docs/LICENCES.md anew.

They are read from the packages that are installed; `make docs` writes the list, a test compares it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "LICENCES.md"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;#]+)")
_LONG = 60
_UNKNOWN = "(not installed where this list was made: see its page)"
_INTRO = """# Licences of the packages

What `requirements*.txt` name, with the licence that each package states of itself. `requirements.txt` is what the
program needs; the other files are optional, and `requirements-dev.txt` is for tests only. Packages that these bring
along are not listed: `pip show NAME` tells. Made by `make docs`; `make audit` asks PyPI for known weaknesses.
"""


def pins(path: Path) -> dict[str, str]:
    """The packages that a requirements file names with their exact versions."""
    found = (_PIN.match(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {match[1]: match[2] for match in found if match}


def licence_of(name: str) -> str:
    """The licence that an installed package states: its SPDX expression, else its classifiers, else its own words."""
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return _UNKNOWN
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [text for text in metadata.get_all("Classifier") or [] if text.startswith("License ::")]
    named = [text.rpartition(" :: ")[2] for text in classifiers if text != "License :: OSI Approved"]
    own = (metadata.get("License") or _licence_file(name)).strip().splitlines()
    return "; ".join(named) or (own[0].strip()[:_LONG] if own else "(states none)")


def _licence_file(name: str) -> str:
    files = (file for file in distribution(name).files or () if file.stem.upper() in {"LICENSE", "LICENCE", "COPYING"})
    return next((Path(str(file.locate())).read_text(encoding="utf-8") for file in files), "")


def page() -> str:
    """docs/LICENCES.md as it should be."""
    return _INTRO + "".join(_tables())


def _tables() -> Iterator[str]:
    known = _known_rows()
    for path in sorted(ROOT.glob("requirements*.txt"), key=lambda path: (path.stem != "requirements", path.name)):
        rows = [f"| {name} | {version} | {_licence(name, version, known)} |\n" for name, version in pins(path).items()]
        yield f"\n## {path.name}\n\n| package | version | licence |\n| --- | --- | --- |\n" + "".join(rows)


def _licence(name: str, version: str, known: dict[tuple[str, str], str]) -> str:
    found = licence_of(name)
    return known.get((name, version), found) if found == _UNKNOWN else found


def _known_rows() -> dict[tuple[str, str], str]:
    """What the page says now: it keeps what only another machine has installed."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", text, re.MULTILINE)
    return {(name, version): licence for name, version, licence in rows}


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        sys.exit("docs/LICENCES.md is out of date: run make docs")
