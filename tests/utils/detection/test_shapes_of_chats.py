"""Chats and records of speech in shapes that name their speakers by signs, brackets, accounts or JSON in a cell."""

import json

import pytest

from tests.utils.detection.test_plausibility import PLACES, contents, detect, table


def said(text):
    """Speakerless contents of a plain text."""
    return [
        "".join(text[piece.start : piece.end] for piece in turn.pieces)
        for conversation in detect(text).conversations
        for turn in conversation.turns
    ]


@pytest.mark.parametrize(
    ("asker", "teller"),
    [("◇ Ida Brand> ", "◆ Ole Fisk> "), ("○議長（林君）\u3000", "○村田委員\u3000"), ("* ", "- ")],
)
def test_a_sign_before_every_speaker_opens_the_turns(asker, teller):
    wanted = [part for place in PLACES for part in (f"Is {place} open?", f"They closed {place}.")]
    text = "\n\n".join((asker if n % 2 == 0 else teller) + part for n, part in enumerate(wanted))
    assert said(text) == wanted


def test_two_marks_that_do_not_take_turns_are_a_list():
    text = "\n\n".join(f"{'*' if n % 4 == 0 else '-'} Is {place} open?" for n, place in enumerate(PLACES))
    assert said(text) == []


def test_an_edited_message_an_account_and_a_guest_are_headers_like_all_others():
    heads = ("[3-2-2014 09:10:{:02}] Ida Brand: ", "[3-2-2014 09:10:{:02}, Edited 09:12:01] yard@fisk.example: ")
    wanted = [part for n, place in enumerate(PLACES) for part in (f"is {place} open?", f"no not {place} {n}")]
    text = "\n".join(heads[n % 2].format(n + 10) + part for n, part in enumerate(wanted))
    assert said(text) == wanted


def test_rules_with_arrows_above_every_message_part_no_conversations():
    wanted = [part for place in PLACES for part in (f"Is {place} open?", f"They closed {place}.")]
    heads = ("--------------->-\nida (10:11:{:02} 03/02/2008)\n", "---------------<-\nole (10:11:{:02} 03/02/2008)\n")
    text = "\n\n".join(heads[n % 2].format(n + 10) + part for n, part in enumerate(wanted))
    assert len(detect(text).conversations) == 1
    assert said(text) == wanted


def cells(turns):
    """A table with one dialogue as JSON in a cell of every row."""
    listed = json.dumps([{"content": content, "role": role} for role, content in turns])
    return table(["id", "chat", "split"], [[str(n), listed, "train"] for n in range(3)])


def test_a_dialogue_as_json_in_a_cell_is_cut_from_it_line_breaks_too():
    source = cells([("user", "Is the mill open?"), ("assistant", "No.\nAsk at the ford.")])
    assert contents(source) == ["Is the mill open?", "No.\nAsk at the ford."] * 3


@pytest.mark.parametrize("answer", ['They call it "the" mill.', "Ask\tat the ford, they know."])
def test_words_with_escapes_that_cannot_be_sliced_are_left_alone(answer):
    assert contents(cells([("user", "Is the mill open?"), ("assistant", answer)])) == []


def test_a_whole_transcript_in_a_cell_is_read_by_its_lines():
    transcript = "\n".join(
        f"(10:07:{n + 10}) {'Ida' if n % 2 else 'Visitor 12'}: {part}"
        for n, part in enumerate(["Is the mill open?", "No, not today.", "And the ford?", "It is, until six."])
    )
    source = table(["id", "Transcript"], [[str(n), transcript] for n in range(3)])
    assert contents(source) == ["Is the mill open?", "No, not today.", "And the ford?", "It is, until six."] * 3


def test_lists_of_words_and_speakers_side_by_side_are_one_dialogue_a_record():
    from tests.utils.detection.test_structure import record, turns

    people = ("Ida", "Ole", "Ida", "Ole")
    words = ("Is the mill open today?", "No, they closed it.", "Since when is that?", "Since the flood in May.")
    values = [(f"dialogue[{n}]", part) for n, part in enumerate(words)]
    values += [(f"speakers[{n}]", who) for n, who in enumerate(people)]
    found = turns(record(values), record([(name, value.replace("mill", "weir")) for name, value in values]))
    assert [len(conversation) for conversation in found] == [4, 4]
