"""Every training format, by name; which of them a model takes, and which of them a row has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from src.core.errors import UsageError
from src.core.specs import ModelLimits
from src.core.types import ProviderName
from src.utils.formats.alpaca import ALPACA, CURATED
from src.utils.formats.bedrock import BEDROCK_CLAUDE, BEDROCK_LLAMA
from src.utils.formats.form import Format
from src.utils.formats.gemini import GEMINI, GEMINI_PREFERENCE
from src.utils.formats.mistral import MISTRAL
from src.utils.formats.openai_chat import OPENAI_CHAT, OPENAI_DPO
from src.utils.formats.shape import FormatError
from src.utils.formats.sharegpt import LLAMA_FACTORY, SHAREGPT
from src.utils.formats.templates import CHATML, LLAMA3_TEXT
from src.utils.formats.together import TOGETHER, TOGETHER_ANY_TEXT, TOGETHER_PAIRS, TOGETHER_TEXT
from src.utils.formats.trainers import AXOLOTL, TRL, TRL_PREFERENCE, TRL_PROMPT

# In the order in which a file's format is guessed: the first one that reads its rows.
FORMATS: Final[Mapping[str, Format]] = {
    form.name: form
    for form in (
        OPENAI_CHAT,
        OPENAI_DPO,
        GEMINI,
        GEMINI_PREFERENCE,
        BEDROCK_CLAUDE,
        BEDROCK_LLAMA,
        MISTRAL,
        TOGETHER,
        TOGETHER_PAIRS,
        TOGETHER_TEXT,
        LLAMA3_TEXT,
        SHAREGPT,
        ALPACA,
        TRL,
        TRL_PROMPT,
        TRL_PREFERENCE,
        AXOLOTL,
        LLAMA_FACTORY,
        CHATML,
        CURATED,
    )
}

# What models.yaml calls them; a name may stand for a format with less or more in its rows.
_OF_MODELS: Final[Mapping[str, Format]] = {
    "openai_chat": OPENAI_CHAT,
    "openai_chat_tools": OPENAI_CHAT,
    "openai_chat_vision": OPENAI_CHAT,
    "openai_dpo": OPENAI_DPO,
    "bedrock_claude_messages": BEDROCK_CLAUDE,
    "bedrock_prompt_completion": BEDROCK_LLAMA,
    "gemini_contents": GEMINI,
    "gemini_contents_tools": GEMINI,
    "gemini_preference": GEMINI_PREFERENCE,
    "mistral_messages": MISTRAL,
    "mistral_messages_tools": MISTRAL,
    "together_messages": TOGETHER,
    "together_prompt_completion": TOGETHER_PAIRS,
    "together_text": TOGETHER_ANY_TEXT,
    "together_dpo": OPENAI_DPO,
    "sharegpt": SHAREGPT,
    "alpaca": ALPACA,
    "text": LLAMA3_TEXT,
}
_OF_PROVIDERS: Final[Mapping[ProviderName, tuple[Format, ...]]] = {
    "openai": (OPENAI_CHAT, OPENAI_DPO),
    "anthropic": (BEDROCK_CLAUDE,),
    "google": (GEMINI, GEMINI_PREFERENCE),
    "mistral": (MISTRAL,),
    "llama": (TOGETHER, TOGETHER_PAIRS, BEDROCK_LLAMA),
    "local": (TRL,),
}


def find_format(name: str) -> Format:
    """The format of a name, in any case. Raises UsageError with the closest names."""
    found = FORMATS.get(name.strip().lower().replace("_", "-"))
    if found is None:
        close = get_close_matches(name.lower(), FORMATS, n=3, cutoff=0.5)
        fix = f"Did you mean {' or '.join(close)}?" if close else f"Choose one of: {', '.join(FORMATS)}."
        raise UsageError(f"There is no training format {name!r}.", fix=fix)
    return found


def formats_of(limits: ModelLimits) -> tuple[Format, ...]:
    """The formats that a model is trained on, the usual one first."""
    return tuple(dict.fromkeys(_OF_MODELS[name] for name in limits.formats)) or _OF_PROVIDERS[limits.provider]


def match_format(row: dict[str, Any], formats: Iterable[Format]) -> Format | None:
    """The format among ``formats`` whose mark a row has; None for none."""
    return next((form for form in formats if form.fits(row)), None)


def detect_format(rows: Iterable[dict[str, Any]]) -> Format:
    """The format that reads every one of ``rows`` and knows most of their keys; of several, the first one.

    Raises FormatError, which says of the closest format why it is not that one.
    """
    possible = list(FORMATS.values())
    problem = FormatError("", "no row to tell the format by")
    unknown: Counter[str] = Counter()
    for row in rows:
        fitting = [form for form in possible if form.fits(row)]
        if not fitting:
            names = ", ".join(repr(key) for key in row) or "none"
            raise FormatError("", f"no format has such a row (keys: {names})", found=names, fix="Name it with --from.")
        possible = []
        for form in fitting:
            try:
                form.from_row(known_part(row, form))
            except FormatError as error:
                problem = error
            else:
                possible.append(form)
                unknown[form.name] += len(row.keys() - set(form.keys))
        if not possible:
            raise problem
    if len(possible) == len(FORMATS):
        raise problem
    return min(possible, key=lambda form: unknown[form.name])


def known_part(row: dict[str, Any], form: Format) -> dict[str, Any]:
    """A row without the keys that a format does not have, such as notes on where it comes from."""
    return row if row.keys() <= set(form.keys) else {key: row[key] for key in form.keys if key in row}
