"""Mail: headers in plain words, the best body, attached text and mails, mailboxes in order."""

from __future__ import annotations

from base64 import b64encode
from email.message import EmailMessage

import pytest

from src.core.errors import InputFileError
from src.utils.extractors.mail import extract, extract_mailbox


def write(tmp_path, data: bytes | EmailMessage, name: str = "a.eml"):
    path = tmp_path / name
    path.write_bytes(data.as_bytes() if isinstance(data, EmailMessage) else data)
    return path


def make_mail(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    for name, value in headers.items():
        mail[name] = value
    return mail


def test_headers_are_decoded_and_the_plain_body_is_preferred(tmp_path):
    mail = make_mail(Subject="Grüße vom Bienenstock", From="Ada <ada@example.org>")
    mail.set_content("First line.\n\nSecond paragraph with ümlaut.\n")
    mail.add_alternative("<p>not this</p>", subtype="html")
    found = list(extract(write(tmp_path, mail)))
    assert found[0].text == "Subject: Grüße vom Bienenstock\nFrom: Ada <ada@example.org>\n\n"
    assert [field.name for field in found[0].fields] == ["Subject", "From"]
    assert [section.text.strip() for section in found[1:]] == ["First line.", "Second paragraph with ümlaut."]
    assert found[1].locator == "mail line 1"


def test_an_html_body_is_read_where_there_is_no_plain_one(tmp_path):
    mail = make_mail(Subject="s")
    mail.set_content("<p>Only <b>markup</b></p>", subtype="html")
    assert [section.text.strip() for section in extract(write(tmp_path, mail))][1:] == ["Only markup"]
    mail = make_mail(Subject="s")
    mail.set_content(" \n")
    mail.add_alternative("<p>the better half</p>", subtype="html")
    assert [section.text.strip() for section in extract(write(tmp_path, mail))][1:] == ["the better half"]


def test_attached_text_and_mails_are_read_and_pictures_are_not(tmp_path):
    inner = make_mail(Subject="inner")
    inner.set_content("forwarded words\n")
    mail = make_mail(Subject="outer")
    mail.set_content("body\n")
    mail.add_attachment(b"\x89PNG\xff", maintype="image", subtype="png")
    mail.add_attachment(b"\xff\xfe\x00binary", maintype="application", subtype="octet-stream")
    mail.add_attachment(b'{"a": "readable"}', maintype="application", subtype="json")
    mail.add_attachment(inner)
    found = [section.text.strip() for section in extract(write(tmp_path, mail))]
    assert found == ["Subject: outer", "body", '{"a": "readable"}', "Subject: inner", "forwarded words"]


def test_alternatives_may_hold_parts_of_parts_or_nothing(tmp_path):
    raw = (
        b"Subject: s\nContent-Type: multipart/alternative; boundary=x\n\n--x\n"
        b"Content-Type: multipart/related; boundary=y\n\n"
        b"--y\nContent-Type: text/html\n\n<p>related</p>\n--y--\n--x--\n"
    )
    assert [section.text.strip() for section in extract(write(tmp_path, raw))] == ["Subject: s", "related"]
    assert [
        s.text for s in extract(write(tmp_path, b"Subject: s\nContent-Type: multipart/alternative; boundary=x\n\nx"))
    ] == ["Subject: s\n\n"]


def test_unknown_charsets_are_guessed(tmp_path):
    raw = b"Subject: =?no-such?B?aGk=?=\nContent-Type: text/plain; charset=no-such\n\nCaf\xe9 today\n"
    assert [section.text.strip() for section in extract(write(tmp_path, raw))] == [
        "Subject: hi",
        "Café today",
    ]


def test_a_mailbox_gives_its_mails_in_order(tmp_path):
    raw = (
        b"From ada Mon Jun  1 10:00:00 2026\nSubject: one\n\nfirst body\n>From here on\n\n"
        b"From b\xe9n Mon Jun  1 11:00:00 2026\nFrom: ben@example.org\n\nsecond body\nFrom the middle\n"
    )
    found = [(section.text.strip(), section.locator) for section in extract_mailbox(write(tmp_path, raw, "a.mbox"))]
    assert found == [
        ("Subject: one\nFrom: ada Mon Jun  1 10:00:00 2026", "mail 1"),
        ("first body\nFrom here on", "mail 1 line 1"),
        ("From: ben@example.org", "mail 2"),
        ("second body\nFrom the middle", "mail 2 line 1"),
    ]


def test_a_mailbox_without_mails_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="holds no mail"):
        list(extract_mailbox(write(tmp_path, b"just words\n", "a.mbox")))


