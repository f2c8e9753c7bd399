"""The regular expressions of a labelled line. Every repetition is bounded or excludes what follows it: linear time."""

from __future__ import annotations

import re

from src.utils.detection.words.vocabulary import LETTER_SIGNS

WINDOW = 240
_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"

SHAPES = "".join(map(chr, range(0x25A0, 0x2600)))
"""Squares, triangles and circles, set before headings and labels."""
_SIGNS = "\u2600-\u27bf\U0001f000-\U0001faff"
LEAD = re.compile(
    rf"(?:[{_MARKS}]|[{_SIGNS}][\ufe0f\u200d{_SIGNS}]*[ \t]+|>[ \t]?"
    rf"|[-*+•▪‣◦·][ \t]+|#{{1,6}}[ \t]+|\d{{1,4}}[.)][ \t]+(?=\S)|\[\d{{1,5}}\][ \t]*"
    rf"|\(\d{{1,5}}\)[ \t]+|#\d{{1,6}}[ \t]+|[#@](?=[^\W\d_]{{1,24}}$)|role::(?=[a-z]{{2,16}}\b)"
    rf"|[A-Z]?\d{{1,4}}[ \t]{{1,4}}(?=[^\W\d_]))*"
)
_LETTER = rf"(?:[^\W\d_]|[{LETTER_SIGNS}])"
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,9})(?:\s[^<>]{0,120})?/?>[ \t]*")
EMPHASIS = re.compile(r"_\*\*|\*\*_|\*{1,3}|_{1,3}|~~|`")
CLOSERS = re.compile("[\\])>}*_~`\u200e\u200f\u2069]*[ \\t]*[-–—|,·•:：@]?[ \\t]*[\u200e\u200f]*")
"""What stands between a moment and what follows it."""
_COLONS = ":：﹕∶꞉፦៖"
"""Colons: the usual one, wide, small and look-alike ones, those of the Ethiopic and the Khmer script."""
_NAME = rf"[^\s{_COLONS}<>\[\](){{}}|\"“”=\\;,!?*_`#~•][^{_COLONS}\n<>\[\](){{}}|\"“”=;!?*`\t]{{0,47}}?"
_PAREN = r"(?:[ \t]*[(\[（][^()\[\]（）\n]{0,60}[)\]）])?"
COLON = re.compile(
    rf"(?P<name>{_NAME}){_PAREN}(?P<close>[*_`~]{{0,3}})[ \t]*"
    rf"[{_COLONS}](?P<after></[a-z]{{1,6}}>|[*_`~]{{0,3}})(?P<space>[ \t]+|$)?"
)
DASH = re.compile(
    rf"(?P<name>{_LETTER}{{1,24}}(?:[ \t]{_LETTER}{{1,24}})?[ \t]?\d{{0,4}})(?P<close>[*_`~]{{0,3}})"
    r"[ \t]+[-–—―](?:[*_]{1,3}(?=[ \t]))?[ \t]+(?P<after>[*_`~]{0,3})"
)
DOT = re.compile(
    rf"(?P<name>{_LETTER}{{1,24}}(?:[ \t]{_LETTER}{{1,24}})?[ \t.-]{{0,2}}\d{{0,4}})(?P<close>[*_`~]{{0,3}})"
    r"[.)\]、．）>/՝፡։](?P<after>[*_`~]{0,3})(?:[ \t]?[-–—―]{1,2}[ \t]+|[ \t]+|$)"
)
OPEN_DASH = re.compile(
    r"(?P<name>[^\W\d_][^\n:：,;!?()\[\]—–―\"“”«»]{0,38}?)(?P<close>[*_]{0,3})"
    r"(?:,[ ][^\n—–―:]{1,60}?|[ ]?\([^()\n]{1,60}\)){0,2}[*_]{0,3}\.?"
    r"[ \t]*(?:[—–―]|(?<=[ \t])--?)[ \t]+(?P<after>[*_~`]{0,3})(?=\S)"
)
"""``NAME. — text``, ``Name – text``, ``NAME, rising. — text``"""
FIRST_WORD = re.compile(r"[^\W\d_]+")
GAP = re.compile(
    rf"(?P<name>{_LETTER}{{1,14}}\d{{0,4}})(?P<close>[*_`~]{{0,3}})(?:\t+|[ ]{{2,}}|[ ]?\u3000[ \u3000]*)(?=\S)"
)
NUMBERED = re.compile(
    r"(?P<name>[^\W\d_]{1,24}[ \u3000]?(?:[#№]|[^\W\d_]{0,3}[.°º]?[ ])?\d{1,4})(?P<close>[*_`~]{0,3})"
    r"(?:[ ]?[(\[][^()\[\]\n]{0,24}\d[^()\[\]\n]{0,24}[)\]][.:]?)?(?:[ \t\u3000]+|$)"
)
"""``Question 3 (2 marks)``, ``Pytanie nr 3``"""
ANGLE = re.compile(r"<[ @+%&~]?(?P<name>[^\s<>](?:[^<>\n]{0,38}[^\s<>])?)>(?:[ \t]*:(?=[ \t]|$))?[ \t]*")
HASHED = re.compile(r"#(?P<name>[^\W\d_]{2,24}[ _]?\d{1,2})#[ \t]*:[ \t]*")
"""``#Person1#: text``"""
BRACKET = re.compile(
    r"(?:\[(?P<square>[^\[\]\n]{1,40})\](?:[+-](?=\s|$))?|【(?P<cjk>[^【】\n]{1,40})】"
    r"|[〔［](?P<wide>[^〔〕［］\n]{1,40})[〕］]|[(（](?P<round>[^()（）\n]{1,40})[)）])[ \t]*[:：]?[ \t]*"
)
BRACKETED = re.compile(
    rf"[(\[（［【](?P<name>{_LETTER}{{1,24}}(?:[ ]{_LETTER}{{1,24}})?)[ ]?[:：][ \t]*"
    r"(?P<told>[^\s\[\]()（）［］【】][^\[\]()（）［］【】\n]{0,160})[)\]）］】]$"
)
"""``(Answer: a lemon)``"""
ALONE = re.compile(rf"(?P<name>{_NAME}){_PAREN}(?P<close>[*_`~]{{0,3}})[ \t]*[{_COLONS}.]?[*_`~]{{0,3}}$")
EMPHASISED = re.compile(
    r"(?P<mark>\*\*\*|\*\*|__|\*|_)(?P<name>[^\s*_][^*_\n:：]{0,46})(?P=mark)\.?"
    r"(?:(?P<dash>[ \t]*(?:--|[-–—―])[ \t]*)(?=[^\s(\[:：*_–—-])|[ \t]+(?=\S))"
)
TITLED = re.compile(
    r"(?P<name>[^\s:：<>\[\](){}\"“”,;!?*_`#]{1,12}(?:[ ][^\s:：<>\[\](){}\"“”,;!?*_`.#]{1,24}){0,3})\.?"
    r"(?P<close>[*_`~]{0,3})"
    r"(?:,[ ](?=[^\W\d_A-Z]|[*_(])|(?P<dash>[ \t]+(?:--|[–—])[ \t]+))"
    r"(?:[*_(]{0,3}[^\n:：?!.]{1,60}[*_).]{0,4}|\*[^*\n:：?!]{1,80}\*)$"
)
"""A name alone in its line with a title or direction behind it: ``**Ann Bell** -- *Analyst*``, ``ANN, rising.``"""
CAPITAL = re.compile(
    r"(?P<name>(?:[^\W\d_]{1,9}\.?[ ]){0,3}[^\W\d_][^\W\d_'’-]{1,24})"
    r"(?:,?[ ]?[(\[][^()\[\]\n]{1,60}[)\]])?\.(?:--|[—–])?[ \t]+(?=[^\s—–-])"
)
"""``SIR PIERS. text``, ``Mr. COLE. text``: whether the last word is in capitals is asked by the reader of labels."""
DESCRIBED_CAPITAL = re.compile(
    r"(?P<name>[^\W\d_][^\W\d_a-z'’-]{1,24}(?:[ ][^\W\d_a-z'’-]{2,24}){0,3}),[ ][^\W\d_][^\n.:;!?]{1,60}\.[ \t]+(?=\S)"
)
"""``ROSSI, direttore del porto. text``"""
FIRST_CAPITAL = re.compile(r"(?P<name>[^\W\d_][^\W\d_'’-]{1,24})\.(?:--|[—–])?[ \t]+(?=[^\s—–-])")
MARKED = re.compile(
    r"[\u25a0-\u25ff][ \t]?(?P<name>[^\s:：<>。、，,.!?][^\n:：<>。、，,!?（(]{0,30}?)(?:[（(][^（()）\n]{1,30}[）)])?"
    r"(?:[ \t]?[>＞»][ \t]*|[ ]?\u3000[ \u3000]*|[ ]{2,}|\t+)(?=\S)"
)
"""``◆ Name> text``, ``○Title (name)　text``: a sign before every speaker."""
STOPPED = re.compile(
    r"(?P<name>[^\W\d_][^\W\d_'’-]{1,20}(?:[ ][^\W\d_][^\W\d_'’-]{1,20}){0,2})(?:[ ][(\[][^()\[\]\n]{1,60}[)\]])?"
    r"\.(?:[ ]?[—–-])?[ \t]+(?=[^\s—–-])"
)
"""``Name. text``, ``First Last (aside). text`` at the beginning of a paragraph, in any case of letters."""
TITLED_STOP = re.compile(
    r"(?P<name>[^\W\d_]{1,14}\.?[ ](?:[^\W\d_]\.[ ]|[^\W\d_]{1,9}[ ]){0,2}?"
    r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_])){1,24})(?:,[ ][^\n.:;!?]{2,60})?\.[ \t]+(?=[^\s—–-])"
)
"""``Mr. Cole-Hume. text``, ``M. le président. text``: whether the first word is a title is asked by the reader."""
APART = re.compile(
    r"(?P<name>[^\W\d_][^\n\t\u3000:：,;!?。、()<>|]{0,30}?)(?:[ ]?\([^()\n\t]{1,30}\))?"
    r"(?:\t+|[ ]?\u3000+|[ ]{3,})(?=\S)"
)
"""``NAME<tab>text``, ``佐伯　text``, ``Name (aside)<tab>text``: a wide gap behind the name."""
CAPITAL_APART = re.compile(r"(?P<name>[^\W\d_a-z][^\W\d_a-z'’.-]{0,24}(?:[ ][^\W\d_a-z'’.-]{1,24}){0,3})[ ]{2}(?=\S)")
"""``THE WIDOW  text``: behind a name in capitals two spaces are a gap."""
PROMPT = re.compile(
    rf"(?P<name>{_LETTER}(?:{_LETTER}|[\d._-]){{0,15}})(?:>|[ \t]{{0,12}}[|│┃])[ \t]+(?=[^\s|│┃>][^|│┃>]*$)"
)
"""``ann> text``, ``Ann   | text``: what a terminal or a column sets behind a name."""
COMMAND = re.compile(r"\\(?P<command>[A-Za-z]{1,20})\*?\{(?P<name>[^{}\\\n]{1,48})\}[ \t]*:?[ \t]*(?=\S)")
"""``\\speaker{ANN} text``: a command of a typesetter that is given a name."""
HINT = re.compile(
    rf"[^\n]{{0,64}}?(?:[{_COLONS}<>\[【()）*_`—–~}}\u3000\t]|[ ]{{2}}|\d[.:/h-]\d|[.)、．/՝፡։](?:\s|$)|\s-\s)"
    rf"|[^\n]{{0,60}}$|{_LETTER}{{1,14}}\d{{0,4}}(?:\t|[ ]{{2}})"
)
"""What every label has early in its line: a separator, a bracket, a time, emphasis; or the line is short."""
SENTENCE_END = re.compile(r"[.!?。！？…,;]$")
