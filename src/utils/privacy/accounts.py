"""Names of accounts: in paths of home folders, prompts of shells, listings of files and processes, and logins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from src.utils.privacy.rule import places
from src.utils.privacy.spans import PrivateSpan
from src.utils.privacy.words import words

_USER = r"(?P<user>[A-Za-z_][\w-]{1,31})"
_DOTTED = r"(?P<user>[^\W\d_][\w.-]{1,31}?)"
_SPACED = (
    r"(?P<user>[^\W\d_][\w.-]{1,31}(?: [A-ZÀ-Þ][\w.-]{1,31}){1,2}(?=[\\/])|[^\W\d_][\w.-]{1,31}?(?=[\\/\"'`\s:;,)>]|$))"
)
"""Windows names folders after first and last name too."""
_PATH_END = r"(?=[/\\\"'`\s:;,)>\]]|\.?$|\.\s)"


def _shown(signs: str, pattern: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    return tuple(signs.split("|")), re.compile(pattern, re.MULTILINE)


_SHOWS_USERS = (
    _shown("/home/|/Users/", rf"/(?:home|Users)/{_DOTTED}{_PATH_END}"),
    _shown(
        "Users\\|users\\|Settings\\|Users/",
        rf":[\\/]{{1,2}}(?:[Uu]sers|Documents and Settings)[\\/]{{1,2}}{_SPACED}",
    ),
    _shown("-Users-|-home-", r"-(?:Users|home)-(?P<user>[A-Za-z][A-Za-z0-9_]{1,31})(?=-)"),
    _shown("/mail/", rf"/var/(?:spool/)?mail/{_DOTTED}{_PATH_END}"),
    _shown("\\wsl", rf"\\wsl(?:\$|\.localhost)\\{{1,2}}[\w.-]{{1,40}}\\{{1,2}}home\\{{1,2}}{_DOTTED}(?=\\)"),
    _shown("%2Fhome|%2FUsers", rf"file(?::|%3A)(?:%2F){{2,3}}(?:home|Users)%2F{_DOTTED}(?=%2F)"),
    _shown("rw-|rwx", rf"^[dlbcps-](?:[r-][w-][xsStT-]){{3}}[+@.]?\s+\d+\s+{_USER}\s+[\w-]+\s+\d"),
    _shown("uid=", rf"\buid=\d+\({_USER}\)"),
    _shown("Uid: (", rf"\bUid: \( ?\d+/ *{_USER}\)"),
    _shown("pts/|tty", rf"^{_USER}\s+(?:pts/\d+|tty\w{{1,4}})\s"),
    _shown("whoami|id -un|$USER|logname", rf"(?:whoami|id -un|\$USER(?:NAME)?|logname)\s*\n{_USER}\s*$"),
    _shown("PID USER", rf"^\s*\d{{1,8}} {_USER}\s+(?:\d{{1,3}}|rt)\s+-?\d{{1,3}}\s"),
    _shown("PPID|00:00:", rf"^{_USER}\s+\d{{1,8}}\s+\d{{1,8}}\s+\d{{1,3}}\s(?:\d\d:\d\d|\w{{3}} ?\d\d)\s"),
    _shown("MINGW|MSYS|UCRT64|CLANG64", rf"^{_USER}@[\w.-]{{1,40}} (?:MINGW|MSYS|UCRT|CLANG)"),
    _shown("㉿|╭─", rf"(?:┌──\(|╭─){_USER}[㉿@]"),
    _shown("$ ", rf"^[\w.-]{{2,40}}:~[\w./-]{{0,60}} {_USER}\$ (?=[a-z./])"),
    _shown("sudo:", rf"sudo: {{1,8}}{_USER} : TTY"),
    _shown("session opened for user ", rf"session opened for user {_USER}"),
    _shown("ssh -l ", rf"ssh -l {_USER}"),
    _shown("%CPU", rf"^{_USER}\s+\d{{1,7}}\s+\d{{1,3}}\.\d\s+\d{{1,3}}\.\d\s"),
    _shown("Accepted |Failed ", rf"(?:Accepted|Failed) [\w/-]+ for (?:invalid user )?{_USER} from"),
    _shown("TODO(|FIXME(|XXX(", rf"(?:TODO|FIXME|XXX)\({_USER}\)"),
    _shown("USER=|LOGNAME=|USERNAME=", rf"(?:USER|LOGNAME|USERNAME)={_USER}"),
)
"""What a text holds that shows a name of an account, and how."""
_PROMPT = re.compile(
    rf"^[(\[]?(?:\([\w.-]+\) )?{_USER}@[\w.-]{{2,40}}(?:[:\s])[~/\w. -]{{0,80}}\]?\s?[$#%>❯] ?(?=\S)", re.MULTILINE
)
_LOGIN = re.compile(
    rf"(?:(?:ssh|scp|rsync|sftp|mosh|ssh-copy-id) |s(?:sh|ftp)://)[^\n]{{0,60}}?(?<![\w.+-]){_USER}@[\w.-]+"
)
_LOGINS = ("ssh", "scp ", "rsync ", "sftp")
_MIN_KNOWN = 4
_FILE = re.compile(r"\.(?:[jt]sx?|py|txt|json|html|md|sh|go|rs|ya?ml|log|css|c|h|cpp)\Z")


def find_users(text: str) -> Iterator[PrivateSpan]:
    """Names of accounts that ``text`` shows, but for those that belong to no person ("root")."""
    for signs, pattern in _SHOWS_USERS:
        if any(sign in text for sign in signs):
            yield from _people(pattern.finditer(text))
    if "@" in text:
        yield from _at_prompts(text)
        if any(sign in text for sign in _LOGINS):
            yield from _people(_LOGIN.finditer(text))


def _at_prompts(text: str) -> Iterator[PrivateSpan]:
    begun = -1
    for place in places(text, "@"):
        line = text.rfind("\n", 0, place) + 1
        if line != begun and (prompt := _PROMPT.match(text, line)):
            yield from _people([prompt])
        begun = line


def _people(found: Iterable[re.Match[str]]) -> Iterator[PrivateSpan]:
    for match in found:
        user = match["user"].casefold().strip("_").rstrip("0123456789-_")
        if user.partition(" ")[0] not in words("common_users") and not _FILE.search(user):
            yield PrivateSpan(*match.span("user"), "USER")


def find_again(text: str, known: Iterable[str]) -> Iterator[PrivateSpan]:
    """Every whole-word occurrence of user names that are known from elsewhere in the same conversation, but for those
    that are words too ("coder", "spring"): where a path or a prompt does not show them, they are most often words."""
    for user in known:
        if len(user) < _MIN_KNOWN or user.casefold() in words("ordinary_words"):
            continue
        for place in places(text, [user]):
            end = place + len(user)
            if not (_is_letter(text[place - 1 : place]) or _is_letter(text[end : end + 1])):
                yield PrivateSpan(place, end, "USER")


def _is_letter(char: str) -> bool:
    return char.isalnum() and char.isascii()
