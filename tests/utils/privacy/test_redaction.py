"""Placeholders: the same for the same value, readable in commands, and found no second time."""

from __future__ import annotations

from src.core.types import ALTERED, Message, Rejection, Sample, Span
from src.utils.privacy.redaction import Redactor
from src.utils.privacy.screening import PRIVATE, Screening
from src.utils.privacy.spans import PrivateSpan, without_overlaps

TURNS = (
    "I'm Tunde Adeyemi, mail t.adeyemi@harbour.io or T.ADEYEMI@harbour.io",
    "cd /home/tadeyemi/x && ssh 45.148.10.92 and 2a01:4f8:c17:b8f::2 as tadeyemi",
)


def sample_of(*texts: str, **changes: object) -> Sample:
    roles = ("user", "assistant")
    messages = tuple(Message(roles[n % 2], text, (Span(0, 1),)) for n, text in enumerate(texts))  # type: ignore[arg-type]
    return Sample(messages=messages, origin="extracted", **changes)  # type: ignore[arg-type]


def test_the_same_value_gets_the_same_placeholder_through_a_conversation() -> None:
    redactor = Redactor()
    assert redactor.redact(TURNS[0]) == "I'm <NAME_1>, mail <EMAIL_1> or <EMAIL_1>"
    assert redactor.redact("now o.adeyemi@harbour.io and t.adeyemi@harbour.io") == "now <EMAIL_2> and <EMAIL_1>"
    assert redactor.counts == {"NAME": 1, "EMAIL": 4}


def test_commands_and_paths_stay_what_they_are() -> None:
    redactor = Redactor()
    assert redactor.redact(TURNS[1]) == "cd /home/user/x && ssh 192.0.2.1 and 2001:db8::1 as user"
    assert redactor.redact("ask tadeyemi, or look at /Users/obrandt") == "ask user, or look at /Users/user2"


def test_names_of_accounts_are_learned_from_the_whole_conversation() -> None:
    assert Redactor({"tadeyemi"}).redact("ask tadeyemi") == "ask user"


def test_names_of_accounts_that_are_words_too_are_replaced_only_where_they_are_shown() -> None:
    text = "in /home/mason/x a mason jar of python, for mkeller"
    assert Redactor({"mason", "python", "mkeller"}).redact(text) == "in /home/user/x a mason jar of python, for user2"


def test_what_was_redacted_is_found_no_second_time() -> None:
    once = [Redactor().redact(text) for text in TURNS]
    assert [Redactor().redact(text) for text in once] == once


def test_many_hosts_get_addresses_of_documentation() -> None:
    redactor = Redactor()
    text = " ".join(f"45.{n}.10.92" for n in range(1, 256)) + " 46.1.10.92"
    replaced = redactor.redact(text).split()
    assert (replaced[0], replaced[253], replaced[254]) == ("192.0.2.1", "192.0.2.254", "198.51.100.1")
    assert len(set(replaced)) == 256


def test_of_findings_that_overlap_the_secret_stays_then_the_longer() -> None:
    found = [PrivateSpan(0, 9, "EMAIL"), PrivateSpan(2, 6, "PASSWORD"), PrivateSpan(7, 9, "NAME")]
    assert without_overlaps(found) == [PrivateSpan(0, 9, "PASSWORD")]
    assert without_overlaps([PrivateSpan(0, 3, "NAME"), PrivateSpan(1, 9, "EMAIL")]) == [PrivateSpan(0, 9, "EMAIL")]


def test_screening_replaces_in_everything_that_is_stored_with_a_sample() -> None:
    sample = sample_of(
        *TURNS,
        topic_keywords=("adeyemi", "ropes"),
        locator="Notes of Tunde Adeyemi",
        metadata={"rejected": "ask tadeyemi", "context": ["from t.adeyemi@harbour.io"], "more": {"n": 3}},
    )
    screening = Screening("redact")
    item, found = screening.screen(sample)
    assert isinstance(item, Sample)
    assert item.topic_keywords == ("ropes",)
    assert item.locator == "Notes of <NAME_1>"
    assert item.rejected == "ask user"
    assert item.metadata["context"] == ["from <EMAIL_1>"]
    assert item.metadata[ALTERED] == found == {"EMAIL": 2, "NAME": 1, "USER": 3, "IPV4": 1, "IPV6": 1}
    assert [message.pieces for message in item.messages] == [(), ()]
    assert "deyemi" not in repr(item)
    screening.count(found)
    assert screening.describe() == {"policy": "redact", "samples": 1, "found": dict(sorted(found.items()))}


def test_screening_leaves_a_clean_sample_alone() -> None:
    sample = sample_of("Which rope?", "Hemp.")
    for policy in ("off", "report", "redact", "drop"):
        assert Screening(policy).screen(sample).item == sample


def test_dropped_sample_leaves_labels_and_place_only() -> None:
    item, _ = Screening("drop").screen(sample_of(*TURNS, source_file="a.txt", span=Span(3, 9)))
    assert item == Rejection(PRIVATE, "EMAIL 2, IPV4 1, IPV6 1, NAME 1, USER 2", None, "a.txt", Span(3, 9))


def test_rejections_are_redacted_but_in_a_report() -> None:
    rejection = Rejection("too_short", "t.adeyemi@harbour.io", sample_of(*TURNS), raw=TURNS[0])
    assert Screening("report").screen(rejection).item is rejection
    assert "deyemi" not in repr(Screening("drop").screen(rejection).item)
