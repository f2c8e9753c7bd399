"""Going through samples: next, back, jump, search; keep, drop, fix. What is decided is on the disk at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeVar

from src.cli.browser.fixing import Fixing
from src.cli.browser.keys import Keys
from src.cli.browser.page import Page, footer, make_page
from src.cli.browser.shelf import Shelf, Stop
from src.cli.prompts import AnswerError, BackRequestedError, EndOfInputError, Prompter, QuestionInterrupt, parse_whole
from src.cli.screens import counted
from src.core.errors import BuilderError
from src.library.editing.drafts import Decision, Drafts

_Answer = TypeVar("_Answer")
Ending = Literal["leave", "write"]
"""How a person left: their decisions wait, or are to become a version now."""

_HELP: Final = (
    "n, right, Enter   the next one",
    "p, left           the one before",
    "space, down       further down in a long sample; - and up go back",
    "g                 go to a number",
    "/                 search; a searches again",
    "k                 keep it",
    "d                 drop it",
    "f                 fix it in your editor ($EDITOR)",
    "t                 of two that are alike: drop the other one",
    "o                 of two that are alike: show the other one",
    "u                 undo the decision about this one",
    "w                 make a new version of all decisions",
    "q                 leave; decisions are kept for the next time",
)


class Browser:
    """Shows the stops of ``shelf`` and notes decisions in ``drafts``."""

    def __init__(self, shelf: Shelf, drafts: Drafts, fixing: Fixing, prompter: Prompter) -> None:
        self._shelf = shelf
        self._drafts = drafts
        self._fixing = fixing
        self._prompter = prompter
        self._console = prompter.console
        self._keys = Keys(prompter.stdin, prompter.console)
        self._place = self._line = 0
        self._sees_twin = False
        self._note = ""
        self._sought = ""
        self._actions: dict[str, Callable[[Stop], None]] = {
            **dict.fromkeys(("n", "right", "\n", "\r"), lambda _stop: self._go(self._place + 1)),
            **dict.fromkeys(("p", "left"), lambda _stop: self._go(self._place - 1)),
            **dict.fromkeys((" ", "down", "page down"), lambda stop: self._scroll(stop, 1)),
            **dict.fromkeys(("-", "up", "page up"), lambda stop: self._scroll(stop, -1)),
            "home": lambda _stop: self._go(0),
            "end": lambda _stop: self._go(len(self._shelf) - 1),
            "g": lambda _stop: self._jump(),
            "/": lambda _stop: self._search(ask=True),
            "a": lambda _stop: self._search(ask=False),
            "k": self._keep,
            "d": self._drop,
            "f": self._fix,
            "e": self._fix,
            "t": self._drop_twin,
            "o": self._show_other,
            "u": self._undo,
            "w": lambda _stop: self._say("Nothing is decided yet that would change anything."),
            "?": lambda _stop: self._show_help(),
        }

    def run(self, place: int = 0) -> Ending:
        """Go through them from ``place`` on until the person leaves. Ctrl-C and the end of input leave as well."""
        self._place = place
        with self._keys.open():
            try:
                while True:
                    ending = self._show_one()
                    if ending:
                        return ending
            except (EndOfInputError, KeyboardInterrupt):
                self._console.say()
                return "leave"

    def _show_one(self) -> Ending | None:
        """Draw the place and do what its key says; how it ends, None where it goes on."""
        stop = self._shelf.stop(self._place)
        self._draw(stop)
        self._note = ""
        key = self._keys.read().lower()
        if key == "q":
            return "leave"
        if key == "w" and self._drafts.changes:
            return "write"
        self._act(key, stop)
        return None

    @property
    def _height(self) -> int:
        """Lines for the page: below it stand an empty line and a remark."""
        return self._console.height - 2

    def _act(self, key: str, stop: Stop) -> None:
        action = self._actions.get(key)
        if action is None:
            self._note = f"{key!r} does nothing here; ? shows all keys." if key else ""
            return
        try:
            action(stop)
        except BuilderError as error:
            self._note = f"{error} {error.fix}"

    def _draw(self, stop: Stop) -> None:
        page = self._page(stop)
        console = self._console
        console.clear()
        console.say(page.title, "heading")
        for fact in page.facts:
            console.say(fact, "quiet")
        console.say()
        console.lines(page.shown(self._line, self._height))
        console.say()
        if self._note:
            console.say(self._note, "warning")
        console.say(footer(console.width - 1), "quiet")

    def _page(self, stop: Stop) -> Page:
        row, item = stop.row, stop.item
        title = f"{self._shelf.record.name}  {self._place + 1:,} of {len(self._shelf):,}"
        twin = ""
        if stop.twin is not None:
            row = stop.twin if self._sees_twin else row
            number = (item.twin if self._sees_twin else item.number) or 0
            twin = f"Sample {number + 1:,}; o: see the other, t: drop the other"
            title += "  (second of two)" if self._sees_twin else "  (first of two)"
        decision = self._drafts.decisions.get(item.key) or self._drafts.decisions.get(row.sample.id)
        why = f"Why: {item.why}" if item.why else ""
        return make_page(row, title, width=self._console.width - 1, why=why, decision=decision, twin=twin)

    def _say(self, note: str) -> None:
        self._note = note

    def _go(self, place: int) -> None:
        last = len(self._shelf) - 1
        if not 0 <= place <= last:
            self._note = "This is the last one." if place > last else "This is the first one."
            return
        self._place, self._line, self._sees_twin = place, 0, False

    def _scroll(self, stop: Stop, pages: int) -> None:
        page, height = self._page(stop), self._height
        step = page.room(height) - 2
        if pages > 0 and self._line >= page.last_start(height):
            self._note = "This is the end; n shows the next one."
        self._line = max(0, min(self._line + pages * step, page.last_start(height)))

    def _jump(self) -> None:
        count = len(self._shelf)

        def number_in(text: str) -> int:
            number = parse_whole(text, f"a number from 1 to {count:,}")
            if not 1 <= number <= count:
                raise AnswerError(f"There is no {number:,}: type 1 to {count:,}.")
            return number

        number = self._ask(lambda: self._prompter.text("Go to number", number_in))
        if number is not None:
            self._go(number - 1)

    def _search(self, *, ask: bool) -> None:
        if ask or not self._sought:
            text = self._ask(lambda: self._prompter.text("Search for", str, default=self._sought))
            if not text:
                return
            self._sought = text
        found = self._shelf.search(self._sought, self._place)
        if found is None:
            self._note = f"{self._sought!r} stands in none of them."
        else:
            self._go(found)

    def _keep(self, stop: Stop) -> None:
        self._decide(stop.item.key, Decision("keep"))

    def _drop(self, stop: Stop) -> None:
        note = f"review: {stop.item.why}" if stop.item.why else ""
        self._decide(self._seen_id(stop), Decision("drop", note=note))

    def _drop_twin(self, stop: Stop) -> None:
        if stop.twin is None:
            self._note = "This one has no other one that it is like."
            return
        other = stop.item.id if self._sees_twin else stop.item.twin_id
        self._decide(other, Decision("drop", note=f"review: {stop.item.why}"))

    def _fix(self, stop: Stop) -> None:
        row = stop.twin if self._sees_twin and stop.twin else stop.row
        known = self._drafts.decisions.get(row.sample.id)
        text = self._ask(lambda: self._fixing.fix(row, known.text if known else ""))
        if text:
            self._decide(row.sample.id, Decision("fix", text))
            return
        is_kept = self._fixing.path_of(row).exists()
        self._note = "Nothing was taken; f goes on with your text." if is_kept else "Nothing was changed."

    def _show_other(self, stop: Stop) -> None:
        if stop.twin is None:
            self._note = "This one has no other one that it is like."
        else:
            self._sees_twin, self._line = not self._sees_twin, 0

    def _undo(self, stop: Stop) -> None:
        keys = {stop.item.key, stop.item.id, stop.item.twin_id} & self._drafts.decisions.keys()
        for key in sorted(keys):
            self._drafts.take_back(key)
        self._note = "The decision is undone." if keys else "Nothing was decided about this one."

    def _decide(self, key: str, decision: Decision) -> None:
        self._drafts.decide(key, decision)
        if self._place + 1 < len(self._shelf):
            self._go(self._place + 1)
        else:
            self._note = f"This was the last one; w makes a version of {counted(self._drafts.changes, 'change')}."

    def _seen_id(self, stop: Stop) -> str:
        return stop.item.twin_id if self._sees_twin and stop.twin else stop.item.id

    def _show_help(self) -> None:
        self._console.clear()
        self._console.lines(_HELP)
        self._ask(lambda: self._prompter.text("Enter goes on", str))

    def _ask(self, question: Callable[[], _Answer]) -> _Answer | None:
        """The answer to a question that is typed as a line; None when the person went back."""
        with self._keys.closed():
            try:
                return question()
            except (BackRequestedError, QuestionInterrupt):
                return None
