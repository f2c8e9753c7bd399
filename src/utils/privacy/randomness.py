"""Whether a value was drawn by chance or chosen as a password, or is a placeholder, an identifier, a word."""

from __future__ import annotations

import math
import re

MIN_BITS = 3.0
"""Bits per character (Shannon) from which a long token looks drawn by chance; English words have fewer."""
_MANY = 20
"""Different characters."""
_READ = 80
"""Characters of a value that are looked at; the rest is like them."""
_PLACEHOLDERS = ("example", "your-", "your_", "your ", "placeholder", "changeme", "change-me", "change_me",
                 "redacted", "xxxx", "***", "...", "<", "123456789", "abcdef", "-key-here", "_key_here",
                 "{{", "${", "%(")  # fmt: skip
_STAND_INS = ("dummy", "sample", "insert", "replace", "fake", "test", "todo")
_STAND_IN = re.compile(rf"(?<![a-z])(?:{'|'.join(_STAND_INS)})(?![a-z])")
_VARIABLE = re.compile(r"[$%@&*!]\(?[A-Za-z_:][\w:]*[)%]?")
_NAME = r"_*[A-Za-z]+\d{0,2}(?:_+(?:[A-Za-z]+\d{0,2}|\d{1,3}))*_*"
_CODE = re.compile(rf"[({{]|::|->|^{_NAME}(?:\.{_NAME})+$|^[./~]|^https?:|\\n|==.")
_PADDED = re.compile(r"[A-Za-z0-9+/]{40,}={1,2}")
"""Base64 to its end, which may begin with a slash as paths do."""
_CONSONANTS = re.compile(r"(?=[a-z]{12,}\Z)[a-z]*[bcdfghjklmnpqrstvwxz]{6}")
_WORDS = re.compile(r"(?:[A-Za-z_]+(?:[.:/ -][A-Za-z_]+)*|[A-Za-z_]+\d)[:;,.!?]*")
_RULES_OF_FIELD = re.compile(r"[a-z_]+(?::[\w,.]+)?(?:\|[a-z_]+(?::[\w,.]+)?)+")
"""What frameworks ask of a field of a form: ``required|min:12|confirmed``."""
_KNOWN_TO_ALL = re.compile(
    r"(?:my|your|some|the|a|new|old|db|super|user|root)?[-_]?(?:pass(?:word|wd|phrase|w0rd)?|p[@a]ssw[o0]rd|pwd|"
    r"secret|token|key|test|admin|user|root|foo|foobar|bar|abc|qwerty|hunter|letmein|welcome|string|value|none|null|"
    r"true|false|hash|salt)s?[-_]?(?:\d{0,6}|here)[!?]?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[_./:-]+")
_SLUG_PART = re.compile(r"[A-Za-z]+\d{0,3}|\d{0,8}")
_LONG_RUN = re.compile(r"[A-Za-z0-9]{12}")
"""As long as the last group of a UUID."""
_MIN_DRAWN, _MIN_HEX, _MIN_DRAWN_KINDS, _MAX_STRETCH = 24, 32, 3, 6
_DRAWN, _HEX, _TURNS = map(re.compile, (r"[A-Za-z0-9_+/=-]+", "[0-9a-f]+", r"[a-z](?=\d)|\d(?=[a-z])"))
_PIECE, _MIN_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+"), 3
_WORD, _MIN_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+"), 2.5
"""A word within a name, and how many letters those of a name have on average."""
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*[,)\]:;]*")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_MIN_CHOSEN_KINDS = 3
_JOINING = str.maketrans("", "", "-._:")
_ONE_NUMBER = re.compile(r"[A-Za-z]*[$€£#+]?\d+[A-Za-z]*%?")
_KINDS = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")))


def is_random(value: str) -> bool:
    """Whether ``value`` looks drawn by chance: no placeholder, and many different characters."""
    many = len(set(value[:_READ])) >= _MANY  # has more than MIN_BITS, and is quicker to know
    return (many or bits_per_character(value) >= MIN_BITS) and not is_placeholder(value)


def bits_per_character(value: str) -> float:
    """Shannon entropy of the characters of ``value`` in bits; 0 for an empty one."""
    value = value[:_READ]
    size = len(value)
    shares = (value.count(char) / size for char in set(value))
    return -sum(share * math.log2(share) for share in shares)


def is_placeholder(value: str) -> bool:
    """Whether ``value`` says that something else belongs in its place."""
    lower = value[:_READ].lower()
    if any(sign in lower for sign in _PLACEHOLDERS):
        return True
    return any(word in lower for word in _STAND_INS) and bool(_STAND_IN.search(lower))


