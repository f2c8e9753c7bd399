"""The four agents: one line each, imported when first asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from src.agents.base_agent import Agent, AgentTools
    from src.core.types import Mode

_AGENTS: dict[Mode, str] = {
    "create": "src.agents.create_agent:CreateAgent",
    "identify": "src.agents.identify_agent:IdentifyAgent",
    "hybrid": "src.agents.hybrid_agent:HybridAgent",
    "free": "src.agents.free_agent:FreeAgent",
}


def load_agent(mode: Mode, tools: AgentTools) -> Agent:
    """The agent of a mode, ready to run. Raises ConfigError when ``tools`` lack what the mode needs."""
    module_name, _, class_name = _AGENTS[mode].partition(":")
    agent: Agent = getattr(importlib.import_module(module_name), class_name)(tools)
    return agent
