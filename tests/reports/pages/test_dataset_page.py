"""The report of a dataset: whole, self-contained, and safe whatever the documents hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from src.core.types import DatasetRecord, Issue, Rejection, RunFacts, Sample, SourceDocument, Usage, ValidationReport
from src.reports.metrics.quality import describe_quality
from src.reports.pages.dataset_page import report_page
from src.reports.pages.outcome_sections import first_of_each_reason
from src.reports.statistics import build_statistics
from src.reports.tally import tally
from tests.fakes import make_sample
from tests.reports.makers import GLAZE, KILN, WHEEL, Row, extracted, generated, make_document, measure

POTTERY = make_document(KILN, GLAZE, WHEEL)
EVIL = '<script>alert("x")</script><img src="http://evil.example/x.png" onerror="y">'
RECORD = DatasetRecord(
    id="d1",
    name="pots",
    provider="google",
    model="gemini-3.5-flash-lite",
    mode="hybrid",
    created_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    requested=9,
    run=RunFacts("local smollm2", Usage(100, 50), 0.0123, 4, 2, 3.1, ("one.txt is short",)),
)


def page_of(
    samples: list[Sample], *documents: SourceDocument | Rejection, rejections: tuple[Rejection, ...] = (), **changes
) -> str:
    rejected: dict[str, int] = {}
    for rejection in rejections:
        rejected[rejection.reason] = rejected.get(rejection.reason, 0) + 1
    proposed = len(samples) + len(rejections)
    record = replace(RECORD, proposed=proposed, rejected=rejected, **changes)
    quality = measure(samples, *documents)
    counts = tally(Row(sample) for sample in samples)
    report = ValidationReport(len(samples), 99, exact=False, issues=(Issue("warning", "few_examples", "Few."),))
    statistics = build_statistics(record, counts, report, describe_quality(quality))
    return report_page(statistics, counts, quality, first_of_each_reason(rejections))


def text_of(page: str) -> str:
    """What a reader sees; the page must be well formed for that."""
    root = ElementTree.fromstring(page.partition("\n")[2])
    body = root.find("body")
    assert body is not None
    return re.sub(r"\s+", " ", "".join(body.itertext()))


@pytest.fixture(scope="module")
def page() -> str:
    samples = [
        generated("How hot does the kiln get?", "It heats to 1200 degrees, says Peter.", KILN, POTTERY),
        extracted(POTTERY, "A glaze is a thin layer of glass;", "copper colours it green"),
    ]
    rejections = (
        Rejection("duplicate_question", "no sample"),
        Rejection("duplicate_question", "", make_sample("How hot?", "Very.")),
        Rejection("malformed_answer", "not JSON", raw="{oops"),
    )
    return page_of(samples, POTTERY, rejections=rejections)


def test_header_says_what_when_how_many_and_what_it_cost(page: str):
    text = text_of(page)
    for part in (
        "pots",
        "Mode hybrid, for google gemini-3.5-flash-lite",
        "2026-03-01 at 09:30 UTC",
        "$0.012",
        "9 rows",
    ):
        assert part in text, part


def test_every_reason_of_rejection_has_its_count_and_an_example(page: str):
    text = text_of(page)
    assert "2 kept, 3 rejected" in text
    assert re.search(r"duplicate question\s*2\s*How hot\? → Very\.", text)
    assert re.search(r"malformed answer\s*1\s*\{oops", text)


def test_source_stands_beside_the_row_with_the_used_words_marked(page: str):
    assert '<mark class="used">1200</mark>' in page
    assert '<mark class="used">copper colours it green</mark>' in page
    assert '<mark class="strange">Peter</mark>' in page
    assert "Written from" in page
    assert "Cut from" in page


def test_page_needs_no_script_and_nothing_from_elsewhere(page: str):
    assert "<script" not in page
    assert not re.search(r"(src|href)=", page)
    assert "url(" not in page
    assert "http://" not in page.replace("http-equiv", "")
    assert "@media print" in page
    assert "prefers-color-scheme: dark" in page


def test_document_cannot_write_into_the_page():
    document = make_document(f"The {EVIL} glows.\n", KILN, name=f"{EVIL}.txt")
    sample = generated(f"What is {EVIL}?", f"It {EVIL} glows.", f"The {EVIL} glows.", document)
    rejection = Rejection(EVIL, EVIL, raw=EVIL, source_file=EVIL)
    page = page_of([replace(sample, topic_keywords=(EVIL,))], document, rejections=(rejection,), mode=EVIL)
    root = ElementTree.fromstring(page.partition("\n")[2])
    assert not [element for element in root.iter() if element.tag in {"script", "img"}]
    assert "<script" not in page
    assert "alert" in text_of(page)


def test_source_that_is_gone_is_said_beside_the_row():
    sample = generated("How hot does the kiln get?", "It heats to 1200 degrees.", KILN, POTTERY)
    text = text_of(page_of([sample]))
    assert "The source cannot be shown: it is not in the input folder any more" in text
    assert "There is no source text to compare with" in text
    assert "Sources that could not be looked at" in text


def test_row_without_a_document_says_so():
    text = text_of(page_of([Sample(make_sample().messages, "generated")]))
    assert "This row has no place in a document." in text


def test_ten_rows_are_shown_of_many_always_the_same():
    samples = [generated(f"How hot is kiln {number}?", "Very hot.", KILN, POTTERY) for number in range(30)]
    page = page_of(samples, POTTERY)
    assert page.count('class="sample"') == 10
    assert page == page_of(samples[::-1], POTTERY)


def test_demo_quality_is_a_warning_and_other_datasets_have_none():
    sample = generated("How hot does the kiln get?", "It heats to 1200 degrees.", KILN, POTTERY)
    assert "Demo quality." in text_of(page_of([replace(sample, metadata={"quality": "demo"})], POTTERY))
    assert "Demo quality" not in text_of(page_of([sample], POTTERY))


def test_long_sources_show_the_lines_that_matter():
    filler = "".join(
        f"Ann: This is line {number} of a very long log that nobody took anything from.\n" for number in range(200)
    )
    chat = make_document(f"Ann: When is it open?\n{filler}Bob: From nine to five.\n{filler}")
    text = text_of(page_of([extracted(chat, "When is it open?", "From nine to five.")], chat))
    assert "198 lines left out" in text
    assert "line 0 of" in text
    assert "line 100 of" not in text


def test_endless_line_and_turn_are_cut():
    word = "clay " * 2000
    document = make_document(f"{word.strip()}\n", KILN)
    sample = generated("What is clay?", word.strip(), word.strip(), document)
    text = text_of(page_of([sample], document))
    assert text.count("more characters") == 2


def test_much_of_everything_is_counted_in_a_line():
    documents = [make_document(KILN, name=f"{number}.txt") for number in range(40)]
    samples = [
        replace(generated(f"Q{n} is asked here?", "Very hot.", KILN, documents[n]), topic_keywords=(f"topic{n}",))
        for n in range(40)
    ]
    warnings = tuple(f"warning {number}" for number in range(50))
    text = text_of(page_of(samples, *documents, run=replace(RECORD.run, warnings=warnings, cost_usd=None)))
    assert "10 more sources" in text
    assert "24 rows with other first keywords" in text
    assert "30 more in the statistics file" in text
    assert "not known" in text


def test_rows_kept_against_objections_are_counted():
    sample = generated("How hot does the kiln get?", "It heats to 1200 degrees.", KILN, POTTERY)
    statistics_page = page_of([replace(sample, metadata={"objection": "number_not_in_source"})], POTTERY)
    assert "number not in source" in text_of(statistics_page)


def test_a_dataset_without_rows_has_a_page_that_says_so():
    refused = Rejection("malformed_answer", "not JSON", raw="{oops")
    assert "Nothing to plot" in text_of(page_of([], POTTERY, rejections=(refused,)))


def judged(sample: Sample, document: SourceDocument, state: str, *words: str) -> Sample:
    places = [[document.text.index(each), document.text.index(each) + len(each)] for each in words]
    return replace(sample, metadata={"judge": state, **({"evidence": places} if places else {})})


def test_what_the_judge_cites_stands_beside_the_row_and_is_counted() -> None:
    sure = judged(
        generated("How hot does the kiln get?", "It heats to 1200 degrees.", KILN, POTTERY),
        POTTERY,
        "grounded",
        "heats to 1200 degrees",
    )
    unsure = judged(generated("What is a glaze?", "A thin layer of glass.", GLAZE, POTTERY), POTTERY, "unverified")
    page = page_of([sure, unsure], POTTERY)
    assert '<q dir="auto">heats to 1200 degrees</q>' in page
    assert "Judge: grounded, with evidence" in text_of(page)
    assert "Judge: not verified" in text_of(page)
    assert re.search(
        r"The judge on the rows that were kept.*grounded, with evidence: 1.*not verified: 1", text_of(page)
    )


def test_private_sources_show_no_evidence() -> None:
    sample = generated("How hot does the kiln get?", "It heats to 1200 degrees.", KILN, POTTERY)
    page = page_of(
        [judged(sample, POTTERY, "grounded", "opens its heavy door")],
        POTTERY,
        run=replace(RECORD.run, privacy={"policy": "redact", "found": {}, "samples": 0}),
    )
    assert "opens its heavy door" not in page


def test_planned_and_kept_stand_side_by_side() -> None:
    plan = {
        "tasks": [
            {"task": "question_answer", "wished": 2, "planned": 2, "suited": 3},
            {"task": "how_to", "planned": 1},
        ],
        "axes": {"persona": ["expert"], "style": ["doubt"]},
        "asked": {"persona": {"expert": 3}},
    }
    rows = [
        replace(
            generated(f"How hot does kiln {number} get?", "It heats to 1200 degrees.", KILN, POTTERY),
            metadata={"task": "question_answer", "persona": "expert", "style": "doubt"},
        )
        for number in range(2)
    ]
    text = text_of(page_of(rows, POTTERY, run=replace(RECORD.run, plan=plan)))
    assert re.search(r"Task\s*Planned\s*Kept\s*question answer\s*2\s*2\s*how to\s*1\s*0", text)
    assert re.search(r"Persona\s*Planned\s*Kept\s*expert\s*3\s*2", text)
    assert re.search(r"Style\s*Planned\s*Kept\s*doubt\s*–\s*2", text)
    assert "Plan and result" not in text_of(page_of(rows[:0], POTTERY))


def test_example_of_a_reason_is_cut_behind_a_whole_word() -> None:
    long = "The S cycle runs at 121 °C, " * 20
    text = text_of(page_of([], POTTERY, rejections=(Rejection("number_not_in_source", "", raw=long),)))
    assert re.search(r"(?:The|S|cycle|runs|at|121|°C,)…", text)
