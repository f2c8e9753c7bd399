"""Prompts are files: string.Template with ``$names``, read from prompts/ and filled strictly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from src.core.errors import ConfigError

INSTRUCTIONS = "free_mode/prompt.txt"
"""What the user wants of every sample in free mode."""
_MAX_PROMPT_BYTES = 1_000_000
_FENCE = re.compile(r"^</(\w+)>$", re.MULTILINE)
"""The line that ends what a prompt shows as material, as </passage>."""
_FILLER = r"[\s/\\\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*"
"""What a model may read over between the brackets of a mark: white space, strokes, invisible letters."""


def read_prompt(prompts: Path, name: str) -> str:
    """The text of ``prompts/<name>``, line ends as ``\\n``. Raises ConfigError when it is missing, empty or no text."""
    path = prompts / name
    try:
        if path.stat().st_size > _MAX_PROMPT_BYTES:
            raise ConfigError(f"prompts/{name} is larger than 1 MB.", fix="A prompt is a page of text: shorten it.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"prompts/{name} is not UTF-8 text (byte {error.start}).", fix="Save it as UTF-8.") from error
    except OSError as error:
        raise ConfigError(
            f"prompts/{name} cannot be read: {error.strerror}.", fix="Restore the file, for example with git checkout."
        ) from error
    if not text.strip():
        raise ConfigError(f"prompts/{name} is empty.", fix="Write the prompt into it, or restore the shipped one.")
    return text.replace("\r\n", "\n")


class Prompt:
    """A prompt read once, to be filled many times."""

    def __init__(self, prompts: Path, name: str) -> None:
        """Read ``prompts/<name>``. Raises ConfigError as ``read_prompt`` does, or for a ``$`` that begins no name."""
        self._name = name
        self._template = Template(read_prompt(prompts, name))
        with self._explained():
            self._names = frozenset(self._template.get_identifiers())
            self._template.substitute(dict.fromkeys(self._names, ""))
        self._marks = _marks_of(self._template.template)

    def fill(self, **values: str) -> str:
        """The text with every ``$name`` replaced; ``$$`` is a dollar sign.

        A ``$name`` without a value and a value without its ``$name`` are both a ConfigError: a prompt that lost its
        ``$passage`` would make the model write about nothing. Values are not searched for further names. No value can
        end or begin what stands between the marks of this prompt: the "<" of such a mark becomes "&lt;".
        """
        with self._explained(values):
            text = self._template.substitute({name: self._fenced(value) for name, value in values.items()})
        unused = sorted(values.keys() - self._names)
        if unused:
            raise ConfigError(
                f"prompts/{self._name} does not use {_dollar_names(unused)}.", fix="Put it back where it belongs."
            )
        return text

    def _fenced(self, value: str) -> str:
        return self._marks.sub("&lt;", value) if self._marks else value

    @contextmanager
    def _explained(self, values: Iterable[str] = ()) -> Iterator[None]:
        try:
            yield
        except KeyError as error:
            raise ConfigError(
                f"prompts/{self._name}: no value for ${error.args[0]}.",
                fix=f"Known names there: {_dollar_names(values)}.",
            ) from error
        except ValueError as error:
            raise ConfigError(f"prompts/{self._name}: {error}.", fix="Write $$ for a plain dollar sign.") from error


def render(prompts: Path, name: str, **values: str) -> str:
    """``prompts/<name>`` filled once; see ``Prompt.fill``."""
    return Prompt(prompts, name).fill(**values)


def _marks_of(text: str) -> re.Pattern[str] | None:
    """The first letter of every mark in a value that looks like one of the fences of ``text``; None without fences."""
    names = sorted(set(_FENCE.findall(text)))
    if not names:
        return None
    return re.compile(rf"[<\uff1c\u2039\u3008](?={_FILLER}(?:{'|'.join(names)})\b)", re.IGNORECASE)


def _dollar_names(names: Iterable[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names)) or "none"
