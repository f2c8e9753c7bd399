"""The regular expressions of lines that may ask. Every repetition is bounded or excludes what follows: linear time."""

from __future__ import annotations

import re

NUMBER = re.compile(
    r"(?:[A-Z]{0,2}\d{1,4}(?:\.\d{1,4}){0,4}(?:[.)：:]|-(?=[^\S\n]))?|\(\d{1,4}\)|[A-Z][.)]|[#№]\s?\d{1,4}[.:)]?|[０-９一二三四五六七八九十]{1,3}[、．.])[^\S\n]+"
    r"|[０-９\d一二三四五六七八九十]{1,3}[、．](?=[^\d\s])|\d{1,3}[.)](?=[*_]{2}\S)"
)
WORD_NUMBER = re.compile(r"[^\W\d_]{1,14}[^\S\n]\d{1,4}[.):：][^\S\n]+(?=\S)")
"""A numbered word before an exam's question: ``Task 3. ...``"""
OPENED = re.compile(r"[-–—―*+•<>|]|\S{1,14}[.:：][^\S\n]|\S{0,30}[:：]")
"""What opens a line that somebody is named by, or an item of a list."""
NUMBER_END = ".):：、．#№(-"
BULLET = re.compile(r"[-*+•▪◦·][ \t]+")
PROMPT = re.compile(r"(?P<mark>>{2,3}|[❯»➜➤λ])[ \t]+(?=\S)")
"""What a program prints where somebody is to type."""
DEFINED = re.compile(r";[ \t]*(?=[^\s;])")
DEFINITION = re.compile(r"[?？؟][ \t]*:[ \t]*(?=\S)")
BOLD = re.compile(r"(\*\*\*|\*\*|__|\*|_)(?=\S)")
ASK_MARK = re.compile(r"[?？][ \t]+(?=\S)")
OPEN_TAG = re.compile(r"<(summary|dt|b|strong|h[1-6])\b[^<>]{0,120}>[ \t]*", re.IGNORECASE)
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,9})(?:\s[^<>]{0,120})?/?>")
HEAD = re.compile(r"#{1,6}[ \t]+")
PREFIX = re.compile(r"(?:(?P<word>[^\W\d_]{2,20}):|\\(?P<command>[a-z]{3,20})(?:\[[^\[\]\n]{0,40}\])?)[ \t]+(?=\S)")
"""A word with a colon, or a command, before every question of a document: ``Subject: 2.1 How ...?``"""
RUN_IN = re.compile(
    r"(?:[-*+•][^\S\n]+)?(?:[A-Z]?\d{1,4}(?:\.\d{1,4}){0,4}[.):]?[^\S\n]+)?(?P<bold>\*\*|__)?"
    r"(?P<asked>[^?？؟\n*]{3,300}[?？؟])(?(bold)(?P=bold))[^\S\n]+(?=[\w\"'“«(*\[])"
)
"""A question and the beginning of its answer in one line: ``3. What is cork? Bark.`` or ``**What is cork?** Bark.``"""
RUN_ON = re.compile(
    r"(?P<listed>(?:[-*+•][^\S\n]+)?(?:\d{1,3}[.)][^\S\n]+)?)(?P<asked>[^?？؟\n]{3,300}[?？؟])[*_]{0,2}"
    r"(?P<mark>[^\S\n]+(?:::|[–—→⇒]|-{1,2}>?|=>)[^\S\n]+|:{2,3}(?![^\n]*;[ \t]*$)[^\S\n]*)(?=\S)"
)
"""A question, a mark and its answer in one line: ``- What is cork? :: Bark.`` Prose has dashes too, lists aside; and
programs have colons, in lines that end with a semicolon."""
DIRECTIVE = re.compile(
    r"(?:(?:\?{3}|!{3})\+?[ ](?P<one>[\w-]{2,20})[ ]+|:{3,}[ ]?\{?(?P<two>[\w-]{2,20})\}?[ ]+"
    r"|\.\.[ ](?P<three>[\w-]{2,20})::[ ]+|\{\{[<%][ ]?(?P<four>[\w-]{2,20})[ ]+(?:[a-z]{2,12}=)?(?=\")"
    r"|\[(?P<five>[a-z_-]{2,20})[ ](?:[a-z]{2,12}=)(?=\"))\"?(?P<title>[^\n\"]{3,300}[?？؟])(?=\"|[ ]*$)"
)
"""The title of a block that a site folds away: ``??? question "Why?"``, ``.. dropdown:: Why?``"""
COLUMNS = re.compile(r"\t|\|\|")
