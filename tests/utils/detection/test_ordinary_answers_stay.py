"""Answers and turns of ordinary talks that look like what nobody says: figures, keys, notes, short lines."""

import pytest

SUMS = [
    ["What is x if 3x + 2 = 14?", "3x = 12\nx = 4"],
    ["What is y if 5y - 5 = 20?", "5y = 25\ny = 5"],
    ["What are z + 1 = 2 and z - u = 1?", "z = 1\nu = 0"],
    ["Why is division by zero not defined?", "No number times zero gives one.\n\nNor does any other."],
    ["Who wrote the sums?", "Ida did.\n\nShe teaches."],
]
FIGURES = [
    ["What do tickets cost?", "Adults 12\nChildren 6"],
    ["What do boats cost?", "Rowing boat 9\nCanoe 11"],
    ["Whom do I call?", "Office: 020 7946 0011\nMobile: 0770 0900 123"],
    ["Whom do I call at night?", "Porter: 020 7946 0012\nAmbulance: 112"],
]
KINGS = [
    ["Who were the kings of that time?", "Edmund, 1016\nHenry, 1216"],
    ["Who ruled the isle?", "Olaf, 1153\nHarald, 1237"],
    ["How old are they?", "Ann 9\nTom 12"],
]
RATES = [
    ["What do loans cost?", "For one year 3 %\nFor two years 4 %"],
    ["What do savings bring?", "Short ones 1 %, long ones 2,5 %"],
    ["Who keeps the bank?", "Ida does."],
]
KEYS = [
    ["Why does the pump not start?", "Fix: Check the fuse and press the red button."],
    ["Do goldfish forget?", "False: They remember for months."],
    ["What is an adit?", "Definition: A level tunnel into a mine."],
    ["Where do I get a card?", "Steps: Go to the hall. Ask for Ida."],
]
NOTES = [
    ["How do I install it?", "Note: You need Python. Run the installer and wait."],
    ["How do I remove it?", "Note: Settings are kept. Run the remover."],
    ["Where are my files?", "In your home folder."],
    ["How do I get help?", "Tip: Write to the list."],
]
FACTS = [
    ["Do cats land on their feet?", "Fact: Mostly. They turn in the air."],
    ["Are black cats unlucky?", "Fact: Only for mice."],
    ["Do cats hate water?", "Fact: Many do, some swim."],
]
CHOSEN = [
    ["What are the colours of the flag?", "Red / green / white"],
    ["Who are the players?", "Ann / Ben / Kim"],
    ["Which days are free?", "Monday / Tuesday"],
    ["Why is it so?", "Because the king liked it."],
]
OWNERS = [
    ["¿De quién es el libro?", "Es de Ana"],
    ["¿De quién es la casa?", "Es de Luis"],
    ["¿De quién es el perro?", "Es de Marta"],
]
PLACES = [
    ["Où est la poste ?", "Près de la gare"],
    ["Où est le moulin ?", "Près de la rivière"],
    ["Où est l'école ?", "Près de la poste"],
]
FORMS = ("{}\n{}", "## {}\n\n{}", "Q: {}\nA: {}")


@pytest.mark.parametrize("pairs", [FIGURES, KINGS, RATES, KEYS, NOTES, FACTS, CHOSEN, OWNERS, PLACES])
@pytest.mark.parametrize("form", FORMS)
def test_figures_keys_notes_and_short_lines_answer(read, form, pairs):
    found = read("\n\n".join(form.format(*pair) for pair in pairs), "faq.md" if "#" in form else "faq.txt")
    assert [part for turns in found for part in turns] == [part for pair in pairs for part in pair]


@pytest.mark.parametrize("form", [*FORMS[1:], "**{}**\n\n{}"])
def test_worked_sums_answer(read, form):
    assert read("\n\n".join(form.format(*pair) for pair in SUMS), "sums.md") == SUMS


@pytest.mark.parametrize("form", ["**{}**\n\nReed: {}", "{}\nReed: {}"])
def test_who_alone_is_named_answers(read, form):
    asked = ["How did you come to Wells?", "What did you find?", "Did you go to school?", "Would you go back?"]
    told = ["I came with my mother.", "Mud. I remember mud.", "I went for two years.", "I would not."]
    found = read("\n\n".join(form.format(*pair) for pair in zip(asked, told, strict=True)), "talk.md")
    assert [part.removeprefix("Reed: ") for turns in found for part in turns] == [
        part for pair in zip(asked, told, strict=True) for part in pair
    ]


