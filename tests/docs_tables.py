"""The generated parts of the documentation: `make docs` writes them, a test compares them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml

from src.core.config import ConfigKey, config_keys
from tests.docs_limits import formats_table, limits_examples

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def config_table() -> str:
    """One row per key of config.yaml: type, default and meaning."""
    rows = ["| key | type | default | meaning |", "| --- | --- | --- | --- |"]
    rows += [f"| `{key.name}` | {key.type} | {_default(key)} | {key.description} |" for key in config_keys()]
    return "\n".join(rows)


def _default(key: ConfigKey) -> str:
    if key.default in ("", ()):
        return "(empty)"
    return f"`{yaml.safe_dump(key.default).splitlines()[0]}`"


def with_tables(text: str) -> str:
    """``text`` with the part between each pair of markers made anew."""
    for name, make in _PARTS.items():
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- end of {name} -->)"
        made = make()
        text = re.sub(pattern, lambda match, made=made: match[1] + made + match[2], text, flags=re.DOTALL)
    return text


_PARTS = {"config table": config_table, "formats table": formats_table, "limits examples": limits_examples}


if __name__ == "__main__":
    current = README.read_text(encoding="utf-8")
    if "--write" in sys.argv:
        README.write_text(with_tables(current), encoding="utf-8")
    elif with_tables(current) != current:
        sys.exit("README.md is out of date: run make docs")
