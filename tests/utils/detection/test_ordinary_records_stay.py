"""Records and tables that look like talks to one rule or another and are none, and talks with keys of other things."""

import json

import pytest

TALK = [
    ("ann", "Is the mill open today?"),
    ("bob", "Yes, until five. Can I help you?"),
    ("ann", "Could you keep two sacks for me?"),
    ("bob", "Of course, they are at the door."),
]
SAID = [said for _, said in TALK]
ASKED = ["Is the mill open?", "Who keeps the key?", "Is there a bus?"]
TOLD = ["On Sundays, from two.", "The miller keeps it.", "Line 4 stops at the bridge."]
PAIRS = [list(pair) for pair in zip(ASKED, TOLD, strict=True)]


@pytest.mark.parametrize("beside", [{"references": ["p. 3"]}, {"tags": ["sums", "easy"]}])
def test_a_list_beside_a_short_answer_leaves_it_alone(read, beside):
    for answers in (["16", "5", "28"], ["C", "0", "K"]):
        rows = [{"question": asked, "answer": answer, **beside} for asked, answer in zip(ASKED, answers, strict=True)]
        assert read(json.dumps(rows), "sums.json") == [[row["question"], row["answer"]] for row in rows]


def test_an_option_alone_answers_and_a_list_of_them_does_not(read):
    rows = [{"question": asked, "option": told} for asked, told in PAIRS]
    assert read(json.dumps({"data": rows}), "faq.json") == PAIRS
    quiz = [{"title": asked, "options": TOLD} for asked in ASKED]
    assert read(json.dumps({"quiz": quiz}), "quiz.json") == []


@pytest.mark.parametrize(
    "values",
    [
        ["Ist die Mühle offen?", "Wer hat denn den Schlüssel?", "Fährt dort ein Bus?"],
        ["Le moulin est-il ouvert ?", "Qui garde la clé ?", "Y a-t-il un bus ?"],
        ["docs/about the mill.md", "docs/keys and locks.md", "docs/bus and tram.md"],
        ["score 4 of 5", "score 2 of 5", "score 5 of 5"],
        ["Monday or Tuesday evening", "the hall behind the mill", "bread, cheese and wine"],
    ],
)
def test_translations_paths_figures_and_what_is_filled_in_answer_no_key(read, values):
    assert read(json.dumps({"texts": dict(zip(ASKED, values, strict=True))}), "x.json") == []
    assert read(json.dumps(dict(zip(ASKED, values, strict=True))), "x.json") == []


def test_questions_that_come_again_as_keys_are_a_form(read):
    rows = [dict(PAIRS), dict(PAIRS)]
    assert read(json.dumps(rows), "form.json") == []
    assert read(json.dumps({"shop": "Mill", "rows": rows}), "form.json") == []
    assert read("\n".join(map(json.dumps, rows)), "form.jsonl") == []


@pytest.mark.parametrize("key", ["rating", "stars", "evaluation", "commit", "rev", "revision", "_rev"])
def test_a_talk_whose_messages_are_rated_or_numbered_is_one(read, key):
    rows = [{"author": who, key: f"1-{n}ab", "text": said} for n, (who, said) in enumerate(TALK)]
    assert read(json.dumps(rows), "talk.json") == [SAID]
    assert read("\n".join(map(json.dumps, rows)), "talk.jsonl") == [SAID]


def test_messages_that_share_ids_in_one_list_are_all_told(read):
    rounds = [("user", "Go on."), ("assistant", "First step."), ("user", "Go on."), ("assistant", "First step.")]
    rows = [{"id": role, "role": role, "content": said} for role, said in rounds]
    assert read(json.dumps({"messages": rows}), "talk.json") == [[said for _, said in rounds]]
    other = [{"id": "user", "role": "user", "content": "Go on."}, {"id": "x", "role": "assistant", "content": "No."}]
    found = read(json.dumps({"talks": {"first": rows, "second": other}}), "talks.json")
    assert ["Go on.", "No."] in found
    assert [said for _, said in rounds] in found


def test_an_id_of_a_message_that_is_answered_ends_no_branch(read):
    roles = ("user", "assistant")
    rows = [
        {"id": f"m{n}", "parent_id": f"m{n - 1}" if n else None, "role": roles[n % 2], "content": said}
        for n, said in enumerate(SAID)
    ]
    assert read(json.dumps({"current_id": "m1", "messages": rows}), "talk.json") == [SAID]


