"""The compiled code finds what brute force and the plain code find, whatever the script and the number of workers."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.errors import StorageError
from src.utils.similarity import exact_join
from src.utils.similarity.characters import encode_text
from src.utils.similarity.exact_join import near_duplicate_clusters
from src.utils.similarity.minhash import choose_bands
from src.utils.similarity.set_join import JoinSettings, Method, Piece, exact_share, keep_best
from src.utils.similarity.shingles import Shingler, tokenize
from src.utils.similarity.spilled_join import Spill
from src.utils.similarity.text_clusters import cluster_texts
from src.utils.similarity.text_sets import shingle

SENTENCE = (
    "The keeper of the lighthouse climbs the stairs at dusk, trims the wick, winds the clockwork that turns the lens "
    "and writes the hour of lighting, the wind and every passing sail into a book with a blue cover."
).split()

WORDS = st.lists(st.sampled_from("clay kiln pot 釉 薬 wheel".split()), max_size=14).map(" ".join)
EDITS = st.lists(st.integers(0, len(SENTENCE) - 1), max_size=3, unique=True).map(
    lambda places: " ".join("x" if number in places else word for number, word in enumerate(SENTENCE))
)
TEXTS = st.lists(WORDS | EDITS | st.text(max_size=12), max_size=14)


def grams(text: str, size: int) -> set[tuple[str, ...]]:
    tokens = tokenize(text)
    width = min(size, len(tokens))
    return {tuple(tokens[start : start + width]) for start in range(len(tokens) - width + 1)} if tokens else set()


def is_similar(first: set[tuple[str, ...]], second: set[tuple[str, ...]], threshold: float) -> bool:
    return bool(first and second) and Fraction(len(first & second), len(first | second)) >= Fraction(str(threshold))


def greedy(texts: list[str], order: list[int], threshold: float, size: int, pinned: int = 0) -> list[int]:
    """By brute force: for each text the first kept one that it is similar to, -1 for none."""
    sets = [grams(text, size) for text in texts]
    witnesses = [-1] * len(texts)
    kept: list[int] = []
    for rank, number in enumerate(order):
        if rank >= pinned:
            witnesses[number] = next((other for other in kept if is_similar(sets[other], sets[number], threshold)), -1)
        if witnesses[number] < 0:
            kept.append(number)
    return witnesses


def pieces_of(texts: list[str], size: int, folder: Path | None = None, batch: int = 5) -> list[Piece]:
    pieces = []
    for start in range(0, len(texts), batch):
        sets = shingle([encode_text(text) for text in texts[start : start + batch]], size)
        if folder is None:
            pieces.append(Piece(sets.sizes, sets.members.copy()))
        else:
            file = folder / f"{start}.sets"
            sets.members.tofile(file)
            pieces.append(Piece(sets.sizes, file))
    return pieces


@given(texts=st.lists(st.text() | WORDS, min_size=1, max_size=8), size=st.integers(1, 6))
@settings(max_examples=120, deadline=None)
def test_compiled_sets_are_as_large_as_the_plain_ones_and_equal_where_they_are(texts: list[str], size: int) -> None:
    plain = [grams(text, size) for text in texts]
    sets = shingle([encode_text(text) for text in texts], size)
    assert sets.sizes.tolist() == [len(one) for one in plain] == [len(Shingler(size).shingles(text)) for text in texts]
    for i, first in enumerate(plain):
        for j, second in enumerate(plain):
            assert (sets.digests[i] == sets.digests[j]).all() == (first == second)


@pytest.mark.parametrize(
    "text", ["İstanbul'da ĞÜŞ", "ΟΔΟΣ ΣΟΦΟΣ Σ", "ǅ Ǆ ÀÉ ẞ", "한국어 조사", "𐐀𐐨 𠀀𠀁", "e\u0301\u0301 a_b", "x\ud800y"]
)
def test_lower_case_and_tokens_of_every_script_are_those_of_the_plain_code(text: str) -> None:
    sets = shingle([encode_text(text), encode_text(text.lower()), encode_text(" ".join(tokenize(text)))], 2)
    assert sets.sizes[0] == len(grams(text, 2))
    assert (sets.digests[0] == sets.digests[1]).all()
    assert (sets.digests[0] == sets.digests[2]).all()


@given(
    texts=TEXTS,
    threshold=st.sampled_from([0.3, 0.5, 0.55, 0.7, 0.8, 0.9, 1.0]),
    size=st.integers(1, 5),
    seed=st.integers(0, 99),
    workers=st.sampled_from([1, 3]),
    pinned=st.integers(0, 3),
)
@settings(max_examples=120, deadline=None)
def test_what_is_kept_and_every_witness_are_those_of_brute_force(
    texts: list[str], threshold: float, size: int, seed: int, workers: int, pinned: int
) -> None:
    order = [number for number, text in enumerate(texts) if grams(text, size)]
    random.Random(seed).shuffle(order)
    pinned = min(pinned, len(order))
    found = keep_best(
        pieces_of(texts, size), np.array(order, np.int64), JoinSettings(threshold, "exact", pinned, workers)
    )
    assert found.witnesses.tolist() == greedy(texts, order, threshold, size, pinned)
    for number, witness in enumerate(found.witnesses.tolist()):
        if witness >= 0:
            first, second = grams(texts[number], size), grams(texts[witness], size)
            assert found.similarities[number] == pytest.approx(len(first & second) / len(first | second))


@given(
    texts=TEXTS,
    threshold=st.sampled_from([0.3, 0.5, 0.8]),
    size=st.integers(1, 3),
    seed=st.integers(0, 99),
    method=st.sampled_from(["exact", "minhash"]),
    pinned=st.integers(0, 3),
    room=st.sampled_from([1, 12, 90]),
)
@settings(max_examples=120, deadline=None)
def test_keys_on_disk_give_what_keys_in_memory_give(
    texts: list[str], threshold: float, size: int, seed: int, method: Method, pinned: int, room: int
) -> None:
    order = [number for number, text in enumerate(texts) if grams(text, size)]
    random.Random(seed).shuffle(order)
    pieces, numbers, pinned = pieces_of(texts, size), np.array(order, np.int64), min(pinned, len(order))
    in_memory = keep_best(pieces, numbers, JoinSettings(threshold, method, pinned))
    with TemporaryDirectory() as folder:
        spill = Spill(Path(folder), room)
        on_disk = keep_best(pieces, numbers, JoinSettings(threshold, method, pinned, spill=spill))
        assert not list(Path(folder).iterdir())
    assert on_disk.witnesses.tolist() == in_memory.witnesses.tolist()
    assert on_disk.similarities.tolist() == in_memory.similarities.tolist()


def test_a_disk_without_room_for_the_keys_is_named(tmp_path: Path) -> None:
    pieces = pieces_of([" ".join(SENTENCE)] * 2, 5)
    with pytest.raises(StorageError, match="keys.spilled"):
        keep_best(pieces, np.arange(2), JoinSettings(0.8, spill=Spill(tmp_path / "nowhere")))


@given(texts=TEXTS, threshold=st.sampled_from([0.5, 0.8]), size=st.integers(1, 5))
@settings(max_examples=80, deadline=None)
def test_the_clusters_are_those_of_the_plain_code(texts: list[str], threshold: float, size: int) -> None:
    assert cluster_texts(texts, threshold, size) == near_duplicate_clusters(texts, threshold, size)


def edited(number: int, source: random.Random) -> str:
    words = [f"w{source.randrange(4000)}" for _ in range(90)] if number % 3 else list(SENTENCE) * 2
    for _ in range(source.randrange(4)):
        words[source.randrange(len(words))] = f"x{source.randrange(50)}"
    return " ".join(words)


def test_sets_on_disk_give_what_sets_in_memory_give(tmp_path: Path) -> None:
    source = random.Random(3)
    texts = [edited(number, source) for number in range(150)]
    order = np.arange(len(texts))
    on_disk = keep_best(pieces_of(texts, 5, tmp_path, 64), order, JoinSettings(0.8, workers=2))
    in_memory = keep_best(pieces_of(texts, 5, batch=150), order, JoinSettings(0.8))
    assert on_disk.witnesses.tolist() == in_memory.witnesses.tolist() == greedy(texts, order.tolist(), 0.8, 5)


def test_minhash_names_only_true_duplicates_and_misses_next_to_none() -> None:
    source = random.Random(5)
    texts = [edited(number, source) for number in range(900)]
    order = np.arange(len(texts))
    exact = keep_best(pieces_of(texts, 5, batch=100), order, JoinSettings(0.8)).witnesses
    found = keep_best(pieces_of(texts, 5, batch=100), order, JoinSettings(0.8, "minhash")).witnesses
    assert (exact >= 0).sum() > 50
    assert (found >= 0).sum() >= 0.99 * (exact >= 0).sum()
    for number, witness in enumerate(found.tolist()):
        assert witness < 0 or is_similar(grams(texts[number], 5), grams(texts[witness], 5), 0.8)


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.8, 0.95, 1.0])
def test_bands_are_chosen_so_that_a_pair_at_the_threshold_is_found(threshold: float) -> None:
    bands, rows = choose_bands(threshold)
    assert bands * rows <= 128
    assert (1 - threshold**rows) ** bands <= 0.0005


def test_a_low_threshold_gets_as_many_bands_as_there_are() -> None:
    assert choose_bands(0.01) == (128, 1)


def test_many_texts_go_through_the_compiled_code_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(7)
    texts = [edited(number, source) for number in range(200)]
    plain = near_duplicate_clusters(texts)
    monkeypatch.setattr(exact_join, "MANY_TEXTS", 100)
    assert near_duplicate_clusters(texts) == plain
    assert any(len(cluster) > 2 for cluster in plain)


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, float("nan")])
def test_a_threshold_outside_of_its_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        exact_share(threshold)


def test_a_shingle_of_no_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        shingle([b"a"], 0)
