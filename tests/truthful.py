"""A writer for the stub server whose answers are worth keeping: every one quotes a sentence of its passage."""

from __future__ import annotations

import hashlib
import json
import re

from tests.stub_wires import StubRequest


def answer_truthfully(request: StubRequest) -> str:
    """JSON with a question and an answer made of one sentence of the passage; same request, same answer."""
    text = "\n".join(content for _, content in request.messages)
    passages = re.findall(r"<passage>\n(.*?)\n</passage>", text, re.DOTALL)
    sentences = re.findall(r"[^.!?\n\t]{25,}[.!?]", passages[-1] if passages else text)
    digest = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    sentence = sentences[digest % len(sentences)].strip() if sentences else "The passage is short but true."
    words = re.findall(r"\w+", sentence)
    question = f"What is known about {' '.join(words[:6])}?"
    pair = {"question": question, "answer": sentence}
    properties = (request.schema or {}).get("properties", {})
    return json.dumps({"turns": [pair]} if "turns" in properties else pair, ensure_ascii=False)
