"""push with the Hub's real client: one commit, private, only what is new, goes on after a failure, no token shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import ProviderError, UsageError
from src.library.bundle.card import Terms
from src.library.bundle.hub_folder import HubFolder, write_hub_folder
from src.library.bundle.push import check_repo_id, push
from src.providers.hub_api import Hub
from tests.library.bundle.making import make_rows, stored
from tests.stub_hub import Repo, StubHub
from tests.stub_tuning import Reply

pytest.importorskip("huggingface_hub")
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")  # of the client's own transport
NAME = "me/bells"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubHub]:
    # the large files of a real Hub go through its own binary protocol; without it the client speaks Git LFS
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    with StubHub() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> HubFolder:
    return written(tmp_path)


def written(tmp_path: Path, count: int = 12) -> HubFolder:
    (tmp_path / "bells.db").unlink(missing_ok=True)
    with stored(tmp_path, make_rows(count)) as (store, record):
        return write_hub_folder(store, record, tmp_path / "hub", Terms(), "jsonl", shard_bytes=2_000)


def bring(hub: StubHub, folder: HubFolder, *, is_private: bool = True):
    return push(Hub(hub.token, hub.url), folder, NAME, "bells, version 2", is_private=is_private)


def contents(folder: HubFolder) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in folder.files.items()}


def test_a_new_repository_is_private_and_holds_the_folder_after_one_commit(hub: StubHub, folder: HubFolder) -> None:
    done = bring(hub, folder)
    repo = hub.repos[NAME]
    assert (done.created, done.changed, done.is_private, repo.is_private) == (True, True, True, True)
    assert repo.commits == ["bells, version 2"]
    assert repo.files == {".gitattributes": b"*.parquet lfs\n", **contents(folder)}
    assert done.url == f"{hub.url}/datasets/{NAME}"


def test_what_is_there_already_is_not_sent_again(hub: StubHub, folder: HubFolder) -> None:
    bring(hub, folder)
    done = bring(hub, folder)
    assert (done.created, done.changed) == (False, False)
    assert len(hub.repos[NAME].commits) == 1


def test_shards_of_an_earlier_version_are_taken_out_and_other_files_stay(hub: StubHub, tmp_path: Path) -> None:
    bring(hub, written(tmp_path))
    hub.repos[NAME].files["notes.md"] = b"mine"
    smaller = written(tmp_path, 3)
    done = bring(hub, smaller)
    assert "data/train-00001-of-00002.jsonl" in done.removed
    assert hub.repos[NAME].files == {".gitattributes": b"*.parquet lfs\n", "notes.md": b"mine", **contents(smaller)}


def test_large_files_that_arrived_before_a_failure_are_not_sent_again(hub: StubHub, folder: HubFolder) -> None:
    hub.large = (".jsonl",)
    hub.answer("POST .*/commit/main", Reply(403, {"error": "Your storage is used up."}))
    with pytest.raises(ProviderError, match="storage is used up"):
        bring(hub, folder)
    assert len(hub.sent("PUT", "/objects/")) == 3
    assert hub.repos[NAME].commits == []
    bring(hub, folder)
    assert len(hub.sent("PUT", "/objects/")) == 3
    assert contents(folder).items() <= hub.repos[NAME].files.items()


def test_a_large_file_that_fails_on_its_way_leaves_the_repository_as_it_was(hub: StubHub, folder: HubFolder) -> None:
    hub.large = (".jsonl",)
    hub.answer("PUT /objects/", Reply(403, b"denied"))
    with pytest.raises(ProviderError) as caught:
        bring(hub, folder)
    assert caught.value.kind == "auth"
    assert hub.repos[NAME].commits == []
    bring(hub, folder)
    assert contents(folder).items() <= hub.repos[NAME].files.items()


def test_a_public_repository_is_never_filled_unless_that_is_wanted(hub: StubHub, folder: HubFolder) -> None:
    hub.repos[NAME] = Repo(is_private=False)
    with pytest.raises(UsageError, match="is public"):
        bring(hub, folder)
    assert hub.repos[NAME].commits == []
    assert not bring(hub, folder, is_private=False).is_private


@pytest.mark.parametrize(
    ("pattern", "status", "kind"),
    [("GET", 401, "auth"), ("/create", 403, "auth"), ("/preupload", 400, "bad_request"), ("/commit", 500, "server")],
)
def test_a_refusal_has_a_kind_and_a_fix_and_never_shows_the_token(
    hub: StubHub, folder: HubFolder, pattern: str, status: int, kind: str
) -> None:
    hub.answer(pattern, Reply(status, {"error": "The server says no."}))
    with pytest.raises(ProviderError) as caught:
        bring(hub, folder)
    assert (caught.value.kind, "says no" in str(caught.value)) == (kind, True)
    assert caught.value.fix
    assert hub.token not in f"{caught.value}{caught.value.fix}{caught.value.__cause__}"


def test_a_wrong_token_is_told_from_a_missing_repository(hub: StubHub, folder: HubFolder) -> None:
    with pytest.raises(ProviderError) as caught:
        push(Hub("hf_wrong", hub.url), folder, NAME, "x")
    assert caught.value.kind == "auth"
    assert "HF_TOKEN" in caught.value.fix
    assert not hub.repos


def test_a_server_that_is_not_there_is_a_connection_error(folder: HubFolder) -> None:
    with pytest.raises(ProviderError) as caught:
        push(Hub("hf_any", "http://127.0.0.1:9"), folder, NAME, "x")
    assert caught.value.kind == "connection"


@pytest.mark.parametrize("name", ["a/b/c", "me/", "/x", "-a/b", "a--b", "a/..", "a/b.git", "a b", "", "x" * 97])
def test_a_name_that_the_hub_would_refuse_is_refused_here(name: str) -> None:
    with pytest.raises(UsageError):
        check_repo_id(name)
    assert check_repo_id("me/my_data-set.v2") == "me/my_data-set.v2"
