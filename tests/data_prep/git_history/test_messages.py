"""Messages without what means nothing outside of their repository, and what they tell of a commit's worth."""

from __future__ import annotations

import pytest

from src.data_prep.git_history.commits import Change, Commit
from src.data_prep.git_history.message_rules import (
    judge_commit,
    names_behaviour,
    split_subject,
    subject_of,
    suspicion_of,
)
from src.data_prep.git_history.messages import clean_body, clean_subject
from src.data_prep.git_history.paths import kind_of, language_of
from src.data_prep.git_history.wording import bug_story, conventional_message


def commit(message: str, *paths: str, author: str = "Ada Writer", parents: int = 1, status: str = "M") -> Commit:
    changes = tuple(Change("100644", "100644", "a" * 40, "b" * 40, status, path) for path in paths or ("src/till.py",))
    return Commit("c" * 40, ("p" * 40,) * parents, author, "ada@example.org", message, changes)


@pytest.mark.parametrize(
    ("subject", "clean"),
    [
        ("Add zip_offset()", "Add zip_offset()"),
        ("Allow sockets as hosts (#451)", "Allow sockets as hosts"),
        ("Issue 820: add powerset_of_sets (#828)", "add powerset_of_sets"),
        ("[CORE-123] Read prices lazily", "Read prices lazily"),
        ("TILL-77 Read prices lazily", "Read prices lazily"),
        ("Read UTF-16 and SHA-256 sums", "Read UTF-16 and SHA-256 sums"),
        ("Fix rounding, closes #12, #13.", "Fix rounding."),
        ("Fix rounding. Refs #18.", "Fix rounding."),
        ("Fix rounding, see https://example.org/a?b=1", "Fix rounding"),
        ("Undo what commit 0a1b2c3d4e broke", "Undo what an earlier commit broke"),
        ("Read prices lazily, by @ada", "Read prices lazily"),
        ("\x1b[31mRead\x1b[0m prices\u202e", "Read prices"),
        ("Read prices lazily [ci skip]", "Read prices lazily"),
        ("Fixes #12", ""),
        ("Prices of 3 shops", "Prices of 3 shops"),
    ],
)  # fmt: skip
def test_a_subject_loses_numbers_of_issues_and_addresses(subject: str, clean: str) -> None:
    assert clean_subject(subject) == clean


def test_a_body_loses_trailers_thanks_and_pasted_diffs() -> None:
    body = (
        "The sum was wrong (see #12). Thanks to Bob for finding it.\n\n"
        "    total([1, 2])\n\n"
        "diff --git a/x b/x\n+evil\n\n"
        "This came with commit 0123456789abcdef0123456789abcdef01234567.\n\n"
        "Fixes: #12\nReviewed-by: Bob <bob@example.org>\nChange-Id: I0123\nCc: all@example.org\n"
        "(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)\n"
    )
    assert clean_body(body) == "The sum was wrong.\n\n    total([1, 2])\n\nThis came with an earlier commit."


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Add support for nested prices", ""),
        ("feat(till): read prices lazily", ""),
        ("searcher: always strip the mark of the byte order", ""),
        ("Support Python 3.12 in the parser of prices", ""),
        ("Fix crash when the release date is missing", ""),
        ("Document the totals", "docs_only"),
        ("docs: totals", "docs_only"),
        ("📝 totals explained", "docs_only"),
        ("chore(deps): bump flask from 2.0 to 2.1", "chore"),
        ("fix(deps): raise flask", "deps"),
        ("Upgrade dependencies", "deps"),
        ("Bump `eslint-config-x`", "deps"),
        ("v1.2.3", "version_bump"),
        ("parser-1.2.3", "version_bump"),
        ("Release 2.0.0-rc.1", "version_bump"),
        ("Prepare for next development iteration", "version_bump"),
        ("Run black", "formatting"),
        ("Fix linter complaints", "formatting"),
        ("Remove trailing whitespace", "formatting"),
        ("style: tabs", "formatting"),
        ("Add tests for totals", "tests_only"),
        ("Add type hints to the till", "types_only"),
        ("Fix travis build", "ci_config"),
        ("Merge branch 'x' into y", "merge"),
        ('Revert "Add totals"', "revert"),
        ("Take the totals out\n\nThis reverts commit 0123456789abcdef.", "revert"),
        ("Initial commit", "initial"),
        ("wip", "vague"),
        ("fixup! Add totals", "vague"),
        ("Update till.py", "vague"),
        ("Address review comments", "vague"),
        ("stuff", "vague"),
        ("Remove unused imports", "formatting"),
        ("Remove dead code", "trivial"),
        ("Fix compiler warnings", "trivial"),
        ("Sort `__all__`", "trivial"),
        ("Regenerate the parser", "generated"),
        ("[build] use ninja", "build_config"),
    ],
)
def test_the_message_of_a_commit_that_touches_code_decides_where_it_is_clear(message: str, reason: str) -> None:
    assert judge_commit(commit(message)).reason == reason


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (("src/till.py", "README.md"), ""),
        (("README.md", "docs/conf.py"), "docs_only"),
        (("tests/test_till.py",), "tests_only"),
        (("src/till.test.ts",), "tests_only"),
        (("benchmark/till.py",), "tests_only"),
        ((".github/workflows/ci.yml",), "ci_config"),
        (("Makefile",), "build_config"),
        (("poetry.lock",), "deps"),
        (("till.pyi", "index.d.ts"), "types_only"),
        (("vendor/till.go",), "vendored"),
        (("src/till_pb2.py", "app.min.js"), "generated"),
        (("logo.svg",), "no_code"),
        (tuple(f"src/file_{number}.py" for number in range(40)), "too_many_files"),
    ],
)
def test_files_decide_where_no_code_is_touched(paths: tuple[str, ...], reason: str) -> None:
    assert judge_commit(commit("Improve how prices are handled", *paths)).reason == reason


