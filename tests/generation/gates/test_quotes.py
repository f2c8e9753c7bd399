"""Code of an answer: made of what its passage has, or freely written where pseudocode is asked for."""

from __future__ import annotations

import pytest

from src.core.types import Message
from src.generation.answer_parser import Draft
from src.generation.gates.quotes import check_quotes

PROBE = "An endpoint sends PROBE with a token up to 4 times. It waits for ECHO for 3 seconds, else the session is dead."
LOOP = """```
misses = 0
while misses < 4:
    send(PROBE, token)
    if wait_for(ECHO, seconds=3): return ALIVE
    misses += 1
return DEAD
```"""


@pytest.mark.parametrize(
    ("question", "keep"),
    [
        ("Show in pseudocode how an endpoint decides that a session is dead.", True),
        ("Zeige als Pseudocode, wann eine Sitzung tot ist.", True),
        ("Which command closes a session?", False),
    ],
)
def test_pseudocode_may_have_names_of_its_own(question: str, keep: bool) -> None:
    assert check_quotes(Draft((Message("user", question), Message("assistant", LOOP))), PROBE).keep is keep


def test_a_name_that_a_block_assigns_and_uses_again_is_its_own() -> None:
    source = "Call open_gate(4) and then close_gate(4); the gate number is 4."
    block = "```python\nnumber = 4\nopen_gate(number)\nclose_gate(number)\n```"
    assert check_quotes(Draft((Message("user", "How?"), Message("assistant", block))), source).keep
    other = "```python\nlift_lock = 4\nopen_gate(4)\n```"
    assert not check_quotes(Draft((Message("user", "How?"), Message("assistant", other))), source).keep
