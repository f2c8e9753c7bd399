"""Objects and rows that have a writer and a text, and are no turns: articles, issues, quotations, settings."""

import json

import pytest

NEWS = [
    ("Ines", "Slugs again", "Beer traps work best after rain."),
    ("Paul", "Which rake?", "We compare five rakes under twenty euros."),
    ("Ines", "Compost heat", "A heap should reach sixty degrees. What about yours?"),
    ("Paul", "Frost dates", "Mind the last week of April."),
    ("Ines", "New gate", "The gate at the north end was painted green."),
]


def tags(**values):
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())


@pytest.mark.parametrize("keys", [("title", "body"), ("headline", "text"), ("subject", "content"), ("titre", "texte")])
def test_texts_with_headings_of_their_own_are_articles_whatever_they_ask(read, keys):
    heading, text = keys
    rows = [{"author": who, heading: title, text: said} for who, title, said in NEWS]
    assert read(json.dumps(rows), "posts.json") == []
    assert read(json.dumps({"items": rows}), "feed.json") == []
    assert read("\n".join(map(json.dumps, rows)), "posts.jsonl") == []
    lines = [f'{who},{title},"{said}"' for who, title, said in NEWS]
    assert read("\n".join([f"author,{heading},{text}", *lines]), "posts.csv") == []
    items = "".join(f"<item>{tags(author=who, **{heading: title, text: said})}</item>" for who, title, said in NEWS)
    assert read(f'<?xml version="1.0"?><feed>{items}</feed>', "feed.xml") == []


def test_issues_are_no_talk_and_the_comments_of_one_are(read):
    issues = [{"title": title, "user": {"login": who}, "body": said} for who, title, said in NEWS]
    assert read(json.dumps(issues), "issues.json") == []
    comments = [{"user": {"login": who}, "body": said} for who, _, said in NEWS[1:]]
    thread = {**issues[0], "comments": comments}
    assert read(json.dumps(thread), "issue.json") == [[said for _, _, said in NEWS]]


def test_mails_of_one_subject_are_a_talk(read):
    rows = [{"from": who, "subject": f"{'Re: ' * (n > 0)}Slugs", "body": said} for n, (who, _, said) in enumerate(NEWS)]
    assert read(json.dumps({"messages": rows}), "mails.json") == [[said for _, _, said in NEWS]]


def test_quotations_by_their_authors_are_no_talk_where_nobody_is_asked(read):
    quiet = [(who, said) for who, _, said in NEWS if "?" not in said]
    assert read(json.dumps([{"author": who, "text": said} for who, said in quiet]), "quotes.json") == []
    assert read(json.dumps([{"sender": who, "text": said} for who, said in quiet]), "talk.json") != []


def test_roles_with_the_same_settings_are_no_talk(read):
    rows = [{"role": name, "content": ["read", "write"]} for name in ("admin", "guest", "admin", "guest")]
    assert read(json.dumps(rows), "roles.json") == []


QUIET = [
    ("Ines", "I am at the weir now."),
    ("Paul", "Good, I am there in ten minutes."),
    ("Ines", "The road is wet, so take your time."),
    ("Paul", "Then I bring the long rope."),
    ("Ines", "And the lamp, it gets dark."),
    ("Paul", "It is in the boat."),
]


def in_all_forms(rows):
    """The rows as JSON, JSON Lines and CSV: the text of a file and its name."""
    lines = [",".join(rows[0]), *(",".join(f'"{value}"' for value in row.values()) for row in rows)]
    return [
        (json.dumps(rows), "rows.json"),
        ("\n".join(map(json.dumps, rows)), "rows.jsonl"),
        ("\n".join(lines), "rows.csv"),
    ]


@pytest.mark.parametrize("keys", [("author", "text"), ("autor", "mensaje"), ("author", "post")])
def test_writers_who_answer_each_other_are_a_talk_though_none_ends_with_a_question(read, keys):
    rows = [dict(zip(keys, row, strict=True)) for row in QUIET]
    assert [read(*form) for form in in_all_forms(rows)] == [[[said for _, said in QUIET]]] * 3


@pytest.mark.parametrize("keys", [("author", "quote"), ("autor", "cita"), ("author", "description")])
def test_quotations_and_what_tells_of_a_thing_are_no_talk_in_whatever_order(read, keys):
    rows = [dict(zip(keys, row, strict=True)) for row in QUIET]
    assert [read(*form) for form in in_all_forms(rows)] == [[]] * 3


