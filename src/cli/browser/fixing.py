"""One sample in the person's editor, until it can be read and trained on; a mistake never costs what was typed."""

from __future__ import annotations

from pathlib import Path

from src.cli.browser.editor import edit_text, read_edited
from src.cli.prompts import BackRequestedError, EndOfInputError, Prompter
from src.core.types import DatasetRecord
from src.library.editing.checking import field_of
from src.library.editing.preview import Check
from src.library.editing.revision import Editor, is_same
from src.library.editing.sample_text import SampleTextError, take_text, write_sample_text
from src.persistence.models import StoredSample


class Fixing:
    """Edits samples of ``record``. Texts lie in ``folder`` while they are edited, and stay while they are wrong."""

    def __init__(self, record: DatasetRecord, folder: Path, editor: Editor, check: Check, prompter: Prompter) -> None:
        self._record = record
        self._folder = folder
        self._editor = editor
        self._check = check
        self._prompter = prompter

    def fix(self, row: StoredSample, draft: str = "") -> str:
        """The text of ``row`` as the person wants it, "" when nothing is to change. ``draft`` is what they wanted so
        far. Raises UsageError when there is no editor, StorageError."""
        path = self.path_of(row)
        console = self._prompter.console
        text = draft or write_sample_text(row, self._record.name)
        if path.exists():
            console.remark("The text that could not be taken last time is taken up again.")
            text = read_edited(path)
        while True:
            text = edit_text(path, text)
            problem = self.find_problem(row, text)
            if problem is None:
                path.unlink(missing_ok=True)
                return "" if is_same(row, take_text(row, text, self._editor)) else text
            console.error(*problem)
            if not self._again():
                console.warning(f"Nothing was taken. Your text is kept in {path}; the next try begins with it.")
                return ""

    def find_problem(self, row: StoredSample, text: str) -> tuple[str, str] | None:
        """Why ``text`` cannot be taken for ``row``, and what to do; None where it can."""
        try:
            changed = take_text(row, text, self._editor)
        except SampleTextError as error:
            return str(error), error.fix
        if is_same(row, changed):
            return None
        problem = self._check(changed.sample).problem
        if problem is None:
            return None
        return f"{field_of(changed.sample, problem)}: {problem.detail}", "Mend that in the text."

    def path_of(self, row: StoredSample) -> Path:
        """Where the text of a sample lies while it is edited."""
        return self._folder / f"{self._record.name}.{row.sample.id[:12]}.txt"

    def _again(self) -> bool:
        try:
            return self._prompter.yes_no("Edit it again", default=True)
        except (BackRequestedError, EndOfInputError):
            return False
