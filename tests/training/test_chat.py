"""Base and tuned side by side: one model in memory, two conversations, the same decoding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from src.core.errors import ConfigError
from src.training.base_model import load_base
from src.training.chat import open_chat
from src.training.replies import answer
from src.training.runs import TunedRun, find_run
from tests.training.tiny_run import make_run

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("chat"))


def base_says(run: TunedRun, *talks: list[dict[str, str]]) -> list[str]:
    from src.training.replies import reply_to_talks

    return [reply.text for reply in reply_to_talks(*load_base(run.base), talks, max_new_tokens=8)]


def test_the_base_answers_as_if_there_were_no_adapter_and_the_tuned_model_otherwise(run: Path) -> None:
    found = find_run(run)
    chat = open_chat(found, max_new_tokens=8)
    said = chat.ask("Where is the pump?")
    (alone,) = answer(*load_base(found.base), ["Where is the pump?"], max_new_tokens=8)
    assert said.base.removesuffix(" ...") == alone
    assert said.tuned != said.base


def test_each_remembers_its_own_answers_until_told_to_forget(run: Path) -> None:
    found = find_run(run)
    chat = open_chat(found, system="Be kind.", max_new_tokens=8)
    first = chat.ask("Where is the pump?")
    second = chat.ask("And the spoke?")
    talk: list[dict[str, Any]] = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Where is the pump?"},
        {"role": "assistant", "content": first.base.removesuffix(" ...")},
        {"role": "user", "content": "And the spoke?"},
    ]
    assert base_says(found, talk) == [second.base.removesuffix(" ...")]
    chat.forget()
    assert chat.ask("Where is the pump?") == first


def test_a_run_is_found_by_its_folder_and_by_that_of_its_adapter(run: Path) -> None:
    assert find_run(run) == find_run(run / "adapter")
    with pytest.raises(ConfigError, match="no trained adapter"):
        find_run(run / "nothing")
