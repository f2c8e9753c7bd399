"""Short, plain and technical answers that a careful person would give are kept."""

from __future__ import annotations

import pytest

from src.core.types import Message, Span
from src.generation.answer_parser import Draft
from src.generation.gates.admission import Gates
from src.generation.gates.code_terms import code_terms, without_code
from src.generation.gates.form import check_whole
from src.utils.chunker import Passage

TEXT = """The tool packrat copies folders. With --mirror it deletes what is gone in the source; the variable
PACK_RAT_LOG names the log, by default /var/log/packrat.log, which packrat_open() creates. The option quiet
is false by default. Its
commands are list, copy and xb, which unpacks. Sockets are left out be‐
cause nobody can copy them. It was
written for version 4.3.11 of the library by Ida Holm. The older switch »--wipe« is
gone, use »--mirror«. Packrat keeps four copies; at most two run at night. It has nothing to do with Lempel coding."""
PASSAGE = Passage("packrat.txt", TEXT, Span(0, len(TEXT)), "", "packrat", "p1")
FRENCH = """Le four de Lunel a été construit en 1911. Le maire a abandonné le projet d'un musée car la commune n'avait
pas d'argent pour l'entretien du bâtiment et que les habitants préféraient une école."""
LUNEL = Passage("lunel.txt", FRENCH, Span(0, len(FRENCH)), "", "Le four", "p2")


def reason(question: str, answer: str, passage: Passage = PASSAGE) -> str:
    draft = Draft((Message("user", question), Message("assistant", answer)))
    return Gates(passages=[PASSAGE, LUNEL]).admit(draft, passage).reason


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Does packrat have anything to do with Lempel coding?", "No."),
        ("Which command of packrat unpacks?", "xb"),
        ("What is the default of packrat's option quiet?", "false"),
        ("Where does packrat write its log?", "/var/log/packrat.log"),
        ("Which variable names the log of packrat?", "PACK_RAT_LOG"),
        ("What creates the log of packrat?", "packrat_open() does."),
        ("What replaced the switch --wipe of packrat?", "»--wipe« is gone. One uses »--mirror« now."),
        ("Why does packrat leave out sockets?", "Because it is impossible to copy them."),
        ("Which commands does packrat have?", "list, copy and xb"),
        ("Is it a very good idea to copy sockets with packrat?", "No, nobody can do that."),
        ("Name two commands that can be given to packrat.", "list and copy"),
        ("How do I clear what is gone with packrat?", "Take --mirror.\nAlternatively, look at its other commands."),
    ],
)
def test_short_and_technical_answers_are_kept(question: str, answer: str) -> None:
    assert reason(question, answer) == ""


def test_an_inverted_french_pronoun_stands_for_the_subject_before_it() -> None:
    answer = "La commune n'avait pas d'argent pour l'entretien, et les habitants préféraient une école."
    assert reason("Pourquoi le maire a-t-il abandonné le projet d'un musée à Lunel ?", answer, LUNEL) == ""
    assert reason("Pourquoi a-t-il abandonné cela ?", answer, LUNEL) == "question_without_context"


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Which variable names the log of packrat?", "No, there is none for that.", "answer_type_mismatch"),
        ("For which version was packrat written?", "It was written for 4.11.3.", "number_not_in_source"),
        ("Who wrote packrat?", "Liu-Holm wrote the tool.", "name_not_in_source"),
        ("Where does packrat write its log?", "To /var/log/pack", "truncated_answer"),
        ("Which commands does packrat have?", "There are list, copy and some", "truncated_answer"),
        ("How do I make packrat louder?", "Call it with volume=high.", "code_not_in_source"),
        ("In which year was packrat written?", "By Ida Holm, on a library.", "answer_type_mismatch"),
        ("Which command of packrat unpacks?", "That the generator of the name is unable to.", "answer_not_in_source"),
    ],
)
def test_faults_are_still_found(question: str, answer: str, expected: str) -> None:
    assert reason(question, answer) == expected


def test_code_terms_are_told_from_prose() -> None:
    said = "Use `rm -r`, --force, $HOME or isDead() in BZ_RUN; and/or I/O, e.g. real-time, 4 GB."
    assert code_terms(said) == {"rm -r", "--force", "$home", "isdead", "bz_run"}
    assert "BZ_RUN" not in without_code(said)
    assert without_code("no code, at all.") == "no code, at all."


def test_a_list_that_is_closed_by_its_conjunction_needs_no_mark() -> None:
    draft = Draft((Message("user", "Which?"), Message("assistant", "salt, pepper, thyme, sage and mint")))
    assert check_whole(draft, "There is mint. Salt, pepper, thyme and sage are there.").keep


LEAGUE = """The war with Denmark, whose king was Valdemar IV, ended in 1370. In the fifteenth century Ivan III of Moscow
closed the office in Novgorod. A guard who has nothing to do for 30 minutes may leave the gate."""


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Who closed the office in Novgorod?", "Tsar Ivan III of Moscow.", ""),
        ("Whose king was Valdemar IV?", "He was the Danish king.", ""),
        ("Whose king was Valdemar IV?", "He was the Swedish king.", "name_not_in_source"),
        ("When may a guard leave the gate?", "Once there was nothing to do for half an hour.", ""),
    ],
)
def test_titles_peoples_and_parts_of_a_unit_need_not_stand_word_for_word(
    question: str, answer: str, expected: str
) -> None:
    assert (
        reason(question, answer, Passage("league.txt", LEAGUE, Span(0, len(LEAGUE)), "", "The League", "p3"))
        == expected
    )
