"""Messages in what programs print: tables of a database client, blocks of fields, episodes of a data set."""

import pytest

SAID = [
    ("ann", "did anybody find my red bucket?"),
    ("ben", "it stands in the boat house"),
    ("ann", "thanks, may I take the key?"),
    ("ben", "of course, it hangs on the nail"),
]
TEXTS = [[said for _, said in SAID]]


def printed(pipe="|", cross="+", dash="-", edge="", ends="++"):
    rows = [("id", "sender", "body"), *((str(n), *one) for n, one in enumerate(SAID, start=1))]
    widths = [max(len(row[place]) for row in rows) + 2 for place in range(3)]
    drawn = [
        edge + pipe.join(f" {cell}".ljust(width) for cell, width in zip(row, widths, strict=True)) + edge
        for row in rows
    ]
    rule = cross.join(dash * width for width in widths)
    rule = f"{ends[0]}{rule}{ends[1]}" if edge else rule
    lines = ([rule] if edge else []) + [drawn[0], rule, *drawn[1:]] + ([rule] if edge else [])
    return "chat=> select id, sender, body from messages;\n" + "\n".join(lines) + "\n(4 rows)\n\nchat=> \\q\n"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"edge": "|"},
        {"pipe": "│", "cross": "┼", "dash": "─"},
        {"pipe": "│", "cross": "┼", "dash": "─", "edge": "│", "ends": "├┤"},
    ],
)
def test_the_rows_that_a_database_client_prints_are_messages(read, form):
    assert read(printed(**form)) == TEXTS


@pytest.mark.parametrize(
    "text",
    [
        " id | name  | qty\n----+-------+----\n  1 | rope  |   4\n  2 | anchor |   1\n  3 | lamp  |   2\n(3 rows)\n",
        " pid | state  | query\n-----+--------+-------------\n"
        + "".join(f"  10{n} | {('idle', 'active')[n % 2]} | select {n} from boats\n" for n in range(4)),
    ],
)
def test_other_tables_of_a_database_are_left_alone(read, text):
    assert read(text) == []


def blocks(date, who, what, said=SAID):
    return "\n\n".join(
        f"{date}: 2023-12-0{n} 10:1{n}:30\n{who}: {name}\n{what}: {text}"
        for n, (name, text) in enumerate(said, start=1)
    )


@pytest.mark.parametrize(
    "keys",
    [
        ("Date(UTC)", "From", "Content"),
        ("Datum", "Von", "Nachricht"),
        ("Time", "Sender", "Message"),
        ("Date", "De", "Texte"),
    ],
)
def test_blocks_of_fields_that_name_sender_and_text_are_messages(read, keys):
    assert read(blocks(*keys)) == TEXTS


def test_a_line_of_its_own_kind_parts_blocks_into_two_conversations(read):
    text = f">>> Chat with ben\n\n{blocks('Date', 'From', 'Content')}\n\n>>> Chat with cat\n\n"
    other = [("cat", "is the ferry late?"), ("ann", "by an hour"), ("cat", "then I walk")]
    assert read(text + blocks("Date", "From", "Content", other)) == [*TEXTS, [said for _, said in other]]


RECORDS = {
    "a client that counts rows": ("{:*^57}\n", " {}. row ", "{:>7}: {}\n"),
    "a client that counts records": ("-[{:-<30}\n", " RECORD {} ]", "{:<7}| {}\n"),
    "a client that writes equations": ("", "", "{:>7} = {}\n"),
}


@pytest.mark.parametrize("form", RECORDS.values(), ids=RECORDS)
def test_records_printed_one_below_the_other_are_messages(read, form):
    rule, count, field = form
    text = "chat=> select * from messages;\n"
    for number, (name, said) in enumerate(SAID, start=1):
        text += rule.format(count.format(number)) if rule else "\n"
        text += "".join(field.format(*one) for one in (("id", number), ("sender", name), ("body", said)))
    assert read(text + "\n4 rows in set\n" * bool(rule)) == TEXTS


def test_a_message_of_several_lines_and_paragraphs_is_one(read):
    said = [("ann", "first line\n- who has the key?\n\nsecond paragraph"), *SAID[1:]]
    assert read(blocks("Date", "From", "Content", said)) == [[text for _, text in said]]


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(
            f"Time: 10:0{n}\nLevel: {('INFO', 'ERROR')[n % 2]}\nMessage: pump {n} was checked" for n in range(6)
        ),
        "\n\n".join(
            f"From: {('Ann', 'Ben')[n % 2]}\nDate: 2023-01-0{n + 1}\nMessage: Fix the pump {n}" for n in range(6)
        ),
        "\n\n".join(f"Name: Guest {n}\nRoom: {n}\nComment: A quiet room with a view." for n in range(1, 7)),
        "\n\n".join(f"From: Pier {n}\nTo: Island {n}\nContent: 12 crates of fish" for n in range(1, 7)),
        "".join(f"{'*' * 9} {n}. row {'*' * 9}\n  id: {n}\nname: boat {n}\nnote: Is it dry?\n" for n in range(1, 7)),
        "\n\n".join(f"Package: boat-{n}\nVersion: 1.{n}\nDescription: a tool for boats" for n in range(1, 7)),
    ],
)
def test_other_blocks_of_fields_are_left_alone(read, text):
    assert read(text) == []


def test_lines_of_text_and_labels_are_episodes(read):
    lines = [
        "text:do you sail?\tlabels:i do! every spring|only in spring",
        "text:alone?\tlabels:with my dog\tepisode_done:True",
        "",
        "text:what is for dinner\\nand when?\tlabels:soup\treward:0.5",
        "text:again?\teval_labels:again, at six\tepisode_done:True",
    ]
    assert read("\n".join(lines)) == [
        ["do you sail?", "i do! every spring", "alone?", "with my dog"],
        ["what is for dinner\nand when?", "soup", "again?", "again, at six"],
    ]


def test_lines_of_text_and_its_class_are_no_episodes(read):
    lines = [f"text:is pump {n} fine?\tlabels:{('yes', 'no')[n % 2]}\tepisode_done:True" for n in range(8)]
    assert read("\n".join(lines)) == []
