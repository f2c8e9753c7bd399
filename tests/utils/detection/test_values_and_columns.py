"""Values of records with tags around them, exchanges of one session, columns beside those of the speakers."""

import json

import pytest

SAID = ["Is the kiln free?", "It is, from two on.", "May I fire six bowls?", "Six fit on the shelf."]
NAMES = ("Ada", "Bo")


def test_tags_that_a_program_sets_around_each_message_are_no_part_of_it(read):
    messages = [
        {"from": {"user": {"displayName": NAMES[n % 2]}}, "body": {"contentType": "html", "content": f"<p>{said}</p>"}}
        for n, said in enumerate(SAID)
    ]
    assert read(json.dumps({"value": messages}), "chat.json") == [SAID]
    messages[1]["body"]["content"] = "<div><p>It is.</p><p>From two on.</p></div>"
    assert read(json.dumps({"value": messages}), "chat.json")[0][1] == "It is.\nFrom two on."


def test_the_space_that_a_recogniser_sets_before_each_segment_is_not_said(read):
    segments = [{"start": n, "end": n + 1, "text": f" {said}", "speaker": f"S{n % 2}"} for n, said in enumerate(SAID)]
    assert read(json.dumps({"segments": segments}), "heard.json") == [SAID]


def test_tags_that_somebody_asked_for_stay(read):
    said = ["How do I set a paragraph?", "<p>Like this</p>", "And a line below it?", "<p>One<br>Two</p>"]
    messages = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(said)]
    assert read(json.dumps({"messages": messages}), "talk.json") == [said]


def test_exchanges_of_one_session_are_one_conversation(read):
    lines = [
        {"request": {"input": {"text": SAID[n]}}, "response": {"output": {"text": SAID[n + 1]}}, "session_id": "s1"}
        for n in (0, 2)
    ]
    assert read("\n".join(map(json.dumps, lines)), "log.jsonl") == [SAID]


@pytest.mark.parametrize(
    "header",
    [
        "Sesiune,Pas,Mesaj utilizator,Răspuns bot",
        "Sesja,Krok,Wiadomość użytkownika,Odpowiedź bota",
        "Oturum,Adım,Kullanıcı mesajı,Bot yanıtı",
        "Сессия,Шаг,Сообщение пользователя,Ответ бота",
        "Conversation,Turn,User,Bot",
    ],
)
def test_a_column_for_the_session_joins_its_rows_in_any_language(read, header):
    rows = [f'S1,1,"{SAID[0]}","{SAID[1]}"', f'S1,2,"{SAID[2]}","{SAID[3]}"', 'S2,1,"Is it hot?","Not yet, no."']
    assert read("\n".join([header, *rows]), "plan.csv") == [SAID, ["Is it hot?", "Not yet, no."]]
    assert read("\n".join([header, *rows[:2]]), "plan.csv") == [SAID]


def test_questions_of_one_topic_are_no_session(read):
    rows = [f'Kiln,1,"{SAID[0]}","{SAID[1]}"', f'Kiln,2,"{SAID[2]}","{SAID[3]}"']
    assert read("\n".join(["Topic,No,Question,Answer", *rows]), "faq.csv") == [SAID[:2], SAID[2:]]


@pytest.mark.parametrize(
    ("header", "filled"),
    [
        ("Time,Agent,Caller,Notes", lambda n: "laughs" if n == 2 else ""),
        ("Time,Agent,Customer,Mood", lambda n: ("calm", "glad")[n % 2]),
    ],
)
def test_notes_and_moods_beside_what_two_speakers_say_are_no_turns(read, header, filled):
    cells = [f'"{said}",' if n % 2 == 0 else f',"{said}"' for n, said in enumerate(SAID)]
    lines = [f"00:00:0{n},{cell},{filled(n)}" for n, cell in enumerate(cells)]
    assert read("\n".join([header, *lines]), "call.csv") == [SAID]


