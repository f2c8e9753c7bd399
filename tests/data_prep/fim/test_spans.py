"""Spans: whole in the grammar or whole lines, of the wished kinds, never over one another."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from src.data_prep.fim.mix import Mix
from src.data_prep.fim.source_text import SourceText, read_source
from src.data_prep.fim.spans import LONGEST, SHORTEST, Span, SpanPicker
from src.data_prep.fim.syntax import parse
from tests.data_prep.fim.makers import go_code, python_code

CODES = {"python": python_code(functions=40), "go": go_code() * 3}


def text_of(code: str) -> SourceText:
    text = read_source(code.encode())
    assert isinstance(text, SourceText)
    return text


def pick(code: str, grammar: str = "", most: int = 6, seed: int = 1, mix: Mix | None = None) -> list[Span]:
    text = text_of(code)
    tree = parse(grammar, text.data) if grammar else None
    return list(SpanPicker(text, tree, LONGEST, Random(seed)).pick(most, mix or Mix()))


@pytest.mark.parametrize("grammar", CODES)
@pytest.mark.parametrize("seed", range(8))
def test_spans_do_not_overlap_and_have_the_sizes_asked_for(grammar: str, seed: int) -> None:
    spans = sorted(pick(CODES[grammar], grammar, most=20, seed=seed))
    assert len(spans) > 5
    assert all(one.end <= other.start for one, other in pairwise(spans))
    texts = [CODES[grammar][span.start : span.end] for span in spans]
    assert all(SHORTEST <= len(text) <= LONGEST and text == text.strip() for text in texts)
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("grammar", CODES)
def test_spans_by_syntax_and_by_line_cut_no_word(grammar: str) -> None:
    code = CODES[grammar]
    for seed in range(20):
        for span in pick(code, grammar, seed=seed):
            if span.wish != "char":
                assert not re.search(r"\w\Z", code[: span.start][-1:]) or not re.match(r"\w", code[span.start])
                assert not re.search(r"\w\Z", code[span.end - 1]) or not re.match(r"\w", code[span.end :][:1])


@pytest.mark.parametrize("grammar", CODES)
def test_spans_by_syntax_begin_and_end_with_nodes(grammar: str) -> None:
    code = CODES[grammar]
    starts, ends = set(), set()
    nodes = [parse(grammar, code.encode())._root]
    while nodes:
        node = nodes.pop()
        starts.add(node.start_byte)
        ends.add(node.end_byte)
        nodes += node.children
    spans = [span for seed in range(20) for span in pick(code, grammar, seed=seed) if span.node]
    assert len(spans) > 50
    assert all(span.start in starts and span.end in ends for span in spans)


def test_a_line_span_is_made_of_whole_lines() -> None:
    code = CODES["python"]
    for span in (span for seed in range(20) for span in pick(code, seed=seed) if span.wish == "line"):
        assert code[: span.start].rpartition("\n")[2].strip() == ""
        assert code[span.end :].partition("\n")[0].strip() == ""


def test_the_mix_is_seventy_twenty_ten() -> None:
    mix = Mix()
    wishes = Counter(span.wish for seed in range(40) for span in pick(CODES["python"], "python", seed=seed, mix=mix))
    total = wishes.total()
    syntax = wishes["block"] + wishes["expression"] + wishes["node"]
    assert abs(syntax / total - 0.7) < 0.02
    assert abs(wishes["line"] / total - 0.2) < 0.02
    assert abs(wishes["char"] / total - 0.1) < 0.02


def test_without_a_grammar_lines_and_characters_are_left() -> None:
    assert {span.wish for seed in range(10) for span in pick(CODES["go"], seed=seed)} == {"line", "char"}


def test_files_without_syntax_leave_the_other_kinds_their_shares() -> None:
    mix = Mix()
    broken = "def ring(:\n" + "".join(f"    ((( bell_{number} = = 5\n" for number in range(200))
    codes = [(CODES["python"], 12), (broken, 6)] * 12
    spans = [span for seed, (code, most) in enumerate(codes) for span in pick(code, "python", most, seed, mix)]
    shares = {wish: count / len(spans) for wish, count in Counter(span.wish for span in spans).items()}
    assert shares["char"] >= 0.1
    assert shares["line"] >= 0.2


def test_code_that_does_not_parse_gives_no_spans_by_syntax() -> None:
    broken = "def ring(:\n" + "    ((( bell = = 5\n" * 60
    assert {span.node for seed in range(5) for span in pick(broken, "python", seed=seed)} == {""}


def test_short_files_give_fewer_spans() -> None:
    assert len(pick(python_code(functions=1), "python")) <= 2


def test_the_same_seed_gives_the_same_spans() -> None:
    assert pick(CODES["go"], "go", seed=3) == pick(CODES["go"], "go", seed=3)
    assert pick(CODES["go"], "go", seed=3) != pick(CODES["go"], "go", seed=4)


def test_letters_of_several_bytes_are_never_cut() -> None:
    code = "".join(f"колокол_{number} = звук(башня, '鐘樓的聲音 {number} für den Türmer')\n" for number in range(60))
    data = code.encode()
    for span in (span for seed in range(20) for span in pick(code, "python", seed=seed)):
        assert data[span.start : span.end].decode() in code
        if span.wish != "char":
            around = [data[:place].decode()[-1:] + data[place:].decode()[:1] for place in (span.start, span.end)]
            assert not any(re.fullmatch(r"\w\w", pair) for pair in around)


def test_a_file_without_words_gives_nothing() -> None:
    assert pick("+-*/\n" * 100) == []
