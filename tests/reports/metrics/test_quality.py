"""The measures of a whole dataset as they are written into the statistics file."""

from __future__ import annotations

import json
import random

from src.core.types import Message, Sample
from src.reports.metrics.quality import describe_quality
from src.reports.metrics.sampling import SAMPLE_SIZE
from tests.reports.makers import GLAZE, KILN, WHEEL, extracted, generated, make_document, measure

POTTERY = make_document(KILN, GLAZE, WHEEL)
SAMPLES = [
    generated("How hot does the kiln get?", "It heats to 1200 degrees.", KILN, POTTERY),
    generated("What colours a glaze green?", "Copper colours it green.", GLAZE, POTTERY),
    extracted(POTTERY, "A glaze is a thin layer of glass;", "copper colours it green"),
]


def test_measures_are_the_same_whatever_the_order_of_rows():
    described = json.dumps(describe_quality(measure(SAMPLES, POTTERY)))
    assert json.dumps(describe_quality(measure(SAMPLES[::-1], POTTERY))) == described


def test_measures_say_what_they_were_taken_on():
    found = describe_quality(measure(SAMPLES, POTTERY))
    assert found["measured_on"]["rows"] == found["measured_on"]["sampled_rows"] == 3
    assert found["coverage"] == {
        "passages": 3,
        "passages_used": 2,
        "share_used": 0.6667,
        "gini": 0.4444,
        "most_samples_on_one": 2,
        "sources": {"pottery.txt": {"passages": 3, "used": 2, "most": 2}},
    }
    assert found["groundedness"]["rows"] == 2
    assert found["groundedness"]["answer_words_found"] == 1
    assert found["groundedness"]["own_passage_first"] == 1
    assert found["groundedness"]["extracted_verbatim"] == 1
    assert found["diversity"]["openings"] == {"a": 1, "how": 1, "what": 1}
    assert found["words"]["question"]["max"] == 8
    assert found["missing_sources"] == {}


def test_nothing_to_measure_gives_nothing_and_no_error():
    found = describe_quality(measure([]))
    assert found["diversity"]["distinct_1"] is None
    assert found["groundedness"]["answer_words_found"] is None
    assert found["coverage"]["share_used"] is None


def test_large_dataset_is_measured_on_a_sample_but_counted_whole():
    source = random.Random(1)
    many = [
        Sample((Message("user", f"{source.random()} what"), Message("assistant", "Clay.")), "generated")
        for _ in range(SAMPLE_SIZE + 200)
    ]
    quality = measure(many)
    assert quality.counts.rows == len(many)
    assert len(quality.judged) == SAMPLE_SIZE