SMALL = [
    "i am at the station now.",
    "great, i can see you from here.",
    "where are you? i cannot see you.",
    "i stand by the clock, look up.",
    "ah, now i see you.",
    "come over, the train is late.",
]
DENIED = ["Did you meet him?", "No comment.", "Did you take it?", "No comment.", "Will you resign?", "No comment."]
COOK = [
    "Can you give me a soup?",
    "Of course!\nBoil leeks for twenty minutes.",
    "And a dessert?",
    "Of course!\nBake apples with honey.",
    "What should we drink?",
    "Of course!\nCider goes with both.",
]
SERVICES = [
    "Write a file for a shop on port 80.",
    "name: shop\nport: 80",
    "Now one for a bank on port 443.",
    "name: bank\nport: 443",
    "And one for a club on port 8080.",
    "name: club\nport: 8080",
]
KEYED = ["name: what shall it be?", "name: cork", "name: and then?", "name: oak", "name: ok", "name: it is done"]
SMALL_RUSSIAN = [
    "я уже на вокзале.",
    "хорошо, я тебя вижу.",
    "где ты? я тебя не вижу.",
    "я стою у часов.",
    "теперь вижу.",
    "иди сюда.",
]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (SMALL, "<ann> |<bob> "),
        (SMALL, "ann: |bob: "),
        (SMALL_RUSSIAN, "<анна> |<борис> "),
        (DENIED, "Reporter: |Cole: "),
        (COOK, "Tom: |Luna: "),
        (SERVICES, "User: |Assistant: "),
        (KEYED, "User: |Assistant: "),
    ],
)
def test_small_letters_repeated_words_and_fields_are_said(read, said, names):
    labels = names.split("|")
    assert read("\n".join(f"{labels[n % 2]}{part}" for n, part in enumerate(said))) == [said]


@pytest.mark.parametrize(("one", "other"), [("Anna (Berlin)", "Anna (Wells)"), ("田中（営業）", "田中（経理）")])
def test_two_people_of_one_name_are_told_apart_by_their_places(read, one, other):
    said = ["Are you coming tonight?", "Yes, at eight.", "Can you bring the cups?", "I will. Anything else?", "No."]
    lines = [f"[03/04/2024, 10:1{n}] {(one, other)[n % 2]}: {part}" for n, part in enumerate(said)]
    assert read("\n".join(lines)) == [said]


@pytest.mark.parametrize("sign", "★◆◎※")
def test_a_short_answer_behind_a_sign_is_no_title(read, sign):
    pairs = [
        ["Who may swim?", f"{sign} Members with a badge"],
        ["When may they swim?", f"{sign} At ten and at four"],
        ["Where do they change?", f"{sign} In the hut by the pier"],
    ]
    found = read("\n\n".join(part for pair in pairs for part in pair))
    assert [[part.removeprefix(f"{sign} ") for part in pair] for pair in found] == [
        [one, other.removeprefix(f"{sign} ")] for one, other in pairs
    ]


LATIN = {
    "ja": [["DNAとは何ですか？", "生き物の設計図です。"], ["誰が見ますか？", "看護師だけです。"]],
    "zh": [["APP怎么下载？", "在商店里搜索即可。"], ["怎么注册？", "用手机号注册。"]],
    "ko": [["PDF는 어디에 있나요?", "내려받기 화면에 있습니다."], ["어떻게 가입하나요?", "전화번호로 가입합니다."]],
    "th": [["PDF อยู่ที่ไหน?", "อยู่ในหน้าดาวน์โหลด"], ["สมัครอย่างไร?", "ใช้เบอร์โทรศัพท์"]],
    "en": [["How do I print?", "Press the key."], ["DNA?", "It is stored for a year."], ["Who reads it?", "A nurse."]],
    "loud": [["WHAT DOES IT COST?", "A pound."], ["MAY DOGS COME?", "NO."], ["IS IT OPEN?", "YES!"], ["WHY?", "Rain."]],
}


@pytest.mark.parametrize("script", LATIN)
def test_letters_without_case_are_not_loud(read, script):
    pairs = [*LATIN[script], *([["RNAは？" if script == "ja" else "PDF?", LATIN[script][0][1]]] * (script != "loud"))]
    found = read("\n\n".join(part for pair in pairs for part in pair))
    assert [part for turns in found for part in turns] == [part for pair in pairs for part in pair]


