"""Which exchanges are worth learning from, and why others are not."""

from __future__ import annotations

import pytest

from src.data_prep.chat_logs.dialogue import exchanges
from src.data_prep.chat_logs.quality import judge
from src.data_prep.chat_logs.types import HIDDEN, INTERRUPT, Exchange, Turn
from tests.data_prep.chat_logs.makers import ANSWER, QUESTION, REPLY, SECOND

FIRST = Exchange(QUESTION, ANSWER)
NEXT = Exchange(SECOND, REPLY)
LOG = (
    "\n".join(
        f"2026-04-01T10:00:{second:02} [{second}] pier=NULL ferry/{second} -> 0x{second:08x};" for second in range(60)
    )
    * 3
)


def reasons(*talk: Exchange) -> dict[str, int]:
    return dict(judge(talk).dropped)


def test_a_good_talk_stays_whole() -> None:
    assert judge([FIRST, NEXT]).kept == [FIRST, NEXT]
    assert reasons(FIRST, NEXT) == {}


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't help with that.",
        "I cannot assist with this request.",
        "Sorry, I can't help with that request.",
        "As an AI language model, I cannot open your files.",
        "I must decline to write this.",
        "Unfortunately, I am unable to help with that.",
        "I'm unable to help with that request.",
        "Es tut mir leid, aber ich kann dabei nicht helfen.",
        "抱歉，我不能回答这个问题。",
        "I'm sorry, but I can't help with that, but I can tell you about something else.",
    ],
)
def test_refusals_are_left_out(answer: str) -> None:
    assert reasons(Exchange(QUESTION, answer), NEXT) == {"refused": 1}


@pytest.mark.parametrize(
    "answer",
    [
        "Sorry for the trouble. The module is not found since `sys.path` lacks it; I can't see your layout.",
        "You can't help with `try` here: the parser fails before the code runs. Move the import instead.",
        f"I can't reproduce it, so here is how to find it yourself. {REPLY}",
        "As an AI model I can't see your screen, but the error says that the key is missing from the stop.",
        "I'm sorry but I can't reproduce this; `stops.get('pier')` works here.",
    ],
)
def test_answers_that_only_sound_like_refusals_stay(answer: str) -> None:
    assert reasons(Exchange(QUESTION, answer), NEXT) == {}


@pytest.mark.parametrize(
    "answer",
    [
        "API Error: 529 overloaded",
        "No response requested.",
        "Something went wrong. Retry.",
        "Network error",
        "Error: Rate limit reached for gpt-x in organization org-a on tokens per min (TPM): Limit 30000.",
        "Error code: 429 - {'error': {'message': 'slow down'}}",
        "The server had an error while processing your request. Sorry about that!",
        "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens.",
        "Connection error.",
        "You exceeded your current quota, please check your plan and billing details.",
        "openai.RateLimitError: Error code: 429 - {'error': {'message': 'slow down'}}",
        "That model is currently overloaded with other requests. You can retry your request.",
        "Rate limit exceeded. Please try again later.",
        "Incorrect API key provided: sk-a***b. You can find your API key at the site of your account.",
        "upstream connect error or disconnect/reset before headers. reset reason: overflow",
    ],
)
def test_what_the_program_says_instead_of_an_answer_is_left_out(answer: str) -> None:
    assert reasons(Exchange(QUESTION, answer), NEXT) == {"abandoned": 1}


@pytest.mark.parametrize(
    "question",
    [
        "That's wrong, the key is there.",
        "no, that is incorrect",
        "You're wrong about the key.",
        "Your answer is wrong.",
        "You made that up, there is no such method.",
        "Das ist falsch.",
        "That is still just plain wrong.",
    ],
)
def test_from_a_corrected_answer_on_nothing_stays(question: str) -> None:
    talk = [NEXT, FIRST, Exchange(question, REPLY), NEXT]
    assert judge(talk).kept == [NEXT]
    assert reasons(*talk) == {"corrected": 3}


@pytest.mark.parametrize(
    "answer",
    [
        "You're right, I apologize: the key is `piers`.",
        "I apologize for the confusion. The key is `piers`.",
        "My mistake! The key is `piers`.",
        "You are absolutely right, and I was wrong about `get`.",
    ],
)
def test_an_answer_that_takes_the_one_before_back_counts_as_its_correction(answer: str) -> None:
    assert reasons(FIRST, Exchange("Are you sure?", answer)) == {"corrected": 2}


@pytest.mark.parametrize(
    "question",
    [
        "That did not help, it still stops.",
        "Now it says the wrong pier. Why?",
        "No, I run it on the server.",
        "It was an old container. Thanks!",
        "Something is wrong with the second file too.",
        "It's still failing",
        "Your code is still throwing KeyError",
        "It's just that the pier is missing.",
        "That is a false positive, this is false positive number two.",
        "This is all made up of small files.",
    ],
)
def test_the_course_of_debugging_is_no_correction(question: str) -> None:
    assert reasons(FIRST, Exchange(question, REPLY)) == {}


