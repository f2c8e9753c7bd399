"""What is trained on is found by its name, in any format that the program reads; what cannot be learned is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from src.cli.arguments import parse_arguments
from src.core.errors import BuilderError, DatasetError, InputFileError, UsageError
from src.core.jsonl import write_jsonl
from src.core.types import Message, Sample
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from src.training.datasets import Places, TrainingSet, find_training_set, with_held_out
from src.training.settings import place_of_row
from src.utils.formats.registry import FORMATS
from tests.cli.driver import dataset_with, make_session

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "formats"
SINGLE = [name for name, form in FORMATS.items() if not form.holds.pair]
PAIRS = [name for name, form in FORMATS.items() if form.holds.pair]


def chat(question: str, answer: str, **more: Any) -> dict[str, Any]:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"messages": turns, **more}


def write(path: Path, *rows: Mapping[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_jsonl(path, rows)
    return path


def places_in(folder: Path) -> Places:
    return Places(folder / "memory" / "dataset_builder.db", folder / "data" / "staging")


def find(name: str | Path, folder: Path, held_out: Path | None = None) -> TrainingSet:
    return find_training_set(str(name), places_in(folder), held_out)


def error_of(name: str | Path, folder: Path) -> BuilderError:
    with pytest.raises(BuilderError) as error:
        find(name, folder)
    assert error.value.fix
    return error.value


def test_a_stored_dataset_is_trained_on_by_its_name_and_measured_on_its_validation_side(workspace: Workspace) -> None:
    name = dataset_with(workspace)
    found = find_training_set(name, Places(workspace.database, workspace.root / "data" / "staging"))
    with Store(workspace.database) as store:
        record = store.find(name)
        sides = [[row.sample for row in store.side(record.id, side)] for side in ("train", "validation")]
    for rows, samples in zip((found.train, found.held_out), sides, strict=True):
        assert [row["messages"] for row in rows] == [
            [{"role": turn.role, "content": turn.content} for turn in sample.messages] for sample in samples
        ]
        assert samples
    assert (found.name, found.held_out_from, found.remarks) == (name, "its validation side", ())


def test_of_a_stored_preference_pair_the_better_answer_is_learned_as_its_training_file_has_it(
    workspace: Workspace,
) -> None:
    name = dataset_with(workspace)
    with Store(workspace.database) as store:
        former = store.find(name)
        version = store.begin(store.derive(former, "pairs"))
        messages = (Message("user", "Which lens?"), Message("assistant", "The old one."))
        sample = Sample(messages, origin="generated", metadata={"rejected": "None."})
        version.add([replace(next(iter(store.samples(former.id))), sample=sample)])
        store.mark_finished(version.end(former.run))
    found = find_training_set(name, Places(workspace.database, workspace.root))
    assert [dict(row) for row in found.train] == [chat("Which lens?", "The old one.")]


@pytest.mark.parametrize("name", SINGLE)
def test_a_file_in_any_format_becomes_rows_of_messages(name: str, tmp_path: Path) -> None:
    path = GOLDEN / f"{name}.jsonl"
    found = find(path, tmp_path)
    lost = sum(int(remark.split(" rows")[0].rpartition(" ")[2]) for remark in found.remarks if "left out" in remark)
    assert len(found.train) + lost == len(path.read_bytes().splitlines())
    assert found.train
    assert all(set(row) <= {"messages", "tools"} and row["messages"] for row in found.train)
    assert found.name == name


@pytest.mark.parametrize("name", PAIRS)
def test_a_file_of_preference_pairs_is_refused_and_the_way_out_works(name: str, tmp_path: Path) -> None:
    from src.utils.conversion import convert_file

    error = error_of(GOLDEN / f"{name}.jsonl", tmp_path)
    assert isinstance(error, UsageError)
    assert "row 1 is a preference pair" in str(error)
    assert "--to trl --allow-loss" in error.fix
    convert_file(GOLDEN / f"{name}.jsonl", tmp_path / "out.jsonl", FORMATS["trl"], allow_loss=True)
    assert find(tmp_path / "out.jsonl", tmp_path).train


def test_rows_that_curation_and_preparation_make_are_trained_on_with_whatever_else_stands_in_them(
    tmp_path: Path,
) -> None:
    curated = {"id": 7, "instruction": "Why?", "response": "So.", "quality_score": 9.1, "category": "general"}
    prepared = chat("How?", "Thus.", meta={"id": "x", "source": "git_history", "group": "c1", "lang": "Go"})
    talk = {"id": "b", "messages": chat("Who?", "They.")["messages"], "source": "s", "category": "other"}
    found = find(write(tmp_path / "mixed.jsonl", curated, prepared, talk), tmp_path)
    assert [dict(row) for row in found.train] == [chat("Why?", "So."), chat("How?", "Thus."), chat("Who?", "They.")]


def test_one_json_list_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_bytes(orjson.dumps([chat("a?", "b")]))
    assert len(find(tmp_path / "rows.json", tmp_path).train) == 1


def test_a_merged_set_is_found_by_its_name_with_its_evaluation_file(tmp_path: Path) -> None:
    write(tmp_path / "data/staging/train.full.jsonl", chat("a?", "b"))
    beside = write(tmp_path / "data/staging/eval.full.jsonl", chat("c?", "d"))
    found = find("full", tmp_path)
    assert (found.name, found.held_out_from) == ("full", str(beside))
    assert found.held_out == (chat("c?", "d"),)
    assert "merged set 'full'" in error_of("ful", tmp_path).fix


def test_what_merge_split_has_written_is_trained_on_by_its_name(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.root)
    words = ("anchor", "bakery", "candle", "dragon", "engine", "forest", "garden", "hammer", "island", "jacket")
    talks = [
        chat(f"Where do I find the {word} that you wrote about?", f"Look for the {word} at noon.") for word in words
    ]
    write(workspace.root / "rows.jsonl", *talks)
    arguments = parse_arguments(["merge-split", "rows.jsonl", "--name", "full", "--eval_frac", "0.2"])
    arguments.command.load()(arguments, make_session(workspace))
    found = find("full", workspace.root)
    assert found.held_out
    assert sorted(map(str, (*found.train, *found.held_out))) == sorted(map(str, talks))


@pytest.mark.parametrize(
    ("train", "beside"),
    [
        ("x_train.jsonl", "x_validation.jsonl"),
        ("train.jsonl", "validation.jsonl"),
        ("train.x.jsonl", "eval.x.jsonl"),
        ("train.jsonl", "eval.jsonl"),
    ],
)
def test_the_file_that_was_held_out_lies_beside(train: str, beside: str, tmp_path: Path) -> None:
    write(tmp_path / beside, chat("c?", "d"))
    path = write(tmp_path / train, chat("a?", "b"))
    assert find(path, tmp_path).held_out_from == str(tmp_path / beside)
    other = write(tmp_path / "other.jsonl", chat("e?", "f"))
    assert find(path, tmp_path, other).held_out == (chat("e?", "f"),)


def test_a_file_alone_has_nothing_held_out(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", chat("a?", "b"))
    write(tmp_path / "validation.jsonl", chat("c?", "d"))
    assert find(path, tmp_path).held_out == ()


def test_a_broken_line_is_named_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(orjson.dumps(chat("a?", "b")) + b'\n{"messages": [\n')
    error = error_of(path, tmp_path)
    assert isinstance(error, InputFileError)
    assert "rows.jsonl, row 2: not valid JSON" in str(error)
    write(path, {"messages": [{"role": "user"}]})
    assert "row 1 is no training row: messages[0]" in str(error_of(path, tmp_path))


def test_plain_texts_of_code_are_refused_with_the_way_to_make_conversations(tmp_path: Path) -> None:
    path = write(tmp_path / "raw.jsonl", {"text": "<|fim_prefix|>a", "meta": {"id": "1"}})
    error = error_of(path, tmp_path)
    assert "plain text" in str(error)
    assert "fim --form chat" in error.fix


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    image = [{"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}]
    picture = {"messages": [{"role": "user", "content": image}, {"role": "assistant", "content": "A cat."}]}
    found = find(write(tmp_path / "rows.jsonl", chat("a?", "b"), picture), tmp_path)
    assert len(found.train) == 1
    assert found.remarks == ("rows.jsonl: 1 rows, the first of them row 2: the row is left out: it holds an image.",)
    assert "no row that can be trained on" in str(error_of(write(tmp_path / "p.jsonl", picture), tmp_path))


def test_an_empty_file_a_missing_one_and_an_unknown_name_are_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    assert "no row" in str(error_of(tmp_path / "empty.jsonl", tmp_path))
    assert isinstance(error_of(tmp_path / "none.jsonl", tmp_path), InputFileError)
    error = error_of("nothing", tmp_path)
    assert "There is no dataset 'nothing'." in str(error)
    assert "rows.jsonl" in error.fix


def test_rows_are_taken_out_to_measure_with_where_there_are_none() -> None:
    words = [f"{one} {two}" for one in ("red", "green", "blue", "black", "white") for two in ("bell", "gate", "lamp")]
    rows = tuple(chat(f"Where does the {word} of house {len(word)} stand?", f"The {word} is here.") for word in words)
    whole = TrainingSet("set", rows)
    cut = with_held_out(whole, seed=3)
    assert sorted(map(str, (*cut.train, *cut.held_out))) == sorted(map(str, rows))
    assert len(cut.held_out) >= 2
    assert cut.held_out_from.endswith("which are not trained on")
    assert with_held_out(whole, seed=3) == cut
    assert with_held_out(cut, seed=9) is cut


def test_rows_that_are_all_alike_cannot_be_divided() -> None:
    alike = TrainingSet("set", tuple(chat("How many steps lead up to the lantern room?", "112.") for _ in range(5)))
    with pytest.raises(DatasetError, match="cannot be divided") as error:
        with_held_out(alike, seed=1)
    assert "--held-out" in error.value.fix
    with pytest.raises(DatasetError):
        with_held_out(replace(alike, train=alike.train[:1]), seed=1)


def test_each_row_knows_where_it_stands_in_its_file_whatever_was_left_out(tmp_path: Path) -> None:
    image = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    picture = {"messages": [{"role": "user", "content": [image]}, {"role": "assistant", "content": "A cat."}]}
    found = find(write(tmp_path / "rows.jsonl", chat("a?", "b"), picture, chat("c?", "d")), tmp_path)
    assert [place_of_row(row) for row in found.train] == ["rows.jsonl, row 1", "rows.jsonl, row 3"]
    assert place_of_row({"messages": []}) == "A row"
