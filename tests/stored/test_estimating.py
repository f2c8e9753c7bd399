"""Costs of training: every model that there is, on one reading of the rows; and tokens as the vendors count them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from src.core.config import load_config
from src.core.errors import DatasetError, InputFileError, ProviderError
from src.core.parts import Parts
from src.core.secrets import Secrets
from src.core.types import ProgressEvent
from src.core.workspace import Workspace
from src.reports.costs import ModelCost
from src.stored.estimating import ASKED_TOKENS, CostEstimate, estimate_costs, models_to_compare
from src.utils.token_counter import TokenCounter
from tests.cli.driver import dataset_with
from tests.stub_server import StubServer

TOOL = {"type": "function", "function": {"name": "fire", "description": "d", "parameters": {"type": "object"}}}
CALL = {"id": "abcdefghi", "type": "function", "function": {"name": "fire", "arguments": '{"degrees": 900}'}}


def chat(question: str, answer: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def write(workspace: Workspace, rows: list[Any]) -> str:
    path = workspace.root / "rows.jsonl"
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return str(path)


def reckon(
    workspace: Workspace, name: str, *overrides: str, provider: Any = None, model: str | None = None, **more: Any
) -> CostEstimate:
    config = load_config(workspace.config_file, overrides)
    secrets = Secrets({"ANTHROPIC_API_KEY": "k", "GOOGLE_API_KEY": "k"})
    return estimate_costs(name, models_to_compare(provider, model), config, Parts(workspace, secrets), **more)


def of(estimate: CostEstimate, model: str) -> ModelCost:
    return next(cost for cost in estimate.models if cost.limits.id == model)


def test_the_cost_is_tokens_times_epochs_times_price(workspace: Workspace) -> None:
    name = write(workspace, [chat("What is a kiln?", "An oven that fires clay.")] * 20)
    found = reckon(workspace, name, model="gpt-4.1-mini", epochs=4)
    (cost,) = found.models
    assert (found.rows, found.held_out, found.epochs) == (20, 0, 4)
    assert cost.tokens == (20 * (11 + 5 + 6), True)
    assert cost.usd == pytest.approx(20 * 22 * 4 * 5 / 1e6)
    assert cost.fits
    assert cost.why_not == ""


def test_a_file_is_known_by_its_suffix_in_any_case(workspace: Workspace) -> None:
    path = Path(write(workspace, [chat("What is a kiln?", "An oven that fires clay.")]))
    found = reckon(workspace, str(path.rename(path.with_suffix(".JSONL"))), model="gpt-4.1-mini")
    assert found.rows == 1


def test_every_model_is_compared_and_the_cheapest_that_takes_the_rows_comes_first(workspace: Workspace) -> None:
    found = reckon(workspace, write(workspace, [chat(f"Kiln {n}?", "An oven.") for n in range(40)]))
    assert len(found.models) == 25
    ranks = [(not cost.limits.tunable, not cost.fits, cost.usd is None, cost.usd or 0.0) for cost in found.models]
    assert ranks == sorted(ranks)
    assert found.models[0].limits.id == "llama-3.1-8b-local"
    assert {cost.limits.status for cost in found.models[-6:]} <= {"retired", "inference only"}


def test_a_stored_dataset_is_reckoned_without_its_validation_side(workspace: Workspace) -> None:
    found = reckon(workspace, dataset_with(workspace), provider="openai")
    assert (found.rows, found.held_out) == (6, 1)
    assert "6 training examples" in of(found, "gpt-4.1-2025-04-14").why_not
    assert found.asked_tokens == ASKED_TOKENS
    assert {cost.provider for cost in found.writing} == {"openai", "anthropic", "google", "mistral", "llama"}


def test_rows_that_a_model_cannot_hold_are_counted_with_the_reason(workspace: Workspace) -> None:
    tools = {
        "messages": [
            {"role": "user", "content": "Fire it."},
            {"role": "assistant", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "abcdefghi", "content": "done"},
            {"role": "assistant", "content": "It is fired."},
        ],
        "tools": [TOOL],
    }
    found = reckon(workspace, write(workspace, [tools, chat("a", "b")]))
    claude = of(found, "anthropic.claude-3-haiku-20240307-v1:0:200k")
    assert claude.refused == {"holds tool calls": 1}
    assert "1 of 2 rows: holds tool calls" in claude.why_not
    openai = of(found, "gpt-4.1-2025-04-14")
    assert not openai.refused
    assert not openai.tokens.exact


def test_long_rows_are_refused_and_billed_up_to_the_limit_where_they_are_cut(workspace: Workspace) -> None:
    long = chat("kiln " * 20_000, "An oven.")
    found = reckon(workspace, write(workspace, [long] * 10 + [chat("a", "b")]))
    turbo = of(found, "gpt-3.5-turbo-0125")
    assert turbo.refused == {"longer than 16,385 tokens": 10}
    assert turbo.tokens.tokens == pytest.approx(163_860, abs=20)
    assert not of(found, "gpt-4.1-2025-04-14").refused


def test_a_preference_pair_counts_both_answers_and_needs_a_model_that_takes_pairs(workspace: Workspace) -> None:
    pair = {
        "input": {"messages": [{"role": "user", "content": "What is a kiln?"}]},
        "preferred_output": [{"role": "assistant", "content": "An oven."}],
        "non_preferred_output": [{"role": "assistant", "content": "A kind of bird with a long beak."}],
    }
    found = reckon(workspace, write(workspace, [pair] * 10))
    assert of(found, "gpt-4.1-2025-04-14").fits
    assert "takes no preference pairs" in of(found, "gemini-3.5-flash").why_not
    plain = reckon(workspace, write(workspace, [chat("What is a kiln?", "An oven.")] * 10))
    more = of(found, "gpt-4.1-2025-04-14").tokens.tokens - of(plain, "gpt-4.1-2025-04-14").tokens.tokens
    assert more == 10 * TokenCounter("o200k_base").count_text("A kind of bird with a long beak.").tokens


def test_lines_that_are_no_row_are_told_and_not_counted(workspace: Workspace) -> None:
    found = reckon(workspace, write(workspace, [chat("a", "b"), "{", '{"x": 1}']), provider="llama")
    assert found.rows == 1
    assert sum(found.unread.values()) == 2
    assert any("not valid JSON" in reason for reason in found.unread)


def test_a_count_is_exact_only_where_every_row_was_read(workspace: Workspace) -> None:
    rows: list[Any] = [chat("a", "b") for _ in range(10)]
    assert of(reckon(workspace, write(workspace, rows)), "gpt-4.1-2025-04-14").tokens.exact
    assert not of(reckon(workspace, write(workspace, [*rows, "{"])), "gpt-4.1-2025-04-14").tokens.exact
    rows[0]["messages"][0]["name"] = "potter"
    assert not of(reckon(workspace, write(workspace, rows)), "gpt-4.1-2025-04-14").tokens.exact


def test_the_validation_side_is_billed_where_the_vendor_reads_it(workspace: Workspace) -> None:
    """As a launch reckons: Together bills its evaluations, OpenAI does not."""
    whole = dataset_with(workspace, split__enabled=False)
    split = dataset_with(workspace)
    together, openai = "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference", "gpt-4.1-2025-04-14"
    both, train = reckon(workspace, whole), reckon(workspace, split)
    assert (both.held_out, train.held_out) == (0, 1)
    assert of(train, together).tokens.tokens == of(both, together).tokens.tokens
    assert of(train, openai).tokens.tokens < of(both, openai).tokens.tokens


@pytest.mark.parametrize("rows", [[], ["{"]])
def test_a_file_without_rows_is_an_error(workspace: Workspace, rows: list[str]) -> None:
    with pytest.raises(InputFileError, match="holds no training row"):
        reckon(workspace, write(workspace, rows))


def test_a_dataset_or_file_that_is_not_there_is_an_error(workspace: Workspace) -> None:
    with pytest.raises(DatasetError):
        reckon(workspace, "nothing")
    with pytest.raises(InputFileError):
        reckon(workspace, "nothing.jsonl")


def test_progress_is_told(workspace: Workspace) -> None:
    events: list[ProgressEvent] = []
    name = write(workspace, [chat("a", "b")] * 1100)
    config = load_config(workspace.config_file)
    parts = Parts(workspace, Secrets({}), events.append)
    estimate_costs(name, models_to_compare("openai", "gpt-4.1"), config, parts)
    assert [event.done for event in events] == [500, 1000]


def ask(workspace: Workspace, stub: StubServer, name: str, model: str) -> ModelCost:
    wishes = (
        "tokens.ask_provider=true",
        f"endpoints.google={stub.url('google')}",
        f"endpoints.anthropic={stub.url('anthropic')}",
        "system.max_retries=0",
    )
    return of(reckon(workspace, name, *wishes, model=model), model)


SYSTEM = {"role": "system", "content": "Be brief."}
CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0:200k"


@pytest.mark.parametrize(
    ("model", "counted_by", "path"),
    [
        (CLAUDE, "claude-haiku-4-5", "/v1/messages/count_tokens"),
        ("gemini-3.5-flash", "gemini-3.1-flash-lite", "/models/gemini-3.1-flash-lite:countTokens"),
    ],
)
def test_vendors_count_when_they_are_asked_and_only_once(
    workspace: Workspace, stub: StubServer, model: str, counted_by: str, path: str
) -> None:
    rows = [{"messages": [SYSTEM, *chat(f"Kiln {n}?", "An oven. ")["messages"]]} for n in range(12)]
    name = write(workspace, [*rows, rows[0]])
    cost = ask(workspace, stub, name, model)
    assert cost.counted_by == counted_by
    assert cost.tokens.exact
    assert cost.error == 0
    assert all(call.path.endswith(path) for call in stub.calls)
    texts = {"Be brief." + "".join(turn["content"] for turn in row["messages"][1:]).rstrip() for row in rows}
    assert {"".join(text for _, text in call.messages).rstrip() for call in stub.calls} == texts
    asked = len(stub.calls)
    assert asked in {12, 13}
    assert ask(workspace, stub, name, model).tokens == cost.tokens
    assert len(stub.calls) == asked


@pytest.mark.parametrize("extra", ["name", "tools"])
def test_what_a_vendor_was_not_asked_for_makes_its_count_inexact(
    workspace: Workspace, stub: StubServer, extra: str
) -> None:
    row = chat("Kiln?", "An oven.")
    if extra == "name":
        row["messages"][0]["name"] = "potter"
    else:
        row["tools"] = [TOOL]
    assert not ask(workspace, stub, write(workspace, [row]), "gemini-3.5-flash").tokens.exact


def test_without_the_wish_nothing_is_sent(workspace: Workspace, stub: StubServer) -> None:
    found = reckon(workspace, write(workspace, [chat("a", "b")]), f"endpoints.google={stub.url('google')}")
    assert not stub.calls
    assert of(found, "gemini-3.5-flash").error == 0.2


@pytest.mark.parametrize("fault", ["401", "nousage", "badjson"])
def test_a_vendor_that_cannot_count_ends_the_estimate(workspace: Workspace, stub: StubServer, fault: str) -> None:
    stub.script(fault)
    with pytest.raises(ProviderError):
        ask(workspace, stub, write(workspace, [chat("a", "b")]), "gemini-3.5-flash")


def test_a_vendor_without_such_a_call_says_so(workspace: Workspace, stub: StubServer, monkeypatch: Any) -> None:
    monkeypatch.chdir(workspace.root)
    Path("models.local.yaml").write_text("mistral: {models: [{id: open-mistral-nemo, counted_by: mistral-small-2603}]}")
    wishes = ("tokens.ask_provider=true", f"endpoints.mistral={stub.url('mistral')}")
    with pytest.raises(ProviderError, match="has no call that counts"):
        reckon(workspace, write(workspace, [chat("a", "b")]), *wishes, model="open-mistral-nemo")
