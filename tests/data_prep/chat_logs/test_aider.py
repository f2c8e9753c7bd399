"""The history of aider: whose line is whose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data_prep.chat_logs.makers import ANSWER, FIRST, QUESTION, REPLY, SECOND, WHOLE, dialogues, logs, rejected

START = "\n# aider chat started at 2026-04-01 10:00:00\n\n> Aider v0.86.1  \n> Repo-map: using 4096 tokens  \n\n"
DONE = "\n> Tokens: 2.1k sent, 312 received. Cost: $0.01 message, $0.02 session.  \n> Applied edit to x.py  \n\n"


def asked(text: str) -> str:
    return "".join(f"#### {line}  \n" for line in text.split("\n")) + "\n"


def history(tmp_path: Path, text: str) -> Path:
    return logs(tmp_path, ".aider.chat.history.md", text)


def test_every_start_is_a_conversation(tmp_path: Path) -> None:
    first = START + asked(QUESTION) + ANSWER + DONE + asked(SECOND) + REPLY + DONE
    assert dialogues(history(tmp_path, first + START + asked(QUESTION) + ANSWER + "\n")) == [WHOLE, FIRST]


def test_a_question_keeps_its_lines_and_its_blank_ones(tmp_path: Path) -> None:
    question = f"{QUESTION}\n\n```python\nfor stop in stops:\n    print(stop)\n```"
    assert dialogues(history(tmp_path, START + asked(question) + ANSWER))[0][0] == ("user", question)


def test_headings_and_quotations_of_an_answer_stay(tmp_path: Path) -> None:
    answer = f"#### Step one\n\n> a quotation of the manual\n\n{ANSWER}\n\n##### And this"
    assert dialogues(history(tmp_path, START + asked(QUESTION) + answer + DONE)) == [[FIRST[0], ("assistant", answer)]]


def test_a_file_whose_line_ends_were_stripped_is_read(tmp_path: Path) -> None:
    text = START + asked(QUESTION) + ANSWER + DONE
    stripped = "\n".join(line.rstrip() for line in text.split("\n"))
    assert dialogues(history(tmp_path, stripped)) == [FIRST]
    assert dialogues(history(tmp_path, text.replace("\n", "\r\n"))) == [FIRST]


@pytest.mark.parametrize(
    "command", ["/add x.py", "/drop", "/run make", "/clear", "/model sonnet", "!ls", "<blank>", "/exit"]
)
def test_commands_to_the_program_are_no_questions(tmp_path: Path, command: str) -> None:
    text = START + asked(command) + "> Added x.py to the chat  \n\n" + asked(QUESTION) + ANSWER + DONE + asked(command)
    assert dialogues(history(tmp_path, text)) == [FIRST]


@pytest.mark.parametrize("command", ["/ask", "/code", "/architect"])
def test_commands_that_say_how_to_answer_leave_the_question(tmp_path: Path, command: str) -> None:
    assert dialogues(history(tmp_path, START + asked(f"{command} {QUESTION}") + ANSWER)) == [FIRST]


def test_a_question_that_begins_with_a_path_is_no_command(tmp_path: Path) -> None:
    question = "/usr/bin/python3 cannot find the module `stops`. Why?"
    assert dialogues(history(tmp_path, START + asked(question) + ANSWER))[0][0] == ("user", question)


def test_the_answer_to_a_command_goes_with_it(tmp_path: Path) -> None:
    text = START + asked(QUESTION) + ANSWER + DONE + asked("/test") + "The tests fail for a reason.\n\n" + asked(SECOND)
    assert dialogues(history(tmp_path, text + REPLY)) == [WHOLE]


def test_an_answer_that_was_stopped_is_left_out(tmp_path: Path) -> None:
    text = START + asked(QUESTION) + "The reason is\n\n> ^C again to exit  \n"
    assert rejected(history(tmp_path, text)) == ["abandoned"]


LEFT = "> ^C again to exit  \n> ^C KeyboardInterrupt  \n"


def test_who_leaves_behind_a_whole_answer_stops_nothing(tmp_path: Path) -> None:
    text = START + asked(QUESTION) + ANSWER + DONE + asked(SECOND) + REPLY + DONE + LEFT
    assert dialogues(history(tmp_path, text)) == [WHOLE]
    stripped = "\n".join(line.rstrip() for line in text.split("\n"))
    assert dialogues(history(tmp_path, stripped)) == [WHOLE]


def test_the_words_of_an_answer_that_was_stopped_may_follow_the_mark(tmp_path: Path) -> None:
    stopped = asked(SECOND) + "\n> ^C again to exit  \n\nThe rows that\n\n"
    assert dialogues(history(tmp_path, START + asked(QUESTION) + ANSWER + DONE + stopped)) == [FIRST]


def test_of_a_whole_answer_only_what_was_stopped_behind_it_goes(tmp_path: Path) -> None:
    repair = "> Attempt to fix lint errors? (Y)es/(N)o [Yes]: y  \n\n> ^C again to exit  \n\nThe linter is\n\n"
    assert dialogues(history(tmp_path, START + asked(QUESTION) + ANSWER + DONE + repair)) == [FIRST]


def test_thoughts_before_an_answer_go(tmp_path: Path) -> None:
    thoughts = "--------------\n► **THINKING**\n\nhidden\n\n------------\n► **ANSWER**\n\n"
    assert dialogues(history(tmp_path, START + asked(QUESTION) + thoughts + ANSWER + DONE)) == [FIRST]


@pytest.mark.parametrize(
    "remark",
    [
        "> Tokens: 2.1k sent, 312 received.\n> Commit 0a1b2c3 fix: the pier\n> Applied edit to x.py\n",
        "> Commit 0a1b2c3 fix: the pier\nand its stops, in a second line\nand a third  \n",
        "> Repo-map: using 4096 tokens\n> Added x.py to the chat\n",
    ],
)
def test_what_the_program_says_is_known_without_its_blanks_and_in_several_lines(tmp_path: Path, remark: str) -> None:
    text = START + asked(QUESTION) + ANSWER + "\n\n" + remark + "\n" + asked(SECOND) + REPLY + "\n\n" + remark
    assert dialogues(history(tmp_path, text)) == [WHOLE]


def test_quotations_that_begin_like_the_program_stay(tmp_path: Path) -> None:
    answer = f"> Commit messages are short\n> Added value of `pier`\n\n{ANSWER}"
    assert dialogues(history(tmp_path, START + asked(QUESTION) + answer + DONE)) == [[FIRST[0], ("assistant", answer)]]


@pytest.mark.parametrize("command", ["/clear", "/reset"])
def test_what_was_forgotten_is_a_conversation_of_its_own(tmp_path: Path, command: str) -> None:
    text = START + asked(QUESTION) + ANSWER + DONE + asked(command) + "> All chat history cleared.  \n\n"
    assert dialogues(history(tmp_path, text + asked(SECOND) + REPLY + DONE)) == [FIRST, WHOLE[2:]]


def test_headings_and_lines_of_a_question_that_look_like_that_command_stay(tmp_path: Path) -> None:
    answer = f"#### /login\n\n{ANSWER}\n\n#### /reset\n\nSends a mail to the `pier`."
    question = "What do these do?\n/clear\n/drop"
    text = START + asked(question) + answer + DONE
    assert dialogues(history(tmp_path, text)) == [[("user", question), ("assistant", answer)]]


def test_commands_one_after_the_other_are_no_question(tmp_path: Path) -> None:
    commands = asked("/map-refresh\n/editor-model some\n/load some.txt")
    assert dialogues(history(tmp_path, START + commands + "> Loaded.  \n" + asked(QUESTION) + ANSWER)) == [FIRST]


@pytest.mark.parametrize(
    "lines", [f"/ask {QUESTION}\n/add x.py", f"/add x.py\n/ask {QUESTION}", f"!ls\n/code {QUESTION}\n/drop"]
)
def test_a_question_among_commands_is_one(tmp_path: Path, lines: str) -> None:
    assert dialogues(history(tmp_path, START + asked(lines) + ANSWER)) == [FIRST]


@pytest.mark.parametrize("routes", ["/users lists all\n/signin lets in", "/clear\n/piers lists all"])
def test_lines_of_a_question_that_only_begin_as_commands_stay(tmp_path: Path, routes: str) -> None:
    assert dialogues(history(tmp_path, START + asked(routes) + ANSWER)) == [[("user", routes), FIRST[1]]]
    explained = START + asked(f"/ask Explain these:\n{routes}") + ANSWER
    assert dialogues(history(tmp_path, explained)) == [[("user", f"Explain these:\n{routes}"), FIRST[1]]]