def no_placeholder(value: str) -> bool:
    """The opposite of `is_placeholder`."""
    return not is_placeholder(value)


def is_code(value: str) -> bool:
    """Whether ``value`` is a variable, a call, an attribute, a path or an address rather than what they hold."""
    if _VARIABLE.fullmatch(value):
        return True
    return bool(_CODE.search(value)) and not _PADDED.fullmatch(value)


def is_wording(value: str) -> bool:
    """Whether ``value`` is made of words or is a password that stands for none ("secret123", "changeme")."""
    return any(pattern.fullmatch(value) for pattern in (_WORDS, _KNOWN_TO_ALL, _RULES_OF_FIELD))


def is_unspeakable(value: str) -> bool:
    """Whether ``value`` is small letters drawn by chance, as Google's passwords for programs are: no word has six
    consonants in a row."""
    return bool(_CONSONANTS.match(value))


def is_password(value: str) -> bool:
    """Whether ``value``, which stands where a password belongs, is one: neither placeholder nor code nor words."""
    if is_placeholder(value) or is_code(value):
        return False
    return is_unspeakable(value) or (not is_wording(value) and kinds(value) > 1)


def is_beside_login(value: str) -> bool:
    """Whether ``value`` behind an address, as in ``me@corp.io / ...``, is a password: it must look it, most are not."""
    return kinds(value) >= _MIN_CHOSEN_KINDS and is_password(value) and any(char.isdigit() for char in value)


def is_chosen(value: str) -> bool:
    """As ``is_beside_login`` where less stands before it: signs that join words and numbers do not count, and one
    number among words is the name of a thing, a time or an amount (``Windows10Pro``, ``14:45Uhr``, ``US$100m``)."""
    joined = value.translate(_JOINING)
    return is_beside_login(value) and kinds(joined) >= _MIN_CHOSEN_KINDS and not _ONE_NUMBER.fullmatch(joined)


def is_token(value: str) -> bool:
    """Whether ``value``, which stands where a token belongs, is one: letters and digits drawn by chance, no code."""
    return is_mixed(value) and is_random(value) and not is_code(value)


def is_slug(value: str) -> bool:
    """Whether ``value`` is words and numbers joined by signs: a path, a name of a thing, a date."""
    return all(map(_SLUG_PART.fullmatch, _SEPARATORS.split(value)))


def has_long_run(value: str) -> bool:
    """Whether ``value`` has 12 letters and digits without a sign between them, as what is drawn by chance has."""
    return bool(_LONG_RUN.search(value))


def is_surely_drawn(value: str) -> bool:
    """Whether ``value`` can be nothing but drawn by chance: many letters and digits, of three kinds, in base 16 or in
    turn. Names, words and numbers joined by signs are none."""
    if len(value) < _MIN_DRAWN or not _DRAWN.fullmatch(value) or not has_long_run(value) or not is_mixed(value):
        return False
    if kinds(value.rstrip("=")) >= _MIN_DRAWN_KINDS:
        return not is_camel_case(value)
    if len(value) >= _MIN_HEX and _HEX.fullmatch(value):
        return True
    return value.islower() and len(_TURNS.findall(value)) * _MAX_STRETCH >= len(value)


def is_camel_case(value: str) -> bool:
    """Whether ``value`` is words and numbers written together, as classes are named: what is drawn by chance changes
    between small letters, capitals and digits every other character (``OAuth2ServerConfiguration``)."""
    return len(value) >= _MIN_PIECE * len(_PIECE.findall(value)) and not (value.islower() or value.isupper())


def is_name_of_class(value: str) -> bool:
    """As ``is_camel_case`` for the names of classes, with their modules: words, of which one may be a letter
    (``S3Bucket``)."""
    return bool(_DOTTED.fullmatch(value)) and is_camel_case(value) and has_words(value)


def has_words(value: str) -> bool:
    """Whether the letters of ``value`` make words, which begin with capitals or have nothing else (``macOS15``): at
    most one of them is a single letter."""
    words = _WORD.findall(value)
    letters = sum(map(len, words))
    return letters >= _MIN_WORD * len(words) and sum(len(word) == 1 for word in words) <= 1


def is_uuid(value: str) -> bool:
    """Whether ``value`` is a UUID, which numbers things more often than it guards them."""
    return bool(_UUID.fullmatch(value))


def is_mixed(value: str) -> bool:
    """Whether ``value`` has letters and digits."""
    return any(char.isdigit() for char in value) and any(char.isalpha() for char in value)


def kinds(value: str) -> int:
    """How many kinds of characters it has: lower case, upper case, digits, others."""
    return sum(bool(kind.search(value)) for kind in _KINDS)
