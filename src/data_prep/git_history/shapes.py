"""The three shapes of a row: do a change, write the message of a diff, explain and fix a bug."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

from src.core.types import Message
from src.data_prep.git_history.diffs import fenced, greatest_changes, old_code, old_regions, unified_diff
from src.data_prep.git_history.message_rules import Subject
from src.data_prep.git_history.patches import CommitPatch, FilePatch
from src.data_prep.git_history.wording import BugStory, bug_story, conventional_message
from src.utils.prompt_loader import Prompt

Shape = Literal["change", "message", "bug"]
ShapeChoice = Literal["mixed", "all", "change", "message", "bug"]
SHAPES: Final = get_args(Shape)

_CONTEXTS: Final = (None, 8, 3)
"""How much of the old code is shown, from the whole function down to a few lines."""
_MIN_SHARE: Final = 0.5
"""A row that shows one file of several shows at least this share of what the commit changes."""
_NAMED_FILES: Final = 5
_PART_CHARACTERS: Final = (2_200, 1_200, 600)
"""The size of the changes that are shown of a commit that is too long for a row: half of its tokens and less."""
_PART: Final = "Only the part of it that concerns the code below is asked for."


class Story(NamedTuple):
    """A commit as a row tells it: what it does, in which words, and what of it is shown."""

    patch: CommitPatch
    subject: Subject
    body: str


class Selection(NamedTuple):
    """What of a commit a row shows."""

    files: tuple[FilePatch, ...]
    is_part: bool = False


class Draft(NamedTuple):
    """One way to write a row: messages without the system message, and what of the commit they show."""

    shape: Shape
    messages: tuple[Message, Message]
    shown: Selection


class ShapeWriter:
    """Writes drafts from the prompts of ``prompts/git_history``. Raises ConfigError where one of them is missing."""

    def __init__(self, prompts: Path) -> None:
        self._prompts: dict[Shape, Prompt] = {shape: Prompt(prompts, f"git_history/{shape}.txt") for shape in SHAPES}

    def drafts(self, shape: Shape, story: Story) -> Iterator[Draft]:
        """The row in one shape, the fullest draft first; none where the commit does not lend itself to it."""
        for shown in _selections(story.patch.files):
            match shape:
                case "change":
                    yield from self._changes(story, shown)
                case "message":
                    yield from self._message(story, shown)
                case "bug":
                    yield from self._bugs(story, shown)

    def _changes(self, story: Story, shown: Selection) -> Iterator[Draft]:
        message = "\n\n".join(filter(None, (story.subject.text, story.body, _PART * shown.is_part)))
        answer = fenced(unified_diff(shown.files), "diff")
        for code in _shown_code(shown.files):
            question = self._prompts["change"].fill(files=_names(shown.files), message=message, code=code)
            yield Draft("change", _turns(question, answer), shown)

    def _message(self, story: Story, shown: Selection) -> Iterator[Draft]:
        answer = conventional_message(story.subject, story.body)
        if answer and not shown.is_part:  # part of a diff does not tell the whole message
            diff = fenced(unified_diff(shown.files), "diff")
            yield Draft("message", _turns(self._prompts["message"].fill(diff=diff), answer), shown)

    def _bugs(self, story: Story, shown: Selection) -> Iterator[Draft]:
        told = bug_story(story.subject, story.body)
        if told is None or not any(file.old for file in shown.files):
            return
        answer = _explained(story.subject, told, shown.files)
        for code in _shown_code(shown.files):
            question = self._prompts["bug"].fill(symptom=told.symptom, files=_names(shown.files), code=code)
            yield Draft("bug", _turns(question, answer), shown)


def shapes_for(choice: ShapeChoice, commit_id: str) -> tuple[tuple[Shape, ...], ...]:
    """What to write of a commit: for each row the shapes to try, in order. ``mixed`` makes one row a commit: a bug
    where the message tells one, else two of three times a change."""
    if choice == "all":
        return tuple((shape,) for shape in SHAPES)
    if choice != "mixed":
        return ((choice,),)
    lot = int(hashlib.sha256(commit_id.encode()).hexdigest()[:8], 16)
    return (("bug", "message", "change") if lot % 3 == 0 else ("bug", "change", "message"),)


def _selections(files: tuple[FilePatch, ...]) -> Iterator[Selection]:
    """All files; of several the one that changes most, where that is most of the commit; and as a last resort the
    greatest changes of a file."""
    yield Selection(files)
    ordered = sorted(files, key=_changed_lines, reverse=True)
    if len(files) > 1 and _changed_lines(ordered[0]) >= _MIN_SHARE * sum(map(_changed_lines, files)):
        yield Selection((ordered[0],), is_part=True)
    for file in ordered[:_NAMED_FILES]:
        for characters in _PART_CHARACTERS:
            reduced = greatest_changes(file, characters)
            if reduced:
                yield Selection((reduced,), is_part=True)
        if len(files) > 1:
            yield Selection((file,), is_part=True)


def _changed_lines(file: FilePatch) -> int:
    return len(file.removed) + len(file.added)


def _shown_code(files: Sequence[FilePatch]) -> Iterator[str]:
    """The old code around the changes, with less and less around them."""
    before = ""
    for context in _CONTEXTS:
        shown = "\n\n".join(_shown_file(file, context) for file in files)
        if shown != before:
            yield shown
        before = shown


def _shown_file(file: FilePatch, context: int | None) -> str:
    if not file.old:
        return f"`{file.path}` does not exist yet."
    regions = old_regions(file, context)
    lines = ", ".join(f"{start + 1}-{end}" for start, end in regions)
    return f"`{file.old_path}`, lines {lines}:\n\n{fenced(old_code(file, regions), file.language.fence)}"


def _explained(subject: Subject, told: BugStory, files: Sequence[FilePatch]) -> str:
    places = ", ".join(
        f"`{file.old_path}` line {file.blocks[0].old_start + 1}" for file in files[:_NAMED_FILES] if file.old
    )
    summary = subject.text.rstrip(".")
    where = f"The place to look at is {places}."
    between = "\n\n" if "\n" in told.explanation else " "
    return (
        f"{where}{between * bool(told.explanation)}{told.explanation}\n\n"
        f"{summary[:1].upper()}{summary[1:]}:\n\n{fenced(unified_diff(files), 'diff')}"
    )


def _names(files: Sequence[FilePatch]) -> str:
    named = ", ".join(f"`{file.path}`" for file in files[:_NAMED_FILES])
    return named if len(files) <= _NAMED_FILES else f"{named} and {len(files) - _NAMED_FILES} more"


def _turns(question: str, answer: str) -> tuple[Message, Message]:
    return Message("user", question.strip()), Message("assistant", answer.strip())
