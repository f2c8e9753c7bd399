"""What the patch tells of a commit that its message did not: that no code changed, or nothing worth learning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from src.core.types import Verdict
from src.data_prep.git_history.comments import bare_code, is_comment
from src.data_prep.git_history.line_diff import Block
from src.data_prep.git_history.message_rules import Subject, names_behaviour, suspicion_of
from src.data_prep.git_history.patches import CommitPatch, FilePatch

_FEW_LINES: Final = 5
"""A message that sounds like documentation, style or tests is believed up to so many changed lines of code."""
_MIN_LINES: Final = 3
"""Fewer need a message that says what the program does differently."""
_MAX_COMPARED: Final = 2_000
"""Languages in which the indentation means something."""

_IMPORT = re.compile(
    r"^(?:import\b|from\s+\S+\s+import\b|#\s*include\b|#\s*import\b|using\s+[\w.]+;|use\s+[\w:\\{]|extern crate\b|"
    r"require(?:_relative)?\b|(?:const|let|var)\s+[\w{},\s$]+=\s*require\(|export\s+\*\s+from\b|package\s+[\w.]+;?$|"
    r"open\s+[\w.]+$|@import\b|\"[\w./-]+\"$|[\w*]+,?$|\)?;?$|\}\s*from\b)"
)
_FIXING = re.compile(
    r"\b(?:fix\w*|bugs?|prevent\w*|avoid\w*|crash\w*|leak\w*|deadlock\w*|race|wrong\w*|incorrect\w*|broken|regression|errors?)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\bversion|\brelease|\d+\.\d+\.\d+", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_BLANK = re.compile(r"\s+")
_STYLE = re.compile(r"\s+|,(?=\s*[)\]}])|;(?=\s*(?:$|\n))", re.MULTILINE)


def judge_patch(patch: CommitPatch, subject: Subject) -> Verdict:
    """Whether the code that a commit changes is worth a row, and why not."""
    reason = patch.reason or _reason(patch.files, subject, says_more=names_behaviour(subject, patch.commit))
    return Verdict(not reason, reason)


def _reason(files: Sequence[FilePatch], subject: Subject, *, says_more: bool) -> str:
    """``says_more``: the message tells what the program does differently."""
    if not files:
        return "files_moved_or_removed"
    removed, added = _code_lines(files, "removed"), _code_lines(files, "added")
    return (
        _same_code(files, says_more=says_more)
        or _same_lines(removed, added, says_more=says_more)
        or _small(removed, added, subject, says_more=says_more)
        or ("removal_only" if not added and not _FIXING.search(subject.text) else "")
    )


def _code_lines(files: Iterable[FilePatch], side: str) -> list[str]:
    """The changed lines of one side that hold code, without their indentation."""
    return [line.strip() for file in files for line in getattr(file, side) if not is_comment(line, file.language)]


def _same_code(files: Sequence[FilePatch], *, says_more: bool) -> str:
    """Why a change of text is none of code: comments, documentation or layout."""
    if sum(len(file.removed) + len(file.added) for file in files) > _MAX_COMPARED:
        return ""
    reasons = set()
    for file in files:
        for block in file.blocks:
            reason = _same_block(file, block)
            if not reason:
                return ""
            reasons.add(reason)
    if "docs_only" in reasons:
        return "docs_only"
    return "" if "indentation" in reasons and says_more else "formatting"


def _same_block(file: FilePatch, block: Block) -> str:
    """Why the changed lines of one place are the same code before and after; "" where they are not."""
    old = bare_code(file.old, block.old_start, block.old_end, file.language)
    new = bare_code(file.new, block.new_start, block.new_end, file.language)
    if _BLANK.sub("", old) == _BLANK.sub("", new):
        raw = ("".join(file.old[block.old_start : block.old_end]), "".join(file.new[block.new_start : block.new_end]))
        if _BLANK.sub("", raw[0]) != _BLANK.sub("", raw[1]):
            return "docs_only"
        return "indentation" if old.strip() and file.language.indented else "formatting"
    return "formatting" if _layout(old) == _layout(new) else ""


def _layout(code: str) -> str:
    return _STYLE.sub("", code).replace("'", '"')


def _same_lines(removed: list[str], added: list[str], *, says_more: bool) -> str:
    """Why lines that came and went are the same ones: moved, or counted up."""
    if not says_more and removed and Counter(removed) == Counter(added):
        return "trivial"
    if not removed or len(removed) != len(added):
        return ""
    is_counted = all(_DIGITS.sub("0", old) == _DIGITS.sub("0", new) for old, new in zip(removed, added, strict=True))
    return "version_bump" if is_counted and any(_VERSION.search(line) for line in added) else ""


def _small(removed: list[str], added: list[str], subject: Subject, *, says_more: bool) -> str:
    changed = len(removed) + len(added)
    if changed <= _FEW_LINES and (suspicion := suspicion_of(subject)):
        return suspicion
    if all(_IMPORT.match(line) for line in (*removed, *added)):
        return "trivial"
    return "trivial" if changed < _MIN_LINES and not says_more else ""
