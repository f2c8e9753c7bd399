"""Words of a question that point to something said before it: in that case, danach, lequel, hacerlo, それ."""

from __future__ import annotations

import re
from collections.abc import Mapping

from src.generation.gates.code_terms import code_terms
from src.generation.gates.texts import split_sentences

_TIMES = "morning|afternoon|evening|night|week|month|year|season|century|time"
_BEFORE = "in|for|of|after|before|by|during|at|on|with|from|since|until|about|under|to|than"
_BE = "is|are|was|were|be|been|will|would|can|could|may|might|must|should|do|does|did|has|have|had"
_STANDS = f"{_BE}|if|that|than|because|for|still|already|always|not|longer|all|out"
"""Words behind which "there" says that there is something: how many are there, is it still there."""
_BEHIND_THERE = "in|on|at|by|for|during|before|after|without"
"""What goes on behind a "there" that is a place. A verb follows one that says that there is something."""
_POINTERS = {
    "en": re.compile(
        rf"\b(?:this|these)\s(?!{_TIMES})[a-z]+|\b(?:{_BEFORE})\s(?:that(?=\W*$|\s(?!\w{{3,}}ed\b|(?:given|shown|known|seen|found|made|used|set)\b)[a-z]+\W*$|\s(?:case|year|time|day|date|period|moment)\b)"
        r"|(?:this|these)(?=\W*$)|(?<!bring\swith\s)(?<!take\swith\s)(?<!carry\swith\s)them)\b"
        r"|\bthat\s(?:year|day|month|time|case|date|period)\b|\b(?:afterwards|thereafter|thereupon|(?:since|by|until)\sthen)\b|^which\sones?\b(?!\sof\b)",
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
        r"\b(?!charlas?\b)\w{2,}(?:ar|er|ir|ár|ér|ír|ndo)l[oa]s?\b|\b(?:así|entonces|allí|ahí)(?=\W*$)|\b(?:ese|aquel)\s(?:año|mes|día|siglo|momento)\b",
        re.IGNORECASE,
    ),
    "it": re.compile(
        r"\b\w{3,}(?:ar|er|ir)l[oaie]\b|\b(?:così|allora|lì)(?=\W*$)|\b(?:quell['’]anno|quel\s(?:mese|giorno|secolo|momento))\b",
        re.IGNORECASE,
    ),
    "pt": re.compile(
        r"\b\w{2,}(?:ar|er|ir|á|ê|í)-l[oa]s?\b|\b(?:assim|então|lá|ali)(?=\W*$)|\b(?:n?esse|n?aquele|desse|daquele)\s(?:ano|mês|dia|século|momento)\b",
        re.IGNORECASE,
    ),
    "nl": re.compile(r"\b(?:daar|daarna|daarvoor|daarvan|daarmee)\b", re.IGNORECASE),
    "ru": re.compile(r"\b(?:там|туда|потом|тогда|затем)(?=\W*$)", re.IGNORECASE),
    "zh": re.compile("这一点|这样|这个|那个|这些|那些|这种|那种|它们?"),
    "ja": re.compile("それ(?!ぞれ)|これ|その|この|そこ|ここ|あの|そちら|こちら"),
}
_NAME = r"(?<=[\s'’])(?!I\b)[^\W\d_]*[A-ZÀ-ÖØ-ÞА-Я]|[\"“”„«»‘‚「『《]"
_NAMED = re.compile(_NAME)
"""A name, a noun where these have capitals, a quotation."""
_SPECIFIC = re.compile(rf"{_NAME}|\d")
"""The same or a number, which is no place."""
_NOUNS = {
    "fr": re.compile(r"\b(?:le|la|les|un|une|du|des|son|sa|ses)\s\w{3,}|\b[dl]['’]\w{3,}", re.IGNORECASE),
    "es": re.compile(r"\b(?:el|la|los|las|un|una|del|al|su|sus)\s\w{3,}", re.IGNORECASE),
    "it": re.compile(r"\b(?:il|lo|la|i|gli|le|un|una|del|della|al|alla)\s\w{3,}|\bl['’]\w{3,}", re.IGNORECASE),
    "pt": re.compile(r"\b(?:o|a|os|as|um|uma|do|da|ao|à)\s\w{3,}", re.IGNORECASE),
}
"""A noun behind an article, where the noun that a pronoun stands for mostly comes before it."""
_CLITICS = {
    "fr": re.compile(
        r"^\W*(?:qui|quand|où|comment|pourquoi)\s(?:ne\s)?(?:l['’]|les\s)(?:a|ont|avai(?:t|ent))\s\w+\W*$",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"^\W*(?:quién|quiénes|cuándo|dónde|cómo|por\squé|para\squé)\s(?:no\s)?(?:se\s)?"
        r"(?:lo\s\w+|(?:la|los|las)\s\w+(?:ó|aron|ieron|aban))\W*$",
        re.IGNORECASE,
    ),
    "it": re.compile(
        r"^\W*(?:chi|quando|dove|come|perché)\s(?:non\s)?"
        r"(?:l['’](?:ha|hanno|aveva|avevano)\s\w+|(?:lo|la|li|le)\s\w+(?:ì|ò|arono|irono|avano))\W*$",
        re.IGNORECASE,
    ),
    "pt": re.compile(
        r"^\W*(?:quem|quando|onde|como)\s(?:não\s)?(?:os?|as?)\s\w+(?:ou|iu|aram|eram|iram)\W*$", re.IGNORECASE
    ),
}
"""An object before its verb, right behind the word that asks, and nothing behind these that it may stand for: quién lo
construyó, chi l'ha costruito."""
_PLACES = {
    "en": re.compile(
        rf"(?<!['’])\b(?!(?:{_STANDS})\s)[a-z]+\sthere(?=\W*$|\s(?:{_BEHIND_THERE})\s(?-i:[^A-Z]))",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\blà-bas\b(?!\soù)|(?<!['’])\by\s(?!a\b|a-|avai|aura|ai[te]|ont\b|eu|en\b|est\b|compris\b)\w", re.IGNORECASE
    ),
    "es": re.compile(r"\b(?:allí|allá|ahí)\b(?!\sdonde)", re.IGNORECASE),
    "it": re.compile(r"\b(?:lì|laggiù|lassù)\b(?!\sdove)", re.IGNORECASE),
    "pt": re.compile(r"\b(?:lá|ali|aí)\b(?!\sonde)", re.IGNORECASE),
}
"""Words for a place: a subject before them names none."""
_PLACE_NAMED = {
    "en": re.compile(
        r"\b(?:to|in|at|on|near|from|into|inside|outside|behind|beside|through|around|by|of)\s"
        r"(?:the|an?|my|our|your|his|her|its|their|each|every)\s\w+|\b(?:\w+\s){3}(?:who|that|which|if|when|where|while|before|after)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:à|dans|sur|de|chez|vers|par)\s(?:l['’]|(?:la|le|les|une?|son|sa)\s)\w+|\b(?:aux?|du|des)\s\w+", re.I
    ),
    "es": re.compile(r"\b(?:en|a|de|desde|hasta|por)\s(?:el|la|los|las|una?|su)\s\w+|\b(?:del|al)\s\w+", re.I),
    "it": re.compile(r"\b(?:ne|de|da|a|su)(?:(?:l|ll[aoe]|i|gli)\s|ll['’])\w+", re.I),
    "pt": re.compile(r"\b(?:n[oa]s?|d[oa]s?|ao|à|aos|às|num|numa)\s\w+", re.I),
}
"""A preposition, an article and a noun before it: to the mill, de la escuela; in English a clause before it too."""
_TOLD_LATER = re.compile(r",|\blorsqu")
"""Behind a word for a place: who lives there, in the valley."""
_NEUTERS = {
    "es": re.compile(r"\b(?:eso|esto|aquello|ello)(?=\W*$)", re.IGNORECASE),
    "it": re.compile(r"\b(?:ciò|questo|quello)(?=\W*$)", re.IGNORECASE),
    "pt": re.compile(r"\b(?:isso|isto|aquilo)(?=\W*$)", re.IGNORECASE),
}
"""What stands for something said before, never for a noun."""
_ASKING = {
    "es": "qué|quién|quiénes|cuándo|dónde|cómo|cuánto|cuál",
    "it": "che|chi|quando|dove|come|perché|quanto|quale",
    "pt": "que|quem|quando|onde|como|quanto|qual|porquê",
}
_SUBJECTS = {"es": "él|ella|ellos|ellas", "it": "lui|lei|loro|egli|ella", "pt": "ele|ela|eles|elas"}
_WEATHER = {
    "es": r"ll(?:uev|ov|uv)\w*|niev\w*|nev[aó]\w*|tr(?:uen|on)[aeó]\w*|graniz[aó]\w*|(?:amane|anoche)c\w*",
    "it": r"piov\w*|nevic\w*|grandin\w*|(?:tuon|alb)[aòe]\w*|diluvi\w*",
    "pt": r"chov\w*|nev[aeo]\w*|trovej\w*|graniz[aeo]\w*|(?:amanhe|anoite)c\w*",
}
"""Verbs of what no one does: it rains, it snows, day breaks. They have no subject to name."""
_NO_SUBJECT = {
    code: re.compile(
        rf"^\W*(?:\w+\s)?(?:{_ASKING[code]})\s(?:(?:\w+\s)?(?:é\sque|\w+)\s(?:{_SUBJECTS[code]})\b(?!,)"
        rf"|(?:(?:no|non|não|se|si)\s)*(?!(?:{_WEATHER[code]})\W*$)(?:(?!-)\w){{3,}}\W*$)",
        re.IGNORECASE,
    )
    for code in _ASKING
}
"""A verb behind the word that asks, with what it asks for, and nothing else or a mere pronoun: quanto custa, em que ano
abriu ela."""
_EAST_ASIAN_WORD = re.compile(r"[\u3400-\u9fff\u30a0-\u30ff]{2}")
_SPACELESS = {"zh": 3, "ja": 0}
"""How many words of several characters may stand before a pronoun and name nothing."""
_JOINTS = {
    "en": "and|or|but",
    "de": "und|oder",
    "nl": "en|of|maar",
    "fr": "et|ou|mais|si|quand|qui",
    "es": "y|o|pero|si|cuando|que",
    "it": "e|o|ma|se|quando|che",
    "pt": "e|ou|mas|se|quando|que",
}
"""Between two clauses, the first of which may tell what the second is about."""
_FEWEST_WORDS = 3
"""Words in front of a comma or a joint that may tell what the rest is about."""


def find_pointer(question: str, code: str) -> str:
    """What of ``question`` points to something that is not in it; "" where nothing does, and where a sentence, a
    clause, a name or a number before it may be what it points to."""
    for pointers, naming in (
        (_POINTERS, _NOUNS),
        (_PLACES, _PLACE_NAMED),
        (_NEUTERS, {}),
        (_CLITICS, {}),
        (_NO_SUBJECT, {}),
    ):
        found = pointers[code].search(question) if code in pointers else None
        if found is None or (pointers is _PLACES and _TOLD_LATER.search(question, found.end())):
            continue
        specific = _NAMED if pointers is _PLACES else _SPECIFIC
        if not _is_named(question[: found.start()], code, naming, specific) and not _is_told(question, found, code):
            return found.group().strip()
    return ""


def _is_named(before: str, code: str, naming: Mapping[str, re.Pattern[str]], specific: re.Pattern[str]) -> bool:
    """Whether a noun, a name, a number or a term stands in ``before`` that a word behind it may point to."""
    if code in _SPACELESS:
        return len(_EAST_ASIAN_WORD.findall(before)) > _SPACELESS[code] or bool(specific.search(before))
    is_noun = code in naming and naming[code].search(before) is not None
    return is_noun or bool(specific.search(before) or code_terms(before))


def _is_told(question: str, found: re.Match[str], code: str) -> bool:
    """Whether another sentence, a list, or a clause of some words before it may tell what is pointed to."""
    if code in _SPACELESS:
        return False
    before = question[: found.start()]
    joint = re.match(rf"(.*)\b(?:{_JOINTS[code]})\b", before, re.IGNORECASE | re.DOTALL) if code in _JOINTS else None
    if joint and len(joint[1].split()) >= _FEWEST_WORDS:
        return True
    clause = before.rpartition(", ")[0]
    return ": " in question[found.end() :] or len(split_sentences(question)) > 1 or len(clause.split()) >= _FEWEST_WORDS
