"""How a window becomes a row: as a conversation, or as the raw text with the control tokens of a family of models."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from string import Template
from typing import Any, Final, Literal, NamedTuple

from src.core.types import Message
from src.data_prep.fim.sentinels import FAMILIES
from src.data_prep.fim.windows import Window
from src.data_prep.languages import Language
from src.data_prep.rows import SYSTEM_PROMPT, chat_row

Form = Literal["chat", "psm", "spm", "mix"]
FORMS: Final[tuple[Form, ...]] = ("chat", "psm", "spm", "mix")
HOLE: Final = "{{FILL_HERE}}"
"""What stands where the code is missing in the chat form; files that hold it are left out."""
_FENCES: Final = re.compile("`{3,}")
_CODE: Final = "\0"
"""Where the code goes in a request that is filled once for all windows of a file; no text holds it."""
_SYSTEM: Final = Message("system", SYSTEM_PROMPT)


class Place(NamedTuple):
    """Where a window is from: path, language, and what its row says besides under ``meta``."""

    path: str
    language: Language
    group: str
    meta: Mapping[str, Any]


class Draft(NamedTuple):
    """A row to be, and what a trainer reads of it: turns of a conversation, or one raw text."""

    texts: Sequence[Message]
    form: str


class FormWriter:
    """Writes the rows of one form; ``family`` names the control tokens of raw forms."""

    def __init__(self, form: Form, family: str) -> None:
        """Raises UsageError where the family does not know the form."""
        self._form = form
        self._sentinels = FAMILIES[family]
        for order in _orders(form):
            self._sentinels.write(order, Window("", "", ""))

    @property
    def is_chat(self) -> bool:
        """Whether rows are conversations."""
        return self._form == "chat"

    def draft(self, window: Window, place: Place, rng: Random) -> Draft:
        """What a trainer will read."""
        if self.is_chat:
            return Draft(self._conversation(window, place), "chat")
        order = rng.choice(_orders(self._form))
        return Draft((Message("assistant", self._sentinels.write(order, window)),), order)

    def row(self, draft: Draft, window: Window, place: Place, kind: str) -> dict[str, Any]:
        """The row: ``messages`` or ``text``, the parts under ``fim``, where they come from under ``meta``."""
        parts = {"path": place.path, "kind": kind, **window._asdict()}
        if draft.form == "chat":
            row = chat_row(draft.texts, "actual_code", place.group, place.language.label, **place.meta)
        else:
            row = _raw_row(draft, place)
        row["fim"] = parts
        return row

    def _conversation(self, window: Window, place: Place) -> tuple[Message, ...]:
        code = f"{window.prefix}{HOLE}{window.suffix}".rstrip("\r\n")
        before, behind = _around(place.path, place.language, _fence_for(code))
        return (_SYSTEM, Message("user", f"{before}{code}{behind}"), Message("assistant", window.middle))


@lru_cache(maxsize=8)
def _around(path: str, language: Language, fence: str) -> tuple[str, str]:
    """What a request says before and behind its code."""
    asked = _request().substitute(
        hole=HOLE, path=path, language=language.name, tag=language.fence, fence=fence, code=_CODE
    )
    before, _, behind = asked.rstrip("\n").partition(_CODE)
    return before, behind


@cache
def _request() -> Template:
    return Template((Path(__file__).parent / "data" / "request.txt").read_text(encoding="utf-8"))


def _fence_for(code: str) -> str:
    """A fence longer than any in the code, as Markdown asks for."""
    return "`" * (max(map(len, _FENCES.findall(code))) + 1) if "```" in code else "```"


def _orders(form: Form) -> tuple[str, ...]:
    """The orders of a raw form; half of a mix are of each (arXiv 2207.14255)."""
    if form == "chat":
        return ()
    return ("psm", "spm") if form == "mix" else (form,)


def _raw_row(draft: Draft, place: Place) -> dict[str, Any]:
    text = draft.texts[0].content
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
    meta = {"id": digest, "source": "actual_code", "group": place.group, "lang": place.language.label, **place.meta}
    return {"text": text, "meta": {**meta, "form": draft.form}}
