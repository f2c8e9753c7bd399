"""Labels in the letters, figures and colons of other scripts, and labels that a gap sets off."""

import pytest

PAIRS = [
    ["Where is the weir?", "Below the mill."],
    ["Who keeps it?", "The miller does."],
    ["Is it old?", "As old as I am."],
]


def labelled(asks, answers, pairs=PAIRS, between="\n"):
    return "\n\n".join(
        f"{asks.format(n)}{one}{between}{answers.format(n)}{other}" for n, (one, other) in enumerate(pairs, 1)
    )


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("Ｑ１　", "Ａ１　"),
        ("Ｑ：", "Ａ："),
        ("ጥያቄ፦ ", "መልስ፦ "),
        ("**ጥያቄ፦** ", "**መልስ፦** "),
        ("ጥያቄ፡ ", "መልስ፡ "),
        ("Հարց՝ ", "Պատասխան՝ "),
        ("សំណួរ៖ ", "ចម្លើយ៖ "),
        ("Q﹕ ", "A﹕ "),
        ("Question∶ ", "Answer∶ "),
        ("Dotaz č. 41{}\n", "Odpověď:\n"),
        ("Frage {}/3: ", "Antwort {}/3: "),
        ("Question_{}: ", "Answer_{}: "),
        ("<b>Question:</b> ", "<b>Answer:</b> "),
        ("=== Question ===\n", "=== Answer ===\n"),
        ("## {}. Letter\n\nCustomer writes: ", "Suggested reply: "),
    ],
)
def test_labels_of_questions_and_answers_are_known(read, asks, answers):
    assert read(labelled(asks, answers)) == PAIRS


def test_figures_of_any_script_number_questions(read):
    figures = "۱۲۳"
    text = "\n\n".join(f"پرسش {figures[n]}: {one}\nپاسخ: {other}" for n, (one, other) in enumerate(PAIRS))
    assert read(text) == PAIRS


@pytest.mark.parametrize(
    "verb", ["Отвечает врач И. Петрова", "Odpovídá MUDr. Jana Malá", "Antwortet Dr. Klein", "Responde la redacción"]
)
def test_a_verb_before_who_answers_labels_the_answer(read, verb):
    text = "\n\n* * *\n\n".join(f"{one}\n\n{verb}:\n{other}" for one, other in PAIRS)
    assert read(text) == PAIRS


@pytest.mark.parametrize(
    "text",
    [
        "Մեծը՝ այո, փոքրը միայն լսում է։\nՓոքրը՝ ոչ, նա չի երգում։\nՄեծը՝ միշտ երգում է։\nՓոքրը՝ միշտ լսում է։",
        "Responde siempre con calma: es lo mejor.\nResponde a tiempo: nadie espera.\nResponde claro: nadie adivina.",
        "Question → Guess → Test\nAnswer → Guess → Paper\nQuestion → Test\nAnswer → Book\nQuestion → Talk",
        "Question 1/4 cup\nAnswer 1/2 cup\nQuestion 3/4 cup\nAnswer 1/3 cup",
        "Ａ１　鋼板 12枚\nＡ２　角材 4本\nＢ１　釘 一箱\nＢ２　ねじ 二箱",
    ],
)
def test_signs_and_verbs_of_prose_and_codes_of_goods_label_nothing(read, text):
    assert read(text) == []


TALK = [
    ("MOD", "How did you get here?"),
    ("P1", "On foot. It takes ten minutes."),
    ("P2", "By bus, if you can call it one."),
    ("MOD", "What is wrong with the bus?"),
    ("P2", "Nothing, when it comes."),
    ("P1", "I never saw it."),
    ("MOD", "Would you pay more?"),
    ("P2", "On a Saturday I would."),
]


def test_codes_of_people_before_a_tab_speak(read):
    assert read("\n".join(f"{name}\t{said}" for name, said in TALK)) == [[said for _, said in TALK]]


PLAY = [
    ("THE MILLER", "Who stole my wheel?"),
    ("WIDOW", "The river did. It was here at night, and\n          it took what it could carry."),
    ("THE MILLER", "Then I sue the river."),
    ("WIDOW", "You had better learn to swim. The judge\n          lives on the other bank."),
    ("THE MILLER", "Will you row me over? I pay with the flour\n          that I shall grind."),
    ("WIDOW", "With which wheel?"),
]


def test_two_spaces_behind_a_name_in_capitals_are_a_gap_and_directions_end_a_turn(read):
    parts = [f"{name}  {said}" for name, said in PLAY]
    text = "\n\n".join([*parts[:2], "    The widow sits down.", *parts[2:], "    Curtain."])
    assert [said.split() for said in read(text)[0]] == [said.split() for _, said in PLAY]


@pytest.mark.parametrize(
    "text",
    [
        "NAME  boat - sails a boat\nSYNOPSIS  boat [-f] file\nFILES  /etc/boat\nNAME  row - rows\nFILES  /etc/row",
        "MON  Soup\nTUE  Fish\nWED  Bread\nMON  Stew\nTUE  Eggs\nWED  Rice\nMON  Pie\nTUE  Ham",
        "HOST  localhost\nPORT  5432\nHOST  example\nPORT  5433\nHOST  other\nPORT  5434",
        "P1\t12 mm\nP2\t14 mm\nP1\t13 mm\nP2\t12 mm\nP1\t15 mm\nP2\t11 mm\nP1\t12 mm\nP2\t12 mm",
        "R1\tCheck the valve first.\nR2\tClose the lid.\nR1\tTurn it off.\nR2\tOpen it.\nR1\tWash it.\nR2\tDry it.",
    ],
)
def test_keys_days_and_codes_of_parts_before_a_gap_do_not_speak(read, text):
    assert read(text) == []


def test_a_second_paragraph_that_begins_where_the_names_do_goes_on(read):
    said = [
        ("Anna: I went to the market this morning and", "bought all that you asked for."),
        ("Ben:  Did you also find the old clock that", "I told you about?"),
        ("Anna: Yes. The man wanted forty for it and", "would not take a penny less."),
        ("Ben:  You should have taken it. I would have", "paid sixty for a clock."),
    ]
    parts = [f"{head}\n      {rest}\n" for head, rest in said]
    text = "".join([*parts[:3], "\nI told him that it was too much, and left.\n\n", parts[3], *parts[:2]])
    assert "I told him that it was too much" in read(text)[0][2]
