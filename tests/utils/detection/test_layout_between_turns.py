"""What layout sets between turns and nobody says: nodes of Info, titles behind a sign or a letter, headings."""

import pytest

ASKED = ["Is the mill open?", "Who keeps the key?", "Does the wheel turn?", "May dogs come in?"]
TOLD = ["On Sundays, from two.", "The miller keeps it.", "In high water only.", "They wait in the yard."]
PAIRS = [list(pair) for pair in zip(ASKED, TOLD, strict=True)]


def node(name, body):
    return f"\x1f\nFile: mill.info,  Node: {name},  Next: Weir,  Prev: Top,  Up: Top\n\n{body}\n\n"


def test_heads_of_nodes_and_their_table_are_said_by_nobody(read):
    parts = [node(f"N{n}", f"1.{n} {one}\n{'=' * 30}\n\n{other}") for n, (one, other) in enumerate(PAIRS, start=1)]
    table = "\x1f\nTag Table:\nNode: Top\x7f312\nNode: N1\x7f640\n\x1f\nEnd Tag Table\n"
    assert read(f"This is mill.info.\n\n{''.join(parts)}{table}", "mill.txt") == PAIRS


def test_an_answer_may_name_a_file_and_a_node(read):
    told = [*TOLD[:3], "See here:\n\nFile: the list of nodes."]
    text = "\n\n".join(f"## {one}\n\n{other}" for one, other in zip(ASKED, told, strict=True))
    assert [pair[1] for pair in read(text, "faq.md")] == told


LABELLED = "【質問】{}\n【回答】{}"


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("■ご利用について", "■その他", "■お支払い"),
        ("◆ Visits", "◆ The wheel", "◆ Dogs"),
        ("A: Principles", "B: The wheel", "C: Dogs and feasts"),
        ("I. Visits", "II. The wheel", "III. Dogs"),
    ],
)
@pytest.mark.parametrize("form", ["Q: {}\nA: {}", LABELLED, "{n}. {}\n▪ {}", "**{}**\n\n{}"])
def test_titles_behind_a_sign_or_letters_in_order_end_an_answer(read, form, first, second, third):
    pairs = [form.format(one, other, n=n) for n, (one, other) in enumerate(PAIRS, start=1)]
    text = "\n\n".join([first, *pairs[:1], second, *pairs[1:3], third, *pairs[3:]])
    told = [f"▪ {other}" if "▪" in form else other for other in TOLD]
    assert [pair[1] for pair in read(text, "faq.txt")] == told


@pytest.mark.parametrize(
    "inner",
    [
        "● On Sundays\n\n● On Mondays",
        "● On Sundays\n● On Mondays",
        "A. On Sundays\n\nB. On Mondays\n\nC. Never",
        "B: bring shoes",
        "■ The gate opens at two.\n\nThen the wheel turns.",
    ],
)
def test_items_and_sentences_behind_signs_and_letters_are_part_of_an_answer(read, inner):
    told = [TOLD[0], f"See below.\n\n{inner}", *TOLD[2:]]
    text = "\n\n".join(f"Question: {one}\nAnswer: {other}" for one, other in zip(ASKED, told, strict=True))
    assert [pair[1] for pair in read(text, "faq.txt")] == told


def test_who_speaks_behind_a_sign_is_no_title(read):
    text = "\n\n".join(
        f"◆{('Ines', 'Paul')[n % 2]}\n\n{said}" for n, said in enumerate(said for pair in PAIRS for said in pair)
    )
    assert all("◆" not in said for turns in read(text, "talk.txt") for said in turns)


@pytest.mark.parametrize("mark", ["- Page 1/2 -", "Seite 1 von 2", "[p. 1 of 2]", "стр. 1 из 2"])
def test_a_single_page_number_that_counts_all_pages_is_said_by_nobody(read, mark):
    parts = [f"QUESTION: {one}\n\nANSWER: {other}" for one, other in PAIRS]
    assert read("\n\n".join([parts[0], " " * 40 + mark, *parts[1:]])) == PAIRS


@pytest.mark.parametrize("line", ["Page 1 of the book", "1/2 litre", "Pages 1/2 are lost.", "page 3/2", "Score 1 of 2"])
def test_other_figures_in_a_paragraph_of_their_own_are_said(read, line):
    parts = [f"QUESTION: {one}\n\nANSWER: {other}" for one, other in PAIRS]
    assert read("\n\n".join([parts[0], line, *parts[1:]]))[0] == [PAIRS[0][0], f"{PAIRS[0][1]}\n\n{line}"]
