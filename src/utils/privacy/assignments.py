"""Secrets that are assigned: what stands behind names such as ``db_password``, ``--auth-token`` or "my password is"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from src.utils.privacy.randomness import (
    has_long_run,
    is_code,
    is_mixed,
    is_password,
    is_random,
    is_slug,
    is_surely_drawn,
    is_uuid,
    is_wording,
    kinds,
)
from src.utils.privacy.rule import places
from src.utils.privacy.spans import Label, PrivateSpan

_STEMS = ("pass", "pwd", "pw", "psk", "secret", "token", "key", "credential", "authorization", "session", "sessid",
          "_pat", "csrf", "appid", "senha", "kennwort", "wachtwoord", "parola", "contrasena", "schluessel", "clave",
          "chiave", "sleutel", "klucz")  # fmt: skip
_STEMS_ABROAD = ("contraseña", "hasło", "пароль", "密码", "密碼", "口令", "パスワード", "비밀번호", "mot de passe",
                 "schlüssel", "clé", "ключ", "密钥", "キー", "lösenord", "heslo", "şifre")  # fmt: skip
"""Within names to which secrets are assigned, in small letters."""
_NAME_BACKWARDS = re.compile(r"[\w.-]*")
_WORD_BACKWARDS = re.compile(r" [^\W\d_]{3,14}(?![\w-])")
_BEHIND_A_WORD = ("key", "schlüssel", "schluessel", "sleutel", "ключ")
"""Stems that need the word before them: "API key", "Öffentlicher Schlüssel"."""
_NAME_REST = r"(?P<rest>[\w-]{0,24})"
_OPENED = r"""\\?(?:[bru](?=["'`]))?(?P<quote>["'`]?)(?P<value>[^\s"'`<>\\]{6,400})"""
_TYPE = r"(?:\s?:\s?[\w.\[\]|]{1,30}(?=\s?=\s?[\"']))?"
_PURPOSE = r"\s(?:for|of|to|de|für|zum|zur|vom|von|pour|del|di|per|do|van|voor|от|для)\s[\w '-]{1,30}"
_FOR = rf"(?:{_PURPOSE}(?=:)|\sAPI(?=\s?:))?"
_SAYS = r"(?:is|was|to|ist|war|lautet|es|est|è|é|är|jest|это)"
_SCHEME = r"(?:(?:bearer|token|basic|api-?key|ssws|geniekey|splunk|jwt)\ )?"
_READS = r"(?:[\w.]{0,40}\.)?(?:from_?hex|unhexlify|b64decode|bytes|bytearray|str|string|from|secret\w{0,9})"
"""Calls that give what they are given: ``bytes.fromhex("...")``, ``SecretStr("...")``."""
_ASSIGNED = re.compile(
    _NAME_REST
    + r"(?:"
    + rf"""\\?["'`]?\]?{_FOR}{_TYPE}\s{{0,6}}(?:=>|:=|=|:|：)\s{{0,6}}(?:!!\w{{1,12}}\s)?{_SCHEME}"""
    + r"""|\s(?=')"""  # SQL: PASSWORD '...'
    + r"""|["']\ value=(?=["'])"""  # XML: key="..." value="..."
    + rf"""|(?:{_PURPOSE}?(?=\s(?:is|ist|es|est|è)\s))?\s{{1,2}}{_SAYS}:?\s{{1,2}}"""
    + r"""|\s?(?:は|是|为|為)[:：]?\s{0,2}"""
    + r"""|["']?\n\s{1,16}["']?value["']?:\s?"""  # Kubernetes: name: ..., value: ...
    + r"""|["']\)?,\s?(?=["'])"""
    + r"""|\((?=["'])"""
    + r"""|["']?>(?=[^<\n]{6,80}</)"""
    + rf""")(?P<call>{_READS}\((?=b?["']))?"""
    + _OPENED,
    re.IGNORECASE,
)
"""What may stand between a name and its value."""
_GIVEN = re.compile(_NAME_REST + r"\s(?P<call>)" + _OPENED)
"""Behind an option of a command, ``ENV NAME`` of a Dockerfile, or a login of .netrc."""
_GIVEN_BEFORE = re.compile(
    r"(?:^|\n)\s{0,8}(?:ENV|ARG|set|setx) \Z|config(?:ure)? set \Z|login \S{1,60} \Z"
    r"|\b[Uu]ser(?:name)?:? \S{1,60} (?:and |with )?\Z"
)
_MAX_NAME, _MAX_BEFORE, _MAX_STEM = 40, 80, 10
_OF_PASSWORDS = re.compile(
    r"passw|passphrase|passcode|pwd|(?:^|_)psk$|(?:^|[a-z0-9]_|[.-]|(?:db|key|store|smtp|mail|root|admin|become|user|ftp|http)_?)pass$"
    r"|(?:^|_)pw$|^passe$|contrase|senha|kennwort|wachtwoord|parola|hasło|пароль|密码|密碼|口令|パスワード|비밀번호|lösenord"
    r"|heslo|şifre|(?:wpa2?|wlan|wi-?fi)[ _-]?(?:key|schl)",
    re.IGNORECASE,
)
_OF_KEYS = re.compile(
    r"(?:^|[_.-])(?:api|app|application|access|account|admin|auth|client|crypt|encryption|encrypt|enc|signing|sign|"
    r"master|private|priv|license|licence|secret|service|shared|storage|subscription|write|read|project|webhook|hmac|"
    r"deploy|server|preshared|[a-z]+_api)[_. -]?keys?\d?(?:base64|hex|value|prod|dev|live|main)?$"
    r"|^appid$",
    re.IGNORECASE,
)
_OF_SOME_KEY = re.compile(r"^[a-z0-9]+(?:_[a-z0-9]+)?_key$", re.IGNORECASE)
"""Not every such key is a secret: its value must have been drawn by chance."""
_OF_DRAWN_KEY = re.compile(
    r"^[a-z0-9]+ key$|schl(?:ü|ue)ssel$|(?:^|_)clave(?:_|$)|^clé|chiave|sleutel$|klucz|ключ|密钥|キー$", re.IGNORECASE
)
"""Most such keys open nothing ("answer key", "Gemeindeschlüssel"): only what was surely drawn by chance counts."""
_OF_TOKENS = re.compile(
    r"secret|token|credential|authorization|session(?:_?id|_?key)?$|sessid|_pat$|csrf", re.IGNORECASE
)
_OF_OTHERS = re.compile(
    r"public[_ ]?key|(?:öffentlich|oeffentlich|openbare?|publiczny|публичный|открытый)\w{0,3}[ _-]?\w|公開|公钥|"
    r"(?:^|[_ -])(?:answer|map|dictionary|legend|shortcut|translation|message|routing|shard|range|unique|candidate|"
    r"config|event|sequence|lookup|sharding|join|item|entry|record|order) keys?$|"
    r"(?:^|[_-])(?:public|pub|cache|dedup|hash|content|digest|sort|primary|foreign|partition|idempotency|group|object|row|index|dict|lookup|next|"
    r"page|pagination|continuation|max|min|num|total|input|output|prompt|completion)[_ -]|"
    r"(?:policy|policies|file|path|dir|url|uri|endpoint|length|len|size|type|types|field|column|label|count|hint|regex|"
    r"pattern|format|expiry|expires|expiration|ttl|manager|provider|class|generator|encoder|validator|store|name|names|"
    r"(?<!sess)(?<!session)(?<!session_)(?<!^app)ids?|index|version|arn|ref|reset|usage|limit|budget|ratio|hash|algorithm|scheme|header|prefix|suffix|izer|ize|"
    r"ized|(?<!author)ization)$",
    re.IGNORECASE,
)
"""Names with a stem that hold no secret: ``token_count``, ``cache_key``, ``password_policy``."""
_MAY_BE_IDS = re.compile(r"session(?:_?id)|sessid", re.IGNORECASE)
_NEXT_PARAMETER = re.compile(r"&(?=[\w.-]+=)")
_TRAILING = re.compile(r"[,;:)\]}.]+\Z")
_INDEXED = re.compile(r"[\[\]()]")
_MIN_TOKEN, _MIN_KEY = 16, 20
_MIN_LOOSE_KINDS = 3
_INNER_DIGIT = re.compile(r"(?=.{8})[A-Za-z]+\d+[A-Za-z]")
_TECHNICAL = re.compile(r"base\d\d|sha\d+|md[45]|utf\d+|oauth\d|x509|argon2|pbkdf2|s3|k8s|i18n|^[a-z]+2[a-z]+$", re.I)
"""Digits that names of programs have."""
_PUBLIC_KEY = re.compile(r"AAAA(?:[BC]3Nza|E2Vj|GnNr)")
"""How the public keys of SSH begin in base64."""
_AWS_SECRET = 40
_DJANGO = "django-insecure-"


def find_assigned(text: str) -> Iterator[PrivateSpan]:
    """Values of names such as ``db_password`` or ``API_KEY``, unless they are code, words or placeholders."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter that becomes two would shift what is found
        lower = text
    stems = _STEMS if text.isascii() else _STEMS + _STEMS_ABROAD
    done = 0
    for place, stem in sorted((found, word) for word in stems for found in places(lower, [word])):
        end = place + len(stem)
        if place < done:
            continue
        match = _ASSIGNED.match(text, end) or _GIVEN.match(text, end)
        if match is None:
            continue
        name_start = _name_start(text, place)
        given = match.re is _GIVEN and not _is_given(text, name_start)
        if (given or match["call"]) and not is_surely_drawn(_TRAILING.sub("", match["value"])):
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


@lru_cache(maxsize=4096)
def _kind_of_name(name: str) -> Literal["password", "token", "key", "some key", "drawn key", ""]:
    """What a name says that it holds; "" for nothing secret. Texts use the same names again and again."""
    if _OF_OTHERS.search(name):
        return ""
    if _OF_PASSWORDS.search(name):
        return "password"
    if _OF_TOKENS.search(name):
        return "token"
    if _OF_KEYS.search(name):
        return "key"
    if _OF_SOME_KEY.search(name):
        return "some key"
    return "drawn key" if _OF_DRAWN_KEY.search(name) else ""


def _has_inner_digit(value: str) -> bool:
    """Letters with digits among them, as no word and no name of a thing has them: ``tr0ub4dor3x``."""
    return bool(_INNER_DIGIT.match(value)) and bool(_INNER_DIGIT.match(_TECHNICAL.sub("", value)))


def _kind_of_value(name: str, value: str, *, quoted: bool) -> Label | None:
    """What a value is that has a certain name; None where it is none of ours."""
    kind = _kind_of_name(name)
    if not kind:
        return None
    if kind == "password":
        shows = quoted or kinds(value) >= _MIN_LOOSE_KINDS or _has_inner_digit(value)
        return "PASSWORD" if shows and is_password(value) else None
    value = value.removeprefix(_DJANGO)
    if len(value) < (_MIN_TOKEN if kind == "token" else _MIN_KEY) or (is_uuid(value) and _MAY_BE_IDS.search(name)):
        return None
    if is_slug(value) and not value.isalnum():
        return None
    if (kind == "some key" and not has_long_run(value)) or (kind == "drawn key" and not is_surely_drawn(value)):
        return None
    if _PUBLIC_KEY.match(value):
        return None
    if is_code(value) or is_wording(value) or not (is_mixed(value) and is_random(value)):
        return None
    of_aws = "secret" in name.casefold() or "access" in name.casefold()
    return "AWS_SECRET" if of_aws and len(value) == _AWS_SECRET and kinds(value) >= _MIN_LOOSE_KINDS else "TOKEN"
