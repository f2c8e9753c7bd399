"""A secret that one turn shows is found in every other turn, as a whole word, unless it is a word like any other."""

from __future__ import annotations

import pytest

from src.core.types import ALTERED, Message, Rejection, Sample
from src.utils.privacy.redaction import Redactor
from src.utils.privacy.repeats import KnownSecrets, is_telling
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
                                   "secret123", "your-password", "a1b2", "harbour-master", "lighthouses",
                                   "summer2024", "пароль77", "tide1db", "mydb_2024", "Berth12", "Q3-2024", "kelp4.4",
                                   "gpt-4o-2024-05-13", "us-east-1a", "Windows10Pro", "v1.2.3-rc1", "my_conv2d_x9",
                                   "iPhone15", "macOS15",
                                   "OAuth2AccessToken", "Sam2VideoInferenceSession", "Ed25519X448SigningKeyPair",
                                   "ed25519.Ed25519PrivateKey", "corev1.SecretKeySelector", "force_download=True",
                                   "input_type=str]", "jwt_v2.sign(payload", "rows[0]x1y2", "&#x3C;string",
                                   "one&amp;two"])  # fmt: skip
def test_what_may_be_an_ordinary_word_is_no_secret_elsewhere(value: str) -> None:
    assert not is_telling(value)


@pytest.mark.parametrize("value", ["hunter2Zx9!q", "Tr0ub4dor-3", "fjord!kelp", "kqzwvtrnmplqwrtz", "Xk9pTr2m",
                                   "wLxQ7zRtbK",
                                   "correct-horse-battery-staple", "mast rope tide kelp", "п4роль77", "tr0ub4dor3x",
                                   "Kelp-4Fjord", "Summer2024!x", "Kelp&4Fjord", "3f786850e387550fdab836ed7e6dc881",
                                   "AbQdXfGhIyKlMnOpQ7StRvWx", "cWxhc2g3a2VscA9Zt0bQ=="])  # fmt: skip
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
    shown, said = "DB_PASSWORD=fj0rd7kelp", "fj0rd7kelps, xfj0rd7kelp, my_fj0rd7kelp, fj0rd7kelp_x and fj0rd7kelp"
    clean = Redactor().redact_all([shown, said, "_fj0rd7kelp_", "see /tide/fj0rd7kelp/x and /tide/fj0rd7kelp.txt"])
    assert clean[1] == said.removesuffix("fj0rd7kelp") + "<PASSWORD_1>"
    assert clean[2:] == ["_<PASSWORD_1>_", "see /tide/fj0rd7kelp/x and /tide/fj0rd7kelp.txt"]


def test_a_key_within_a_path_goes() -> None:
    key = "3f786850e387550fdab836ed7e6dc881de23001b"
    clean = Redactor().redact_all([f"API_TOKEN={key}", f"https://kelp.io/feed/{key}/all.json"])
    assert clean[1] == "https://kelp.io/feed/<TOKEN_1>/all.json"


CODE = (
    ("def sign(private_key: ed25519.Ed25519PrivateKey) -> bytes: ...", "k = ed25519.Ed25519PrivateKey.generate()"),
    ("function f(token: OAuth2AccessToken) {}", "class OAuth2AccessToken {}"),
    ("self.token = TokenV2Serializer", "class TokenV2Serializer: ..."),
    ("PGPASSWORD=tides_2024 psql -U tides_2024", "GRANT ALL ON DATABASE tides_2024 TO tides_2024;"),
    ("mysql -u kelp1 -pkelp1db kelp1db", "USE kelp1db"),
    ("postgresql://bob:tides12345@localhost/tides12345", "\\c tides12345"),
    ("The wifi password is Berth101", "Meet in Berth101"),
)


@pytest.mark.parametrize(("shown", "said"), CODE)
def test_names_of_things_stay_where_nothing_shows_a_secret(shown: str, said: str) -> None:
    assert Redactor().redact_all([shown, said])[1] == said


def test_secrets_that_begin_alike_are_told_apart() -> None:
    keys = ["zQ7" * 8 + end for end in ("k1", "k1m2", "n3", "")]
    known = KnownSecrets(dict.fromkeys(keys[:3], "TOKEN"))
    text = " ".join([*keys, keys[0] + "x"])
    assert {text[start:end] for start, end, _ in known.find(text)} == set(keys[:3])


def test_secrets_may_be_added_one_by_one() -> None:
    known = KnownSecrets()
    keys = [f"zQ{number}kelp{number}x9" for number in range(40)]
    for number, key in enumerate(keys):
        known.add({key: "TOKEN"})
        assert len(list(known.find(" ".join(keys)))) == number + 1
    known.add({keys[0]: "PASSWORD"})
    assert [span.label for span in known.find(keys[0])] == ["TOKEN"]


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
