"""People's names in scripts without capital letters: behind words that introduce one, or before an honorific."""

from __future__ import annotations

import re
from collections.abc import Iterator

from src.utils.privacy.rule import places
from src.utils.privacy.spans import PrivateSpan
from src.utils.privacy.words import words

_HAN, _HANGUL = "[\u4e00-\u9fff々]", "[가-힣]"
_FIELD_END = r"\s?[:：=]\s?"
_SURNAME = "|".join(sorted(words("surnames_of_han"), key=len, reverse=True))
_NO_NAME = rf"(?!{'|'.join(sorted(words('words_of_han')))})"
_HAN_NAME = rf"{_NO_NAME}(?P<name>(?:{_SURNAME})[ \u3000·]?{_HAN}{{1,2}})"
_HAN_FIELD = (
    rf"{_NO_NAME}(?P<name>(?:{_SURNAME})[ \u3000·]?{_HAN}{{1,2}}(?!{_HAN}|\s?[:：])"
    rf"|(?:{'|'.join(word for word in _SURNAME.split('|') if len(word) > 1)})(?!{_HAN}))"
)
"""The whole value of a field: a sentence may begin with a surname too."""
_WORD_ABROAD = r"[^\W\dA-Za-z_][^\s\dA-Za-z.,;:!?،।]{1,20}"


def _after(sign: str, pattern: str) -> tuple[str, re.Pattern[str]]:
    return sign, re.compile(re.escape(sign) + pattern)


_OF_HAN = ["姓名", "联系人", "聯絡人", "收件人", "联络人", "负责人", "氏名", "名前", "お名前", "担当", "担当者"]
_OF_HANGUL = ["이름", "성명", "성함", "담당자"]
_HANGUL_SURNAME = "[김이박최정강조윤장임한오서신권황안송류홍전고문손양배백허남심노하]"
_HANGUL_NAME = (
    rf"(?!{'|'.join(sorted(words('words_of_hangul')))})(?P<name>{_HANGUL_SURNAME}{_HANGUL}{{2}})(?<![자팀어적값님])"
)
"""A surname and two syllables, but not as words end ("developer", "default value")."""
_TWO_WORDS = rf" ?(?P<name>{_WORD_ABROAD}(?: {_WORD_ABROAD})?)"
_INTRODUCED = (
    *(_after(said, _HAN_NAME) for said in ("我叫", "我名叫", "我的名字是", "我的名字叫")),
    *(_after(field, _FIELD_END + _HAN_FIELD) for field in _OF_HAN),
    *(_after(said, rf"\s?{_HAN_NAME}") for said in ("名前は", "氏名は")),
    *(_after(said, rf"\s?{_HANGUL_NAME}(?=입니다|이에요|예요|이고)") for said in ("이름은", "성함은")),
    *(_after(field, rf"{_FIELD_END}{_HANGUL_NAME}(?!{_HANGUL})") for field in _OF_HANGUL),
    *(_after(said, rf"(?<!\w{said})(?! ?ال){_TWO_WORDS}") for said in ("اسمي", "שמי")),
    _after("मेरा नाम", f"(?! ?क्या){_TWO_WORDS} है"),
)
"""Words behind which a name stands, and how it looks."""
_NO_NAME_APART = rf"(?!(?:{_SURNAME})[ \u3000](?:曜日|額|色))"
_BEFORE_HONORIFIC = re.compile(
    rf"(?<!{_HAN})(?P<name>(?:{_SURNAME})(?:[ \u3000]?{_HAN}{{1,3}})?)(?=さん|と申し|先生|氏(?!名))"
)
_BEFORE_COPULA = re.compile(
    rf"(?<!{_HAN}){_NO_NAME_APART}(?P<name>(?:{_SURNAME})[ \u3000]{_HAN}{{1,3}})(?=です|様|さん|と申し)"
)
_HONORIFICS = ("さん", "と申し", "先生", "氏", "です", "様")


def find_names_abroad(text: str) -> Iterator[PrivateSpan]:
    """Names of people in Chinese, Japanese, Korean, Arabic, Hebrew and Hindi; findings may overlap."""
    if text.isascii():
        return
    for sign, pattern in _INTRODUCED:
        for place in places(text, (sign,)):
            if match := pattern.match(text, place):
                yield PrivateSpan(*match.span("name"), "NAME")
    if any(sign in text for sign in _HONORIFICS):
        for pattern in (_BEFORE_HONORIFIC, _BEFORE_COPULA):
            yield from (PrivateSpan(*match.span("name"), "NAME") for match in pattern.finditer(text))
