"""Words of a question that point to something said before it: in that case, danach, lequel, hacerlo, それ."""

from __future__ import annotations

import re

from src.generation.gates.code_terms import code_terms
from src.generation.gates.texts import split_sentences

_TIMES = "morning|afternoon|evening|night|week|month|year|season|century|time"
_BEFORE = "in|for|of|after|before|by|during|at|on|with|from|since|until|about|under|to|than"
_POINTERS = {
    "en": re.compile(
        rf"\b(?:this|these)\s(?!{_TIMES})[a-z]+|\b(?:{_BEFORE})\s(?:that(?=\W*$|\s(?:case|year|time|day|date|period|moment)\b)|them)\b"
        r"|\bthat\s(?:year|day|month|time|case|date|period)\b|\b(?:afterwards|thereafter|thereupon)\b|^which\sones?\b(?!\sof\b)",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:dort(?!,?\swo\b|[^,?]*,\swo\b)|danach|davor|deswegen|deshalb|daneben|dahinter|welche[rs]?\sdavon)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:lequel|laquelle|lesquels|lesquelles|duquel|auquel|celui-ci|celle-ci|ceux-ci|celles-ci|cela)\b"
        r"|\b(?:peut|doit|faut|va|veut|peuvent|doivent|pourrait|devrait|pouvez|devez)-(?:t-)?(?:on|ils?|elles?|vous)\s"
        r"(?:(?:le|la|les)\s|l['’])(?:\w{2,}(?:er|ir|ndre|rdre|ttre)|(?:\w{2})?(?:dire|lire|faire|boire|suivre|crire|duire))\b|\b(?:lors|puis|jus|)qu['’](?:ils?|elles?)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?!charlas?\b)\w{2,}(?:ar|er|ir|ár|ér|ír|ndo)l[oa]s?\b|\b(?:así|entonces|allí|ahí)(?=\W*$)", re.IGNORECASE
    ),
    "it": re.compile(r"\b\w{3,}(?:ar|er|ir)l[oaie]\b|\b(?:così|allora|lì)(?=\W*$)", re.IGNORECASE),
    "pt": re.compile(r"\b\w{2,}(?:ar|er|ir|á|ê|í)-l[oa]s?\b|\b(?:assim|então|lá|ali)(?=\W*$)", re.IGNORECASE),
    "nl": re.compile(r"\b(?:daar|daarna|daarvoor|daarvan|daarmee)\b", re.IGNORECASE),
    "ru": re.compile(r"\b(?:там|туда|потом|тогда|затем)(?=\W*$)", re.IGNORECASE),
    "zh": re.compile("这一点|这样|这个|那个|这些|那些|这种|那种|它们?"),
    "ja": re.compile("それ(?!ぞれ)|これ|その|この|そこ|ここ|あの|そちら|こちら"),
}
_SPECIFIC = re.compile(r"(?<=\s)(?!I\b)[^\W\d_]*[A-ZÀ-ÖØ-ÞА-Я]|\d|[\"“”„«»‘‚「『《]")
"""A name, a noun where these have capitals, a number, a quotation."""
_NOUNS = {
    "fr": re.compile(r"\b(?:le|la|les|un|une|du|des|son|sa|ses)\s\w{3,}|\b[dl]['’]\w{3,}", re.IGNORECASE),
    "es": re.compile(r"\b(?:el|la|los|las|un|una|del|al|su|sus)\s\w{3,}", re.IGNORECASE),
    "it": re.compile(r"\b(?:il|lo|la|i|gli|le|un|una|del|della|al|alla)\s\w{3,}|\bl['’]\w{3,}", re.IGNORECASE),
    "pt": re.compile(r"\b(?:o|a|os|as|um|uma|do|da|ao|à)\s\w{3,}", re.IGNORECASE),
}
"""A noun behind an article, where the noun that a pronoun stands for mostly comes before it."""
_EAST_ASIAN_WORD = re.compile(r"[\u3400-\u9fff\u30a0-\u30ff]{2}")
_JOINTS = {"en": "and|or|but", "de": "und|oder", "nl": "en|of|maar"}
"""Between two clauses, the first of which may tell what the second is about."""
_FEWEST_WORDS = 5
"""Words in front of a comma that may tell what the rest is about."""


def find_pointer(question: str, code: str) -> str:
    """What of ``question`` points to something that is not in it; "" where nothing does, and where a sentence, a
    clause, a name or a number before it may be what it points to."""
    pattern = _POINTERS.get(code)
    found = pattern.search(question) if pattern else None
    if found is None:
        return ""
    before = question[: found.start()]
    if code in {"zh", "ja"}:
        words = _EAST_ASIAN_WORD.findall(before)
        return found.group() if len(words) <= (code == "zh") * 3 and not _SPECIFIC.search(before) else ""
    if code in _NOUNS and _NOUNS[code].search(before):
        return ""
    joint = re.search(rf"(.*)\b(?:{_JOINTS[code]})\b", before, re.IGNORECASE | re.DOTALL) if code in _JOINTS else None
    if joint and len(joint[1].split()) >= _FEWEST_WORDS - 1:
        return ""
    clause = before.rpartition(",")[0]
    is_told = len(split_sentences(question)) > 1 or len(clause.split()) >= _FEWEST_WORDS
    return "" if is_told or _SPECIFIC.search(before) or code_terms(before) else found.group().strip()
