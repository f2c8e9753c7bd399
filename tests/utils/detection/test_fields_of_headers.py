"""Headers of messages: fields that only some have, kinds of entries, dates of recordings, what a program sets."""

import pytest

SAID = [
    ("Ines Brand", "Is the mill still running?"),
    ("Paul Fisk", "Until the wind drops."),
    ("Ines Brand", "May I bring my rye?"),
    ("Paul Fisk", "Two sacks, no more.\n\nAnd dry ones."),
    ("Ines Brand", "What does it cost?"),
    ("Paul Fisk", "A third of the flour."),
]
TEXTS = [said for _, said in SAID]


def test_fields_of_some_headers_are_said_by_nobody(read):
    rare = ["Received: {}", "", "Received: {}\nReaction: 👍 from Paul", "Attachment: rye.jpg (image/jpeg)", "", ""]
    blocks = []
    for n, ((who, said), more) in enumerate(zip(SAID, rare, strict=True)):
        when = f"Tue, 14 Jun 2022 18:0{n}:46 +0200"
        lines = [f"From: {who} (+4915510{n % 2})", "Type: incoming", f"Sent: {when}", more.format(when)]
        blocks.append("\n".join(filter(None, lines)) + f"\n\n{said}\n")
    assert read("Conversation: Mill\n\n" + "\n".join(blocks)) == [TEXTS]


def test_what_is_said_below_a_header_may_begin_with_a_key(read):
    blocks = [
        f"From: {who}\nType: incoming\nSent: Tue, 14 Jun 2022 18:0{n}:46 +0200\n{'Listen: ' if n == 2 else ''}{said}\n"
        for n, (who, said) in enumerate(SAID)
    ]
    assert "Listen: May I bring my rye?" in read("Conversation: Mill\n\n" + "\n".join(blocks))[0]


def test_the_kind_of_an_entry_is_no_part_of_a_name(read):
    kinds = ["Additional comments", "Work notes", "Additional comments", "Additional comments", "Work notes"]
    names = ["Ines Brand", "Desk (Paul Fisk)", "Ines Brand", "Desk (Paul Fisk)", "Desk (Paul Fisk)"]
    said = ["It prints twice.", "Is it only bay 4?", "Only bay 4, yes.", "I am on site at two.", "Setting changed."]
    entries = [
        f"03-11-2022 {9 + n:02}:45:20 - {name} ({kind})\n{text}\n"
        for n, (name, kind, text) in enumerate(zip(names, kinds, said, strict=True))
    ]
    found = read("Incident 47\n\nActivity\n\n" + "\n".join(reversed(entries)))
    assert found == [[*said[:3], f"{said[3]}\n{said[4]}"]]


def test_the_date_of_a_recording_with_its_length_is_nobody(read):
    talk = "\n\n".join(f"{who}  0:{7 + n * 6:02}  \n{said}" for n, (who, said) in enumerate(SAID))
    head = "The mill\nSat, May 14, 2022 11:02AM • 2:14\n\nSUMMARY KEYWORDS\nmill, rye, wind\n\nSPEAKERS\nInes, Paul\n\n"
    assert read(head + talk) == [TEXTS]


@pytest.mark.parametrize("notice", ["imagen omitida", "Eliminaste este mensaje.", "画像は表示されていません", "kuva"])
def test_a_message_behind_the_mark_of_a_program_is_said_by_nobody(read, notice):
    lines = [f"[03/05/23, 19:0{n}:02] {who}: {said}" for n, (who, said) in enumerate(SAID[:3])]
    lines.insert(2, f"\u200e[03/05/23, 19:02:30] Paul Fisk: \u200e{notice}")
    assert read("\n".join(lines)) == [TEXTS[:3]]


def test_a_heading_between_messages_is_said_by_nobody_and_one_inside_stays(read):
    parts = [f"{who}: 00:0{n}:01\n\n{said}" for n, (who, said) in enumerate(SAID)]
    parts[1] += "\n\n## The price"
    parts[4] = parts[4].replace("What", "## Money\n\nWhat")
    found = read("\n\n".join(parts), "talk.md")
    assert [said for turns in found for said in turns] == [*TEXTS[:4], f"## Money\n\n{TEXTS[4]}", TEXTS[5]]


CASUAL = [
    f"{part} by the {where}" for part in ("the box", "no wind", "two sacks", "the cart") for where in ("mill", "weir")
]


@pytest.mark.parametrize(("picture", "talks"), [(" 🙋", 1), ("", 0), (" 🛠", 0), (" ✨", 0)])
def test_pictures_end_what_is_said_as_full_stops_do(read, picture, talks):
    said = ["who left the gate open?", f"paul{picture}", f"ida{picture}", *CASUAL]
    lines = [f"[03/05/23, 19:{n + 10}:02] {('Ines', 'Paul', 'Ida')[n % 3]}: {part}" for n, part in enumerate(said)]
    assert len(read("\n".join(lines))) == talks