@pytest.mark.parametrize(
    "values",
    [
        {
            "question1": ASKED[0],
            "answer1": "5f4dcc3b5aa765d61d83",
            "question2": ASKED[1],
            "answer2": "aab3238922bcc25a",
        },
        {"q1": ASKED[0], "a1": "4", "q2": ASKED[1], "a2": "Yes"},
        {"q1": ASKED[0], "a1": "3", "b1": "4", "c1": "5", "q2": ASKED[1], "a2": "Oder", "b2": "Nile", "c2": "Rhine"},
        {
            "q1": ASKED[0],
            "a1": "It is open.",
            "b1": "It is not.",
            "q2": ASKED[1],
            "a2": "It is his.",
            "b2": "It is hers.",
        },
        {"q1_input": ASKED[0], "q1_output": "It is open.", "q2_input": ASKED[1], "q2_output": "It is his."},
        {"input1": "ready?", "output1": "It has 5 volts.", "input2": "enabled?", "output2": "It has 3 volts."},
    ],
)
def test_figures_hashes_options_and_inputs_under_numbered_keys_are_no_answers(read, values):
    assert read(json.dumps(values), "x.json") == []


@pytest.mark.parametrize(
    "answers", [["Ann Mill (5 min)", "Bob Oak (20 min)", "all (5 min)"], ["Yes", "Yes", "No"], ["Ann", "Bob", "nobody"]]
)
@pytest.mark.parametrize("form", ["{}", "{}."])
def test_agendas_and_check_lists_are_no_talk(read, answers, form):
    rows = [f"{form.format(n)},{asked}\n,{told}" for n, (asked, told) in enumerate(zip(ASKED, answers, strict=True), 1)]
    assert read("\n".join(rows), "list.csv") == []


@pytest.mark.parametrize(
    "rows",
    [
        [("one mouse", "two mice"), ("I go home", "I went home"), ("she knows", "she does not know")],
        [("2 + 3 * 4", "14"), ("(2 + 3) * 4", "20"), ("-7 + 2", "-5")],
        [("The ferry leaves at nine.", "Die Fähre fährt um neun."), ("I like tea.", "Ich trinke gern Tee.")],
    ],
)
def test_targets_of_inputs_that_ask_nothing_are_no_answers(read, rows):
    pairs = [{"input": one, "target": other} for one, other in rows]
    assert read(json.dumps(pairs), "cases.json") == []
    assert read("\n".join(map(json.dumps, pairs)), "cases.jsonl") == []
    lists = {"inputs": [one for one, _ in rows], "targets": [other for _, other in rows]}
    assert read(json.dumps(lists), "cases.json") == []


def test_two_entries_under_years_are_no_pairs(read):
    told = ["Two old elms near the mill were felled.", "Twelve young oaks were planted there."]
    years = {str(2023 + n): {"title": ASKED[n], "description": told[n]} for n in range(2)}
    assert read(json.dumps(years), "trees.json") == []
    people = {f"p{n}": {"name": "Ann", "title": ASKED[n], "description": told[n]} for n in range(2)}
    assert read(json.dumps(people), "people.json") == []


def test_hints_with_pictures_are_no_talk(read):
    hints = [
        ("Do you have your ticket?", ""),
        ("You can find it in your mail.", "mail.png"),
        ("Do you need help with your bag?", ""),
        ("You may leave it at our desk.", "desk.png"),
    ]
    steps = [{"text": text, **({"image": image} if image else {})} for text, image in hints]
    assert read(json.dumps({"steps": steps}), "app.json") == []


def test_tasks_in_a_tree_of_which_one_asks_are_no_talk(read):
    tasks = [
        ("Ann", "Plan your trip to the coast."),
        ("Bob", "Ask the school whether you may take the bus."),
        ("Cid", "Which rooms do you want?"),
        ("Ann", "Book the rooms for you and me."),
    ]
    rows = [{"id": n, "parent": n - 1 or "", "name": who, "text": text} for n, (who, text) in enumerate(tasks, 1)]
    assert read(json.dumps(rows), "tasks.json") == []


def test_people_who_only_ask_each_other_are_a_talk(read):
    talk = ["Who is there?", "Who wants to know?", "Why do you ask?", "Do I look like a miller?"]
    rows = [{"id": 7 + n % 2, "name": ("Ann", "Bob")[n % 2], "text": said} for n, said in enumerate(talk)]
    assert read(json.dumps({"chat": {"messages": rows}}), "talk.json") == [talk]
