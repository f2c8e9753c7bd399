"""What a message can be used for beside the diff: as a conventional commit message, or told apart into what went wrong
and why."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from src.data_prep.git_history.message_rules import Subject

_MAX_SUBJECT: Final = 100
_KNOWN_TYPES: Final = {
    "feat": "feat", "feature": "feat", "fix": "fix", "bugfix": "fix", "hotfix": "fix", "bug": "fix", "perf": "perf",
    "refactor": "refactor", "security": "fix",
}  # fmt: skip
# The first that fits; a type that no verb tells is not guessed.
_TYPES: Final = (
    ("fix", re.compile(
        r"^(?:fix(?:e[sd]|ing)?|correct\w*|prevent\w*|avoid\w*|resolv\w*|repair\w*|restor\w*|do(?:n't| not)|"
        r"handl\w*|guard\w*|ensur\w*|stop\w*|escap\w*|preserv\w*|make sure|respect\w*|properly|bug)\b|"
        r"\b(?:bug|crash(?:es)?|leaks?|deadlocks?|race condition|regression|segfault|panics?)\b", re.IGNORECASE)),
    ("perf", re.compile(
        r"^(?:speed|optimi[sz]\w*|accelerat\w*|cache\b)|\b(?:faster|performance|perf|speed-?up)\b", re.IGNORECASE)),
    ("feat", re.compile(
        r"^(?:add(?:ed|s|ing)?|implement\w*|support\w*|allow\w*|introduc\w*|expos\w*|provid\w*|enabl\w*|accept\w*|"
        r"creat\w*|new|let|extend\w*|emit\w*|export\w*)\b", re.IGNORECASE)),
    ("refactor", re.compile(
        r"^(?:refactor\w*|renam\w*|mov(?:e[sd]?|ing)|extract\w*|simplif\w*|clean\w*|inlin\w*|split\w*|rewrit\w*|"
        r"reorgani[sz]\w*|restructur\w*|deduplicat\w*|unify|remov\w*|drop\w*|replac\w*|use\b|convert\w*|reus\w*)",
        re.IGNORECASE)),
)  # fmt: skip
_SYMPTOM = re.compile(
    r"\b(?:error|exception|traceback|raise[sd]?|raising|throw[sn]?|threw|crash\w*|fail(?:s|ed|ing|ure)?|broken?|breaks?|"
    r"wrong(?:ly)?|incorrect(?:ly)?|invalid|hangs?|hung|leak\w*|deadlock\w*|panics?|segfault\w*|infinite|never|"
    r"unexpected\w*|missing|lost|ignored|did(?: not|n't)|does(?: not|n't)|could(?: not|n't)|can(?:not|'t)|"
    r"won't|would not|previously|used to|bug|problem|regression|undefined|null|stale|corrupt\w*|truncat\w*|"
    r"duplicate[sd]?|stuck|freezes?|slow|overflow\w*|out of range|race)\b|\w+(?:Error|Exception)\b",
    re.IGNORECASE,
)
_REMEDY = re.compile(
    r"^(?:this (?:commit|patch|change|pr|fix)|we now|now\b|fix(?:ed|es)? (?:this|it|by)|so (?:we|now)|instead|use\b|"
    r"by \w+ing|add\b|change[ds]?\b|the (?:fix|solution)|to (?:fix|solve|avoid|prevent))|"
    r"\b(?:because|since|due to|caused? by|the (?:cause|reason|fix|solution)|now\b|instead|so that|is fixed)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?:])\s+(?=[A-Z`\"'(\d])|\n\s*\n")
_FIXES = re.compile(
    r"^(?:fix(?:e[sd])?|correct(?:ed)?|resolv(?:e[sd]?)|prevent(?:ed|s)?|avoid(?:ed|s)?)\b", re.IGNORECASE
)
_SAYS_FIX = re.compile(r"^fix(?:e[sd]|ing)?\s+(?=\S)", re.IGNORECASE)
_MIN_SYMPTOM: Final = 30
_CODE_LINE = re.compile(r"^(?: {4}|\t|>>> |\$ |```)", re.MULTILINE)


class BugStory(NamedTuple):
    """What somebody who meets a bug would tell, and what somebody who knows it answers."""

    symptom: str
    explanation: str


def conventional_message(subject: Subject, body: str) -> str:
    """The message as a conventional commit (conventionalcommits.org); "" where its type cannot be told."""
    kind = _KNOWN_TYPES.get(subject.prefix) or next((name for name, verb in _TYPES if verb.search(subject.text)), "")
    text = subject.text.rstrip(". ")
    if not kind or len(text) > _MAX_SUBJECT:
        return ""
    if kind == "fix":  # "fix: fix the mean" says it twice
        text = _SAYS_FIX.sub("", text)
    first, _, rest = text.partition(" ")
    first = first.lower() if first.istitle() and first.isalpha() else first
    scope = f"({subject.scope})" if subject.scope and subject.prefix in _KNOWN_TYPES else ""
    line = f"{kind}{scope}: {first} {rest}".rstrip()
    return f"{line}\n\n{body}" if body else line


def bug_story(subject: Subject, body: str) -> BugStory | None:
    """The message of a bug fix told apart; None where it does not tell what went wrong. A body with code or output in
    it is told apart by paragraphs, any other by sentences."""
    is_fix = subject.prefix in {"fix", "bugfix", "hotfix", "bug"} or _FIXES.search(subject.text)
    if not is_fix or not body:
        return None
    has_code = bool(_CODE_LINE.search(body))
    parts = body.split("\n\n") if has_code else [" ".join(part.split()) for part in _SENTENCES.split(body)]
    symptoms = [part for part in parts if _SYMPTOM.search(part) and not _REMEDY.search(part)]
    rest = [part for part in parts if part and part not in symptoms]
    between = "\n\n" if has_code else " "
    symptom = between.join(symptoms)
    return BugStory(symptom, between.join(rest)) if len(symptom) >= _MIN_SYMPTOM else None
