"""Detection on whole documents: many styles, what is no dialogue, spans, context, order, and time."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.types import Section, SourceDocument
from src.utils.conversation_detector import detect_conversations, turn_text
from tests.documents import read_document
from tests.growth import is_linear

DOCUMENTS = Path(__file__).parent / "detection" / "documents"
EXPECTED = json.loads((Path(__file__).parent / "detection" / "expected.json").read_text(encoding="utf-8"))
CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "documents"


def document(text):
    """A plain text document of one section."""
    return SourceDocument(Path("plain.txt"), "plain.txt", (Section(text),), "")


def turns(source, **options):
    """The conversations of a document as lists of (role, text)."""
    text = source.text
    found = detect_conversations(source, **options).conversations
    return [[(turn.role, turn_text(text, turn)) for turn in conversation.turns] for conversation in found]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_style_gives_exactly_the_turns_that_stand_in_it(name):
    wanted = [[tuple(turn) for turn in conversation] for conversation in EXPECTED[name]]
    assert turns(read_document(DOCUMENTS / name)) == wanted


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Q: ", "A: "),
        ("User: ", "Assistant: "),
        ("**Question**: ", "**Answer**: "),
        ("**Question:** ", "**Answer:** "),
        ("### Question\n", "### Answer\n"),
        ("q) ", "a) "),
        ("Q — ", "A — "),
        ("> Q: ", "> A: "),
        ("[User] ", "[Assistant] "),
        ("1. Question: ", "   Answer: "),
    ],
)
def test_a_label_is_left_out_and_an_answer_keeps_all_its_paragraphs(asked, answered):
    text = f"{asked}Is tea good?\n\n{answered}It is.\n\nMost days.\n\n{asked}And milk?\n\n{answered}With oats.\n"
    found = [turn for conversation in turns(document(text)) for turn in conversation]
    assert [content for _, content in found] == ["Is tea good?", "It is.\n\nMost days.", "And milk?", "With oats."]
    assert [role for role, _ in found] == ["user", "assistant"] * 2


def test_the_nearest_heading_above_is_the_context():
    source = document("# Trains\n\nWelcome.\n\n## Tickets\n\nQ: Where?\nA: At the gate.\n")
    conversation = detect_conversations(source).conversations[0]
    assert source.text[slice(*conversation.context)] == "Tickets"


def test_without_a_heading_the_passage_before_is_the_context():
    source = document("A call on Monday,\nat nine.\n\nQ: Who rang?\nA: The baker.\n")
    conversation = detect_conversations(source).conversations[0]
    assert source.text[slice(*conversation.context)] == "A call on Monday,\nat nine."


def test_a_document_that_begins_with_a_question_has_no_context():
    assert detect_conversations(document("Q: Who rang?\nA: The baker.\n")).conversations[0].context is None


def test_shorter_conversations_than_min_turns_are_left_out_with_a_reason():
    source = document("Q: Who rang?\nA: The baker.\n")
    detection = detect_conversations(source, min_turns=3)
    assert detection.conversations == ()
    assert "no conversation has 3 turns" in detection.reasons[-1]


def test_a_greeting_before_the_first_question_becomes_a_system_turn():
    text = "Agent: Hello, this is the desk.\nCustomer: Where is my bag?\nAgent: On the next flight.\n"
    assert turns(document(text)) == [
        [("system", "Hello, this is the desk."), ("user", "Where is my bag?"), ("assistant", "On the next flight.")]
    ]


def test_an_answer_before_its_only_question_is_no_conversation():
    assert turns(document("A: Forty-two.\nQ: What is six by nine?\n")) == []


def test_a_label_with_nothing_behind_it_is_no_turn():
    assert turns(document("Q: Q: Q: Q: Q: A: ")) == []
    assert turns(document("Q: One? A:")) == []


def test_rules_part_dialogues():
    text = "User: One?\nAssistant: Yes.\n\n---\n\nUser: Two?\nAssistant: No.\nUser: Why?\nAssistant: Because.\n"
    assert [len(conversation) for conversation in turns(document(text))] == [2, 4]


def test_a_log_of_many_speakers_is_cut_into_windows_that_begin_with_a_user():
    lines = "".join(f"[10:{n % 60:02d}] <nick{(n * n + n // 3) % 5}> what about number {n}?\n" for n in range(200))
    found = turns(document(lines))
    assert len(found) > 3
    assert all(conversation[0][0] == "user" and len(conversation) <= 40 for conversation in found)
    assert all(one[0] != two[0] for talk in found for one, two in itertools.pairwise(talk))


def test_the_speaker_who_asks_is_the_user_even_when_the_other_begins():
    text = "Ida: Good to be here.\n\n" + "".join(
        f"Max: Why {n}?\n\nIda: Because of {n}, I think.\n\n" for n in range(4)
    )
    roles = {content[:3]: role for role, content in turns(document(text))[0]}
    assert roles == {"Goo": "system", "Why": "user", "Bec": "assistant"}


def test_paragraphs_that_ask_and_answer_without_labels_are_undecided():
    text = "".join(
        f"And what came after year {n}, do you remember? I have always wondered.\n\nWe moved on, as one does.\n\n"
        for n in range(5)
    )
    detection = detect_conversations(document(text))
    assert detection.undecided
    assert detection.decision == "undecided"


def test_every_decision_gives_its_reasons():
    assert detect_conversations(document("Only prose stands here.\n")).reasons
    assert "labels" in detect_conversations(document("Q: A?\nA: B.\n")).reasons[0]


def test_labels_inside_code_and_front_matter_are_no_turns():
    text = "---\nq: what?\na: that\n---\n\nText.\n\n```\nUser: hi?\nAssistant: hello.\n```\n"
    assert turns(document(text)) == []


def test_a_table_of_contents_gives_no_empty_answers():
    questions = ["Who may come?", "What does it cost?", "Where is it?"]
    contents = "".join(f"{number}. {question}\n" for number, question in enumerate(questions, 1))
    body = "".join(
        f"{number}. {question}\n\n    See page {number}.\n\n" for number, question in enumerate(questions, 1)
    )
    assert turns(document(f"{contents}\n{body}")) == [
        [("user", question), ("assistant", f"See page {number}.")] for number, question in enumerate(questions, 1)
    ]


FRAGMENTS = Path(__file__).parent / "detection" / "fragments.json"
"""What lines of dialogues, lists and markup are made of, for texts that nobody would write."""
PIECES = st.sampled_from(json.loads(FRAGMENTS.read_text(encoding="utf-8")))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=12), max_size=60).map("".join), st.integers(2, 4))
def test_any_text_gives_ordered_disjoint_spans_inside_it(text, min_turns):
    source = document(text)
    detection = detect_conversations(source, min_turns=min_turns)
    before = 0
    for conversation in detection.conversations:
        pieces = sorted(piece for turn in conversation.turns for piece in turn.pieces)
        assert all(0 <= piece.start <= piece.end <= len(text) for piece in pieces)
        assert all(one.end <= two.start for one, two in itertools.pairwise(pieces))
        assert conversation.span.start == pieces[0].start
        assert conversation.span.start >= before
        before = conversation.span.start
        assert all(turn_text(text, turn).strip() for turn in conversation.turns)
        assert conversation.turns[0].role != "assistant"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["text", "heading", "row", "turn"]), st.text(max_size=40)), max_size=12))
def test_any_sections_are_read(parts):
    sections = tuple(Section(f"{text}\n", "", kind, 1 if kind == "heading" else 0) for kind, text in parts)
    detect_conversations(SourceDocument(Path("x"), "x", sections, ""))


@pytest.mark.no_cover  # five times as slow with it, and its lines are covered by the tests above
@pytest.mark.parametrize("line", json.loads(FRAGMENTS.with_name("repeated.json").read_text(encoding="utf-8")))
def test_no_input_takes_more_than_linear_time(line):
    def work(size):
        source = document(line * (size // len(line)))
        return lambda: detect_conversations(source)

    assert is_linear(work, 100_000, floor_s=0.25)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
@pytest.mark.no_cover
@pytest.mark.slow
def test_the_shared_corpus_is_read_as_well_as_promised(tmp_path):
    rows = tmp_path / "rows.jsonl"
    with rows.open("w", encoding="utf-8") as sink:
        for path in sorted((CORPUS / "conversations" / "docs").iterdir()):
            for conversation in turns(read_document(path)):
                messages = [{"role": role, "content": content} for role, content in conversation]
                sink.write(json.dumps({"messages": messages, "source_file": path.name}) + "\n")
    tool = CORPUS / "tools" / "score_conv.py"
    folder = CORPUS / "conversations"
    command = [sys.executable, tool, folder / "labels.json", rows, "--docs", folder / "plain", "--json"]
    scores = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert scores["exact"]["F1"] >= 0.96
    assert scores["pair"]["F1"] >= 0.95
    assert scores["negatives_clean"] == scores["negatives"]
    right, total = map(int, scores["verbatim"].split("/"))
    assert right == total
