"""A stored dataset changed sample by sample: a version of its own, sides without a leak, and nothing spoilt unseen."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from src.core.config import RunConfig, load_config, with_values
from src.core.errors import DatasetError
from src.core.secrets import Secrets
from src.core.types import EDITED, DatasetRecord, Sample
from src.core.workspace import Workspace
from src.library.editing.revision import Editor, Revision, rewrite, with_labels
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import Store
from src.pipeline import Parts
from src.stored.exporting import annotate, resplit
from src.stored.revising import Edit, apply_edit, preview_edit
from tests.cli.driver import dataset_with
from tests.fakes import make_sample

ANNA = Editor("anna", "edit")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A folder with a dataset of seven extracted samples, made once."""
    workspace = Workspace(tmp_path_factory.mktemp("made"))
    (workspace.root / "input_files").mkdir()
    dataset_with(workspace)
    return workspace


@pytest.fixture
def name(made: Workspace, workspace: Workspace) -> str:
    """That dataset in a folder of the test's own."""
    shutil.copytree(made.root, workspace.root, dirs_exist_ok=True)
    return "my_dataset"


def config_of(workspace: Workspace) -> RunConfig:
    return with_values(load_config(workspace.config_file), {"mode": "identify", "dataset_size": 20})


def parts_of(workspace: Workspace) -> Parts:
    return Parts(workspace, Secrets({}))


def read(workspace: Workspace, name: str) -> tuple[DatasetRecord, list[StoredSample]]:
    with Store(workspace.database) as store:
        record = store.find(name)
        return record, list(store.samples(record.id))


def say(sample: Sample, answer: str) -> Sample:
    return rewrite(sample, (*sample.messages[:-1], replace(sample.messages[-1], content=answer)), ANNA)


def answering(place: int, answer: str, rows: list[StoredSample]):
    def revise(row: StoredSample) -> Revision:
        return Revision(replace(row, sample=say(row.sample, answer)) if row == rows[place] else row)

    return revise


def test_an_edit_makes_a_version_with_parent_reason_and_author_and_leaves_the_former_one(
    workspace: Workspace, name: str
) -> None:
    former, rows = read(workspace, name)
    edit = Edit("a better answer", "anna", answering(0, "The lantern room opens at ten.", rows))
    report = apply_edit(config_of(workspace), parts_of(workspace), name, edit)
    record, changed = read(workspace, name)
    assert (record.parent, record.version, record.reason, record.author) == (former.id, 2, "a better answer", "anna")
    assert [row.split for row in changed] == [row.split for row in rows]
    assert [row.sample for row in changed[1:]] == [row.sample for row in rows[1:]]
    first = changed[0].sample
    assert first.metadata[EDITED]["of"] == rows[0].sample.id
    assert (first.source_file, first.span, first.group) == (
        rows[0].sample.source_file,
        rows[0].sample.span,
        rows[0].sample.group,
    )
    assert changed[0].token_length != rows[0].token_length
    with Store(workspace.database) as store:
        assert [row.sample for row in store.samples(former.id)] == [row.sample for row in rows]
    assert "opens at ten" in report.files["train"].read_text(encoding="utf-8")
    statistics = json.loads(report.files["stats"].read_text(encoding="utf-8"))
    assert statistics["edited_samples"] == 1
    # the edited one is no extract any more, and the others still are, word for word
    assert statistics["measures"]["groundedness"]["extracted_rows"] == len(rows) - 1
    assert statistics["measures"]["groundedness"]["extracted_verbatim"] == 1.0


def test_dropped_samples_stand_among_the_rejected_ones(workspace: Workspace, name: str) -> None:
    _, rows = read(workspace, name)
    drop = {rows[1].sample.id, rows[2].sample.id}
    edit = Edit(
        "dull", revise=lambda row: Revision(None, "too_short", "dull") if row.sample.id in drop else Revision(row)
    )
    preview = preview_edit(workspace, name, edit)
    assert (preview.rows, preview.total, preview.left, dict(preview.dropped)) == (7, 2, 5, {"too_short": 2})
    assert [change.row for change in preview.changes] == [2, 3]
    report = apply_edit(config_of(workspace), parts_of(workspace), name, edit)
    assert report.record.rejected["too_short"] == 2
    assert report.record.proposed == report.record.total_samples + sum(report.record.rejected.values())
    assert not drop & {row.sample.id for row in read(workspace, name)[1]}