def test_a_speaker_who_comes_back_wins_over_a_heading_for_each_turn(read):
    rows = [
        {"speaker": who, "topic": f"Point {n}: {said[:6]}", "text": said} for n, (who, _, said) in enumerate(NEWS[:4])
    ]
    assert [read(*form) for form in in_all_forms(rows)] == [[[said for _, _, said in NEWS[:4]]]] * 3
    once = [{**row, "speaker": f"Speaker {n}"} for n, row in enumerate(rows)]
    assert [read(*form) for form in in_all_forms(once)] == [[]] * 3


@pytest.mark.parametrize("shared", ["Say whether the review is kind.", ""])
def test_roles_are_evidence_though_their_texts_come_again_and_again(read, shared):
    """In a table a column of so few different texts is not taken for speech where the system's are among them."""
    films = ["The film was lovely.", "I left early.", "A joy.", "Never again.", "The actors save it.", "Too long."]
    talks = [
        [*([("system", shared)] if shared else []), ("user", film), ("assistant", ("kind", "unkind")[n % 2])]
        for n, film in enumerate(films)
    ]
    rows = [
        {"conversation_id": f"c{n}", "role": role, "content": said}
        for n, talk in enumerate(talks)
        for role, said in talk
    ]
    forms = in_all_forms(rows)[: 2 if shared else 3]
    assert {len(read(*form)) for form in forms} == {6}


def test_what_is_thrown_again_and_again_is_told_each_time(read):
    rows = [
        {"role": ("user", "assistant")[n % 2], "content": said}
        for n, said in enumerate(["Roll the die", "Four", "Roll the die", "Two"] * 3)
    ]
    assert [len(talk) for talk in read("\n".join(map(json.dumps, rows)), "dice.jsonl")] == [12]


@pytest.mark.parametrize("keys", [("title", "answer"), ("titel", "antwort")])
def test_a_key_that_says_answer_makes_a_pair_with_a_title(read, keys):
    rows = [
        dict(zip(keys, row, strict=True))
        for row in (("Capital of France", "The capital is the city of Paris."), ("The Danube", "It is a long river."))
    ]
    assert read("\n".join(map(json.dumps, rows)), "pairs.jsonl") == [list(row.values()) for row in rows]
    vague = [dict(zip(("title", "output"), row.values(), strict=True)) for row in rows]
    assert read("\n".join(map(json.dumps, vague)), "pairs.jsonl") == []


def test_messages_of_programs_are_a_talk_only_where_half_of_them_ask_or_a_session_is_named(read):
    log = [
        {"message": "GET /cart was received by the gate", "response": "302 moved to the login page"},
        {"message": "PUT /cart was received by the gate", "response": "200 served from the store"},
        {"message": "Is the store alive?", "response": "no word within thirty seconds"},
    ]
    assert read("\n".join(map(json.dumps, log)), "gate.jsonl") == []
    talk = [{"session_id": "s-4711", **row} for row in log]
    assert read("\n".join(map(json.dumps, talk)), "bot.jsonl") == [[text for row in log for text in row.values()]]


def test_of_several_answers_the_first_is_taken_and_the_parts_of_one_are_joined(read):
    first, second = {"value": "Goethe"}, {"value": "J. W. von Goethe"}
    asked = {"question": "Who wrote Faust?"}
    assert read(json.dumps({**asked, "answer": [first, second]}), "a.json") == [["Who wrote Faust?", "Goethe"]]
    parts = [
        {"type": "thinking", "text": "A poet."},
        *({"type": "text", "text": part} for part in ("Goethe,", "of course.")),
    ]
    assert read(json.dumps({**asked, "answer": parts}), "a.json") == [["Who wrote Faust?", "Goethe,\nof course."]]


@pytest.mark.parametrize(("key", "value"), [("session", "Spring 2024"), ("conversation", "faq"), ("session", "2024")])
def test_a_column_that_never_changes_and_is_no_id_joins_nothing(read, key, value):
    pairs = [("How do I enrol?", "On the page of the office."), ("When does it begin?", "In March, on a Monday.")]
    rows = [{key: value, "question": asked, "answer": told} for asked, told in pairs]
    assert [read(*form) for form in in_all_forms(rows)] == [list(map(list, pairs))] * 3
    one = [{"session_id": "spring", **{name: row[name] for name in ("question", "answer")}} for row in rows]
    assert [read(*form) for form in in_all_forms(one)] == [[[text for pair in pairs for text in pair]]] * 3


