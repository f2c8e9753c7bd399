"""Web pages whose paragraphs open with a name in bold, italics or a class of its own."""

import pytest

from src.utils.conversation_detector import detect_conversations, turn_text
from src.utils.detection.structure.run_in_names import find_run_in_names
from tests.documents import read_document

ASKED = ["Is the well deep?", "Who dug it?", "Is it dry in August?"]
TOLD = ["Forty feet, and cold.", "My father did, with Pell.", "Never once, not even in the drought."]


@pytest.fixture
def read(tmp_path):
    """From the body of a page to its conversations as lists of texts."""

    def turns(body):
        path = tmp_path / "page.html"
        path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
        document = read_document(path)
        found = detect_conversations(document).conversations
        return [[turn_text(document.text, turn) for turn in conversation.turns] for conversation in found]

    return turns


def page(asker, answerer, **texts):
    """A paragraph per turn; ``asker`` and ``answerer`` are patterns with the number of the question."""
    more = texts.get("more", "")
    return "".join(
        f"<p>{asker.format(n)} {question}</p><p>{answerer.format(n)} {answer}</p>{more}"
        for n, (question, answer) in enumerate(zip(ASKED, TOLD, strict=True))
    )


TALK = [text for pair in zip(ASKED, TOLD, strict=True) for text in pair]


@pytest.mark.parametrize(
    ("asker", "answerer"),
    [
        ("<b>The Bugle:</b>", "<b>Olive Pell:</b>"),
        ("<i>Caller from town {}:</i>", "<i>Olive Pell:</i>"),
        ('<span class="sp">BUGLE</span>:', '<span class="sp">PELL</span>:'),
        ("<strong>Bugle</strong> —", "<strong>Pell</strong> —"),
    ],
)
def test_names_that_are_set_off_part_the_turns_of_one_dialogue(read, asker, answerer):
    assert read(page(asker, answerer)) == [TALK]


def test_letters_and_label_words_that_are_set_off_part_pairs(read):
    pairs = [list(pair) for pair in zip(ASKED, TOLD, strict=True)]
    assert read(page("<b>K:</b>", "<b>V:</b>")) == pairs
    assert read(page("<b>Leserfrage von B. {}:</b>", "<b>Die Redaktion:</b>")) == pairs


def test_a_paragraph_without_a_name_goes_on_and_what_is_printed_below_is_nobodys(read):
    found = read(page("<b>Bugle:</b>", "<b>Pell:</b>", more="<p>It is still there.</p>") + "<p>Printed at the mill</p>")
    assert [turn.split("\n")[-1] for turn in found[0][1::2]] == ["It is still there."] * 3


def test_terms_and_fields_that_are_set_off_are_nobodys_words(read):
    assert read("".join(f"<p><b>Term {n}:</b> what it means in {n} words.</p>" for n in range(8))) == []
    assert read("".join(f"<p><b>Price:</b> {n} pounds</p><p><b>Size:</b> {n} feet wide</p>" for n in range(6))) == []


@pytest.mark.parametrize("bold", ["b", "strong"])
def test_a_bold_name_needs_no_sign_behind_it(read, bold):
    asker, answerer = (f"<{bold}>{name}</{bold}>" for name in ("Bugle", "Olive Pell"))
    assert read(page(asker, answerer)) == [TALK]


@pytest.mark.parametrize(
    ("asker", "answerer"),
    [("<b>Note</b>", "<b>Warning</b>"), ("<b>press</b>", "<b>hold</b>"), ("<a>Bugle</a>", "<a>Pell</a>")],
)
def test_lead_words_verbs_and_links_without_a_sign_are_no_names(read, asker, answerer):
    assert TALK not in read(page(asker, answerer))


def test_a_paragraph_in_brackets_is_said_by_nobody(read):
    assert read(page("<b>Bugle:</b>", "<b>Pell:</b>", more="<p>[Laughter]</p>")) == [TALK]


@pytest.mark.parametrize(
    "said",
    [
        "(It is deep.) And cold.",
        "(And before that, for ten years, my brother did.)",
        "(He was ill.) (So it was.)",
    ],
)
def test_what_is_said_in_brackets_is_kept(read, said):
    kept = read(page("<b>Bugle:</b>", "<b>Pell:</b>", more=f"<p>{said}</p><p>So it is.</p>"))
    assert kept[0][1] == f"{TOLD[0]}\n{said}\nSo it is."


