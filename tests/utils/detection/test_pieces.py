"""What is left out at the edges of a turn, and that the rest is cut from the text unchanged."""

from pathlib import Path

import pytest

from src.core.types import Section, SourceDocument
from src.utils.detection.lines.lines import index_lines
from src.utils.detection.lines.pieces import collect


def content(text, first=0):
    """What is collected of all lines from ``first`` on."""
    lines = index_lines(SourceDocument(Path("x"), "x", (Section(text),), ""), text)
    return "\n".join(text[start:end] for start, end in collect(text, lines, first, len(lines)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n\nOne.\n\nTwo.\n\n", "One.\n\nTwo."),
        ("    One.\n      Two.\n\n    Three.\n", "One.\n  Two.\n\nThree."),
        ("```markdown\nIt *is*.\n\nSo.\n```\n", "It *is*.\n\nSo."),
        ("```python\nrun()\n```\n", "```python\nrun()\n```"),
        ("```text\none\n```\nand\n```text\ntwo\n```\n", "```text\none\n```\nand\n```text\ntwo\n```"),
        ("> One.\n> Two.\n", "One.\nTwo."),
        ("> One.\nTwo.\n", "> One.\nTwo."),
        ("It rains.\n        -- Old saying\n", "It rains."),
        ("It rains.\n-- and pours\n", "It rains.\n-- and pours"),
        ("Yes.\n\n[Back to top](#top)\n", "Yes."),
        ("<p>\nYes.\n</p>\n<br/>\n", "Yes."),
        ("Run this:\n\n----\nls\n----\n", "Run this:\n\n----\nls\n----"),
        ("Yes.\n\n* * *\n", "Yes."),
        ("---\n\n***\n", ""),
        ("One.  \nTwo.\n", "One.\nTwo."),
        ("\tOne.\n\t\tTwo.\n", "One.\n\tTwo."),
    ],
)
def test_edges_are_trimmed_and_the_rest_is_kept(text, expected):
    assert content(text) == expected
