"""The licence of a file: its header, else the nearest licence file, else what the user says."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.data_prep.fim.licensing import Licences
from src.data_prep.fim.sources import open_source
from tests.data_prep.fim.makers import GPL, MIT, write_files


def licences(folder: Path, files: dict[str, str | bytes], *, stated: str = "", copyleft: bool = False) -> Licences:
    source = open_source(write_files(folder, files))
    return Licences(source, list(source.files()), stated=stated, copyleft=copyleft)


def test_the_nearest_licence_file_counts(tmp_path: Path) -> None:
    found = licences(tmp_path, {"LICENSE": MIT, "port/COPYING": GPL})
    assert found.of_repository == "MIT"
    assert found.of_file("src/bell.py", b"x = 1\n") == "MIT"
    assert found.of_file("port/deep/bell.c", b"int x;\n") == "GPL-3.0"


@pytest.mark.parametrize(
    "header",
    [
        b"// SPDX-License-Identifier: GPL-2.0-only\n",
        b"#!/bin/sh\n# Copyright\n#\n# SPDX-License-Identifier: GPL-2.0-only\n",
        b"package tower;\n\n/*\n   SPDX-License-Identifier: GPL-2.0-only\n*/\n",
    ],
)
def test_the_header_of_a_file_counts_more(tmp_path: Path, header: bytes) -> None:
    found = licences(tmp_path, {"LICENSE": MIT})
    assert found.of_file("src/bell.c", header + b"int main(void) { return 0; }\n") == "GPL-2.0-only"


def test_a_header_in_words_is_understood(tmp_path: Path) -> None:
    header = (
        b"/* This program is free software: you can redistribute it under the terms of the\n   GNU General Public\n"
    )
    found = licences(tmp_path, {"LICENSE": MIT})
    licence = found.of_file("src/bell.c", header + b"   License, version 3. */\nint x;\n")
    assert (licence, found.allows(licence)) == ("GPL-3.0", False)


def test_several_licence_files_all_count(tmp_path: Path) -> None:
    found = licences(tmp_path, {"LICENSE-MIT": MIT, "COPYING": GPL})
    assert found.of_repository == "GPL-3.0 AND MIT"
    assert not found.allows(found.of_repository)


def test_what_a_package_declares_counts_where_there_is_no_licence_file(tmp_path: Path) -> None:
    found = licences(
        tmp_path, {"LICENSE": MIT, "sub/package.json": '{"license": "GPL-3.0"}', "sub/README": "License\nSee above"}
    )
    assert found.of_file("sub/deep/bell.js", b"let a = 1\n") == "GPL-3.0"


def test_copyleft_is_used_when_asked_for(tmp_path: Path) -> None:
    assert licences(tmp_path, {"COPYING": GPL}, copyleft=True).allows("GPL-3.0")


def test_what_the_user_says_takes_the_place_of_licence_files(tmp_path: Path) -> None:
    found = licences(tmp_path, {"LICENSE": "All rights are ours."}, stated="Apache-2.0")
    assert found.of_file("bell.py", b"x = 1\n") == "Apache-2.0"


def test_a_licence_that_cannot_be_told_is_not_allowed_and_none_at_all_is(tmp_path: Path) -> None:
    found = licences(tmp_path, {"LICENSE": "All rights are ours. " * 100})
    assert (found.of_repository, found.allows("unknown"), found.allows("")) == ("unknown", False, True)


@pytest.mark.parametrize(
    ("text", "is_used"),
    [
        (b"# SPDX-License-Identifier: GPL-2.0 OR MIT\nx = 1\n", False),
        (b"x = 1\n" * 2_000 + b"# SPDX-License-Identifier: GPL-3.0-only\n", False),
        (b"x = 1\n" * 2_000 + b"# SPDX-License-Identifier: ISC\n", True),
    ],
)
def test_an_spdx_line_counts_wherever_it_stands_and_the_gpl_as_a_choice_too(
    tmp_path: Path, text: bytes, is_used: bool
) -> None:
    found = licences(tmp_path, {"LICENSE": MIT})
    licence = found.of_file("bell.py", text)
    assert (found.allows(licence) and not found.offers_copyleft(text)) is is_used
    asked = licences(tmp_path, {"LICENSE": MIT}, copyleft=True)
    assert asked.allows(licence)
    assert not asked.offers_copyleft(text)
