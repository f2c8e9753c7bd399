"""Secrets that are assigned: what stands behind names such as ``db_password``, ``--auth-token`` or "my password is"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.utils.privacy.randomness import (
    has_long_run,
    is_chosen,
    is_code,
    is_mixed,
    is_name_of_class,
    is_password,
    is_random,
    is_slug,
    is_surely_drawn,
    is_uuid,
    is_wording,
    kinds,
)
from src.utils.privacy.secret_names import STEMS, kind_of_name
from src.utils.privacy.spans import Label, PrivateSpan
from src.utils.word_search import WordSearch

_STEMS = WordSearch(STEMS)
_NAME_BACKWARDS = re.compile(r"[\w.-]*")
_WORD_BACKWARDS = re.compile(r" [^\W\d_]{3,14}(?![\w-])")
_BEHIND_A_WORD = ("key", "schlüssel", "schluessel", "sleutel", "ключ")
"""Stems that need the word before them: "API key", "Öffentlicher Schlüssel"."""
_NAME_REST = r"(?P<rest>[\w-]{0,24})"
_VALUE = r"""(?P<quote>["'`]?)(?P<value>[^\s"'`<>\\」』]{6,400})"""
_OPENED = r"""\\?(?:(?:[brunl@$]|br|rb|r?\#{1,2})(?=["'`]))?(?:[「『]|[«»]\s?)?""" + _VALUE
"""Letters and signs may stand before a quotation mark: ``b"..."``, ``N'...'`` of SQL, ``@"..."``, ``r#"..."#``."""
_TYPE = r"(?:\s?:\s?&?(?:'static\s)?[\w.\[\]|]{1,30}(?=\s?=\s?[\"']))?"
_PURPOSE = r"\s(?:for|of|to|de|für|zum|zur|vom|von|pour|del|di|per|do|da|della|van|voor|от|для)\s[\w '-]{1,30}"
_FOR = rf"(?:{_PURPOSE}(?=:)|\sAPI(?=\s?:))?"
_IS = r"(?:is|was|ist|war|lautet|es|est|è|é|är|er|jest|to|это)"
_SCHEME = r"(?:(?:bearer|token|basic|api-?key|ssws|geniekey|splunk|jwt)\ )?"
_READS = r"(?:[\w.]{0,40}\.)?(?:from_?hex|unhexlify|b64decode|bytes|bytearray|str|string|from|secret\w{0,9})"
"""Calls that give what they are given: ``bytes.fromhex("...")``, ``SecretStr("...")``."""
_ASSIGNED = re.compile(
    _NAME_REST
    + r"(?:"
    + rf"""\\?["'`]?\]?(?:\*\*|__)?{_FOR}{_TYPE}\s{{0,6}}(?:=>|:=|=|:|：|<-)(?:\*\*|__)?\s{{0,6}}"""
    + rf"""(?:\*\*|__)?(?:!!\w{{1,12}}\s)?{_SCHEME}"""
    + r"""|\s(?=N?["'])"""  # SQL, Lisp, Gradle: PASSWORD '...'
    + r"""|["']?\ value=(?=["'])"""  # XML: key="..." value="..."
    + r"""|(?P<loose>["'`]?\]?\)?\s?(?:\|\||\?\?|\?:|\bor\b)\s?(?=["'`])"""  # in place of what is not set
    + r"""|(?:\*\*|`)?\s\|\s{1,2}(?:\*\*)?"""  # a table
    + r"""|:?\s?</\w{1,10}>\s{0,8}(?::?\s{0,2}<\w{1,10}>)?:?\s{0,2}"""  # <td>...</td><td>..., <b>...:</b> ...
    + r"""|['’]s\s)"""
    + r"""|["']\s?\{[^{}"]{0,200}\sdefault\s{0,6}=\s{0,6}(?=")"""  # Terraform: variable "..." { default = "..." }
    + rf"""|(?:{_PURPOSE}?(?=\s{_IS}\s))?\s{{1,2}}{_IS}:?\s{{1,2}}"""
    + r"""|\s?(?:は|是|为|為|는|은)[:：]?\s{0,2}"""
    + r"""|["']?\n\s{1,16}["']?value["']?:\s?"""  # Kubernetes: name: ..., value: ...
    + r"""|["']\)?,\s?(?=["'])"""
    + r"""|["']\)\.\w{2,20}\((?=["'])"""  # a form that is filled in
    + r"""|\((?=["'])"""
    + r"""|["']?>(?=[^<\n]{6,80}</)"""
    + rf""")(?P<call>{_READS}\((?=b?["']))?"""
    + _OPENED,
    re.IGNORECASE,
)
"""What may stand between a name and its value; ``loose`` stands between a thing and what is said of it too."""
_GIVEN = re.compile(_NAME_REST + r"\s(?:(?:[0578]|[-–—])\s)?(?P<call>)" + _OPENED)
"""Behind an option of a command, ``ENV NAME`` of a Dockerfile, a login of .netrc, or a kind of hashing of a router."""
_GIVEN_BEFORE = re.compile(
    r"(?:^|\n)\s{0,8}(?:ENV|ARG|set|setx) \Z|config(?:ure)? set \Z|login \S{1,60} \Z"
    r"|(?:machine \S{1,60}|default)\s{1,9}login \S{1,60}\s{1,9}\Z"
    r"|\b[Uu]ser(?:name)?:? \S{1,60} (?:and |with |privilege \d+ )?\Z"
)
_MAX_NAME, _MAX_BEFORE, _MAX_STEM = 40, 120, 10
_MAY_BE_IDS = re.compile(r"session(?:_?id)|sessid", re.IGNORECASE)
_NEXT_PARAMETER = re.compile(r"&(?=[\w.-]+=)")
_TRAILING = re.compile(r"[,;:)\]}.«»]+\Z")
_INDEXED = re.compile(r"[\[\]()]")
_MIN_TOKEN, _MIN_KEY = 16, 20
_MIN_LOOSE_KINDS = 3
_CHOSEN = re.compile(r"(?=\S{8})(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)\S+[!#$%^&*@]\w")
_INNER_DIGIT = re.compile(r"(?=.{8})[A-Za-z]+\d+[A-Za-z]")
_TECHNICAL = re.compile(r"base\d\d|sha\d+|md[45]|utf\d+|oauth\d|x509|argon2|pbkdf2|s3|k8s|i18n|^[a-z]+2[a-z]+$", re.I)
"""Digits that names of programs have."""
_WORDS_AND_NUMBERS = re.compile(r"(?:[A-Za-z]+\d*|\d+)(?:[-_./:+](?:[A-Za-z]+\d*|\d+))*")
"""Joined as names of things are: ``ChaCha20-Poly1305``, ``Type1/Type2``."""
_ALGORITHM = re.compile(r"(?<![a-z])(?:sha-?\d|pbkdf2|aes|scram|s?crypt|bcrypt|argon2|hmac|base64|md5)", re.IGNORECASE)
_PUBLIC_KEY = re.compile(r"AAAA(?:[BC]3Nza|E2Vj|GnNr)")
"""How the public keys of SSH begin in base64."""
_AWS_SECRET = 40
_DJANGO = "django-insecure-"


def find_assigned(text: str) -> Iterator[PrivateSpan]:
    """Values of names such as ``db_password`` or ``API_KEY``, unless they are code, words or placeholders."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter that becomes two would shift what is found
        lower = text
    done = 0
    for place, stem in sorted((place, stem) for stem, places in _STEMS.places(lower).items() for place in places):
        end = place + len(stem)
        if place < done:
            continue
        match = _ASSIGNED.match(text, end) or _GIVEN.match(text, end)
        if match is None:
            continue
        name_start = _name_start(text, place)
        given = match.re is _GIVEN and not _is_given(text, name_start)
        if (given or match["call"]) and not _stands_alone(_TRAILING.sub("", match["value"])):
            continue
        if match.re is _ASSIGNED and match["loose"] and not _looks_chosen(_TRAILING.sub("", match["value"])):
            continue
        value, start = match["value"], match.start("value")
        behind = text[match.end("value") : match.end("value") + 2].strip("\\")[:1]
        quoted = bool(match["quote"]) and behind == match["quote"]
        if not quoted:
            value = _TRAILING.sub("", _NEXT_PARAMETER.split(value)[0])
            if _INDEXED.search(value):
                continue
        if label := _kind_of_value(text[name_start:end] + match["rest"], value, quoted=quoted):
            done = start + len(value)
            yield PrivateSpan(start, done, label)


def _name_start(text: str, place: int) -> int:
    """Where the name begins that has a stem at ``place``; for a key with the word before it ("API key")."""
    before = text[max(0, place - _MAX_NAME) : place][::-1]
    backwards = _NAME_BACKWARDS.match(before)
    length = backwards.end() if backwards else 0
    if length == 0 and text[place : place + _MAX_STEM].casefold().startswith(_BEHIND_A_WORD):
        word = _WORD_BACKWARDS.match(before)
        length = word.end() if word else 0
    return place - length


def _is_given(text: str, name_start: int) -> bool:
    """Whether a value follows a name after a space: an option of a command, ``ENV NAME``, a login of .netrc."""
    if text[name_start : name_start + 1] == "-":
        return not text[max(0, name_start - 1) : name_start].strip()
    return bool(_GIVEN_BEFORE.search(text, max(0, name_start - _MAX_BEFORE), name_start))


def _stands_alone(value: str) -> bool:
    """Whether ``value`` is a secret where little before it says so: drawn by chance, or chosen with signs within it
    that no name of a thing has ("passphrase Fjord7!kelp", but not "password Sha-256")."""
    return is_surely_drawn(value) or bool(_CHOSEN.match(value))


def _looks_chosen(value: str) -> bool:
    """As ``_stands_alone`` where a name of a password stands right before, but not as what is assigned to it."""
    if _stands_alone(value) or _has_inner_digit(value):
        return True
    return is_chosen(value) and not _WORDS_AND_NUMBERS.fullmatch(value)


def _is_algorithm(value: str) -> bool:
    """Whether ``value`` says how passwords are kept: ``PBKDF2-HMAC-SHA256``, ``bcrypt/argon2``."""
    rest = _ALGORITHM.sub("", value)
    return rest != value and is_slug(rest)


def _has_inner_digit(value: str) -> bool:
    """Letters with digits among them, as no word and no name of a thing has them: ``tr0ub4dor3x``."""
    return bool(_INNER_DIGIT.match(value)) and bool(_INNER_DIGIT.match(_TECHNICAL.sub("", value)))


def _kind_of_value(name: str, value: str, *, quoted: bool) -> Label | None:
    """What a value is that has a certain name; None where it is none of ours."""
    kind = kind_of_name(name)
    if not kind:
        return None
    if kind == "password":
        shows = quoted or kinds(value) >= _MIN_LOOSE_KINDS or _has_inner_digit(value)
        return "PASSWORD" if shows and is_password(value) and not _is_algorithm(value) else None
    value = value.removeprefix(_DJANGO)
    if len(value) < (_MIN_TOKEN if kind == "token" else _MIN_KEY) or (is_uuid(value) and _MAY_BE_IDS.search(name)):
        return None
    if is_slug(value) and not value.isalnum():
        return None
    if (kind == "some key" and not has_long_run(value)) or (kind == "drawn key" and not is_surely_drawn(value)):
        return None
    if _PUBLIC_KEY.match(value) or (not quoted and is_name_of_class(value)):  # token: OAuth2Token
        return None
    if is_code(value) or is_wording(value) or not (is_mixed(value) and is_random(value)):
        return None
    of_aws = "secret" in name.casefold() or "access" in name.casefold()
    return "AWS_SECRET" if of_aws and len(value) == _AWS_SECRET and kinds(value) >= _MIN_LOOSE_KINDS else "TOKEN"
