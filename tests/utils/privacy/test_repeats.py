"""A secret that one turn shows is found in every other turn, as a whole word, unless it is a word like any other."""

from __future__ import annotations

import pytest

from src.core.types import ALTERED, Message, Rejection, Sample
from src.utils.privacy.redaction import Redactor
from src.utils.privacy.repeats import is_telling
from src.utils.privacy.scan import find_in_conversation
from src.utils.privacy.screening import Screening

SHOWN = (
    ("DB_PASSWORD=hunter2Zx9!q", "hunter2Zx9!q"),
    ("password: Kelp-4Fjord", "Kelp-4Fjord"),
    ("password = 'tr0ub4dor3x'", "tr0ub4dor3x"),
    ("mysql -pTr0ub4dor-3 -u bob shop", "Tr0ub4dor-3"),
    ("postgres://bob:s3al!harbour@db.lighthouse-7.io/x", "s3al!harbour"),
    ("login('bob', 'Mo0n!tide')", "Mo0n!tide"),
)


@pytest.mark.parametrize(("shown", "value"), SHOWN)
def test_a_secret_goes_from_every_turn_once_one_of_them_shows_it(shown: str, value: str) -> None:
    texts = [f"Is {value} any good?", f"My settings:\n{shown}\n", f"The value {value} is fine, ({value}), 值{value}是."]
    clean = Redactor().redact_all(texts)
    assert not any(value in text for text in clean)
    placeholder = clean[0].split()[1]
    assert placeholder.startswith("<")
    assert [text.count(placeholder) for text in clean] == [1, 1, 3]


@pytest.mark.parametrize("value", ["admin", "letmein", "test", "1234", "2024-11-22", "10.0.0.1", "harbour", "Grüße",
                                   "secret123", "your-password", "a1b2", "harbour-master", "lighthouses"])  # fmt: skip
def test_what_may_be_an_ordinary_word_is_no_secret_elsewhere(value: str) -> None:
    assert not is_telling(value)


@pytest.mark.parametrize("value", ["hunter2Zx9!q", "Tr0ub4dor-3", "fjord!kelp", "summer2024", "kqzwvtrnmplqwrtz",
                                   "correct-horse-battery-staple", "mast rope tide kelp", "пароль77"])  # fmt: skip
def test_what_nobody_writes_by_accident_is_meant_wherever_it_stands(value: str) -> None:
    assert is_telling(value)


def test_a_short_password_wipes_no_ordinary_text() -> None:
    texts = [
        "mysql -padmin -u bob",
        "The admin and the administrator are one.",
        "pg: postgres://bob:1234@db.kelp.io/x",
        "1234 ropes",
    ]
    clean = Redactor().redact_all(texts)
    assert (clean[1], clean[3]) == (texts[1], texts[3])


def test_a_secret_within_a_longer_word_stays() -> None:
    shown, said = "DB_PASSWORD=fjord7kelp", "fjord7kelps, xfjord7kelp and fjord7kelp"
    assert Redactor().redact_all([shown, said])[1] == "fjord7kelps, xfjord7kelp and <PASSWORD_1>"


def test_a_redactor_remembers_secrets_for_later_texts() -> None:
    redactor = Redactor()
    assert redactor.redact("DB_PASSWORD=hunter2Zx9!q") == "DB_PASSWORD=<PASSWORD_1>"
    assert redactor.redact("so hunter2Zx9!q it is") == "so <PASSWORD_1> it is"


def test_the_same_password_has_one_placeholder_whatever_shows_it() -> None:
    clean = Redactor().redact_all(["postgres://bob:s3al!harbour@db.lighthouse-7.io/x", "DB_PASSWORD='s3al!harbour'"])
    assert clean == ["postgres://bob:<DBURL_PW_1>@db.lighthouse-7.io/x", "DB_PASSWORD='<DBURL_PW_1>'"]


def test_texts_beside_a_conversation_show_secrets_too() -> None:
    (found,) = find_in_conversation(["Is hunter2Zx9!q safe?"], beside=["DB_PASSWORD=hunter2Zx9!q"])
    assert [span.label for span in found] == ["PASSWORD"]
    assert Redactor().redact_all(["Is hunter2Zx9!q safe?"], beside=["DB_PASSWORD=hunter2Zx9!q"]) == [
        "Is <PASSWORD_1> safe?"
    ]


def test_report_drop_and_redact_agree_about_repeats() -> None:
    turns = (Message("user", "Is hunter2Zx9!q safe?"), Message("assistant", "DB_PASSWORD=hunter2Zx9!q is too short."))
    sample = Sample(turns, "extracted", metadata={"context": ["before: hunter2Zx9!q"]})
    results = {policy: Screening(policy).screen(sample) for policy in ("report", "redact", "drop")}  # type: ignore[arg-type]
    assert [result.found for result in results.values()] == [{"PASSWORD": 2}] * 3
    redacted, dropped = results["redact"].item, results["drop"].item
    assert isinstance(redacted, Sample)
    assert isinstance(dropped, Rejection)
    assert redacted.metadata[ALTERED] == {"PASSWORD": 2}
    assert "hunter2" not in repr(redacted)
    assert dropped.detail == "PASSWORD 2"


def test_what_stands_beside_the_turns_shows_what_is_secret_in_them() -> None:
    turns = (Message("user", "Is hunter2Zx9!q safe?"), Message("assistant", "No."))
    sample = Sample(turns, "extracted", metadata={"context": ["DB_PASSWORD=hunter2Zx9!q"]})
    assert Screening("report").screen(sample).found == {"PASSWORD": 1}
    assert "hunter2" not in repr(Screening("redact").screen(sample).item)


def test_a_rejection_keeps_no_secret_that_only_its_raw_answer_shows() -> None:
    turns = (Message("user", "Is hunter2Zx9!q safe?"), Message("assistant", "No."))
    rejection = Rejection("too_short", "hunter2Zx9!q", Sample(turns, "generated"), raw="DB_PASSWORD=hunter2Zx9!q")
    assert "hunter2" not in repr(Screening("redact").screen(rejection).item)