@pytest.mark.parametrize("marks", [("type", "ru", "en"), ("kind", "reasoning", "answer"), ("type", "thought", "text")])
def test_a_language_and_a_way_to_think_are_no_events(read, marks):
    key, first, other = marks
    rows = [{"author": who, key: other if n else first, "text": said} for n, (who, said) in enumerate(QUIET)]
    assert read(json.dumps({"messages": rows}), "chat.json") == [[said for _, said in QUIET]]


def test_the_number_or_letter_of_an_option_is_no_answer(read):
    quiz = [
        {"question": f"Which {what} is it?", "options": ["Elbe", "Oder", "Rhine"], "answer": answer}
        for what, answer in (("river", 1), ("year", "B"), ("mill", 0))
    ]
    assert read(json.dumps({"quiz": quiz}), "quiz.json") == []
    solved = [{**entry, "answer": "The Oder."} for entry in quiz]
    assert read(json.dumps({"quiz": solved}), "quiz.json") == [[entry["question"], "The Oder."] for entry in quiz]
    sums = [{"question": f"How much is {n} and {n}?", "answer": str(2 * n)} for n in range(4)]
    assert len(read(json.dumps(sums), "sums.json")) == 4


def test_searches_are_no_talk(read):
    sought = [
        "mill hours",
        "who built the mill?",
        "flour price now",
        "mill museum",
        "where is the mill?",
        "bus to mill",
    ]
    rows = [{"user": ("ann", "bob")[n % 2], "query": text, "results": 3} for n, text in enumerate(sought)]
    assert read("\n".join(map(json.dumps, rows)), "search.jsonl") == []
    lines = [f'{row["user"]},"{row["query"]}"' for row in rows]
    assert read("\n".join(["user,query", *lines]), "search.csv") == []


def test_what_a_server_is_asked_and_sends_is_no_talk(read):
    log = {
        "request": {"method": "GET", "path": "/mill", "body": "hello there my friend"},
        "response": {"status": 200, "body": "this is the page body"},
    }
    assert read(json.dumps([log] * 3), "http.json") == []
    flat = {"request": "GET /mill HTTP/1.1", "response": "HTTP/1.1 200 OK text/html"}
    assert read(json.dumps([flat] * 3), "http.json") == []
    talk = {"request": "Tell me about the mill.", "response": "It was built in 1840."}
    assert read(json.dumps([talk]), "talk.json") == [list(talk.values())]


@pytest.mark.parametrize("key", ["rating", "stars"])
def test_opinions_that_give_marks_are_no_talk_whatever_they_ask(read, key):
    rows = [{"author": who, key: 4, "text": said} for who, _, said in (NEWS[n] for n in (0, 2, 1, 3, 4))]
    assert read(json.dumps(rows), "reviews.json") == []
    assert read(json.dumps({"results": rows}), "reviews.json") == []


def test_classes_of_texts_are_no_answers(read):
    rows = [{"input": said, "target": ("good", "bad")[n % 2]} for n, (_, _, said) in enumerate(NEWS)]
    assert read("\n".join(map(json.dumps, rows)), "train.jsonl") == []


def test_the_choices_that_a_model_gives_are_answers(read):
    rows = [
        {"id": n, "prompt": asked, "choices": [{"index": 0, "text": told}]}
        for n, (asked, told) in enumerate(
            [("Is it open?", "On Sundays, from two."), ("Who has the key?", "The miller.")]
        )
    ]
    assert read("\n".join(map(json.dumps, rows)), "log.jsonl") == [
        [row["prompt"], row["choices"][0]["text"]] for row in rows
    ]


def test_revisions_of_a_page_are_no_talk_whatever_their_summaries_ask(read):
    told = ["fix typo in lead", "why was this removed?", "add source for date", "again?", "better map", "undo that"]
    rows = [
        {"revid": n, "parentid": n - 1, "user": ("ann", "bob")[n % 2], "comment": text} for n, text in enumerate(told)
    ]
    assert read(json.dumps({"revisions": rows}), "history.json") == []
    lines = [f'{n},{n - 1},{row["user"]},"{row["comment"]}"' for n, row in enumerate(rows)]
    assert read("\n".join(["revid,parentid,user,comment", *lines]), "history.csv") == []
