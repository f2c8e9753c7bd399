"""Files of prompts are read strictly: what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.training.evaluation.prompts import read_prompts

GOOD = "{id: a, kind: general, prompt: Hello}"


def write(folder: Path, *prompts: str) -> Path:
    path = folder / "prompts.yaml"
    path.write_text("held_out:\n" + "".join(f"  - {prompt}\n" for prompt in prompts), encoding="utf-8")
    return path


def test_a_file_of_prompts_is_read_in_its_order(tmp_path: Path) -> None:
    found = read_prompts(write(tmp_path, GOOD, "{id: b, kind: factual, prompt: One, accepted: ['1']}"))
    assert [prompt.id for prompt in found.all] == ["a", "b"]
    assert found.all[1].accepted == ("1",)


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("{id: b, kind: rude, prompt: Hello}", "held_out.1.kind: Input should be 'factual'"),
        ("{id: b, kind: general, prompt: ''}", "at least 1 character"),
        ("{id: b, kind: general, prompt: Hello, answer: x}", "held_out.1.answer: Extra inputs"),
        ("{id: b, kind: factual, prompt: Hello}", "b: factual prompts, and no others, have 'accepted' answers"),
        ("{id: b, kind: polite, prompt: Hello, accepted: [x]}", "b: factual prompts"),
        ("{id: b, kind: length, prompt: Hello}", "b: length prompts, and no others"),
        ("{id: b, kind: general, prompt: Hello, max_words: 3}", "b: length prompts, and no others"),
        ("{id: b, kind: length, pair: x, prompt: Hello}", "'pair' and 'form' go together"),
        ("{id: b, kind: length, pair: x, form: brief, prompt: Hello}", "the pair x needs one brief and one detailed"),
        (GOOD, "the id a stands there twice"),
    ],
)
def test_what_is_wrong_with_a_prompt_is_said_with_its_place(tmp_path: Path, prompt: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_prompts(write(tmp_path, GOOD, prompt))
    assert message in str(caught.value)
    assert str(caught.value).startswith("prompts.yaml")


def test_a_file_without_prompts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prompts.yaml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="holds no prompts"):
        read_prompts(path)
