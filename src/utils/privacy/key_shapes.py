"""Keys of vendors by their shape, as the vendors document it or as their clients check it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from src.utils.privacy.randomness import (
    bits_per_character,
    has_long_run,
    is_camel_case,
    is_mixed,
    is_random,
    is_slug,
    kinds,
    no_placeholder,
)
from src.utils.privacy.rule import Rule, make_rule
from src.utils.privacy.spans import Label, PrivateSpan

_MIN_CHUNK = 20
"""Characters of the shortest key: only words of that length are looked at first."""
_NEAR = 400
"""Characters around an AWS id within which its secret is looked for."""
_MIN_SECRET_BITS = 4.2
_MIN_SECRET_KINDS = 3
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_HEX_KEY = r"[a-f0-9]{32}"
_MIN_DIGITS, _READ = 2, 120
_NUMBER = re.compile(r"\d+-")
_WORD = r"[A-Za-z0-9_.-]"


def _is_header(value: str) -> bool:
    """Whether the first part of a JSON web token is JSON."""
    head = value.partition(".")[0]
    try:
        return isinstance(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))), dict)
    except (binascii.Error, ValueError):
        return False


def _is_key(value: str) -> bool:
    """Letters and digits, drawn by chance: what follows "sk-" may also be the name of a class."""
    return is_mixed(value) and is_random(value)


def _is_drawn(value: str) -> bool:
    """As ``_is_key``, and no name: many a name begins as a key does (``secret_manager_v2``, ``sl.data_v2``)."""
    value = value[:_READ]
    if sum(map(str.isdigit, value)) < _MIN_DIGITS or is_slug(value) or is_camel_case(value):
        return False
    return has_long_run(value) and _is_key(value)


def _is_of_slack(value: str) -> bool:
    """``xoxb-123456789012-...``: the numbers of a workspace and of its bot are no placeholders."""
    return no_placeholder(_NUMBER.sub("", value))


def _is_live(value: str) -> bool:
    """``sk_test_...``: "test" is no placeholder before what is drawn by chance."""
    return no_placeholder(value.rpartition("_")[2])


def _key(label: Label, beginnings: str, rest: str, check: Callable[[str], bool] = no_placeholder) -> Rule:
    """A word of its own."""
    rule = make_rule(label, beginnings, rest + r"(?![A-Za-z0-9])", check)
    return replace(rule, pattern=re.compile(r"(?<![A-Za-z0-9_-])" + rule.pattern.pattern))


_OF_SLACK = "xoxa-|xoxb-|xoxe-|xoxp-|xoxr-|xoxs-|xoxc-|xoxd-|xapp-|xoxe.xox"
_OTHER_BEGINNINGS = (
    "gsk_|xai-|r8_|nvapi-|tgp_v1_|pplx-|fw_|pcsk_|lsv2_pt_|lsv2_sk_|jina_|fc-|tvly-",  # models
    "dckr_pat_|dckr_oat_|rubygems_|oy2|cio|AKCp|AKCx",  # registries of packages
    "lin_api_|lin_oauth_|figd_|ntn_|secret_|ATATT3|ATCTT3|ATBB|EAAC|EAAG|EAAB|EAAE|EAAA|phc_|phx_",  # services
    "glsa_|glc_|sntrys_|sntryu_|ops_ey",  # watching, vaults
    "hvs.|hvb.|hvr.|sl.|dp.st.|dp.pt.|dp.ct.|fo1_|pscale_tkn_|pscale_pw_|pscale_oauth_|sbp_|sb_secret_",  # hosting
    "cfat_|cfut_|CFPAT-|HRKU-|tskey-|pul-|doo_v1_|dop_v1_|dor_v1_|napi_|nfp_|vcp_|vck_|rnd_|ovh_|tk-us-",
    "csk-|e2b_|sgp_|hcaik_|hcbik_|sk-lf-|aio_|signkey-prod-|tr_dev_|tr_prod_|pnu_",  # models, watching, jobs
    "sqp_|squ_|sqa_|bkua_|packagist_|CLOJARS_|jfrt_|cmVmdGtu|pat_|sat_",  # checks, builds, registries
    "xkeysib-|xsmtpsib-|tfp_|shippo_live_|shippo_test_|duffel_live_|duffel_test_|rzp_live_|rzp_test_|rdme_|EZAK|EZTK",
    "FLWSECK-|FLWSECK_TEST-|fio-u-|vk1.a.|AQVN|LTAI|ABSK|sm_pat_|sm_aat_|sha256~|access_token$production$",
)
"""What vendors put before letters and digits drawn by chance."""
_KEYS = (
    _key("AWS_ID", "AKIA|ASIA|ABIA|ACCA", r"[A-Z0-9]{16}"),
    _key("AWS_SESSION", "IQoJ|FwoG|FQoG", r"[A-Za-z0-9/+=]{60,4000}"),
    _key("GCP_KEY", "AIza", r"[A-Za-z0-9_-]{35}"),
    _key("GCP_KEY", "GOCSPX-", r"[A-Za-z0-9_-]{20,}"),
    _key("GCP_KEY", "ya29.", r"[A-Za-z0-9_.-]{30,2000}"),
    _key("GCP_KEY", "1//0", r"[A-Za-z0-9_-]{30,}"),
    _key("GITHUB", "ghp_|gho_|ghu_|ghs_|ghr_", r"[A-Za-z0-9]{30,255}"),
    _key("GITHUB", "github_pat_", r"[A-Za-z0-9_]{40,}"),
    _key("GITLAB", "glpat-|gldt-|glrt-|glcbt-|glptt-|glft-|glsoat-|glimt-|glagent-|gloas-", r"[A-Za-z0-9_.-]{20,400}"),
    _key("ANTHROPIC", "sk-ant-", r"[A-Za-z0-9_-]{24,}"),
    _key("OPENAI", "sk-", r"(?!ant-)(?:[a-z0-9]{2,10}-)*[A-Za-z0-9_-]{20,}", _is_key),
    _key("HF", "hf_|api_org_", r"[A-Za-z0-9]{30,}", is_random),
    _key("SLACK", _OF_SLACK, r"[A-Za-z0-9%.-]{20,400}", _is_of_slack),
    _key("STRIPE", "sk_live_|rk_live_|pk_live_|sk_test_|rk_test_|pk_test_|whsec_", r"[A-Za-z0-9+/=]{16,}", _is_live),
    _key("SENDGRID", "SG.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}"),
    _key("NPM", "npm_", r"[A-Za-z0-9]{30,}", is_random),
    _key("PYPI", "pypi-", r"[A-Za-z0-9_-]{50,}"),
    _key("JWT", "eyJ", r"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", _is_header),
    _key("JWT", "eyJ", r"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]{10,}){3}", _is_header),
    *(_key("TOKEN", words, rf"{_WORD}{{20,2000}}(?:=[A-F0-9]{{8}})?", _is_drawn) for words in _OTHER_BEGINNINGS),
    _key("TOKEN", "shpat_|shpss_|shpca_|shppa_|shptka_", r"[a-fA-F0-9]{30,}"),
    _key("TOKEN", "dapi", rf"{_HEX_KEY}(?:-\d)?", is_random),
    _key("TOKEN", "key-|SK", _HEX_KEY, is_random),
    _key("TOKEN", "sq0", r"[a-z]{3}-[A-Za-z0-9_-]{22,43}"),
    _key("TOKEN", "PMAK-", r"[a-f0-9]{24}-[a-f0-9]{34}"),
    _key("TOKEN", "NRAK-|NRII-|NRJS-", r"[A-Za-z0-9_-]{19,}"),
    _key("TOKEN", "pat-", r"[a-z]{2}\d-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"),
    _key("TOKEN", "pat", r"[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    _key("TOKEN", "1/", r"\d{12,}:[a-f0-9]{32}"),
    _key("TOKEN", "AAAAAAAAAA", r"[A-Za-z0-9%]{80,200}", is_random),
    _key("TOKEN", "s.", r"[A-Za-z0-9]{24}", lambda value: kinds(value[2:]) == 3 and is_random(value)),
    _key("TOKEN", "re_", r"[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}", _is_drawn),
    _key("TOKEN", "live_|test_", r"(?:[A-Za-z0-9]{30}|[A-Za-z0-9]{64})(?!_)", _is_drawn),
    _key("TOKEN", "API-", r"[A-Z0-9]{25,32}", _is_drawn),
    _key("TOKEN", "ATTA", r"[a-f0-9]{64}[A-F0-9]{8}", _is_drawn),
    _key("TOKEN", "y0_", r"[A-Za-z0-9_-]{54,64}", _is_drawn),
    _key("TOKEN", "sk.eyJ", r"[A-Za-z0-9_-]{20,400}\.[A-Za-z0-9_-]{20,}"),
    _key("TOKEN", "fm2_|fm1r_|fm1a_", r"[A-Za-z0-9+/]{60,4000}={0,2}", is_random),
    _key("TOKEN", "dt0c01.|dt0s01.", r"[A-Z0-9]{8,24}\.[A-Z0-9]{40,64}"),
    _key("TOKEN", "K10", r"[a-f0-9]{64}::[\w.-]{1,40}:[\w.-]{8,80}"),
    _key("PRIVKEY", "AGE-SECRET-KEY-1", r"[A-Z0-9]{50,60}"),
)  # fmt: skip
_INNER: tuple[tuple[Label, str, re.Pattern[str]], ...] = (
    ("TELEGRAM", ":A", re.compile(r"(?<!\d)\d{8,10}:A[A-Za-z0-9_-]{33,35}(?![A-Za-z0-9_-])")),
    ("TOKEN", ".atlasv1.", re.compile(r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{50,}")),
    ("TOKEN", "NRAL", re.compile(r"[a-f0-9]{36}NRAL")),
    ("TOKEN", "-us", re.compile(r"(?<!\w)[a-f0-9]{32}-us\d{1,2}(?![\w-])")),
    ("TOKEN", ":APA91b", re.compile(r"[A-Za-z0-9_-]{6,24}:APA91b[A-Za-z0-9_-]{100,}")),
    ("TOKEN", ":fx", re.compile(r"(?<!\w)[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}:fx(?!\w)")),
    ("AZURE_KEY", "Q~", re.compile(r"(?<![\w.~-])[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}(?![\w.~-])")),
)  # fmt: skip
"""Keys that are known by something inside them."""
_DISCORD_REST = re.compile(r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}+")
_DISCORD_BACKWARDS = re.compile(r"[A-Za-z0-9_-]{23,27}[MNO](?![A-Za-z0-9_-])")
"""The number of the bot in base64, which begins with one of three letters; read from its end."""
_MAX_NUMBER = 29


def find_keys(text: str) -> Iterator[PrivateSpan]:
    """Every key of a vendor in ``text``; findings may overlap."""
    chunks = " ".join([word for word in text.split() if len(word) >= _MIN_CHUNK])
    if not chunks:
        return
    for rule in _KEYS:
        if rule.may_be_in(chunks):
            for span in rule.find(text):
                yield span
                if span.label == "AWS_ID":
                    yield from _secrets_near(text, span)
    for label, sign, pattern in _INNER:
        if sign in chunks and pattern.search(chunks):
            yield from (PrivateSpan(*match.span(), label) for match in pattern.finditer(text) if is_mixed(match[0]))
    for match in _DISCORD_REST.finditer(text) if _DISCORD_REST.search(chunks) else ():
        number = _DISCORD_BACKWARDS.match(text[max(0, match.start() - _MAX_NUMBER) : match.start()][::-1])
        if number and is_mixed(match[0]):
            yield PrivateSpan(match.start() - number.end(), match.end(), "TOKEN")


def _secrets_near(text: str, key: PrivateSpan) -> Iterator[PrivateSpan]:
    """The secret that belongs to an AWS id, which has no sign of its own."""
    for match in _AWS_SECRET.finditer(text, max(0, key.start - _NEAR), key.end + _NEAR):
        value = match[0]
        if kinds(value) >= _MIN_SECRET_KINDS and bits_per_character(value) >= _MIN_SECRET_BITS:
            yield PrivateSpan(*match.span(), "AWS_SECRET")
