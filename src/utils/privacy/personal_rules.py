"""Data that lead to a person, by shape and check digits: addresses, hosts, numbers of phones, cards and accounts."""

from __future__ import annotations

from collections.abc import Iterator

from src.utils.privacy.addresses import find_addresses
from src.utils.privacy.hosts import find_hosts
from src.utils.privacy.numbers import find_numbers
from src.utils.privacy.spans import PrivateSpan


def find_personal(text: str) -> Iterator[PrivateSpan]:
    """Every address, number and host in ``text`` that may lead to a person; findings may overlap."""
    yield from find_addresses(text)
    yield from find_hosts(text)
    yield from find_numbers(text)
