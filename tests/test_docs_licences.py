"""docs/LICENCES.md names every package that the program needs, in the version that is pinned."""

from __future__ import annotations

import re

import pytest

from tests.docs_licences import PAGE, ROOT, licence_of, pins

FILES = sorted(ROOT.glob("requirements*.txt"))
COPYLEFT = re.compile(r"\b(?:A?GPL|General Public|SSPL|BUSL|Commons Clause)", re.IGNORECASE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_pinned_package_is_listed_with_its_version(path) -> None:
    rows = set(re.findall(r"^\| (\S+) \| (\S+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(pins(path).items()) <= rows, "run make docs"


def test_licences_are_those_that_the_packages_state() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, version in pins(ROOT / "requirements.txt").items():
        assert f"| {name} | {version} | {licence_of(name)} |" in text, "run make docs"


def test_what_the_program_needs_binds_nobody_to_publish_his_code() -> None:
    lines = PAGE.read_text(encoding="utf-8").partition("\n## requirements-")[0].splitlines()
    assert not [line for line in lines if COPYLEFT.search(line)]
