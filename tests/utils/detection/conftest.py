"""What the tests of detection share: a file is written, read and its conversations are told."""

from __future__ import annotations

import pytest

from src.utils.conversation_detector import detect_conversations, turn_text
from tests.documents import read_document


@pytest.fixture
def read(tmp_path):
    """From the text of a file and its name to its conversations as lists of texts."""

    def turns(text, name="document.txt"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        document = read_document(path)
        found, whole = detect_conversations(document).conversations, document.text
        return [[turn_text(whole, turn) for turn in conversation.turns] for conversation in found]

    return turns