def test_one_liners_alone_are_no_talk_but_beside_an_answer_they_are() -> None:
    thanks = Exchange("Thanks!", "You're welcome.")
    assert reasons(thanks, Exchange("ok", "Good luck.")) == {"short_reply": 2}
    assert reasons(FIRST, thanks) == {}
    assert reasons(Exchange("How do I undo it?", "`git revert HEAD`")) == {}


def test_a_paste_without_a_word_is_left_out_and_one_with_a_question_stays() -> None:
    assert reasons(Exchange(LOG, REPLY), NEXT) == {"pasted_dump": 1}
    assert reasons(Exchange(f"What does this log say?\n{LOG}", REPLY)) == {}
    assert reasons(Exchange(f"{LOG}\nPlease find the pier that fails.", REPLY)) == {}


def said(*texts: str) -> list[Turn]:
    return [Turn("user" if number % 2 == 0 else "assistant", text) for number, text in enumerate(texts)]


def test_turns_become_question_and_answer() -> None:
    assert exchanges(said(QUESTION, ANSWER, SECOND, REPLY)) == [FIRST, NEXT]
    assert exchanges([Turn("assistant", "Hello."), *said(QUESTION, ANSWER, SECOND)]) == [FIRST]
    assert exchanges([*said(QUESTION, ANSWER), Turn("assistant", REPLY)]) == [
        Exchange(QUESTION, f"{ANSWER}\n\n{REPLY}")
    ]
    assert exchanges([Turn("user", "Too early"), *said(QUESTION, ANSWER)]) == [FIRST]


def test_an_interruption_makes_its_answer_abandoned_and_takes_a_bare_prompt_along() -> None:
    assert exchanges([*said(QUESTION, ANSWER), INTERRUPT]) == [FIRST._replace(flaw="abandoned")]
    assert exchanges([*said(QUESTION), INTERRUPT, *said(SECOND, REPLY)]) == [NEXT]
    assert exchanges([INTERRUPT, *said(QUESTION, ANSWER)]) == [FIRST]


def test_an_answer_to_what_is_not_shown_goes() -> None:
    assert exchanges([HIDDEN, Turn("assistant", "hidden"), *said(QUESTION, ANSWER)]) == [FIRST]
    assert exchanges([*said(QUESTION, ANSWER), HIDDEN, Turn("assistant", "hidden"), *said(SECOND, REPLY)]) == [
        FIRST,
        NEXT,
    ]
    assert exchanges([*said(QUESTION), HIDDEN, Turn("assistant", ANSWER)]) == [FIRST]


@pytest.mark.parametrize(
    "answer",
    [
        "Network error here means CORS: the browser hides what the server said.",
        "Internal Server Error is what Flask answers when a view raises.",
        "Something went wrong in the reducer: it returns nothing for that action.",
        "Something went wrong. " + "The reducer returns nothing for the action of the night ferry. " * 5,
        "API Error: the client lacks its key. Set `API_KEY` before it starts.",
    ],
)
def test_answers_that_begin_with_the_name_of_an_error_stay(answer: str) -> None:
    assert reasons(Exchange(QUESTION, answer), NEXT) == {}


@pytest.mark.parametrize(
    "answer",
    [
        "The server is overloaded because every request opens a connection of its own. Use a pool of them.",
        "The server had an error in its configuration: line 12 lacks a semicolon.",
        "That model had an error in its loss: the mean was taken twice, so the steps are too small.",
        "Error code: 404 - the route is not registered, so add it before the catch-all one.",
        "Error code 134 means that the program aborted: look at its dump.",
        "Rate limit exceeded for your IP means that 60 requests an hour are allowed without a token.",
        "Rate limit reached. The site allows 60 requests an hour without a token, so send one.",
        "You exceeded your current quota means that there is no credit left on the account of the key.",
        "Incorrect API key provided means that the variable holds the key of another project.",
        "openai.RateLimitError: 429 is raised when the quota is used up. Catch it, and wait.",
        "This model's maximum context length is 8192 tokens, however you can split the text into parts.",
        "upstream connect error or disconnect/reset before headers is what the proxy says of a pod that is down.",
    ],
)
def test_answers_that_explain_such_an_error_stay(answer: str) -> None:
    assert reasons(Exchange(QUESTION, answer), NEXT) == {}
    assert reasons(Exchange(QUESTION, f"{answer}\n\n```python\npool = open_pool()\n```\n" + REPLY * 9)) == {}
