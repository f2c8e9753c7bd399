"""ShareGPT: ``{"conversations": [{"from", "value"}]}``, as axolotl, torchtune and LLaMA-Factory read it."""

from __future__ import annotations

from typing import Any, Final

from src.providers.conversation import Conversation, Turn, TurnRole
from src.providers.row_rules import STRICT_RULES
from src.providers.training_rows import prepare
from src.utils.formats.form import Format
from src.utils.formats.shape import UncheckedRowError, read_choice, read_items, read_object, read_text

_NAMES: Final[dict[TurnRole, str]] = {"system": "system", "user": "human", "assistant": "gpt"}
# what is found in published sets beside the names that every trainer knows
_ROLES: Final[dict[str, TurnRole]] = {
    **{name: role for role, name in _NAMES.items()},
    "user": "user",
    "assistant": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "model": "assistant",
}
_TOOL_ROLES: Final = ("function_call", "observation", "tool", "function", "function_response")


def read_sharegpt_row(row: dict[str, Any]) -> Conversation:
    """The conversation of a row; a ``system`` beside it is its first turn. Raises FormatError."""
    content = read_object(row, "", required=("conversations",), optional=("system",))
    system = [Turn("system", read_text(content["system"], "system"))] if content.get("system") else []
    turns = (_read_turn(turn, place) for turn, place in read_items(content["conversations"], "conversations"))
    return Conversation((*system, *turns))


def sharegpt_row(conversation: Conversation) -> dict[str, Any]:
    """``{"conversations"}``. Raises ValueError with the reason when it cannot be."""
    turns = prepare(conversation._replace(rejected=None), STRICT_RULES).turns
    return {"conversations": [{"from": _NAMES[turn.role], "value": turn.content} for turn in turns]}


def _read_turn(value: Any, where: str) -> Turn:
    turn = read_object(value, where, required=("from", "value"))
    if turn["from"] in _TOOL_ROLES:
        raise UncheckedRowError(f"{where}.from", "rows with tool calls cannot be checked, only rows of text")
    role = read_choice(turn["from"], f"{where}.from", _ROLES)
    return Turn(role, read_text(turn["value"], f"{where}.value"))


def _places(row: dict[str, Any]) -> list[str]:
    system = ["system"] if row.get("system") else []
    return [*system, *(f"conversations[{number}]" for number in range(len(row["conversations"])))]


def _sharegpt(name: str, title: str) -> Format:
    return Format(
        name=name,
        title=title,
        keys=("conversations", "system"),
        fits=lambda row: "conversations" in row,
        from_row=read_sharegpt_row,
        to_row=sharegpt_row,
        places=_places,
        part_names={"content": "value", "role": "from"},
        source="TT1",
    )


SHAREGPT = _sharegpt("sharegpt", "ShareGPT")
LLAMA_FACTORY = _sharegpt("llama-factory", "LLaMA-Factory")


def llama_factory_info(file_name: str) -> dict[str, Any]:
    """What stands in ``dataset_info.json`` about a file of such rows, under the name of the data set."""
    tags = {"role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt"}
    columns = {"messages": "conversations"}
    return {
        "file_name": file_name,
        "formatting": "sharegpt",
        "columns": columns,
        "tags": {**tags, "system_tag": "system"},
    }
