"""All gates in order: a draft is kept, or goes with the first reason against it, or is kept with that reason noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Literal

from src.core.types import Task, Verdict
from src.generation.answer_first.embedder import load_embedder
from src.generation.answer_parser import Draft
from src.generation.diversity import Admitted
from src.generation.gates.affirmed import check_affirmed
from src.generation.gates.answer_types import check_answer_type
from src.generation.gates.calendar import check_calendar
from src.generation.gates.form import check_lengths, check_whole
from src.generation.gates.language import WrongLanguage, detect_language
from src.generation.gates.leakage import PromptTraces
from src.generation.gates.names import check_names
from src.generation.gates.numbers import check_numbers
from src.generation.gates.origin import Origin
from src.generation.gates.quotes import check_quotes
from src.generation.gates.references import check_context
from src.generation.gates.replaced import check_replaced
from src.generation.gates.source_references import check_source_references, tells_of_silence
from src.generation.gates.support import check_support
from src.generation.gates.swapped import check_swapped
from src.generation.gates.texts import join_lines
from src.utils.chunker import Passage

GateMode = Literal["strict", "report", "off"]
"""strict: what fails is rejected; report: it is kept, and its metadata say what failed; off: nothing is checked."""

FREE_OF_SOURCE: frozenset[Task | None] = frozenset({"refusal"})
"""Tasks whose answer says that the source has none."""
FREE_OF_FORM: frozenset[Task | None] = frozenset({"extraction"})
"""Tasks whose answer is data and no sentence."""
WORKED_OUT: frozenset[Task | None] = frozenset({"reasoning"})
"""Tasks whose answer may hold numbers that were worked out from those of the source."""


class Gates:
    """The gates of one run: ask them in the order of the plan, so that the same answers give the same dataset whatever
    arrived first."""

    def __init__(
        self,
        traces: PromptTraces | None = None,
        passages: Sequence[Passage] = (),
        mode: GateMode = "strict",
        *,
        any_language: bool = False,
        origin: Origin | None = None,
    ) -> None:
        """``passages`` are all of the run (``origin``: their index, where there is one already); ``any_language``:
        whoever wrote the instructions decides on it."""
        self.mode = mode
        self._traces = traces or PromptTraces()
        self._any_language = any_language
        self._embedder = load_embedder() if mode != "off" else None
        self.admitted = Admitted(self._embedder)
        self.origin = origin or Origin(passages if mode != "off" else (), self._embedder)
        self._sources: dict[str, list[str]] = {}
        for passage in passages:
            self._sources.setdefault(passage.source_file, []).append(source_of(passage))
        self._joined: dict[str, str] = {}

    def take(self, questions: Iterable[str]) -> None:
        """Mark questions as already in the dataset (those of extracted conversations)."""
        for question in questions:
            self.admitted.add(question)

    def admit(self, draft: Draft, passage: Passage, task: Task | None = None, *, may_err: bool = False) -> Verdict:
        """Keep the draft and remember it, or say why not (in mode report it is kept all the same, with the reason). A
        passage without text means that there is no source: then nothing is checked against one. ``may_err``: the
        question was asked for in a style that says what its asker believes, which may be wrong."""
        if self.mode == "off":
            return Verdict(True)
        checks = self._checks(draft, passage, task, may_err=may_err)
        failure = next((verdict for check in checks if not (verdict := check()).keep), None)
        if failure is not None and self.mode == "strict":
            return failure
        question, answer = draft.messages[0].content, draft.messages[1].content
        self.admitted.add(question, answer, _place(passage))
        return failure._replace(keep=True) if failure is not None else Verdict(True)

    def _checks(
        self, draft: Draft, passage: Passage, task: Task | None, *, may_err: bool
    ) -> Iterator[Callable[[], Verdict]]:
        text = passage.text
        source = source_of(passage)
        if text.strip() and tells_of_silence(draft, source):
            task = "refusal"
        yield lambda: check_lengths(draft, source)
        yield lambda: self._traces.check(draft, source)
        if task not in FREE_OF_FORM:
            yield lambda: check_whole(draft, source)
        if text.strip():
            yield from self._source_checks(draft, passage, task, may_err=may_err)
        if task not in FREE_OF_FORM and task not in FREE_OF_SOURCE:
            yield lambda: check_answer_type(draft, source)
        question, answer = draft.messages[0].content, draft.messages[1].content
        yield lambda: self.admitted.find(question, answer, _place(passage))

    def _source_checks(
        self, draft: Draft, passage: Passage, task: Task | None, *, may_err: bool
    ) -> Iterator[Callable[[], Verdict]]:
        source = source_of(passage)
        code = detect_language(source).code
        yield lambda: check_source_references(draft, source, may_deny=task in FREE_OF_SOURCE)
        title = f"{PurePath(passage.source_file).stem} {passage.heading}"
        yield lambda: check_context(draft, source, title)
        is_foreign = not WrongLanguage().check(draft, source).keep
        if not self._any_language and task not in FREE_OF_FORM:
            yield lambda: WrongLanguage().check(draft, source)
        yield lambda: check_quotes(draft, source)
        yield lambda: check_numbers(draft, source, code, freely=task in WORKED_OUT)
        if is_foreign:  # words of another language cannot be compared with those of the source
            return
        yield lambda: check_names(draft, source, self._around(passage), may_err=may_err)
        if task not in FREE_OF_SOURCE:
            yield lambda: check_calendar(draft, source)
            yield lambda: check_replaced(draft, source)
            yield lambda: check_swapped(draft, source)
            yield lambda: check_support(draft, source, self._embedder)
            yield lambda: check_affirmed(draft, source)
            yield lambda: self.origin.check_answer(draft, passage)
        yield lambda: self.origin.check(draft, passage)

    def _around(self, passage: Passage) -> str:
        """All that the run has of the source of ``passage``, and its name."""
        name = passage.source_file
        if name not in self._joined:
            self._joined[name] = "\n".join([name, *self._sources.get(name, ())])
        return self._joined[name]


def source_of(passage: Passage) -> str:
    """What a draft is compared with: heading and text, in whole words."""
    return join_lines(f"{passage.heading}\n{passage.text}")


def _place(passage: Passage) -> str:
    return passage.id if passage.text.strip() else ""
