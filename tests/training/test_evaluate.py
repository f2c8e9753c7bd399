"""A model answers, its perplexity is measured, and the command writes the report: with a random tiny model."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from src.core.errors import UsageError
from src.main import main
from src.training.base_model import load_base, load_tuned
from src.training.evaluate import evaluate, perplexity, row_losses
from src.training.findings import read_evaluation
from src.training.replies import reply_to
from src.training.runs import find_run
from src.training.training_rows import RowEncoder
from tests.training.answers import PROMPTS
from tests.training.tiny_model import rows
from tests.training.tiny_run import make_run

pytestmark = pytest.mark.train

ASKED = ["Where is the pump?", "Who fixes the brakes of the old bicycle in the shop?", "When?"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("evaluate"))


def test_answers_are_the_same_alone_and_among_others(run: Path) -> None:
    loaded = load_base(find_run(run).base)
    together = reply_to(*loaded, ASKED, max_new_tokens=6)
    assert together == [reply_to(*loaded, [prompt], max_new_tokens=6)[0] for prompt in ASKED]
    assert all(reply.tokens <= 6 for reply in together)
    assert all(reply.cut == (reply.tokens == 6) for reply in together)


def test_the_padding_of_the_tokenizer_is_left_as_it_was(run: Path) -> None:
    model, tokenizer = load_base(find_run(run).base)
    side = tokenizer.padding_side
    reply_to(model, tokenizer, ASKED, max_new_tokens=2)
    assert tokenizer.padding_side == side


def test_perplexity_counts_what_the_assistant_writes_and_nothing_else(run: Path) -> None:
    loaded = load_base(find_run(run).base)
    encoder = RowEncoder(loaded.tokenizer)
    losses = row_losses(*loaded, rows(3))
    assert [loss.tokens for loss in losses] == [sum(encoder.encode(row).mask) for row in rows(3)]
    found = perplexity(*loaded, rows(3))
    assert found == pytest.approx(math.exp(sum(loss.loss for loss in losses) / sum(loss.tokens for loss in losses)))
    # a random model guesses among all tokens of its vocabulary
    assert found == pytest.approx(loaded.model.config.vocab_size, rel=0.5)


def test_what_lies_beyond_the_limit_is_not_measured(run: Path) -> None:
    loaded = load_base(find_run(run).base)
    (whole,), (cut,) = (
        row_losses(*loaded, rows(1)),
        row_losses(*loaded, rows(1), max_length=len(RowEncoder(loaded.tokenizer).encode(rows(1)[0]).ids) - 2),
    )
    assert 0 < cut.tokens < whole.tokens


def test_base_and_tuned_answer_the_same_prompts_and_both_stay_on_disk(run: Path) -> None:
    (found,) = evaluate([run], PROMPTS, rows(3), max_new_tokens=6)
    assert found.base.replies.keys() == found.tuned.replies.keys() == {prompt.id for prompt in PROMPTS.all}
    assert found.base.losses != found.tuned.losses
    base, adapter = find_run(run)
    assert found.tuned.losses == row_losses(*load_tuned(base, adapter), rows(3))
    assert read_evaluation(run) == found


def test_what_was_answered_before_is_not_asked_again_unless_something_changed(run: Path) -> None:
    said: list[str] = []
    first = evaluate([run], PROMPTS, rows(2), max_new_tokens=6)
    assert evaluate([run], PROMPTS, rows(2), max_new_tokens=6, tell=said.append) == first
    assert [line.partition(": ")[2] for line in said] == ["has answered before"] * 2
    said.clear()
    evaluate([run], PROMPTS, rows(2), max_new_tokens=5, tell=said.append)
    assert all("answering 9 prompts" in line for line in said)


def test_runs_over_different_bases_are_not_compared(run: Path, tmp_path: Path) -> None:
    other = make_run(tmp_path)
    with pytest.raises(UsageError, match="has one base model, not 2"):
        evaluate([run, other], PROMPTS)


def test_the_command_writes_the_report_and_the_facts(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = tmp_path / "prompts.yaml"
    prompts.write_text(PROMPTS.model_dump_json(exclude_defaults=True), encoding="utf-8")
    held_out = tmp_path / "held_out.jsonl"
    held_out.write_text("".join(json.dumps(row) + "\n" for row in rows(3)), encoding="utf-8")
    config = Path(__file__).parents[2] / "config.yaml"
    (tmp_path / "config.yaml").write_text(config.read_text(encoding="utf-8"), encoding="utf-8")
    words = ["evaluate", str(run), "--prompts", str(prompts), "--held-out", str(held_out), "--max-new-tokens", "6"]
    code = main([*words, "--report", str(tmp_path / "out.md"), "--config", str(tmp_path / "config.yaml"), "--json"])
    facts = json.loads(capsys.readouterr().out)
    assert code == 0
    assert facts["figures"][0]["name"] == "perplexity of held-out rows"
    assert len(facts["criteria"]) == 5
    assert "## Lessons" in (tmp_path / "out.md").read_text(encoding="utf-8")
