"""Languages are told by name, by the first line, and by the content where an ending has several."""

from __future__ import annotations

import sys

import pytest
import yaml

from src.data_prep.data import read_data
from src.data_prep.fim.enry_rules import is_generated, is_vendored, load_enry
from src.data_prep.fim.languages import language_of, may_be_code
from src.data_prep.fim.syntax import load_parser

TABLE = [entry for entry in yaml.safe_load(read_data("languages.yaml")) if "grammar" in entry]


@pytest.mark.parametrize(
    ("path", "content", "name"),
    [
        ("a.py", b"", "Python"),
        ("deep/A.TSX", b"", "TSX"),
        ("Dockerfile", b"", "Dockerfile"),
        ("bin/run", b"#!/usr/bin/env python3\n", "Python"),
        ("bin/run", b"#!/usr/bin/env -S node --flag\n", "JavaScript"),
        ("bin/run", b"#!/bin/sh -e\n", "Shell"),
        ("bin/run", b"plain text", None),
        ("README.md", b"# Bells", None),
        ("data.json", b"{}", None),
        ("book.ipynb", b"{}", None),
    ],
)
def test_languages_are_told(path: str, content: bytes, name: str | None) -> None:
    found = language_of(path, content)
    assert (found.name if found else None) == name


@pytest.mark.skipif(load_enry() is None, reason="needs enry")
def test_an_ending_of_several_languages_is_decided_by_the_content() -> None:
    cpp = b"#include <string>\nnamespace tower {\nclass Bell {\n public:\n  std::string name;\n};\n}\n"
    objc = b"#import <Foundation/Foundation.h>\n@interface Bell : NSObject\n- (void)ring;\n@end\n"
    told = [language_of("bell.h", content) for content in (cpp, objc)]
    assert [one.name if one else "" for one in told] == ["C++", "Objective-C"]


def test_files_of_no_known_ending_are_not_read() -> None:
    assert [may_be_code(path) for path in ("a.rs", "bin/run", "a.png", "a.md")] == [True, True, False, False]


@pytest.mark.parametrize("entry", TABLE, ids=[entry["name"] for entry in TABLE])
def test_every_language_has_a_grammar_that_parses(entry: dict[str, str]) -> None:
    assert load_parser(entry["grammar"]).parse(b"\n").root_node is not None


def test_without_enry_the_first_language_of_an_ending_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    load_enry.cache_clear()
    monkeypatch.setitem(sys.modules, "enry", None)
    try:
        found = language_of("bell.h", b"class Bell {};\n")
        assert (found.name if found else "", is_vendored("vendor/a.c"), is_generated("a.c", b"")) == ("C", False, False)
    finally:
        load_enry.cache_clear()
