"""Records that tell who speaks by numbers in their keys, by their make-up or by kinds, and their neighbours."""

import json

import pytest

ASKED = ["Is the mill open?", "Who keeps the key?", "Does the wheel still turn?"]
TOLD = ["On Sundays, from two.", "The miller keeps it.", "In high water only."]
PAIRS = [list(pair) for pair in zip(ASKED, TOLD, strict=True)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("q{}", "a{}"),
        ("question{}", "answer{}"),
        ("question_{}", "answer_{}"),
        ("faq{}_question", "faq{}_answer"),
        ("faqQ{}", "faqA{}"),
        ("{}_frage", "{}_antwort"),
        ("pregunta{}", "respuesta{}"),
    ],
)
def test_numbers_in_keys_pair_questions_with_answers(read, question, answer):
    texts = {"title": "About the mill", "intro": "Nothing found? Write to us."}
    for number, (asked, told) in enumerate(PAIRS, 1):
        texts |= {question.format(number): asked, answer.format(number): told}
    page = {"nav": {"home": "Home"}, "help": texts, "errors": {"mail": "Is this an address?"}}
    assert read(json.dumps(page), "en.json") == PAIRS


@pytest.mark.parametrize(
    "values",
    [
        {"q1": "How old are you?", "q2": "Where do you live?", "a3": "I would rather not say."},
        {"question": "Where is the mill?", "answer1": "By the ford.", "answer2": "On the hill.", "answer3": "Here."},
        {"q1": "first quarter, all told", "a1": "about nine hundred", "q2": "second quarter", "a2": "a thousand"},
        {"q1": 3, "a1": 5, "q2": 4, "a2": 6},
    ],
)
def test_numbered_keys_without_partners_or_questions_are_no_pairs(read, values):
    assert read(json.dumps({"page": values}), "en.json") == []


@pytest.mark.parametrize(("asked", "told"), [("input", "target"), ("inputs", "targets")])
def test_targets_answer_inputs(read, asked, told):
    rows = [{"kind": "qa", asked: one, told: other} for one, other in PAIRS]
    assert read("\n".join(map(json.dumps, rows)), "train.jsonl") == PAIRS


def test_targets_of_builds_and_translations_are_no_answers(read):
    builds = [{"input": "src/main.ts", "target": "es2020"}, {"input": "src/mill.ts", "target": "es2017"}]
    assert read(json.dumps({"builds": builds}), "build.json") == []
    lines = [{"source": "The mill is open today.", "target": "Die Mühle ist heute offen."}] * 2
    assert read(json.dumps(lines), "mt.json") == []


def test_lines_of_python_values_are_records(read):
    rows = [{"question": one, "asked": None, "worked": True, "answer": f"{other} It's 4' 7\"."} for one, other in PAIRS]
    assert read("\n".join(map(repr, rows)), "qa.json") == [[one, f"{other} It's 4' 7\"."] for one, other in PAIRS]
    assert read(repr(rows), "all.json") == [[one, f"{other} It's 4' 7\"."] for one, other in PAIRS]


def node(number, parts, last):
    below = [] if number == last else [str(number + 1)]
    message = {"model": "m-1", "fragments": [{"type": kind, "content": text} for kind, text in parts]}
    return {
        "id": str(number),
        "parent": str(number - 1) if number > 1 else "root",
        "children": below,
        "message": message,
    }


def test_fragments_of_requests_and_responses_are_a_talk_without_thoughts(read):
    parts = []
    for asked, told in PAIRS:
        parts.append([("REQUEST", asked)])
        parts.append([("THINK", "They ask about the mill."), ("RESPONSE", told)])
    parts[1] = parts[1][1:]
    nodes = {str(number): node(number, part, len(parts)) for number, part in enumerate(parts, 1)}
    mapping = {"root": {"id": "root", "parent": None, "children": ["1"], "message": None}, **nodes}
    short = {"root": mapping["root"], "1": nodes["1"], "2": node(2, [("RESPONSE", TOLD[0])], 2)}
    talks = [{"id": "t-1", "title": "Mill", "mapping": mapping}, {"id": "t-2", "title": "Key", "mapping": short}]
    assert read(json.dumps(talks), "conversations.json") == [[text for pair in PAIRS for text in pair], PAIRS[0]]


