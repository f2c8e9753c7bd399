"""A writer for the stub server whose answers are worth keeping: every one quotes a sentence of its passage."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from tests.stub_wires import StubRequest

WITHOUT_PASSAGE = "A rope that is kept dry lasts for many years."


def answer_truthfully(request: StubRequest) -> str:
    """JSON with a question and an answer made of one sentence of the passage; same request, same answer."""
    text = "\n".join(content for _, content in request.messages)
    passages = re.findall(r"<passage>\n(.*?)\n</passage>", text, re.DOTALL)
    sentences = re.findall(r"[^.!?\n\t]{25,}[.!?]", passages[-1] if passages else text)
    digest = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    sentence = sentences[digest % len(sentences)].strip() if sentences else WITHOUT_PASSAGE
    words = re.findall(r"\w+", sentence)
    question = f"What is known about {' '.join(words[:6])}?"
    pair = {"question": question, "answer": sentence}
    return json.dumps(in_form(pair, request.schema or {}), ensure_ascii=False)


def in_form(pair: dict[str, str], schema: Mapping[str, Any]) -> dict[str, Any]:
    """A question and its answer in the form that ``schema`` asks for."""
    question, answer = pair["question"], pair["answer"]
    words = re.findall(r"\w+", answer)
    forms: dict[str, dict[str, Any]] = {
        "turns": {"turns": [pair]},
        "steps": {"question": question, "steps": [answer, answer], "answer": answer},
        "things": {**pair, "things": [words[0], words[-1]]},
        "records": {"question": question, "records": [{"fields": [{"name": "fact", "value": answer}]}]},
        "rejected": {"question": question, "chosen": answer, "rejected": f"Not so: {answer}", "flaw": "denied"},
    }
    return next((form for name, form in forms.items() if name in schema.get("properties", {})), pair)
