"""The line above quoted mail, in languages that name the writer before the verb or behind it."""

import pytest

HEAD = (
    "From: Ida Brand <ida@x.example>\nTo: Ole Lund <ole@x.example>\nSubject: Re: Rye\n"
    "Content-Type: text/plain; charset=utf-8\n\n"
)


@pytest.mark.parametrize(
    "line",
    [
        "Am Mo., 3. Juni 2024 um 08:12 Uhr schrieb {name} <{mail}>:",
        "Op ma 3 jun 2024 om 08:12 schreef {name} <{mail}>:",
        "Den mån 3 juni 2024 kl 08:12 skrev {name} <{mail}>:",
        "Am 03.06.2024 um 08:12 schrieb {name}:",
        "On Mon, Jun 3, 2024 at 8:12 AM {name} <{mail}> wrote:",
        "Le lun. 3 juin 2024 à 08:12, {name} <{mail}> a écrit :",
        "pon., 3 cze 2024 o 08:12 {name} <{mail}> napisał(a):",
        "{name} schrieb am 3. Juni 2024 um 08:12:",
    ],
)
def test_the_writer_of_each_quoted_mail_is_told_by_the_line_above_it(read, line):
    first, second = (
        line.format(name=name, mail=mail)
        for name, mail in (("Ida Brand", "ida@x.example"), ("Ole Lund", "ole@x.example"))
    )
    quoted = f"{second}\n> Two sacks are dry.\n>\n> {first}\n>> Is the rye dry?\n"
    assert read(f"{HEAD}May I fetch them?\n\n{quoted}", "thread.eml") == [
        ["Is the rye dry?", "Two sacks are dry.", "May I fetch them?"]
    ]


@pytest.mark.parametrize(
    "line",
    [
        "In 2019 the council wrote to the owners of all houses along the northern bank of the river:",
        "here is what the lawyers wrote in the second section of the contract, on the days of payment:",
        "please see how the lawyer wrote Section 4 Paragraph 2 of the contract at 10:30",
    ],
)
def test_a_quotation_led_in_by_a_sentence_is_no_mail(read, line):
    assert read(f"{HEAD}Dear Ole,\n\n{line}\n> Nothing is built here.\n\nIda\n", "rule.eml") == []