def test_requests_and_responses_of_a_server_are_no_talk(read):
    log = [{"type": "request", "body": "GET /mill please now"}, {"type": "response", "body": "200 all is well here"}]
    assert read(json.dumps({"entries": log * 2}), "http.json") == []
    assert read(json.dumps(log * 2), "http.json") == []


def logged(texts, **marks):
    return [{"text": text, "meta": {} if n % 2 == 0 else dict(marks)} for n, text in enumerate(texts)]


def test_objects_whose_make_up_takes_turns_are_two_speakers(read):
    first = [text for pair in PAIRS for text in pair]
    second = ["i need a room in the east", "Shall I book one for you?", "yes, for two nights", "Done."]
    talks = {"M0417.json": {"goal": {"inn": "east"}, "log": logged(first, area="east", day="any")}}
    talks["S0088.json"] = {"goal": {"inn": "west"}, "log": logged(second, area="west", day="any")}
    assert read(json.dumps(talks), "talks.json") == [first, second]


def test_tasks_of_which_every_second_has_a_note_are_no_talk(read):
    tasks = ["Mend the gate today.", "Oil the wheel again.", "Paint the door green.", "Sweep the yard well."]
    assert read(json.dumps({"todo": {"list": logged(tasks, note="soon")}}), "todo.json") == []
    tasks[1] = "Is the wheel dry?"
    assert read(json.dumps({"todo": {"list": logged(tasks, note="soon")}}), "todo.json") == []
    mixed = [{"text": text, "meta": {"at": "noon"} if n in (1, 2) else {}} for n, text in enumerate([*ASKED, TOLD[0]])]
    assert read(json.dumps({"todo": {"list": mixed}}), "todo.json") == []


GUANACO = (
    "### Human: Is the mill open?### Assistant: On Sundays:\n\n```sh\n### a remark\nls\n```### Human: Who has the key?"
    "### Assistant: The miller."
)


@pytest.mark.parametrize("name", ["train.jsonl", "sample.txt"])
def test_roles_behind_hash_signs_run_on(read, name):
    text = GUANACO if name == "sample.txt" else "\n".join(json.dumps({"text": GUANACO}) for _ in range(2))
    told = ["Is the mill open?", "On Sundays:\n\n```sh\n### a remark\nls\n```", "Who has the key?", "The miller."]
    assert read(text, name) == [told] * (1 if name == "sample.txt" else 2)


def test_text_that_explains_such_roles_is_no_talk(read):
    text = (
        "# Format\n\nWrite every sample on one line:\n\n    ### Human: question### Assistant: answer\n\nThen train.\n"
    )
    assert read(text, "howto.md") == []
    assert read("The sample `### Human: hi### Assistant: hello` is the shortest.\n", "howto.txt") == []


TALK = [text for pair in PAIRS for text in pair]


def turned(roles):
    return [(roles[n % 2], text) for n, text in enumerate(TALK)]


def test_an_entry_whose_message_names_its_speaker_again_is_one_turn(read):
    rows = [
        {"type": who, "message": {"role": who, "content": said if who == "user" else [{"type": "text", "text": said}]}}
        for who, said in turned(("user", "assistant"))
    ]
    rows = [{**row, "uuid": f"u{n}", "parentUuid": f"u{n - 1}" if n else None} for n, row in enumerate(rows)]
    assert read("\n".join(map(json.dumps, rows)), "session.jsonl") == [TALK]
    assert read(json.dumps(rows), "session.json") == [TALK]