def test_merges_robots_and_empty_commits_are_told_first() -> None:
    assert judge_commit(commit("Add totals", parents=2)).reason == "merge"
    assert judge_commit(commit("Add totals", author="renovate[bot]")).reason == "bot"
    assert judge_commit(commit("Add totals", author="Jane Abbott")).keep
    empty = commit("Add totals of prices")
    assert judge_commit(Commit(empty.id, empty.parents, "Ada", "", empty.message, ())).reason == "empty"
    assert judge_commit(commit("Remove the old till", status="D")).reason == "files_moved_or_removed"
    link = Change("000000", "120000", "0" * 40, "b" * 40, "A", "till.py")
    assert judge_commit(Commit(empty.id, empty.parents, "Ada", "", "Add a link", (link,))).reason == "no_code"


def test_a_subject_that_only_names_an_issue_is_replaced_by_the_body() -> None:
    named = commit("Fixing https://example.org/issues/1592 (#1623)\n\nRefuse a missing name. It crashed later.\n")
    assert subject_of(named).text == "Refuse a missing name."
    assert judge_commit(named).keep
    assert judge_commit(commit("Fixes #12")).reason == "vague"


def test_a_subject_has_a_prefix_a_scope_and_a_text() -> None:
    assert split_subject("fix(parser)!: read commas (#3)") == ("fix", "parser", "read commas")
    assert split_subject("net/http: read commas").text == "net/http: read commas"
    assert split_subject("[Docs] commas") == ("docs", "", "commas")
    assert split_subject("🎨 commas") == ("🎨", "", "commas")
    assert suspicion_of(split_subject("Fix a typo")) == "docs_only"
    assert suspicion_of(split_subject("Read commas")) == ""


def test_behaviour_is_named_by_the_subject_or_by_a_fixed_issue() -> None:
    for message, named in (("Allow commas", True), ("Shorten names", False), ("Shorten names\n\nFixes #3", True)):
        told = commit(message)
        assert names_behaviour(subject_of(told), told) is named


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("Add totals.", "feat: add totals"),
        ("Fix the totals", "fix: the totals"),
        ("fix(till): Fix the totals", "fix(till): the totals"),
        ("feature: Totals", "feat: totals"),
        ("Speed up totals", "perf: speed up totals"),
        ("Rename totals", "refactor: rename totals"),
        ("HTTPError is raised no more", ""),
        ("Add " + "very " * 40 + "long totals", ""),
    ],
)
def test_a_conventional_message_is_only_written_where_its_type_is_told(subject: str, message: str) -> None:
    assert conventional_message(split_subject(subject), "") == message


