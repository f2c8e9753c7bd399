"""Web pages: chats, forums and accordions by the make-up of their blocks; and pages that only look like them."""

import pytest

from src.utils.conversation_detector import detect_conversations, turn_text
from tests.documents import read_document

ASKED = "Is the kiln hot enough?"
TOLD = "Nearly, wait for the cone."
AGAIN = "How long is that?"
LAST = "Ten more minutes."
TALK = [("user", ASKED), ("assistant", TOLD), ("user", AGAIN), ("assistant", LAST)]


@pytest.fixture
def read(tmp_path):
    """From the body of a page to its conversations as lists of (role, text)."""

    def turns(body):
        path = tmp_path / "page.html"
        path.write_text(
            f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>", encoding="utf-8"
        )
        document = read_document(path)
        found = detect_conversations(document).conversations
        return [[(turn.role, turn_text(document.text, turn)) for turn in conversation.turns] for conversation in found]

    return turns


def blocks(pattern, texts=(ASKED, TOLD, AGAIN, LAST), names=("Ruth", "Ivo")):
    """One block per text; the pattern is filled with ``name``, ``side``, ``text`` and ``number``."""
    return "".join(
        pattern.format(name=names[index % 2], side=("left", "right")[index % 2], text=text, number=index + 1)
        for index, text in enumerate(texts)
    )


POST = (
    '<article class="post"><header><a>{name}</a> <time>2024-01-0{number}</time> <span>#{number}</span></header>'
    '<div class="content"><p>{text}</p></div><div class="tools"><a>Reply</a> <a>Quote</a></div></article>'
)
SIGNED = (
    '<div class="entry"><div class="profile"><a class="username">{name}</a>'
    "<dl><dt>Posts</dt><dd>1{number}</dd></dl></div>"
    '<div class="body"><blockquote>Somebody said this before.</blockquote>{text}'
    '<div class="signature">Fire is my friend, always.</div></div></div>'
)


@pytest.mark.parametrize(
    "pattern",
    [
        '<div class="m"><b class="who">{name}</b><p class="says">{text}</p><time>10:0{number}</time></div>',
        "<li><span>{name}</span><span>{text}</span></li>",
        '<div class="row"><div class="bubble {side}"><p>{text}</p></div></div>',
        '<section data-author="{name}"><p>{text}</p></section>',
        POST,
        SIGNED,
    ],
)
def test_blocks_of_one_make_up_are_turns_without_their_furniture(read, pattern):
    assert read(f'<div id="all">{blocks(pattern)}</div>') == [TALK]


def test_a_role_may_stand_in_a_class_or_an_attribute_alone(read):
    by_class = '<div class="msg msg-{name}"><p>{text}</p><p>And more.</p></div>'
    found = read(f"<main>{blocks(by_class, names=('human', 'bot'))}</main>")
    assert found == [[(role, f"{text}\n\nAnd more.") for role, text in TALK]]
    by_mark = '<div data-message-author-role="{name}">{text}</div>'
    assert read(f"<main>{blocks(by_mark, names=('user', 'assistant'))}</main>") == [TALK]


def test_a_table_of_two_cells_a_row_is_a_forum(read):
    pattern = "<tr><td><b>{name}</b><br>Member<br>Posts: 4{number}</td><td>{text}</td></tr>"
    assert read(f"<table>{blocks(pattern)}</table>") == [TALK]


def test_an_accordion_ends_with_its_last_answer(read):
    head = '<h3><button aria-expanded="false">{asked}</button></h3>'
    item = f'<div class="item">{head}<div><p>{{told}}</p><ul><li>one</li></ul></div></div>'
    pairs = [(ASKED, TOLD), (AGAIN, LAST), ("Who mixes the glaze?", "Whoever is first in.")]
    body = "".join(item.format(asked=asked, told=told) for asked, told in pairs)
    assert read(f"<div>{body}</div><footer>Call us: 0812</footer>") == [
        [("user", asked), ("assistant", f"{told}\n\none")] for asked, told in pairs
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<ul>" + "".join(f'<li class="{side}"><a>Chapter {side}</a></li>' for side in ("odd", "even") * 3) + "</ul>",
        "<div>"
        + "".join(
            f'<div class="card"><h4>Vase {number}</h4><p>Stoneware, glazed by hand.</p></div>' for number in range(6)
        )
        + "</div>",
        "<div>"
        + "".join(
            f'<div class="review"><b>Guest {number}</b><p>The room {number} was quiet and warm.</p></div>'
            for number in range(6)
        )
        + "</div>",
        "<table>"
        + "".join(f"<tr><td>{day}</td><td>Throwing on the wheel, all levels.</td></tr>" for day in ("Mon", "Tue") * 3)
        + "</table>",
        "<nav>" + "".join(f'<a class="{side}">Where is page {side}?</a>' for side in ("left", "right") * 2) + "</nav>",
    ],
)
def test_menus_cards_reviews_and_timetables_are_no_conversations(read, body):
    assert read(body) == []


def test_the_footer_of_a_page_is_no_part_of_the_last_answer(read):
    labelled = blocks("<h6>{side} said:</h6><p>{text}</p>").replace("left", "You").replace("right", "Assistant")
    assert read(f"<main>{labelled}</main><footer>All answers are given in good faith.</footer>") == [TALK]


def test_what_is_offered_below_bold_words_is_said_by_nobody(read):
    offered = [
        ("We offer:", "a warm workshop."),
        ("Your tasks:", "planing and caulking."),
        ("We offer:", "travel and working clothes."),
        ("Have you become curious?", "Then write to us."),
        ("Any questions?", "Ask at the yard."),
    ]
    assert read("".join(f"<p><b>{head}</b> {rest}</p>" for head, rest in offered)) == []


def test_a_class_of_words_inside_sections_tells_no_speakers_apart(read):
    def section(number):
        said = (
            f'Run it with <code class="option">-g</code>, or <b>{number}</b> times.'
            if number % 2
            else "Is it slow? No."
        )
        return f'<div class="sect1"><h2>{number}. Step</h2><p>{said}</p></div>'

    assert read("".join(map(section, range(8)))) == []


def test_bubbles_that_are_links_tell_the_sides_apart(read):
    assert read("<ul>" + blocks('<li><a class="{side}" href="#">{text}</a></li>') + "</ul>") == [TALK]


def test_a_name_in_an_element_for_citations_may_be_the_sender(read):
    said = ["Is the ferry running?", "Every two hours.", "May I bring my dog?", "On a lead, yes."]
    rows = [
        f'<div class="message"><abbr class="dt">Jan 1, 2015, 10:0{n}:00 AM</abbr>: <cite class="sender vcard"><a>'
        f'<span class="fn">{("Me", "Bob Cole")[n % 2]}</span></a></cite>: <q>{text}</q></div>'
        for n, text in enumerate(said)
    ]
    found = read(f'<div class="log">{"".join(rows)}</div>')
    assert [[text for _, text in talk] for talk in found] == [said]


def test_a_citation_with_a_class_of_its_own_is_no_part_of_a_post(read):
    posts = "".join(
        f'<div class="post"><b>{("Ann", "Bob")[n % 2]}</b><p><cite class="ref">Bob wrote at noon</cite></p>'
        f"<p>{said}</p></div>"
        for n, (_, said) in enumerate(TALK)
    )
    assert read(f'<div class="posts">{posts}</div>') == [TALK]
