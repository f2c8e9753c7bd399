"""What programs write into the turns of people, and that looking for it takes no longer than reading."""

from __future__ import annotations

import pytest

from src.data_prep.chat_logs.markup import words_of_blocks, words_of_person


@pytest.mark.parametrize(
    "text",
    [
        "<bash-stdout>a</bash-stdout>\n" * 400 + "why?",
        "<bash-stdout>a</bash-stdout>" * 400 + "why?",
        "So: " + "<system-reminder>" * 20_000 + "why?",
        "So: <userStyle>a</userStyle>" + "<userStyle>" * 20_000 + " " * 20_000 + "why?",
    ],
    ids=["lines", "one line", "unclosed", "closed once"],
)
def test_many_tags_before_a_question_are_looked_through_once(text: str) -> None:
    assert words_of_person(text).endswith("why?")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<local-command-stdout>noise</local-command-stdout>\nWhy does it fail?", "Why does it fail?"),
        ("<bash-input>ls</bash-input><bash-stdout>x</bash-stdout>\n\nWhy?", "Why?"),
        (
            "<bash-stdout>a</bash-stdout> is what it prints. Why?",
            "<bash-stdout>a</bash-stdout> is what it prints. Why?",
        ),
        ("<bash-stdout>\nnoise that breaks off", ""),
        ("Why <system-reminder>noise</system-reminder> not?", "Why not?"),
        ("Why?\n<System-Reminder>noise</system-reminder>", "Why?"),
        ("<system-reminder>a\n<system-reminder>b</system-reminder> c</system-reminder>\nWhy?", "Why?"),
        ("<system-reminder>a <system-reminder>b</system-reminder>\nWhy?", "Why?"),
        ("Why?\n\n<system-reminder>\nnoise that breaks off </b>", "Why?"),
        ("What does <system-reminder> mean?", "What does <system-reminder> mean?"),
        ("```\n<system-reminder>\n```\nWhat is that?", "```\n<system-reminder>\n```\nWhat is that?"),
        ("<stop-hook-feedback>noise</stop-hook-feedback>\nWhy?", "Why?"),
        ("`<system-reminder>x</system-reminder>` is what?", "`<system-reminder>x</system-reminder>` is what?"),
        ("<bash-stdout>a</bash-stdout>\n<bash-stderr></bash-stderr>", ""),
        ("Look:\n<bash-stdout>noise</bash-stdout>\nWhy?", "Look:\n\nWhy?"),
        ("Why?\n<local-command-stdout>noise</local-command-stdout>", "Why?"),
        ("Why:\n<bash-stdout>a</bash-stdout> and b?", "Why:\n<bash-stdout>a</bash-stdout> and b?"),
        ("```\n<bash-stdout>a</bash-stdout>\n```\nWhy?", "```\n<bash-stdout>a</bash-stdout>\n```\nWhy?"),
        ("```\nx = 1\n<system-reminder>noise</system-reminder>\nWhy?", "```\nx = 1\n\nWhy?"),
        ("```\n<system-reminder>x</system-reminder>\n```", "```\n<system-reminder>x</system-reminder>\n```"),
        ("[Image #1] Why? [Image #2]", "Why?"),
        ("How do I strip `[Image #1]` here?", "How do I strip `[Image #1]` here?"),
        ("In [Image #1] it is red, why?", "In [Image #1] it is red, why?"),
        ("</image> is never closed in my SVG, why?", "</image> is never closed in my SVG, why?"),
        ("I see\n<system-reminder> blocks here.\nWhy?", "I see\n<system-reminder> blocks here.\nWhy?"),
        ("~~~\n<system-reminder>\n~~~\nWhy?", "~~~\n<system-reminder>\n~~~\nWhy?"),
        ("Blank?\n<UserPreferences />\nWhy?", "Blank?\n<UserPreferences />\nWhy?"),
        ("<UserStyle a='b'>x</UserStyle>\nWhy?", "<UserStyle a='b'>x</UserStyle>\nWhy?"),
        (
            (
                "<system-reminder>\nThe tag <system-reminder> is hidden\n</system-reminder>\nWhy?\n"
                "<system-reminder>\nnoise\n</system-reminder>"
            ),
            "Why?",
        ),
        ("Warning: apply_patch was requested via exec_command.", ""),
        ("Warning: apply_patch was requested via exec. Why?", "Warning: apply_patch was requested via exec. Why?"),
        ("# Files mentioned by the user are lost\nWhy?", "# Files mentioned by the user are lost\nWhy?"),
        ('Why?\n<mcp-resource server="x" uri="y://z">noise</mcp-resource>', "Why?"),
        (
            "It strips `<system-reminder>` blocks.\n\n<system-reminder>\nnoise\n</system-reminder>",
            "It strips `<system-reminder>` blocks.",
        ),
        ("<tool_response>\nnoise\n</tool_response>", ""),
    ],
)
def test_tags_of_the_program_go_and_those_of_people_stay(text: str, words: str) -> None:
    assert words_of_person(text) == words


def test_a_block_of_context_beside_a_question_goes_alone() -> None:
    assert words_of_blocks(["<environment_context>noise</environment_context>", "Why?", ""]) == "Why?"
