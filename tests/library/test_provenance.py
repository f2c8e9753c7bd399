"""The way of a sample back to its file, and through the versions of its dataset."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from src.core.config import load_config
from src.core.errors import DatasetError, InputFileError
from src.core.jsonl import dump_line
from src.core.types import ALTERED, EDITED, Message, Rejection, RunFacts, Sample, Section, SourceDocument
from src.library.bundle.rows import flat_row
from src.library.provenance import trace_sample
from src.persistence.exporters import write_rejected
from src.persistence.sqlite_client import Store
from src.stored.exporting import export_in_format, export_scored, export_stored
from src.utils.formats.registry import FORMATS, find_format
from tests.library.stored import NOON, TEXT, cut, parts_of, record_named, rows, say, store_first, store_next

WRITTEN = say(
    "Why glaze?",
    "So that it holds water.",
    metadata={"model": "big-1", "task": "question_answer"},
    source_file="notes.txt",
)


def read(text=TEXT):
    def documents(_record, name):
        digest = hashlib.sha256(text.encode()).hexdigest()
        return [SourceDocument(path=None, name=name, sections=(Section(text),), sha256=digest)]

    return documents


@pytest.fixture
def store(workspace):
    with Store(workspace.database, clock=lambda: NOON) as opened:
        record = record_named(
            "pots",
            run=RunFacts(writer="openai big-1"),
            config='{"mode":"hybrid","system":{"seed":7},"agent":{"hybrid":{"a":1}}}',
        )
        store_first(opened, record, rows([*cut(), WRITTEN]))
        yield opened


def test_an_extracted_sample_is_shown_at_its_place_word_for_word(store):
    trace = trace_sample(store, cut()[1].id[:10], read())
    assert trace.stored.sample.locator == "line 3"
    assert trace.excerpt.text == "What is slip?\nClay with much water."
    assert (trace.excerpt.first_line, trace.excerpt.verbatim) == (3, True)
    assert trace.writer == {}
    assert [(step.record.version, step.what) for step in trace.steps] == [(1, "added")]


def test_a_source_that_has_changed_or_gone_is_not_shown_as_if_it_were_the_same(store):
    other = trace_sample(store, cut()[0].id, read(TEXT.replace("bisque", "biscuit")))
    assert other.excerpt.verbatim is False
    gone = trace_sample(store, cut()[0].id, lambda _record, _name: [])
    assert gone.excerpt is None
    assert "not in the input folder" in gone.missing
    noted = replace(cut()[0], metadata={"text_sha256": "0" * 64})
    store_next(store, "pots", rows([noted, WRITTEN]), "noted")
    changed = trace_sample(store, noted.id, read())
    assert "changed since" in changed.missing


def test_what_became_of_the_source_of_a_changed_sample_is_said(store):
    redacted = replace(say("What is <NAME_1>?", "Slip."), metadata={ALTERED: {"NAME": 1}}, **place_of(cut()[0]))
    edited = replace(say("How hot is it?", "Hot."), metadata={EDITED: {"of": "x"}}, **place_of(cut()[1]))
    store_next(store, "pots", rows([redacted, edited]), "changed")
    hidden = trace_sample(store, redacted.id, read())
    assert hidden.excerpt is None
    assert hidden.missing == "private data were taken from the sample, and its source still holds them"
    shown = trace_sample(store, edited.id, read())
    assert shown.excerpt.text == "What is slip?\nClay with much water."
    assert (shown.excerpt.first_line, shown.excerpt.verbatim) == (3, None)


def place_of(sample):
    return {"origin": "extracted", "source_file": sample.source_file, "span": sample.span, "locator": sample.locator}


def test_a_written_sample_names_its_writer_and_settings(store):
    writer = trace_sample(store, WRITTEN.id, read()).writer
    assert writer["written_by"] == "openai big-1"
    assert (writer["model"], writer["task"], writer["seed"], writer["hybrid"]) == (
        "big-1",
        "question_answer",
        7,
        {"a": 1},
    )


def test_the_versions_say_what_became_of_a_sample(store):
    edited = replace(
        say("Why glaze?", "So that it is watertight."),
        metadata={EDITED: {"of": WRITTEN.id, "by": "Ada", "how": "edit"}},
    )
    store_next(store, "pots", rows([*cut(), edited]), "edited")
    store_next(store, "pots", rows([edited, *cut()]), "moved")
    store_next(store, "pots", rows(cut()), "cleaned")
    for wanted in (WRITTEN.id, edited.id):
        steps = [(step.record.version, step.what) for step in trace_sample(store, wanted, read()).steps]
        assert steps == [(1, "added"), (2, "changed: text, source, notes"), (3, "changed: side"), (4, "dropped")]


def test_a_row_of_an_exported_file_is_found_by_its_line(workspace, store):
    files = export_stored(load_config(workspace.config_file), parts_of(workspace), "pots")
    assert trace_sample(store, f"{files['train']}:2", read()).stored.sample.id == cut()[1].id
    assert trace_sample(store, f"{files['csv']}:4", read()).stored.sample.id == WRITTEN.id


def test_a_row_whose_turns_the_format_joined_is_found_by_its_number(workspace, store):
    joined = Sample(
        (Message("user", "One."), Message("user", "Two?"), Message("assistant", "Three.")), origin="generated"
    )
    record = record_named("claude", provider="anthropic", model="claude-3-haiku-20240307")
    store_first(store, record, rows([WRITTEN, joined], validation=0))
    files = export_stored(load_config(workspace.config_file), parts_of(workspace), "claude")
    trace = trace_sample(store, f"{files['train']}:2", read())
    assert trace.stored.sample.id == joined.id
    assert trace.record.name == "claude"


def test_a_sample_of_two_datasets_names_both(store):
    store_first(store, record_named("cups"), rows([WRITTEN, *cut()[:1]]))
    trace = trace_sample(store, WRITTEN.id, read())
    assert {trace.record.name, *trace.elsewhere} == {"pots", "cups"}


@pytest.mark.parametrize("wanted", ["zzzz", "ab", "0123456789abcdef"])
def test_an_id_of_no_sample_is_refused(store, wanted):
    with pytest.raises(DatasetError):
        trace_sample(store, wanted, read())


def test_a_row_of_elsewhere_is_refused(tmp_path, store):
    path = tmp_path / "other.jsonl"
    path.write_text('{"messages":[{"role":"user","content":"X?"},{"role":"assistant","content":"Y"}]}\n[1]\n')
    with pytest.raises(DatasetError, match="no row of a stored dataset"):
        trace_sample(store, f"{path}:1", read())
    with pytest.raises(InputFileError):
        trace_sample(store, f"{path}:2", read())
    with pytest.raises(InputFileError, match="has no line 9"):
        trace_sample(store, f"{path}:9", read())


SHAPES = (
    say("What is clay?", "Earth that holds water."),
    Sample((Message("system", "Be kind."), *say("What is a kiln?", "A hot oven.").messages), origin="generated"),
    Sample(
        (
            Message("system", "Be terse."),
            *say("And slip?", "Wet clay.").messages,
            *say("And glaze?", "Glass.").messages,
        ),
        origin="generated",
    ),
    Sample((Message("user", "First line."), *say("Second line?", "An answer.").messages), origin="generated"),
    say("Why bisque?", "To harden it.", metadata={"rejected": "No idea.", "quality_score": 9.0}),
)


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_row_of_an_export_in_any_format_is_found(workspace, store, form):
    store_first(store, record_named("shapes"), rows(SHAPES[::-1], validation=2))
    files = export_in_format(parts_of(workspace), "shapes", find_format(form), allow_loss=True).files
    lines = {f"{path}:{n}" for path in files.values() for n in range(1, 1 + len(path.read_bytes().splitlines()))}
    found = [trace_sample(store, line, read()) for line in lines]
    assert {trace.record.name for trace in found} == {"shapes"}
    assert len({trace.stored.sample.id for trace in found}) == len(lines)


@pytest.mark.parametrize("least", [5, 8.5])
def test_a_row_of_an_export_of_the_best_is_found_though_the_others_are_missing(workspace, store, least):
    best = replace(SHAPES[3], metadata={"quality_score": 9.0})
    record = record_named("claude", provider="anthropic", model="claude-3-haiku-20240307")
    store_first(store, record, rows([SHAPES[0], SHAPES[1], best, SHAPES[2]]))
    files = export_scored(parts_of(workspace), "claude", least)
    (path,) = files.values()
    assert trace_sample(store, f"{path}:1", read()).stored.sample.id == best.id


def test_a_row_that_carries_its_id_is_found_by_it(tmp_path, store):
    path = tmp_path / "train.jsonl"
    path.write_bytes(dump_line(flat_row(next(iter(store.samples(store.find("pots").id))))))
    assert trace_sample(store, f"{path}:1", read()).stored.sample.id == cut()[0].id


def test_a_csv_file_that_a_spreadsheet_saved_is_read_whatever_its_cells_hold(tmp_path, store):
    path = tmp_path / "pots.csv"
    path.write_text(f'\ufeffsample_id,note\n{cut()[0].id},"{"x" * 200_000}"\n{WRITTEN.id},y\n', encoding="utf-8")
    assert trace_sample(store, f"{path}:2", read()).stored.sample.id == cut()[0].id
    assert trace_sample(store, f"{path}:3", read()).stored.sample.id == WRITTEN.id


def test_a_rejected_row_and_a_row_of_parquet_say_what_they_are(tmp_path, store):
    path = tmp_path / "pots_rejected.jsonl"
    write_rejected(path, [Rejection("too_long", "9,000 tokens", source_file="notes.txt")])
    with pytest.raises(DatasetError, match=r"was rejected \(too_long: 9,000 tokens\)") as caught:
        trace_sample(store, f"{path}:1", read())
    assert "notes.txt" in caught.value.fix
    with pytest.raises(InputFileError, match="Parquet") as caught:
        trace_sample(store, f"{tmp_path / 'train.parquet'}:1", read())
    assert "why ID" in caught.value.fix
