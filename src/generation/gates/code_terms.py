"""Words of a text that are no prose: options, paths, variables, calls, file names, identifiers."""

from __future__ import annotations

import re
from functools import lru_cache

_INLINE = re.compile(r"`([^`\n]+)`")
_PIECE = re.compile(r"[^\s\"“”„«»‘’(\[{,;][^\s\"“”„«»,;]*")
_CLOSING = "'’)]}:!?.…"
_CODE = re.compile(
    r"^--?[^\W\d_]|^[$%&@]\w|^[~.]{0,2}/\w|^\.[^\W\d_]{2}"  # --option, $variable, /path, .suffix
    r"|\w_\w|\w::\w|\w\($|\w=\S|\\\w|/\S*/"  # snake_case, scope::name, call(), key=value, \d, a/b/c
    r"|^[a-z]+[A-Z]|[^\W\d_]{2}\.[^\W\d_]\w|[^\W\d_]\d"  # camelCase, file.txt, BZ2
)


@lru_cache(maxsize=512)
def code_terms(text: str) -> frozenset[str]:
    """The terms of ``text`` that are no words of a language, casefolded: what stands between backticks, and what has
    the marks of an option, a path, a variable, a call, a file name or an identifier. A call is named without its
    parentheses."""
    pieces = (found.group().rstrip(_CLOSING) for found in _PIECE.finditer(_INLINE.sub(" ", text)))
    terms = (*_INLINE.findall(text), *(piece for piece in pieces if _CODE.search(piece)))
    return frozenset(term.casefold().removesuffix("()").rstrip("(") for term in terms if term.strip())


def without_code(text: str) -> str:
    """``text`` with a mark in the place of every term that is code, so that what stands around it stays apart."""

    def blank(found: re.Match[str]) -> str:
        core = found.group().rstrip(_CLOSING)
        return f"·{found.group()[len(core) :]}" if _CODE.search(core) else found.group()

    return _PIECE.sub(blank, _INLINE.sub(" · ", text))
