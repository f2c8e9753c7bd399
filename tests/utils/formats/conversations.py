"""The conversations that the golden files of all formats are made of: our own writing."""

from __future__ import annotations

from typing import Any

from src.providers.conversation import Conversation, Turn
from src.utils.formats.form import Format
from src.utils.formats.losses import fit

PLAIN = Conversation(
    (Turn("user", "How long does a glaze firing take?"), Turn("assistant", "Eight to ten hours, and a day to cool."))
)
TALK = Conversation(
    (
        Turn("system", "You run a pottery."),
        Turn("user", "My bowl cracked."),
        Turn("assistant", "Was it dry before the firing?"),
        Turn("user", "Not quite."),
        Turn("assistant", "Then steam broke it: let the next one dry for a week."),
    )
)
UNICODE = Conversation(
    (
        Turn("user", "Wie heiß\n\nund wie lange? 窯は熱い 🔥"),
        Turn("assistant", 'Bei "1 200 °C"\nund\tlange.\n\nC:\\kiln\\log\u2028ende'),
    )
)
WEIGHTED = Conversation(
    (
        Turn("user", "Which clay is it?"),
        Turn("assistant", "Stoneware, I guess.", weight=0),
        Turn("user", "Sure?"),
        Turn("assistant", "Yes: it does not drink water.", weight=1),
    )
)
TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "kiln_heat",
        "description": "Heat of a kiln in degrees Celsius",
        "parameters": {"type": "object", "properties": {"kiln": {"type": "string"}}, "required": ["kiln"]},
    },
}


def call(identity: str, kiln: str) -> dict[str, Any]:
    function = {"name": "kiln_heat", "arguments": f'{{"kiln":"{kiln}"}}'}
    return {"id": identity, "type": "function", "function": function}


TOOLS = Conversation(
    (
        Turn("user", "How hot is the north kiln?"),
        Turn("assistant", tool_calls=(call("call00001", "north"),)),
        Turn("tool", '{"heat":1180}', tool_call_id="call00001"),
        Turn("assistant", "1,180 degrees."),
    ),
    tools=(TOOL,),
)
IMAGE = Conversation(
    (
        Turn(
            "user",
            "What is in the kiln?",
            parts=(
                {"type": "text", "text": "What is in the kiln?"},
                {"type": "image_url", "image_url": {"url": "https://pottery.example/kiln.png", "detail": "low"}},
            ),
        ),
        Turn("assistant", "Two rows of bowls."),
    )
)
PAIR = Conversation(
    (Turn("system", "You run a pottery."), Turn("user", "When is it fired?"), Turn("assistant", "After a week.")),
    rejected=Turn("assistant", "Whenever you like."),
)
ALL = (PLAIN, TALK, UNICODE, WEIGHTED, TOOLS, IMAGE, PAIR)


def held_whole(form: Format) -> list[Conversation]:
    """Those of ALL that ``form`` holds without any loss."""
    fitted = [(entry, fit(entry, form)) for entry in ALL]
    return [entry for entry, found in fitted if found.conversation is not None and not found.losses]
