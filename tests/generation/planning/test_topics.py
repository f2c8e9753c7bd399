"""Topics are the headings that divide a source, or its keywords."""

from __future__ import annotations

import json
from dataclasses import replace

from src.core.types import Span
from src.generation.planning.plan import Plan
from src.generation.planning.summary import OTHERS, summarise
from src.generation.planning.topics import find_topics
from src.utils.chunker import Passage
from tests.generation.planning.passages import RICH, make_passages, make_rules


def passage(heading: str, text: str = "Slip is liquid clay.", source: str = "book.txt") -> Passage:
    return Passage(source, text, Span(0, 1), "", heading, heading or text)


def test_a_title_above_everything_divides_nothing() -> None:
    headings = ["Book", "Book > Clay", "Book > Clay > Slip", "Book > Glaze"]
    assert find_topics([passage(heading) for heading in headings]) == ["Book", "Clay", "Clay", "Glaze"]


def test_a_source_without_headings_is_divided_by_its_keywords() -> None:
    texts = ["Bees and bees gather nectar.", "Honey and honey ripens in the comb.", "Bees and bees dance."]
    assert find_topics([passage("", text) for text in texts]) == ["bees", "honey", "bees"]


def test_every_source_is_divided_for_itself() -> None:
    found = find_topics([passage("A"), passage("B"), passage("C", source="b.txt"), passage("D", source="b.txt")])
    assert found == ["A", "B", "C", "D"]
    assert find_topics([]) == []


def test_a_summary_counts_sources_topics_and_tasks() -> None:
    passages = [*make_passages(8, text=RICH), *make_passages(0, 12)]
    summary = summarise(Plan(passages, 10, make_rules({"how_to": 1, "summary": 1})))
    assert (summary.samples, summary.passages, summary.covered, summary.most) == (10, 20, 10, 2)
    assert [(share.source, share.samples, share.topics) for share in summary.sources] == [
        ("file0.txt", 5, 2),
        ("file1.txt", 5, 3),
    ]
    assert (summary.topics, summary.covered_topics) == (5, 5)
    assert summary.fallback == 5
    assert {share.task: (share.wished, share.planned, share.suited) for share in summary.tasks} == {
        "summary": (5, 2, 8),
        "how_to": (5, 3, 8),
        "question_answer": (0, 5, 20),
    }
    assert summary.as_json()["coverage"] == 0.5
    assert json.loads(json.dumps(summary.as_json())) == summary.as_json()


def test_a_summary_of_very_many_sources_stays_short() -> None:
    passages = [replace(one, source_file=f"{number}.txt") for number, one in enumerate(make_passages(1200))]
    shares = summarise(Plan(passages, 2400, make_rules())).sources
    assert len(shares) == 1001
    assert (shares[-1].source, shares[-1].passages, shares[-1].samples) == (OTHERS, 200, 400)
