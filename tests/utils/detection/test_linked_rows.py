"""Tables whose rows name the row that they answer, stand below a numbered question, or have no header."""

import json

import pytest

FORD = [
    ("4471", "is the ford open today??"),
    ("Ferry", "Not before noon. ^K"),
    ("4471", "and how do I get home"),
    ("Ferry", "By the bridge."),
]
LOST = [
    ("1189", "lost a green umbrella 😢"),
    ("Ferry", "Oh no! On which boat was it?"),
    ("1189", "the nine o'clock"),
    ("Ferry", "Found it."),
]
WOVEN = [row for pair in zip(FORD, LOST, strict=True) for row in pair]


def posts(parent):
    rows = []
    for number, (who, said) in enumerate(WOVEN):
        above = {parent: 98 + number} if number > 1 else {}
        rows.append({"tweet_id": 100 + number, "author_id": who, "text": said, **above})
    return rows


def as_csv(rows):
    names = list(rows[-1])
    return "\n".join([",".join(names), *(",".join(f'"{row.get(name, "")}"' for name in names) for row in rows)])


@pytest.mark.parametrize("parent", ["in_response_to_tweet_id", "in_reply_to_status_id", "reply_to_id", "parent_id"])
def test_posts_stand_in_the_order_of_their_replies(read, parent):
    told = [[said for _, said in FORD], [said for _, said in LOST]]
    assert read(as_csv(posts(parent)), "posts.csv") == told
    assert read(json.dumps({"posts": posts(parent)}), "posts.json") == told


def test_tasks_below_tasks_are_no_talk(read):
    rows = [
        {"id": 1, "owner": "ann", "text": "Plan the mill feast for June."},
        {"id": 2, "owner": "bob", "text": "Book the band by Friday.", "parent_id": 1},
        {"id": 3, "owner": "ann", "text": "Borrow the long tables.", "parent_id": 1},
        {"id": 4, "owner": "bob", "text": "Ask the miller for flour.", "parent_id": 3},
        {"id": 5, "owner": "ann", "text": "Print the small posters.", "parent_id": 2},
    ]
    assert read(as_csv(rows), "tasks.csv") == []


ASKED = ["Is the mill open?", "Who keeps the key?", "My wheel squeaks. What now?", "May dogs come in?"]
TOLD = ["On Sundays, from two.", "The miller keeps it.", "Oil it.", "No."]


def table(rows):
    return f"<html><body><table>{''.join(f'<tr><td>{one}</td><td>{two}</td></tr>' for one, two in rows)}</table>"


@pytest.mark.parametrize("form", ["8.1.{}.", "{}", "{})", "Nr. {}"])
def test_rows_below_numbered_questions_answer_them(read, form):
    rows = []
    for number, (asked, told) in enumerate(zip(ASKED, TOLD, strict=True), 1):
        rows += [(form.format(number), asked), ("", told)]
    pairs = [list(pair) for pair in zip(ASKED, TOLD, strict=True)]
    assert read(table(rows), "faq.html") == pairs
    assert read("\n".join(f'{one},"{two}"' for one, two in rows), "faq.csv") == pairs


def test_options_below_numbered_questions_and_tasks_with_notes_are_no_talk(read):
    exam, tasks = [], []
    for number, asked in enumerate(ASKED, 1):
        exam += [(str(number), asked), ("", "a) yes"), ("", "b) no")]
        tasks += [(str(number), f"Look after the gate number {number}."), ("", "Bring the long ladder.")]
    assert read(table(exam), "exam.html") == []
    assert read(table(tasks), "tasks.html") == []


CHAT = [
    ("brolly", "", "my disk won't mount, any ideas?"),
    ("dag", "brolly", "what does the log say?"),
    ("brolly", "dag", "nothing strange"),
    ("dag", "brolly", "are you in the right group?"),
    ("brolly", "dag", "it's the same, i checked"),
    ("dag", "brolly", "put the config away and try again"),
    ("brolly", "dag", "that did it thanks"),
    ("dag", "brolly", "good"),
]


def test_a_chat_without_header_is_told_by_its_times_and_names(read):
    lines = [f"2005-11-13T16:4{n}:00.000Z\t{who}\t{to}\t{said}" for n, (who, to, said) in enumerate(CHAT)]
    assert read("\n".join(lines), "4.tsv") == [[said for *_, said in CHAT]]


PLACES = ("mill", "ford", "barn", "quay", "weir", "pound", "bakery", "chapel")


@pytest.mark.parametrize(
    "said", ["searched for {}", "opened the page of the {}", "where is the {}?", "{}: saved, 3 rows"]
)
def test_a_log_without_header_is_no_talk(read, said):
    lines = [
        f"2005-11-13T16:4{n}:00.000Z\t{('ann', 'bob')[n % 2]}\t{said.format(place)}" for n, place in enumerate(PLACES)
    ]
    assert read("\n".join(lines), "4.tsv") == []
    assert read("\n".join(line.partition("\t")[2] for line in lines), "4.tsv") == []


def test_one_question_in_a_log_makes_no_talk_of_it(read):
    done = [
        "opened the gate",
        "closed the gate",
        "swept the yard",
        "oiled the wheel",
        "where is the key?",
        "fed the cats",
    ]
    lines = [f"2024-05-0{n + 1}\t{('ann', 'bob')[n % 2]}\t{said}" for n, said in enumerate(done)]
    assert read("\n".join(lines), "log.tsv") == []


SPOKEN = [said for *_, said in CHAT]


def test_a_column_for_each_speaker_may_stand_beside_times_and_sessions(read):
    rows = [f"s1,10:0{n}," + (f'"{said}",' if n % 2 == 0 else f',"{said}"') for n, said in enumerate(SPOKEN)]
    assert read("\n".join(["Session,Time,Customer,Agent", *rows]), "chat.csv") == [SPOKEN]


def test_the_number_of_a_row_is_no_answer(read):
    rows = [f'{n},"{asked}","{told}"' for n, (asked, told) in enumerate(zip(ASKED, TOLD, strict=True), 1)]
    pairs = [list(pair) for pair in zip(ASKED, TOLD, strict=True)]
    found = read("\n".join([",Question,Remark", *rows]), "faq.csv")
    assert not any(turn.isdigit() for pair in found for turn in pair)
    assert read("\n".join(["Q,A", *(row.partition(",")[2] for row in rows)]), "faq.csv") == pairs
