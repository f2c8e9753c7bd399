"""Objects and rows that have a writer and a text, and are no turns: articles, issues, quotations, settings."""

import json

import pytest

NEWS = [
    ("Ines", "Slugs again", "Beer traps work best after rain."),
    ("Paul", "Which rake?", "We compare five rakes under twenty euros."),
    ("Ines", "Compost heat", "A heap should reach sixty degrees. What about yours?"),
    ("Paul", "Frost dates", "Mind the last week of April."),
    ("Ines", "New gate", "The gate at the north end was painted green."),
]


def tags(**values):
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())


@pytest.mark.parametrize("keys", [("title", "body"), ("headline", "text"), ("subject", "content"), ("titre", "texte")])
def test_texts_with_headings_of_their_own_are_articles_whatever_they_ask(read, keys):
    heading, text = keys
    rows = [{"author": who, heading: title, text: said} for who, title, said in NEWS]
    assert read(json.dumps(rows), "posts.json") == []
    assert read(json.dumps({"items": rows}), "feed.json") == []
    assert read("\n".join(map(json.dumps, rows)), "posts.jsonl") == []
    lines = [f'{who},{title},"{said}"' for who, title, said in NEWS]
    assert read("\n".join([f"author,{heading},{text}", *lines]), "posts.csv") == []
    items = "".join(f"<item>{tags(author=who, **{heading: title, text: said})}</item>" for who, title, said in NEWS)
    assert read(f'<?xml version="1.0"?><feed>{items}</feed>', "feed.xml") == []


def test_issues_are_no_talk_and_the_comments_of_one_are(read):
    issues = [{"title": title, "user": {"login": who}, "body": said} for who, title, said in NEWS]
    assert read(json.dumps(issues), "issues.json") == []
    comments = [{"user": {"login": who}, "body": said} for who, _, said in NEWS[1:]]
    thread = {**issues[0], "comments": comments}
    assert read(json.dumps(thread), "issue.json") == [[said for _, _, said in NEWS]]


def test_mails_of_one_subject_are_a_talk(read):
    rows = [{"from": who, "subject": f"{'Re: ' * (n > 0)}Slugs", "body": said} for n, (who, _, said) in enumerate(NEWS)]
    assert read(json.dumps({"messages": rows}), "mails.json") == [[said for _, _, said in NEWS]]


def test_quotations_by_their_authors_are_no_talk_where_nobody_is_asked(read):
    quiet = [(who, said) for who, _, said in NEWS if "?" not in said]
    assert read(json.dumps([{"author": who, "text": said} for who, said in quiet]), "quotes.json") == []
    assert read(json.dumps([{"sender": who, "text": said} for who, said in quiet]), "talk.json") != []


def test_roles_with_the_same_settings_are_no_talk(read):
    rows = [{"role": name, "content": ["read", "write"]} for name in ("admin", "guest", "admin", "guest")]
    assert read(json.dumps(rows), "roles.json") == []
