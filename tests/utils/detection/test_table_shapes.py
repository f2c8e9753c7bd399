"""Tables and slides read by what stands in their cells: any header, any language, or none."""

from pathlib import Path

import pytest

from src.core.types import Section, SourceDocument
from src.utils.conversation_detector import detect_conversations, turn_text
from tests.documents import read_document

TALK = ["Onko sauna lämmin?", "Puolen tunnin päästä on.", "Saako koira tulla mukaan?", "Pihalle kyllä, ei sisään."]


@pytest.fixture
def read(tmp_path):
    """From the lines of a CSV file to its conversations as lists of texts."""

    def turns(*lines):
        path = tmp_path / "table.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        document = read_document(path)
        found = detect_conversations(document).conversations
        return [[turn_text(document.text, turn) for turn in conversation.turns] for conversation in found]

    return turns


def rows(pattern, texts=TALK, names=("Aino", "Eero")):
    """A line per text; the pattern is filled with ``name``, ``text`` and ``number``."""
    return [
        pattern.format(name=names[index % 2], text=text, number=index % 4 + 1, group=index // 4 + 1)
        for index, text in enumerate(texts)
    ]


def test_names_that_take_turns_are_speakers_whatever_the_header_says(read):
    assert read("puhuja;hetki;sanat", *rows("{name};10.0{number};{text}")) == [TALK]
    assert read(*rows("{name};{text}")) == [TALK]


def test_a_column_that_comes_in_runs_or_counts_from_the_start_parts_conversations(read):
    twice = [*TALK, *(f"{text} Taas." if not text.endswith("?") else text for text in TALK)]
    assert read("juttu;puhuja;sanat", *rows("J-{group};{name};{text}", twice)) == [twice[:4], twice[4:]]
    assert read("vuoro;puhuja;sanat", *rows("{number};{name};{text}", twice)) == [twice[:4], twice[4:]]


def test_a_column_of_channels_does_not_part_speakers(read):
    pattern = [f"{index % 2};{('caller', 'agent')[index % 2]};{text}" for index, text in enumerate(TALK)]
    assert read("channel;speaker;utterance", *pattern) == [TALK]


def test_rows_that_run_backwards_are_turned_round(read):
    backwards = list(reversed(rows("2024-05-0{number};{name};{text}")))
    assert read("date;puhuja;sanat", *backwards) == [TALK]


def test_columns_named_by_who_writes_them_are_pairs(read):
    lines = ["7;Nøglen virker ikke.;Vi koder den om i dag.", "8;Der er mørkt i kælderen.;Pæren er skiftet nu, tak."]
    assert read("id;customer_message;agent_reply", *lines) == [line.split(";")[1:] for line in lines]


def test_a_second_header_is_no_question(read):
    lines = ["Ada?;Sim", "Kysymys;Vastaus"]
    found = read(
        "A-osa;B-osa",
        "Kysymys;Vastaus",
        f"{TALK[0]};{TALK[1]}",
        f"{TALK[2]};{TALK[3]}",
        "Milloin suljette?;Kello kymmenen illalla.",
    )
    assert found == [TALK[:2], TALK[2:], ["Milloin suljette?", "Kello kymmenen illalla."]], lines


@pytest.mark.parametrize(
    "lines",
    [
        [
            "sukupuoli;kommentti",
            *(f"{name};Huone {index} oli siisti ja rauhallinen." for index, name in enumerate(["N", "M"] * 4)),
        ],
        ["tuote;kuvaus", *(f"Kuppi {index};Savea, käsin tehty ja lasitettu." for index in range(6))],
        ["nimi;kaupunki", "Aino;Turku", "Eero;Oulu", "Aino;Vaasa", "Eero;Lahti"],
    ],
)
def test_surveys_and_stock_are_no_conversations(read, lines):
    assert read(*lines) == []


def test_lines_of_a_slide_that_ask_are_answered_by_the_next_line():
    slide = (
        "Who has the key?\nThe caretaker.\nWho pays for lamps?\nThe owner. Always.\nWhen is quiet time?\nFrom ten.\n\n"
    )
    source = SourceDocument(
        Path("x"), "x", (Section("House rules\n\n", "slide 1", "heading", 1), Section(slide, "slide 1")), ""
    )
    found = detect_conversations(source).conversations
    assert [[turn_text(source.text, turn) for turn in one.turns] for one in found] == [
        ["Who has the key?", "The caretaker."],
        ["Who pays for lamps?", "The owner. Always."],
        ["When is quiet time?", "From ten."],
    ]


def test_the_key_of_an_exam_begins_at_the_word_that_follows_all_options():
    exam = "".join(
        f"Tehtävä {number}. {asked}\n\nA. Joki\n\nB. Järvi\n\nC. Meri\n\nOikea vastaus: {told}\n\n"
        for number, asked, told in (
            (1, "Mikä on syvin?", "C. Meri on syvin."),
            (2, "Mikä virtaa?", "A. Joki virtaa."),
            (3, "Mikä jäätyy?", "B. Järvi jäätyy."),
        )
    )
    source = SourceDocument(Path("x"), "x", (Section(exam),), "")
    found = detect_conversations(source).conversations
    assert [turn_text(source.text, one.turns[1]) for one in found] == [
        "C. Meri on syvin.",
        "A. Joki virtaa.",
        "B. Järvi jäätyy.",
    ]
    assert turn_text(source.text, found[0].turns[0]).split("\n\n") == [
        "Mikä on syvin?",
        "A. Joki",
        "B. Järvi",
        "C. Meri",
    ] or (turn_text(source.text, found[0].turns[0]).splitlines()[0] == "Mikä on syvin?")


def test_page_numbers_and_running_titles_are_in_no_turn():
    sections = []
    for page, (asked, told) in enumerate(
        (("Who came?", "Nobody."), ("Who left?", "Everyone."), ("Who stayed?", "The cat.")), start=1
    ):
        texts = ["Harbour Tapes 14", f"Q: {asked}", f"A: {told}", str(page)]
        sections.extend(Section(f"{text}\n\n", f"page {page}") for text in texts)
    source = SourceDocument(Path("x"), "x", tuple(sections), "")
    found = detect_conversations(source).conversations
    assert [turn_text(source.text, one.turns[1]) for one in found] == ["Nobody.", "Everyone.", "The cat."]


def test_a_longer_header_with_a_word_for_answers_names_the_answers_to_the_prose_before_it(read):
    lines = ["1;Name two causes of silt.;Rain and bare banks.;2", "2;What is a weir?;A low wall across a river.;1"]
    assert read("No.;Task;Model answer;Points", *lines) == [line.split(";")[1:3] for line in lines]


def test_sentences_of_other_scripts_end_too(read):
    talk = ["कुआँ कब बनेगा?", "अगले महीने बनेगा।", "पैसा कहाँ से आएगा?", "पंचायत के खाते से।"]
    assert read("क्रम;वक्ता;कथन", *rows("{number};{name};{text}", talk, ("सरपंच", "सचिव"))) == [talk]


def test_few_dated_posts_are_a_thread_where_somebody_comes_back(read):
    posts = ["Is rye good here?", "Better than wheat, I find.", "How much water then?", "A little more, says my aunt."]
    names = ["Ida", "Otto", "Ida", "Vera"]
    lines = [f"2024-03-0{n + 1};{name};{post}" for n, (name, post) in enumerate(zip(names, posts, strict=True))]
    assert read("wann;wer;was", *lines) == [posts]
