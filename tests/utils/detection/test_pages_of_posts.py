"""Pages of posts and messages whose make-up differs a little from block to block, and what stands beside the words."""

import pytest

SAID = ["Is the kiln free on Monday?", "It is, from two o'clock on.", "Could I fire six bowls then?", "Six will fit."]
NAMES = ["Ada", "Bo"]


def page(pattern, said=SAID, **other):
    """A block per text; the pattern is filled with ``name``, ``text``, ``number`` and values that take turns."""
    blocks = (
        pattern.format(
            name=NAMES[number % 2], text=text, number=number + 1, **{key: two[number % 2] for key, two in other.items()}
        )
        for number, text in enumerate(said)
    )
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{''.join(blocks)}</body></html>"


CALLED = (
    '<div class="message"><abbr class="dt">May {number}, 2024, 5:10:08 PM</abbr>:\n<cite class="sender vcard">'
    '<a class="tel"><{tag} class="fn">{name}</{tag}></a></cite>:\n<q>{text}</q></div>'
)
POSTED = (
    '<div class="post"><div class="head"><{tag} class="author">{name}</{tag}> <i class="date">{number}.05.2024</i>'
    '</div><div class="body"><p>{text}</p></div></div>'
)


@pytest.mark.parametrize(("pattern", "tags"), [(CALLED, ("abbr", "span")), (POSTED, ("a", "span"))])
def test_the_tag_of_a_name_may_differ_where_its_class_is_the_same(read, pattern, tags):
    assert read(page(pattern, tag=tags), "page.html") == [SAID]


SUBJECT = (
    '<div class="wrap"><div class="poster"><h4><a>{name}</a></h4><ul><li class="rank">Member</li></ul></div>'
    '<div class="area"><h5><a>{re}When may I use the large kiln in the yard</a></h5>'
    '<div class="small">« Reply #{number} on: May 1{number}, 2024, 10:00:00 AM »</div>'
    '<div class="post"><div class="inner"><div class="quoteheader"><a>Quote from: Zed on May 01, 2024</a></div>'
    "<blockquote>Old words.</blockquote>{text}</div></div></div></div>"
)
OWN_QUOTATION = (
    '<li class="postbit"><div class="head"><span class="date">05-0{number}-2024, 10:00 AM</span></div>'
    '<div class="info"><a class="username"><strong>{name}</strong></a></div>'
    '<div class="row"><blockquote class="postcontent">{text}</blockquote></div></li>'
)


def test_the_subject_the_time_and_the_head_of_a_quotation_are_no_part_of_a_post(read):
    assert read(page(SUBJECT, re=("", "Re: ")), "page.html") == [SAID]


def test_a_page_may_set_what_a_post_says_as_a_quotation(read):
    assert read(page(OWN_QUOTATION), "page.html") == [SAID]


def asked(foot=""):
    pairs = zip([*SAID[::2], "May dogs come in?", "Who has the key?"], [*SAID[1::2], "No.", "The board."], strict=True)
    rows = "".join(f'<p class="asked">{ask}</p><p class="told">{tell}</p>' for ask, tell in pairs)
    return f"<html><body><div><h1>Kiln</h1>{rows}{foot}</div></body></html>"


def test_who_signs_the_page_is_no_part_of_the_last_answer(read):
    assert read(asked('<hr><p class="sign">The yard, Lake Street 5</p>'), "page.html")[-1][-1] == "The board."


def test_a_list_and_more_of_its_own_paragraphs_belong_to_the_last_answer(read):
    assert read(asked("<ul><li>Ask Ida.</li></ul>"), "page.html")[-1][-1] == "The board.\nAsk Ida."
    assert read(asked('<p class="told">Ask Ida.</p>'), "page.html")[-1][-1] == "The board.\nAsk Ida."


GOODS = (
    '<div class="item"><{tag} class="title">Bowl {number}</{tag}> <span class="price">4{number} kr</span>'
    "<p>Thrown by hand and fired twice.</p></div>"
)
TERMS = '<div class="entry"><{tag} class="term">Glaze {number}</{tag}><p>A coat. Is it food safe? Ask Ida.</p></div>'


@pytest.mark.parametrize("pattern", [GOODS, TERMS])
def test_goods_and_terms_are_no_posts(read, pattern):
    assert read(page(pattern, tag=("a", "span")), "page.html") == []


def test_chapters_that_hold_links_here_and_there_are_no_sides_of_a_talk(read):
    text = "Clay is dug in May and rests for a year. " * 60 + "Why so long?"
    chapters = "".join(
        f"<div class='chapter'><h2>Part {n}</h2><p>{text} {n}{'<a class=link>more</a>' * (n % 2)}</p></div>"
        for n in range(6)
    )
    assert read(f"<html><body><div class='book'>{chapters}</div></body></html>", "book.html") == []
