"""The vendored vocabularies give the tokens of tiktoken itself, and nothing is ever downloaded."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.core.errors import MissingPackageError, StorageError
from src.utils.encodings import ENCODING_NAMES, RANKS_FOLDER, load_encoding
from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "text", "tokens"),
    [
        ("o200k_base", "hello world", [24912, 2375]),
        ("cl100k_base", "hello world", [15339, 1917]),
        ("cl100k_base", "tiktoken is great!", [83, 1609, 5963, 374, 2294, 0]),
    ],
)
def test_published_vectors_come_out(name, text, tokens):
    assert load_encoding(name).encode_ordinary(text) == tokens


@pytest.mark.parametrize(
    ("text", "o200k", "cl100k"),
    [("antidisestablishmentarianism", 6, 6), ("2 + 2 = 4", 7, 7), ("お誕生日おめでとう", 8, 9), ("", 0, 0)],
)
def test_published_counts_come_out(text, o200k, cl100k):
    assert len(load_encoding("o200k_base").encode_ordinary(text)) == o200k
    assert len(load_encoding("cl100k_base").encode_ordinary(text)) == cl100k


@pytest.fixture(scope="module")
def tiktokens_own(tmp_path_factory):
    """tiktoken's registered encodings, fed with the same files through its cache folder."""
    import tiktoken

    cache = tmp_path_factory.mktemp("ranks")
    for name in ENCODING_NAMES:
        url = f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
        content = gzip.decompress((RANKS_FOLDER / f"{name}.tiktoken.gz").read_bytes())
        (cache / hashlib.sha1(url.encode()).hexdigest()).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(cache))
        return {name: tiktoken.get_encoding(name) for name in ENCODING_NAMES}


TEXTS = st.text() | st.text(alphabet=" \n\r\t'sSlLaAéß9٣?!/_-漢あ\u0301👍\u00a0", max_size=60)


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_text_has_the_tokens_of_tiktoken_itself(tiktokens_own, text):
    for name in ENCODING_NAMES:
        assert load_encoding(name).encode_ordinary(text) == tiktokens_own[name].encode_ordinary(text)


def test_a_damaged_vocabulary_is_refused(tmp_path):
    (tmp_path / "o200k_base.tiktoken.gz").write_bytes(gzip.compress(b"IQ== 0\n", mtime=0))
    with pytest.raises(StorageError, match="damaged") as error:
        load_encoding("o200k_base", tmp_path)
    assert "git checkout" in error.value.fix


@pytest.mark.parametrize("content", [None, b"not gzip", gzip.compress(b"IQ== 0\n", mtime=0)[:-9]])
def test_a_missing_or_cut_vocabulary_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "cl100k_base.tiktoken.gz").write_bytes(content)
    with pytest.raises(StorageError, match="cannot be read"):
        load_encoding("cl100k_base", tmp_path)


def test_counting_needs_no_home_no_cache_and_no_network(tmp_path):
    code = """
import socket, sys
def refuse(*_): raise AssertionError("network")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from src.utils.token_counter import TokenCounter

from tests.patience import PATIENCE_S
print(TokenCounter("o200k_base").count_text("hello world").tokens)
"""
    missing = str(tmp_path / "nowhere")
    environment = {"PATH": os.environ["PATH"], "HOME": missing, "TMPDIR": missing, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert (done.stdout.strip(), done.returncode) == ("2", 0), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_tiktoken_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(MissingPackageError) as error:
        load_encoding("o200k_base", tmp_path)
    assert error.value.fix == "pip install tiktoken"
