"""The text of a fresh config.yaml: every key with its default and, as a comment, its meaning."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from src.core.config import ConfigKey, config_keys

_HEADINGS = {
    "provider": "Provider and model that will train on the dataset",
    "mode": "Generation mode",
    "dataset_size": "Dataset parameters",
    "split": "Train/validation split",
    "agent": "Agent configuration",
    "agent.create": "For create mode",
    "agent.identify": "For identify mode",
    "agent.hybrid": "For hybrid mode",
    "agent.free": "For free mode",
    "input": "Input documents",
    "output": "Output configuration",
    "system": "The model that writes the samples; keys stand in .env, never here",
    "generation": "How that model is asked, and what a run may cost",
    "endpoints": "Where the providers are reached; empty: the vendor's own address",
    "local": "The embedded model, which needs no key",
    "tokens": "How tokens are counted where the vocabulary is not public",
    "tuning": "Where the command launch trains, for Google Cloud and AWS: they read training files from your bucket",
}


def default_config_text() -> str:
    """A whole config.yaml, as it is shipped."""
    return "\n".join(["# Settings of the dataset builder: edit and run again, or use menu 5.", *_lines()]) + "\n"


def _lines() -> Iterator[str]:
    open_sections: list[str] = []
    for key in config_keys():
        *parents, leaf = key.name.split(".")
        for depth in range(1, len(parents) + 1):
            section = ".".join(parents[:depth])
            if section not in open_sections:
                open_sections.append(section)
                yield from _heading(section, depth - 1)
                yield f"{'  ' * (depth - 1)}{parents[depth - 1]}:"
        if key.name in _HEADINGS:
            yield from _heading(key.name, len(parents))
        yield f"{'  ' * len(parents)}{leaf}: {yaml_value(key.default)}  # {_meaning(key)}"


def _heading(name: str, depth: int) -> Iterator[str]:
    if depth == 0:
        yield ""
    if name in _HEADINGS:
        yield f"{'  ' * depth}# {_HEADINGS[name]}"


def yaml_value(value: object) -> str:
    """``value`` as it is written in YAML, texts in double quotes."""
    plain = list(value) if isinstance(value, tuple) else value
    return yaml.safe_dump(
        plain, default_style='"' if isinstance(plain, str) else None, default_flow_style=True, width=10**9
    ).splitlines()[0]


def _meaning(key: ConfigKey) -> str:
    options = key.type.split(", ")
    said = len(options) == 1 or all(option in key.description for option in options)
    return key.description if said else f"{key.description}; one of: {key.type}"
