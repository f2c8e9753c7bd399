"""What stands below the last answer of a list and nobody says: a copyright, a page, a signature, where to write."""

import pytest

ASKED = ["Is the mill open?", "Who keeps the key?", "Does the wheel turn?", "May dogs come in?", "Where is the weir?"]
TOLD = [
    "On Sundays, from two.",
    "The miller keeps it.",
    "In high water only.",
    "They wait outside.",
    "Behind the barn.",
]
PAIRS = [[*ASKED, "Is there a café?"], [*TOLD, "There is, in the yard."]]


def listed(form, *, behind="", pairs=PAIRS):
    return "\n\n".join(form.format(one, other) for one, other in zip(*pairs, strict=True)) + f"\n\n{behind}\n"


LABELS = ("Q: {}\nA: {}", "Q: {}\n\nA: {}", "Frage: {}\nAntwort: {}", "## {}\n\n{}")


@pytest.mark.parametrize("form", LABELS)
@pytest.mark.parametrize(
    "closing",
    [
        "© Museum of Silk, 2021",
        "(c) 2019 Mill Trust",
        "Copyright 2020 by the Mill Trust",
        "Page 1 of 3",
        "Seite 2",
        "صفحة ١ من ١",
        "Председатель правления\t\tК. Б. Ухтомская",
        "Head of the mill trust          Ida Brand",
        "Transcribed by https://otter.ai",
        "Last updated: 3 May 2021",
        "Stand: Mai 2020",
        "Обновлено: 3 мая 2021",
        "最終更新日：2021年5月3日",
        "Version 1.2, May 2021",
        "- Ende -",
        "(end)",
        "以上",
        "↑ Nach oben",
    ],
)
def test_a_line_that_closes_a_list_is_no_answer(read, form, closing):
    name = "faq.md" if form.startswith("#") else "faq.txt"
    assert [pair[1] for pair in read(listed(form, behind=closing), name)] == PAIRS[1]


@pytest.mark.parametrize("form", LABELS[1:2] + LABELS[3:])
@pytest.mark.parametrize(
    "last",
    [
        "Page 3 of the guide shows the way.",
        "Adult ticket          five euros",
        "Monday to Friday      from two",
        "Write to desk@mill.example if it is closed.",
        "See page 3",
        "Updated prices are on the board since 2021.",
        "Version 2 of the guide has a map",
        "Stand at the gate and wait",
        "In the end it is free",
        "Tel.: 030 12345",
        "https://mill.example/map",
        "Ask at: the mill",
        "Letters to: desk@mill.example",
        "Mehr unter: https://mill.example/fragen",
        "Page 312",
        "Updated in 2019",
    ],
)
def test_a_last_paragraph_that_answers_stays(read, form, last):
    name = "faq.md" if form.startswith("#") else "faq.txt"
    assert read(listed(form, behind=last), name)[-1][1] == f"{PAIRS[1][-1]}\n\n{last}"


@pytest.mark.parametrize("behind", ["Enclosed: one form. End.", "Mill Trust, Marlow\nOffice of visits"])
def test_a_gap_ends_the_last_answer_where_gaps_stand_between_pairs_alone(read, behind):
    assert [pair[1] for pair in read(listed("Q: {}\nA: {}", behind=behind))] == PAIRS[1]


def test_where_answers_have_gaps_the_last_one_may_have_one(read):
    told = ["On Sundays.\n\nFrom two.", *PAIRS[1][1:]]
    found = read(listed("Q: {}\nA: {}", behind="See you on Monday", pairs=[PAIRS[0], told]))
    assert found[-1][1] == f"{told[-1]}\n\nSee you on Monday"


def test_a_drawn_line_of_any_dash_ends_the_last_answer(read):
    found = read(listed("【質問】{}\n【回答】{}", behind=f"{'―' * 16}\nMill Trust\nTel. 030 12"))
    assert [pair[1] for pair in found] == PAIRS[1]


NOTES = {
    "de": ["Hinweis: Zeit lassen.", "Hinweis: nach der Mutter fragen.", "Nachfrage: Wer half Ihnen?", "Fotos zeigen."],
    "en": ["Probe: school, work, church.", "Follow-up: who else?", "(Probe: the strike)", "Note: show photos."],
    "es": ["Indagar: la familia.", "Indagar: el trabajo.", "Indagar: la salud.", "Indagar: el molino."],
    "choices": ["Yes / No", "1 / 2 / more", "Town / Village", "By day / By night"],
    "fr": ["Relance : la famille.", "Remarque : ne pas couper.", "Relance : le travail.", "Conseil : montrer."],
}


@pytest.mark.parametrize("language", NOTES)
@pytest.mark.parametrize("form", ["{n}. {}\n   {}", "{n}. {}\n\n   {}", "## {}\n\n{}", "**{}**\n\n{}"])
def test_notes_for_who_asks_answer_nothing(read, language, form):
    rows = zip(ASKED, NOTES[language], strict=False)
    text = "\n".join(form.format(one, other, n=n) + "\n" for n, (one, other) in enumerate(rows, start=1))
    assert read(f"Guide\n\n{text}", "guide.md") == []


@pytest.mark.parametrize("form", ["{n}. {}\n   {}", "## {}\n\n{}"])
def test_an_answer_may_begin_with_a_note(read, form):
    told = [
        "Note: on Sundays / Mondays only.",
        "In 1612.",
        "From 2 to 3 sacks.",
        "No: it is wet.",
        "Yes: behind the barn.",
    ]
    text = "\n".join(
        form.format(one, other, n=n) + "\n" for n, (one, other) in enumerate(zip(ASKED, told, strict=True), 1)
    )
    assert [pair[1] for pair in read(text, "faq.md")] == told
