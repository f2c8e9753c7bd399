"""What a commit message says once everything is gone that means nothing outside its repository: trailers, credits,
issue numbers, addresses, references to other commits."""

from __future__ import annotations

import re
from typing import Final

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[@-_]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_URL: Final = r"(?:https?|ftp|git|ssh)://[^\s)>\]]{0,400}[^\s)>\].,;:]"
_NO_TRACKER: Final = (
    "UTF|UCS|SHA|MD|ISO|IEC|RFC|PEP|AES|RSA|CVE|ES|HTTP|TLS|SSL|CP|EN|CRC|IPV|IP|GB|KOI|X|BASE|GPT|RTL|COVID"
)
"""What stands before a hyphen and a number and is no project of an issue tracker."""
_ISSUE: Final = (
    r"(?:\b(?i:gh|bpo|issues?|bug|pr|mr|ticket|pull request)(?:[- ]?#|[- ])\d{1,9}\b|"
    r"(?<![\w&])(?:[\w.-]{1,60}+/[\w.-]{1,60}+)?#\d{1,9}\b"
    rf"|(?<!\w)!\d{{2,9}}\b|\b(?!(?:{_NO_TRACKER})-)[A-Z][A-Z0-9]{{1,9}}-\d{{2,6}}\b|{_URL})"
)
_VERB: Final = (
    r"(?i:(?:also |this |partially |should |hopefully |maybe ){0,4}"
    r"(?:fix(?:es|ed|ing)?|close[sd]?|closing|resolve[sd]?|"
    r"resolving|refs?|references?|see(?: also)?|addresses|re|related(?: to)?|relates to|part of|for|from|via|per|cf\.?|"
    r"reported (?:in|by)|implements|towards?|(?:as )?discussed in|supersedes|backport(?:s| of)?|follow-?up (?:to|of)|"
    r"introduced (?:in|by)|issues?|bugs?|in|and|or|with)\b[:\s]{0,9}+)"
)
_ISSUES: Final = rf"{_ISSUE}(?:(?:\s{{0,4}}[,&/]\s{{0,4}}|\s{{1,4}}(?:and\s{{1,4}})?){_ISSUE}){{0,40}}"
# Messages are written by anybody: runs are bounded or possessive, so that no text takes long.
_BRACKETED = re.compile(rf"\s{{0,40}}[(\[<]\s{{0,9}}+(?:{_VERB}){{0,6}}{_ISSUES}\s{{0,9}}+[)\]>]")
_LEADING = re.compile(rf"^\W{{0,40}}(?:{_VERB})?{_ISSUES}\s{{0,9}}+(?:[:|,.–—-]{{1,9}}+\s{{0,9}}+|(?=\S))")
_TRAILING = re.compile(
    rf"(?:[\s,;:(.–—-]|^){{1,20}}+(?:{_VERB}){{0,6}}{_ISSUES}\s{{0,40}}+\)?\s{{0,40}}+(?P<stop>[.!]?)\s*+$"
)
_ANYWHERE = re.compile(rf"(?:\b(?:{_VERB}))?{_ISSUES}")
_MAY_REFER = re.compile(r"#\d|://|[A-Za-z]-\d|!\d|[a-z] \d", re.IGNORECASE)
_HAS_DIGIT = re.compile(r"\d")
_OTHER_COMMIT = re.compile(
    r"\b(?:commit|revision|changeset|sha|rev)\s{1,9}+\"?[0-9a-f]{7,40}\b(?:\s{0,9}+\([^)]{0,200}+\))?|"
    r"\b(?=[0-9a-f]{0,40}\d)[0-9a-f]{12,40}\b"
)
_TAG = re.compile(
    r"^\s*(?:\[[^\]\s]{1,20}\]\s*)+(?=\S)|\s{0,40}\[(?:ci skip|skip ci|skip[- ]\w+|no ci)\]", re.IGNORECASE
)

