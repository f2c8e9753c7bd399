"""Tables: rows of questions and answers, or of speakers and what they said, by the classes of their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from src.core.types import Section, Span
from src.utils.detection.lines.pieces import trimmed
from src.utils.detection.lines.speech import is_personal
from src.utils.detection.structure.columns import (
    Row,
    Table,
    best_named,
    find_pairs,
    headings_of,
    holds_answers,
    holds_words,
    is_prose,
    speakers_in,
    worded,
    words_of,
)
from src.utils.detection.structure.linked_rows import find_linked
from src.utils.detection.structure.numbered_rows import find_below_numbers
from src.utils.detection.structure.other_records import are_no_turns, come_again
from src.utils.detection.structure.speaker_columns import (
    DialogueColumns,
    find_dialogue,
    in_order,
    sessions_of,
    threads_of,
)
from src.utils.detection.structure.speakers import (
    Said,
    behaves_like_dialogue,
    to_drafts,
)
from src.utils.detection.structure.stacked_cells import find_stacked
from src.utils.detection.structure.wide_tables import find_in_wide_table
from src.utils.detection.types import ANSWERERS, ASKERS, Draft, Finding, Utterance
from src.utils.detection.words.asking import asks, ends_as_question
from src.utils.detection.words.moments import is_moment
from src.utils.detection.words.vocabulary import json_keys, read_label

_MAX_HEAD_ROWS = 3
_MAX_HEAD_WORDS = 4
_MIN_ASKING = 0.1
_MIN_QUESTIONS = 2
_MAX_ASKING = 0.7


def find_in_tables(text: str, sections: Sequence[Section]) -> Iterator[Finding]:
    """One finding per table that holds conversations."""
    for rows in _tables(sections):
        found = read_table(text, rows)
        if found:
            yield found


def _tables(sections: Sequence[Section]) -> Iterator[list[Row]]:
    """Runs of rows with fields; a row without fields (a header) or anything else ends a table."""
    rows: list[Row] = []
    position = 0
    for section in sections:
        if section.kind == "row" and section.fields:
            cells: dict[str, tuple[Span, ...]] = {}
            for field in section.fields:
                if field.span.end > field.span.start:
                    cells.setdefault(field.name, (Span(position + field.span.start, position + field.span.end),))
            rows.append(Row(position, cells))
        elif rows:
            yield rows
            rows = []
        position += len(section.text)
    if rows:
        yield rows


def read_table(text: str, rows: Sequence[Row]) -> Finding | None:
    """The conversations of a table: by its header, else by what its columns hold."""
    table = _with_header(Table(text, [row for row in rows if _says_something(text, row)]))
    names = table.names()
    return (
        find_stacked(table)
        or find_in_wide_table(table)
        or find_below_numbers(table)
        or _linked(table)
        or _dialogue_by_header(table, names)
        or _pairs_by_header(table, names)
        or _dialogue_by_labels(table, names)
        or _by_content(table)
    )


def _with_header(table: Table) -> Table:
    """Where the columns are only lettered: named by one of the first rows that has words for answers or for speech."""
    names = table.names()
    if not all(map(_is_letter, names)):
        return table
    for head, row in enumerate(table.rows[:_MAX_HEAD_ROWS]):
        titles = {name: table.values(name)[head] for name in names}
        found = [title for title in titles.values() if title and len(title.split()) <= _MAX_HEAD_WORDS]
        named = worded(found, "answer") or (worded(found, "role") and worded(found, "text"))
        if named and len(found) == len(row.cells) == len(set(found)):
            below = [
                other._replace(cells={titles[name] or name: cell for name, cell in other.cells.items()})
                for other in table.rows[head + 1 :]
            ]
            return Table(table.text, below)
    return table


def _linked(table: Table) -> Finding | None:
    found = find_linked(table)
    return _dialogue(*found, trusted=True) if found else None


def _dialogue_by_header(table: Table, names: Sequence[str]) -> Finding | None:
    speaker = best_named(names, "role") or best_named(names, "speaker_number")
    said = best_named([name for name in names if name != speaker and holds_words(table.values(name))], "text")
    return _dialogue_of(table, speaker, said) if speaker and said else None


def _dialogue_by_labels(table: Table, names: Sequence[str]) -> Finding | None:
    """A column of label words, or the first of two unnamed columns."""
    if len(table.rows) < 2 or len(names) < 2:
        return None
    longest = max(names, key=lambda name: sum(map(len, table.values(name))))
    if come_again(len(set(table.values(longest))), len(table.rows)):
        return None  # a timetable says the same again and again
    spoken = _seem_spoken(table.values(longest))
    for name in names:
        named = spoken and _is_letter(name) and _holds_names(table, name)
        if name != longest and (named or _holds_label_words(table, name)):
            found = _dialogue_of(table, name, longest)
            if found:
                return found
    return None


def _dialogue_of(table: Table, speaker: str, said: str) -> Finding | None:
    speakers = speakers_in(table, speaker)
    columns = DialogueColumns(said, speakers, threads_of(table, [speaker, said], speakers))
    return _dialogue(table, columns, trusted=False)


def _dialogue(table: Table, columns: DialogueColumns, *, trusted: bool) -> Finding | None:
    entries = read_dialogue(table, columns)
    if not behaves_like_dialogue(table.text, entries, trusted=trusted):
        return None
    if are_no_turns(table.text, table.names(), entries, headings_of(table)):
        return None
    reason = f"a table of {len(entries)} rows with speakers and their words in {columns.said!r}"
    return Finding("table of speakers", to_drafts(entries), 0.9, reason)


def read_dialogue(table: Table, columns: DialogueColumns) -> list[Said]:
    """The entries of a dialogue, conversation by conversation, oldest first."""
    threads: dict[str, list[int]] = {}
    for index, row in enumerate(table.rows):
        if columns.said in row.cells and columns.speakers[index]:
            threads.setdefault(columns.threads[index], []).append(index)
    entries = []
    for thread, indexes in threads.items():
        for index in in_order(table, indexes):
            pieces = tuple(trimmed(table.text, *piece) for piece in table.rows[index].cells[columns.said])
            entries.append(Said(columns.speakers[index], pieces, table.rows[index].start, thread))
    return entries


def _pairs_by_header(table: Table, names: Sequence[str]) -> Finding | None:
    if names[:1] == ["A"] and not all(map(_is_letter, names)):
        names = names[1:]  # beside words, the letter of a column without a header
    asked = best_named(names, "question")
    told = best_named([name for name in names if name != asked], "answer")
    if asked is None or told is None:
        asked, told = _by_roles_of_names(names)
    if asked is None or told is None:
        asked, told = _by_words_of_names(table, names)
    if asked is None or told is None:
        return None
    extra = best_named([name for name in names if name not in (asked, told)], "extra_input")
    asking = sum(map(ends_as_question, table.values(asked)))
    sure = asking * 3 >= len(table.rows) or holds_answers(table.values(told))
    return _pairs(table, asked, told, extra) if sure else None


def _by_roles_of_names(names: Sequence[str]) -> tuple[str | None, str | None]:
    """``customer_message`` and ``agent_reply``: one column whose name begins with an asker, one with an answerer."""
    families = {name: read_label(name.replace("_", " ").replace("-", " ").split()[0]).family for name in names if name}
    asking = [name for name, family in families.items() if family in ASKERS and name.casefold() not in ("user", "me")]
    telling = [name for name, family in families.items() if family in ANSWERERS]
    if len(asking) == len(telling) == 1:
        return asking[0], telling[0]
    sides = {name: _side_of(name) for name in names}
    asking, telling = ([name for name in names if sides[name] == side] for side in ("user", "assistant"))
    return (asking[0], telling[0]) if len(asking) == len(telling) == 1 else (None, None)


def _side_of(name: str) -> Literal["", "user", "assistant"]:
    """Whose words a column holds, by a name of words for speech and of one side alone: ``mensaje_usuario``."""
    speech = {word: read_label(word).family for word in words_of(name) if len(word) > 2}
    plain = [word for word, family in speech.items() if not family and word not in json_keys("text")]
    families = {family for family in speech.values() if family}
    if len(speech) < 2 or plain or not families:
        return ""
    if families <= set(ASKERS):
        return "user"
    return "assistant" if families <= set(ANSWERERS) else ""


def _by_words_of_names(table: Table, names: Sequence[str]) -> tuple[str | None, str | None]:
    """One column with a word for answers in its name, that of the questions the only other prose, or next before it."""
    prose = [name for name in names if is_prose(table.values(name))]
    telling = worded(prose, "answer")
    if len(telling) != 1:
        return None, None
    told = telling[0]
    others = worded([name for name in prose if name != told], "question") or [name for name in prose if name != told]
    before = [name for name in others if names.index(name) < names.index(told)]
    return (before[-1], told) if before else (None, None)


def _pairs(table: Table, asked: str, told: str, extra: str | None) -> Finding | None:
    sessions = sessions_of(table)
    found: dict[str, list[Utterance]] = {}
    starts: dict[str, int] = {}
    for index, row in enumerate(table.rows):
        if asked in row.cells and told in row.cells:
            pieces = [*row.cells[asked], *(row.cells.get(extra, ()) if extra else ())]
            question = tuple(sorted(trimmed(table.text, *piece) for piece in pieces))
            answer = tuple(trimmed(table.text, *piece) for piece in row.cells[told])
            key = sessions[index] if sessions else str(index)
            starts.setdefault(key, row.start)
            found.setdefault(key, []).append(Utterance("question", "question", question))
            found[key].append(Utterance("answer", "answer", answer))
    if not found:
        return None
    drafts = [Draft(tuple(turns), starts[key]) for key, turns in found.items()]
    reason = f"a table of {len(drafts)} rows with questions in {asked!r} and answers in {told!r}"
    return Finding("table of questions", tuple(drafts), 0.95, reason)


def _by_content(table: Table) -> Finding | None:
    """No telling header: names that take turns, or a column that asks."""
    dialogue = find_dialogue(table)
    if dialogue:
        return _dialogue(table, dialogue, trusted=True)
    pairs = find_pairs(table)
    if pairs is None:
        return None
    head = _head_rows(table, pairs[0])
    return _pairs(Table(table.text, table.rows[head:]), *pairs, None)


def _head_rows(table: Table, asked: str) -> int:
    """Rows above the first question that only name columns: a second header."""
    values = table.values(asked)
    head = 0
    while head < min(_MAX_HEAD_ROWS, len(values)) and not ends_as_question(values[head]):
        cells = [table.values(name)[head] for name in table.names()]
        if any(
            len(cell.split()) > _MAX_HEAD_WORDS or (" " in cell and cell.endswith((".", "!", "。"))) for cell in cells
        ):
            return 0
        head += 1
    return head


def _seem_spoken(values: Sequence[str]) -> bool:
    """Whether some texts ask and others do not, or most are said to somebody: a log tells what people did or sought."""
    asking = sum(map(asks, values))
    some = asking >= max(_MIN_QUESTIONS, _MIN_ASKING * len(values))
    return asking <= _MAX_ASKING * len(values) and (some or is_personal(values))


def _holds_label_words(table: Table, name: str) -> bool:
    families = Counter(read_label(value.rstrip(":.")).family for value in table.values(name))
    asking = families["question"] + families["user"]
    answering = families["answer"] + families["assistant"]
    return asking > 0 and answering > 0 and asking + answering + families["system"] >= 0.8 * len(table.rows)


def _holds_names(table: Table, name: str) -> bool:
    values = [value for value in table.values(name) if value]
    return len(values) * 5 >= len(table.rows) * 4 and all(
        len(value) <= 40 and any(map(str.isalpha, value)) for value in values
    )


def _is_letter(name: str) -> bool:
    return len(name) <= 2 and name.isupper() and name.isascii()


def _says_something(text: str, row: Row) -> bool:
    """Whether a row holds more than a time and numbers, such as stand between the posts of a forum."""
    values = [text[piece.start : piece.end].strip() for pieces in row.cells.values() for piece in pieces]
    return any(any(map(str.isalpha, value)) and not is_moment(value) for value in values)
