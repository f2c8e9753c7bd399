"""Tables, records and captions given as sections: which columns and keys are read, and which are left alone."""

from pathlib import Path

from src.core.types import Field, Section, SourceDocument, Span
from src.utils.conversation_detector import detect_conversations, turn_text


def section(names, values, separator, kind):
    """A section whose values are joined, each a field."""
    fields, start = [], 0
    for name, value in zip(names, values, strict=False):
        fields.append(Field(name, Span(start, start + len(value))))
        start += len(value) + len(separator)
    return Section(f"{separator.join(values)}\n", "", kind, 0, tuple(fields))


def row(names, cells):
    """A table row."""
    return section(names, cells, "\t", "row")


def record(values, kind="record"):
    """A record of (path, value) pairs."""
    return section([name for name, _ in values], [value for _, value in values], "\n", kind)


def turns(*sections: Section) -> list[list[tuple[str, str]]]:
    """The conversations of a document of these sections."""
    source = SourceDocument(Path("x"), "x", sections, "")
    text = source.text
    found = detect_conversations(source).conversations
    return [[(turn.role, turn_text(text, turn)) for turn in conversation.turns] for conversation in found]


def test_a_column_of_label_words_parts_questions_from_answers():
    rows = [row(["A", "B"], cells) for cells in (["Q:", "Is it wet?"], ["A:", "Yes."], ["Q:", "Cold?"], ["A:", "No."])]
    assert turns(*rows) == [[("user", "Is it wet?"), ("assistant", "Yes.")], [("user", "Cold?"), ("assistant", "No.")]]


def test_a_column_that_asks_is_answered_by_the_longest_other_column():
    names = ["Topic", "Matter", "Note"]
    cells = (["a", "Is it wet?", "It is wet all year."], ["b", "Is it cold?", "Only in the deep end."])
    assert turns(*(row(names, entry) for entry in cells)) == [
        [("user", "Is it wet?"), ("assistant", "It is wet all year.")],
        [("user", "Is it cold?"), ("assistant", "Only in the deep end.")],
    ]


def test_an_input_column_belongs_to_the_question():
    names = ["instruction", "input", "output"]
    assert turns(row(names, ["Add them up.", "3 and 4", "That makes seven."])) == [
        [("user", "Add them up.\n3 and 4"), ("assistant", "That makes seven.")]
    ]


def test_columns_of_names_and_short_values_are_no_dialogue():
    cells = (["Ana", "Graz"], ["Ben", "Linz"], ["Cai", "Wels"])
    assert turns(*(row(["user", "answer"], entry) for entry in cells)) == []


def test_two_tables_are_read_apart():
    pair = row(["question", "answer"], ["Is it wet?", "It is wet all year."])
    header = row((), ["speaker", "text"])
    talk = [row(["speaker", "text"], cells) for cells in (["user", "Hello there."], ["assistant", "Good morning."])]
    assert [len(found) for found in turns(pair, header, *talk)] == [2, 2]


def test_a_system_prompt_beside_the_turns_comes_first():
    values = [("system", "Be kind."), ("turns[0].from", "human"), ("turns[0].value", "Hi"), ("turns[1].from", "gpt")]
    assert turns(record([*values, ("turns[1].value", "Hello.")])) == [
        [("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello.")]
    ]


def test_a_system_prompt_beside_a_pair_comes_first():
    values = [("system", "Be kind."), ("prompt", "Name a nut."), ("response", "The hazelnut.")]
    assert [role for role, _ in turns(record(values))[0]] == ["system", "user", "assistant"]


def test_turns_of_several_threads_in_one_list_are_parted():
    values = [("a", "user", "One?"), ("a", "assistant", "Yes."), ("b", "user", "Two?"), ("b", "assistant", "No.")]
    sections = [record([("thread_id", t), ("role", r), ("content", c)], kind="turn") for t, r, c in values]
    assert turns(*sections) == [[("user", "One?"), ("assistant", "Yes.")], [("user", "Two?"), ("assistant", "No.")]]


def test_an_author_in_an_object_of_its_own_is_the_speaker():
    values = []
    for number, (name, text) in enumerate([("Ana", "Wet?"), ("Ben", "Very.")]):
        values += [(f"messages[{number}].author.name", name), (f"messages[{number}].content", text)]
    assert turns(record(values)) == [[("user", "Wet?"), ("assistant", "Very.")]]


def test_captions_of_one_speaker_are_no_dialogue():
    assert turns(record([("Ana", "One.")], kind="turn"), record([("Ana", "Two.")], kind="turn")) == []
