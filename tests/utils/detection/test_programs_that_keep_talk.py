"""Talk as programs keep it: history files, envelopes, logs, corpora with numbered speakers, threads; and neighbours."""

import json

HISTORY = """|2025-05-01T18:00:05|1|to|N---|Is the kiln still warm?
|2025-05-01T18:01:09|1|from|N---|Yes.\\nDo not open it.
|2025-05-01T18:02:00|3|from|N---|
|2025-05-01T18:02:41|1|to|N---|Then I come at nine.
"""


def test_history_between_bars_is_a_talk_of_two(read):
    assert read(HISTORY) == [["Is the kiln still warm?", "Yes.\nDo not open it.", "Then I come at nine."]]


def test_bars_around_transfers_are_no_history(read):
    rows = "".join(f"|2025-05-0{day}T18:00:05|{day}00|to|EUR|Rent of the shed\n" for day in range(1, 6))
    assert read(rows) == []
    assert read("A line in a table of fields:\n\n" + HISTORY.splitlines()[0] + "\n\nMore text stands here.\n") == []


def envelope(name, said=None):
    told = f"Sender: {name}\nBody: {said}\nWith profile key" if said else "Received a receipt message\n  Is delivery"
    return f"Envelope from: {name} (device: 1)\nTimestamp: 17000{len(name)}\n{told}\n"


def test_envelopes_without_words_are_left_out(read):
    said = [
        ("Ida", "Who has the ladder?"),
        ("Jon", "I do, in the barn."),
        ("Ida", "May I?"),
        ("Jon", "Sure, I am home."),
    ]
    blocks = [envelope(*one) for one in said]
    blocks[2:2] = [envelope("Jon")]
    assert read("\n".join(blocks)) == [[words for _, words in said]]


def test_fields_of_deliveries_are_no_talk(read):
    rows = [f"Sender: Depot {n}\nTimestamp: 1700{n}\nWeight: {n} kg\nReceived\n" for n in range(1, 7)]
    assert read("\n".join(rows)) == []


def logged(*entries):
    return "".join(f"2025-05-01 09:0{n}:00,001 INFO [core] {entry}\n" for n, entry in enumerate(entries))


def test_quoted_values_of_a_log_are_read_by_session(read):
    text = logged(
        'session=a1 USER_IN text="Is the pool open today?"',
        "session=a1 intent=hours score=0.8",
        'session=b2 USER_IN text="I lost a towel there"',
        'session=a1 BOT_OUT text="It is, until eight."',
        'session=b2 BOT_OUT text="Please ask at the desk."',
    )
    assert read(text, "bot.log") == [
        ["Is the pool open today?", "It is, until eight."],
        ["I lost a towel there", "Please ask at the desk."],
    ]


def test_quoted_values_of_one_side_or_of_settings_are_no_talk(read):
    assert read(logged(*[f'session=a USER_IN text="Row {n} was read again."' for n in range(5)]), "a.log") == []
    assert read(logged(*[f'{side} text="on"' for side in ("USER", "BOT") * 3]), "b.log") == []
    assert read(logged(*[f'CACHE text="Entry {n} was dropped here."' for n in range(5)]), "c.log") == []


def test_numbers_of_speakers_are_speakers(read):
    rows = ["conv_id,utterance_idx,speaker_idx,utterance"]
    said = ["Where did you park?", "By the mill.", "Is it far from here?", "No, ten minutes."]
    for talk in ("c1", "c2"):
        rows += [f"{talk},{n},{7 + n % 2},{words.replace(',', ' and')}" for n, words in enumerate(said)]
    expected = [words.replace(",", " and") for words in said]
    assert read("\n".join(rows), "corpus.csv") == [expected, expected]


def test_numbers_of_machines_are_no_speakers(read):
    rows = ["machine_id,run,report"]
    rows += [f"{7 + n % 2},{n},Belt {n} was oiled and ran on." for n in range(8)]
    assert read("\n".join(rows), "machines.csv") == []


def node(name, said, *replies):
    post = {"uri": f"at://{name}", "author": {"handle": name}, "record": {"text": said}}
    return {"post": post, "replies": list(replies)}


def test_posts_that_hold_their_replies_beside_them_are_one_thread(read):
    thread = node("ida", "My bees left.", node("jon", "Did they swarm?", node("ida", "On Monday, yes.")))
    assert read(json.dumps({"thread": thread}), "thread.json") == [
        ["My bees left.", "Did they swarm?", "On Monday, yes."]
    ]


def test_records_of_finds_are_no_posts(read):
    finds = [{"author": "ida", "record": {"number": str(n), "place": "north field"}} for n in range(5)]
    assert read(json.dumps({"finds": finds}), "finds.json") == []


COMMENT = (
    '<li class="comment"><article><footer class="comment-meta"><b class="fn">{name}</b> <span class="says">says:</span>'
    "</footer><div class='comment-content'><p>{said}</p></div></article>{below}</li>"
)


def test_comments_inside_comments_are_one_list(read):
    inner = COMMENT.format(name="Jon", said="About a hand deep, I think.", below="")
    answer = COMMENT.format(name="Ida", said="Thanks! And how far apart?", below="")
    below = f"<ol>{inner.replace('</li>', f'<ol>{answer}</ol></li>')}</ol>"
    first = COMMENT.format(name="Ida", said="How deep do you set the bulbs?", below=below)
    last = COMMENT.format(name="Jon", said="Two hands, or they quarrel.", below="")
    page = f"<html><body><h1>Bulbs</h1><p>A post of mine.</p><ol>{first}{last}</ol></body></html>"
    said = [turn for talk in read(page, "page.html") for turn in talk]
    assert said == [
        "How deep do you set the bulbs?",
        "About a hand deep, I think.",
        "Thanks! And how far apart?",
        "Two hands, or they quarrel.",
    ]


def test_a_table_of_contents_inside_lists_is_no_talk(read):
    items = "".join(f"<li><b>Part {n}</b><ol><li>How it began</li><li>How it ended</li></ol></li>" for n in range(4))
    assert read(f"<html><body><h1>A book</h1><ol>{items}</ol></body></html>", "page.html") == []


def test_what_a_model_thinks_in_a_channel_of_its_own_is_not_said(read):
    text = (
        "<|start|>user<|message|>Two and two?<|end|><|start|>assistant<|channel|>analysis<|message|>Sums.<|end|>"
        "<|start|>assistant<|channel|>final<|message|>Four.<|return|>"
    )
    assert read(text) == [["Two and two?", "Four."]]


def test_other_channels_are_said(read):
    text = (
        "<|start|>user<|message|>Is it warm?<|end|><|start|>assistant<|channel|>commentary<|message|>I look.<|end|>"
        "<|start|>assistant<|channel|>final<|message|>It is.<|return|>"
    )
    assert read(text) == [["Is it warm?", "I look.\nIt is."]]
