"""What the writer is told of an example that was not taken."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.core.types import Rejection
from src.generation.refinement.borderline import find_doubt
from src.generation.refinement.faults import Fault, FaultPrompts
from src.utils.chunker import Passage
from tests.fakes import make_sample

ROOT = Path(__file__).parents[3]
PROMPTS = ROOT / "prompts"


def test_fault_is_told_with_its_detail_and_the_earlier_example() -> None:
    fault = Fault.of(Rejection("number_not_in_source", "1377", make_sample("How hot is it?", "It is $5 hot.")))
    text = FaultPrompts(PROMPTS).fill("Write $one.", fault)
    assert text.startswith("Write $one.\n")
    assert "was not taken: the answer has a number that the passage does not have (1377)." in text
    assert "user: How hot is it? assistant: It is $5 hot." in text


def test_reason_without_a_text_is_said_by_its_name_and_a_missing_detail_leaves_no_brackets() -> None:
    prompts = FaultPrompts(PROMPTS)
    assert prompts.explain(Fault("too_shiny", "far too much.")) == "too shiny (far too much)"
    assert prompts.explain(Fault("too_shiny")) == "too shiny"
    assert prompts.explain(Fault("malformed_answer")) == "it did not have the form that was asked for"
    assert prompts.explain(Fault("duplicate_question")) == "the dataset has the same question already"


def test_what_is_long_or_could_not_be_read_is_cut_or_said() -> None:
    prompts = FaultPrompts(PROMPTS)
    assert len(prompts.fill("", Fault("malformed_answer", "x" * 9000, "y" * 9000))) < 2500
    assert "(it could not be read)" in prompts.fill("", Fault("malformed_answer"))


def test_every_reason_of_the_gates_has_a_text_of_its_own() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/generation/gates").glob("*.py"))
    reasons = set(re.findall(r'Verdict\(\s*False,\s*"([a-z_]+)"', sources))
    known = set(re.findall(r"^([a-z_]+):", (PROMPTS / "system/faults.yaml").read_text(encoding="utf-8"), re.MULTILINE))
    assert reasons
    assert not reasons - known


@pytest.mark.parametrize("text", ["- a list\n", "a: {b: c}\n", "a: 'costs $5'\n", "a: $other\n", "a: [\n"])
def test_unusable_file_of_faults_is_an_error(tmp_path: Path, text: str) -> None:
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    (tmp_path / "prompts/system/faults.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"faults\.yaml"):
        FaultPrompts(tmp_path / "prompts")


def test_sample_whose_answer_hardly_comes_from_its_passage_is_doubtful() -> None:
    text = "The kiln of the old pottery burns birch wood for eleven hours before it is sealed with clay."
    passage = Passage("p.md", text, (0, 90), "", "", "p")  # type: ignore[arg-type]
    good = make_sample("How long does the kiln burn?", "The kiln burns birch wood for eleven hours.")
    bad = make_sample("How long does the kiln burn?", "Elephants migrate through savannahs during drought seasons.")
    assert find_doubt(good, passage) is None
    found = find_doubt(bad, passage)
    assert found
    assert found.reason == "weak_support"
    assert find_doubt(bad, None) is None
    demo = make_sample(bad.messages[0].content, bad.messages[1].content, quality="demo")
    assert find_doubt(demo, passage) is None
