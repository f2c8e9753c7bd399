"""Records of hearings and sittings: paragraphs set in, a title and a name with a full stop before what is said."""

import pytest

SAID = [
    ("The Chairman", "The committee will come to order. Ms. Arbuckle, you may\nbegin."),
    ("Ms. Arbuckle", "Thank you, Mr. Chairman. There are 914 bridges\non the roads."),
    ("Mr. Delacroix-Hume", "Six?"),
    ("Ms. Arbuckle", "Six, sir. They have been open since the storm of\nlast November."),
    ("Mr. Delacroix-Hume", "And how do people get across?\n    I ask because I live there."),
    ("Ms. Arbuckle", "They drive around. In one case that is 71 miles."),
    ("The Chairman", "I thank the witness."),
]
TEXTS = [said.replace("\n    ", "\n") for _, said in SAID]
HEAD = "                 MOVABLE BRIDGES\n\n    Present: Representatives Greaves and Delacroix-Hume.\n\n"


def test_who_speaks_in_paragraphs_set_in_is_named_with_a_title(read):
    text = HEAD + "\n".join(f"    {who}. {said}" for who, said in SAID)
    assert read(text) == [TEXTS]


def test_notes_in_brackets_between_them_are_said_by_nobody(read):
    lines = [f"    {who}. {said}" for who, said in SAID]
    lines.insert(3, "    [The statement appears in the appendix.]")
    lines.append("    [Whereupon, at 11:17 a.m., the committee was adjourned.]\n\n          <all>")
    assert read(HEAD + "\n".join(lines)) == [TEXTS]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M. le président", "Mme Borne"),
        ("Dr. Hales", "Mrs. O'Brien"),
        ("Senator Marlow", "Prof. Fisk"),
        ("Mr. Van Hollen", "Ms. Jackson Lee"),
        ("Herr Brand", "Frau von Fisk"),
    ],
)
def test_titles_of_many_languages_name_who_speaks(read, one, other):
    said = ["Is the mill open today?", "Until the wind drops.", "May I come at two?", "You may.", "And my dog?", "No."]
    text = "\n\n".join(f"{(one, other)[n % 2]}. {part}" for n, part in enumerate(said))
    assert read(text) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            f"    Mr. Marlow went to the mill number {n} and found it shut. He\ncalled, who is here? Mr. Fisk. He left."
            for n in range(8)
        ),
        "\n".join(
            f"    {name}. A sort of flour that is ground at the mill\nnear the weir." for name in ("Rye", "Oat") * 4
        ),
        "\n".join(f"    See Mr. Fisk. He knows the way to mill number {n}, and\nwhere it is." for n in range(8)),
        "\n\n".join(f"Dr. {name}. Surgery, room {n}" for n, name in enumerate(("Hales", "Fisk", "Brand") * 3)),
    ],
)
def test_stories_glossaries_and_lists_of_doctors_are_no_hearing(read, text):
    assert read(text) == []


def test_a_line_in_brackets_below_a_label_further_left_goes_on(read):
    parts = {"mill": "old", "weir": "low", "barn": "red", "quay": "new", "ford": "far", "fair": "big"}
    said = [f"Is the {part} open?\n      (the {kind} one)" for part, kind in parts.items()]
    text = "\n".join(f"  {('Ann', 'Ben')[n % 2]}:  {part}" for n, part in enumerate(said))
    assert read(text) == [[part.replace("      ", "") for part in said]]
