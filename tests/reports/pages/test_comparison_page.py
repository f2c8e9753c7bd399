"""Datasets side by side on a page."""

from __future__ import annotations

from xml.etree import ElementTree

from src.core.types import Rejection
from src.reports.metrics.comparison import Contender, compare
from src.reports.pages.comparison_page import comparison_page
from tests.reports.makers import GLAZE, KILN, WHEEL, generated, make_document, measure

POTTERY = make_document(KILN, GLAZE, WHEEL)
GROUNDED = [generated(f"How hot does kiln {n} get?", "It heats to 1200 degrees.", KILN, POTTERY) for n in range(24)]
INVENTED = [generated(f"Who sold vessel {n}?", "Peter Stone sold 77 bottles.", WHEEL, POTTERY) for n in range(24)]


def test_page_marks_what_is_better_and_escapes_names():
    contenders = [
        Contender("good <b>", measure(GROUNDED, POTTERY), 12, 24, 0.25),
        Contender("bad", measure(INVENTED, POTTERY)),
    ]
    page = comparison_page(compare(contenders))
    root = ElementTree.fromstring(page.partition("\n")[2])
    rows = {"".join(row.itertext()).split("Rows")[0].strip(): row for row in root.iter("tr")}
    numbers = next(row for title, row in rows.items() if title.startswith("Numbers pass"))
    assert "A is better" in "".join(numbers.itertext())
    assert [cell.get("class") for cell in numbers.iter("td")][:2] == ["figure best", "figure"]
    assert "good &lt;b&gt;" in page
    assert "$0.25" in page


def test_missing_sources_are_named():
    gone = Rejection("unreadable_file", "pottery.txt is damaged.", source_file="pottery.txt")
    page = comparison_page(
        compare([Contender("a", measure(GROUNDED, gone)), Contender("b", measure(INVENTED, POTTERY))])
    )
    assert "pottery.txt is damaged." in page