def test_a_bug_story_needs_a_symptom() -> None:
    fix = split_subject("Fix the mean")
    assert bug_story(fix, "") is None
    assert bug_story(fix, "It is shorter this way.") is None
    assert bug_story(split_subject("Add the mean"), "The mean of nothing raised an error for everybody.") is None
    told = bug_story(fix, "The mean of nothing raised ZeroDivisionError. This is because nothing was counted.")
    assert told == ("The mean of nothing raised ZeroDivisionError.", "This is because nothing was counted.")
    shown = bug_story(fix, "A traceback, when nothing is bought:\n\n    ZeroDivisionError: division by zero\n\nNow 0.")
    assert shown is not None
    assert "    ZeroDivisionError: division by zero" in shown.symptom
    assert shown.explanation == "Now 0."


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/history.js", "code"),
        ("HISTORY.md", "docs"),
        ("src/licences.py", "code"),
        ("LICENSE", "docs"),
        ("lib/a.RB", "code"),
        ("setup.py", "build"),
        ("t/basic.pl", "tests"),
        ("assets/x.png", "other"),
        ("src/packaging/tags.py", "code"),
        ("packaging/deb.py", "build"),
        ("packages/playwright/core.ts", "code"),
        ("django/db/migrations/autodetector.py", "code"),
        ("shop/migrations/0001_initial.py", "generated"),
        ("src/locale/names.py", "code"),
        ("src/i18n/plural.py", "code"),
        ("src/docs/server.py", "code"),
        ("docs/src/conf.py", "docs"),
        ("locale/de.json", "docs"),
        ("src/external/api.py", "code"),
        ("external/zlib.c", "vendored"),
        ("lib/release.rb", "code"),
        ("release.py", "build"),
        ("tasks.py", "code"),
        ("build_docs.py", "docs"),
        ("build_docker.py", "code"),
        ("make_document.py", "code"),
        ("travis_install.sh", "ci"),
        ("travis_scott.py", "code"),
        ("update.sh", "build"),
        ("update_prices.sh", "code"),
        ("till/tasks.py", "code"),
        ("build.js", "build"),
        ("build.go", "code"),
        (".mocharc.js", "build"),
        ("conf.py", "docs"),
        ("till/conf.py", "code"),
        ("run_tests.py", "tests"),
        ("searchindex.js", "generated"),
        ("ez_setup.py", "vendored"),
    ],
)
def test_the_path_of_a_file_tells_what_it_is_for(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_the_suffix_of_a_file_tells_its_language() -> None:
    rust, none = language_of("src/main.rs"), language_of("Makefile")
    assert rust is not None
    assert rust.label == "rust"
    assert none is None


@pytest.mark.parametrize("author", ["Steve Jenkins", "Alan Gardener", "Martin Bors"])
def test_people_whose_names_are_words_for_robots_are_people(author: str) -> None:
    assert judge_commit(commit("Add totals of prices", author=author)).keep


@pytest.mark.parametrize("author", ["jenkins", "Jenkins CI", "bors", "gardener-bot", "renovate"])
def test_robots_are_told_by_their_whole_names(author: str) -> None:
    assert judge_commit(commit("Add totals of prices", author=author)).reason == "bot"


def test_messages_that_nobody_wrote_are_dropped_unread() -> None:
    assert judge_commit(commit("Add " + "totals " * 100)).reason == "message_too_long"
    assert judge_commit(commit("Add totals of prices\n\n" + "word " * 2_500)).reason == "message_too_long"


@pytest.mark.parametrize("run", [" ", "(", "#1 ", "fix ", "a/", "a.", "@a ", "[a] ", "<a", "commit 1234567 (", "(#1 "])
def test_no_message_takes_long_to_clean(run: str) -> None:
    text = run * (9_000 // len(run)) + "x"
    for cleaned in (clean_body(f"#1 {text}"), clean_subject(text[:500])):
        assert len(cleaned) <= 2 * len(text)
