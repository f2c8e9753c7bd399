"""Exports of real programs, by their schemas: who speaks, what is said, in which order, and what nobody said."""

import json

import pytest

MILL = [
    ("Ines", "Is the mill still running?"),
    ("Paul", "Until the wind drops."),
    ("Ines", "May I bring my rye?"),
    ("Paul", "Two sacks, no more"),
    ("Ines", "What does it cost?"),
    ("Paul", "A third of the flour."),
]
WELL = [
    ("Ines", "Who cleans the well?"),
    ("Paul", "My brother, every spring."),
    ("Ines", "Can he come on Monday?"),
    ("Paul", "He can."),
]
IDS = {"Ines": "4001", "Paul": "4002"}


def texts(*talks):
    return [[said for _, said in talk] for talk in talks]


def moment(index):
    return f"2024-06-03T08:{10 + index}:07.000Z"


def entries(talk=MILL):
    return [(index, who, said) for index, (who, said) in enumerate(talk)]


def hangouts():
    def event(kind, who, index, name, **content):
        ids = {"gaia_id": IDS[who], "chat_id": IDS[who]}
        return {
            "conversation_id": {"id": name},
            "sender_id": ids,
            "timestamp": str(index),
            "event_type": kind,
            **content,
        }

    def message(said):
        return {"chat_message": {"message_content": {"segment": [{"type": "TEXT", "text": said}]}}}

    people = [{"id": {"gaia_id": own, "chat_id": own}, "fallback_name": who} for who, own in IDS.items()]
    return {
        "conversations": [
            {
                "conversation": {"conversation": {"id": {"id": name}, "participant_data": people}},
                "events": [
                    event("ADD_USER", "Ines", 0, name, membership_change={"type": "JOIN"}),
                    *(event("REGULAR_CHAT_MESSAGE", who, n, name, **message(said)) for n, who, said in entries(talk)),
                ],
            }
            for name, talk in (("a", MILL), ("b", WELL))
        ]
    }


def rocket():
    people = {who: {"_id": own, "username": who.lower(), "name": who} for who, own in IDS.items()}
    talk = [{"_id": f"x{n}", "ts": moment(n), "msg": said, "u": people[who]} for n, who, said in entries()]
    joined = {"_id": "s", "t": "uj", "ts": moment(3), "msg": "rosa", "u": {"_id": "9", "username": "rosa"}}
    return {"channel": "mill", "messages": [*talk[:3], joined, *talk[3:]]}


def zulip():
    return [
        {"id": n, "sender_id": 20 + n % 2, "sender_full_name": who, "timestamp": n, "subject": "mill", "content": said}
        for n, who, said in entries()
    ]


def skype():
    rows = [
        {"id": str(n), "originalarrivaltime": moment(n), "messagetype": "RichText", "content": said, "from": f"8:{who}"}
        for n, who, said in reversed(entries())
    ]
    return {"userId": "8:Ines", "conversations": [{"id": "8:Paul", "displayName": "Paul", "MessageList": rows}]}


def freshdesk():
    return {
        "requester": {"name": "Ines"},
        "description": f"<div>{MILL[0][1]}</div>",
        "description_text": MILL[0][1],
        "conversations": [
            {"id": n, "incoming": who == "Ines", "body": f"<p>{said}</p>", "body_text": said, "user_id": int(IDS[who])}
            for n, who, said in entries()[1:]
        ],
    }


def hubspot():
    return {
        "results": [
            {"id": str(n), "type": "MESSAGE", "text": said, "senders": [{"actorId": f"A-{IDS[who]}", "name": who}]}
            for n, who, said in entries()
        ]
    }


def intercom():
    parts = [
        {"part_type": "comment", "body": said, "author": {"type": "user" if who == "Ines" else "admin", "name": who}}
        for _, who, said in entries()
    ]
    closed = {"part_type": "close", "body": None, "author": {"type": "admin", "name": "Paul"}}
    source = {"body": parts[0]["body"], "author": parts[0]["author"]}
    return {"type": "conversation", "source": source, "conversation_parts": {"parts": [*parts[1:], closed]}}


def gong():
    rows = [{"speakerId": IDS[who], "sentences": [{"start": n, "text": said}]} for n, who, said in entries()]
    return {"callTranscripts": [{"callId": "7", "transcript": rows}]}


def replies(index=0):
    who, said = MILL[index]
    return {"author": who, "text": said, "children": [replies(index + 1)] if index + 1 < len(MILL) else []}


