"""Makes question and answer of the turns of a conversation, whatever its program left out, repeated or stopped."""

from __future__ import annotations

from collections.abc import Iterable

from src.data_prep.chat_logs.thoughts import without_thoughts
from src.data_prep.chat_logs.types import Exchange, Mark, Turn


def exchanges(turns: Iterable[Turn], *, by_model: bool = True) -> list[Exchange]:
    """Question and answer in turn; of the answers of a model (``by_model``) what is neither a thought nor a call.

    Answers in a row are one, set apart by blank lines. A question that got no answer gives way to the next one. An
    answer without a question that can be seen is left out, as is a question at the end. Where an answer was stopped,
    it and its question count as abandoned, and go if there was nothing to answer with; one to nothing that can be seen
    leaves the exchange before as it is.
    """
    gathered = _Gathering(by_model=by_model)
    for turn in turns:
        gathered.add(turn)
    gathered.close()
    return gathered.done


class _Gathering:
    """The exchange that is open, and those that are done."""

    def __init__(self, *, by_model: bool) -> None:
        self._by_model = by_model
        self.done: list[Exchange] = []
        self._question = ""
        self._answers: list[str] = []
        self._flaw: Mark = ""
        self._is_answer_to_unseen = False

    def add(self, turn: Turn) -> None:
        """Take in one turn."""
        match turn.role, turn.mark:
            case "user", "interrupt":
                self._flaw = self._flaw if self._is_answer_to_unseen else "abandoned"
                self.close()
            case "user", "hidden":
                self._is_answer_to_unseen = bool(self._answers) or not self._question
            case "user", _:
                self.close()
                self._question = turn.text
            case _ if self._question and not self._is_answer_to_unseen and (said := self._said(turn.text)):
                self._answers.append(said)
                self._flaw = self._flaw or turn.mark

    def _said(self, text: str) -> str:
        return without_thoughts(text) if self._by_model else text

    def close(self) -> None:
        """End the open exchange."""
        if self._question and self._answers:
            self.done.append(Exchange(self._question, "\n\n".join(self._answers), self._flaw))
        self._question, self._answers, self._flaw, self._is_answer_to_unseen = "", [], "", False
