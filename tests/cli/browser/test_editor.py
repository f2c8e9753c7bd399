"""The person's own editor, as EDITOR names it."""

from __future__ import annotations

import pytest

from src.cli.browser.editor import edit_text
from src.core.errors import UsageError


@pytest.mark.parametrize("command", ["'vi", '"vi', "vi \\"])
def test_an_editor_that_is_no_command_is_refused(tmp_path, monkeypatch, command):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    with pytest.raises(UsageError, match="is no command") as caught:
        edit_text(tmp_path / "text.txt", "text")
    assert "export EDITOR" in caught.value.fix
