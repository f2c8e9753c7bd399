"""Dialogues that data sets write a line an exchange: numbered lines, pairs that go on, telephone calls."""

from itertools import pairwise

import pytest

CHAIN = ["is the mill open?", "only on sundays.", "why not today?", "the wheel is being mended.", "that is a pity."]
OTHER = ["who keeps the key?", "the miller keeps it.", "where does he live?", "behind the old barn."]


def chained(*talks):
    return "\n".join(f"{one}\t{other}" for talk in talks for one, other in pairwise(talk)) + "\n"


def test_pairs_whose_answer_opens_the_next_pair_are_read(read):
    pairs = [list(pair) for talk in (CHAIN, OTHER) for pair in pairwise(talk)]
    assert read(chained(CHAIN, OTHER)) == pairs


@pytest.mark.parametrize(
    "talk",
    [
        ["idle", "started", "paused", "started", "stopped", "idle"],
        ["Leeds Central Station", "York North Station", "Hull Dock Station", "Selby Mill Station", "Leeds Old Town"],
        ["draft of the rules", "first reading in june", "second reading in july", "signed by the mayor"],
        ["1.0.1 of the mill", "1.0.2 of the mill", "1.1.0 of the mill", "1.2.0 of the mill"],
    ],
)
def test_steps_legs_and_versions_that_go_on_are_no_talk(read, talk):
    assert read(chained(talk)) == []


TASK = """1 hello\twelcome to the mill
2 may i have some flour\thow many sacks would you like
3 <SILENCE>\tare you still there
4 two please\tapi_call flour two
5 old_mill R_price six
6 <SILENCE>\tthat is six in all

1 good morning\twelcome to the mill
2 is it open today\tyes until noon
3 thank you\tyou are welcome
"""


def test_numbered_lines_of_two_who_take_turns_begin_anew_with_one(read):
    found = read(TASK)
    assert [len(turns) for turns in found] == [10, 6]
    assert found[0][:4] == ["hello", "welcome to the mill", "may i have some flour", "how many sacks would you like"]
    assert found[0][-2:] == ["<SILENCE>", "that is six in all"]


def test_a_persona_before_the_talk_and_candidates_behind_it_are_said_by_nobody(read):
    text = "\n".join(
        f"1 your persona: i like bread.\n2 partner's persona: i own a mill.\n"
        f"3 hi , how are you {n} ?\tfine , i just baked bread .\t\tno .|yes .|fine , i just baked bread .\n"
        f"4 do you grind it {n} yourself ?\tmy brother does .\t\tnever .|my brother does ."
        for n in range(3)
    )
    assert read(text)[0] == [
        "hi , how are you 0 ?",
        "fine , i just baked bread .",
        "do you grind it 0 yourself ?",
        "my brother does .",
    ]
    assert len(read(text)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "1 Flour\t2 sacks\n2 Rye\t1 sack\n3 Oats\t4 sacks\n4 Barley\t2 sacks\n1 Bran\t1 sack\n2 Spelt\t3 sacks\n",
        "1 the mill\tdie Mühle\n2 the weir\tdas Wehr\n3 the wheel\tdas Rad\n1 to grind\tmahlen\n2 to mend\tflicken\n",
        "1 Open the gate\tAnn Bell\n2 Mend the wheel\tBen Cole\n3 Sweep the yard\tAnn Bell\n4 Feed cats\tIda B.\n",
        "1 Marlow Mill - Leeds Town\t2:1\n2 York - Hull City Team\t0:0\n1 Leeds - York\t1:3\n2 Hull - Marlow\t2:2\n",
        "1 Guten Tag!\tGood day!\n2 Wie geht es dir?\tHow are you?\n1 Wo?\tWhere?\n2 Hier.\tHere.\n",
        "1 Open it\tUse the key\n2 Turn it\tDo you hear it run?\n1 Stop it\tPull your lever\n2 Go\tBye\n",
        "1 What is rye?\t2\n2 What is a weir for?\t3\n1 Name the parts of your mill.\t1\n2 Why does it turn?\t4\n",
        "1 Monday morning\tyou and Ann\n2 Tuesday\tme and Ida\n1 Monday morning\tyou and Ida\n2 Friday\tmy son\n",
        "1 Where is Mary now\tShe left at noon for the mill.\n2 Opening of the yard\tThe gates open at nine.\n",
    ],
)
def test_numbered_tables_of_two_columns_are_no_talk(read, text):
    assert read(text) == []


CALL = [
    "Okay.",
    "{D So, } you were saying that you -- [ that you, + that you ] grind flour?",
    "{F Uh, } yes, I do, about six years now.",
    "Really? Every day?",
    "Every day but Sunday.  <Laughter>.",
    "Uh-huh.",
    "And do you bake your own bread?",
    "A little bit.",
]
HEAD = "FILENAME:\t4417_1302\nTOPIC#:\t\t351\nDATE:\t\t920305\n\n==========================================\n\n\n"


@pytest.mark.parametrize("form", ["{}.{}:  {}", "{}{}: {}", "{}{}：{}"])
def test_letters_whose_numbers_count_the_turns_are_speakers(read, form):
    text = "\n\n".join(form.format("AB"[n % 2], n + 1, said) for n, said in enumerate(CALL))
    assert read(HEAD + text) == [CALL]


def test_letters_with_numbers_of_their_own_still_ask_and_answer(read):
    pairs = [["Is the mill open?", "On Sundays."], ["Who keeps the key?", "The miller."], ["May dogs come?", "No."]]
    text = "\n\n".join(f"Q.{n}: {one}\nA.{n}: {other}" for n, (one, other) in enumerate(pairs, start=1))
    assert read(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(f"A.{n}: The {part} of the mill is kept dry and clean." for n, part in enumerate("abcdefg", 1)),
        "\n".join(f"{'AB'[n > 4]}.{n}: sack of flour number {n}" for n in range(1, 9)),
        "\n".join(f"{'AB'[n % 2]}{n}: {n * 3}" for n in range(1, 12)),
    ],
)
def test_numbered_clauses_and_cells_are_no_call(read, text):
    assert read(text) == []
