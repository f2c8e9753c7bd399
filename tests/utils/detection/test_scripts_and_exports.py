"""Exports of programs and scripts of typesetters whose structure tells the turns; each beside what it must leave."""

from pathlib import Path

import pytest

from src.core.types import Section, SourceDocument
from tests.utils.detection.test_plausibility import PLACES, contents, detect, table

ASKED = [part for place in PLACES for part in (f"Is {place} open?", f"They closed {place}.")]
HASTY = [part for place in PLACES for part in (f"我要去{place}吗", f"收到 {place}", f"好的 {place}")]


def said(text):
    """What is said in a plain text, turn by turn."""
    return contents(SourceDocument(Path("x.txt"), "x.txt", (Section(text),), ""))


def alternating(heads, parts, between="\n"):
    """``parts`` behind ``heads`` in turn; a head may hold a number of two figures."""
    return between.join(heads[n % len(heads)].format(n + 10) + part for n, part in enumerate(parts))


@pytest.mark.parametrize(
    "heads",
    [
        ("[00:{:02}] Ole (podpora): ", "[00:{:02}] Ida: "),
        ("(10:11:{:02}) ida@fisk.example/home: ", "(10:11:{:02}) Ole F.: "),
    ],
)
def test_a_name_with_an_aside_or_a_device_heads_messages_like_a_bare_one(heads):
    assert said(alternating(heads, ASKED)) == ASKED


@pytest.mark.parametrize("heads", [("阿木 2024-03-05 09:{:02}:01\n", "小河 2024-03-05 09:{:02}:01\n")])
def test_a_long_chat_without_question_marks_is_known_by_what_people_say_to_each_other(heads):
    assert said(alternating(heads, HASTY, "\n\n")) == HASTY
    ledger = [f"入库 {place} 三箱" for place in PLACES * 3]
    assert said(alternating(heads, ledger, "\n\n")) == []


def test_lines_that_only_say_who_spoke_are_labels():
    heads = ("Vous avez dit\n", "Copilot a dit\n")
    assert said(alternating(heads, ASKED, "\n\n")) == ASKED
    prose = "Vous avez dit que le moulin est fermé.\n\nOle a dit que le gué est ouvert. Est-ce vrai ?"
    assert said(prose) == []


def test_a_model_known_by_its_name_answers_below_headings():
    heads = ("## \U0001f9d1 用户\n\n", "## \U0001f916 DeepSeek\n\n")
    assert said(alternating(heads, ASKED[:6], "\n\n---\n\n")) == ASKED[:6]


def test_initials_that_are_also_a_tag_name_a_speaker():
    assert said(alternating(("**JB** -- ", "**EM** -- "), ASKED, "\n\n")) == ASKED


def test_a_name_with_an_aside_stands_before_a_wide_gap():
    wanted = [*ASKED[:4], "Three to one, says the slate.", *ASKED[4:]]
    heads = ["QUIZMASTER\t", "Big Ron\t"] * 2 + ["Ida Brand (scores)\t"] + ["QUIZMASTER\t", "Big Ron\t"] * 6
    assert said("\n\n".join(head + part for head, part in zip(heads, wanted, strict=True))) == wanted


def test_an_ordinal_behind_a_tab_is_no_division_of_a_work():
    wanted = [*ASKED[:3], "Ten seconds, please.", *ASKED[4:7], "I need an answer, please.", *ASKED[8:]]
    assert said(alternating(("Ida\t", "QUIZMASTER\t"), wanted, "\n\n")) == wanted


EVENTS = "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"


def event(n, name, text):
    return f"Dialogue: 0,0:01:{n:02}.10,0:01:{n:02}.90,Default,{name},0,0,0,,{text}"


def test_events_of_subtitles_are_spoken_by_the_names_in_their_field():
    lines = [event(n, ("Ida", "Ole")[n % 2], part) for n, part in enumerate(ASKED)]
    lines[1] = event(1, "Ole", r"{\i1}They closed\N the mill.{\i0}")
    lines.insert(2, "Comment: 0,0:01:02.00,0:01:02.50,Default,Ida,0,0,0,,check the timing?")
    assert said(EVENTS + "\n".join(lines)) == [ASKED[0], "They closed\nthe mill.", *ASKED[2:]]


def test_events_of_subtitles_without_names_are_nobody_s_turns():
    told = "\n".join(event(n, "", f"The heron fishes by {place}.") for n, place in enumerate(PLACES))
    assert said(EVENTS + told) == []


def test_captions_in_plain_text_change_speakers_at_their_mark():
    cues = [f"0:00:{n:02}.500,0:00:{n:02}.900\n>> {part}\n\n" for n, part in enumerate(ASKED)]
    cues[0] = "0:00:00.500,0:00:00.900\n>> HOST: Is the mill\nopen?\n\n"
    cues.insert(4, "0:00:03.950,0:00:03.990\nUntil May.\n\n")
    wanted = ["Is the mill\nopen?", *ASKED[1:3], f"{ASKED[3]}\n\nUntil May.", *ASKED[4:]]
    assert [part.replace("\n\n", "\n") for part in said("".join(cues))] == [
        part.replace("\n\n", "\n") for part in wanted
    ]


TEX = "\\documentclass{{exam}}\n\\begin{{questions}}\n{}\n\\end{{questions}}\n"


@pytest.mark.parametrize(
    "exercise",
    [
        "\\question[4]\n{}\n\\begin{{solution}}[2cm]\n  {}\n\\end{{solution}}",
        "\\begin{{Aufgabe}}{}\\end{{Aufgabe}}\n\\begin{{Lösung}}{}\\end{{Lösung}}",
    ],
)
def test_exercises_of_tex_are_answered_by_their_environments(exercise):
    pairs = [exercise.format(*ASKED[place : place + 2]) for place in range(0, len(ASKED), 2)]
    assert said(TEX.format("\n\n".join(pairs))) == ASKED


