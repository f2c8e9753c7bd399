"""What a chat program writes in place of a picture or of a message that was deleted is nobody's message."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.utils.conversation_detector import detect_conversations
from tests.documents import read_document

ASKED = ("Are you coming on Friday?", "Yes, around eight.", "Bring the cake please, the one with plums", "I will.")


def chat(*said: str) -> str:
    return "\n".join(f"12/05/2024, 09:{n:02} - {('Ana', 'Ben')[n % 2]}: {one}" for n, one in enumerate(said)) + "\n"


@pytest.mark.parametrize(
    "shown",
    [
        "<Media omitted>",
        "\u200eimage omitted",
        "This message was deleted",
        "Bild weggelassen",
        "Se eliminó este mensaje.",
        "<Médias omis>",
        "Данное сообщение удалено",
        "삭제된 메시지입니다.",
    ],
)
def test_what_stands_in_place_of_a_message_is_left_out(read, shown: str) -> None:
    assert read(chat(*ASKED[:2], shown, shown, *ASKED[2:]), "talk.txt") == [list(ASKED)]


@pytest.mark.parametrize("said", ["The media omitted that part", "This message was deleted by the moderator, why?"])
def test_words_about_it_stay(read, said: str) -> None:
    assert read(chat(*ASKED[:2], said, *ASKED[3:]), "talk.txt") == [[*ASKED[:2], said, ASKED[3]]]


def test_long_chats_leave_it_out_too(read) -> None:
    said = [one for _ in range(700) for one in (*ASKED, "image omitted", "Fine.")]
    turns = [turn for talk in read(chat_of_days(said), "talk.txt") for turn in talk]
    assert "image omitted" not in "\n".join(turns)
    assert len(turns) > 2_000


def chat_of_days(said: list[str]) -> str:
    return "".join(
        f"{1 + n // 600:02}/05/2024, {n // 60 % 10:02}:{n % 60:02} - {('Ana', 'Ben')[n % 2]}: {one}\n"
        for n, one in enumerate(said)
    )


def test_a_notice_of_encryption_is_no_context(tmp_path: Path) -> None:
    notice = "12/05/2024, 08:59 - Messages and calls are end-to-end encrypted. Tap to learn more.\n"
    path = tmp_path / "talk.txt"
    path.write_text(notice + chat(*ASKED), encoding="utf-8")
    (found,) = detect_conversations(read_document(path)).conversations
    assert found.context is None
