"""People's names: where the words around say that they are names, or where the words themselves do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from src.utils.privacy.rule import places
from src.utils.privacy.spans import PrivateSpan
from src.utils.privacy.words import words

_CAPITAL = "[A-ZÀ-ÖØ-ÞĄĆČĎĐĘĚĞĢĪİĶĹŁŃŇŐŘŚŞŠŤŪŮŰŹŻŽΆ-ΏΑ-ΫЀ-Я]"
_WORD = rf"{_CAPITAL}[\w'’-]{{1,24}}"
_PARTICLES = "(?:van|von|de|der|den|da|di|del|della|la|le|bin|al|ten|ter|dos|du|zu|af|av|el|ben)"
_CANDIDATE = re.compile(
    rf"{_CAPITAL}(?<![\w@/.\\-]{_CAPITAL})[\w'’-]{{1,24}}+(?: [A-Z]\.)?(?: (?:{_PARTICLES} ){{0,2}}{_WORD}){{0,3}}+"
    r"(?![\w@/\\(=\[]|\.\w)"
)
_ASCII_CANDIDATE = re.compile(_CANDIDATE.pattern.replace(_CAPITAL, "[A-Z]").replace("’", ""), re.ASCII)
"""The same for texts of ASCII only, faster. The letter comes before what must not stand before it: a search then skips
to the next capital letter. Words within paths, identifiers and calls are none."""
FULL_NAME = rf"{_WORD}(?: [A-Z]\.)?(?: (?:{_PARTICLES} ){{0,2}}{_WORD}){{1,3}}"
"""A pattern of two names and more."""
_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")
"""Thu and Jan are first names too."""
_MAX_BEFORE = 28
_STRIPPED = "\"'`:=,;([{<>*#|-\\"
_INTRODUCING = ("titles", "fields_of_one_name", "fields_of_full_names", "introductions", "greetings")
_SAID = re.compile(
    r"(?:my name(?:'s| is)|name ist|ich hei(?:ß|ss)e|je m['’]appelle|me llamo|mi chiamo|me chamo|meu nome é|"
    r"mi nombre es|naam is|nazywam się|mam na imię|jag heter|jeg heter|jeg hedder|nimeni on|je m appelle|benim adım|"
    r"jmenuji se|volám sa|numele meu este|ime mi je|меня зовут|мене звати|με λένε|το όνομά μου είναι)\s{1,2}\Z",
    re.IGNORECASE,
)
_DIVIDED = re.compile(r"[=:(<\"]")
_MAIL_BEHIND = re.compile(r"[\"']?\s{1,2}<[^\s<>@]{1,64}@")
_REVERSED_BEHIND = re.compile(rf", {_WORD}(?=[\"']?\s{{1,2}}<[^\s<>@]{{1,64}}@)")
_WROTE_BEHIND = re.compile(r"\s(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu)\s?:")
_WROTE = (" wrote", " writes", " schrieb", " a écrit", " escribió", " ha scritto", " escreveu")
_NO_NAME_ENDINGS = ("ing", "tion", "sion", "ment", "ness", "able", "ible", "ous", "ful", "less", "ity", "ware", "ized")
_MIN_OF_ENDING = 5
"""Letters of the shortest word that an ending makes no name: Ling and King are names."""
_MIN_AGAIN = 6
_OF_THINGS = frozenset({"name", "client", "owner", "by", "member", "display_name", "displayname"})
"""Fields whose values are names of things too where they stand in quotation marks."""
_MILLISECONDS = "ms"
"""The title has a capital letter."""


def find_names(text: str) -> Iterator[PrivateSpan]:
    """Names of people: behind words that introduce one ("I'm", "Author:", "Herr"), before an address in angle brackets,
    and where a common first name or surname has another name beside it; and each of them wherever it stands."""
    found: set[str] = set()
    introducing = _introducing()
    for match in (_ASCII_CANDIDATE if text.isascii() else _CANDIDATE).finditer(text):
        start, end = match.span()
        said = _word_before(text, start)
        if said not in introducing and not _may_be_name(match[0], text[end : end + 12]):
            continue
        if span := _name_at(text, start, end, said):
            found.add(text[span.start : span.end])
            yield span
    for name in found:
        if " " in name and len(name) >= _MIN_AGAIN:
            yield from (PrivateSpan(place, place + len(name), "NAME") for place in places(text, [name]))


@cache
def _introducing() -> frozenset[str]:
    """Every word that may stand before a name."""
    return frozenset().union(*map(words, _INTRODUCING))


def _may_be_name(found: str, behind: str) -> bool:
    """Whether capital words that nothing introduces may be a name nonetheless; most are none, and this is quick."""
    if " " not in found:
        return behind.startswith(",")
    first, _, rest = found.partition(" ")
    if first in words("first_names") or rest.rpartition(" ")[2] in words("surnames"):
        return True
    return "<" in behind[:3] or "," in behind[:1] or behind.startswith(_WROTE) or _introduces(first)


def _name_at(text: str, start: int, end: int, said: str) -> PrivateSpan | None:
    """The name that capital words at ``[start, end)`` are behind the word ``said``, without what only introduces it;
    None when they are none."""
    space = text.find(" ", start, end)
    while space > 0 and text[start:space] not in words("first_names") and _introduces(text[start:space]):
        said = text[start:space].casefold()
        start = space + 1
        space = text.find(" ", start, end)
    if said not in words("fields_of_full_names"):  # which may have the surname first
        start = _first_name(text, start, end)
    parts = [part.strip(".,'’") for part in text[start:end].split()]
    while len(parts) > 1 and parts[-1].casefold() in words("no_names"):  # "Maria Becker Team"
        end = start + text[start:end].rindex(" ")
        parts.pop()
    end -= len(text[start:end]) - len(text[start:end].rstrip("'’-"))
    if not is_of_person(" ".join(parts)):
        return None
    if _is_full_name(text, start, end, parts, said) if len(parts) > 1 else _is_single(text, start, end, parts[0], said):
        behind = _REVERSED_BEHIND.match(text, end)
        return PrivateSpan(start, behind.end() if behind else end, "NAME")
    return None


def _first_name(text: str, start: int, end: int) -> int:
    """Where a common first name begins that has a surname behind it, as in "Ask Laura Bianchi"; else ``start``."""
    place, others = start, text[start:end].split(" ")
    for word in others[:-1]:
        if word in words("first_names"):
            return place
        place += len(word) + 1
    return start


def _introduces(word: str) -> bool:
    word = word.casefold().strip(_STRIPPED)
    return (
        word in words("titles")
        or word in words("greetings")
        or word in words("fields_of_full_names")
        or word.endswith("-by")
    )


def is_of_person(name: str) -> bool:
    """Whether none of the capital words of ``name``, which stand where names do, is of names of things."""
    if _DATE.fullmatch(name):
        return False
    parts = [part.strip(".,'’") for part in name.split()]
    return not any(part.casefold() in words("no_names") or _is_shouted(part) for part in parts)


def has_known_name(name: str) -> bool:
    """Whether a common first name or surname is in ``name``."""
    return any(part in words("first_names") or part in words("surnames") for part in name.split())


def _is_full_name(text: str, start: int, end: int, parts: list[str], said: str) -> bool:
    if parts[0] in words("first_names") or _MAIL_BEHIND.match(text, end):
        return True
    if said in words("introductions") and _SAID.search(text, max(0, start - _MAX_BEFORE), start):
        return True
    if any(len(part) >= _MIN_OF_ENDING and part.endswith(_NO_NAME_ENDINGS) for part in parts):
        return False
    if parts[-1] in words("surnames") or said in words("titles"):
        return True
    if said in words("fields_of_full_names"):
        return said not in words("fields_of_parties") or has_known_name(text[start:end])
    if said in words("greetings"):  # in the same line it may be anybody: "Dear Valued Friends"
        return text[start - 1 : start] == "\n" or has_known_name(text[start:end])
    return bool(_WROTE_BEHIND.match(text, end))


def _is_single(text: str, start: int, end: int, name: str, said: str) -> bool:
    if said in words("titles") or _REVERSED_BEHIND.match(text, end):
        return True
    known = name in words("first_names") or name in words("surnames")
    if said in words("fields_of_one_name"):
        return text[start - 1 : start] in ("'", '"', " ", "=", "\t", ">") and _is_assigned(text, start)
    if said in words("introductions") and _SAID.search(text, max(0, start - _MAX_BEFORE), start):
        return True
    if not known or text[end : end + 1].isalnum() or _is_first_program(text, start, end):
        return False
    return said in words("greetings")


def _is_first_program(text: str, start: int, end: int) -> bool:
    """Whether the name is greeted as programs do when they are learned: "Hello, Maria!"."""
    return text[max(0, start - 7) : start].casefold() == "hello, " and text[end : end + 1] == "!"


def _is_assigned(text: str, start: int) -> bool:
    return any(sign in text[max(0, start - 4) : start] for sign in (":", "=", ">"))


def _word_before(text: str, start: int) -> str:
    """The word before ``start`` in small letters, without quotation marks and colons."""
    around = text[max(0, start - _MAX_BEFORE) : start]
    quoted = around.endswith(("'", '"'))
    before = (around[:-1] if quoted else around).rsplit(None, 1)
    if not before:
        return ""
    word = before[-1]
    if not word.isalpha():
        word = _DIVIDED.split(word.strip(_STRIPPED))[-1]  # author="..."
    if word.rstrip(".") == _MILLISECONDS:
        return ""
    word = word.lower()
    return "" if quoted and word in _OF_THINGS else _without_name(word)


def _without_name(field: str) -> str:
    """``customer`` of ``customer_name`` and ``customername``; what is no field of people stays what it is."""
    person = field.removesuffix("name").rstrip("_-")
    return person if person in words("fields_of_full_names") else field


def _is_shouted(part: str) -> bool:
    return part.isupper() and len(part) > 1
