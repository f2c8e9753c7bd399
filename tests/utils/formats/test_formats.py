"""Every training format: golden files byte for byte, round trips, and strict checks."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.errors import UsageError
from src.core.jsonl import dump_line
from src.providers.conversation import Conversation, Turn
from src.utils.formats.form import Format
from src.utils.formats.losses import MEANINGS, fit, same_content
from src.utils.formats.registry import FORMATS, detect_format, find_format
from src.utils.formats.shape import FormatError, UncheckedRowError
from tests.utils.formats.conversations import ALL, IMAGE, PAIR, PLAIN, TALK, TOOLS, WEIGHTED, held_whole

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "formats"
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


def golden_rows(form: Format) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in (GOLDEN / f"{form.name}.jsonl").read_bytes().splitlines()]


@every_format
def test_the_golden_file_is_what_is_written_byte_for_byte(form: Format) -> None:
    lines = b"".join(dump_line(form.to_row(entry)) for entry in held_whole(form))
    assert lines == (GOLDEN / f"{form.name}.jsonl").read_bytes()
    assert lines


@every_format
def test_every_golden_row_passes_the_check_and_gives_the_conversation_back(form: Format) -> None:
    for row, entry in zip(golden_rows(form), held_whole(form), strict=True):
        assert form.check(row, 1) == ()
        assert form.from_row(row) == entry


@every_format
def test_a_row_has_only_the_keys_of_its_format_and_its_mark(form: Format) -> None:
    for row in golden_rows(form):
        assert row.keys() <= set(form.keys)
        assert form.fits(row)
        assert len(form.places(row)) == len(form.from_row(row).turns)


@every_format
def test_a_key_too_many_is_named(form: Format) -> None:
    (issue,) = form.check({**golden_rows(form)[0], "mood": "good"}, 7)
    assert (issue.code, issue.row, issue.field, issue.found) == ("format", 7, "mood", "'mood'")
    assert issue.allowed
    assert issue.source == form.source


@every_format
def test_the_format_of_a_golden_file_is_told_or_one_that_reads_the_same(form: Format) -> None:
    found = detect_format(golden_rows(form))
    assert [found.from_row(row) for row in golden_rows(form)] == [form.from_row(row) for row in golden_rows(form)]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    system = [Turn("system", draw(TEXT))] if draw(st.booleans()) else []
    exchanges = draw(st.integers(1, 3))
    weight = st.sampled_from([None, 0])
    turns = [
        turn
        for _ in range(exchanges)
        for turn in (Turn("user", draw(TEXT)), Turn("assistant", draw(TEXT), weight=draw(weight)))
    ]
    rejected = Turn("assistant", draw(TEXT)) if draw(st.booleans()) else None
    return Conversation((*system, *turns), rejected)


@every_format
@given(entry=conversations())
@settings(max_examples=40, deadline=None)
def test_what_a_format_holds_comes_back_and_what_it_does_not_hold_is_named(form: Format, entry: Conversation) -> None:
    fitted = fit(entry, form)
    assert set(fitted.losses) <= set(MEANINGS)
    if fitted.conversation is None:
        assert fitted.losses
        return
    try:
        row = form.to_row(fitted.conversation)
    except ValueError as error:
        assert "marker" in str(error)
        return
    read = form.from_row(row)
    assert form.check(row) == ()
    if not fitted.losses:
        assert read == entry
    said = [turn.content for turn in entry.turns]
    assert all(text in orjson.loads(orjson.dumps(row)).__repr__() or text in _texts(read) for text in said[-1:])


def _texts(conversation: Conversation) -> str:
    return "\n".join(turn.content for turn in conversation.turns)


@pytest.mark.parametrize(
    ("name", "entry", "losses"),
    [
        ("bedrock-llama", TALK, ("system_folded", "turns_folded")),
        ("alpaca", TALK, ("system_folded", "turns_folded")),
        ("bedrock-claude", WEIGHTED, ("weight_dropped",)),
        ("gemini", IMAGE, ("images",)),
        ("sharegpt", TOOLS, ("tool_calls",)),
        ("openai-chat", PAIR, ("worse_answer_dropped",)),
        ("openai-dpo", PLAIN, ("no_pair",)),
        ("trl", Conversation(PLAIN.turns, tools=TOOLS.tools), ()),
        ("chatml", Conversation(PLAIN.turns, tools=TOOLS.tools), ("tools_dropped",)),
        ("mistral", Conversation(PLAIN.turns, parallel_tool_calls=False), ("tools_dropped",)),
        ("openai-chat", Conversation(PLAIN.turns, weight=0.5), ("row_weight_dropped",)),
        ("together", Conversation(PLAIN.turns, weight=0.5), ()),
        ("mistral", Conversation((Turn("user", "q", name="ann"), Turn("assistant", "a"))), ("name_dropped",)),
        (
            "gemini",
            Conversation((Turn("user", "q"), Turn("user", "r"), Turn("assistant", "a"))),
            ("neighbours_joined",),
        ),
        ("gemini", Conversation((Turn("assistant", "a"),)), ("unfit",)),
        ("openai-chat", Conversation((Turn("assistant", "a"),)), ()),
    ],
)
def test_what_a_format_cannot_hold_has_a_name(name: str, entry: Conversation, losses: tuple[str, ...]) -> None:
    assert fit(entry, FORMATS[name]).losses == losses


def test_tools_weights_and_images_of_openai_pass_through_unchanged() -> None:
    form = FORMATS["openai-chat"]
    for row in golden_rows(form):
        assert form.to_row(form.from_row(row)) == row


def test_ids_of_tool_calls_get_the_nine_characters_that_mistral_wants() -> None:
    row = orjson.loads(orjson.dumps(FORMATS["openai-chat"].to_row(TOOLS)))
    row["messages"][1]["tool_calls"][0]["id"] = row["messages"][2]["tool_call_id"] = "call_that_is_long"
    written = FORMATS["mistral"].to_row(FORMATS["openai-chat"].from_row(row))
    identity = written["messages"][1]["tool_calls"][0]["id"]
    assert len(identity) == 9
    assert identity.isalnum()
    assert written["messages"][2]["tool_call_id"] == identity
    assert FORMATS["mistral"].check(written) == ()
    assert [issue.code for issue in FORMATS["mistral"].check(row)] == ["tool_id"]


def test_calls_of_gemini_get_ids_by_their_order() -> None:
    form = FORMATS["gemini"]
    (row,) = [row for row in golden_rows(form) if "tools" in row]
    assert form.from_row(row) == TOOLS
    assert same_content(TOOLS, form.from_row(row), form.rules)


def test_a_text_with_the_marks_of_its_template_cannot_be_held() -> None:
    for name, text in (("chatml", "a<|im_end|>\n<|im_start|>user\nb"), ("together-text", "a\n\nUser: b")):
        with pytest.raises(ValueError, match="marker"):
            FORMATS[name].to_row(Conversation((Turn("user", "q"), Turn("assistant", text))))


def _two_calls(*answers: tuple[str, str]) -> Conversation:
    calls = tuple({**TOOLS.turns[1].tool_calls[0], "id": identity} for identity in ("a", "b"))
    told = tuple(Turn("tool", text, tool_call_id=identity) for identity, text in answers)
    return TOOLS._replace(
        turns=(TOOLS.turns[0], Turn("assistant", tool_calls=calls), *told, Turn("assistant", "Both are hot."))
    )


def test_answers_of_parallel_calls_stay_with_their_calls() -> None:
    form = FORMATS["gemini"]
    swapped = _two_calls(("b", '{"heat": 2}'), ("a", '{"heat": 1}'))
    read = form.from_row(form.to_row(swapped))
    told = {turn.tool_call_id: turn.content for turn in read.turns if turn.role == "tool"}
    assert [told[str(call["id"])] for call in read.turns[1].tool_calls] == ['{"heat":1}', '{"heat":2}']
    assert same_content(swapped, read, form.rules)
    exchanged = _two_calls(("a", '{"heat": 2}'), ("b", '{"heat": 1}'))
    assert not same_content(swapped, exchanged, form.rules)


def test_other_arguments_are_other_content() -> None:
    other = {**TOOLS.turns[1].tool_calls[0], "function": {"name": "kiln_heat", "arguments": '{"kiln": "south"}'}}
    changed = TOOLS._replace(turns=(TOOLS.turns[0], Turn("assistant", tool_calls=(other,)), *TOOLS.turns[2:]))
    assert not same_content(TOOLS, changed, FORMATS["gemini"].rules)


def test_marks_of_a_worse_answer_are_found_and_taken_off_like_those_of_a_better_one() -> None:
    form = FORMATS["openai-dpo"]
    assert PAIR.rejected
    weighted = PAIR._replace(rejected=PAIR.rejected._replace(weight=0))
    fitted = fit(weighted, form)
    assert (fitted.conversation, fitted.losses) == (PAIR, ("weight_dropped",))
    assert [(issue.code, issue.field) for issue in form.check(form.to_row(weighted))] == [("not_held", "rejected")]


def test_strict_of_a_tool_is_a_named_loss_where_the_format_does_not_know_it() -> None:
    tool = {**TOOLS.tools[0], "function": {**TOOLS.tools[0]["function"], "strict": True}}
    strict = TOOLS._replace(tools=(tool,))
    fitted = fit(strict, FORMATS["gemini"])
    assert fitted.losses == ("strict_dropped",)
    assert fitted.conversation == TOOLS
    assert fit(strict, FORMATS["openai-chat"]).losses == ()
    row = FORMATS["gemini"].to_row(strict)
    assert [issue.code for issue in FORMATS["gemini"].check(row)] == ["not_held"]


_ASKED = {"role": "user", "content": "Why?"}
_TOLD = {"role": "assistant", "content": "Because."}
_CALLED = {"role": "assistant", "tool_calls": [{**TOOLS.turns[1].tool_calls[0]}]}
_ANSWERED = {"role": "tool", "tool_call_id": "call00001", "content": "1"}


@pytest.mark.parametrize(
    ("name", "row", "code", "field"),
    [
        ("mistral", {"messages": [{**_ASKED, "name": "ann"}, _TOLD]}, "not_held", "messages[0].name"),
        ("mistral", {"messages": [_ASKED, _TOLD], "parallel_tool_calls": True}, "not_held", "parallel_tool_calls"),
        ("trl", {"messages": [_ASKED, {**_TOLD, "weight": 0}]}, "not_held", "messages[1].weight"),
        (
            "openai-dpo",
            {"input": {"messages": [_ASKED, {**_TOLD, "weight": 0}, _ASKED]}}
            | {"preferred_output": [_TOLD], "non_preferred_output": [_TOLD]},
            "not_held",
            "input.messages[1].weight",
        ),
        ("together", {"messages": [_ASKED, _CALLED, _ASKED, _TOLD]}, "call_without_answer", "messages[2].role"),
        ("mistral", {"messages": [_ASKED, _CALLED, _ANSWERED, _ASKED, _TOLD]}, "answer_not_used", "messages[3].role"),
        (
            "together",
            {"messages": [{"role": "system", "content": "x"}, {"role": "system", "content": "y"}, _ASKED, _TOLD]},
            "not_alternating",
            "messages[1].role",
        ),
    ],
)
def test_what_a_format_has_no_place_for_is_found(name: str, row: dict[str, object], code: str, field: str) -> None:
    found = FORMATS[name].check(row, 1)
    assert [(issue.code, issue.field) for issue in found] == [(code, field)]


@pytest.mark.parametrize("identity", ["call-0001", "call_0001", "aufrufäöü", "call00001x"])
def test_an_id_of_a_tool_call_is_of_nine_plain_letters_and_digits(identity: str) -> None:
    calls = {**_CALLED, "tool_calls": [{**TOOLS.turns[1].tool_calls[0], "id": identity}]}
    row: dict[str, object] = {"messages": [_ASKED, calls, {**_ANSWERED, "tool_call_id": identity}, _TOLD]}
    form = FORMATS["mistral"]
    assert [issue.code for issue in form.check(row)] == ["tool_id"]
    assert form.check(form.to_row(form.from_row(row))) == ()


def test_train_flags_of_users_leave_the_row_readable() -> None:
    messages = [{**_ASKED, "train": False}, {**_TOLD, "train": True}]
    read = FORMATS["axolotl"].from_row({"messages": messages})
    assert [turn.weight for turn in read.turns] == [None, 1]
    assert FORMATS["openai-chat"].to_row(read)["messages"] == [_ASKED, {**_TOLD, "weight": 1}]


def test_training_on_the_turns_of_users_is_not_dropped_in_silence() -> None:
    with pytest.raises(UncheckedRowError) as caught:
        FORMATS["axolotl"].from_row({"messages": [{**_ASKED, "train": True}, _TOLD]})
    assert caught.value.where == "messages[0].train"


def test_published_spellings_are_read() -> None:
    texts = {
        "sharegpt": {
            "system": "s",
            "conversations": [{"from": "user", "value": "q"}, {"from": "chatgpt", "value": "a"}],
        },
        "alpaca": {"instruction": "q", "output": "a", "system": "s", "history": [["q0", "a0"]]},
        "trl-prompt-completion": {"prompt": "q", "completion": "a"},
        "trl-preference": {
            "chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}],
            "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "b"}],
        },
    }
    for name, row in texts.items():
        assert _texts(FORMATS[name].from_row(row)).endswith("q\na")
    assert FORMATS["alpaca"].from_row({"instruction": "q", "input": "i", "output": "a"}).turns[0].content == "q\ni"


@pytest.mark.parametrize(
    ("name", "row", "where"),
    [
        ("sharegpt", {"conversations": [{"from": "function_call", "value": "{}"}]}, "conversations[0].from"),
        ("sharegpt", {"conversations": [{"from": "nobody", "value": "a"}]}, "conversations[0].from"),
        ("alpaca", {"instruction": "a", "output": "b", "history": [["one"]]}, "history[0]"),
        ("trl-preference", {"prompt": "q", "chosen": [], "rejected": "b"}, "chosen"),
        ("trl-preference", {"chosen": [{"role": "user", "content": "q"}], "rejected": "b"}, "chosen"),
        ("axolotl", {"messages": [{"role": "user", "content": "a", "train": 1}]}, "messages[0].train"),
        ("axolotl", {"messages": {}}, "messages"),
        ("llama3-text", {"text": "plain"}, "text"),
        ("chatml", {"text": "<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\na"}, "text"),
        ("chatml", {"text": 3}, "text"),
        ("gemini", {"contents": [{"role": "user", "parts": [{"functionCall": {"name": "f"}}]}]}, "contents[0]"),
        (
            "gemini",
            {"contents": [{"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]},
            "contents[0].parts[0].functionResponse.name",
        ),
        (
            "gemini",
            {"contents": [{"role": "user", "parts": [{"text": "a", "inlineData": {}}]}]},
            "contents[0].parts[0]",
        ),
    ],
)
def test_a_wrong_row_names_the_place(name: str, row: dict[str, object], where: str) -> None:
    with pytest.raises(FormatError) as error:
        FORMATS[name].from_row(row)
    assert error.value.where == where


def test_a_format_is_found_by_name_and_an_unknown_one_is_told_with_the_closest() -> None:
    assert find_format(" Bedrock_Claude ") is FORMATS["bedrock-claude"]
    with pytest.raises(UsageError) as error:
        find_format("sharegtp")
    assert "sharegpt" in error.value.fix
    with pytest.raises(UsageError) as error:
        find_format("zzz")
    assert "openai-chat" in error.value.fix


@pytest.mark.parametrize("rows", [[], [{}], [{"text": "plain"}], [{"messages": 3}]])
def test_what_has_no_format_is_told(rows: list[dict[str, object]]) -> None:
    with pytest.raises(FormatError):
        detect_format(rows)


def test_every_conversation_stands_in_a_golden_file() -> None:
    for entry in ALL:
        assert any(entry in held_whole(form) for form in FORMATS.values())
