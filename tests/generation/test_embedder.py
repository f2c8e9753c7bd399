"""Sentence vectors by a real ONNX session and a real tokenizer, and what the gates do with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.types import Message, Span
from src.generation.answer_first.embedder import MODEL_PACKAGE, TOKENIZER_PACKAGE, Embedder, load_embedder
from src.generation.answer_parser import Draft
from src.generation.gates.admission import Gates
from src.utils.chunker import Passage
from tests.generation.tiny_onnx import UNKNOWN, write_model

pytest.importorskip("onnxruntime", reason="requirements-embed.txt is not installed")
pytest.importorskip("tokenizers", reason="requirements-embed.txt is not installed")

WET, HOT, JOINT = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.1)
VECTORS = {
    UNKNOWN: JOINT,
    **dict.fromkeys(["rain", "floods", "drenches", "torrents", "inundate", "meadow", "grassland", "downpours"], WET),
    "tannberg": (0.7, 0.7, 0.0),
    **dict.fromkeys(["oven", "glows", "furnace", "blazes"], HOT),
}
TEXT = "In March the rain floods the meadow below Tannberg. The oven of the bakery glows all night."
PASSAGE = Passage("tannberg.txt", TEXT, Span(0, len(TEXT)), "", "Tannberg", "t1")
IN_OWN_WORDS = Draft(
    (
        Message("user", "What happens near Tannberg in March?"),
        Message("assistant", "Torrents inundate grassland, downpours."),
    )
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Packages with the tiny model in the place of the large one."""
    model, tokenizer = write_model(tmp_path, VECTORS)
    for package, path in ((MODEL_PACKAGE, model), (TOKENIZER_PACKAGE, tokenizer)):
        folder = tmp_path / "site" / package
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("raise ImportError('taken for its file, never imported')")
        path.rename(folder / path.name)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    load_embedder.cache_clear()
    yield
    load_embedder.cache_clear()


def test_words_of_one_meaning_are_near_and_padding_counts_for_nothing(tmp_path: Path) -> None:
    embedder = Embedder(*write_model(tmp_path, VECTORS))
    assert embedder.cosine("Rain floods", "torrents inundate grassland") == pytest.approx(1.0)
    assert embedder.cosine("rain", "furnace") == pytest.approx(0.0, abs=1e-6)
    short, long = embedder.embed(["rain", "rain rain rain rain rain rain oven"])
    alone = embedder.embed(["rain"])[0]
    assert short == pytest.approx(alone)  # in one batch with a longer text
    assert float(short @ long) < 1


def test_the_model_is_found_in_its_packages_and_loaded_once(installed: None) -> None:
    found = load_embedder()
    assert found is not None
    assert found is load_embedder()


@pytest.mark.usefixtures("installed")
def test_an_answer_near_a_sentence_of_the_source_may_have_words_of_its_own() -> None:
    assert Gates(passages=[PASSAGE]).admit(IN_OWN_WORDS, PASSAGE).keep


def test_without_the_model_the_same_answer_is_not_supported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.generation.gates.admission.load_embedder", lambda: None)
    assert Gates(passages=[PASSAGE]).admit(IN_OWN_WORDS, PASSAGE).reason == "answer_not_in_source"


@pytest.mark.usefixtures("installed")
def test_what_is_near_nothing_of_the_source_stays_out() -> None:
    question = Message("user", "What happens near Tannberg in March?")
    answer = Message("assistant", "Accountants audit subsidiaries, shareholders applaud dividends.")
    assert Gates(passages=[PASSAGE]).admit(Draft((question, answer)), PASSAGE).reason == "answer_not_in_source"