def test_a_talk_that_a_record_holds_twice_is_told_once(read):
    nodes = {
        str(n): {
            "id": str(n),
            "parentId": str(n - 1) if n else None,
            "childrenIds": [str(n + 1)] if n + 1 < len(TALK) else [],
            "role": who,
            "content": said,
        }
        for n, (who, said) in enumerate(turned(("user", "assistant")))
    }
    chat = {"title": "Mill", "history": {"messages": nodes, "currentId": "5"}, "messages": list(nodes.values())}
    assert read(json.dumps([{"id": "c", "title": "Mill", "chat": chat}]), "chats.json") == [TALK]
    other = [{"role": who, "content": f"{said} Really."} for who, said in turned(("user", "assistant"))]
    both = {"first": list(nodes.values()), "second": other}
    assert len(read(json.dumps({"talks": both}), "chats.json")) == 2


def test_questions_that_are_keys_are_asked(read):
    assert read(json.dumps(dict(PAIRS)), "faq.json") == PAIRS
    assert read(json.dumps({"title": "The mill", "faq": dict(PAIRS), "foot": "Write to us."}), "faq.json") == PAIRS


def test_keys_of_which_hardly_any_asks_are_no_questions(read):
    labels = {"Save": "Save the file now", "Delete?": "Do you want to delete it?", "Open": "Open a file from disk"}
    assert read(json.dumps({"labels": labels, "more": {"Quit?": "Leave the program"}}), "en.json") == []
    counts = {asked: number for number, asked in enumerate(ASKED)}
    assert read(json.dumps({"survey": counts}), "survey.json") == []
    choices = dict.fromkeys(ASKED, "yes")
    assert read(json.dumps({"survey": choices}), "survey.json") == []


def test_words_of_a_recogniser_are_joined_to_what_was_said(read):
    def elements(said):
        found = []
        for word in said.split(" "):
            found += [{"type": "text", "value": word, "ts": 1.5}, {"type": "punct", "value": " "}]
        return found[:-1]

    talk = {"monologues": [{"speaker": n % 2, "elements": elements(said)} for n, said in enumerate(TALK)]}
    assert read(json.dumps(talk), "transcript.json") == [TALK]


def test_a_column_that_counts_speakers_names_no_role(read):
    lines = [f'c1,{n + 1},{(n + 1) % 2},"{said}"' for n, said in enumerate(TALK)]
    assert read("\n".join(["conv_id,utterance_idx,speaker_idx,utterance", *lines]), "talk.csv") == [TALK]


VICUNA = "A chat between a user and an assistant. USER: {} ASSISTANT: {}</s>USER: {} ASSISTANT: {}</s>"


def test_roles_in_capitals_run_on_between_end_tokens(read):
    rows = [{"text": VICUNA.format(*TALK[:4])}] * 2
    assert [talk[-4:] for talk in read("\n".join(map(json.dumps, rows)), "train.jsonl")] == [TALK[:4]] * 2


def test_text_that_names_such_roles_without_end_tokens_is_no_talk(read):
    assert read("The form is USER: question ASSISTANT: answer, as in the paper.\n", "howto.txt") == []
    assert read("Write USER: hi ASSISTANT: hello and end it with the token </s> in each line.\n", "howto.txt") == []


@pytest.mark.parametrize("name", ["#Person{}#", "#Speaker {}#"])
def test_names_between_hash_signs_lead_turns(read, name):
    lines = [f"{name.format(n % 2 + 1)}: {said}" for n, said in enumerate(TALK)]
    assert read("\n".join(lines), "talk.txt") == [TALK]
    rows = [{"id": n, "dialogue": "\n".join(lines), "summary": "They talk."} for n in range(2)]
    assert read("\n".join(map(json.dumps, rows)), "train.jsonl") == [TALK] * 2


def test_tags_and_placeholders_between_hash_signs_lead_none(read):
    assert read("#mill# #ford#: open today\n#weir#, #quay#: shut\n#mill# #barn#: shut?\n", "tags.txt") == []
    assert read("#NAME#: Ann\n#TOWN#: Leeds\n#NAME#: Bob\n#TOWN#: Hull\n", "fields.txt") == []