@pytest.mark.parametrize(
    ("one", "other"), [("Task", "Hint"), ("Risk", "Measure"), ("Monday", "Tuesday"), ("Install", "Configure")]
)
def test_parts_of_a_lesson_or_a_plan_without_a_sign_are_no_names(read, one, other):
    assert TALK not in read(page(f"<b>{one}</b>", f"<b>{other}</b>"))


def test_names_without_a_sign_of_whom_both_ask_or_none_answers_are_no_talk(read):
    parts = ["Which maps lie?", "Which do not?", "Read and say why.", "Draw one.", "Show it.", "Is it true?"]
    names = ("Ada Lund", "Atlas")
    assert read("".join(f"<p><b>{names[n % 2]}</b> {part}</p>" for n, part in enumerate(parts))) == []


def test_a_talk_written_small_is_a_talk(read):
    parts = ["hi there", "hey, how are you?", "fine, you?", "tired", "long day?", "yes, the mill again"]
    page_of = "".join(f"<p><b>{('Ada', 'Tom')[n % 2]}:</b> {part}</p>" for n, part in enumerate(parts))
    assert read(page_of) == [parts]


def test_phrases_that_go_on_with_the_words_in_front_are_no_turns_led_by_them(tmp_path):
    parts = ["asked who pays. Who does?", "pays within a month.", "may end it. How?", "keeps the maps."]
    for said, is_talk in ((parts, False), ([part.rstrip(".").capitalize() for part in parts], True)):
        path = tmp_path / "page.html"
        body = "".join(f"<p><b>{('Buyer', 'Seller')[n % 2]}</b> — {part}</p>" for n, part in enumerate(said))
        path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
        document = read_document(path)
        assert (find_run_in_names(document.text, document.sections) is not None) == is_talk


MINUTES = [
    ("Ingrid", "Shall we start?"),
    ("Paul", "I can scribe."),
    ("Ingrid", "Any objection?"),
    ("Paul", "I hear none."),
    ("Ingrid", "Who changes the tests?"),
    ("Paul", "I will."),
]


def minutes(between):
    rows = [f'<p class="phone s{n}"><cite>{who}:</cite> {said}</p>' for n, (who, said) in enumerate(MINUTES)]
    return f"<h3>Plan</h3>{''.join([*rows[:4], between, *rows[4:]])}"


@pytest.mark.parametrize(
    "between",
    [
        '<p class="resolution"><strong>RESOLUTION:</strong> Remove the alias.</p>',
        '<p class="irc"><cite>&lt;bot&gt;</cite> <strong>ACTION:</strong> none recorded</p>',
        '<p class="action summary"><b>Action:</b> Paul to change the tests</p>',
    ],
)
def test_paragraphs_of_another_class_that_set_off_their_own_label_are_said_by_nobody(read, between):
    assert read(minutes(between)) == [[said for _, said in MINUTES]]


@pytest.mark.parametrize(
    "between",
    [
        "<p><b>Nothing</b> else stands.</p>",
        '<p class="cont">It is plain.</p>',
        '<p class="phone s9"><i>Note:</i> I tried.</p>',
        '<p class="indent"><em>Never</em> have I seen so much flour.</p>',
        '<p class="indent"><b>Never</b> have I seen so much flour.</p>',
    ],
)
def test_paragraphs_that_go_on_with_what_was_said_stay(read, between):
    assert len(read(minutes(between))[0][3]) > len("I hear none.")


@pytest.mark.parametrize("name", ["speaker", "sender", "chat-speaker", "speaker_name"])
def test_a_class_that_says_who_speaks_needs_no_sign_behind_the_name(read, name):
    rows = (f'<p><span class="{name}">{who}</span> {said}</p>' for who, said in MINUTES)
    assert read("".join(rows)) == [[said for _, said in MINUTES]]


@pytest.mark.parametrize("name", ["keyword", "lead", "drop-cap", "term", "from", "role"])
def test_other_classes_of_first_words_name_nobody(read, name):
    rows = (f'<p><span class="{name}">{who}</span> {said}</p>' for who, said in MINUTES)
    assert "Shall we start?" not in [turn for talk in read("".join(rows)) for turn in talk]
