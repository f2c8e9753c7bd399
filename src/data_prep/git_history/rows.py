"""Rows of kept commits: small enough, without secrets and people, under a licence that allows it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from src.core.types import ALTERED, Message, Verdict
from src.data_prep.git_history.commits import Commit
from src.data_prep.git_history.message_rules import Subject
from src.data_prep.git_history.messages import clean_body
from src.data_prep.git_history.patches import CommitPatch, FilePatch
from src.data_prep.git_history.shapes import Draft, Shape, ShapeChoice, ShapeWriter, Story, shapes_for
from src.data_prep.licences import HEADER_CHARACTERS, is_allowed, spdx_of_header
from src.data_prep.quality.broken import check_row
from src.data_prep.rows import chat_row
from src.utils.privacy.redaction import Redactor
from src.utils.privacy.scan import find_private, holds_secret, users_of
from src.utils.privacy.spans import SECRETS
from src.utils.token_counter import TokenCounter, tokenizer_for

Privacy = Literal["redact", "drop", "report", "off"]

_CHARACTERS_PER_TOKEN: Final = 6
"""Code and prose have three to four: what is longer than this needs no counting."""
_HEADER_LINES: Final = 60
_MAY_BE_HEADER = re.compile(r"licen|permission is hereby|redistribution", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowSettings:
    """What rows are made of. ``licence`` is that of the repository, "" where nothing says one: its code is taken to be
    the user's own."""

    repository: str
    licence: str
    system: str
    model: str
    prompts: Path
    shape: ShapeChoice = "mixed"
    max_tokens: int = 1_600
    privacy: Privacy = "redact"
    copyleft: bool = False


@dataclass
class RowMaker:
    """Makes the rows of one commit after the other. ``private`` counts what was found of people, by label."""

    settings: RowSettings
    private: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    tokens: int = 0

    def __post_init__(self) -> None:
        self.counter = TokenCounter(tokenizer_for(self.settings.model))
        self._writer = ShapeWriter(self.settings.prompts)
        self._header_of: dict[str, str] = {}

    def make(self, patch: CommitPatch, subject: Subject) -> list[dict[str, Any]] | Verdict:
        """The rows of a commit, or why there are none."""
        licences = sorted({self._licence_of(file) for file in patch.files} - {""})
        if not all(is_allowed(licence, copyleft=self.settings.copyleft) for licence in licences):
            return Verdict(keep=False, reason="licence")
        if _holds_secret(patch):
            return Verdict(keep=False, reason="secret")
        story = Story(patch, subject, clean_body(patch.commit.body))
        rows, reason = [], "too_long"
        for tried in shapes_for(self.settings.shape, patch.commit.id):
            row = self._first_row(story, tried, " AND ".join(licences))
            if isinstance(row, dict):
                rows.append(row)
            else:
                reason = row.reason
        return rows or Verdict(keep=False, reason=reason)

    def _first_row(self, story: Story, shapes: Sequence[Shape], licence: str) -> dict[str, Any] | Verdict:
        verdict = Verdict(keep=False, reason="shape_does_not_fit")
        for shape in shapes:
            for draft in self._writer.drafts(shape, story):
                row = self._row(draft, story.patch.commit, licence)
                if isinstance(row, dict):
                    return row
                verdict = row
                if row.reason != "too_long":
                    return row
        return verdict

    def _row(self, draft: Draft, commit: Commit, licence: str) -> dict[str, Any] | Verdict:
        messages = (Message("system", self.settings.system), *draft.messages)
        if sum(len(one.content) for one in messages) > _CHARACTERS_PER_TOKEN * self.settings.max_tokens:
            return Verdict(keep=False, reason="too_long")
        tokens = self.counter.count_turns(messages).tokens
        if tokens > self.settings.max_tokens:
            return Verdict(keep=False, reason="too_long")
        clean, found = self._without_people(messages, commit)
        if not SECRETS.isdisjoint(found):
            return Verdict(keep=False, reason="secret")
        if found and self.settings.privacy == "drop":
            return Verdict(keep=False, reason="private")
        if clean != messages:
            tokens = self.counter.count_turns(clean).tokens
        if tokens > self.settings.max_tokens:
            return Verdict(keep=False, reason="too_long")
        row = self._as_row(clean, draft, commit, licence)
        if clean != messages:
            row["meta"][ALTERED] = dict(sorted(found.items()))
        sound = check_row(row, self.settings.model)
        if not sound.keep:
            return sound
        self.private.update(found)
        self.shapes[draft.shape] += 1
        self.tokens += tokens
        row["meta"]["tokens"] = tokens
        return row

    def _as_row(self, messages: Sequence[Message], draft: Draft, commit: Commit, licence: str) -> dict[str, Any]:
        sizes: Counter[str] = Counter()
        for file in draft.shown.files:
            sizes[file.language.label] += len(file.removed) + len(file.added)
        return chat_row(
            messages,
            "git_history",
            commit.id,
            sizes.most_common(1)[0][0],
            repo=self.settings.repository,
            commit=commit.id,
            shape=draft.shape,
            paths=[file.path for file in draft.shown.files],
            is_part=draft.shown.is_part,
            licence=licence,
        )

    def _without_people(
        self, messages: tuple[Message, ...], commit: Commit
    ) -> tuple[tuple[Message, ...], Counter[str]]:
        """The messages as the setting wants them, and the labels of what was found in them; of secrets always."""
        names = _names(commit) | users_of(one.content for one in messages[1:])
        match self.settings.privacy:
            case "off":
                return messages, Counter("TOKEN" for one in messages if holds_secret(one.content))
            case "redact":
                redactor = Redactor(names)
                clean = (Message(one.role, redactor.redact(one.content)) for one in messages[1:])
                return (messages[0], *clean), redactor.counts
            case _:
                found = (span.label for one in messages[1:] for span in find_private(one.content, names))
                return messages, Counter(found)

    def _licence_of(self, file: FilePatch) -> str:
        """What the header of a file says, else the licence of the repository. The newest version that is met decides
        for the path."""
        if file.path not in self._header_of:
            lines = (file.new or file.old)[:_HEADER_LINES]
            self._header_of[file.path] = _header_licence("\n".join(lines)[:HEADER_CHARACTERS])
        return self._header_of[file.path] or self.settings.licence


@lru_cache(maxsize=256)
def _header_licence(head: str) -> str:
    return (spdx_of_header(head) or "") if _MAY_BE_HEADER.search(head) else ""


def _holds_secret(patch: CommitPatch) -> bool:
    """Whether the message or any changed line of code holds one; it might be shown by a part of the patch only."""
    changed = (line for file in patch.files for line in (*file.removed, *file.added))
    return holds_secret("\n".join([patch.commit.message, *changed]))


def _names(commit: Commit) -> frozenset[str]:
    """The full name of the author. That of the account stays: in code it is part of addresses and package names."""
    name = commit.author.strip()
    return frozenset({name} if " " in name else ())