def test_attached_files_are_named_and_read_where_they_are_text(tmp_path):
    mail = make_mail(Subject="Plan")
    mail.set_content("See the files.\n")
    mail.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="grundriß.png")
    mail.add_attachment("bed,size\n", subtype="csv", filename="beds.csv")
    found = [section.text.strip() for section in extract(write(tmp_path, mail))]
    assert found == ["Subject: Plan", "See the files.", "Attachment: grundriß.png", "Attachment: beds.csv", "bed,size"]


def test_a_plain_body_that_only_points_to_the_other_gives_way(tmp_path):
    mail = make_mail(Subject="s")
    mail.set_content("Your program cannot show this mail.\n")
    mail.add_alternative("<p>" + "The hives are healthy and strong. " * 10 + "</p>", subtype="html")
    assert "hives are healthy" in list(extract(write(tmp_path, mail)))[1].text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Grüße".encode(), "Grüße"),
        ("Grüße und Café".encode("cp1252"), "Grüße und Café"),
        (b"=?iso-2022-jp?B?" + b64encode("蜂は花".encode("iso2022_jp")) + b"?=", "蜂は花"),
        (b"=?gb2312?B?" + b64encode("朱镕基".encode("gb18030")) + b"?=", "朱镕基"),
        (b"=?utf-8?Q?caf=C3=A9?= =?utf-8?Q?_noir?= now", "café noir now"),
        (b"=?no-such-charset?Q?caf=E9?=", "café"),
    ],
)
def test_subjects_are_read_however_they_were_encoded(tmp_path, raw, shown):
    path = write(tmp_path, b"Subject: " + raw + b"\nFrom: a@example.org\nTo: b@example.org\n\nText.\n")
    assert next(extract(path)).text.splitlines()[0] == f"Subject: {shown}"


def test_a_japanese_body_is_read_in_its_seven_bit_encoding(tmp_path):
    head = b"Subject: s\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    path = write(tmp_path, head + "蜂は花の蜜を集めます。\n".encode("iso2022_jp"))
    assert list(extract(path))[1].text.strip() == "蜂は花の蜜を集めます。"


def test_a_mark_or_empty_lines_before_the_headers_do_not_hide_them(tmp_path):
    assert next(extract(write(tmp_path, b"\xef\xbb\xbf\r\nSubject: s\n\nText.\n"))).text == "Subject: s\n\n"


def test_mails_are_parted_without_an_empty_line_only_at_a_whole_date(tmp_path):
    mails = b"From a@x Mon Jan  5 10:00:00 2026\nSubject: one\n\nFirst.\n"
    mails += b"From b@x Tue Jan  6 10:00:00 2026\nSubject: two\n\nA line.\nFrom here on 2026 it rained.\n>>From x\n"
    found = [section.text.strip() for section in extract_mailbox(write(tmp_path, mails, "a.mbox"))]
    assert [text for text in found if text.startswith("Subject")] == [
        "Subject: one\nFrom: a@x Mon Jan  5 10:00:00 2026",
        "Subject: two\nFrom: b@x Tue Jan  6 10:00:00 2026",
    ]
    assert found[-1] == "A line.\nFrom here on 2026 it rained.\n>From x"


def test_how_a_mail_travelled_is_kept_apart_from_what_was_written(tmp_path):
    path = tmp_path / "routed.eml"
    path.write_text(
        "Received: from relay.harbour.example by mail.harbour.example;\n Mon, 4 Mar 2024 08:00:00 +0000\n"
        "Received: from desk.harbour.example by relay.harbour.example\nFrom: Ada\nSubject: Tide\n\n"
        "High water at noon.\n"
    )
    sections = list(extract(path))
    assert [section.kind for section in sections] == ["record", "routing", "text"]
    assert sections[1].text.splitlines()[:2] == [
        "Received: from relay.harbour.example by mail.harbour.example; Mon, 4 Mar 2024 08:00:00 +0000",
        "Received: from desk.harbour.example by relay.harbour.example",
    ]
