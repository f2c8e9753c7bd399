"""What an answer names first: a term that the source lacks, a name that belongs to something else; names in Han."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.east_names import check_east_names
from src.generation.gates.heads import check_head
from src.generation.gates.names import check_names

CLUB = """The rowing club of Hollern was founded by Petra Vandermeer in a shed. Its boats lie in the harbour basin.
The treasurer, Ambrose Quill, collects the annual contributions of all junior members in January.
Long ago there was a bakery. The flag was sewn by Winona Tarrant. Dinghies need a coat of shellac every spring.
The archive opens for visitors with WireGuard access."""
HAN = "麓の霧沢駅から山荘まで車で行きます。案内は主人の榊原庄一です。"


def draft(question: str, answer: str) -> Draft:
    return Draft((Message("user", question), Message("assistant", answer)))


@pytest.mark.parametrize(
    ("question", "answer", "keep"),
    [
        ("What do dinghies need a coat of every spring?", "Shellac.", True),
        ("What do dinghies need a coat of every spring?", "Linoleum.", False),
        ("What do dinghies need every spring?", "A varnish-like coat.", True),
        ("What should be done with dinghies?", "Gradually coat them with shellac.", True),
        ("Who collects the annual contributions of junior members?", "The treasurer, Ambrose Quill.", True),
        ("Who collects the annual contributions of junior members?", "Winona Tarrant, in January.", False),
        ("Who sewed the flag?", "Winona Tarrant.", True),
        ("Who founded the rowing club of Hollern?", "It was Petra Vandermeer.", True),
        ("Why is Ambrose Quill known?", "Winona Tarrant.", True),
    ],
)
def test_the_head_of_an_answer_stands_in_its_source(question: str, answer: str, keep: bool) -> None:
    assert check_head(draft(question, answer), CLUB).keep is keep


@pytest.mark.parametrize(("answer", "keep"), [("WireGuard access.", True), ("OpenVPN access.", False)])
def test_a_word_with_a_capital_inside_is_a_name_at_the_beginning_too(answer: str, keep: bool) -> None:
    assert check_names(draft("What do visitors need?", answer), CLUB, CLUB).keep is keep


@pytest.mark.parametrize(
    ("answer", "keep"),
    [
        ("霧沢駅からです。", True),
        ("茅場駅からです。", False),
        ("主人の榊原庄一さんです。", True),
        ("主人の柏木庄一さんです。", False),
        ("山荘の主人が案内します。", True),
        ("最寄駅からです。", False),
        ("自家用車で行きます。", True),
    ],
)
def test_a_name_in_chinese_characters_stands_in_its_source(answer: str, keep: bool) -> None:
    assert check_east_names(draft("どこから誰と行きますか。", answer), HAN).keep is keep