def telegram():
    rows = [{"id": n, "type": "message", "date": moment(n), "from": who, "text": said} for n, who, said in entries()]
    rows[3]["text"] = [{"type": "bold", "text": "Two sacks"}, ", no more"]
    call = {"id": 9, "type": "service", "actor": "Ines", "action": "phone_call", "text": ""}
    return {"name": "Paul", "type": "personal_chat", "messages": [call, *rows]}


def editor():
    def answer(said):
        work = {"kind": "progressTaskSerialized", "content": {"value": "Searching"}}
        return [{"kind": "thinking", "value": "hm"}, {"value": said, "supportThemeIcons": False}, work]

    turns = zip(MILL[::2], MILL[1::2], strict=True)
    rows = [
        {"message": {"parts": [{"kind": "text", "text": asked}], "text": asked}, "response": answer(told)}
        for (_, asked), (_, told) in turns
    ]
    return {"requesterUsername": "ines", "responderUsername": "Copilot", "requests": rows}


def newest_first():
    return [{"id": n, "user": who, "text": said, "created_at": moment(n)} for n, who, said in reversed(entries())]


def google_chat():
    return {
        "messages": [
            {
                "creator": {"name": who, "user_type": "Human"},
                "text": said,
                "topic_id": topic,
                "message_id": f"{topic}/{n}",
            }
            for topic, talk in (("tp1", MILL), ("tp2", WELL))
            for n, who, said in entries(talk)
        ]
    }


@pytest.mark.parametrize(
    "export",
    [rocket, zulip, skype, freshdesk, hubspot, intercom, gong, replies, telegram, editor, newest_first],
)
def test_the_messages_of_an_export_are_one_conversation(read, export):
    assert read(json.dumps(export()), "export.json") == texts(MILL)


@pytest.mark.parametrize("export", [hangouts, google_chat])
def test_an_export_of_several_conversations_keeps_them_apart(read, export):
    assert read(json.dumps(export()), "export.json") == texts(MILL, WELL)


@pytest.mark.parametrize(
    "header",
    [
        "sesion,turno,mensaje_usuario,respuesta_bot,intencion",
        "sessao,vez,textoCliente,textoAgente,rotulo",
        "id_session,tour,question_utilisateur,reponse_assistant,note",
        "session_id,turn,userMessage,botResponse,intent",
    ],
)
def test_columns_named_by_words_for_speech_and_side_hold_the_exchanges_of_sessions(read, header):
    rows = [
        f's{session},{n},"{talk[n][1]}","{talk[n + 1][1]}",x{n}'
        for session, talk in enumerate((MILL, WELL))
        for n in range(0, len(talk), 2)
    ]
    assert read("\n".join([header, *rows]), "log.csv") == texts(MILL, WELL)


def test_the_names_of_two_sides_in_a_table_are_no_exchange(read):
    rows = [
        f'c{n},Ann Berg,Otto Lang,"{note}"' for n, note in enumerate(["Paid in May.", "Moved away.", "Calls often."])
    ]
    assert read("\n".join(["case,customer_name,agent_name,remarks", *rows]), "cases.csv") == []


def test_a_program_that_answers_a_message_is_no_conversation(read):
    rows = [{"message": f"The file {n} could not be opened.", "response": f"Try again with {n}."} for n in range(4)]
    assert read(json.dumps(rows), "errors.json") == []


def test_the_writer_of_a_message_is_no_answer_to_it(read):
    rows = [{"message": said, "agent": f"agent_{who}"} for who, said in MILL[:2] * 2]
    assert all(len(talk) > 2 for talk in read(json.dumps({"content": rows}), "talk.json"))


def test_the_titles_of_examples_are_no_questions_to_their_output(read):
    rows = [
        {"title": f"To list the {name} of a mill", "output": f"The {name}."} for name in ("sacks", "sieves", "stones")
    ]
    assert read(json.dumps({"examples": rows}), "examples.json") == []


def listing(*children):
    return {"kind": "Listing", "data": {"after": None, "children": list(children)}}


def comment(number, texts):
    below = listing(comment(number + 1, texts[1:])) if texts[1:] else ""
    inner = {"author": ("bob", "ann")[number % 2], "body": texts[0], "ups": 3, "replies": below}
    return {"kind": "t1", "data": inner}


def test_a_post_opens_the_thread_of_its_answers_in_the_next_record(read):
    post = {"title": "Ferry", "selftext": "Is the ferry running?", "author": "ann", "id": "p1"}
    told = ["Every two hours.", "May I bring my dog?", "On a lead, yes.", "Good."]
    thread = [listing({"kind": "t3", "data": post}), listing(comment(0, told))]
    assert read(json.dumps(thread), "thread.json") == [["Is the ferry running?", *told]]
    other = [{"about": post}, listing(comment(0, told))]
    assert read(json.dumps(other), "thread.json") == [told]
