"""What a patch tells that its message did not."""

from __future__ import annotations

import pytest

from src.data_prep.git_history.comments import bare_code, is_comment
from src.data_prep.git_history.message_rules import subject_of
from src.data_prep.git_history.patch_rules import judge_patch
from src.data_prep.git_history.patches import CommitPatch, FilePatch
from src.data_prep.git_history.paths import language_of
from tests.data_prep.git_history.test_messages import commit

PYTHON = 'def total(prices):\n    """The sum."""\n    return sum(prices)  # all of them\n'
SCRIPT = "/**\n * The sum.\n */\nfunction total(prices) {\n\treturn sum(prices, 'all');\n}\n"


def judged(path: str, old: str, new: str, message: str = "Give the totals another form") -> str:
    language = language_of(path)
    assert language
    file = FilePatch(path, path, old.encode(), new.encode(), language)
    told = commit(message)
    return judge_patch(CommitPatch(told, (file,)), subject_of(told)).reason


@pytest.mark.parametrize(
    ("path", "before", "after", "reason"),
    [
        ("a.py", "The sum.", "The total.", "docs_only"),
        ("a.py", "# all of them", "# every one", "docs_only"),
        ("a.py", '    """The sum."""\n', "", "docs_only"),
        ("a.js", "The sum.", "The total.", "docs_only"),
        ("a.js", "\treturn", "    return", "formatting"),
        ("a.js", "'all');", '"all")', "formatting"),
        ("a.py", "total(prices):\n", "total(\n    prices,\n):\n", "formatting"),
        ("a.js", "sum(prices, 'all')", "sum(prices, 'one')\n\t+ 1 // '", ""),
        ("a.py", "sum(prices)", "sum(prices, 1)\n    print()\n", ""),
    ],
)
def test_comments_documentation_and_layout_are_told_from_code(path: str, before: str, after: str, reason: str) -> None:
    text = PYTHON if path.endswith(".py") else SCRIPT
    assert before in text
    assert judged(path, text, text.replace(before, after)) == reason


@pytest.mark.parametrize(
    ("old", "new", "message", "reason"),
    [
        ("a = 1\nb = 2\nc = 3\n", "c = 3\na = 1\nb = 2\n", "Put the names in order", "trivial"),
        ("version = '1.2.3'\n", "version = '1.2.4'\n", "One more of these", "version_bump"),
        ("import a\n", "import a\nimport b\nimport c\nimport d\n", "Have more modules", "trivial"),
        ("a = 1\n", "a = 2\n", "Another value for it", "trivial"),
        ("a = 1\n", "a = 2\n", "Fix the value of a", ""),
        ("a = 1\n", "a = 2\n", "Fix a typo in the name", "docs_only"),
        ("a = 1\nb = 2\nc = 3\nd = 4\n", "a = 1\n", "Take some names away", "removal_only"),
        ("a = 1\nb = 2\nc = 3\nd = 4\n", "a = 1\n", "Fix a leak of names", ""),
        ("if a:\n    b()\n    c()\n", "if a:\n    b()\nc()\n", "Fix c, which must always run", ""),
        ("if a:\n    b()\n    c()\n", "if a:\n    b()\nc()\n", "Another indentation for it", "formatting"),
    ],
)
def test_small_changes_need_a_message_that_says_what_they_do(old: str, new: str, message: str, reason: str) -> None:
    assert judged("a.py", old, new, message) == reason


def test_what_could_not_be_read_keeps_its_reason() -> None:
    told = commit("Add the totals")
    assert judge_patch(CommitPatch(told, (), "object_missing"), subject_of(told)).reason == "object_missing"
    assert judge_patch(CommitPatch(told, ()), subject_of(told)).reason == "files_moved_or_removed"


def test_signs_of_comments_within_strings_are_no_comments() -> None:
    language = language_of("a.js")
    assert language
    lines = ["const url = 'https://example.org'; // the place", "const glob = `src/*.js`;", "/* one", "two */ call();"]
    assert bare_code(lines, 0, 4, language).split() == (
        "const url = 'https://example.org'; const glob = `src/*.js`; call();".split()
    )
    assert bare_code(lines, 3, 4, language).strip() == "call();"


def test_a_string_of_several_lines_is_only_documentation_where_it_stands_alone() -> None:
    language = language_of("a.py")
    assert language
    query = ["QUERY = '''", "select price", "'''", "def f():", "    '''Doc", "    more", "    '''", "    return 1"]
    assert bare_code(query, 1, 2, language) == "select price"
    assert bare_code(query, 5, 6, language) == ""
    assert is_comment("    # why", language)
    assert not is_comment("    why()", language)
