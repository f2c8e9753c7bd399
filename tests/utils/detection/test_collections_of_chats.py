"""Short chats that a collection numbers, and numbered lines that part nothing."""

import pytest

CHATS = [
    ["<vell> my keyboard broke", "<oddny> how are you typing this", "<vell> i am choosing my words"],
    ["<grubb> how do i undo 2011", "<tilde> hold control z", "<grubb> it beeps", "<tilde> keep holding"],
    ["<norn> the wifi is gone", "<pilf> look on the fridge", "<norn> i'm in a different country"],
]


def said(chat):
    return [line.partition("> ")[2] for line in chat]


@pytest.mark.parametrize("head", ["#48{} +(31{})- [X]", "#48{}  (31{})", "#48{} | Score: 31{}"])
def test_numbered_quotes_of_a_collection_are_conversations_of_their_own(read, head):
    text = "\n\n".join(f"{head.format(n, n)}\n\n" + "\n".join(chat) for n, chat in enumerate(CHATS))
    assert read(f"Home / Latest\n\n{text}\n", "quotes.txt") == [said(chat) for chat in CHATS]
    paragraphs = (f"<p>{head.format(n, n)}</p><p>{'<br>'.join(chat)}</p>" for n, chat in enumerate(CHATS))
    page = "".join(paragraphs).replace("<vell>", "&lt;vell&gt;")
    for name in ("oddny", "grubb", "tilde", "norn", "pilf"):
        page = page.replace(f"<{name}>", f"&lt;{name}&gt;")
    assert read(f"<html><body>{page}</body></html>", "quotes.html") == [said(chat) for chat in CHATS]


def test_a_chat_about_numbers_is_one_conversation(read):
    lines = [line for chat in CHATS for line in chat]
    lines[3:3] = ["<vell> #4821 (312)", "<vell> #4822 (313)", "<oddny> #4823 (314)"]
    assert read("\n".join(lines), "irc.txt") == [
        [
            "my keyboard broke",
            "how are you typing this",
            "i am choosing my words\n#4821 (312)\n#4822 (313)",
            "#4823 (314)",
        ]
        + [line for chat in CHATS[1:] for line in said(chat)]
    ]


def test_many_lines_of_two_names_without_questions_are_a_chat_where_they_speak_of_themselves(read):
    lines = [f"<{'ann' if n % 2 else 'bob'}> i have {n} sheep on my hill" for n in range(24)]
    assert read("\n".join(lines), "irc.txt") == [said(lines)]
    keys = [f"<{'width' if n % 2 else 'height'}> number of pixels in row {n}" for n in range(24)]
    assert read("\n".join(keys), "keys.txt") == []
