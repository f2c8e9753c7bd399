"""Addresses, hosts, numbers, names and accounts: found where they are somebody's, left where they are not."""

from __future__ import annotations

import pytest

from src.data_prep.pii import find_spans
from src.utils.privacy import check_digits as check
from src.utils.privacy.scan import users_of


def found(text: str) -> list[tuple[str, str]]:
    return [(label, text[start:end]) for start, end, label in find_spans(text)]


SINGLE = [
    ("EMAIL", "Write to {}.", "marta.k+lists@poczta-firma.pl"),
    ("EMAIL", "reach me: {}", "jonas (at) fjellheim (dot) no"),
    ("EMAIL", "mail {} please", "sven at lindqvist dot se"),
    ("EMAIL", "{} (spam protected)", "joe at foo dash bar dot com"),
    ("PHONE", "call {} tomorrow", "(415) 783-2290"),
    ("PHONE", "or {} instead", "+49 89 7531823"),
    ("PHONE", "Tel. {}", "030 2094 7731"),
    ("PHONE", "portable {}", "06 81 44 90 27"),
    ("PHONE", "móvil {}", "612 448 903"),
    ("PHONE", "{} is mine", "07911 448203"),
    ("PHONE", '{{"phone": "{}"}}', "4158832290"),
    ("PHONE", "telefone: {}", "(11) 98734-2201"),
    ("PHONE", "電話 {}", "03-5821-7742"),
    ("PHONE", "office {}", "(02) 9264 1187"),
    ("CARD", "card {} exp 09/27", "4539 1488 0343 6467"),
    ("IBAN", "pay to {} today", "DE89 3704 0044 0532 0130 00"),
    ("IBAN", "{} przelew", "GB82WEST12345698765432"),
    ("NATIONAL_ID", "SSN: {}", "536-48-7721"),
    ("NATIONAL_ID", "DNI {}", "12345678Z"),
    ("NATIONAL_ID", "CPF {}", "529.982.247-25"),
    ("NATIONAL_ID", "Steuer-ID: {}", "86095742719"),
    ("NATIONAL_ID", "PESEL {}", "44051401359"),
    ("NATIONAL_ID", "BSN: {}", "111222333"),
    ("NATIONAL_ID", "codice fiscale {}", "RSSMRA85T10A562S"),
    ("NATIONAL_ID", "Aadhaar no. {}", "2341 2341 2346"),
    ("NATIONAL_ID", "NINO: {}", "AB 12 34 56 C"),
    ("NATIONAL_ID", "personnummer {}", "811228-9874"),
    ("NATIONAL_ID", "SIN {}", "046 454 286"),
    ("NATIONAL_ID", "NHS number {}", "943 476 5919"),
    ("NATIONAL_ID", "AHV {}", "756.9217.0769.85"),
    ("NATIONAL_ID", "n° de sécurité sociale {}", "2 55 08 14 168 025 38"),
    ("NATIONAL_ID", "passport number {}", "C01X00T47"),
    ("EMAIL", "email = {}", "j@krause-bau.de"),
    ("EMAIL", "write to me ({})", "j@krause-bau.de"),
    ("IPV4", "failed from {} port 51022", "45.148.10.92"),
    ("IPV4", "the server {} is down", "5.9.1.2"),
    ("IPV6", "ping6 {}", "2a01:4f8:c17:b8f::2"),
    ("MAC", "link/ether {} brd", "3c:22:fb:9a:41:d7"),
    ("USER", 'File "/home/{}/projects/main.py", line 3', "kbrandt"),
    ("USER", "C:\\Users\\{}\\AppData\\Local", "lena.vogt"),
    ("USER", "{}@pop-os:~/src$ make test", "tmoreau"),
    ("USER", "{}@MacBook-Pro ~ % brew update", "dkimura"),
    ("USER", "-rw-r--r--  1 {} staff  881 Mar  3 10:12 run.sh", "pavlov"),
    ("USER", "{}   pts/0    2026-03-02 09:12", "ebakker"),
    ("USER", "ssh {}@bastion", "rsantos"),
    ("USER", "TODO({}): remove", "mkeller"),
    ("NAME", "My name is {}, I work on billing", "Tunde Adeyemi"),
    ("NAME", "Sehr geehrter Herr {},", "Lindemann"),
    ("NAME", "Cordialement,\n{}", "Élodie Garnier"),
    ("NAME", "first_name: {}\n", "Farah"),
    ("NAME", "Ask {} about it", "Laura Bianchi"),
    ("NAME", "Owner: {}", "Ravi Subramanian"),
    ("NAME", "Hello {}, thanks", "Beatrice"),
    ("NAME", "Ich bin {} aus Köln", "Sabine"),
    ("NAME", "{} wrote:\n> it fails", "Quist Aramba"),
]


