"""A refinement writes anew what a dataset lacks, tells the writer why, and pays nothing twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from src.core.errors import DatasetError, RunStoppedError
from src.core.types import RunReport, Sample
from src.core.workspace import Workspace
from src.persistence.drops import drop_samples
from src.persistence.sqlite_client import Store
from src.pipeline import build_dataset
from src.stored.refining import Preview, RoundFigures, Wish, preview_refinement, refine_dataset
from tests.stub_server import StubServer
from tests.stub_wires import StubRequest
from tests.test_pipeline import make_config, make_parts
from tests.truthful import answer_truthfully

GUIDE = """# The tide mill

The mill at Heron Bay grinds flour with the tide. At high water a gate lets the sea into a pond of two hectares.
When the tide falls, the water leaves through the wheel. The wheel turns for about five hours after every high tide.

# The bakery

Bread from the bakery is sold on Sunday mornings. Its oven was built by the miller's brother from bricks of the parish.
The dough rests for eighteen hours in wooden troughs before it is baked with the flour of the mill.

# The museum

The museum shows tools of the harbour pilots. A brass telescope stands on the upper landing beside the window.
Groups of more than twelve people book a guide in advance at the ticket office beside the footbridge.
"""
MIX = {"agent.create.task_mix": {"question_answer": 1}}
ANY = Wish()
TOLD = "An earlier example from this passage was not taken"


def spoil(word: str, until: str = TOLD) -> Callable[[StubRequest], str]:
    """Truthful answers, but one with an invented number for every passage with ``word`` that is asked about without
    ``until`` in the prompt."""

    def answer(request: StubRequest) -> str:
        text = request.messages[-1][1]
        passage = re.findall(r"<passage>\n(.*?)\n</passage>", text, re.DOTALL)[-1]
        said = answer_truthfully(request)
        if word in passage and until not in text:
            return said[: said.rindex(".")] + " since the year 1377." + said[said.rindex(".") + 1 :]
        return said

    return answer


def build(workspace: Workspace, stub: StubServer, **changes: Any) -> RunReport:
    (workspace.root / "input_files" / "guide.md").write_text(GUIDE, encoding="utf-8")
    config = make_config(stub, **{"mode": "create", "dataset_size": 6, **MIX, **changes})
    return build_dataset(config, make_parts(workspace))


def refine(
    workspace: Workspace, stub: StubServer, wish: Wish = ANY, **changes: Any
) -> tuple[RunReport, list[RoundFigures], Preview]:
    config = make_config(stub, **changes)
    rounds: list[RoundFigures] = []
    previews: list[Preview] = []
    report = refine_dataset(
        config, make_parts(workspace), "my_dataset", wish, confirm=previews.append, on_round=rounds.append
    )
    return report, rounds, previews[0]


def samples_of(workspace: Workspace, report: RunReport) -> list[Sample]:
    with Store(workspace.database) as store:
        return [row.sample for row in store.samples(report.record.id)]


def test_topic_without_a_sample_gets_one_and_the_writer_is_told_what_was_wrong(
    workspace: Workspace, stub: StubServer
) -> None:
    stub.responder = spoil("bakery")
    first = build(workspace, stub)
    assert first.record.rejected["number_not_in_source"]
    assert not any("bakery" in sample.messages[1].content for sample in samples_of(workspace, first))
    asked = len(stub.calls)
    report, rounds, preview = refine(workspace, stub)
    assert preview.causes["uncovered"] == 1
    told = [request.messages[-1][1] for request in stub.calls[asked:]]
    assert any("the answer has a number that the passage does not have (1377)" in text for text in told)
    assert all("since the year 1377" in text for text in told if TOLD in text and "(1377)" in text)
    assert rounds[0].coverage < rounds[-1].coverage == 1.0
    assert rounds[-1].samples == report.record.total_samples > first.record.total_samples
    assert report.record.proposed == report.record.total_samples + sum(report.record.rejected.values())
    assert json.loads(report.files["stats"].read_bytes())["rounds"] == [one.as_json() for one in rounds]
    assert "Round 1" in report.files["report"].read_text(encoding="utf-8")


def test_first_dataset_stays_and_is_named_as_the_parent(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = spoil("bakery")
    first = build(workspace, stub)
    before = first.files["train"].read_bytes()
    report, _, _ = refine(workspace, stub)
    again, _, _ = refine(workspace, stub)
    assert (report.record.name, again.record.name) == ("my_dataset-refined", "my_dataset-refined-2")
    assert report.record.parent == again.record.parent == first.record.id
    assert first.files["train"].read_bytes() == before
    with Store(workspace.database) as store:
        assert {record.name for record in store.datasets()} == {"my_dataset", report.record.name, again.record.name}
        assert store.find("my_dataset").id == first.record.id


def test_dropped_samples_are_replaced_and_the_note_is_told(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = answer_truthfully
    first = build(workspace, stub)
    unwanted = samples_of(workspace, first)[0]
    with Store(workspace.database) as store:
        assert drop_samples(store, first.record, [unwanted.id[:12]], "nobody asks that") == 1
    asked = len(stub.calls)
    report, rounds, preview = refine(workspace, stub)
    assert preview.causes["dropped"] == 1
    assert unwanted.id not in {sample.id for sample in samples_of(workspace, report)}
    assert report.record.rejected["dropped_by_user"] == 1
    told = [request.messages[-1][1] for request in stub.calls[asked:]]  # in the order of arrival: several at a time
    assert any("does not want it (nobody asks that)" in text for text in told)
    assert rounds[0].samples == first.record.total_samples - 1


def test_a_dropped_request_to_extract_does_not_come_back_whatever_the_gates_are_set_to(
    workspace: Workspace, stub: StubServer
) -> None:
    """Its passage stands below the request in the sample, but not in what the model writes."""
    asked = iter("abcdefghijklmnopqrstuvwxyz")

    def answer(request: StubRequest) -> str:
        text = request.messages[-1][1]
        name = "mill" if TOLD in text else f"mill {next(asked)}"
        if "The tide mill" not in re.findall(r"<passage>\n(.*?)\n</passage>", text, re.DOTALL)[-1]:
            return answer_truthfully(request)
        record = {"fields": [{"name": "pond", "value": "two hectares"}]}
        return json.dumps({"question": f"Give what is said of the {name} as JSON.", "records": [record]})

    stub.responder = answer
    first = build(workspace, stub, **{"agent.create.task_mix": {"extraction": 1}, "agent.create.gates": "off"})
    unwanted = next(sample for sample in samples_of(workspace, first) if "hectares" in sample.messages[-1].content)
    said = unwanted.messages[0].content.partition("\n")[0]
    stub.responder = lambda request: answer(request).replace(
        "the mill as JSON", said[len("Give what is said of ") : -1]
    )
    with Store(workspace.database) as store:
        drop_samples(store, first.record, [unwanted.id], "too vague")
    report, _, _ = refine(workspace, stub, Wish(rounds=1))
    assert unwanted.id not in {sample.id for sample in samples_of(workspace, report)}
    assert report.record.rejected["dropped_before"] >= 1


def test_borderline_sample_stays_unless_a_better_one_is_written(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = spoil("bakery")
    first = build(workspace, stub, **{"agent.create.gates": "report"})
    doubtful = [sample for sample in samples_of(workspace, first) if "objection" in sample.metadata]
    assert doubtful
    stub.responder = spoil("bakery", until="no such words")
    kept, _, preview = refine(workspace, stub, Wish(rounds=1))
    assert preview.causes["borderline"] == len(doubtful)
    assert {sample.id for sample in doubtful} <= {sample.id for sample in samples_of(workspace, kept)}
    stub.responder = answer_truthfully
    better, _, _ = refine(workspace, stub, Wish(rounds=2))
    assert better.record.rejected["replaced"] >= 1
    # a doubtful sample that says what a better one now says has gone too
    repeated = better.record.rejected.get("duplicate_question", 0)
    assert better.record.total_samples >= first.record.total_samples - repeated


def test_refinement_ends_at_the_size_that_was_wished(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = spoil("bakery")
    first = build(workspace, stub)
    kept = first.record.total_samples
    with pytest.raises(DatasetError, match="samples already") as caught:
        refine(workspace, stub, Wish(size=kept))
    assert "--size" in caught.value.fix
    report, _, _ = refine(workspace, stub, Wish(size=kept + 1))
    assert report.record.total_samples == kept + 1


def test_nothing_to_refine_is_an_error_with_a_way_out(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = answer_truthfully
    first = build(workspace, stub, dataset_size=3)
    assert not first.record.rejected
    with pytest.raises(DatasetError, match="nothing to refine") as caught:
        refine(workspace, stub)
    assert "datasets drop" in caught.value.fix


def test_stopped_refinement_goes_on_and_pays_nothing_twice(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = spoil("bakery", until="no such words")
    build(workspace, stub)
    paid = len(stub.calls)
    whole, _, _ = refine(workspace, stub)
    cost = len(stub.calls) - paid
    assert cost > 1
    # the same from the start, stopped by a cap before anything was kept
    other = Workspace(workspace.root.with_name("other"))
    (other.root / "input_files").mkdir(parents=True)
    (other.root / "prompts").symlink_to(workspace.root / "prompts")
    build(other, stub)
    paid = len(stub.calls)
    with pytest.raises(RunStoppedError):
        refine(other, stub, **{"generation.max_requests": 1})
    report, _, _ = refine(other, stub)
    assert report.record.name == "my_dataset-refined"
    assert len(stub.calls) - paid == cost
    assert [sample.id for sample in samples_of(other, report)] == [sample.id for sample in samples_of(workspace, whole)]


def test_cap_ends_a_refinement_that_has_something(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = spoil("bakery")
    first = build(workspace, stub, dataset_size=3)
    report, rounds, preview = refine(workspace, stub, Wish(size=6), **{"generation.max_requests": 1})
    assert preview.first_round > 1
    assert len(rounds) == 2
    assert report.record.status == "finished"
    assert report.record.total_samples == first.record.total_samples + 1


def test_preview_counts_the_calls_and_stores_nothing(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = spoil("bakery")
    build(workspace, stub)
    asked = len(stub.calls)
    preview = preview_refinement(make_config(stub), make_parts(workspace), "my_dataset", Wish(rounds=2))
    assert len(stub.calls) == asked
    assert preview.estimate is not None
    assert preview.estimate.requests == preview.first_round
    assert preview.estimate.most_requests == preview.first_round * 2 * 2
    with Store(workspace.database) as store:
        assert [record.name for record in store.datasets()] == ["my_dataset"]


def test_dataset_that_was_only_taken_out_of_documents_cannot_be_refined(workspace: Workspace, stub: StubServer) -> None:
    chat = "User: Is the mill open?\nAssistant: Yes, from April on.\n"
    (workspace.root / "input_files" / "chat.txt").write_text(chat, encoding="utf-8")
    build_dataset(make_config(stub, mode="identify"), make_parts(workspace))
    with pytest.raises(DatasetError, match="mode identify"):
        refine(workspace, stub)


@pytest.mark.parametrize("mode", ["hybrid", "free"])
def test_other_modes_are_refined_as_they_were_made(workspace: Workspace, stub: StubServer, mode: str) -> None:
    stub.responder = spoil("bakery")
    faq = "Q: Are dogs allowed?\nA: Yes, on a lead.\n\nQ: Is it cold?\nA: Yes, bring a coat.\n"
    (workspace.root / "input_files" / "faq.txt").write_text(faq, encoding="utf-8")
    first = build(workspace, stub, mode=mode)
    if mode == "free":
        assert first.record.rejected
    report, rounds, _ = refine(workspace, stub)
    assert report.record.total_samples > first.record.total_samples
    taken = [sample for sample in samples_of(workspace, report) if sample.origin == "extracted"]
    assert len(taken) == (2 if mode == "hybrid" else 0)
    assert any(one.kept for one in rounds)


def test_settings_of_the_dataset_count_but_for_those_that_are_changed(workspace: Workspace, stub: StubServer) -> None:
    stub.responder = spoil("bakery")
    build(workspace, stub)
    changed = Wish(changed=("agent.create.gates", "output_name"))
    report, _, _ = refine(workspace, stub, changed, **{"agent.create.gates": "off", "output_name": "better"})
    stored = json.loads(report.record.config)
    assert report.record.name == "better"
    assert report.record.mode == stored["mode"] == "create"
    assert stored["agent"]["create"]["gates"] == "off"
