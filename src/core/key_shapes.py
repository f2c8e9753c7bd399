"""What an API key looks like, wherever somebody has pasted one."""

from __future__ import annotations

import re

_BEGINNINGS = (
    *("sk-", "sk_", "pk-", "pk_", "AIza", "hf_", "gsk_", "xai-", "r8_", "nvapi-", "tgp_", "pplx-", "fw_"),
    *("sb_secret_", "AKIA", "ASIA"),
)
"""How vendors begin their keys: OpenAI, Anthropic and OpenRouter, Supabase and others, Google, Hugging Face, Groq, xAI,
Replicate, NVIDIA, Together, Perplexity, Fireworks; the secret ones of Supabase, AWS."""
_BEGUN = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(_BEGINNINGS)})[A-Za-z0-9_-]{{12,}}")
_BARE = re.compile(r"(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{24,}")
"""A key without a beginning of its own, as Mistral's: letters and digits mixed, 24 or more in a row."""
_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]+(?=@)")
HIDDEN = "***"


def looks_like_key(text: str) -> bool:
    """True for a text that holds what could be an API key; made for names of models, none of which does."""
    return bool(_BEGUN.search(text) or _BARE.search(text))


def hide_keys(text: str) -> str:
    """``text`` with "***" in the place of what begins like a vendor's key, and of a password in an address. Other long
    words (hashes) stay."""
    return _IN_ADDRESS.sub(HIDDEN, _BEGUN.sub(HIDDEN, text))