@pytest.mark.parametrize(("label", "text", "value"), SINGLE)
def test_what_leads_to_a_person_is_found(label: str, text: str, value: str) -> None:
    assert found(text.format(value)) == [(label, value)]


def test_name_before_an_address_is_found_also_the_other_way_round() -> None:
    text = 'From: "Okello, Brian" <b.okello@makerere-lab.ug>'
    assert found(text) == [("NAME", "Okello, Brian"), ("EMAIL", "b.okello@makerere-lab.ug")]


def test_name_that_was_introduced_is_found_again() -> None:
    text = "I'm Tunde Okpara. Later Tunde Okpara left."
    assert [label for label, _ in found(text)] == ["NAME", "NAME"]


def test_account_that_one_text_shows_is_known_in_the_others() -> None:
    assert users_of(["/home/kbrandt/x", "uid=1000(jpatel) gid=1000(jpatel)", "/home/runner/work"]) == {
        "kbrandt",
        "jpatel",
    }


CLEAN = [
    "user@example.com, git@github.com:psf/requests.git, 12345+octocat@users.noreply.github.com",
    "127.0.0.1:8000, 192.168.0.17, 192.0.2.1, mask 255.255.255.0, version 10.0.19041.1, plugin v1.2.3.4",
    "sparse[::2], sparse[1::2], 10:20:30:40, fe80::1, 2001:db8::1, ::1",
    "00:11:22:33:44:55 and ff:ff:ff:ff:ff:ff show how one looks",
    "ISBN 978-3-16-148410-0, order 4001-2234-77, 2024-2025, took 1234567890 ns",
    "the Stripe docs use 4111 1111 1111 1111",
    "<Buffer a0 01 02 03 04 05 06 07 08>, '+00000000'",
    "SSN format is XXX-XX-XXXX; SSN 123-45-6789 is invalid",
    "/home/user/app, /Users/username/x, C:\\Users\\Public\\Documents, user2@host:~$ ls",
    "-rw-r--r-- 1 root root 220 Jan 1 10:00 .bashrc",
    "New York, Visual Studio Code, Apache Kafka, Adam optimizer, Grace Period, May Day",
    "Dear Customer, Hello World, Thanks, Everyone. This is Important Information",
    "npm i @types/node@20.1.0 @babel/core@7.22.1; @app.route('/x')",
    "the author is at work at the office dot matrix printer; look at foo.bar",
    "(555) 555-0134 is fictitious: 212-555-0134",
    "y = x@w.mean(); return x@weights.mean + f(x@weights.T.sum)",
    "X@W.dot(b) + A@B.shape",
    "Adam Optimizer, Cassandra Cluster, Cassandra Query, Pascal Case, Pascal Compiler, Carla Simulator",
    "Robin Hood hashing and Lucas Kanade",
    "It prints:\nHello, Maria!",
    "lodash 4.17.21.3 and openssl 1.1.1.7",
    "It took 10 ms. Requires the User Key Salt of the Client Context Parameters",
    "/home/coder/app, /home/python/x, /home/spring/y, /Users/maven/z",
    "phone_number = models.CharField(max_length=20); call 911",
]


@pytest.mark.parametrize("text", CLEAN)
def test_what_belongs_to_nobody_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("is_right", "number"),
    [
        (check.luhn, "4539148803436467"),
        (check.iban, "DE89370400440532013000"),
        (check.spanish, "12345678Z"),
        (check.brazilian, "52998224725"),
        (check.german, "86095742719"),
        (check.polish, "44051401359"),
        (check.dutch, "111222333"),
        (check.indian, "234123412346"),
        (check.italian, "RSSMRA85T10A562S"),
        (check.british_health, "9434765919"),
        (check.swiss, "7569217076985"),
        (check.french, "255081416802538"),
    ],
)
def test_a_wrong_digit_is_noticed(is_right: object, number: str) -> None:
    assert callable(is_right)
    assert is_right(number)
    place = 5 if number.isdigit() else next(i for i in range(4, len(number)) if number[i].isdigit())
    changed = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert not is_right(changed)
