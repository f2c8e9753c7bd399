"""Google Takeout's activity of Gemini (and Bard before it): questions and answers without conversations, as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from importlib.resources import files
from itertools import groupby
from typing import Any, Final, NamedTuple

from src.data_prep.chat_logs.cleaning import clean, objects, text_at
from src.data_prep.chat_logs.html_markdown import html_to_markdown
from src.data_prep.chat_logs.rendered import is_rendered
from src.data_prep.chat_logs.types import Conversation, Turn

NAME: Final = "gemini"

_PAUSE: Final = timedelta(minutes=30)
"""The activity names no conversation: a longer pause begins a new one."""
PRODUCT: Final = re.compile(r"gemini|\bbard\b", re.IGNORECASE)
"""In the name of the product in every language: Gemini Apps, Gemini-Apps, Gemini アプリ, Applications Gemini."""
_CHAT: Final = re.compile(r"/app/([\w-]+)")
_ESCAPED: Final = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|quot|apos);")
_CODE_OR_SOURCE: Final = re.compile(
    r"```.*?```|`[^`\n]+`|(?P<source>\[cite_start\]|[ \t]?\[cite: ?\d[\d, ]*\])", re.DOTALL
)
_BOX: Final = re.compile(r"^https?://(?:www\.)?googleusercontent\.com/[a-z_]+/\d+[ \t]*$", re.MULTILINE)
_BAD_FEEDBACK: Final = re.compile(r"gave feedback: bad", re.IGNORECASE)
_WORDS: Final = re.compile(r"\w+")
_ALIKE: Final = 0.6
"""The share of their words that drafts of one answer have in common at least."""
_LEARNED_FROM: Final = 4
"""So many titles that begin alike show what the program itself writes before a question; one, where a colon ends it."""


_BEFORE_COLON: Final = re.compile(r"[^:：\n]{1,40}[:：]\s*")
_WORDS_AND_COLON: Final = re.compile(
    r"(?![^:：]*[a-z][A-Z])[^\W\d_]+(?:[ \u00a0][^\W\d_]+){0,4}[ \u00a0]?(?:：\s*|:\s+)"
)
"""Where one title is all there is: words alone, since the colon may be that of an error in the question."""


class Activity(NamedTuple):
    """One entry: ``title`` holds the question behind words of the program, ``html`` the answer. ``notes`` are texts
    beside them: question and answer, where title and ``html`` lack them."""

    time: datetime
    title: str
    html: str
    chat: str = ""
    notes: tuple[str, ...] = ()

    def answer(self, question: str) -> str:
        """The answer to ``question``, which stands in the title or in the first note."""
        if self.html:
            return _without_marks(clean(html_to_markdown(self.html)))
        is_first = len(self.notes) < 2 and question not in self.notes
        return next(iter(self.notes if is_first else self.notes[1:]), "")


def is_record(record: dict[str, Any]) -> bool:
    """Whether ``record`` is an entry of My Activity, of whatever product."""
    return "header" in record and "title" in record and ("products" in record or "time" in record)


def read(records: Iterable[dict[str, Any]], name: str) -> Iterator[Conversation]:
    """Entries without a long pause between them, or of one chat where the file tells chats apart."""
    found = (_activity(record) for record in records if is_record(record) and _is_of_gemini(record))
    yield from conversations([activity for activity in found if activity], name)


def conversations(activities: Sequence[Activity], name: str) -> Iterator[Conversation]:
    """The conversations of ``activities``, which may be in any order."""
    ordered = sorted(activities, key=lambda activity: activity.time)
    question_of = _questions(ordered)
    for number, group in enumerate(_talks(ordered)):
        turns: list[Turn] = []
        for activity in group:
            question = question_of(activity)
            if question:
                turns += Turn("user", question), Turn("assistant", activity.answer(question))
            elif turns and _BAD_FEEDBACK.match(activity.title):
                turns[-1] = turns[-1]._replace(mark="disliked")
        if not turns:  # answers to questions that nobody finds: the conversation is told, and gives nothing
            turns = [Turn("assistant", activity.answer("")) for activity in group if activity.html]
        if turns:
            identity = group[0].chat or f"{name}:{number}"
            yield Conversation(NAME, identity, tuple(turn for turn in turns if turn.text), f"{name}:{identity}")


def _is_of_gemini(record: dict[str, Any]) -> bool:
    products = record.get("products")
    named = [text_at(record, "header"), *(products if isinstance(products, list) else ())]
    return any(isinstance(product, str) and PRODUCT.search(product) for product in named)


def _activity(record: dict[str, Any]) -> Activity | None:
    """None for what is no question: feedback, images, the use of the app."""
    try:
        time = datetime.fromisoformat(text_at(record, "time").replace("Z", "+00:00"))
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    html = "<br><br>".join(_different(text_at(item, "html") for item in objects(record.get("safeHtmlItem"))))
    notes = tuple(filter(None, (_note(text_at(entry, "value")) for entry in objects(record.get("subtitles")))))
    chat = _CHAT.search(text_at(record, "titleUrl"))
    title = clean(_ESCAPED.sub(lambda mark: unescape(mark[0]), text_at(record, "title")))
    return Activity(time, title, html, chat[1] if chat else "", notes)


def _different(pieces: Iterable[str]) -> list[str]:
    """The parts of an answer, each once; of drafts of it, which are alike and follow each other, the last one."""
    kept: list[str] = []
    for piece in dict.fromkeys(filter(str.strip, pieces)):
        if kept and _are_alike(kept[-1], piece):
            kept.pop()
        kept.append(piece)
    return kept


def _are_alike(piece: str, other: str) -> bool:
    words, others = set(_WORDS.findall(piece.lower())), set(_WORDS.findall(other.lower()))
    return len(words & others) > _ALIKE * len(words | others)


def _without_marks(text: str) -> str:
    """An answer without the marks of sources, and of what the page shows in a box of its own."""
    if "[cite" in text:
        text = _CODE_OR_SOURCE.sub(lambda found: "" if found["source"] else found[0], text)
    return _BOX.sub("", text).strip() if "googleusercontent" in text else text


def _note(value: str) -> str:
    return clean(html_to_markdown(value) if is_rendered(value) else value)


def _talks(ordered: Sequence[Activity]) -> Iterator[list[Activity]]:
    """The entries of each conversation: by chat where chats come up again, else by pauses."""
    chats = [activity.chat for activity in ordered if activity.chat]
    if len(chats) == len(ordered) and len(set(chats)) < len(chats):
        for _, group in groupby(sorted(ordered, key=lambda one: chats.index(one.chat)), lambda one: one.chat):
            yield list(group)
        return
    talk: list[Activity] = []
    for activity in ordered:
        if talk and activity.time - talk[-1].time > _PAUSE:
            yield talk
            talk = []
        talk.append(activity)
    if talk:
        yield talk


class _Question(NamedTuple):
    """What the program writes around a question in the language of the account."""

    before: str
    after: str

    def __call__(self, activity: Activity) -> str:
        title = activity.title
        for before, after in ((self.before, self.after), *_known_words()):
            if (before or after) and title.startswith(before) and title.endswith(after):
                inner = title[len(before) : len(title) - len(after)].strip()
                if inner:
                    return inner
        return activity.notes[0] if activity.notes else ""


def _questions(activities: Sequence[Activity]) -> _Question:
    """How to find the question in a title: words of the program that are not known are learned from the titles of
    entries with an answer, which all have them."""
    titles = [activity.title for activity in activities if activity.html or activity.notes]
    is_known = any(
        title.startswith(before) and title.endswith(after) for title in titles for before, after in _known_words()
    )
    different = len(set(titles))
    before = _common_beginning(titles)
    colon = (_WORDS_AND_COLON if different == 1 else _BEFORE_COLON).match(before)
    if is_known or (not colon and different < _LEARNED_FROM):
        return _Question("", "")
    if colon:
        return _Question(colon[0], "")
    before = re.sub(r"\S*$", "", before)
    return _Question(before, "" if before else _common_beginning([title[::-1] for title in titles])[::-1])


def _common_beginning(texts: Sequence[str]) -> str:
    """What all of ``texts`` begin with: what the first and the last of them in order share."""
    first, last = min(texts, default=""), max(texts, default="")
    length = next((place for place, letter in enumerate(first) if last[place : place + 1] != letter), len(first))
    return first[:length]


@cache
def _known_words() -> tuple[tuple[str, str], ...]:
    """What stands before and after the question in titles of known languages: ``before…after`` a line."""
    text = files(__package__).joinpath("../data/gemini_titles.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    pairs = (line.partition("…") for line in lines)
    return tuple((before, after) for before, _, after in pairs)
