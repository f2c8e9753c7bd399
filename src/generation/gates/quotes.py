"""Quotations and code of an answer must stand in its passage."""

from __future__ import annotations

import re
from collections import Counter

from src.core.types import Verdict
from src.generation.answer_parser import Draft
from src.generation.gates.texts import normalise
from src.generation.wordlists import read_word_sets

MIN_CODE_SHARE = 0.85
"""Share of the tokens of a code block that the passage must have: a block may be put together from several places."""

_QUOTED = re.compile(
    r'"([^"\n]{2,300})"|“([^”\n]{2,300})”|„([^“”\n]{2,300})[“”]|「([^」\n]{2,300})」'
    r"|«([^«»\n]{2,300})»|»([^«»\n]{2,300})«"
)
FENCE = re.compile(r"```[^\n]*\n(.*?)(?:```|\Z)", re.DOTALL)
_INLINE = re.compile(r"`([^`\n]{1,300})`")
_IDENTIFIER = re.compile(
    r"(?<![\w@/.-])(?:--?[a-z][\w-]+|(?:[\w.-]*/){2,}[\w.-]*|~/[\w./-]+|[A-Za-z]\w*_\w+|[a-z]+[a-z0-9]*[A-Z]\w*"
    r"|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\(\)|https?://[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.]+)(?![\w@])"
)
_DATE = re.compile(r"\d{1,4}/\d{1,2}/\d{1,4}")
"""No path; numbers are checked as such."""
_SETTING = re.compile(r"(?<![^\s(])[A-Za-z_]\w*=\w(?:[\w.-]*\w)?")
"""override=True"""
_COMMENT = re.compile(r"(?:^|(?<=\s))(?:#(?!\w)|//|--\s)[^\n]*|/\*[^*]*\*/", re.MULTILINE)
_HOME_PATH = re.compile(r"(?<!\S)~/[\w./-]*")
_OWN_NAME = re.compile(r"\bfor\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b|\bas\s+(\w+)|\bdef\s+(\w+)")
"""for NAME in, as NAME, def NAME"""
_ASSIGNED = re.compile(r"(?:^|(?<=\s))(\w+)\s*:?=(?!=)")
_PSEUDOCODE = re.compile(r"pse[uv]do-?\s?[ck][oó]d|псевдокод|伪代码|疑似コード|擬似コード", re.IGNORECASE)
"""A question that asks for no real code: its names may be anybody's."""
_TOKEN = re.compile(r"\w+|[^\w\s]")
_UNIT_CHARS = 3
"""Letters of a sign in mixed case that is no identifier: kWh, mAh, pH."""
_COMPOSED = re.compile(r"\w=|\w\(|\w\s+\S")
"""Code of several parts, which an answer may put together itself; a single name must stand in the source."""


def check_quotes(draft: Draft, passage: str) -> Verdict:
    """Reject an answer with a quotation, inline code or identifier that the passage does not have, or with a block of
    code that was not made of what the passage has. The question may bring in what its answer repeats."""
    source = normalise(passage)
    asked = normalise(draft.question)
    for block in () if _PSEUDOCODE.search(draft.question) else FENCE.findall(draft.answer):
        missing = _find_foreign_code(block, f"{source}\n{asked}")
        if missing:
            return Verdict(False, "code_not_in_source", missing)
    text = FENCE.sub(" ", draft.answer)
    for code in _INLINE.findall(text):
        if code.casefold() in _code_words():
            continue
        if (
            not _stands_in(code, source)
            and not _stands_in(code, asked)
            and not _is_put_together(code, f"{source}\n{asked}")
        ):
            return Verdict(False, "quote_not_in_source", code)
    plain = _INLINE.sub(" ", text)
    for found in _QUOTED.finditer(plain):
        quoted = found.group()[1:-1]
        if not _stands_in(quoted, source) and not _stands_in(quoted, asked):
            return Verdict(False, "quote_not_in_source", quoted)
    foreign = _find_foreign_term(_QUOTED.sub(" ", plain), source, asked)
    return Verdict(False, "code_not_in_source", foreign) if foreign else Verdict(True)


def _find_foreign_term(text: str, source: str, asked: str) -> str:
    """An identifier of ``text`` that neither source nor question has, or a setting that was not made of their words."""
    for identifier in _IDENTIFIER.findall(text):
        if (identifier.isalpha() and len(identifier) <= _UNIT_CHARS) or _DATE.fullmatch(identifier.rstrip(".")):
            continue
        if not _stands_in(identifier.rstrip(".,;:"), source) and not _stands_in(identifier, asked):
            return str(identifier)
    known = f"{source}\n{asked}"
    return next((setting for setting in _SETTING.findall(text) if not _is_put_together(setting, known)), "")


def _stands_in(quoted: str, source: str) -> bool:
    """Whether all that is between the ellipses of a quotation stands in ``source``; spaces make no difference."""
    parts = (part.strip(" .,;:!?…。，、") for part in re.split(r"\.{3}|…|\[[^\]]*\]", normalise(quoted)))
    bare = source.replace(" ", "")
    return all(part in source or part.replace(" ", "") in bare for part in parts)


def _is_put_together(code: str, source: str) -> bool:
    """Whether a call or an assignment takes each of its words from ``source``: policy="drop" from a policy "drop"."""
    words = [token for token in _TOKEN.findall(normalise(code)) if token[0].isalnum() or token[0] == "_"]
    return bool(_COMPOSED.search(code)) and set(words) <= set(_TOKEN.findall(source))


def _find_foreign_code(block: str, source: str) -> str:
    """The tokens of ``block`` that ``source`` does not have, where they are too many. Comments, words of programming
    languages, names that the block gives itself and paths below the home folder are free."""
    code = _HOME_PATH.sub(" ", _COMMENT.sub("", block))
    text = normalise(code)
    tokens = [token for token in _TOKEN.findall(text) if token[0].isalnum() or token[0] == "_"]
    used = Counter(tokens)
    free = _code_words() | {name for found in _OWN_NAME.findall(text) for name in found if name}
    free |= {name for name in _ASSIGNED.findall(text) if used[name] > 1}  # a setting is not used again
    tokens = [token for token in tokens if token not in free]
    known = set(_TOKEN.findall(source))
    missing = [token for token in tokens if token not in known]
    return " ".join(missing[:5]) if tokens and len(missing) > (1 - MIN_CODE_SHARE) * len(tokens) else ""


def _code_words() -> frozenset[str]:
    return read_word_sets("code_words.txt")["words"]
