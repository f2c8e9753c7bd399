"""What words the full-text index knows of a sample, in every script, and how they are asked for."""

from __future__ import annotations

import re
from typing import Any, Final

import orjson

from src.core.types import REJECTED

# Words of most scripts stand between spaces. Where they do not (Chinese, Japanese, Thai ...), and where endings are
# glued to them (Korean), every character is a word and what is searched for a phrase of them: an index of three
# characters each (FTS5's trigram) finds no word of two, which most Chinese ones are, and is several times as large.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
# Mn, Mc: the vowel signs of Indic scripts are parts of words
TOKENIZER: Final = "unicode61 remove_diacritics 2 categories ''L* N* Co Mn Mc''"
"""Of FTS5, inside a statement: where words end, and what they have in common."""


def space_out(text: str) -> str:
    """``text`` with spaces around every character of scripts that write words without spaces between them."""
    return text if text.isascii() else _UNSPACED.sub(r" \g<0> ", text)


def quoted(text: str) -> str:
    """``text`` as a phrase of an expression."""
    return '"' + text.replace('"', '""') + '"'


def words_of(row: Any, first: int) -> tuple[int, str, str, str, str]:
    """The row of the index of a row of ``samples``, as ``search_index`` selects it: its number, counted from ``first``,
    and its words in text, keywords, source and side."""
    content, keywords, source, side, metadata, position = row
    texts = [turn["content"] for turn in orjson.loads(content)]
    if REJECTED in metadata:
        texts.append(str(orjson.loads(metadata).get(REJECTED, "")))
    return first + position, space_out("\n".join(texts)), space_out(keywords or ""), space_out(source or ""), side or ""
