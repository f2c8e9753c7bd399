"""Lines of a chat's messages that nobody says, and what stands around words that somebody does."""

from pathlib import Path

import pytest

from src.core.types import Section, SourceDocument
from tests.utils.detection.test_plausibility import PLACES, contents

ASKED = [part for place in PLACES for part in (f"Is {place} open?", f"They closed {place}.")]


def said(text):
    """What is said in a plain text, turn by turn."""
    return contents(SourceDocument(Path("x.txt"), "x.txt", (Section(text),), ""))


def chat(messages, head="[2024-04-19 18:{:02}] {}: "):
    """Two people write ``messages`` in turn."""
    return "\n".join(head.format(n + 10, ("Ida", "Ole")[n % 2]) + said for n, said in enumerate(messages)) + "\n"


@pytest.mark.parametrize("line", ["👍 2 · 👀 1", ":tada: 3", "(- Ida Brand: ❤️ -)", "Ida님이 Ole님을 초대하였습니다."])
def test_reactions_and_notices_below_a_message_are_not_said(line):
    assert said(chat([ASKED[0], f"{ASKED[1]}\n{line}", *ASKED[2:]])) == ASKED


@pytest.mark.parametrize(
    "line", ["**** BEGIN LOGGING AT Tue Nov  7 21:04:10 2023", "**** FIN DU JOURNAL LE 7 nov. 2023 à 21:04:10"]
)
def test_where_a_log_begins_is_not_said(line):
    assert said(chat([ASKED[0], f"{ASKED[1]}\n{line}", *ASKED[2:]])) == ASKED


@pytest.mark.parametrize("line", ["👍", "2 x 3", "(- no, -) said the miller", "**** and these", "**** for the 7 mills"])
def test_a_picture_or_figures_alone_are_said(line):
    assert said(chat([ASKED[0], f"{ASKED[1]}\n{line}", *ASKED[2:]]))[1].endswith(line)


@pytest.mark.parametrize("mark", ["(edited)", "(editado)", "（已编辑）", "[bearbeitet]"])
def test_the_mark_of_an_edited_message_is_not_said(mark):
    assert said(chat([f"{ASKED[0]} {mark}", *ASKED[1:]])) == ASKED
    kept = f"{ASKED[0]} (edited by the miller)"
    assert said(chat([kept, *ASKED[1:]]))[0] == kept


def test_what_a_reply_quotes_is_not_said_and_what_a_message_quotes_later_is():
    reply = f"\n> Ole: {ASKED[1]}\n\n{ASKED[2]}"
    assert said(chat([*ASKED[:2], reply, *ASKED[3:]])) == ASKED
    later = f"{ASKED[2]} The board says:\n> closed\nOdd."
    assert said(chat([*ASKED[:2], later, *ASKED[3:]]))[2] == later


def test_quotation_marks_around_a_cell_of_several_lines_are_the_export_s():
    head = "09:{:02}\t{}\t"
    assert said(chat([f'"{ASKED[0]}\nOr not?"', *ASKED[1:]], head)) == [f"{ASKED[0]}\nOr not?", *ASKED[1:]]
    quoted = f'"{ASKED[0]}"'
    assert said(chat([quoted, *ASKED[1:]], head))[0] == quoted


def test_a_note_in_brackets_behind_the_moment_keeps_it_alone():
    head = "Jun 02, 2023  8:{:02}:08 AM{}\n{}\n"
    notes = (" (Read by you after 3 minutes, 12 seconds)", "")
    text = "\n\n".join(
        head.format(n + 10, notes[n % 2], ("+15550142281", "Me")[n % 2]) + part for n, part in enumerate(ASKED)
    )
    assert said(text) == ASKED


def test_a_mark_of_the_program_may_stand_in_brackets_of_its_own_behind_the_moment():
    heads = ("[12/03/2019 11:{:02}:39] Ida: ", "[12/03/2019 11:{:02}:39 [Editado às 11:58:20]] Ole: ")
    assert said("\n".join(heads[n % 2].format(n + 10) + part for n, part in enumerate(ASKED))) == ASKED


SIGNATURE = " [[Benutzer:{0}|{0}]] ([[Benutzer Diskussion:{0}|Diskussion]]) 12:{1:02}, 3. Mai 2021 (CEST)"


def test_messages_of_a_talk_page_end_with_a_signature():
    lines = [
        f"{':' * n}{part}{SIGNATURE.format(('Ida', 'Ole Fisk')[n % 2], n + 10)}" for n, part in enumerate(ASKED[:4])
    ]
    text = "{{talk header}}\n\n== Mill ==\n\n" + "\n".join(lines)
    assert said(text) == ASKED[:4]


def test_links_inside_an_article_sign_nothing():
    article = "\n\n".join(f"[[File:Mill {n}.jpg|thumb]] {part} It was [[1911]]." for n, part in enumerate(ASKED))
    assert said(f"== Mill ==\n\n{article}") == []
