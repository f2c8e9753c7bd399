"""What is learnt, token by token; and that no marker changes a text."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from src.core.errors import ConfigError, DatasetError
from src.training.chat_template import PLAIN_TEMPLATE, PROBES, ensure_template, mark_template
from src.training.settings import PlacedRow
from src.training.training_rows import RowEncoder, encode, encode_rows
from tests.training.tiny_model import CHATML, make_tokenizer

pytestmark = pytest.mark.train

ROLES = (
    "{% for message in messages %}{% if message['role'] == 'user' %}{{ '<|user|>\n' + message['content'] + eos_token }}"
    "{% elif message['role'] == 'assistant' %}{{ '<|assistant|>\n'  + message['content'] + eos_token }}{% endif %}"
    "{% if loop.last and add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}{% endfor %}"
)
TRIMMED = (
    "{{ bos_token }}{% for message in messages %}{% if message.role == 'assistant' %}{% set role = 'model' %}"
    "{% else %}{% set role = message.role %}{% endif %}"
    "{{- '<turn>' + role + '\n' + message.content | trim + '<end>\n' -}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<turn>model\n' }}{% endif %}"
)
STRICT = (
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ raise_exception('No system turn!') }}"
    "{% endif %}{{ '[' + message['role'] + ']' + (message['content'] if true else '') + eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '[assistant]' }}{% endif %}"
)
IN_A_VARIABLE = (
    "{% for message in messages %}{% set said = '<' + message['role'] + '>' + message['content'] | trim + eos_token %}"
    "{{ said }}{% endfor %}{% if add_generation_prompt %}{{ '<assistant>' }}{% endif %}"
)
FORGETFUL = "{{ messages[-1]['content'] + eos_token }}{% if add_generation_prompt %}{{ '?' }}{% endif %}"
TALK = [
    {"role": "user", "content": "Where is the pump?"},
    {"role": "assistant", "content": "Beside the door."},
    {"role": "user", "content": "Who fixes brakes?"},
    {"role": "assistant", "content": "Ada.\n"},
]


def render(tokenizer: Any, messages: Any, template: str | None = None) -> str:
    return str(tokenizer.apply_chat_template(list(messages), chat_template=template, tokenize=False))


@pytest.mark.parametrize("template", [CHATML, ROLES, TRIMMED, PLAIN_TEMPLATE], ids=["chatml", "roles", "trim", "plain"])
def test_markers_change_no_byte_of_a_text(template: str) -> None:
    tokenizer = make_tokenizer(template)
    marked = mark_template(tokenizer)
    assert marked is not None
    assert "{% generation %}" in marked
    for messages in (*PROBES, TALK, TALK[:1]):
        assert render(tokenizer, messages, marked) == render(tokenizer, messages)
        prompts = [
            tokenizer.apply_chat_template(list(messages), chat_template=one, tokenize=False, add_generation_prompt=True)
            for one in (marked, template)
        ]
        assert prompts[0] == prompts[1]


def test_the_mask_covers_the_answers_and_their_ends_token_by_token() -> None:
    tokenizer = make_tokenizer()
    ids, mask = encode(tokenizer, {"messages": TALK})
    learnt = "".join(tokenizer.decode([token]) if counts else "\0" for token, counts in zip(ids, mask, strict=True))
    assert [part for part in learnt.split("\0") if part] == ["Beside the door.<|im_end|>", "Ada.\n<|im_end|>"]
    assert tokenizer.decode(ids) == render(tokenizer, TALK)
    pieces = [(tokenizer.decode([token]), counts) for token, counts in zip(ids, mask, strict=True)]
    ends = [place for place, (piece, _) in enumerate(pieces) if piece == "<|im_end|>"]
    assert [pieces[place][1] for place in ends] == [
        0,
        1,
        0,
        1,
    ]  # the end of an answer is learnt, that of a question not
    assert [pieces[place + 1] for place in ends] == [("\n", 0)] * 4  # and never the line break up to the next turn
    starts = [place for place, (piece, _) in enumerate(pieces) if piece == "<|im_start|>"]
    assert all(counts == 0 for place in starts for _, counts in pieces[place : place + 3])


@pytest.mark.parametrize("template", [CHATML, ROLES, TRIMMED, PLAIN_TEMPLATE], ids=["chatml", "roles", "trim", "plain"])
def test_markers_and_prefixes_find_the_same_tokens(template: str) -> None:
    tokenizer = make_tokenizer(template)
    # a prompt must say how an answer begins, which the second of these templates leaves without its line break
    messages = [turn | {"content": str(turn["content"]).strip()} for turn in TALK]
    by_markers = encode(tokenizer, {"messages": messages})
    encoder = RowEncoder(tokenizer)
    encoder._marked = None
    by_prefixes = encoder.encode({"messages": messages})
    assert by_markers.ids == by_prefixes.ids
    if template is not ROLES:
        assert by_markers.mask == by_prefixes.mask


@pytest.mark.parametrize("template", [IN_A_VARIABLE, STRICT], ids=["in a variable", "strict"])
def test_a_template_without_a_place_for_markers_is_read_by_prefixes(template: str) -> None:
    tokenizer = make_tokenizer(template)
    ids, mask = encode(tokenizer, {"messages": TALK[:2]})
    learnt = [token for token, counts in zip(ids, mask, strict=True) if counts]
    assert tokenizer.decode(learnt) == "Beside the door.<|im_end|>"


def test_a_template_that_forgets_the_talk_is_an_error_with_a_way_out() -> None:
    tokenizer = make_tokenizer(FORGETFUL)
    encoder = RowEncoder(tokenizer)
    encoder._marked = None
    with pytest.raises(ConfigError, match="where an answer begins") as found:
        encoder.encode({"messages": TALK})
    assert "generation" in found.value.fix


def test_a_turn_that_the_template_refuses_is_an_error_of_the_row() -> None:
    with pytest.raises(DatasetError, match="No system turn"):
        encode(make_tokenizer(STRICT), {"messages": [{"role": "system", "content": "Be brief."}, *TALK]})


def test_a_template_with_markers_of_its_own_is_taken_as_it_is() -> None:
    own = CHATML.replace("message['content']", "message['content']").replace(
        "{% endfor %}", "{% generation %}{% endgeneration %}{% endfor %}"
    )
    assert mark_template(make_tokenizer(own)) == own


def test_a_raw_base_model_gets_the_plain_template() -> None:
    tokenizer = make_tokenizer(None)
    ensure_template(tokenizer)
    assert render(tokenizer, TALK[:2]) == (
        "<|user|>\nWhere is the pump?<|im_end|>\n<|assistant|>\nBeside the door.<|im_end|>\n"
    )


def test_the_embedded_models_own_template_can_be_marked() -> None:
    gguf = pytest.importorskip("gguf")
    from src.core.errors import MissingPackageError
    from src.providers.base_provider import Connection
    from src.providers.local_provider import find_model_file

    try:
        reader = gguf.GGUFReader(find_model_file(Connection()))
    except MissingPackageError:
        pytest.skip("the weights of the embedded model are not installed")
    template = reader.fields["tokenizer.chat_template"].contents()
    tokenizer = make_tokenizer(template)
    marked = mark_template(tokenizer)
    assert marked is not None
    assert [render(tokenizer, one, marked) for one in PROBES] == [render(tokenizer, one) for one in PROBES]
    ids, mask = encode(tokenizer, {"messages": TALK[:2]})
    assert tokenizer.decode([token for token, counts in zip(ids, mask, strict=True) if counts]) == (
        "Beside the door.<|im_end|>"
    )


def test_rows_are_cut_at_the_limit_and_those_without_an_answer_left_out() -> None:
    tokenizer = make_tokenizer()
    long_question = [{"role": "user", "content": "Where? " * 50}, TALK[1]]
    rows = [{"messages": TALK[:2]}, {"messages": TALK}, {"messages": long_question}]
    whole = encode(tokenizer, rows[0])
    encoded = encode_rows(tokenizer, rows, len(whole.ids))
    assert [len(row.ids) for row in encoded.rows] == [len(whole.ids)] * 2
    assert (encoded.cut, encoded.without_answer) == (2, 1)
    assert encoded.learnt == sum(whole.mask) * 2
    assert encoded.tokens == len(whole.ids) * 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"prompt": "a", "completion": "b"}, "'prompt', 'completion'"),
        ({"messages": "Hello"}, "no messages"),
        ({"messages": [{"role": "user"}]}, "no content"),
    ],
)
def test_a_row_of_another_layout_is_an_error_that_shows_it(row: dict[str, Any], said: str) -> None:
    with pytest.raises(DatasetError, match=said):
        encode(make_tokenizer(), row)


def test_rows_without_any_answer_are_nothing_to_learn_from() -> None:
    with pytest.raises(DatasetError, match="nothing to learn"):
        encode_rows(make_tokenizer(), [{"messages": TALK[:1]}], 100)


def test_held_out_rows_without_an_answer_are_called_held_out() -> None:
    with pytest.raises(DatasetError, match="no held-out row holds an answer") as found:
        encode_rows(make_tokenizer(), [{"messages": TALK[:1]}], 100, held_out=True)
    assert "--held-out" in found.value.fix


@pytest.mark.parametrize("silent", [{}, {"content": None}], ids=["no content", "null"])
def test_a_turn_that_only_calls_a_tool_has_an_empty_text(silent: dict[str, Any]) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    turns = [TALK[0], {"role": "assistant", "tool_calls": [call], **silent}, TALK[2], TALK[3]]
    ids, mask = encode(make_tokenizer(), {"messages": turns})
    learnt = make_tokenizer().decode([token for token, counts in zip(ids, mask, strict=True) if counts])
    assert learnt == "<|im_end|>Ada.\n<|im_end|>"


def test_an_error_of_a_row_says_where_the_row_stands() -> None:
    refused = PlacedRow({"messages": [{"role": "system", "content": "Be brief."}, *TALK]}, "talks.jsonl, row 7")
    with pytest.raises(
        DatasetError, match=r"talks\.jsonl, row 7: the model's chat template refuses it: No system turn"
    ):
        encode(make_tokenizer(STRICT), refused)
    with pytest.raises(DatasetError, match=r"talks\.jsonl, row 8: a message has no role or no content"):
        encode(make_tokenizer(), PlacedRow({"messages": [{"role": "user"}]}, "talks.jsonl, row 8"))


def test_a_template_that_cannot_put_a_row_together_refuses_it() -> None:
    adding = "{% for message in messages %}{{ message['content'] + (message.tool_calls or '') }}{% endfor %}"
    with pytest.raises(DatasetError, match="chat template refuses"):
        encode(make_tokenizer(adding), {"messages": [TALK[0], TALK[1] | {"tool_calls": [{"id": "1"}]}]})
