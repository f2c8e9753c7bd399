"""The regular expressions of a labelled line. Every repetition is bounded or excludes what follows it: linear time."""

from __future__ import annotations

import re

WINDOW = 240
_TIME = r"\d{1,2}(?::\d{1,2}|[.h]\d{2})(?:[:.]\d{1,2}(?:[.,]\d{1,7})?)?(?:\s?[ap]\.?\s?m\b\.?)?"
_MONTH = r"[^\W\d_]{3,10}\.?"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}\.?|\d{{1,2}}\.?\s{_MONTH}\s\d{{4}}"
    rf"|{_MONTH}\s\d{{1,2}},?\s\d{{4}}|{_MONTH}\s\d{{1,2}}(?=,?\s+(?:[^\W\d_]{{1,4}}\s)?\d{{1,2}}[:.h]\d)|\d{{4}}年\d{{1,2}}月\d{{1,2}}日)"
)
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_MOMENT = rf"(?:{_DATE}(?:,?\s+(?:[^\W\d_]{{1,4}}\s)?|T|\s[-–—]\s)?(?:{_TIME})?|{_TIME}){_ZONE}"
_RANGE = rf"{_MOMENT}(?:\s*(?:-->|->|–|—|-)\s*{_TIME})?"
_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"

_SIGNS = "\u2600-\u27bf\U0001f000-\U0001faff"
LEAD = re.compile(
    rf"(?:[{_MARKS}]|[{_SIGNS}][\ufe0f\u200d{_SIGNS}]*[ \t]+|>[ \t]?"
    rf"|[-*+•▪‣◦·][ \t]+|#{{1,6}}[ \t]+|\d{{1,4}}[.)][ \t]+(?=\S))*"
)
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,9})(?:\s[^<>]{0,120})?/?>[ \t]*")
EMPHASIS = re.compile(r"\*{1,3}|_{1,3}|~~|`")
STAMP = re.compile(rf"(?:[\[(<]\s*{_RANGE}\s*[\])>]|{_RANGE})[ \t]*(?:[-–—|,:•·][ \t]+|[ \t]*)", re.IGNORECASE)
STAMP_ONLY = re.compile(rf"[\[(]?(?:\d{{1,5}}[ \t]+)?{_RANGE}[\])]?", re.IGNORECASE)
_WEEKDAY_STAMP = rf"(?:[^\W\d_]{{1,12}}\.?,?[ \t]+){{0,3}}{_RANGE}"
STAMP_TAIL = re.compile(
    rf"(?:[ \t]*[—–\-|,•·:@][ \t]*|[ \t]+)(?:[\[(]\s*)?{_WEEKDAY_STAMP}(?:\s*[\])])?[ \t]*:?", re.IGNORECASE
)
_NAME = r"[^\s:：<>\[\](){}|\"“”=\\;,!?*_`#~•][^:：\n<>\[\](){}|\"“”=;!?*`\t]{0,47}?"
_PAREN = r"(?:[ \t]*[(\[（][^()\[\]（）\n]{0,60}[)\]）])?"
COLON = re.compile(
    rf"(?P<name>{_NAME}){_PAREN}(?P<close>[*_`~]{{0,3}})[ \t]*[:：](?P<after>[*_`~]{{0,3}})(?P<space>[ \t]+|$)?"
)
DASH = re.compile(
    r"(?P<name>[^\W\d_]{1,24}(?:[ \t][^\W\d_]{1,24})?[ \t]?\d{0,4})(?P<close>[*_`~]{0,3})"
    r"[ \t]+[-–—―][ \t]+(?P<after>[*_`~]{0,3})"
)
DOT = re.compile(
    r"(?P<name>[^\W\d_]{1,24}(?:[ \t][^\W\d_]{1,24})?[ \t.]?\d{0,4})(?P<close>[*_`~]{0,3})"
    r"[.)\]、．）>/](?P<after>[*_`~]{0,3})(?:[ \t]+|$)"
)
GAP = re.compile(r"(?P<name>[^\W\d_]{1,2}\d{0,4})(?P<close>[*_`~]{0,3})(?:\t+|[ ]{2,})(?=\S)")
ANGLE = re.compile(r"<[ @+%&~]?(?P<name>[^\s<>](?:[^<>\n]{0,38}[^\s<>])?)>(?:[ \t]*:(?=[ \t]|$))?[ \t]*")
BRACKET = re.compile(
    r"(?:\[(?P<square>[^\[\]\n]{1,40})\]|【(?P<cjk>[^【】\n]{1,40})】|\((?P<round>[^()\n]{1,40})\))[ \t]*[:：]?[ \t]*"
)
ALONE = re.compile(rf"(?P<name>{_NAME}){_PAREN}(?P<close>[*_`~]{{0,3}})[ \t]*[:：.]?[*_`~]{{0,3}}$")
EMPHASISED = re.compile(r"(?P<mark>\*\*\*|\*\*|__|\*)(?P<name>[^\s*_][^*_\n:：]{0,46})(?P=mark)[ \t]+(?=\S)")
HINT = re.compile(
    r"[^\n]{0,64}?(?:[:：<>\[【()）*_`—–~]|\d[.:/h-]\d|[.)、．/](?:\s|$)|\s-\s)"
    r"|[^\n]{0,60}$|[^\W\d_]{1,2}\d{0,4}(?:\t|[ ]{2})"
)
"""What every label has early in its line: a separator, a bracket, a time, emphasis; or the line is short."""
TIME_HINT = re.compile(r"\d[:./h-]\d|\d年")
MAX_STAMPED = 110
SENTENCE_END = re.compile(r"[.!?。！？…,;]$")
