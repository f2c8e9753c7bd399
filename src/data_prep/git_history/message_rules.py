"""What can be told of a commit without its patch: from its parents, author, subject and the files it touches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

import yaml

from src.core.types import Verdict
from src.data_prep.data import read_data
from src.data_prep.git_history.commits import Commit
from src.data_prep.git_history.messages import clean_body, clean_subject
from src.data_prep.git_history.paths import PathKind

MAX_CODE_FILES: Final = 30
"""Commits that touch more are moves, renames and imports of code; no message describes them."""
_LONGEST_SUBJECT: Final = 500
_LONGEST_MESSAGE: Final = 10_000
"""Characters: what is longer is no message that a person wrote, and costs time to be read."""
_MIN_WORDS = 2
_MIN_LETTERS = 8
_REASON_OF_KIND: Final[Mapping[PathKind, str]] = {
    "docs": "docs_only",
    "tests": "tests_only",
    "benchmarks": "tests_only",
    "ci": "ci_config",
    "build": "build_config",
    "lock": "deps",
    "types": "types_only",
    "vendored": "vendored",
    "generated": "generated",
    "other": "no_code",
}
_PREFIX = re.compile(r"^(?:\[([^\]]{1,20})\]\s*:?|:([\w+-]+):|([\w/ -]{1,20}?)\s*(?:\(([^)]*)\))?!?:(?=\s|$))\s*")
_EMOJI = re.compile(r"^([\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?)\s*")
_WORD = re.compile(r"[^\W\d_][\w'’-]*|[\u2e80-\u9fff\uac00-\ud7ff]")
_PLAIN_WORD = re.compile(r"\w+")
_EXPLAINED: Final = frozenset({"build_config", "deps", "ci_config", "no_code"})
"""Reasons that the message tells more exactly: a manifest is touched by a release as by a new dependency."""
_REFERENCE = re.compile(r"#\d|://|-\d")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n\s*\n")
_FIXES_ISSUE = re.compile(
    r"\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)\b[: ]{1,9}+(?:#|\S{1,100}#|(?:bug|issue|gh-)\W*\d|https?://)",
    re.IGNORECASE,
)
_REVERTED = re.compile(r"^This reverts commit [0-9a-f]{7,}", re.MULTILINE)


class Subject(NamedTuple):
    """A subject in parts: the ``prefix`` (``fix`` of ``fix(parser): ...``, in lower case), its ``scope``, and the
    ``text``, without numbers of issues."""

    prefix: str
    scope: str
    text: str


class _Rule(NamedTuple):
    reason: str
    pattern: re.Pattern[str]
    needs: frozenset[str]


class _Rules(NamedTuple):
    certain: tuple[_Rule, ...]
    likely: tuple[_Rule, ...]
    prefixes: Mapping[str, str]
    behaviour: re.Pattern[str]
    bots: re.Pattern[str]
    bot_names: re.Pattern[str]


def judge_commit(commit: Commit) -> Verdict:
    """Whether the patch of ``commit`` is worth reading, and why not."""
    if len(commit.parents) > 1:
        return Verdict(keep=False, reason="merge")
    if _is_bot(commit.author, commit.email):
        return Verdict(keep=False, reason="bot")
    if not commit.changes:
        return Verdict(keep=False, reason="empty")
    if len(commit.subject) > _LONGEST_SUBJECT or len(commit.message) > _LONGEST_MESSAGE:
        return Verdict(keep=False, reason="message_too_long")
    reason = _reason_of_files(commit)
    if reason in {"", *_EXPLAINED}:
        reason = _reason_of_message(commit) or reason
    return Verdict(not reason, reason)


@lru_cache(maxsize=4_096)
def _is_bot(author: str, email: str) -> bool:
    rules = _rules()
    found = rules.bots.search(f"{author} {email.partition('@')[0]}") or rules.bot_names.fullmatch(author.strip())
    return bool(found)


@lru_cache(maxsize=4_096)  # asked for again when the patch is judged and when the row is written
def split_subject(subject: str) -> Subject:
    """``subject`` in parts. A prefix is a word before a colon, a word in brackets, or an emoji."""
    text, prefix, scope = subject.strip(), "", ""
    emoji = _EMOJI.match(text)
    match = _PREFIX.match(text[emoji.end() :] if emoji else text)
    if match:
        start = emoji.end() if emoji else 0
        prefix, scope = next(filter(None, match.groups()[:3]), ""), match[4] or ""
        is_kind = prefix.strip().lower() in _known_prefixes()
        text = text[start + match.end() :] if is_kind else text[start:]
    if emoji and prefix.strip().lower() not in _rules().prefixes:
        prefix = emoji[1]
        text = text.removeprefix(emoji[0])
    return Subject(prefix.strip().lower(), scope.strip(), clean_subject(text))


def subject_of(commit: Commit) -> Subject:
    """The subject of ``commit`` in parts. Where it only names an issue, the first sentence of the body stands in."""
    subject = split_subject(commit.subject)
    if commit.body and len(_WORD.findall(subject.text)) < _MIN_WORDS and _REFERENCE.search(commit.subject):
        sentence = _SENTENCE_END.split(clean_body(commit.body), maxsplit=1)[0]
        return subject._replace(text=" ".join(sentence.split()))
    return subject


def suspicion_of(subject: Subject) -> str:
    """What ``subject`` makes the commit look like unless its patch shows otherwise; "" where it raises none."""
    return _first_reason(_rules().likely, subject.text)


def names_behaviour(subject: Subject, commit: Commit) -> bool:
    """Whether the subject says what the program does differently, or the message that an issue is fixed."""
    return bool(_rules().behaviour.search(subject.text) or _FIXES_ISSUE.search(commit.message))


def _reason_of_message(commit: Commit) -> str:
    subject = subject_of(commit)
    if _REVERTED.search(commit.message):
        return "revert"
    known = _rules().prefixes
    for word in (subject.prefix, subject.scope.lower() if subject.prefix in {"fix", "feat"} else ""):
        if word in known:
            return known[word]
    certain = _first_reason(_rules().certain, subject.text)
    is_short = len(subject.text) < _MIN_LETTERS or len(_WORD.findall(subject.text)) < _MIN_WORDS
    return certain or ("vague" if is_short else "")


def _first_reason(rules: Iterable[_Rule], text: str) -> str:
    """The reason of the first rule that fits."""
    words = frozenset(_PLAIN_WORD.findall(text.lower()))
    for reason, pattern, needs in rules:
        if not (needs and needs.isdisjoint(words)) and pattern.search(text):
            return reason
    return ""


def _reason_of_files(commit: Commit) -> str:
    """Why the files of a commit leave nothing to learn from; code that is only moved counts as none."""
    kinds = [(change.kind, change) for change in commit.changes if change.is_file]
    code = [change for kind, change in kinds if kind == "code"]
    if not kinds:
        return "no_code"
    if not code:
        return _REASON_OF_KIND[Counter(kind for kind, _ in kinds).most_common(1)[0][0]]
    if len(code) > MAX_CODE_FILES:
        return "too_many_files"
    gone = {change.old_id for change in commit.changes if change.status == "D"}
    if all(change.status == "D" or change.new_id in gone or change.new_id == change.old_id for change in code):
        return "files_moved_or_removed"
    return ""


@cache
def _rules() -> _Rules:
    entries = yaml.safe_load(read_data("commit_rules.yaml"))
    parts: dict[str, str] = {}
    for name, pattern in entries["parts"].items():
        parts[name] = _fill(pattern, parts)
    certain, likely = (
        tuple(
            _Rule(one["reason"], _compile(one["pattern"], parts), frozenset(one.get("needs", ())))
            for one in entries[group]
        )
        for group in ("certain", "likely")
    )
    prefixes = {word: reason for reason, words in entries["prefixes"].items() for word in words}
    behaviour = _compile(rf"\b(?:{entries['behaviour']})\b", {})
    bots, bot_names = (_compile(entries[key], {}) for key in ("bots", "bot_names"))
    return _Rules(certain, likely, prefixes, behaviour, bots, bot_names)


@cache
def _known_prefixes() -> frozenset[str]:
    return frozenset(_rules().prefixes) | {
        "fix",
        "feat",
        "feature",
        "perf",
        "refactor",
        "bugfix",
        "hotfix",
        "bug",
        "security",
    }


def _compile(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(_fill(pattern, parts), re.IGNORECASE)


def _fill(pattern: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"<{name}>", part)
    return pattern
