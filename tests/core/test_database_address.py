"""DATABASE_URL: what is taken, what is refused, and that no secret of it is ever shown."""

from __future__ import annotations

import pytest

from src.core.database_address import parse_database_url, passwords_of
from src.core.errors import ConfigError


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:s3cret@db.example:6000/sets", "PostgreSQL database 'sets' at db.example:6000"),
        ("postgres://ann:s3cret@db.example/sets?sslmode=require", "PostgreSQL database 'sets' at db.example:5432"),
        ("postgresql://ann@[::1]/my%20sets", "PostgreSQL database 'my sets' at ::1:5432"),
        ("postgresql:///sets?host=/run/postgresql", "PostgreSQL database 'sets' at this machine:5432"),
        ("postgresql://ann:p%40s%2Fs@db.example", "PostgreSQL database 'ann' at db.example:5432"),
    ],
)
def test_an_address_is_shown_by_host_and_database_only(url, shown):
    address = parse_database_url(url)
    assert (str(address), address.url) == (shown, url)
    assert "s3cret" not in repr(address)
    assert "p%40s" not in repr(address)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ann:s3cret@db.example/sets",
        "sqlite:///s3cret.db",
        "s3cret",
        "postgresql://ann:s3@cret@db.example/sets",  # the driver would look for the host cret@db.example
        "postgresql://ann:s3/cret@db.example/sets",
        "postgresql://ann:s3?cret@db.example/sets",
        "postgresql://ann:s3#cret@db.example/sets",
        "postgresql://ann:x@db.example:s3cret/sets",
        "postgresql://ann:x@db.example/sets#s3cret",
        "postgresql://ann:s3cret@[broken",
    ],
)
def test_anything_else_is_refused_without_a_word_of_it(url):
    with pytest.raises(ConfigError) as caught:
        parse_database_url(url)
    shown = f"{caught.value} {caught.value.fix} {caught.value.__cause__}"
    assert "cret" not in shown
    assert "DATABASE_URL" in shown


def test_the_forms_of_a_password_are_known_so_that_they_can_be_hidden():
    assert passwords_of("postgresql://ann:a%40b@host/db?password=c%2Fd") == ("a%40b", "a@b", "c/d")
    assert passwords_of("postgresql://ann@host/db") == ()
    assert passwords_of("postgresql://[broken") == ()