def test_an_edited_sample_takes_what_it_would_give_away_to_its_side(workspace: Workspace, name: str) -> None:
    _, rows = read(workspace, name)
    held_out = next(row for row in rows if row.split == "validation")
    trained = next(place for place, row in enumerate(rows) if row.split == "train" and len(row.sample.messages) == 2)
    copied = held_out.sample.messages[-1].content + " Indeed."

    def revise(row: StoredSample) -> Revision:
        if row != rows[trained]:
            return Revision(row)
        turns = (
            replace(row.sample.messages[0], content=held_out.sample.messages[0].content),
            replace(row.sample.messages[1], content=copied),
        )
        return Revision(replace(row, sample=rewrite(row.sample, turns, ANNA)))

    report = apply_edit(config_of(workspace), parts_of(workspace), name, Edit("alike", revise=revise))
    sides = {row.sample.id: row.split for row in read(workspace, name)[1]}
    assert sides[held_out.sample.id] == "train"
    assert any("other side" in warning for warning in report.record.run.split_warnings)


def test_a_side_that_a_person_chooses_holds_for_all_that_belongs_together(workspace: Workspace, name: str) -> None:
    added = [
        StoredSample(make_sample(f"How hot is kiln {word}?", f"Kiln {word} is hot.", group="one firing"), 0, "train")
        for word in ("Anna", "Berta", "Carla")
    ]
    apply_edit(config_of(workspace), parts_of(workspace), name, Edit("kilns", added=added))
    moved = Edit(
        "moved",
        revise=lambda row: Revision(
            with_labels(row, row.sample.topic_keywords, "validation")
            if "Anna" in row.sample.messages[0].content
            else row
        ),
    )
    assert preview_edit(workspace, name, moved).moved == 1
    apply_edit(config_of(workspace), parts_of(workspace), name, moved)
    kilns = [row for row in read(workspace, name)[1] if row.sample.group == "one firing"]
    assert [row.split for row in kilns] == ["validation"] * 3
    assert all(row.token_length for row in kilns)


@pytest.mark.parametrize(
    ("answer", "field", "detail"),
    [
        ("  ", "messages[1].content", "is empty"),
        ("a\0b", "messages[1].content", "NUL"),
        ("word " * 200_000, "messages", "tokens"),
    ],
)
def test_a_change_that_spoils_a_sample_is_named_by_row_and_field_and_not_made(
    workspace: Workspace, name: str, answer: str, field: str, detail: str
) -> None:
    _, rows = read(workspace, name)
    place = next(place for place, row in enumerate(rows) if len(row.sample.messages) == 2)
    edit = Edit("bad", revise=answering(place, answer, rows))
    (bad,) = preview_edit(workspace, name, edit).bad.values()
    assert (bad.row, bad.id, bad.field) == (place + 1, rows[place].sample.id, field)
    assert detail in bad.detail
    with pytest.raises(DatasetError, match=f"row {place + 1}, "):
        apply_edit(config_of(workspace), parts_of(workspace), name, edit)
    assert read(workspace, name)[0].version == 1


def test_a_spoilt_sample_can_stay_as_it_was_while_others_change(workspace: Workspace, name: str) -> None:
    _, rows = read(workspace, name)

    def revise(row: StoredSample) -> Revision:
        return Revision(replace(row, sample=say(row.sample, " " if row == rows[0] else f"{row.token_length} steps.")))

    apply_edit(config_of(workspace), parts_of(workspace), name, Edit("some", revise=revise, leave_bad=True))
    changed = read(workspace, name)[1]
    assert changed[0].sample == rows[0].sample
    assert all(row.sample.messages[-1].content.endswith("steps.") for row in changed[1:])


def test_two_samples_may_not_become_the_same(workspace: Workspace, name: str) -> None:
    _, rows = read(workspace, name)
    pair = [place for place, row in enumerate(rows) if len(row.sample.messages) == 2][:2]
    turns = rows[pair[0]].sample.messages

    def revise(row: StoredSample) -> Revision:
        return Revision(replace(row, sample=rewrite(row.sample, turns, ANNA)) if row == rows[pair[1]] else row)

    (bad,) = preview_edit(workspace, name, Edit("same", revise=revise)).bad.values()
    assert (bad.row, bad.reason) == (pair[1] + 1, "duplicate")
    # what takes the words of one that is rewritten itself repeats nothing
    both = Edit(
        "turn",
        revise=lambda row: (
            answering(pair[0], "Something else altogether.", rows)(row) if row == rows[pair[0]] else revise(row)
        ),
    )
    assert not preview_edit(workspace, name, both).bad


def test_nothing_to_change_and_nothing_left_are_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(DatasetError, match="Nothing in dataset"):
        apply_edit(config_of(workspace), parts_of(workspace), name, Edit("nothing"))
    with pytest.raises(DatasetError, match="would be left"):
        apply_edit(
            config_of(workspace), parts_of(workspace), name, Edit("all", revise=lambda _row: Revision(None, "x"))
        )
    with pytest.raises(DatasetError, match="no dataset"):
        preview_edit(workspace, "pots", Edit("none"))


