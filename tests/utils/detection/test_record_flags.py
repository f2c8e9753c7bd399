"""Records whose speakers are numbers, yes and no, bare keys, or stand in threads inside each other."""

import json

import pytest

from src.utils.conversation_detector import detect_conversations, turn_text
from tests.documents import read_document

TALK = [
    "Is the pool open?",
    "Until nine tonight.",
    "And on Sunday?",
    "Closed, I am afraid.",
    "Why is that?",
    "Repairs.",
]


@pytest.fixture
def read(tmp_path):
    """From the values of a JSON or XML file to its conversations as lists of (role, text)."""

    def turns(content, name="export.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        document = read_document(path)
        found = detect_conversations(document).conversations
        return [[(turn.role, turn_text(document.text, turn)) for turn in one.turns] for one in found]

    return turns


def roles(texts=TALK):
    return [("assistant" if index % 2 else "user", text) for index, text in enumerate(texts)]


@pytest.mark.parametrize(
    "turn",
    [
        lambda index, text: {"is_bot": bool(index % 2), "payload": {"words": text}},
        lambda index, text: {"fromMe": index % 2 == 0, "at": 1700 + index, "body": text},
        lambda index, text: {"role_id": index % 2, "s": text},
        lambda index, text: {"speaker": ("USER", "SYSTEM")[index % 2], "utterance": text, "frames": []},
        lambda index, text: {("user", "bot")[index % 2]: text},
    ],
)
def test_numbers_flags_and_keys_tell_two_speakers_apart(read, turn):
    events = [turn(index, text) for index, text in enumerate(TALK)]
    assert read({"export": {"version": 2, "turns": events}}) == [roles()]


def test_messages_of_several_contacts_are_parted_and_their_type_tells_who_speaks(read):
    said = [text.upper() if n else text for text in TALK for n in (0, 1)]
    lines = [f'<sms address="+44{n % 2}" type="{1 + n // 2 % 2}" body="{said[n]}"/>' for n in range(12)]
    found = read(f"<smses>{''.join(lines)}</smses>", "backup.xml")
    assert [[text for _, text in one] for one in found] == [TALK, [text.upper() for text in TALK]]


def test_what_opens_a_thread_is_its_first_turn(read):
    comments = [{"author": ("Lea", "Kim")[n % 2], "body": text} for n, text in enumerate(TALK[1:])]
    post = {"author": {"login": "Kim", "type": "User"}, "body": TALK[0], "comments": {"data": comments}}
    assert read({"posts": [post]}) == [roles()]


def test_rounds_of_one_list_follow_each_other(read):
    rounds = [{"human": TALK[n], "ai": TALK[n + 1]} for n in (0, 2)]
    assert read({"sessions": [{"turns": rounds}, {"turns": [{"human": TALK[4], "ai": TALK[5]}]}]}) == [
        roles(TALK[:4]),
        roles(TALK[4:]),
    ]


def test_what_a_tool_returns_is_nobodys_words(read):
    names = ["system", "user", "tool", "assistant", "user", "assistant"]
    turns = [{"role": role, "content": text} for role, text in zip(names, TALK, strict=True)]
    assert [role for role, _ in read({"messages": turns})[0]] == ["system", "user", "assistant", "user", "assistant"]


def test_a_sentence_that_a_program_fills_in_is_no_speech(read):
    lines = [{"source": ("db", "web")[n % 2], "note": f"Task {n} was stopped. Try again?"} for n in range(10)]
    assert read(lines) == []