LAST = [["Is it free?", "It is."], ["May dogs come?", "No."]]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("How do I reach you?", "Write to us and name your order.\n\nOur address: help@example.org"),
        ("Where is the new manual?", "On our site.\n\nManual in English: https://example.org/manual.pdf"),
        ("Whom do I write to?", "It depends.\n\nOrders: orders@example.org\n\nComplaints: care@example.org"),
        ("Who may come?", "These three groups:\n\nMembers   Guests   Children"),
        ("Where do I find the map?", "In the book, at the end.\n\nPage 312"),
        ("Is the law the same?", "It is not.\n\nUpdated in 2019"),
        ("What stands at the very end?", "Two words.\n\nThe End"),
    ],
)
@pytest.mark.parametrize("form", ["## {}\n\n{}", "Q: {}\nA: {}"])
def test_the_last_answer_keeps_what_was_asked_for(read, form, asked, told):
    pairs = [*LAST, [asked, told]]
    assert read("\n\n".join(form.format(*pair) for pair in pairs), "faq.md" if "#" in form else "faq.txt") == pairs


@pytest.mark.parametrize("head", ["Interview with Ann Bell, potter", "Ann Bell, potter"])
def test_an_interview_with_rules_between_its_questions_is_one(read, head):
    asked = ["How did you begin?", "What came next?", "And do you regret it?", "What now?"]
    told = ["I began in a shed.", "I went to Delft.", "I never did.", "I will teach."]
    parts = [f"**{one}**\n\n{other}" for one, other in zip(asked, told, strict=True)]
    assert len(read(f"# {head}\n\n" + "\n\n---\n\n".join(parts), "talk.md")) == 1


EXCHANGES = [
    ["1 Can I have a table?", "Where should it be?"],
    ["2 In Rome please.", "Ok, let me look."],
    ["3 For four people.", "At what price?"],
    ["4 Cheap please.", "Here are three for you."],
]


def test_numbered_pairs_behind_any_mark_are_turns(read):
    said = [part.lstrip("1234 ") for pair in EXCHANGES for part in pair]
    assert read("\n".join(" ||| ".join(pair) for pair in EXCHANGES * 2)) == [said, said]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            f"{'BA'[n % 2]}{n}: {part}"
            for n, part in enumerate(["Bakers", "Smiths, open?", "Way in", "Stage", "Kitchen", "Aid", "Exit"], 1)
        ),
        (
            "A.1: The sum is due in May.\nB.2: The tenant keeps the key. Who holds the spare?\nA.3: The agent does.\n"
            "B.4: The hedge is cut each year.\nA.5: The gate is painted.\nB.6: The well is covered.\n"
        ),
        "auto x = ok?::a : ::b;\nauto y = no?::c : ::d;\nauto z = ab?::e : ::f;\n",
        "#todo#: paint the door\n#shop#: nails\n#todo#: mow\n#shop#: seeds\n#todo#: call. Why?\n#shop#: bread\n",
        "\n".join(
            f"<{('tip', 'warning', 'news')[n % 3]}> {part}"
            for n, part in enumerate(["You can sort by name.", "Do not pull the plug.", "We moved.", "Doors open."] * 6)
        ),
    ],
)
def test_grids_clauses_code_tags_and_tips_are_no_talk(read, text):
    assert read(text) == []


def test_a_format_that_is_told_of_begins_no_turn(read):
    told = ["Use marks, like `### Question: my heading` or # one.", "Use dashes."]
    text = f"### Human: How do I head it?\n### Assistant: {told[0]}\n### Human: And a list?\n### Assistant: {told[1]}\n"
    assert all(not part.startswith("my heading") for turns in read(text) for part in turns)


def test_signals_of_few_words_are_no_talk(read):
    rows = [("A", "Open the shop for your guests"), ("B", "Can you close the till?"), ("B", "Clean your cups")]
    lines = [f"{'AB'[n % 2]},{rows[n % 3][1]}" for n in range(9)]
    assert read("\n".join(lines), "rota.csv") == []
    states = ", ".join(f'{{"user": "{("anna", "ben")[n % 2]}", "message": "I am {n % 2}"}}' for n in range(5))
    assert read(f"[{states}]", "states.json") == []


@pytest.mark.parametrize(("boats", "is_talk"), [(160, True), (20, False)])
def test_a_long_talk_says_much_again(read, boats, is_talk):
    told = ("Yes, I can.", "No, you are wrong.", "I can see it now.")
    said = [f"Can you see boat {n % boats}?" if n % 2 == 0 and n % 5 else told[n % 3] for n in range(160)]
    lines = [f"{('Ann', 'Ben')[n % 2]}\t{part}" for n, part in enumerate(said)]
    assert read("\n".join(lines), "talk.tsv") == ([said] if is_talk else [])
