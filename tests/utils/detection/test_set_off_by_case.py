"""Questions that only capital letters set off, and the marks of quotation in an answer."""

import pytest

ASKED = ["How did you become a miller?", "And what does one grind?", "Who keeps the key?", "What will come then?"]
TOLD = [
    "By chance. My uncle had the key.\n\nI was ten years old.",
    "Rye. I grind rye and oats.",
    "I do, under my hat.",
    "Whoever comes after me goes slowly.",
]
HEAD = "Culture | Sunday\n\nTHE MAN WHO HEARS THE WHEEL\n\nHe met us in his mill, among sacks.\n\nBy Ida Brand\n\n"


def test_questions_in_capitals_are_asked_of_somebody(read):
    text = HEAD + "\n\n".join(f"{one.upper()}\n\n{other}" for one, other in zip(ASKED, TOLD, strict=True))
    said = [part for pair in zip([one.upper() for one in ASKED], TOLD, strict=True) for part in pair]
    assert [part for turns in read(f"{text}\n\nShare   Print   Comments (14)\n") for part in turns] == said


@pytest.mark.parametrize(
    "text",
    [
        HEAD
        + "\n\n".join(f"{title}\n\n{other}" for title, other in zip(("THE WHEEL", "RYE", "WHY?"), TOLD, strict=False)),
        "\n\n".join(f"{one.upper()}\n\n{'_' * 30}" for one in ASKED),
        "WHO WANTS FLOUR?\n\nTHE MILL HAS FLOUR TODAY.\n\nWHO WANTS BREAD?\n\nTHE BAKER HAS BREAD TODAY.",
    ],
)
def test_titles_and_forms_in_capitals_ask_nobody(read, text):
    assert read(text) == []


@pytest.mark.parametrize("form", ["## {}\n\n{}", "<details><summary>{}</summary>\n\n{}\n\n</details>"])
def test_an_answer_keeps_the_mark_of_what_it_quotes(read, form):
    told = [*TOLD[:3], "Because the stones are dry.\n\n> Advice: wet them first."]
    text = "\n\n".join(form.format(one, other) for one, other in zip(ASKED, told, strict=True))
    assert [part for turns in read(text, "faq.md") for part in turns][-1] == told[-1]


def test_an_answer_that_is_quoted_as_a_whole_stands_without_marks(read):
    text = "\n\n".join(
        f"Q: {one}\n\n> A: {other}" for one, other in zip(ASKED, ["No.", "Yes, so.", "Me.", "So be it."], strict=True)
    )
    assert [part for turns in read(text, "faq.md") for part in turns][1::2] == ["No.", "Yes, so.", "Me.", "So be it."]
