"""Changes one value in the text of a YAML file and leaves every other character as it stands."""

from __future__ import annotations

from typing import Any

import yaml


def replace_value(text: str, key: str, value: Any) -> str | None:
    """``text`` with the value of a dotted key replaced, in the quotes that it had; None where that cannot be done by
    exchanging characters (the key is missing, or its value is an alias or stands on lines of its own)."""
    node = _find_node(yaml.compose(text, Loader=yaml.SafeLoader), key.split("."))
    if node is None or not _is_on_one_line(node):
        return None
    start, end = node.start_mark.index, node.end_mark.index
    written = _write(value, node.style if isinstance(node, yaml.ScalarNode) else None)
    gap = " " if start == end else ""  # an empty value begins directly behind its colon
    edited = f"{text[:start]}{gap}{written}{text[end:]}"
    return edited if _differs_only_in(edited, text, key, value) else None


def _find_node(node: yaml.Node | None, parts: list[str]) -> yaml.Node | None:
    for part in parts:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((child for name, child in node.value if name.value == part), None)
    return node


def _is_on_one_line(node: yaml.Node) -> bool:
    is_flow = node.flow_style if isinstance(node, yaml.CollectionNode) else isinstance(node, yaml.ScalarNode)
    return bool(is_flow) and node.start_mark.line == node.end_mark.line


def _write(value: Any, style: str | None) -> str:
    if isinstance(value, tuple):
        return _dump(list(value), None)
    return _dump(value, style if isinstance(value, str) else None)


def _dump(value: Any, style: str | None) -> str:
    # the width keeps a long text on its line; "..." is what YAML writes behind a lone plain scalar
    dumped: str = yaml.safe_dump(value, default_style=style, default_flow_style=True, width=10**9, allow_unicode=True)
    return dumped.removesuffix("...\n").rstrip("\n")


def _differs_only_in(edited: str, text: str, key: str, value: Any) -> bool:
    """The last word has the parser: an anchor, an alias or a character that YAML folds may be in the way."""
    try:
        found, expected = yaml.safe_load(edited), yaml.safe_load(text)
    except yaml.YAMLError:
        return False
    *parents, leaf = key.split(".")
    node = expected
    for part in parents:
        node = node[part]
    node[leaf] = list(value) if isinstance(value, tuple) else value
    return bool(found == expected)