def test_exercises_of_tex_without_solutions_are_no_pairs():
    bare = "\n".join(f"\\question[4] Draw a plan of {place}.\n\\begin{{figure}}x\\end{{figure}}" for place in PLACES)
    assert said(TEX.format(bare)) == []


def test_the_end_of_a_sequence_and_a_preamble_that_comes_back_are_not_said():
    preamble = "A chat between a curious visitor and an artificial intelligence assistant."
    talk = "USER: {}\nASSISTANT: {}</s>\nUSER: {}\nASSISTANT: {}\n\n```\n^x$\n```\n\nNote: it also takes codes.</s>"
    text = "\n\n".join(f"{preamble}\n\n{talk.format(*ASKED[place : place + 4])}" for place in (0, 4))
    found = detect(text).conversations
    assert [len(one.turns) for one in found] == [4, 4]
    assert said(text)[:3] == ASKED[:3]
    assert said(text)[3].endswith("takes codes.")
    assert preamble not in "".join(said(text))


def test_a_sign_that_unfolds_every_answer_is_no_part_of_the_question():
    pairs = [f"### {asked} ▾\n\n{told}" for asked, told in zip(ASKED[::2], ASKED[1::2], strict=True)]
    assert said("\n\n".join(pairs)) == ASKED
    one = [f"### {asked}{' →' if n == 2 else ''}\n\n{ASKED[2 * n + 1]}" for n, asked in enumerate(ASKED[::2])]
    assert said("\n\n".join(one))[4].endswith("→")


@pytest.mark.parametrize(
    "foot",
    [
        ".. toctree::\n   :hidden:\n\n   install\n   changelog",
        ".. [#] The mill was sold in 1911.",
        "*Беседовала Вера Ким*",
        "Contact: 034-000-000 or the quay",
        "Assistants can make mistakes. Check important info.",
    ],
)
def test_the_foot_of_a_document_is_said_by_nobody(foot):
    text = "\n\n".join(f"**Q:** {asked}\n\n**A:** {told}" for asked, told in zip(ASKED[::2], ASKED[1::2], strict=True))
    assert said(f"{text}\n\n{foot}\n") == ASKED


def test_a_last_paragraph_that_is_a_sentence_belongs_to_the_answer():
    text = "\n\n".join(f"**Q:** {asked}\n\n**A:** {told}" for asked, told in zip(ASKED[::2], ASKED[1::2], strict=True))
    assert said(f"{text}\n\nText by itself says little.\n")[-1].endswith("says little.")


def test_a_style_of_asciidoc_is_no_part_of_the_first_term():
    terms = "\n".join(f"{asked}::\n  {told}" for asked, told in zip(ASKED[::2], ASKED[1::2], strict=True))
    assert said(f"= Questions\n:toc:\n\n[qanda]\n{terms}\n") == ASKED


def test_a_table_written_with_bars_is_read_once():
    rows = "\n".join(f"| 10:{n:02} | {('Ida', 'Ole')[n % 2]} | {part} |" for n, part in enumerate(ASKED))
    text = f"# Hearing\n\n| Time | Speaker | Statement |\n|---|---|---|\n{rows}\n"
    assert said(text) == ASKED


MAILS = [("Ida Brand", "Is the mill open?"), ("Ole Fisk", "No, it is closed."), ("Ida Brand", "Thanks, then the ford.")]


def test_headers_of_printed_mails_may_stand_in_paragraphs_of_their_own():
    heads = "De : {}\n\nEnvoyé : mardi 15 mars 2024 13:20\n\nÀ : {}\n\nObjet : RE : Moulin\n\n{}"
    others = {"Ida Brand": "Ole Fisk", "Ole Fisk": "Ida Brand"}
    text = "\n\n".join(heads.format(who, others[who], what) for who, what in reversed(MAILS))
    assert said(text) == [what for _, what in MAILS]


def test_an_attribution_may_break_inside_its_verb():
    text = (
        "Grazie, allora il guado.\n\nIl giorno mar 12 giu 2024 alle ore 13:40 Ole Fisk <ole@fisk.example> ha\n"
        "scritto:\n\n> No, è chiuso.\n>\n> Il giorno mar 11 giu 2024 alle ore 12:40 Ida <ida@fisk.example> ha\n"
        "> scritto:\n>\n>> Il mulino è aperto?\n"
    )
    assert said(text) == ["Il mulino è aperto?", "No, è chiuso.", "Grazie, allora il guado."]


def test_an_essay_whose_paragraphs_ask_is_no_interview_and_an_interview_may_open_with_prose():
    essay = (
        "Why do we read?\n\nAn old question.\n\nWho else waits for us today?\n\nSo we read on.\n\nIs that all of it?"
    )
    assert said(essay) == []
    opening = "A talk at the mill\n\nWe met by the weir.\n\nThe fog was thick.\n\nInterview: the miller\n\n"
    talk = "\n\n".join(f"{asked}\n\n{told}" for asked, told in zip(ASKED[:8:2], ASKED[1:8:2], strict=True))
    assert len(said(opening + talk)) == 8


def test_opinions_with_marks_are_no_talk():
    names = ["product", "author", "stars", "review", "date"]
    who = ("Ida", "Ole", "Mira", "Ida", "Onno", "Ole", "Vera", "Ida")
    rows = [
        [f"Lamp {n % 2}", who[n], str(n % 5 + 1), f"Bought it at {place}. Why is it glued?", f"2023-01-{n + 10}"]
        for n, place in enumerate(PLACES)
    ]
    assert contents(table(names, rows)) == []