@pytest.mark.parametrize(
    "lines",
    [
        ["Date,Text,Debit,Credit", *(f"2024-05-0{n},Rent of May,{n}00,," for n in range(1, 6))],
        [
            "Date,Ada,Bo",
            "2024-05-01,Opens the yard at eight,",
            "2024-05-02,,Sweeps the floor",
            "2024-05-03,Fires the kiln,",
            "2024-05-04,,Who has the key?",
        ],
        [
            "Week,Client,Agent,Status",
            "1,Moved to a new flat,,done",
            "2,,Sent the papers by post,done",
            "3,Paid the first bill,,done",
            "4,,Filed the papers away,done",
        ],
        ["Item,For,Against", *(f'Plot {n},"{"Near the water." if n % 2 else ""}",""' for n in range(1, 6))],
    ],
)
def test_ledgers_and_lists_of_reasons_are_no_talk(read, lines):
    assert read("\n".join(lines), "list.csv") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "<tmx><body>"
            + "".join(
                f'<tu><tuv xml:lang="en"><seg>{one}</seg></tuv><tuv xml:lang="de"><seg>{two}</seg></tuv></tu>'
                for one, two in (
                    ("Where is it?", "Wo ist es?"),
                    ("On the left.", "Links."),
                    ("How much?", "Was macht es?"),
                )
            )
            + "</body></tmx>",
            "memory.xml",
        ),
        (
            "<list>"
            + "".join(
                f'<key name="k{n}" type="{kind}"><default>0</default><description>{told}</description></key>'
                for n, (kind, told) in enumerate(
                    [("s", "Who may come in?"), ("b", "Whether it is open."), ("s", "The name to show."), ("b", "Off?")]
                    * 2
                )
            )
            + "</list>",
            "keys.xml",
        ),
        (
            json.dumps(
                {
                    "lines": [
                        "Where have you been?",
                        "I was at sea.",
                        "What was there?",
                        "A ship.",
                        "Where have you been?",
                    ]
                }
            ),
            "song.json",
        ),
        (
            json.dumps(
                [
                    {"sha": f"a{n}", "author": {"name": NAMES[n % 2]}, "message": said}
                    for n, said in enumerate(["Why does it crash? Fixed.", "Add a test.", "Revert it.", "Try again."])
                ]
            ),
            "history.json",
        ),
    ],
)
def test_translations_settings_songs_and_changes_are_no_talk(read, text, name):
    assert read(text, name) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "<html><body>"
            + "".join(
                f"<p class='q'>What is {it}?</p><p class='n'>Page {n}</p>"
                for n, it in enumerate(("ash", "fire", "clay"))
            )
            + "</body></html>",
            "contents.html",
        ),
        (
            "".join(
                f"<pre>const rl = open({{\n  input: {one},\n  output: {two},\n}});</pre><p>Opens it.</p>"
                for one, two in (("stdin", "stdout"), ("process.in", "process.out"), ("file", "screen"))
            ),
            "api.html",
        ),
        (
            "body:\n"
            + "".join(
                f"- type: area\n  id: {one}\n  attributes:\n    label: {one}\n    description: {ask}\n"
                f"    multiple: true\n    options:\n      - One\n      - Two\n"
                for one, ask in (("os", "Which system?"), ("module", "Which part?"), ("first", "When did it begin?"))
            ),
            "form.yml",
        ),
        (
            "".join(
                f"<h3>5.2.1{n}. {it}</h3><p>How it is done.</p>"
                for n, it in enumerate(("Ash", "Fire", "Ash", "Clay", "Fire"))
            ),
            "manual.html",
        ),
        ("".join(f"<p>&lt;{it}&gt; What it holds, as a list.</p>" for it in ("string[]", "object[]")), "types.html"),
    ],
)
def test_contents_code_forms_and_manuals_are_no_talk(read, text, name):
    assert read(text, name) == []


@pytest.mark.parametrize(
    "pattern", ["Release {number}.1.{number} (0{number} May 2004)", "Stable release 2.{number}.0 (0{number} May 2004)"]
)
def test_releases_with_a_date_are_no_messages(read, pattern):
    told = ["It fixes the pump.", "Who needs a valve? We do.", "It is faster.", "It is the last one.", "The end."]
    entries = (pattern.format(number=number % 3 + 1) + f"\n{said}\n" for number, said in enumerate(told * 2))
    assert read("\n".join(entries), "news.txt") == []
