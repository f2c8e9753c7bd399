"""Licences told by their texts, by headers, and as expressions."""

from __future__ import annotations

import pytest

from src.data_prep.licences import (
    ALLOWED,
    RESTRICTED,
    all_of,
    is_allowed,
    licence_of_text,
    spdx_lines,
    spdx_of_header,
)
from src.data_prep.repository_licence import licence_of_folder

MIT_TEXT = """The one licence of ours

Permission is hereby granted, free of charge, to any person obtaining a copy of this software ...
The above copyright notice and this permission notice shall
be included in all copies or substantial portions of the Software.
"""
BSD_TEXT = """Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:
"""


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        (MIT_TEXT, "MIT"),
        ("MIT License\n\nCopyright (c) 2026 Somebody", "MIT"),
        (BSD_TEXT, "BSD-2-Clause"),
        (BSD_TEXT + "Neither the name may be used to endorse or promote products", "BSD-3-Clause"),
        ("Apache License\n  Version 2.0, January 2004", "Apache-2.0"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "GPL-3.0"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1, after the GNU General Public License, version 2", "LGPL-2.1"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3", "AGPL-3.0"),
        ("Mozilla Public License Version 2.0\n ... GNU General Public License, Version 2.0", "MPL-2.0"),
        ("All rights reserved. Ask us.", "unknown"),
        ("", "unknown"),
    ],
)  # fmt: skip
def test_the_text_of_a_licence_tells_its_identifier(text: str, licence: str) -> None:
    assert licence_of_text(text) == licence


def test_of_a_file_with_several_licences_the_first_one_counts() -> None:
    bundled = "\n\n-----\nThe bundled parser:\nGNU General Public License, version 3\n"
    assert licence_of_text(MIT_TEXT + bundled) == "MIT"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("# SPDX-License-Identifier: GPL-3.0-only\n\ncode = 1\n", "GPL-3.0-only"),
        ("/* SPDX-License-Identifier: MIT OR Apache-2.0 */\n", "MIT OR Apache-2.0"),
        ("<!-- SPDX-License-Identifier: CC0-1.0 -->\n", "CC0-1.0"),
        ("// Licensed under the Apache License, Version 2.0 (the License)\n", "Apache-2.0"),
        ("import os\n", None),
        ("x = 1\n" * 600 + "# SPDX-License-Identifier: MIT\n", None),
    ],
)
def test_the_header_of_a_file_says_its_licence(header: str, said: str | None) -> None:
    assert spdx_of_header(header) == said


@pytest.mark.parametrize(
    ("expression", "plain", "with_copyleft"),
    [
        ("MIT", True, True),
        ("apache-2.0", True, True),
        ("GPL-2.0-or-later", False, True),
        ("GPL-3.0+", False, True),
        ("MIT OR GPL-3.0-only", True, True),
        ("MIT AND GPL-3.0-only", False, True),
        ("(MIT OR GPL-2.0) AND BSD-3-Clause", True, True),
        ("MIT/Apache-2.0", True, True),
        ("Apache-2.0 WITH LLVM-exception", True, True),
        ("BUSL-1.1", False, False),
        ("unknown", False, False),
        ("", False, False),
        ("(MIT", False, False),
        ("MIT OR", True, True),
        ("MIT Apache-2.0", False, False),
    ],
)
def test_an_expression_allows_what_one_of_its_alternatives_allows(
    expression: str, plain: bool, with_copyleft: bool
) -> None:
    assert is_allowed(expression) is plain
    assert is_allowed(expression, copyleft=True) is with_copyleft


def test_copyleft_licences_are_not_allowed_by_default() -> None:
    assert {"MIT", "ISC", "Unlicense", "CC0-1.0"} <= ALLOWED
    assert not {"GPL-3.0", "AGPL-3.0", "MPL-2.0", "BUSL-1.1"} & ALLOWED


@pytest.mark.parametrize(
    "text",
    [
        "Functional Source License, Version 1.1, MIT Future License\n\n" + MIT_TEXT,
        "MIT License\n\n" + MIT_TEXT + '\n"Commons Clause" License Condition v1.0\n',
        "Sustainable Use License\n\n" + MIT_TEXT,
    ],
)
def test_a_licence_that_forbids_uses_counts_on_top_of_a_permissive_text(text: str) -> None:
    assert licence_of_text(text) in RESTRICTED
    assert not is_allowed(licence_of_text(text), copyleft=True)


def test_an_expression_longer_than_any_real_one_is_not_allowed() -> None:
    assert not is_allowed("(" * 5_000 + "MIT" + ")" * 5_000)
    assert not is_allowed(" OR ".join(["MIT"] * 50))


def test_every_line_of_a_text_counts_and_code_that_speaks_of_such_lines_does_not() -> None:
    text = "# SPDX-License-Identifier: MIT\n" + "x = 1\n" * 600
    assert spdx_lines(text + '// SPDX-License-Identifier: (GPL-2.0 OR MIT)\nsay("SPDX-License-Identifier: %s")\n') == [
        "MIT",
        "(GPL-2.0 OR MIT)",
    ]
    assert all_of(["MIT", "GPL-2.0 OR ISC", "MIT"]) == "MIT AND (GPL-2.0 OR ISC)"
    assert spdx_of_header("/* SPDX-License-Identifier: MIT */\n/* SPDX-License-Identifier: ISC */") == "MIT AND ISC"


@pytest.mark.parametrize(
    ("files", "licence"),
    [
        ({"setup.cfg": "[metadata]\nlicense = GPL-3.0-only\n"}, "GPL-3.0-only"),
        ({"Cargo.toml": '[package]\n  license = "MIT OR Apache-2.0"\n'}, "MIT OR Apache-2.0"),
        ({"pyproject.toml": 'license = {text = "MIT License"}\n'}, "MIT"),
        ({"package.json": '{"license": "FSL-1.1-MIT"}'}, "FSL-1.1-MIT"),
        ({"package.json": '{"license": "MIT with Commons Clause"}'}, "unknown"),
        ({"setup.cfg": "\n" * 100_000, "package.json": '"license":{' * 20_000}, ""),
    ],
)
def test_what_a_package_declares_tells_the_licence(files: dict[str, str], licence: str) -> None:
    assert licence_of_folder(files) == licence