def test_notes_on_samples_leave_sides_texts_and_marks_alone(workspace: Workspace, name: str) -> None:
    _, rows = read(workspace, name)
    annotate(
        config_of(workspace),
        parts_of(workspace),
        name,
        "noted",
        lambda one: replace(one, metadata={**one.metadata, "n": 1}),
    )
    noted = read(workspace, name)[1]
    assert [(row.split, row.sample.id) for row in noted] == [(row.split, row.sample.id) for row in rows]
    assert all(row.sample.metadata["n"] == 1 and EDITED not in row.sample.metadata for row in noted)
    again = annotate(config_of(workspace), parts_of(workspace), name, "noted", lambda one: one)
    assert again.record.version == 3


def test_an_edited_dataset_is_split_anew_with_its_groups_whole(workspace: Workspace, name: str) -> None:
    _, rows = read(workspace, name)
    apply_edit(config_of(workspace), parts_of(workspace), name, Edit("x", revise=answering(0, "At ten.", rows)))
    report = resplit(config_of(workspace), parts_of(workspace), name)
    assert (report.record.version, sum(report.splits.values())) == (3, 7)


def test_private_data_do_not_come_back_into_a_dataset_that_was_made_without(workspace: Workspace) -> None:
    name = dataset_with(workspace, privacy="redact")
    _, rows = read(workspace, name)
    place = next(place for place, row in enumerate(rows) if len(row.sample.messages) == 2)
    edit = Edit("mail", revise=answering(place, "Write to anna.keller@potters-guild.org for that.", rows))
    (bad,) = preview_edit(workspace, name, edit).bad.values()
    assert (bad.reason, bad.field) == ("private_data", "messages")
    assert "privacy: redact" in bad.detail
    assert "anna" not in bad.detail


def relabelling(place: int, keywords: tuple[str, ...], rows: list[StoredSample]):
    def revise(row: StoredSample) -> Revision:
        return Revision(with_labels(row, keywords, row.split) if row == rows[place] else row)

    return revise


def test_private_data_do_not_come_back_as_keywords_either(workspace: Workspace) -> None:
    name = dataset_with(workspace, privacy="redact")
    _, rows = read(workspace, name)
    edit = Edit("topic", revise=relabelling(2, ("tour", "anna.keller@potters-guild.org"), rows))
    preview = preview_edit(workspace, name, edit)
    (bad,) = preview.bad.values()
    assert (bad.row, bad.reason, bad.field, preview.relabelled) == (3, "private_data", "topic_keywords", 0)
    added = StoredSample(make_sample("Who leads the tour?", "Anna does.", keywords=("0049 151 23456789",)), 9, "train")
    (bad,) = preview_edit(workspace, name, Edit("new", added=[added])).bad.values()
    assert (bad.row, bad.field) == (len(rows) + 1, "topic_keywords")


def test_private_data_that_an_edit_brings_in_or_takes_out_are_told_and_counted(workspace: Workspace, name: str) -> None:
    former, rows = read(workspace, name)
    assert former.run.privacy == {"policy": "report", "samples": 0, "found": {}}
    edit = Edit("mail", revise=answering(0, "Write to anna.keller@potters-guild.org for that.", rows))
    assert dict(preview_edit(workspace, name, edit).private) == {"EMAIL": 1}
    report = apply_edit(config_of(workspace), parts_of(workspace), name, edit)
    assert report.record.run.privacy == {"policy": "report", "samples": 1, "found": {"EMAIL": 1}}
    assert json.loads(report.files["stats"].read_text(encoding="utf-8"))["privacy"]["found"] == {"EMAIL": 1}
    with_mail = next(row for row in read(workspace, name)[1] if "@" in row.sample.messages[-1].content)
    kept = apply_edit(config_of(workspace), parts_of(workspace), name, Edit("x", even_if_same=True))
    assert kept.record.run.privacy == report.record.run.privacy
    drop = Edit("out", revise=lambda row: Revision(None, "dull") if row.sample == with_mail.sample else Revision(row))
    assert apply_edit(config_of(workspace), parts_of(workspace), name, drop).record.run.privacy["found"] == {}


def test_an_edit_is_made_only_of_the_version_that_was_shown(workspace: Workspace, name: str) -> None:
    _, rows = read(workspace, name)
    edit = Edit("x", revise=answering(0, "At ten.", rows))
    shown = preview_edit(workspace, name, edit)
    apply_edit(config_of(workspace), parts_of(workspace), name, Edit("other", revise=answering(1, "At two.", rows)))
    with pytest.raises(DatasetError, match=r"in version 2 now \(other\)"):
        apply_edit(config_of(workspace), parts_of(workspace), name, edit, shown)
    record, rows = read(workspace, name)
    assert record.version == 2
    edit = Edit("x", revise=answering(0, "At ten.", rows))
    again = preview_edit(workspace, name, edit)
    assert apply_edit(config_of(workspace), parts_of(workspace), name, edit, again).record.version == 3
