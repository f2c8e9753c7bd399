"""Quoted mail in any language: an address and a date above what is quoted, copied headers; and notices that stay."""

import pytest

HEAD = (
    "From: Ida Brand <ida@x.example>\nTo: Ole Lund <ole@x.example>\nSubject: Re: Rye\n"
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
)
SAID = ["Is the rye dry?", "Two sacks are dry.", "May I fetch them?"]


@pytest.mark.parametrize(
    "line",
    [
        "2024-03-07, kt, 07:58 {name} <{mail}> rašė:",
        "Kontakt {name} (<{mail}>) kirjutas kuupäeval N, 7. märts 2024 kell 07:58:",
        "{name} <{mail}> ezt írta (időpont: 2024. márc. 7., Cs, 7:58):",
        "V čet., 7. mar. 2024 ob 07:58 je oseba {name} <{mail}> napisala:",
        "чт, 7 мар. 2024 г. в 07:58, {name} <{mail}>:",
        "{name} <{mail}>, 7 Mar 2024 Per, 07:58 tarihinde şunu yazdı:",
        "2024年3月7日(木) 7:58 {name} <{mail}>:",
        "{name} <{mail}> 于2024年3月7日周四 07:58写道：",
        "\u202bבתאריך יום ה׳, 7 במרץ 2024 ב-7:58 מאת \u202a{name}\u202c\u200f <\u202a{mail}\u202c\u200f>:\u202c",
        "Missatge de {name} <{mail}> del dia dj., 7 de març 2024 a les 7:58:",
        "ხუთ, 7 მარ 2024, 07:58 {name} <{mail}> დაწერა:",
        "{name} <{mail}> on Thu, 7 Mar 2024 at 7:58 AM wrote:",
        "{name} on Thu, 7 Mar 2024 at 7:58 AM wrote:",
    ],
)
def test_an_address_and_a_date_name_the_writer_of_what_is_quoted_below(read, line):
    first, second = (
        line.format(name=name, mail=mail)
        for name, mail in (("Ida Brand", "ida@x.example"), ("Ole Lund", "ole@x.example"))
    )
    quoted = f"{second}\n\n> {SAID[1]}\n>\n> {first}\n>\n>> {SAID[0]}\n"
    assert read(f"{HEAD}{SAID[2]}\n\n{quoted}", "thread.eml") == [SAID]


@pytest.mark.parametrize(
    "headers",
    [
        ("Nuo: {name}", "Išsiųsta: 2024 m. kovo 7 d. 07:58", "Kam: Ole", "Tema: Re: Rye"),
        ("Saatja: {name}", "Saadetud: 7. märts 2024 07:58", "Adressaat: Ole", "Teema: Re: Rye"),
        ("Od: {name}", "Poslano: 7. marec 2024 07:58", "Za: Ole", "Zadeva: Re: Rye"),
        ("Шаље: {name}", "Послато: 7. март 2024. 7:58", "Прима: Ole", "Тема: Re: Rye"),
        ("Frá: {name}", "Sent: 7. mars 2024 07:58", "Til: Ole", "Efni: Re: Rye"),
        ("از: {name}", "ارسال شده: 7 مارس 2024 07:58", "به: Ole", "موضوع: Re: Rye"),
    ],
)
def test_headers_that_a_program_copies_part_the_mails(read, headers):
    first, second = ("\n".join(headers).format(name=name) for name in ("Ida Brand", "Ole Lund"))
    assert read(f"{HEAD}{SAID[2]}\n\n{second}\n\n{SAID[1]}\n\n{first}\n\n{SAID[0]}\n", "thread.eml") == [SAID]


def test_a_ticket_that_sets_the_newest_answer_first_is_told_from_the_oldest_on(read):
    entries = [("Bo Holt (Yard)", "Apr 2, 2024, 9:40", SAID[1]), ("Ida Brand", "Apr 1, 2024, 09:14", SAID[0])]
    entries = [("Ida Brand", "Apr 3, 2024, 10:02", SAID[2]), *entries]
    body = "\n\n".join(f"{'-' * 30}\n\n{name}, {moment}:\n\n{said}" for name, moment, said in entries)
    assert read(f"{HEAD}##- Reply above this line -##\n\n{body}\n\n{'-' * 30}\nA service of the yard.\n", "t.eml") == [
        SAID
    ]


NOTICES = "".join(
    f"Date: {day} May 2024\nTo: all members\nSubject: {topic}\n\n{said}\n\n"
    for day, topic, said in ((3, "Roof", "It is mended."), (9, "Yard", "It is swept."), (12, "Kiln", "It is cold."))
)
NEWS = (
    "The water is on again.\n\n----- Message from the board -----\n\nSubs are due.\n\n"
    "----- Poruka uprave -----\n\nA second plot is free.\n"
)
QUOTED = (
    "The parser is faster.\n\nReported in issue 41 by Ann Bell <ann@x.example>:\n\n"
    "> It is slow on long lines.\n\nWe cut the lines now.\n"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (NOTICES, "notices.txt"),
        (NEWS, "news.txt"),
        (QUOTED, "notes.md"),
        ("No: 12\nDate: 3 May\nSubject: Roof\n\nPaid.\n\nNo: 13\nDate: 4 May\nSubject: Yard\n\nOpen.\n", "ledger.txt"),
    ],
)
def test_notices_and_quotations_are_no_mail(read, text, name):
    assert read(text, name) == []
