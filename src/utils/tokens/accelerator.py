"""toktok-rs, where it is installed: counts OpenAI's encodings several times as fast as tiktoken, and the same."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import orjson

PROBES = Path(__file__).with_name("probes.jsonl")
"""Texts of many scripts and shapes with their counts by tiktoken."""

# Letters and digits that Unicode 17 added: toktok-rs 0.3.0 knows them and tiktoken 0.14.0 does not, so that a text is
# cut into other words. Found by comparing both on every character between others; tiktoken counts such texts.
_NEWER: Final = re.compile("[\u088f\u0c5c\u0cdc\u1acf-\u1add\u1ae0-\u1aeb\ua7ce\ua7cf\ua7d2\ua7d4\ua7f1]")
_NEWER_WIDE: Final = re.compile(
    "[\U00010940-\U00010959"
    "\U00010ec5-\U00010ec7\U00010efa\U00010efb\U00011b60-\U00011b67\U00011db0-\U00011ddb\U00011de0-\U00011de9"
    "\U00016ea0-\U00016eb8\U00016ebb-\U00016ed3\U00016ff2-\U00016ff6\U000187f8-\U000187ff\U00018d09-\U00018d1e"
    "\U00018d80-\U00018df2\U0001e6c0-\U0001e6de\U0001e6e0-\U0001e6f5\U0001e6fe\U0001e6ff\U0002b73a-\U0002b73f"
    "\U0002cea2-\U0002cead\U00030000-\U0010ffff]"
)

Count = Callable[[str], int]


def is_installed() -> bool:
    """Whether the package is there. Does not import it."""
    return find_spec("toktok") is not None


@cache
def load_accelerator(encoding: str) -> Count | None:
    """The function that counts the tokens of a text for which ``knows`` is true; None where the package is missing or
    does not count as tiktoken does (then the log says so)."""
    try:
        import toktok

        # the one-text way: batch_count of single texts is slower than tiktoken
        count: Count = toktok._encoding(encoding).count
        if all(count(text) == tokens for text, tokens in read_probes(encoding)):
            return count
    except ModuleNotFoundError:
        return None
    except (AttributeError, KeyError, TypeError) as error:
        logging.getLogger(__name__).warning("toktok-rs of this version cannot be used: %r", error)
        return None
    logging.getLogger(__name__).warning("toktok-rs does not count %s as tiktoken does: it is not used", encoding)
    return None


def knows(text: str) -> bool:
    """Whether both count ``text`` alike: true but for characters newer than tiktoken's tables and half surrogates."""
    if text.isascii():
        return True
    try:
        is_wide = len(text.encode("utf-16-le")) > 2 * len(text)  # characters beyond U+FFFF take two units
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return not (_NEWER.search(text) or (is_wide and _NEWER_WIDE.search(text)))


def read_probes(encoding: str) -> list[tuple[str, int]]:
    """The texts of PROBES with their number of tokens."""
    rows = map(orjson.loads, PROBES.read_bytes().splitlines())
    return [(row["text"], row[encoding]) for row in rows]