_TRAILER = re.compile(
    r"^\s*(?:(?:[\w-]+-(?:by|to|and-by|on|id|with|for)|cc|pr-url|git-svn-id|piperorigin-revid|differential revision|"
    r"commit-queue|auto-submit|release notes?|github-pull-request|gitorigin-revid|no-verify|reviewers?|subscribers|"
    r"acks?|upstream-\w+|imported-from|backport|conflicts|author|co-?authors?|pull request|merge request|test plan|tbr)"
    r"\s*[:=].*|(?:bugs?|tests?|fix(?:es)?|close[sd]?|resolves|refs?|issues?|link|see|url|trac|r|related|task|"
    r"jira|ticket|notes?|tags)\s*[:=]\s*\S+(?:\s+\S+){0,2})$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^\W*(?:\(?(?:cherry[- ]picked from|this reverts commit|this (?:commit )?reverts|git-svn|signed-off|co-authored|"
    r"#? ?(?:conflicts?|please enter)|merge (?:branch|pull)|squashed commit)|on-behalf-of)",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thx|kudos|credits?|props|h/?t|hat tip|courtesy|patch (?:by|from)|reported by|suggested by|"
    r"contributed by|based on (?:a |the )?(?:patch|work|pr|idea) (?:by|of|from)|original(?:ly)? by|"
    r"spotted by|pointed out by|reviewed by|written by|found by|noticed by|analysis by)\b",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"(?:\b(?:by|from|to|cc|per|via)\s{1,9})?(?<![\w@./`])@[A-Za-z0-9][\w-]{1,38}(?![\w/(.`])(?:\s{0,4},?\s{0,4}(?:and\s{1,4})?@[\w-]{1,60}+){0,40}"
)
_PASTED = re.compile(r"^(?:diff --git |@@ -\d|:\d{6} \d{6} |\+\+\+ b/|Author: .*<)", re.MULTILINE)
_ADDRESS = re.compile(r"\s{0,40}<[^<>@\s]{1,100}+@[^<>\s]{1,200}+>")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")
_BLANKS = re.compile(r"[ \t]{2,}")
_EMPTY_BRACKETS = re.compile(r"\s{1,40}[(\[]\s{0,9}+[,;:.]{0,9}+\s{0,9}+[)\]]")
_LOOSE = re.compile(r"(?<!\s)\s++(?=[,.;:!?](?:\s|$))")


def clean_subject(subject: str) -> str:
    """The subject of a commit as one line without numbers of issues, addresses and names of people; it may be empty."""
    text = _plain(subject).strip()
    if "[" in text:
        text = _TAG.sub(" ", text).strip()
    for pattern in (_BRACKETED, _LEADING, _TRAILING, _ANYWHERE):
        if not _MAY_REFER.search(text):
            break
        text = pattern.sub(_stop, text)
    text = _without_people(_without_commits(text))
    return (text if text == subject else _tidy(text)).strip(" ,;:-–—|")


def clean_body(body: str) -> str:
    """The rest of a message likewise: paragraphs, with the sentences that thank or refer left out."""
    whole = re.split(r"\n\s*\n", _plain(body))
    paragraphs = [_clean_paragraph(paragraph) for paragraph in whole if not _PASTED.search(paragraph)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _clean_paragraph(paragraph: str) -> str:
    lines = [line.rstrip() for line in paragraph.split("\n")]
    lines = [line for line in lines if not _TRAILER.match(line) and not _CREDIT.match(line)]
    text = "\n".join(lines)
    if _THANKS.search(text):
        text = " ".join(sentence for sentence in _SENTENCE_END.split(text) if not _THANKS.search(sentence))
    text = _BRACKETED.sub("", _without_commits(text))
    text = "\n".join(_TRAILING.sub(_stop, line) for line in text.split("\n"))
    text = _without_people(_ANYWHERE.sub("", text))
    kept = [line for line in _tidy(text).split("\n") if re.search(r"\w", line) or line.strip() in {"{", "}", "```"}]
    return "\n".join(kept).strip("\n")


def _plain(text: str) -> str:
    """``text`` without what steers a terminal or the direction of writing."""
    if text.isprintable():
        return text
    return _CONTROL.sub("", _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def _stop(match: re.Match[str]) -> str:
    """The full stop that a reference stood before."""
    return match.groupdict().get("stop") or ""


def _without_commits(text: str) -> str:
    return _OTHER_COMMIT.sub("an earlier commit", text) if _HAS_DIGIT.search(text) else text


def _without_people(text: str) -> str:
    if "@" not in text:
        return text
    return _MENTION.sub("", _ADDRESS.sub("", text))


def _tidy(text: str) -> str:
    lines = (_LOOSE.sub("", _EMPTY_BRACKETS.sub("", line)) for line in text.split("\n"))
    return "\n".join(_indent(line) + _BLANKS.sub(" ", line.strip()) for line in lines)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
